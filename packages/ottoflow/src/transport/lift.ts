/** Discrete solvers see only points with mass. What they find is carried back to the points as they came. */
import type { Cost, Coupling, Measure, Plan, Rows } from "../contract.ts";
import { densePlan, sparsePlan } from "./plan.ts";
import type { Atoms } from "./problem.ts";

/** The cost between the atoms that were kept: rows of a table are looked up at their old places. */
export function keptCost(cost: Cost, a: Atoms, b: Atoms): Cost {
  if (!cost.table || (a.index === null && b.index === null)) return cost;
  const { n, m, values } = cost.table;
  const old = (index: Int32Array | null, i: number): number => (index ? index[i]! : i);
  const none = new Float64Array(0);
  const row = new Float64Array(m);
  return {
    ...cost,
    table: {
      n: a.n,
      m: b.n,
      ...(values && { values: Float64Array.from({ length: a.n * b.n }, (_, e) => values[old(a.index, Math.floor(e / b.n)) * m + old(b.index, e % b.n)]!) }),
    },
    at: (i, j) => cost.at(old(a.index, i), old(b.index, j), n, none, m, none),
    row(i, _n, _x, _m, _y, out) {
      cost.row(old(a.index, i), n, none, m, none, row);
      for (let j = 0; j < b.n; j++) out[j] = row[old(b.index, j)]!;
    },
  };
}

/** The coupling between the points as they came: left-out points take no part in the plan and get the potential of their c-transform. */
export function lifted(found: Coupling, cost: Cost, from: Measure, to: Measure, a: Atoms, b: Atoms): Coupling {
  if (a.index === null && b.index === null) return found;
  const left = a.of - a.n + (b.of - b.n);
  const note = `${left} points without mass were left out.`;
  const potentials = found.potentials && { ...found.potentials, f: spread(a, found.potentials.f), g: spread(b, found.potentials.g) };
  if (potentials && found.potentials?.kind === "feasible") complete(cost, from, to, a, b, potentials.f, potentials.g);
  return { ...found, potentials, plan: found.plan && liftedPlan(found.plan, a, b), notes: [...found.notes, note] };
}
function spread(side: Atoms, values: Float64Array): Float64Array {
  if (side.index === null) return values;
  const out = new Float64Array(side.of).fill(Number.NaN);
  for (let i = 0; i < side.n; i++) out[side.index[i]!] = values[i]!;
  return out;
}
const pointsOf = (m: Measure): Rows => (m.rep === "particles" ? m.x : m.space.cells!.centre);

/** Potentials at points without mass: f = min over kept y of c - g, then g = min over all x of c - f. */
function complete(cost: Cost, from: Measure, to: Measure, a: Atoms, b: Atoms, f: Float64Array, g: Float64Array): void {
  const [x, y] = [pointsOf(from), pointsOf(to)];
  const row = new Float64Array(b.of);
  const best = new Float64Array(b.of).fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < a.of; i++) {
    cost.row(i, a.of, x, b.of, y, row);
    if (Number.isNaN(f[i]!)) {
      let least = Number.POSITIVE_INFINITY;
      for (let j = 0; j < b.of; j++) if (!Number.isNaN(g[j]!)) least = Math.min(least, row[j]! - g[j]!);
      f[i] = least;
    }
    for (let j = 0; j < b.of; j++) best[j] = Math.min(best[j]!, row[j]! - f[i]!);
  }
  for (let j = 0; j < b.of; j++) if (Number.isNaN(g[j]!)) g[j] = best[j]!;
}
function liftedPlan(plan: Plan, a: Atoms, b: Atoms): Plan {
  const old = (side: Atoms, i: number): number => (side.index ? side.index[i]! : i);
  if (plan.sparse) {
    const { from, to, mass } = plan.sparse;
    return sparsePlan(
      a.of,
      b.of,
      from.map((i) => old(a, i)),
      to.map((j) => old(b, j)),
      mass,
    );
  }
  const place = new Int32Array(a.of).fill(-1);
  for (let i = 0; i < a.n; i++) place[old(a, i)] = i;
  const room = new Float64Array(b.n);
  return densePlan(a.of, b.of, (i, out) => {
    out.fill(0, 0, b.of);
    if (place[i]! < 0) return;
    plan.row(place[i]!, room);
    for (let j = 0; j < b.n; j++) out[old(b, j)] = room[j]!;
  });
}
