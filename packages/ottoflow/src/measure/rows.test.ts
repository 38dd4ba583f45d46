import { expect, test } from "vitest";
import type { Measure } from "../contract.ts";
import { plainHost } from "../kernels/host.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { gaussianLaw } from "./gaussian.ts";
import { cloneMeasure, copyMeasure, covOf, massOf, meanOf, minimumOf, momentsOf, rowsOf, withRows } from "./rows.ts";
import { gradedLevels, storeCells, storeParticles, storeQuantiles } from "./store.ts";

const law = gaussianLaw([100.5], [0.04], { mass: 2, placement: "low-discrepancy" });
const free = makeFree(1);
function all(): Measure[] {
  const space = makeBox({ lower: [99], upper: [102], cells: [300] });
  const rho = new Float64Array(300);
  storeCells(law, space, rho);
  const [x, weight] = [new Float64Array(4000), new Float64Array(4000)];
  storeParticles(law, 4000, 1, x, weight);
  const [level, q] = [new Float64Array(2001), new Float64Array(2001)];
  gradedLevels(2001, level);
  storeQuantiles(law, level, q);
  return [
    { rep: "cells", space, rho },
    { rep: "particles", space: free, n: 4000, x, weight },
    { rep: "quantiles", space: free, x: q, level, mass: 2 },
    { rep: "gaussian", space: free, mean: Float64Array.of(100.5), cov: Float64Array.of(0.04), mass: 2 },
  ];
}

test.each(all().map((m) => [m.rep, m] as const))("%s: mass, mean, covariance and raw moments of N(100.5, 0.04) times 2", (rep, m) => {
  expect(massOf(m)).toBeCloseTo(2, 12);
  expect(meanOf(m)[0]).toBeCloseTo(100.5, 6);
  // cells at their centres add h^2/12; particles at mid-levels lose the tails
  const tolerance = { cells: 1e-5, particles: 1e-4, quantiles: 1e-6, gaussian: 1e-15 }[rep];
  expect(Math.abs(covOf(m)[0]! - 0.04)).toBeLessThan(tolerance);
  const [mu, v] = [100.5, 0.04];
  expect(momentsOf(m, 3)[0]! / (2 * (mu ** 3 + 3 * mu * v))).toBeCloseTo(1, 7);
  expect(momentsOf(m, 0)[0]).toBeCloseTo(2, 12);
  expect(minimumOf(m)).toBeGreaterThanOrEqual(0);
});
test.each(all().map((m) => [m.rep, m] as const))("%s: copies own their memory", (_, m) => {
  for (const copy of [cloneMeasure(m), cloneMeasure(m, plainHost())]) {
    for (const [name, row] of Object.entries(rowsOf(copy))) {
      expect(row).toEqual(rowsOf(m)[name]);
      expect(row).not.toBe(rowsOf(m)[name]);
      row.fill(0);
    }
    copyMeasure(m, copy);
    expect(rowsOf(copy)).toEqual(rowsOf(m));
  }
});
test("minimum: crossed nodes are negative, holes are NaN", () => {
  const level = Float64Array.of(0, 0.5, 1);
  expect(minimumOf({ rep: "quantiles", space: free, x: Float64Array.of(0, 2, 1), level, mass: 1 })).toBe(-0.5);
  expect(minimumOf({ rep: "particles", space: free, n: 2, x: Float64Array.of(0, 1), weight: Float64Array.of(1, Number.NaN) })).toBeNaN();
});
test("rows of another shape are refused", () => {
  const [a, b] = all();
  expect(() => copyMeasure(a!, b!)).toThrow(/cannot copy cells into particles/);
  expect(() => withRows(a!, { rho: new Float64Array(3) })).toThrow(/got 3 values when expected 300/);
});
test("quantiles between few nodes are uniform there: U[0, 3] in two unequal cells", () => {
  const m: Measure = { rep: "quantiles", space: free, x: Float64Array.of(0, 1, 3), level: Float64Array.of(0, 1 / 3, 1), mass: 2 };
  expect(covOf(m)[0]).toBeCloseTo(9 / 12, 14);
  expect(momentsOf(m, 3)[0]).toBeCloseTo((2 * 27) / 4, 13);
});
