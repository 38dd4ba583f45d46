/** What optimal plans look like: cyclically monotone supports and c-concave potentials. [villani2009, santambrogio2015] */
import type { Cost, Plan } from "../contract.ts";
import { cTransform, cTransformBack } from "./certificate.ts";
import { entriesOf } from "./plan.ts";
import type { Atoms } from "./problem.ts";

/** A cycle of used pairs (from[k], to[k]) that cost more than the pairs (from[k + 1], to[k]): shifting mass along it saves `saves` per unit. */
export interface Cycle {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly saves: number;
  /** mass that can be shifted: the least that any pair of the cycle carries */
  readonly mass: number;
}
export type Monotonicity =
  | {
      readonly monotone: true /** potentials with f + g <= c, equal on all used pairs up to the tolerance: the plan is optimal */;
      readonly f: Float64Array;
      readonly g: Float64Array;
    }
  | { readonly monotone: false; readonly cycle: Cycle };

/**
 * Is the support of the plan c-cyclically monotone, hence the plan optimal between its own marginals? Either potentials that prove it, or a cycle that is
 * cheaper. Shortest paths over the residual network by Bellman and Ford: O(n m) a round, few rounds near the optimum. [villani2009]
 * @param tolerance savings up to this fraction of the largest used cost count as rounding; 1e-12 unless said
 */
export function cyclicalMonotonicity(cost: Cost, a: Atoms, b: Atoms, plan: Plan, tolerance = 1e-12): Monotonicity {
  const { from, to, mass } = entriesOf(plan);
  const used = Float64Array.from(mass, (_, e) => cost.at(from[e]!, to[e]!, a.n, a.x, b.n, b.x));
  const slack = tolerance * used.reduce((s, c) => Math.max(s, Math.abs(c)), Number.MIN_VALUE);
  const d = new Float64Array(a.n);
  const entryOf = new Int32Array(a.n).fill(-1);
  const rowOf = new Int32Array(a.n).fill(-1);
  const best = new Float64Array(b.n);
  const by = new Int32Array(b.n);
  const row = new Float64Array(b.n);
  for (;;) {
    best.fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < a.n; i++) {
      cost.row(i, a.n, a.x, b.n, b.x, row);
      for (let j = 0; j < b.n; j++) {
        const v = d[i]! + row[j]!;
        if (v < best[j]!) {
          best[j] = v;
          by[j] = i;
        }
      }
    }
    let changed = false;
    for (let e = 0; e < from.length; e++) {
      const v = best[to[e]!]! - used[e]!;
      if (!(v < d[from[e]!]! - slack)) continue;
      d[from[e]!] = v;
      entryOf[from[e]!] = e;
      rowOf[from[e]!] = by[to[e]!]!;
      changed = true;
    }
    if (!changed) {
      const f = d.map((v) => -v);
      return { monotone: true, f, g: cTransform(cost, a, b, f) };
    }
    const at = onCycle(rowOf);
    if (at >= 0) return { monotone: false, cycle: cycleFrom(at, rowOf, entryOf, from, to, mass, cost, a, b) };
  }
}
/** A row on a cycle of predecessors, -1 where there is none. */
function onCycle(rowOf: Int32Array): number {
  const colour = new Int32Array(rowOf.length);
  for (let start = 0; start < rowOf.length; start++) {
    let i = start;
    while (i >= 0 && colour[i] === 0) {
      colour[i] = start + 1;
      i = rowOf[i]!;
    }
    if (i >= 0 && colour[i] === start + 1) return i;
  }
  return -1;
}
function cycleFrom(
  at: number,
  rowOf: Int32Array,
  entryOf: Int32Array,
  from: Int32Array,
  to: Int32Array,
  mass: Float64Array,
  cost: Cost,
  a: Atoms,
  b: Atoms,
): Cycle {
  const rows: number[] = [];
  const columns: number[] = [];
  let [saves, least] = [0, Number.POSITIVE_INFINITY];
  let i = at;
  do {
    const e = entryOf[i]!;
    rows.push(from[e]!);
    columns.push(to[e]!);
    saves += cost.at(from[e]!, to[e]!, a.n, a.x, b.n, b.x) - cost.at(rowOf[i]!, to[e]!, a.n, a.x, b.n, b.x);
    least = Math.min(least, mass[e]!);
    i = rowOf[i]!;
  } while (i !== at);
  return { from: rows, to: columns, saves, mass: least };
}

export interface Concavity {
  readonly concave: boolean;
  /** max f^{cc} - f >= 0 and where: 0 for c-concave f */
  readonly defect: number;
  readonly at: number;
  /** f^{cc}: the least c-concave function above f between these points */
  readonly hull: Float64Array;
}
/** Is f, given at the points of the first side, the c-transform of some function on the second? It is exactly where f^{cc} = f. [villani2009] */
export function cConcavity(cost: Cost, a: Atoms, b: Atoms, f: Float64Array, tolerance = 1e-12): Concavity {
  const hull = cTransformBack(cost, a, b, cTransform(cost, a, b, f));
  let [defect, at, scale] = [0, 0, 0];
  for (let i = 0; i < a.n; i++) {
    scale = Math.max(scale, Math.abs(f[i]!), Math.abs(hull[i]!));
    if (hull[i]! - f[i]! > defect) [defect, at] = [hull[i]! - f[i]!, i];
  }
  return { concave: defect <= tolerance * scale, defect, at, hull };
}
