import { expect, test } from "vitest";
import { pairGradient, pairGradient32, pairSum } from "./pairs.ts";

/** the portable stream of the anchors */
function uniforms(seed: number, n: number): Float64Array {
  let a = seed;
  return Float64Array.from({ length: n }, () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  });
}
/** n points of d coordinates written row by row, as coordinate-major rows */
const columns = (d: number, n: number, u: Float64Array): Float64Array => Float64Array.from({ length: d * n }, (_, at) => u[(at % n) * d + Math.floor(at / n)]!);

test("D9: the aggregation force of 20000 points, targets 0 and 1", () => {
  const n = 20_000;
  const x = columns(2, n, uniforms(1, 2 * n));
  const w = new Float64Array(n).fill(1 / n);
  const out = new Float64Array(2 * n);
  pairGradient({ law: "logarithm" }, 1, 2, n, x, n, x, w, out, 0, 2);
  const expected = [0.2863266537398, -1.7263199538082, 0.0449986513048, 1.6455025430657];
  [out[0]!, out[n]!, out[1]!, out[n + 1]!].forEach((v, k) => {
    expect(Math.abs(v - expected[k]!)).toBeLessThan(1e-12);
  });
  pairGradient32({ law: "logarithm" }, 1, 2, n, x, n, x, w, out, 0, 2);
  [out[0]!, out[n]!, out[1]!, out[n + 1]!].forEach((v, k) => {
    expect(Math.abs(v - expected[k]!), `float32, component ${k}`).toBeLessThan(1e-6);
  });
});

test("D4: the Gaussian sum of 1e5 points in three dimensions, targets 0 and 1", () => {
  const n = 100_000;
  const x = columns(3, n, uniforms(1, 3 * n));
  const w = uniforms(7, n);
  const out = new Float64Array(n);
  pairSum({ law: "gaussian", rate: 100 }, 1, 3, n, x, n, x, w, out, 0, 2);
  expect(Math.abs(out[0]! / 393.47511031986 - 1)).toBeLessThan(1e-13);
  expect(Math.abs(out[1]! / 271.91500536407 - 1)).toBeLessThan(1e-13);
});

test("two points at distance 5: values and slopes by hand", () => {
  const x = Float64Array.of(3, 0);
  const y = Float64Array.of(0, 4);
  const one = Float64Array.of(2);
  const out = Float64Array.of(0, 0);
  const [target, source] = [Float64Array.of(x[0]!, y[0]!), Float64Array.of(x[1]!, y[1]!)];
  const cases = [
    [{ law: "power", exponent: 3 }, 125, 75],
    [{ law: "power", exponent: -1 }, 0.2, -0.04],
    [{ law: "logarithm" }, Math.log(5), 0.2],
    [{ law: "gaussian", rate: 0.1 }, Math.exp(-1.25), -0.5 * Math.exp(-1.25)],
    [{ law: "exponential", rate: 0.1 }, Math.exp(-0.5), -0.1 * Math.exp(-0.5)],
  ] as const;
  for (const [law, value, slope] of cases) {
    pairSum(law, 1.5, 2, 1, target, 1, source, one, out);
    expect(out[0]).toBeCloseTo(3 * value, 13);
    pairGradient(law, 1.5, 2, 1, target, 1, source, one, out);
    expect(out[0]).toBeCloseTo((3 * slope * 3) / 5, 13);
    expect(out[1]).toBeCloseTo((3 * slope * -4) / 5, 13);
  }
});
