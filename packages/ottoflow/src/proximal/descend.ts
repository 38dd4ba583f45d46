/**
 * Newton's method with a line search for the finite-dimensional problem inside a proximal step, stopped by a certified gap.
 *
 * J is mu-strongly convex in a norm |.|_B when J(y) >= J(x) + <g, y - x> + mu |y - x|_B^2 / 2. Minimising the right-hand side
 * over y gives J(x) - min J <= |g|_{B^-1}^2 / (2 mu), and then |x - argmin|_B <= |g|_{B^-1} / mu: a bound from the gradient alone.
 */
import { dot } from "./chain.ts";

export interface Objective {
  readonly size: number;
  /** +inf outside the domain */
  value(x: Float64Array): number;
  gradient(x: Float64Array, g: Float64Array): void;
  /** descent direction d from the gradient g at x; false where the Hessian is not positive definite and had to be shifted */
  direction(x: Float64Array, g: Float64Array, d: Float64Array): boolean;
  /** |g|^2 in the dual norm, multipliers of active constraints taken off */
  residual(x: Float64Array, g: Float64Array): number;
  /** greatest multiple of d that stays in the domain, possibly +inf */
  reach(x: Float64Array, d: Float64Array): number;
  /** puts a point that is on the edge of the domain but for rounding on the edge */
  settle?(x: Float64Array): void;
}
export interface Descent {
  readonly ok: boolean;
  readonly reason?: string;
  readonly failure?: "no-minimiser" | "not-finite";
  readonly value: number;
  /** |g|_{B^-1}^2 at the returned point */
  readonly residual: number;
  readonly iterations: number;
}
export interface Aim {
  /** modulus mu of J by theory, or null where none is known */
  readonly modulus: number | null;
  /** used for stopping where the modulus is not known: 1 / tau */
  readonly stiffness: number;
  /** energy to which gaps are compared */
  readonly scale: number;
  /** size of the terms of J: its values are rounded at a few 1e-16 of it */
  readonly terms: number;
  /** J at the start, where it is known */
  readonly value?: number;
  /** stop at gap <= fine * scale; where rounding stops the decrease, a gap <= coarse * scale is accepted */
  readonly fine: number;
  readonly coarse: number;
  readonly most: number;
}
export interface Scratch {
  readonly g: Float64Array;
  readonly d: Float64Array;
  readonly trial: Float64Array;
  readonly best: Float64Array;
}

/** Moves x to the minimiser of J. On failure x is the last point reached. */
export function descend(o: Objective, x: Float64Array, aim: Aim, s: Scratch): Descent {
  const mu = aim.modulus !== null && aim.modulus > 0 ? aim.modulus : aim.stiffness;
  const proved = aim.modulus !== null && aim.modulus > 0;
  let value = aim.value ?? o.value(x);
  let bestResidual = Number.POSITIVE_INFINITY;
  let bestValue = value;
  let whole = false;
  const fail = (reason: string, residual: number, iterations: number): Descent => ({
    ok: false,
    reason,
    failure: Number.isFinite(value) && Number.isFinite(residual) ? "no-minimiser" : "not-finite",
    value,
    residual,
    iterations,
  });
  for (let k = 0; ; k++) {
    if (!Number.isFinite(value)) return fail("the energy is not finite at the start of the step", Number.NaN, k);
    o.gradient(x, s.g);
    const residual = o.residual(x, s.g);
    if (!Number.isFinite(residual)) return fail("the gradient of the energy is not finite", residual, k);
    const gap = residual / (2 * mu);
    // a full Newton step that brings nothing has met rounding
    const idle = whole && !(residual < 0.25 * bestResidual);
    if (residual < bestResidual) {
      bestResidual = residual;
      bestValue = value;
      s.best.set(x);
    }
    const settled = gap <= aim.fine * aim.scale;
    const definite = settled && proved ? true : o.direction(x, s.g, s.d);
    if (settled && definite) return { ok: true, value, residual, iterations: k };
    if (settled) return fail("the energy of the step is stationary here but not convex (a saddle); use a smaller step", residual, k);
    const enough = bestResidual / (2 * mu) <= aim.coarse * aim.scale;
    if (enough && idle) return accept(x, s.best, bestValue, bestResidual, k);
    if (k >= aim.most) return fail(`the gap ${(residual / (2 * mu)).toExponential(2)} is still above its bound after ${k} Newton steps`, residual, k);
    const slope = dot(o.size, s.g, s.d);
    const found = slope < 0 ? search(o, x, value, slope, aim, definite, s) : null;
    if (found?.alpha === Number.POSITIVE_INFINITY) return fail("the energy of the step is unbounded below; use a smaller step", residual, k);
    if (!found) {
      if (enough) return accept(x, s.best, bestValue, bestResidual, k);
      return fail(`no descent along the Newton direction while the gap is ${gap.toExponential(2)}`, residual, k);
    }
    for (let i = 0; i < o.size; i++) x[i] = x[i]! + found.alpha * s.d[i]!;
    o.settle?.(x);
    value = found.value;
    whole = definite && found.alpha === 1;
  }
}

function accept(x: Float64Array, best: Float64Array, value: number, residual: number, iterations: number): Descent {
  x.set(best);
  return { ok: true, value, residual, iterations };
}

interface Found {
  readonly alpha: number;
  readonly value: number;
}

/** Armijo's rule, with room for rounding. Where the Hessian was shifted the step grows while it pays; alpha = +inf: it pays for ever. */
function search(o: Objective, x: Float64Array, value: number, slope: number, aim: Aim, definite: boolean, s: Scratch): Found | null {
  // a decrease too small to be seen through the rounding of J is judged by the gradient, after the step
  const room = (-slope < 1e-11 * aim.terms ? 1e-12 : 4e-15) * aim.terms;
  const at = (alpha: number): number => {
    for (let i = 0; i < o.size; i++) s.trial[i] = x[i]! + alpha * s.d[i]!;
    return o.value(s.trial);
  };
  const reach = o.reach(x, s.d);
  if (!(reach > 0)) return null;
  let alpha = Math.min(1, reach);
  let now = at(alpha);
  for (let k = 0; !(now <= value + 1e-4 * alpha * slope + room); k++) {
    if (k === 60) return null;
    alpha *= 0.5;
    now = at(alpha);
  }
  while (!definite) {
    const longer = Math.min(2 * alpha, reach);
    const next = longer > alpha ? at(longer) : Number.POSITIVE_INFINITY;
    if (next === Number.NEGATIVE_INFINITY || longer > 1e100) return { alpha: Number.POSITIVE_INFINITY, value: next };
    if (!(next < now)) break;
    alpha = longer;
    now = next;
  }
  return { alpha, value: now };
}
