import { expect, it } from "vitest";
import type { Measure, Rows } from "../contract.ts";
import { makeFormula } from "../formula/formula.ts";
import { normalQuantile } from "../kernels/math.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { consensus } from "./consensus.ts";

const build = (values: Record<string, unknown>, dim = 1) =>
  consensus.build(
    { objective: makeFormula(dim === 1 ? "x^2" : "x^2 + y^2", { of: "x", dim }), alpha: 10, lambda: 1, sigma: 0.5, noise: "isotropic", ...values } as never,
    { dim, space: makeFree(dim) },
  );

/** velocity at 0 is lambda m_alpha */
function pointOf(m: Measure, alpha: number): number {
  const out = new Float64Array(1);
  build({ alpha }).velocity!(m, 1, Float64Array.of(0), 0, out);
  return out[0]!;
}

it("A22.3: Laplace: for N(1, 1/2) and f = x^2 the consensus point at alpha = 10 is 1/11, on cells", () => {
  const space = makeBox({ lower: [-5], upper: [7], cells: [2400] });
  const rho = Float64Array.from(space.cells!.centre, (x) => Math.exp(-((x - 1) ** 2)) / Math.sqrt(Math.PI));
  expect(pointOf({ rep: "cells", space, rho }, 10)).toBeCloseTo(1 / 11, 10);
});
it("A22.3 on quantiles and particles within their resolution", () => {
  const n = 4001;
  const level = Float64Array.from({ length: n }, (_, i) => i / (n - 1));
  const x = Float64Array.from(level, (u) => 1 + Math.SQRT1_2 * normalQuantile(Math.min(1 - 1e-5, Math.max(1e-5, u))));
  expect(pointOf({ rep: "quantiles", space: makeFree(1), x, level, mass: 1 }, 10)).toBeCloseTo(1 / 11, 4);
  const mid = Float64Array.from({ length: n }, (_, i) => 1 + Math.SQRT1_2 * normalQuantile((i + 0.5) / n));
  expect(pointOf({ rep: "particles", space: makeFree(1), n, x: mid, weight: new Float64Array(n).fill(1 / n) }, 10)).toBeCloseTo(1 / 11, 4);
});
it("huge alpha picks the best particle without overflow; alpha 0 is the weighted mean", () => {
  const m: Measure = { rep: "particles", space: makeFree(1), n: 3, x: Float64Array.of(-30, 0.5, 40), weight: Float64Array.of(0.2, 0.3, 0.5) };
  expect(pointOf(m, 1e6)).toBe(0.5);
  expect(pointOf(m, 0)).toBeCloseTo(-6 + 0.15 + 20, 13);
});
it("noise is sigma |x - m| on every axis, or sigma |x_k - m_k| on axis k", () => {
  const m: Measure = { rep: "particles", space: makeFree(2), n: 1, x: Float64Array.of(1, 1), weight: Float64Array.of(1) };
  const at: Rows = Float64Array.of(4, -3); // distance (3, -4)
  const out = new Float64Array(2);
  build({}, 2).noise!(m, 1, at, 0, out);
  expect([...out]).toEqual([2.5, 2.5]);
  build({ noise: "anisotropic" }, 2).noise!(m, 1, at, 0, out);
  expect([...out]).toEqual([1.5, 2]);
  expect(build({ sigma: 0 }, 2).noise).toBeUndefined();
});
