import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Quantiles } from "../contract.ts";
import { makeFree } from "../space/euclidean.ts";
import { gaussianLaw } from "./gaussian.ts";
import { costOfAtomsToGaussian, costToQuantile, piecesOfAtoms } from "./line.ts";
import { quantileDistance2 } from "./quantile-distance.ts";

const space = makeFree(1);
const on = (level: readonly number[], x: readonly number[], mass = 1): Quantiles => ({
  rep: "quantiles",
  space,
  level: Float64Array.from(level),
  x: Float64Array.from(x),
  mass,
});

test("uniform measures: W2^2(U[a, b], U[c, d]) = (u^2 + u v + v^2)/3 with u = a - c, v = b - d, whatever the levels", () => {
  const a = on([0, 0.2, 0.7, 1], [1, 1.4, 2.4, 3]);
  const b = on([0, 0.5, 1], [0, 2.5, 5]);
  expect(quantileDistance2(a, b)).toBeCloseTo((1 - 2 + 4) / 3, 14);
  expect(quantileDistance2(b, a)).toBeCloseTo(1, 14);
});
test("mass multiplies W2^2, and unequal masses are refused", () => {
  expect(quantileDistance2(on([0, 1], [0, 1], 3), on([0, 1], [2, 3], 3))).toBeCloseTo(12, 13);
  expect(() => quantileDistance2(on([0, 1], [0, 1], 3), on([0, 1], [2, 3], 2))).toThrow(/equal masses/);
});
test("metric on random triples: zero on itself, triangle inequality, translation by c adds c^2 + 2 c (mean difference)", () => {
  const measure = fc
    .array(fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 8 })
    .map((steps) => {
      const total = steps.reduce((s, [w]) => s + w, 0);
      const level = [0];
      const x = [-1];
      for (const [w, dx] of steps) {
        level.push(level.at(-1)! + w / total);
        x.push(x.at(-1)! + dx);
      }
      level[level.length - 1] = 1;
      return on(level, x);
    });
  const W = (a: Quantiles, b: Quantiles): number => Math.sqrt(quantileDistance2(a, b));
  const mean = (q: Quantiles): number => Array.from(q.x.slice(1)).reduce((s, v, i) => s + ((q.level[i + 1]! - q.level[i]!) * (v + q.x[i]!)) / 2, 0);
  fc.assert(
    fc.property(measure, measure, measure, (a, b, c) => {
      expect(quantileDistance2(a, a)).toBe(0);
      expect(W(a, c)).toBeLessThanOrEqual(W(a, b) + W(b, c) + 1e-12);
      const moved = { ...b, x: b.x.map((v) => v + 0.7) };
      expect(quantileDistance2(a, moved)).toBeCloseTo(quantileDistance2(a, b) + 0.49 + 1.4 * (mean(b) - mean(a)), 11);
    }),
    { seed: 3, numRuns: 100 },
  );
});
test("atoms against a Gaussian: the closed form agrees with the quadrature", () => {
  const n = 500;
  const x = Float64Array.from({ length: n }, (_, i) => Math.sin(17 * i) + 0.3 * Math.cos(5 * i));
  const pieces = piecesOfAtoms(
    n,
    x,
    x.map((v) => 1.5 + v * v),
  );
  const { value, error } = costToQuantile(2, pieces, gaussianLaw([0.2], [0.49]).quantile!);
  expect(Math.abs(costOfAtomsToGaussian(pieces, 0.2, 0.7) - value)).toBeLessThan(error + 1e-13);
});
test("atoms of equal weight are sorted as numbers, others with their weights: the same pieces", () => {
  const x = Float64Array.of(3, -1, 2, -1, 0.5);
  const [equal, almost] = [piecesOfAtoms(5, x, [2, 2, 2, 2, 2]), piecesOfAtoms(5, x, [2, 2, 2, 2, 2 + 1e-15])];
  expect(equal.left).toEqual(almost.left);
  equal.level.forEach((level, i) => {
    expect(level).toBeCloseTo(almost.level[i]!, 14);
  });
});
