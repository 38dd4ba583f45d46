/** An energy along curves: convex along the geodesic or not, beside linear mixing. What is seen at samples refutes convexity; it never proves it. [mccann1997, ags2008] */
import type { As, Measure } from "../../contract.ts";
import { expectLength, specError } from "../../errors.ts";
import { log } from "../../kernels/math.ts";
import { philoxUniforms } from "../../kernels/philox.ts";
import { makeFree } from "../../space/euclidean.ts";
import { type Curve, evenTimes } from "./curve.ts";
import { alongGaussians } from "./displacement.ts";

export interface Profile {
  readonly label: string;
  readonly times: Float64Array;
  readonly values: Float64Array;
  /** [times - 2] (F(t - h) - 2 F(t) + F(t + h)) / h^2 at the inner times */
  readonly second: Float64Array;
  /** least second difference over length^2: the curve admits no larger modulus lambda of convexity; null where no length is given */
  readonly modulus: number | null;
  /** F(t) <= (1 - t) F(0) + t F(1) - lambda / 2 t (1 - t) length^2 and all second differences >= lambda length^2, up to rounding */
  readonly convex: boolean;
  /** where it fails most, null where it does not: F(t) lies above the chord of the neighbours t - h and t + h by `excess` */
  readonly violation: { readonly t: number; readonly h: number; readonly excess: number } | null;
  /** what rounding may add to a second difference */
  readonly rounding: number;
}
export interface AlongOptions {
  /** steps of time; 20 unless said */
  readonly steps?: number;
  /** modulus of convexity to check; 0 unless said */
  readonly lambda?: number;
  /** length of the curve: W_2 for a geodesic. Needed for lambda other than 0. */
  readonly length?: number;
  /** how far each value may be off, relative to the largest; 1e-14 unless said */
  readonly precision?: number;
}

/** F at even times along a curve, with what its second differences say. @throws {SpecError} for values that are no numbers */
export function energyAlong(energy: (m: Measure) => number, curve: Curve, options: AlongOptions = {}): Profile {
  const { steps = 20, lambda = 0, length, precision = 1e-14 } = options;
  if (!(Number.isInteger(steps) && steps >= 2)) throw specError("steps", `got ${steps} when expected a whole number of at least 2.`);
  if (lambda !== 0 && length === undefined) throw specError("length", "is needed where lambda is not 0: the bound is lambda length^2.");
  const times = evenTimes(steps);
  const values = times.map((t) => energy(curve.at(t)));
  for (const [k, v] of values.entries())
    if (Number.isNaN(v)) throw specError("energy", `is not a number at time ${times[k]} of the ${curve.label}: it is not defined on this storage.`);
  const h = 1 / steps;
  const second = new Float64Array(steps - 1);
  for (let k = 1; k < steps; k++) second[k - 1] = (values[k - 1]! - 2 * values[k]! + values[k + 1]!) / (h * h);
  const rounding = (4 * precision * values.reduce((s, v) => Math.max(s, Math.abs(v)), 0)) / (h * h);
  const need = lambda * (length ?? 0) * (length ?? 0);
  const { at, worst } = worstOf(values, second, need, h);
  const violation = worst < need - rounding ? { t: times[at + 1]!, h, excess: (-(worst - need) * h * h) / 2 } : null;
  return {
    label: curve.label,
    times,
    values,
    second,
    modulus: length ? second.reduce((s, v) => Math.min(s, v), Number.POSITIVE_INFINITY) / (length * length) : null,
    convex: violation === null,
    violation,
    rounding,
  };
}
/** Least second difference; the chord over all of [0, 1] follows from them. Infinite values are not below anything. */
function worstOf(values: Float64Array, second: Float64Array, need: number, h: number): { at: number; worst: number } {
  let [at, worst] = [0, Number.POSITIVE_INFINITY];
  for (let k = 0; k < second.length; k++) {
    const infinite = values[k] === Number.POSITIVE_INFINITY || values[k + 2] === Number.POSITIVE_INFINITY;
    const v = infinite ? Number.POSITIVE_INFINITY : second[k]!;
    if (v < worst) [at, worst] = [k, v];
  }
  return Number.isFinite(worst) || worst < 0 ? { at, worst } : { at, worst: need + h };
}

/** The energy along several curves between the same measures, side by side. */
export function beside(energy: (m: Measure) => number, curves: readonly Curve[], options: AlongOptions = {}): readonly Profile[] {
  return curves.map((c) => energyAlong(energy, c, options));
}

export interface Search {
  /** smallest and largest value of each parameter */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** the geodesic of these parameters, with its squared length; null where they make none */
  curve(parameters: Float64Array): { readonly curve: Curve; readonly squared: number } | null;
  readonly energy: (m: Measure) => number;
  /** pairs to try, then to refine around the worst; 200 and 200 unless said */
  readonly tries?: number;
  readonly refine?: number;
  readonly steps?: number;
  readonly seed?: number;
}
export interface CounterExample {
  readonly parameters: Float64Array;
  readonly profile: Profile;
  /** least second difference over squared length: below 0 is proof enough */
  readonly modulus: number;
  readonly tried: number;
}
/**
 * Looks for a geodesic along which the energy is not convex: random parameters, then smaller and smaller steps around the worst. Returns the worst found;
 * null where every one tried was convex, which proves nothing.
 */
export function searchNonConvex(search: Search): CounterExample | null {
  const { lower, upper, energy, tries = 200, refine = 200, steps = 16, seed = 1 } = search;
  expectLength("upper", upper.length, lower.length);
  const d = lower.length;
  const u = new Float64Array(d);
  let worst: CounterExample | null = null;
  for (let k = 0; k < tries + refine; k++) {
    philoxUniforms(seed, 0x7365656b, k, 0, d, u);
    const reach: number = k < tries || worst === null ? 1 : 0.3 * (1 - (k - tries) / refine);
    const parameters: Float64Array = u.map((v, j) => {
      const [lo, hi] = [lower[j]!, upper[j]!];
      if (reach === 1 || worst === null) return lo + v * (hi - lo);
      return Math.min(hi, Math.max(lo, worst.parameters[j]! + reach * (2 * v - 1) * (hi - lo)));
    });
    const found = search.curve(parameters);
    if (!found || !(found.squared > 0)) continue;
    const profile = energyAlong(energy, found.curve, { steps, length: Math.sqrt(found.squared) });
    if (profile.convex || profile.modulus === null) continue;
    if (worst === null || profile.modulus < worst.modulus) worst = { parameters, profile, modulus: profile.modulus, tried: k + 1 };
  }
  return worst && { ...worst, tried: tries + refine };
}

/** KL(target | m) between Gaussians on the line: log(s / s_0) + (s_0^2 + (m - m_0)^2) / (2 s^2) - 1/2. The reverse of the relative entropy whose flow is Fokker and Planck's. */
export function reverseKl(mean: number, deviation: number): (m: Measure) => number {
  return (m) => {
    if (m.rep !== "gaussian" || m.space.dim !== 1) throw specError("measure", "reverseKl compares Gaussians on the line.");
    const [dm, v] = [m.mean[0]! - mean, m.cov[0]!];
    return 0.5 * log(v / (deviation * deviation)) + (deviation * deviation + dm * dm) / (2 * v) - 0.5;
  };
}
const lineGaussian = (m: number, s: number): As<"gaussian"> => ({
  rep: "gaussian",
  space: makeFree(1),
  mean: Float64Array.of(m),
  cov: Float64Array.of(s * s),
  mass: 1,
});

/**
 * Reverse KL is not displacement convex: the search over pairs of Gaussians (m_0, s_0, m_1, s_1) against N(0, 1) finds geodesics along which it is concave.
 * Its Hessian in s is -1/s^2 + 3 (1 + m^2) / s^4, negative where s^2 > 3 (1 + m^2).
 */
export function reverseKlCounterExample(options: { readonly tries?: number; readonly refine?: number; readonly seed?: number } = {}): CounterExample | null {
  return searchNonConvex({
    ...options,
    lower: [-2, 0.2, -2, 0.2],
    upper: [2, 5, 2, 5],
    curve: ([m0, s0, m1, s1]) => {
      const g = alongGaussians(lineGaussian(m0!, s0!), lineGaussian(m1!, s1!));
      return { curve: g, squared: g.value };
    },
    energy: reverseKl(0, 1),
  });
}
