/** Discrete solvers see only points with mass. What they find is carried back to the points as they came. */
import type { Cost, Coupling, Measure, Plan, Rows } from "../contract.ts";
import { keptOf } from "./cost.ts";
import { eachPair } from "./pair-list.ts";
import { densePlan, sparsePlan } from "./plan.ts";
import type { Atoms } from "./problem.ts";

/** The cost between the atoms that were kept: those that know points by their index are asked about their old places. */
export const keptCost = (cost: Cost, a: Atoms, b: Atoms): Cost => keptOf(cost, a.index, b.index);

/**
 * The coupling between the points as they came: left-out points take no part in the plan and get the potential of their c-transform. `alone`: how many of
 * them have mass and no allowed partner.
 */
export function lifted(found: Coupling, cost: Cost, from: Measure, to: Measure, a: Atoms, b: Atoms, alone = 0): Coupling {
  if (a.index === null && b.index === null) return found;
  const left = a.of - a.n + (b.of - b.n) - alone;
  const words = [
    ...(left > 0 ? [`${left} points without mass were left out.`] : []),
    ...(alone > 0 ? [`${alone} points have no allowed partner: their mass dies or is born where it stands.`] : []),
  ];
  const potentials = found.potentials && { ...found.potentials, f: spread(a, found.potentials.f), g: spread(b, found.potentials.g) };
  if (potentials && found.potentials?.kind === "feasible") complete(cost, from, to, a, b, potentials.f, potentials.g);
  return { ...found, potentials, plan: found.plan && liftedPlan(found.plan, a, b), notes: [...found.notes, ...words] };
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
  const best = new Float64Array(b.of).fill(Number.POSITIVE_INFINITY);
  const [newRow, newColumn] = [f, g].map((row) => Uint8Array.from(row, (v) => (Number.isNaN(v) ? 1 : 0))) as [Uint8Array, Uint8Array];
  for (let i = 0; i < a.of; i++) if (newRow[i]) f[i] = Number.POSITIVE_INFINITY;
  const least = (i: number, j: number, c: number): void => {
    if (newRow[i] && !newColumn[j]) f[i] = Math.min(f[i]!, c - g[j]!);
  };
  const back = (i: number, j: number, c: number): void => {
    best[j] = Math.min(best[j]!, c - f[i]!);
  };
  visitPairs(cost, a.of, x, b.of, y, least);
  // whoever has no partner with mass may have any potential
  for (let i = 0; i < a.of; i++) if (f[i] === Number.POSITIVE_INFINITY && newRow[i]) f[i] = 0;
  visitPairs(cost, a.of, x, b.of, y, back);
  for (let j = 0; j < b.of; j++) if (newColumn[j]) g[j] = best[j] === Number.POSITIVE_INFINITY ? 0 : best[j]!;
}
function visitPairs(cost: Cost, n: number, x: Rows, m: number, y: Rows, visit: (i: number, j: number, c: number) => void): void {
  if (cost.listed) {
    eachPair(cost, n, x, m, y, visit);
    return;
  }
  const row = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    cost.row(i, n, x, m, y, row);
    for (let j = 0; j < m; j++) visit(i, j, row[j]!);
  }
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
