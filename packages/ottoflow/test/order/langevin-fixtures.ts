import { expect } from "vitest";
import type { Law, Part, Particles, Problem, Scheme } from "../../src/contract.ts";
import { fieldOfFormula } from "../../src/energy/forms/potential.ts";
import { makeFormula } from "../../src/formula/formula.ts";
import { openHost } from "../../src/kernels/open.ts";
import { philoxNormals } from "../../src/kernels/philox.ts";
import { langevin } from "../../src/scheme/langevin.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { build, meanOf, points } from "./motion.ts";

export const euler = build(langevin, { step: 0.1 });
export const averaged = build(langevin, { step: 0.1, method: "leimkuhler-matthews" });

/** n independent draws of N(mean, deviation^2 I), from a stream that no scheme uses. */
export function normals(n: number, mean: number, deviation: number, seed: number, dim = 1): Law {
  const x = new Float64Array(dim * n);
  philoxNormals(seed, 77, 0, 0, dim * n, x);
  return points(
    Array.from(x, (z) => mean + deviation * z),
    dim,
  );
}
export function moment(m: Particles, f: (x: number) => number): { mean: number; se: number } {
  return meanOf(Float64Array.from(m.x.subarray(0, m.n), f));
}
export function within(got: { mean: number; se: number }, want: number): void {
  expect(Math.abs(got.mean - want)).toBeLessThan(4 * got.se);
}

export const formula = (text: string, dim: number): Part => fieldOfFormula(makeFormula(text, { of: "x", dim, time: true }), makeFree(dim), "potential");
/** `steps` steps to `until` in one call, on SIMD where the scheme has it. */
export function onSimd(scheme: Scheme, p: Problem, until: number, steps: number): Particles {
  const stepper = scheme.open(
    p,
    openHost((host) => scheme.open(p, host)),
  );
  const state = stepper.start();
  expect(stepper.step(state, state, { t: 0, dt: until / steps, index: 0, count: steps }).ok).toBe(true);
  return state.measure as Particles;
}
