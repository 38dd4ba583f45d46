/**
 * OT(a, a): the symmetric fixed point f = S(f), by f <- (f + S(f)) / 2. Where the kernel is positive definite the error is at least halved each time,
 * whatever epsilon is. [feydy2019]
 */
import type { Cost, TransportProgress } from "../../contract.ts";
import { massOf, total } from "./measure.ts";
import type { Ordered } from "./order.ts";
import { openPairs, type Pairs } from "./pairs.ts";

export interface Symmetric {
  readonly pairs: Pairs;
  /** 2 <f, a> - epsilon (sum P - (sum a)^2): below OT(a, a), by the square of the defect */
  readonly value: number;
  /** sum |P 1 - a|, both sides alike */
  readonly defect: number;
  readonly passes: number;
}
export function* symmetric(
  cost: Cost,
  a: Ordered,
  epsilon: number,
  o: { readonly defect: number; readonly theta: number; readonly passes: number; readonly block: number },
): Generator<TransportProgress, Symmetric, "stop" | undefined> {
  const pairs = openPairs(cost, a, a, { block: o.block });
  const mass = total(a.weight);
  let defect = Number.POSITIVE_INFINITY;
  let passes = 0;
  while (passes < o.passes) {
    passes++;
    pairs.g.set(pairs.f);
    if (passes > 1) pairs.select(epsilon, o.theta);
    // the sums are those at the potentials before the update: log s = (f - S(f)) / epsilon
    const old = pairs.f.slice();
    for (const _ of pairs.pass(epsilon, { update: { omega: 0.5 }, columns: false }))
      if ((yield { stage: "debiasing", iteration: passes, gap: null, defect: Number.isFinite(defect) ? defect : null, fraction: null }) === "stop") break;
    defect = 0;
    for (let i = 0; i < a.n; i++) {
      // with the update by one half, ratio = sqrt(s)
      const s = pairs.ratio[i]! * pairs.ratio[i]!;
      defect += a.weight[i]! * Math.abs(s - 1);
    }
    if (defect <= o.defect) {
      pairs.f.set(old);
      break;
    }
  }
  pairs.g.set(pairs.f);
  for (const _ of pairs.pass(epsilon, { update: null, columns: false }));
  let s = 0;
  defect = 0;
  for (let i = 0; i < a.n; i++) {
    s += a.weight[i]! * pairs.f[i]!;
    defect += a.weight[i]! * Math.abs(pairs.ratio[i]! - 1);
  }
  return { pairs, value: 2 * s - epsilon * (massOf(pairs) + pairs.left(epsilon) - mass * mass), defect: defect + pairs.left(epsilon), passes };
}
