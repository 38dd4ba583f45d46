/** What a pass tells: marginals, the smooth dual, and bounds of every plan from them, in O(n + m). */
import { log } from "../../kernels/math.ts";
import type { Pairs } from "./pairs.ts";
import { balanced, damping, dualTerm, misses, type Rule, type Rules } from "./rules.ts";

/** sum |P 1 - a| and sum |P' 1 - b| as the last pass measured them, at one and the same pair of potentials; a and b as bent by the rules. */
export function defects(p: Measured, [first, second]: Rules = balanced): readonly [number, number] {
  const rows = misses(first, p.a.n, p.a.weight, p.f, (i) => p.a.weight[i]! * p.ratio[i]!);
  const columns = misses(second, p.b.n, p.b.weight, p.g, (j) => p.column[j]!);
  return [rows, columns];
}
/** Both sides together, and what pairs that were left out may add. */
export function defectOf(p: Measured, epsilon: number, rules: Rules = balanced): number {
  const [rows, columns] = defects(p, rules);
  return rows + columns + 2 * p.left(epsilon);
}
export function massOf(p: Measured): number {
  let s = 0;
  for (let i = 0; i < p.a.n; i++) s += p.a.weight[i]! * p.ratio[i]!;
  return s;
}
export const total = (weight: Float64Array): number => weight.reduce((s, w) => s + w, 0);

/** <f, a> + <g, b>. */
export function paired(p: Measured): number {
  let s = 0;
  for (let i = 0; i < p.a.n; i++) s += p.a.weight[i]! * p.f[i]!;
  let t = 0;
  for (let j = 0; j < p.b.n; j++) t += p.b.weight[j]! * p.g[j]!;
  return s + t;
}
/** <f, a> + <g, b> - epsilon (sum P - (sum a) (sum b)) at the potentials of the last pass; pairs that were left out count with the bound of their mass. */
export function dualOf(p: Measured, epsilon: number, [first, second]: Rules = balanced): number {
  const s = dualTerm(first, p.a.n, p.a.weight, p.f) + dualTerm(second, p.b.n, p.b.weight, p.g);
  return s - epsilon * (massOf(p) + p.left(epsilon) - total(p.a.weight) * total(p.b.weight));
}

/** What bounds are made of: potentials, and what the last look at all pairs measured. */
export interface Measured {
  readonly a: { readonly n: number; readonly weight: Float64Array };
  readonly b: { readonly n: number; readonly weight: Float64Array };
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly ratio: Float64Array;
  readonly column: Float64Array;
  readonly pay: Float64Array;
  readonly largestCost: number;
  readonly leastCost: number;
  left(epsilon: number): number;
}
export interface Bounds {
  /** no plan is below */
  readonly dual: number;
  /** <C, P> + epsilon KL of the rounded plan is not above: a plan with both marginals exact */
  readonly regularised: number;
  /** <C, P> of the rounded plan is not above */
  readonly cost: number;
  /** at most so much mass does the rounding move */
  readonly moved: number;
}
/**
 * Rounding: P~ = diag(min(1, a / P 1)) P diag(min(1, b / P' 1)) exceeds no marginal, and what lacks is filled by the product of the deficits; its mass Q is
 * bounded by the marginals alone. With the log-sum inequality, KL(P~ + Q R) <= KL(P~) + KL(Q R) + mixing, and <C, P~> + epsilon KL(P~) <= <f, P~1> + <g, P~'1>:
 * no second look at the pairs. [altschuler2017]
 */
export function boundsOf(p: Measured, epsilon: number): Bounds {
  const [A, B] = [total(p.a.weight), total(p.b.weight)];
  const M = A;
  let kept = 0;
  let pay = 0;
  let [f, g] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let i = 0; i < p.a.n; i++) {
    kept += p.a.weight[i]! * Math.min(1, p.ratio[i]!);
    pay += p.pay[i]!;
    f = Math.min(f, p.f[i]!);
  }
  let over = 0;
  for (let j = 0; j < p.b.n; j++) {
    over += Math.max(0, p.column[j]! - p.b.weight[j]!);
    g = Math.min(g, p.g[j]!);
  }
  const Q = Math.min(M, Math.max(0, M - kept + over));
  const s = paired(p);
  const entropy = Q === 0 ? 0 : Q * log(1 / Q) + Q * log(M / Q) + (Q < M ? (M - Q) * log(M / (M - Q)) : 0);
  return {
    dual: dualOf(p, epsilon),
    regularised: s + Q * (p.largestCost - f - g) + epsilon * (entropy - M + A * B),
    cost: pay + Q * (p.largestCost - Math.min(0, p.leastCost)),
    moved: Q,
  };
}
/** <a, f> + <b, g'> with g' feasible: a lower bound of every plan without entropy. Pairs that were left out are feasible with g. */
export function unregularisedDual(p: Pairs): number {
  const g = new Float64Array(p.b.padded);
  p.transform(g);
  const all = p.count >= p.a.padded * p.b.padded;
  let s = 0;
  for (let i = 0; i < p.a.n; i++) s += p.a.weight[i]! * p.f[i]!;
  for (let j = 0; j < p.b.n; j++) s += p.b.weight[j]! * (all ? g[j]! : Math.min(g[j]!, p.g[j]!));
  return s;
}

/** g_j <- min_i c_ij - f_i: for columns whose sum left the range of float64. */
export function columnAfresh(p: Pairs, j: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < p.a.n; i++) least = Math.min(least, p.cost(i, j) - p.f[i]!);
  return least;
}
/** The Sinkhorn update of the columns, over-relaxed by omega; returns by how much exponents changed at most. */
export function updateColumns(p: Pairs, epsilon: number, omega = 1, rule: Rule = balanced[1]): number {
  const tau = damping(rule, epsilon);
  let far = 0;
  for (let j = 0; j < p.b.n; j++) {
    const q = p.column[j]!;
    if (!(q > 1e-290 && q < 1e290)) {
      p.g[j] = Math.min(rule.cap, tau * columnAfresh(p, j));
      far = Number.POSITIVE_INFINITY;
      continue;
    }
    const old = p.g[j]!;
    const target = Math.min(rule.cap, tau * (old - epsilon * log(q / p.b.weight[j]!)));
    far = Math.max(far, Math.abs(target - old) / epsilon);
    p.g[j] = Math.min(rule.cap, old + omega * (target - old));
  }
  return far;
}
