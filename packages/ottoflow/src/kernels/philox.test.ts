import { expect, test } from "vitest";
import { philox, philoxNormals, philoxUniforms } from "./philox.ts";

const hex = (w: Uint32Array) => [...w].map((v) => v.toString(16).padStart(8, "0")).join(" ");

test("known answers of the Random123 distribution", () => {
  const w = new Uint32Array(4);
  philox(0, 0, 0, 0, 0, 0, w);
  expect(hex(w)).toBe("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
  philox(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, w);
  expect(hex(w)).toBe("408f276d 41c83b0e a20bc7c6 6d5451fd");
  philox(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, w);
  expect(hex(w)).toBe("d16cfe09 94fdcceb 5001e420 24126ea1");
});

test("value i does not depend on where the row starts", () => {
  for (const fill of [philoxUniforms, philoxNormals]) {
    const whole = new Float64Array(100);
    fill(7, 3, 11, 5, 100, whole);
    for (const [first, n] of [
      [5, 1],
      [6, 13],
      [17, 40],
      [90, 15],
    ] as const) {
      const part = new Float64Array(n);
      fill(7, 3, 11, first, n, part);
      expect([...part]).toEqual([...whole.subarray(first - 5, first - 5 + n)]);
    }
  }
});

test("seeds beyond 32 bits, streams and steps differ", () => {
  const seen = new Set<number>();
  for (const [seed, stream, step] of [
    [1, 0, 0],
    [1 + 2 ** 32, 0, 0],
    [1, 1, 0],
    [1, 0, 1],
  ] as const) {
    const u = new Float64Array(1);
    philoxUniforms(seed, stream, step, 0, 1, u);
    seen.add(u[0]!);
  }
  expect(seen.size).toBe(4);
});

test("moments of 2e5 normals within five standard errors", () => {
  const n = 200_000;
  const z = new Float64Array(n);
  philoxNormals(42, 0, 0, 0, n, z);
  const moment = (p: number) => z.reduce((s, v) => s + v ** p, 0) / n;
  // Var z = 1, Var z^2 = 2, Var z^3 = 15, Var z^4 = 96
  for (const [p, mean, variance] of [
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
  ] as const)
    expect(Math.abs(moment(p) - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
  let [pair, next] = [0, 0];
  for (let i = 0; i + 4 < n; i++) {
    pair += z[i]! * z[i + 4]!;
    next += z[i]! * z[i + 1]!;
  }
  expect(Math.abs(pair / n)).toBeLessThan(5 / Math.sqrt(n));
  expect(Math.abs(next / n)).toBeLessThan(5 / Math.sqrt(n));
});
