/** Entropic potentials as a certified answer: bounds from the dual and the rounded plan, defects of both sides, what was left out. */

import type { Cost, Coupling, TransportStatus } from "../../contract.ts";
import { openParts } from "../../numeric/parts.ts";
import { conventionOf } from "../certificate.ts";
import type { Atoms } from "../problem.ts";
import { boundsOf, defects, massOf, total, unregularisedDual } from "./measure.ts";
import type { Ordered } from "./order.ts";
import type { Pairs } from "./pairs.ts";
import { gibbsPlan } from "./plan.ts";

/** Values by place as values by point. */
export function inOrder(side: Ordered, values: Float64Array): Float64Array {
  const out = new Float64Array(side.n);
  for (let i = 0; i < side.n; i++) out[side.order[i]!] = values[i]!;
  return out;
}

export interface Reached {
  readonly solver: string;
  readonly status: TransportStatus;
  readonly cost: Cost;
  readonly a: Atoms;
  readonly b: Atoms;
  readonly pairs: Pairs;
  readonly epsilon: number;
  readonly theta: number;
  readonly iterations: number;
  readonly notes: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
  /** some pair costs +Infinity: the rounded plan would use it */
  readonly forbidden: boolean;
}
export function entropicCoupling(r: Reached): Coupling {
  const { pairs, epsilon, a, b, cost } = r;
  const bounds = boundsOf(pairs, epsilon);
  const [rows, columns] = defects(pairs);
  const left = pairs.left(epsilon);
  const value = pairs.pay.subarray(0, a.n).reduce((s, v) => s + v, 0);
  const f = inOrder(pairs.a, pairs.f);
  const g = inOrder(pairs.b, pairs.g);
  const rounded = !r.forbidden || bounds.moved === 0;
  const notes = [
    ...r.notes,
    rounded
      ? "`regularised` is a bound of the plan after rounding to exact marginals; `value`, `defect` and `plan` are of the plan before."
      : "Rounding would use forbidden pairs: `regularised` is of the plan as it is, and only its defect tells how far it is from the marginals.",
    ...(left > 0 ? [`Far pairs were left out: they hold at most ${left.toExponential(2)} of the mass.`] : []),
  ];
  return {
    solver: r.solver,
    status: r.status,
    value,
    regularised: rounded ? bounds.regularised : ownValue(pairs, epsilon, massOf(pairs)),
    dual: bounds.dual,
    gap: rounded ? bounds.regularised - bounds.dual : Number.POSITIVE_INFINITY,
    certifies: "discrete",
    unregularised: { lower: unregularisedDual(pairs), upper: rounded ? bounds.cost : Number.POSITIVE_INFINITY },
    defect: [rows + left, columns + left],
    potentials: { f, g, components: r.forbidden ? joined(pairs) : 1, kind: "entropic" },
    plan: gibbsPlan({ cost, a, b, f, g, epsilon, theta: left > 0 ? r.theta : 0, entries: pairs.count }),
    iterations: r.iterations,
    convention: conventionOf(cost, epsilon),
    notes,
    figures: { ...r.figures, pairs: pairs.count, bytes: pairs.bytes, leftOut: left },
  };
}
/** <C, P> + epsilon KL(P | a x b) of the plan itself: its entropy is linear in its marginals. */
function ownValue(p: Pairs, epsilon: number, mass: number): number {
  let s = 0;
  for (let i = 0; i < p.a.n; i++) s += p.a.weight[i]! * p.ratio[i]! * p.f[i]!;
  for (let j = 0; j < p.b.n; j++) s += p.column[j]! * p.g[j]!;
  return s + epsilon * (total(p.a.weight) * total(p.b.weight) - mass);
}
/** How many parts the allowed pairs join the points into. */
function joined(p: Pairs): number {
  const parts = openParts(p.a.n + p.b.n);
  for (let i = 0; i < p.a.n; i++) for (let j = 0; j < p.b.n; j++) if (p.cost(i, j) < Number.POSITIVE_INFINITY) parts.join(i, p.a.n + j);
  return parts.count();
}
