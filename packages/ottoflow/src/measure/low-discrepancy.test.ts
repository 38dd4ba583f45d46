import { expect, test } from "vitest";
import { kronecker, sobol, sobolAxes } from "./low-discrepancy.ts";

test("Sobol: the first 2^k points put exactly one into each dyadic interval, on every axis", () => {
  const n = 256;
  const u = new Float64Array(sobolAxes * n);
  sobol(5, sobolAxes, 0, n, u);
  for (let axis = 0; axis < sobolAxes; axis++) {
    const hit = new Set(Array.from(u.subarray(axis * n, (axis + 1) * n), (v) => Math.floor(v * n)));
    expect(hit.size).toBe(n);
  }
});
test("Sobol, axes 1 and 2: a (0, k, 2) net, one point in each elementary box of area 1/256", () => {
  const n = 256;
  const u = new Float64Array(2 * n);
  sobol(9, 2, 0, n, u);
  for (let a = 1; a <= n; a *= 2) {
    const hit = new Set(Array.from({ length: n }, (_, i) => Math.floor(u[i]! * a) * n + Math.floor((u[n + i]! * n) / a)));
    expect(hit.size).toBe(n);
  }
});
test("values depend on (seed, axis, index) only", () => {
  const [a, b] = [new Float64Array(30), new Float64Array(10)];
  sobol(3, 1, 0, 30, a);
  sobol(3, 1, 20, 10, b);
  expect([...b]).toEqual([...a.subarray(20)]);
  sobol(4, 1, 20, 10, b);
  expect([...b]).not.toEqual([...a.subarray(20)]);
});
test("thirteen axes are refused", () => {
  expect(() => sobol(1, 13, 0, 1, new Float64Array(13))).toThrow(/at most 12/);
});

/** L2 star discrepancy by Warnock's formula, coordinate-major points. */
function warnock(d: number, n: number, u: Float64Array): number {
  let [b, c] = [0, 0];
  for (let i = 0; i < n; i++) {
    let p = 1;
    for (let k = 0; k < d; k++) p *= (1 - u[k * n + i]! ** 2) / 2;
    b += p;
    for (let j = 0; j < n; j++) {
      let q = 1;
      for (let k = 0; k < d; k++) q *= 1 - Math.max(u[k * n + i]!, u[k * n + j]!);
      c += q;
    }
  }
  return Math.sqrt(3 ** -d - (2 / n) * b + c / n ** 2);
}
test.each([2, 3, 5])("d = %d: L2 discrepancy falls like 1/n up to logarithms, far below random points", (d) => {
  const at = (n: number): [number, number] => {
    const u = new Float64Array(d * n);
    sobol(11, d, 0, n, u);
    const s = warnock(d, n, u);
    kronecker(d, 0, n, u);
    return [s, warnock(d, n, u)];
  };
  // expected square of n random points: (2^-d - 3^-d) / n
  const random = (n: number): number => Math.sqrt((2 ** -d - 3 ** -d) / n);
  const [s, k] = at(1024);
  expect(s).toBeLessThan(random(1024) / (d === 5 ? 3 : 8));
  // beyond three axes the recurrence is no better than random at this size, and nothing here uses it there
  if (d <= 3) expect(k).toBeLessThan(random(1024) / 2);
  expect(Math.log2(at(128)[0] / s) / 3).toBeGreaterThan(0.65);
});
test("Sobol: every pair of the twelve axes is spread well better than random points", () => {
  const n = 256;
  const u = new Float64Array(sobolAxes * n);
  sobol(2, sobolAxes, 0, n, u);
  for (let a = 0; a < sobolAxes; a++)
    for (let b = 0; b < a; b++) {
      const pair = Float64Array.of(...u.subarray(a * n, (a + 1) * n), ...u.subarray(b * n, (b + 1) * n));
      expect(warnock(2, n, pair)).toBeLessThan(Math.sqrt((1 / 4 - 1 / 9) / n) / 1.5);
    }
});
test("kronecker: golden section on the line, R2 in the plane (plastic number 1.3247...)", () => {
  const u = new Float64Array(2);
  kronecker(2, 0, 1, u);
  expect(u[0]).toBeCloseTo(0.5 + 0.7548776662466927 - 1, 14);
  expect(u[1]).toBeCloseTo(0.5 + 0.569840290998053 - 1, 14);
  kronecker(1, 0, 1, u);
  expect(u[0]).toBeCloseTo(0.5 + 0.6180339887498949 - 1, 14);
});
