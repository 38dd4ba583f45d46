import type { Coupling, Transport, TransportOptions, TransportProgress, TransportSolver, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { isBalanced, sizeOf, unsolved } from "../balanced.ts";
import { componentsOf, conventionOf, defectOf } from "../certificate.ts";
import { distanceOf, type FlowBelow, flowBelow, type NearPairs, pairsWithin } from "../flow-below.ts";
import { lifted } from "../lift.ts";
import { wholeMasses } from "../masses.ts";
import { sortedOrder } from "../order.ts";
import { sparsePlan } from "../plan.ts";
import { type Atoms, atomsOf, exactSum } from "../problem.ts";

const label = "bottleneck";
/** sums of whole masses stay below 2^53 */
const BITS = 52;
/** Most pairs below a distance that are kept: 20 bytes each, and as many again while they grow. */
const PAIRS = 2e7;

export const bottleneck: Unit<"transport"> = defineTransport({
  kind: label,
  title: "the largest distance (p = Infinity)",
  tex: String.raw`W_\infty = \min_P \max_{P_{ij} > 0} |x_i - y_j|`,
  summary:
    "The plan whose largest distance is least, between points of any weights: bisection between distances that occur, each tried by a maximum flow over the pairs below it. The answer is certified by Hall's condition: some points of the first side have more mass than all points of the second that are nearer than the value, so any plan must reach as far. Weights count up to rounding: a share of 2^-49 (n + m) of the mass may be left out of the plan.",
  refs: ["hopcroftkarp1973", "ahuja1993"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: (): TransportSolver => ({ label, answer: "exact", refuses, estimate, solve: couple }),
});

function refuses(p: Transport): string | null {
  if (p.cost.power !== Number.POSITIVE_INFINITY) return "takes the largest distance only: p = Infinity";
  if (p.epsilon > 0) return "carries no entropy: give epsilon 0";
  if (!isBalanced(p)) return "needs equal marginals";
  if (![p.from, p.to].every((m) => m.rep === "particles" || m.rep === "cells")) return "needs measures made of points: particles or cells";
  return null;
}
function estimate(p: Transport): { work: number; bytes: number } {
  const [n, m] = [sizeOf(p.from), sizeOf(p.to)];
  return { work: 40 * n * m + 1e4 * (n + m), bytes: Math.min(n * m, PAIRS) * 60 };
}

/** Rows that have more mass than the columns can take: any plan sends some of it to other columns. */
interface Hall {
  readonly rows: Uint8Array;
  readonly columns: Uint8Array;
}
function* couple(p: Transport, _options: TransportOptions): Work<TransportProgress, Coupling> {
  const [a, b] = [atomsOf(p.from, "from"), atomsOf(p.to, "to")];
  const order = Int32Array.from(sortedOrder(b.n, b.x.subarray(0, b.n)));
  const whole = wholeMasses(a.weight, b.weight, a.mass, b.mass, BITS);
  // what rounds to no mass has none to carry
  const counted = (side: Atoms, mass: BigInt64Array): Float64Array => Float64Array.from(mass, (v, i) => (side.weight[i]! < 0.5 * whole.unit ? 0 : Number(v)));
  const [supply, demand] = [counted(a, whole.supply), counted(b, whole.demand)];
  const slack = 2 * (a.n + b.n);
  let { lower, hall } = farthestNeighbour(a, b, supply, demand, slack);
  let best: { readonly pairs: NearPairs; readonly flow: Float64Array; readonly upper: number } | null = null;
  let tries = 0;
  while (best === null || lower < best.upper) {
    // now the lower end itself, now the middle
    const r: number = tries % 2 === 0 ? lower : best ? 0.5 * (lower + best.upper) : 1.5 * lower;
    const pairs = pairsWithin(a, b, order, r, PAIRS);
    tries++;
    if (!pairs) return { ...unsolved(label, tries, conventionOf(p.cost, 0)), status: "stalled", notes: [`More than ${PAIRS} pairs are nearer than ${r}.`] };
    const tried: FlowBelow = flowBelow(pairs, supply, demand, slack);
    if (tried.stuck) {
      hall = tried.stuck;
      lower = nearestOutside(a, b, order, hall);
    } else best = { pairs, flow: tried.flow, upper: largestUsed(pairs, tried.flow) };
    if ((yield { stage: "thresholds", iteration: tries, gap: best ? best.upper - lower : null, defect: null, fraction: null }) === "stop")
      return { ...unsolved(label, tries, conventionOf(p.cost, 0)), status: "aborted" };
  }
  return lifted(certified(p, a, b, best, whole.unit, nearestOutside(a, b, order, hall), hall, tries), p.cost, p.from, p.to, a, b);
}

/** The point that is farthest from all of the other side: its mass, if it is more than may be left, goes at least as far. */
function farthestNeighbour(a: Atoms, b: Atoms, supply: Float64Array, demand: Float64Array, slack: number): { lower: number; hall: Hall } {
  const nearestOfColumn = new Float64Array(b.n).fill(Number.POSITIVE_INFINITY);
  let [lower, row, column] = [-1, -1, -1];
  for (let i = 0; i < a.n; i++) {
    let nearest = Number.POSITIVE_INFINITY;
    for (let j = 0; j < b.n; j++) {
      const d = distanceOf(a, b, i, j);
      if (d < nearest) nearest = d;
      if (d < nearestOfColumn[j]!) nearestOfColumn[j] = d;
    }
    if (nearest > lower && supply[i]! > slack) [lower, row] = [nearest, i];
  }
  for (let j = 0; j < b.n; j++) if (nearestOfColumn[j]! > lower && demand[j]! > slack) [lower, column] = [nearestOfColumn[j]!, j];
  const rows = new Uint8Array(a.n).fill(column < 0 ? 0 : 1);
  const columns = new Uint8Array(b.n).fill(column < 0 ? 0 : 1);
  if (column < 0) rows[row] = 1;
  else columns[column] = 0;
  return { lower, hall: { rows, columns } };
}
/** The least distance from the rows to any column that is none of the columns, by a sweep along the first axis. */
function nearestOutside(a: Atoms, b: Atoms, order: Int32Array, { rows, columns }: Hall): number {
  const outside = order.filter((j) => columns[j] === 0);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.n; i++) {
    if (rows[i] === 0) continue;
    const x = a.x[i]!;
    let k = 0;
    for (let hi = outside.length; k < hi; ) {
      const middle = (k + hi) >> 1;
      if (b.x[outside[middle]!]! < x) k = middle + 1;
      else hi = middle;
    }
    for (let t = k; t < outside.length && b.x[outside[t]!]! - x < best; t++) best = Math.min(best, distanceOf(a, b, i, outside[t]!));
    for (let t = k - 1; t >= 0 && x - b.x[outside[t]!]! < best; t--) best = Math.min(best, distanceOf(a, b, i, outside[t]!));
  }
  return best;
}
function largestUsed(pairs: NearPairs, flow: Float64Array): number {
  let most = 0;
  for (let e = 0; e < flow.length; e++) if (flow[e]! > 0 && pairs.distance[e]! > most) most = pairs.distance[e]!;
  return most;
}

/** `lower` is the distance that Hall's rows must go if their mass is more than the columns', which is looked at here once more on the masses as they came. */
function certified(
  p: Transport,
  a: Atoms,
  b: Atoms,
  { pairs, flow, upper }: { readonly pairs: NearPairs; readonly flow: Float64Array; readonly upper: number },
  unit: number,
  lower: number,
  hall: Hall,
  iterations: number,
): Coupling {
  const used = Array.from(flow.keys()).filter((e) => flow[e]! > 0);
  const rowOf = new Int32Array(flow.length);
  for (let i = 0; i < a.n; i++) rowOf.fill(i, pairs.start[i]!, pairs.start[i + 1]!);
  const plan = sparsePlan(
    a.n,
    b.n,
    used.map((e) => rowOf[e]!),
    used.map((e) => pairs.column[e]!),
    used.map((e) => flow[e]! * unit),
  );
  const held = exactSum(a.weight.filter((_, i) => hall.rows[i] === 1));
  const taken = exactSum(b.weight.filter((_, j) => hall.columns[j] === 1));
  // twice as much may be left by the flow as rounded weights are off, so what it could not carry is seen in the weights as they came
  const dual = held > taken ? lower : Number.NEGATIVE_INFINITY;
  return {
    solver: label,
    status: dual === upper ? "optimal" : "stalled",
    value: upper,
    regularised: upper,
    dual,
    gap: upper - dual,
    certifies: "discrete",
    unregularised: { lower: dual, upper },
    defect: defectOf(plan, a.weight, b.weight),
    potentials: null,
    plan,
    iterations,
    convention: conventionOf(p.cost, 0),
    notes: [`Hall: ${hall.rows.reduce((s, v) => s + v, 0)} points of mass ${held} have ${taken} of the other side nearer than the value.`],
    figures: { thresholds: iterations, pairs: flow.length, parts: componentsOf(plan), held, taken },
  };
}
