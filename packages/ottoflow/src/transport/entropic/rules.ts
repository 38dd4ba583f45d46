/** How each marginal is bound, as the updates of potentials, the targets of sums and the dual see it. */
import type { Marginal } from "../../contract.ts";
import { exp, log } from "../../kernels/math.ts";
import type { Pairs, Update } from "./pairs.ts";

export interface Rule {
  readonly kind: Marginal["kind"];
  /** of the KL term; Infinity where the marginal is equal or at most */
  readonly weight: number;
  /** potentials stay below: 0 where the marginal is at most, else Infinity */
  readonly cap: number;
}
export type Rules = readonly [Rule, Rule];
export const ruleOf = (m: Marginal): Rule => ({
  kind: m.kind,
  weight: m.kind === "kl" ? m.weight : Number.POSITIVE_INFINITY,
  cap: m.kind === "at-most" ? 0 : Number.POSITIVE_INFINITY,
});
const equal: Rule = ruleOf({ kind: "equal" });
export const balanced: Rules = [equal, equal];

/** weight / (weight + epsilon): by it potentials are damped. [chizat2018scaling] */
export const damping = (r: Rule, epsilon: number): number => (r.weight === Number.POSITIVE_INFINITY ? 1 : r.weight / (r.weight + epsilon));
export const updateOf = (r: Rule, epsilon: number, omega = 1): Update => ({ omega, tau: damping(r, epsilon), cap: r.cap });

/** What the potential asks the sum of P at a point of mass w to be. */
export const targetOf = (r: Rule, w: number, potential: number): number => (r.kind === "kl" ? w * exp(-potential / r.weight) : w);

/** How far a sum is from what its potential asks for; where potentials stand at their cap, only what exceeds. */
export function misses(r: Rule, n: number, weight: Float64Array, potential: Float64Array, sum: (i: number) => number): number {
  let s = 0;
  for (let i = 0; i < n; i++) {
    const v = sum(i) - targetOf(r, weight[i]!, potential[i]!);
    s += potential[i]! >= r.cap ? Math.max(0, v) : Math.abs(v);
  }
  return s;
}

/** -phi*(-potential) against the weights: <f, a>, or weight (A - sum a exp(-f / weight)). */
export function dualTerm(r: Rule, n: number, weight: Float64Array, potential: Float64Array): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += weight[i]! * (r.kind === "kl" ? -r.weight * expm1(-potential[i]! / r.weight) : potential[i]!);
  return s;
}
const expm1 = (x: number): number => (Math.abs(x) < 1e-5 ? x + 0.5 * x * x + (x * x * x) / 6 : exp(x) - 1);

/** weight KL(p | w) = weight sum p log(p / w) - p + w; 0 where there is no such term. */
export function penalty(r: Rule, n: number, weight: Float64Array, sum: (i: number) => number): number {
  if (r.kind !== "kl") return 0;
  let s = 0;
  for (let i = 0; i < n; i++) {
    const [p, w] = [sum(i), weight[i]!];
    s += (p > 0 ? p * log(p / w) : 0) - p + w;
  }
  return r.weight * s;
}

/**
 * f + shift, g - shift leave P as it is; the shift that is best for the dual is known where a side is drawn by KL.
 * Without it unbalanced iterations slow down as weights grow. [sejourne2022]
 */
export function translate(p: Pairs, [first, second]: Rules): void {
  if (first.kind === "at-most" || second.kind === "at-most" || (first.kind === "equal" && second.kind === "equal")) return;
  const ratio = logTotal(first, p.a.n, p.a.weight, p.f) - logTotal(second, p.b.n, p.b.weight, p.g);
  const weight =
    first.kind === "equal" ? second.weight : second.kind === "equal" ? first.weight : (first.weight * second.weight) / (first.weight + second.weight);
  const shift = weight * ratio;
  if (!Number.isFinite(shift)) return;
  for (let i = 0; i < p.a.n; i++) p.f[i] = p.f[i]! + shift;
  for (let j = 0; j < p.b.n; j++) p.g[j] = p.g[j]! - shift;
}
/** log of the sum of what potentials ask for, which may itself be below every float64. */
function logTotal(r: Rule, n: number, weight: Float64Array, potential: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  const term = (i: number): number => log(weight[i]!) - (r.kind === "kl" ? potential[i]! / r.weight : 0);
  for (let i = 0; i < n; i++) top = Math.max(top, term(i));
  let s = 0;
  for (let i = 0; i < n; i++) s += exp(term(i) - top);
  return top + log(s);
}
