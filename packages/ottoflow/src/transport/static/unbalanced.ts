/** Transport without entropy whose marginals are drawn to their measures by KL; one side may stay equal. */
import type { Coupling, Marginal, Transport, TransportOptions, TransportProgress, TransportSolver, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { exp, expm1, log, log1p } from "../../kernels/math.ts";
import { exactStatus, notFinite, sizeOf, unsolved } from "../balanced.ts";
import { type BendingFound, bendingForest } from "../bending.ts";
import { bentConvention, componentsOf, costOf, cTransform, dot } from "../certificate.ts";
import { withPartners } from "../entropic/extend.ts";
import { keptCost, lifted } from "../lift.ts";
import { marginalsOf, sparsePlan } from "../plan.ts";
import { type Atoms, atomsOf, exactSum } from "../problem.ts";

const label = "unbalanced";

export const unbalanced: Unit<"transport"> = defineTransport({
  kind: label,
  title: "marginals drawn by KL, exact",
  tex: String.raw`\min_{P \ge 0} \langle C, P \rangle + \lambda_1 \mathrm{KL}(P_1 \,|\, a) + \lambda_2 \mathrm{KL}(P_2 \,|\, b)`,
  summary:
    "Unbalanced transport without entropy, for any costs and forbidden pairs; one side may be kept as it is. A simplex method for a convex problem: the pairs in use form a forest, whose trees have their flows and potentials in closed form; pairs of negative reduced cost enter until there is none. The plan is sparse, the gap is rounding. Costs are computed as they are needed, memory grows with the points. Points without an allowed partner die or are born where they stand.",
  refs: ["chizat2018", "liero2018", "ahuja1993"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: (): TransportSolver => ({ label, answer: "exact", refuses, estimate, solve: couple }),
});
function refuses(p: Transport): string | null {
  if (p.epsilon > 0) return "carries no entropy: give epsilon 0";
  if (!p.marginals.some((m) => m.kind === "kl")) return "needs a marginal drawn by KL";
  if (p.marginals.some((m) => m.kind === "at-most")) return "takes no marginal that is at most beside one that is drawn by KL: give an epsilon";
  if (p.cost.power === Number.POSITIVE_INFINITY) return "minimises a sum of costs, not the largest of them";
  if (![p.from, p.to].every((m) => m.rep === "particles" || m.rep === "cells")) return "needs measures made of points: particles or cells";
  return null;
}
/** As measured in the plane: pairs enter some times the number of points, each looks at a row and at its tree. */
function estimate(p: Transport): { work: number; bytes: number } {
  const [n, m] = [sizeOf(p.from), sizeOf(p.to)];
  return { work: 100 * (n + m) * (n + m) + 20 * n * m, bytes: 300 * (n + m) };
}

const weightOf = (m: Marginal): number => (m.kind === "kl" ? m.weight : Number.POSITIVE_INFINITY);

function* couple(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling> {
  const all = [atomsOf(p.from, "from"), atomsOf(p.to, "to")] as const;
  const whole = keptCost(p.cost, ...all);
  const { a, b, alone, price } = whole.forbids ? withPartners(whole, ...all, 0, p.marginals) : { a: all[0], b: all[1], alone: 0, price: 0 };
  const unserved = p.marginals.findIndex((m, k) => m.kind === "equal" && [a, b][k]!.n < all[k]!.n);
  if (unserved >= 0) return notServed(p, all[unserved]!, [a, b][unserved]!, unserved);
  const cost = alone > 0 ? keptCost(p.cost, a, b) : whole;
  const weights = [weightOf(p.marginals[0]), weightOf(p.marginals[1])] as const;
  if (a.n > 0 && !finite(cost, a, b)) return { ...notFinite(label, p.cost), convention: bentConvention(p) };
  const found = a.n === 0 ? nothing : yield* forest(bendingForest(cost, a, b, weights, options.maxIterations));
  const judged = judge(p, cost, a, b, weights, price, found);
  const coupling = lifted(exactStatus(judged, options), p.cost, p.from, p.to, a, b, alone);
  return alone > 0 ? withInfinity(coupling, all, [a, b]) : coupling;
}
/** Points of a side that must be kept have no allowed partner. */
function notServed(p: Transport, all: Atoms, kept: Atoms, side: number): Coupling {
  const served = placesOf(kept);
  const points = [...placesOf(all)].filter((i) => !served.has(i));
  const shown = `${points.slice(0, 12).join(", ")}${points.length > 12 ? ", …" : ""}`;
  const note = `The ${points.length} points ${shown} of the ${side === 0 ? "first" : "second"} side, which is to be kept, have no allowed partner.`;
  return { ...unsolved(label, 0, bentConvention(p)), status: "infeasible", notes: [note] };
}
const placesOf = (s: Atoms): Set<number> => new Set(s.index ?? Array.from({ length: s.n }, (_, i) => i));

const nothing: BendingFound = { from: [], to: [], mass: [], f: new Float64Array(0), g: new Float64Array(0), pivots: 0, ended: "done" };
function* forest(work: ReturnType<typeof bendingForest>): Work<TransportProgress, BendingFound> {
  let next = work.next();
  while (!next.done) next = work.next(yield { stage: "pairs that enter", gap: null, defect: null, ...next.value });
  return next.value;
}
/** Each row's cheapest cost is a number, and so is the largest where nothing is forbidden. */
function finite(cost: Transport["cost"], a: Atoms, b: Atoms): boolean {
  if (cost.forbids) return true;
  const row = new Float64Array(b.n);
  for (let i = 0; i < a.n; i++) {
    cost.row(i, a.n, a.x, b.n, b.x, row);
    for (let j = 0; j < b.n; j++) if (!(Math.abs(row[j]!) < Number.POSITIVE_INFINITY)) return false;
  }
  return true;
}

/** weight (p log(p / w) - p + w), as exact for p near w as for p far from it; 0 for an equal marginal. */
function penalty(weight: number, of: Float64Array, moved: Float64Array): number {
  if (weight === Number.POSITIVE_INFINITY) return 0;
  return weight * exactSum(moved.map((p, i) => divergence(p, of[i]!)));
}
function divergence(p: number, w: number): number {
  if (p === 0) return w;
  const u = (p - w) / w;
  return Math.abs(u) < 0.5 ? w * ((1 + u) * log1p(u) - u) : p * (log(p) - log(w)) - p + w;
}
const dualTerm = (weight: number, of: Float64Array, potential: Float64Array): number =>
  weight === Number.POSITIVE_INFINITY ? dot(of, potential) : -weight * exactSum(potential.map((f, i) => of[i]! * expm1(-f / weight)));

/** The second potential is made afresh as the largest that is feasible with the first: the dual is a lower bound whatever was found. */
function judge(
  p: Transport,
  cost: Transport["cost"],
  a: Atoms,
  b: Atoms,
  [first, second]: readonly [number, number],
  price: number,
  { from, to, mass, f, pivots, ended }: BendingFound,
): Coupling {
  const g = cTransform(cost, a, b, f);
  const plan = sparsePlan(a.n, b.n, from, to, mass);
  const value = costOf(plan, cost, a, b);
  const [rows, columns] = marginalsOf(plan);
  const regularised = exactSum([value, penalty(first, a.weight, rows), penalty(second, b.weight, columns), price]);
  const dual = exactSum([dualTerm(first, a.weight, f), dualTerm(second, b.weight, g), price]);
  const asked = (weight: number, w: number, potential: number): number => (weight === Number.POSITIVE_INFINITY ? w : w * exp(-potential / weight));
  const off = (weight: number, side: Atoms, potential: Float64Array, moved: Float64Array): number =>
    exactSum(moved.map((v, i) => Math.abs(v - asked(weight, side.weight[i]!, potential[i]!))));
  const blur = (side: Atoms, potential: Float64Array, moved: Float64Array, hard: boolean): number =>
    exactSum(
      moved.map((v, i) => {
        const miss = hard ? Math.min(Math.abs(v - side.weight[i]!), 1e-12 * side.mass) : 0;
        return Math.abs(potential[i]!) * (16 * Number.EPSILON * (v + side.weight[i]!) + miss);
      }),
    );
  return {
    solver: label,
    status: ended === "done" ? "optimal" : ended,
    value,
    regularised,
    dual,
    gap: regularised - dual,
    rounding:
      4 * Number.EPSILON * (Math.abs(value) + Math.abs(regularised)) +
      blur(a, f, rows, first === Number.POSITIVE_INFINITY) +
      blur(b, g, columns, second === Number.POSITIVE_INFINITY),
    certifies: "discrete",
    defect: [off(first, a, f, rows), off(second, b, g, columns)],
    potentials: { f, g, components: componentsOf(plan), kind: "feasible" },
    plan,
    iterations: pivots,
    convention: bentConvention(p),
    notes: [
      "`defect` is how far the marginals are from what the potentials ask for.",
      ...(a.n === 0 ? ["No point has an allowed partner: nothing moves."] : []),
    ],
    figures: { mass: exactSum(rows), pivots },
  };
}
/** Mass without an allowed partner is given up whatever it costs: its potential is +Infinity. */
function withInfinity(found: Coupling, all: readonly [Atoms, Atoms], kept: readonly [Atoms, Atoms]): Coupling {
  const [f, g] = [found.potentials!.f, found.potentials!.g].map((row, k) => {
    const out = row.slice();
    const left = placesOf(kept[k]!);
    for (const i of placesOf(all[k]!)) if (!left.has(i)) out[i] = Number.POSITIVE_INFINITY;
    return out;
  }) as [Float64Array, Float64Array];
  return { ...found, potentials: { ...found.potentials!, f, g } };
}
