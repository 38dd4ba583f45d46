/** One proximal step as a smooth problem: its minimiser with a certified gap, and what the a-posteriori bound needs. */
import type { StepInfo } from "../contract.ts";
import { descend, type Objective, type Scratch } from "./descend.ts";

/** F + d^2 / 2 tau from where the step begins. */
export interface StepProblem extends Objective {
  /** modulus of F along the geodesics of the parametrisation, null where none is known */
  readonly modulus: number | null;
  /** d^2 / 2 tau */
  cost(x: Float64Array): number;
}
/** What is known before the step: F, the energy to which gaps are compared, and the size of the terms of its values. */
export interface Begun {
  readonly before: number;
  readonly scale: number;
  readonly terms: number;
}

/** Moves x to the minimiser. `fine`: gap to stop at, relative to the scale; `most`: Newton iterations. A value above the one before is no step. */
export function certifiedStep(problem: StepProblem, x: Float64Array, tau: number, begun: Begun, fine: number, most: number, scratch: Scratch): StepInfo {
  const { before, scale, terms } = begun;
  const mu = problem.modulus === null ? null : 1 / tau + problem.modulus;
  const out = descend(problem, x, { modulus: mu, stiffness: 1 / tau, scale, terms, fine, coarse: 1e-12, most }, scratch);
  const cost = problem.cost(x);
  const gap = mu !== null && mu > 0 ? { gap: out.residual / (2 * mu) } : {};
  const info: StepInfo = { ok: out.ok, reason: out.reason, failure: out.failure, cost, iterations: out.iterations, ...gap };
  if (!out.ok) return info;
  if (out.value > before + 1e-12 * terms) return { ...info, ok: false, reason: `F + d^2 / 2 tau = ${out.value} after the step when F = ${before} before it` };
  return { ...info, posterior: tau * (before - out.value + cost) - 2 * tau * cost };
}
