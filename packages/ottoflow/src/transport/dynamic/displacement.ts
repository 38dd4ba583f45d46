/** Displacement interpolation: every particle goes straight, at its own constant speed. Geodesics of W_p. [mccann1997, villani2009] */
import type { As, Coupling, Measure, Plan, Rows } from "../../contract.ts";
import { OttoflowError, specError } from "../../errors.ts";
import { pow } from "../../kernels/math.ts";
import { product } from "../../measure/bures.ts";
import { inverse } from "../../numeric/dense.ts";
import { barycentreOnLine } from "../barycentre/line.ts";
import { displaced } from "../interpolation.ts";
import { entriesOf } from "../plan.ts";
import { expectEqualMasses, expectSound } from "../sound.ts";
import { transportGaussians } from "../static/bures.ts";
import { type Curve, checkTime } from "./curve.ts";

export interface Geodesic extends Curve {
  /** <C, P> of the coupling that the curve follows, C = |x - y|^p */
  readonly value: number;
  readonly p: number;
  /** cost of the coupling that the curve itself makes between its times s and t: |t - s|^p value */
  chord(s: number, t: number): number;
}
const chordOf =
  (value: number, p: number) =>
  (s: number, t: number): number =>
    value * (p === 2 ? (t - s) * (t - s) : pow(Math.abs(t - s), p));

/**
 * Along a plan between points: mass P_ij goes from x_i to y_j. A geodesic of W_p, p > 1, where the plan is optimal for |x - y|^p; for p = 1 one of many.
 * @throws {UnsupportedError} for measures without points
 */
export function alongPlan(from: Measure, to: Measure, plan: Plan, p = 2): Geodesic {
  if (!(p >= 1 && p < Number.POSITIVE_INFINITY)) throw specError("p", `got ${p} when expected a number of at least 1.`);
  const d = from.space.dim;
  const start = displaced(from, to, plan, 0);
  const end = displaced(from, to, plan, 1);
  const v = Float64Array.from(end.x, (y, e) => y - start.x[e]!);
  const { mass } = entriesOf(plan);
  return {
    label: "displacement",
    value: actionOf(d, start.n, v, mass, p),
    p,
    chord: chordOf(actionOf(d, start.n, v, mass, p), p),
    at: (t) => displaced(from, to, plan, checkTime(t)),
    velocity: (t) => ({ n: start.n, x: moved(start.x, v, checkTime(t)), v }),
  };
}
function moved(x: Rows, v: Float64Array, t: number): Float64Array {
  return Float64Array.from(x, (c, e) => c + t * v[e]!);
}
/** sum m |v|^p */
function actionOf(d: number, n: number, v: Float64Array, mass: Rows, p: number): number {
  let s = 0;
  for (let e = 0; e < n; e++) {
    let q = 0;
    for (let k = 0; k < d; k++) q += v[k * n + e]! * v[k * n + e]!;
    s += mass[e]! * (p === 2 ? q : q === 0 ? 0 : pow(q, 0.5 * p));
  }
  return s;
}
/** Along a map y = T(x) of points: each goes to its image. Optimal where T is, which is not checked here: monotone.ts does. */
export function alongMap(from: As<"particles">, map: NonNullable<Coupling["map"]>, p = 2): Geodesic {
  const d = from.space.dim;
  const y = new Float64Array(d * from.n);
  map(from.n, from.x, y);
  const v = Float64Array.from(y, (c, e) => c - from.x[e]!);
  const value = actionOf(d, from.n, v, from.weight, p);
  return {
    label: "displacement",
    value,
    p,
    chord: chordOf(value, p),
    at: (t) => ({ ...from, x: moved(from.x, v, checkTime(t)) }),
    velocity: (t) => ({ n: from.n, x: moved(from.x, v, checkTime(t)), v }),
  };
}
/** Between Gaussians: they stay Gaussian. `velocityAt` gives the affine velocity at any points. */
export function alongGaussians(
  from: As<"gaussian">,
  to: As<"gaussian">,
): Geodesic & { readonly velocityAt: (t: number, n: number, x: Rows, out: Float64Array) => void } {
  expectSound("from", from);
  expectSound("to", to);
  expectEqualMasses(from.mass, to.mass);
  const t = transportGaussians(from.mean, from.cov, to.mean, to.cov);
  const { d } = t;
  const drift = t.T.map((v, e) => v - (e % (d + 1) === 0 ? 1 : 0));
  return {
    label: "displacement",
    value: from.mass * t.value,
    p: 2,
    chord: chordOf(from.mass * t.value, 2),
    at: (s) => ({ ...from, ...t.at(checkTime(s)) }),
    velocityAt: (s, n, x, out) => {
      // v(x) = dm + (T - I) ((1 - s) I + s T)^{-1} (x - m_s)
      const A = product(
        d,
        drift,
        inverse(
          d,
          Float64Array.from(drift, (v, e) => (e % (d + 1) === 0 ? 1 : 0) + checkTime(s) * v),
        ),
      );
      for (let k = 0; k < d; k++)
        for (let i = 0; i < n; i++) {
          let v = to.mean[k]! - from.mean[k]!;
          for (let l = 0; l < d; l++) v += A[k * d + l]! * (x[l * n + i]! - (1 - s) * from.mean[l]! - s * to.mean[l]!);
          out[k * n + i] = v;
        }
    },
  };
}
/** On the line by quantile functions, whatever the storages (two Gaussians, or none): Q_t = (1 - t) Q_0 + t Q_1. p = 2; the curve is a geodesic of every W_p. */
export function alongQuantiles(from: Measure, to: Measure): Geodesic {
  const whole = barycentreOnLine([from, to], [0.5, 0.5]);
  const value = 4 * whole.value;
  return {
    label: "displacement",
    value,
    p: 2,
    chord: chordOf(value, 2),
    at(t) {
      checkTime(t);
      if (t === 0) return from;
      if (t === 1) return to;
      const { measure } = barycentreOnLine([from, to], [1 - t, t]);
      if (!measure)
        throw new OttoflowError(
          "UnsupportedError",
          "the measure in between has both densities and gaps: no storage holds it. Use barycentreOnLine(…).pieces.",
          {
            missing: ["pieces"],
          },
        );
      return measure;
    },
    ...(from.space.dim === 1 && whole.pieces && { velocity: (t: number) => quantileVelocity(from, to, checkTime(t)) }),
  };
}
/** X_1 - X_0 at the middle of each common piece. */
function quantileVelocity(from: Measure, to: Measure, t: number): { n: number; x: Float64Array; v: Float64Array } {
  const [a, b] = [barycentreOnLine([from, to], [1, 0]).pieces!, barycentreOnLine([from, to], [0, 1]).pieces!];
  const n = a.n;
  const v = Float64Array.from({ length: n }, (_, i) => 0.5 * (b.left[i]! + b.right[i]! - a.left[i]! - a.right[i]!));
  return { n, v, x: Float64Array.from({ length: n }, (_, i) => 0.5 * (a.left[i]! + a.right[i]!) + t * v[i]!) };
}

export interface SpeedCertificate {
  /** for all pairs s < t of the times: bounds of W_p(mu_s, mu_t) that hold whatever the plan */
  readonly pairs: readonly { readonly s: number; readonly t: number; readonly lower: number; readonly upper: number; readonly straight: number }[];
  /** largest upper - lower: how far the curve can be from constant speed */
  readonly slack: number;
}
/**
 * That the curve has constant speed W_p(mu_0, mu_1), proved without another transport problem: the curve's own coupling bounds W_p(mu_s, mu_t) from above by
 * |t - s| value^(1/p), and the triangle inequality from below by W_p(mu_0, mu_1) minus the two other pieces.
 * @param dual a certified lower bound of W_p^p(mu_0, mu_1), as `Coupling.dual`
 */
export function constantSpeed(g: Pick<Geodesic, "value" | "p" | "chord">, dual: number, times: ArrayLike<number>): SpeedCertificate {
  const root = (v: number): number => (v <= 0 ? 0 : g.p === 2 ? Math.sqrt(v) : pow(v, 1 / g.p));
  if (!(dual <= g.value * (1 + 1e-9) + 1e-300)) throw specError("dual", `got ${dual} when expected a lower bound of ${g.value}.`);
  const whole = root(dual);
  const pairs: { s: number; t: number; lower: number; upper: number; straight: number }[] = [];
  let slack = 0;
  for (let i = 0; i < times.length; i++)
    for (let j = i + 1; j < times.length; j++) {
      const [s, t] = [checkTime(times[i]!), checkTime(times[j]!)];
      const upper = root(g.chord(s, t));
      const lower = Math.max(0, whole - root(g.chord(0, s)) - root(g.chord(t, 1)));
      pairs.push({ s, t, lower, upper, straight: Math.abs(t - s) * whole });
      slack = Math.max(slack, upper - lower);
    }
  return { pairs, slack };
}
