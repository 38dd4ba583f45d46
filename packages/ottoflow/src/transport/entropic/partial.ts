/**
 * Partial entropic transport: a given mass moves, each marginal at most what is there. Ascent of the dual in f <= 0, g <= 0 and the price lambda of mass in
 * turn, which is Dykstra's algorithm in the Kullback-Leibler geometry. Potentials of the rows are kept as f + lambda. [benamou2015]
 */
import { log } from "../../kernels/math.ts";
import { defects, massOf, total, updateColumns } from "./measure.ts";
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
        updateColumns(p, epsilon, 1, partial.rules()[1]);
        const rise = epsilon * log(mass / moved);
        partial.lambda += rise;
        for (let i = 0; i < p.a.n; i++) p.f[i] = p.f[i]! + rise;
      }
      return state;
    },
  };
  return partial;
}
