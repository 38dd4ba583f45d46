import { expect, test } from "vitest";
import type { Rows } from "../contract.ts";
import { pairGradient, pairSum } from "../kernels/pairs.ts";
import { philoxUniforms } from "../kernels/philox.ts";
import { fastError, pairSums, powerTerm } from "./pair-laws.ts";

/** 0.7 r^2 / 2 - 1.3 log r */
const terms = [powerTerm(0.7, 2), powerTerm(-1.3, 0)];
function directly(kernel: typeof pairSum, size: number, dim: number, n: number, x: Rows, w: Rows): Float64Array {
  const [out, own] = [new Float64Array(size), new Float64Array(size)];
  for (const { law, factor } of terms) {
    kernel(law, 1, dim, n, x, n, x, w, own);
    for (let i = 0; i < size; i++) out[i] = out[i]! + factor * own[i]!;
  }
  return out;
}
const cloud = (dim: number, n: number): readonly [Float64Array, Float64Array] => {
  const [x, w] = [new Float64Array(dim * n), new Float64Array(n)];
  philoxUniforms(3, 1, 0, 0, dim * n, x);
  philoxUniforms(3, 2, 0, 0, n, w);
  return [x, w];
};
const furthest = (a: Float64Array, b: Float64Array): number => a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

test.each([1, 2])("dimension %i: sums over many points are within the stated error of the direct ones, over few they are the direct ones", (dim) => {
  for (const n of [400, 2500]) {
    const [x, w] = cloud(dim, n);
    const sums = pairSums(dim, terms);
    expect(sums.fast).toEqual({ error: fastError });
    const [value, force] = [new Float64Array(n), new Float64Array(dim * n)];
    sums.sum(n, x, n, x, w, value);
    sums.dx(n, x, n, x, w, force);
    const size = new Float64Array(n);
    pairSum({ law: "power", exponent: -1 }, 1, dim, n, x, n, x, w, size);
    const [a, b] = [furthest(value, directly(pairSum, n, dim, n, x, w)), furthest(force, directly(pairGradient, dim * n, dim, n, x, w))];
    if (n === 400) expect([a, b]).toEqual([0, 0]);
    // sums of |w| are about 1250; those of |w| / r decide
    expect(a).toBeLessThan(2 * fastError * 1.3 * n);
    expect(b).toBeLessThan((fastError + 1e-14) * 1.3 * Math.max(...size));
    expect(n === 400 || a + b > 0).toBe(true);
  }
});

test("float32 forces over many points are good to seven digits of each term", () => {
  const n = 2500;
  const [x, w] = cloud(2, n);
  const out = new Float64Array(2 * n);
  const direct = new Float64Array(2 * n);
  const size = new Float64Array(n);
  pairSums(2, [powerTerm(1, 0)]).singleDx!(n, x, n, x, w, out);
  pairGradient({ law: "logarithm" }, 1, 2, n, x, n, x, w, direct);
  pairSum({ law: "power", exponent: -1 }, 1, 2, n, x, n, x, w, size);
  for (let i = 0; i < n; i++) expect(Math.hypot(out[i]! - direct[i]!, out[n + i]! - direct[n + i]!)).toBeLessThan(1.01e-7 * size[i]!);
});

test("distances on the line over many points, within rounding of the direct sums", () => {
  const n = 3000;
  const [x, w] = cloud(1, n);
  const sums = pairSums(1, [powerTerm(2, 1)]);
  expect(sums.fast).toEqual({ error: fastError });
  const [value, force, a, b] = [new Float64Array(n), new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  sums.sum(n, x, n, x, w, value);
  sums.dx(n, x, n, x, w, force);
  pairSum({ law: "power", exponent: 1 }, 2, 1, n, x, n, x, w, a);
  pairGradient({ law: "power", exponent: 1 }, 2, 1, n, x, n, x, w, b);
  expect(furthest(value, a)).toBeLessThan(1e-11);
  expect(furthest(force, b)).toBeLessThan(1e-10);
  expect(furthest(force, a)).toBeGreaterThan(1);
});

test("a place that is not finite makes every force so, as in direct sums", () => {
  const n = 1500;
  for (const [dim, term] of [
    [1, powerTerm(1, 1)],
    [1, powerTerm(1, 2)],
    [2, powerTerm(1, 0)],
  ] as const) {
    const [x, w] = cloud(dim, n);
    x[7] = Number.NaN;
    const force = new Float64Array(dim * n);
    pairSums(dim, [term]).dx(n, x, n, x, w, force);
    expect(force.subarray(0, n).every(Number.isNaN)).toBe(true);
  }
});

test("laws without a fast method say so, and are summed directly", () => {
  expect(pairSums(3, [powerTerm(1, 0)]).fast).toBe(undefined);
  expect(pairSums(2, [powerTerm(1, 3), powerTerm(1, 0)]).fast).toBe(undefined);
});
