/**
 * The bits of the engine, pinned: any platform, any engine and any later version must reproduce these digests. One that changes is a
 * change of every stored result, to be made on purpose and named in the changelog.
 */
import { expect, test } from "vitest";
import type { Rows } from "../contract.ts";
import * as math from "./math.ts";
import { openMemory } from "./memory.ts";
import { philoxNormals, philoxNormals32, philoxUniforms } from "./philox.ts";

/** FNV-1a over the bytes */
function digest(row: Rows): string {
  let hash = 0x811c9dc5;
  for (const byte of new Uint8Array(row.buffer, row.byteOffset, row.byteLength)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
const n = 4000;
const spread = (lower: number, upper: number): Float64Array => Float64Array.from({ length: n }, (_, i) => lower + ((upper - lower) * (i + 0.5)) / n);
const unary: Readonly<Record<string, readonly [f: (x: number) => number, lower: number, upper: number]>> = {
  exp: [math.exp, -745, 709],
  expm1: [math.expm1, -5, 5],
  log: [math.log, 0, 1000],
  log1p: [math.log1p, -1, 3],
  sin: [math.sin, -1e7, 1e7],
  cos: [math.cos, -100, 100],
  tan: [math.tan, -10, 10],
  asin: [math.asin, -1, 1],
  acos: [math.acos, -1, 1],
  atan: [math.atan, -5, 5],
  sinh: [math.sinh, -30, 30],
  cosh: [math.cosh, -30, 30],
  tanh: [math.tanh, -5, 5],
  asinh: [math.asinh, -10, 10],
  acosh: [math.acosh, 1, 10],
  atanh: [math.atanh, -1, 1],
  cbrt: [math.cbrt, -10, 10],
  erf: [math.erf, -4, 4],
  erfc: [math.erfc, -4, 27],
  normalCdf: [math.normalCdf, -38, 8],
  normalQuantile: [math.normalQuantile, 0, 1],
  gamma: [math.gamma, 0, 170],
  lgamma: [math.lgamma, -10, 100],
  "pow 2.7": [(x) => math.pow(x, 2.7), 0, 50],
};

test("elementary functions", () => {
  const digests = Object.fromEntries(Object.entries(unary).map(([name, [f, lower, upper]]) => [name, digest(spread(lower, upper).map(f))]));
  expect(digests).toMatchInlineSnapshot(`
    {
      "acos": "c2d69f79",
      "acosh": "40792480",
      "asin": "fb292c17",
      "asinh": "b3f3490b",
      "atan": "ca6ce58e",
      "atanh": "c1334807",
      "cbrt": "6edceb09",
      "cos": "48f974e7",
      "cosh": "a36887c5",
      "erf": "fdfcc5a2",
      "erfc": "11a5863c",
      "exp": "b5e7c40b",
      "expm1": "fd4369e0",
      "gamma": "f3222b0f",
      "lgamma": "10626039",
      "log": "94632c62",
      "log1p": "26ac135b",
      "normalCdf": "dd0d1c11",
      "normalQuantile": "b1a3af3e",
      "pow 2.7": "67a7578a",
      "sin": "aceb71b1",
      "sinh": "216d243b",
      "tan": "52faa499",
      "tanh": "de34bad5",
    }
  `);
});

test("random numbers, on ordinary rows and in WASM memory", () => {
  const memory = openMemory({ bytes: 100_000 });
  for (const alloc of [(size: number) => new Float64Array(size), memory.alloc]) {
    const digests = [philoxUniforms, philoxNormals].map((fill) => {
      const row = alloc(n);
      fill(2 ** 40 + 7, 3, 5, 1, n, row);
      return digest(row);
    });
    expect(digests).toEqual(["60a9fbf9", "561b9a52"]);
  }
  const single = new Float32Array(n);
  philoxNormals32(2 ** 40 + 7, 3, 5, 1, n, single);
  expect(digest(single)).toBe("3d44695e");
});
