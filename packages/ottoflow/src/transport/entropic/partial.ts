/**
 * Partial entropic transport: a given mass moves, each marginal at most what is there. Ascent of the dual by turns in f <= 0 and in both g <= 0 and the
 * price lambda of mass: Dykstra's algorithm in the Kullback-Leibler geometry with two of its three projections made one, since the price by itself creeps.
 * Potentials of the rows are kept as f + lambda. [benamou2015]
 */
import { exp, log } from "../../kernels/math.ts";
import { defects, massOf, total } from "./measure.ts";
import { begun, type Iteration, type IterationOptions, openPatience } from "./newton.ts";
import type { Pairs } from "./pairs.ts";
import { dualTerm, type Rules } from "./rules.ts";

export interface Partial {
  /** price of a unit of mass */
  lambda: number;
  /** rows at most a under f + lambda <= lambda, columns at most b */
  readonly rules: () => Rules;
  readonly iterate: (p: Pairs, o: IterationOptions) => Iteration;
  readonly dual: (p: Pairs, epsilon: number) => number;
}
export function openPartial(mass: number): Partial {
  const partial: Partial = {
    lambda: 0,
    rules: () => [
      { kind: "at-most", weight: Number.POSITIVE_INFINITY, cap: partial.lambda },
      { kind: "at-most", weight: Number.POSITIVE_INFINITY, cap: 0 },
    ],
    dual: (p, epsilon) => {
      const [first, second] = partial.rules();
      const s = dualTerm(first, p.a.n, p.a.weight, p.f) - partial.lambda * total(p.a.weight) + dualTerm(second, p.b.n, p.b.weight, p.g);
      return s + partial.lambda * mass - epsilon * (massOf(p) + p.left(epsilon) - total(p.a.weight) * total(p.b.weight));
    },
    *iterate(p, { epsilon, enough, passes: most, theta }) {
      let state = begun;
      const outOfPatience = openPatience(2000);
      for (let passes = 1; passes <= most; passes++) {
        p.select(epsilon, theta);
        for (const _ of p.pass(epsilon, { update: { cap: partial.lambda }, columns: true })) if ((yield state) === "stop") return state;
        const [rows, columns] = defects(p, partial.rules());
        const moved = massOf(p);
        const defect = rows + columns + Math.abs(moved - mass);
        state = { defect, dual: partial.dual(p, epsilon), passes, products: 0, done: enough(defect), stalled: outOfPatience(defect) };
        if (state.done || state.stalled || passes === most) return state;
        const rise = raiseColumns(p, epsilon, mass);
        partial.lambda += rise;
        for (let i = 0; i < p.a.n; i++) p.f[i] = p.f[i]! + rise;
      }
      return state;
    },
  };
  return partial;
}

/**
 * The best g <= 0 and price together: columns have min(b_j, E s_j), s_j what reaches them at g = 0, and E is where these add up to the mass. Tells by how much the
 * price rises, which is still to be added to the rows' potentials.
 */
function raiseColumns(p: Pairs, epsilon: number, mass: number): number {
  const { n, weight } = p.b;
  const fill = Float64Array.from({ length: n }, (_, j) => (weight[j]! > 0 ? log(p.column[j]! / weight[j]!) - p.g[j]! / epsilon : Number.NEGATIVE_INFINITY));
  const order = Array.from(fill.keys())
    .filter((j) => fill[j]! > Number.NEGATIVE_INFINITY)
    .sort((j, k) => fill[k]! - fill[j]!);
  // masses of those from a place on, over the exponential of the first of them
  const rest = new Float64Array(order.length + 1);
  for (let k = order.length - 1; k >= 0; k--) {
    const next = k + 1 < order.length ? rest[k + 1]! * exp(fill[order[k + 1]!]! - fill[order[k]!]!) : 0;
    rest[k] = weight[order[k]!]! + next;
  }
  let rise = order.length > 0 ? -fill[order[order.length - 1]!]! : 0;
  for (let [k, full] = [0, 0]; k < order.length; full += weight[order[k]!]!, k++) {
    const at = log((mass - full) / rest[k]!) - fill[order[k]!]!;
    // the first that is not full, if it is not
    if (!(mass > full)) break;
    if (at + fill[order[k]!]! > 0) continue;
    rise = at;
    break;
  }
  for (const j of order) p.g[j] = Math.min(0, -epsilon * (fill[j]! + rise));
  return epsilon * rise;
}
