import type { Coupling, Transport, TransportOptions, TransportProgress, TransportSolver, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import {
  answered,
  type Balanced,
  balancedOf,
  exactStatus,
  infeasible,
  isBalanced,
  listing,
  lopsided,
  notFinite,
  outOfRoom,
  progressOf,
  refusesExact,
  sizeOf,
  tooHeavy,
  unsolved,
} from "../balanced.ts";
import { conventionOf } from "../certificate.ts";
import { slackOf, type WholeMasses, wholeMasses } from "../masses.ts";
import { type Pairs, pairsBytes, pathsInList } from "../paths-listed.ts";
import { type Further, pathsBetweenPoints, pathsBytes } from "../paths-module.ts";

const label = "shortest-paths";
/** Up to this many pairs the judge looks at all of them; beyond, the trees find the same least ones. */
const PAIRS = 1e6;
const BITS = 60;

export const shortestPaths: Unit<"transport"> = defineTransport({
  kind: label,
  title: "shortest paths over near pairs",
  tex: String.raw`\min_{P \ge 0} \sum_{ij} |x_i - y_j|^p P_{ij}, \quad P 1 = a,\ P^T 1 = b`,
  summary:
    "Exact transport in bounded memory between points of low dimension for powers of the distance, or over a list of allowed pairs with any costs; partial too, where what stays goes to a further point at no cost. Successive shortest paths over lists of near pairs that lengthen where a path could be shorter elsewhere, with first potentials from coarser clouds. Masses are whole numbers inside. The potentials are judged among all pairs, by k-d trees for many points. In the plane, time grows little faster than the number of points for equal weights.",
  refs: ["jonkervolgenant1987", "ahuja1993", "friedmanbentleyfinkel1977", "merigot2011", "caffarellimccann2010"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: (): TransportSolver => ({ label, answer: "exact", refuses, estimate, solve: couple }),
});

function refuses(p: Transport): string | null {
  const near = p.cost.power !== undefined && Number.isFinite(p.cost.power) && !p.cost.forbids;
  if (!near && !p.cost.listed) return "takes powers of the distance, or a list of allowed pairs";
  return refusesExact(p);
}

/** Measured: nanoseconds a point. Lists grow dear with the dimension; unequal weights join the points into large parts that every search goes through. */
function estimate(p: Transport): { work: number; bytes: number } {
  const [n, m, d] = [sizeOf(p.from), sizeOf(p.to), p.from.space.dim];
  const points = n + m;
  const even = isBalanced(p) && n === m && sameWeights(p.from) && sameWeights(p.to);
  const search = even ? 5000 + 0.1 * points : 10_000 + 8 * points;
  const { listed } = p.cost;
  if (listed) return { work: points * search + 100 * listed.to.length, bytes: pairsBytes(n, m, listed.to.length) + 24 * listed.to.length };
  // where the cost is not strictly convex far pairs are as good as near ones, and lists grow
  const far = p.cost.power! < 2 ? 10 : 1;
  return { work: far * points * (search + listing(p)) + 0.2 * lopsided(p), bytes: pathsBytes(n, m, d) };
}
function sameWeights(m: Transport["from"]): boolean {
  const w = m.rep === "particles" ? m.weight : null;
  if (!w) return false;
  for (let i = 1; i < w.length; i++) if (w[i] !== w[0]) return false;
  return true;
}

function* couple(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling> {
  const balanced = balancedOf(p);
  const { a, b, cost, supply, demand, mass } = balanced;
  const heavy = tooHeavy(p, balanced, label);
  if (heavy) return heavy;
  const whole = wholeMasses(supply, demand, mass[0], mass[1], BITS);
  const further: Further = { row: balanced.further.row ? whole.supply[a.n]! : 0n, column: balanced.further.column ? whole.demand[b.n]! : 0n };
  const [left, lacks] = [whole.supply.subarray(0, a.n), whole.demand.subarray(0, b.n)];
  if (cost.listed) return yield* overPairs(p, options, balanced, whole, further);
  const end = yield* progressOf(pathsBetweenPoints(a.d, cost.power!, { ...a, mass: left }, { ...b, mass: lacks }, further));
  if (end === "full") return outOfRoom(label, cost);
  if (end === "aborted" || "violator" in end) return { ...unsolved(label, 0, conventionOf(cost, 0)), status: "aborted" };
  const { transform, ...found } = end;
  const coupling = answered(p, balanced, {
    solver: label,
    status: "optimal",
    ...found,
    mass: Float64Array.from(found.mass, (v) => Number(v) * whole.unit),
    iterations: found.augmentations,
    ...(a.n * b.n > PAIRS && transform && { transform }),
  });
  return exactStatus(coupling, options);
}

function* overPairs(p: Transport, options: TransportOptions, balanced: Balanced, whole: WholeMasses, further: Further): Work<TransportProgress, Coupling> {
  const { a, b, cost } = balanced;
  const pairs = pricedPairs(balanced);
  if (!pairs) return notFinite(label, cost);
  const [left, lacks] = [whole.supply.subarray(0, a.n), whole.demand.subarray(0, b.n)];
  const end = yield* progressOf(pathsInList(a.n, b.n, pairs, left, lacks, further, slackOf(a.n, b.n, whole.supply)));
  if (end === "full") return outOfRoom(label, cost);
  if (end === "aborted") return { ...unsolved(label, 0, conventionOf(cost, 0)), status: "aborted" };
  if ("violator" in end) return infeasible(balanced, label, end.augmentations, end.violator);
  const coupling = answered(p, balanced, {
    solver: label,
    ...end,
    status: "optimal",
    mass: Float64Array.from(end.mass, (v) => Number(v) * whole.unit),
    iterations: end.augmentations,
  });
  return exactStatus(coupling, options);
}
/** The listed pairs with their costs, without those that cost Infinity all the same; null where a cost is no number. */
function pricedPairs({ a, b, cost }: Balanced): Pairs | null {
  const { start, to } = cost.listed!;
  const [rows, columns, costs] = [new Int32Array(start.length), new Int32Array(to.length), new Float64Array(to.length)];
  let top = 0;
  for (let i = 0; i < a.n; i++) {
    for (let e = start[i]!; e < start[i + 1]!; e++) {
      const c = cost.at(i, to[e]!, a.n, a.x, b.n, b.x);
      if (c === Number.POSITIVE_INFINITY) continue;
      if (!Number.isFinite(c)) return null;
      columns[top] = to[e]!;
      costs[top++] = c;
    }
    rows[i + 1] = top;
  }
  return { start: rows, to: columns.subarray(0, top), cost: costs.subarray(0, top) };
}
