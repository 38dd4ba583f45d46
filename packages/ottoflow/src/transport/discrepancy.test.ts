import { expect, test } from "vitest";
import { portableCloud } from "../../test/portable.ts";
import type { As, Measure } from "../contract.ts";
import { energyDistance } from "../kernel/energy-distance.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { energyDistanceOf, gaussianMmd, mmdSquared, slicingConstant } from "./discrepancy.ts";
import { cloud } from "./problem.ts";

const uniform = (seed: number, n: number, d = 2) => cloud(portableCloud(seed, n, d), { dim: d });
const normal = (m: number, v: number): As<"gaussian"> => ({ rep: "gaussian", space: makeFree(1), mean: Float64Array.of(m), cov: Float64Array.of(v), mass: 1 });

test("A24.3: c_2 = 1.570796326795, c_3 = 2, c_10 = 3.865631585472, c_1 = 1", () => {
  expect(slicingConstant(1)).toBeCloseTo(1, 13);
  expect(slicingConstant(2)).toBeCloseTo(1.570796326795, 12);
  expect(slicingConstant(3)).toBeCloseTo(2, 13);
  expect(slicingConstant(10)).toBeCloseTo(3.865631585472, 12);
});
test("A24.1: ED(N(0,1), N(1,4)) = 0.534105324107", () => {
  expect(energyDistanceOf(normal(0, 1), normal(1, 4)).value).toBeCloseTo(0.534105324107, 12);
});
test("A24.2: MMD^2 of the Gaussian kernel, h = 1, of the same pair = 0.1594704836765", () => {
  expect(gaussianMmd(normal(0, 1), normal(1, 4), 1)).toBeCloseTo(0.1594704836765, 12);
});
test("A28.2: ED = 0.00213411252614 and MMD^2 (h = 0.1) = 0.00837250693110 at N = 256", () => {
  expect(energyDistanceOf(uniform(1, 256), uniform(2, 256)).value).toBeCloseTo(0.00213411252614, 13);
  expect(gaussianMmd(uniform(1, 256), uniform(2, 256), 0.1)).toBeCloseTo(0.0083725069311, 13);
});
test("D5: ED(U(1), U(2)) = 0.00010848153847 at N = 4096, by all pairs; slices agree within their error", () => {
  const exact = energyDistanceOf(uniform(1, 4096), uniform(2, 4096)).value;
  expect(exact).toBeCloseTo(0.00010848153847, 13);
  const sliced = energyDistanceOf(uniform(1, 4096), uniform(2, 4096), 64);
  expect(Math.abs(sliced.value / exact - 1)).toBeLessThan(0.02);
  expect(Math.abs(sliced.value - exact)).toBeLessThan(3 * sliced.standardError);
});
test("on the line sorting is the sum over all pairs, with ties and weights", () => {
  const x = [0, 0.5, 0.5, 2, -1];
  const y = [0.5, 3, 3, -1];
  const [a, b] = [
    [1, 2, 1, 3, 1],
    [2, 1, 2, 3],
  ];
  const pairs = (u: number[], p: number[], v: number[], q: number[]) =>
    u.reduce((s, z, i) => s + v.reduce((t, w, j) => t + p[i]! * q[j]! * Math.abs(z - w), 0), 0);
  const want = 2 * pairs(x, a, y, b) - pairs(x, a, x, a) - pairs(y, b, y, b);
  expect(energyDistanceOf(cloud(x, { weights: a }), cloud(y, { weights: b })).value).toBeCloseTo(want, 12);
});
test("densities on cells: U[0,1] against U[1,2] has ED = 2 (1/3 + 1/3) exactly; against its middle 1/6", () => {
  const at = (lower: number): Measure => {
    const space = makeBox({ lower: [lower], upper: [lower + 1], cells: [5], periodic: [false] });
    return { rep: "cells", space, rho: new Float64Array(5).fill(1) };
  };
  expect(energyDistanceOf(at(0), at(1)).value).toBeCloseTo(4 / 3, 14);
  // an atom at the middle: 2 (2 int_0^{1/2} x^2)
  expect(energyDistanceOf(at(0), cloud([0.5])).value).toBeCloseTo(1 / 6, 14);
});
test("mmdSquared with the kernel unit -|x - y| is the energy distance in any dimension", () => {
  const kernel = energyDistance.build({ factor: 1 } as never, { dim: 3, space: makeFree(3) });
  expect(mmdSquared(kernel, uniform(1, 50, 3), uniform(2, 60, 3))).toBeCloseTo(energyDistanceOf(uniform(1, 50, 3), uniform(2, 60, 3)).value, 13);
});
test("bad input", () => {
  expect(() => gaussianMmd(uniform(1, 3), uniform(2, 3), 0)).toThrow(/positive/);
  expect(() => energyDistanceOf(uniform(1, 3, 2), uniform(2, 3, 3))).toThrow(/dimension/);
  expect(() => energyDistanceOf(normal(0, 1), cloud([0]))).toThrow(/closed form/);
});
