/** Entropic transport whose marginals bend: drawn by KL, at most, or a given mass; one side may stay equal. */
import type { Cost, Coupling, Marginal, Plan, Transport, TransportOptions, TransportProgress, TransportStatus, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { tooHeavy } from "../balanced.ts";
import { bentConvention } from "../certificate.ts";
import { relaxed } from "../entropic/accelerate.ts";
import { bentBounds } from "../entropic/bent.ts";
import { extended, withPartners } from "../entropic/extend.ts";
import { type LevelOptions, type Solved, throughLevels } from "../entropic/levels.ts";
import { defects, dualOf, massOf } from "../entropic/measure.ts";
import { newton } from "../entropic/newton.ts";
import { type Ordered, ordered } from "../entropic/order.ts";
import { formOf, type Pairs } from "../entropic/pairs.ts";
import { openPartial, type Partial } from "../entropic/partial.ts";
import { blockOf, gibbsPlan, turned } from "../entropic/plan.ts";
import { inOrder } from "../entropic/result.ts";
import { type Rules, ruleOf } from "../entropic/rules.ts";
import { keptCost, lifted } from "../lift.ts";
import { sparsePlan, transposed } from "../plan.ts";
import { type Atoms, atomsOf } from "../problem.ts";

const STORE = 1.2e8;
const PASSES = 5000;
const TOLERANCE = 1e-7;
/** What a gap may be over its tolerance where the marginals are within it. */
const LOOSE = 5;

export const sinkhornUnbalanced: Unit<"transport"> = defineTransport({
  kind: "sinkhorn-unbalanced",
  title: "entropic transport with bending marginals",
  tex: String.raw`\min_{P \ge 0} \langle C, P \rangle + \varepsilon\, \mathrm{KL}(P \,|\, a \otimes b) + D_1(P_1 \,|\, a) + D_2(P_2 \,|\, b)`,
  summary:
    "Each marginal equal, drawn to its measure by a weight of KL, or at most it; or a given mass moved, each marginal at most. Damped updates with the shift of potentials that is best for the dual, truncated Newton where the kernel may be stored; where a mass is given, at the price that moves it, else alternating projections. The gap is between the dual and the plan itself, rounded only towards marginals that do not bend.",
  refs: ["chizat2018scaling", "sejourne2019", "sejourne2022", "benamou2015"],
  params: {
    store: { type: "number", default: STORE, min: 0, doc: "float32 entries of the kernel that may be stored; 0 stores none" },
    factor: { type: "number", default: 0.25, above: 0, below: 1, doc: "by which epsilon falls on the way" },
  },
  examples: [{ dim: 2, params: {} }],
  build: ({ store, factor }) => ({
    label: "sinkhorn-unbalanced",
    answer: "to-tolerance",
    refuses,
    estimate: (p) => {
      const [n, m] = [sizeOf(p.from), sizeOf(p.to)];
      return { work: 1000 * n * m, bytes: (formOf(p.cost) === 2 ? 8 * n * m : 0) + 4 * Math.min(store, n * m) + 200 * (n + m) };
    },
    solve: (p, options) => solveUnbalanced(p, options, store, factor),
  }),
});
function refuses(p: Transport): string | null {
  if (!(p.epsilon > 0)) return "needs an epsilon above 0";
  if (p.marginals.every((m) => m.kind === "equal")) return "is for marginals that bend";
  if (p.mass !== undefined && p.marginals.some((m) => m.kind !== "at-most")) return "takes a mass only where both marginals are at most";
  if (p.mass === 0) return "moves some mass";
  if (p.cost.power === Number.POSITIVE_INFINITY) return "takes no bottleneck cost";
  if (p.cost.forbids && p.marginals.some((m) => m.kind !== "kl")) return "takes forbidden pairs only under KL on both sides";
  for (const m of [p.from, p.to]) if (m.rep !== "particles" && m.rep !== "cells") return `takes points or cells, no ${m.rep}`;
  return null;
}
const sizeOf = (m: Transport["from"]): number => (m.rep === "particles" ? m.n : m.rep === "cells" ? m.space.cells!.n : 0);
/** the harder a marginal, the earlier: rows are the side that a pass makes right */
const hardness = (m: Marginal): number => (m.kind === "equal" ? 2 : m.kind === "at-most" ? 1 : 0);

function* solveUnbalanced(p: Transport, options: TransportOptions, store: number, factor: number): Work<TransportProgress, Coupling> {
  const sides = [atomsOf(p.from, "from"), atomsOf(p.to, "to")] as const;
  const whole = keptCost(p.cost, ...sides);
  const { a, b, alone, price } = whole.forbids ? withPartners(whole, ...sides, p.epsilon, p.marginals) : { a: sides[0], b: sides[1], alone: 0, price: 0 };
  if (a.n === 0) return nothingMoves(p, sides, price);
  const cost = alone > 0 ? keptCost(p.cost, a, b) : whole;
  const heavy = tooHeavy(p, { a, b, cost }, "sinkhorn-unbalanced");
  if (heavy && p.marginals.some((m) => m.kind === "at-most")) return heavy;
  const flipped = hardness(p.marginals[1]) > hardness(p.marginals[0]);
  const [x, y, c, marginals] = flipped ? ([b, a, turned(cost), [p.marginals[1], p.marginals[0]]] as const) : ([a, b, cost, p.marginals] as const);
  const rules: Rules = [ruleOf(marginals[0]), ruleOf(marginals[1])];
  const partial = p.mass === undefined ? null : openPartial(p.mass);
  const solved = yield* descend(c, x, y, p, options, rules, partial, store, factor);
  const { regularised, dual, ...rest } = couplingOf(solved, c, x, y, p, options, rules, partial);
  const found = { ...rest, regularised: regularised + price, dual: dual + price };
  const back = lifted(flipped ? turnedBack(found) : found, p.cost, p.from, p.to, a, b, alone);
  return extended(p, back, a, b, partial ? partial.rules() : (p.marginals.map(ruleOf) as unknown as Rules));
}
/** Every pair is forbidden: all of either side dies or is born, at the price of its KL term. */
function nothingMoves(p: Transport, [a, b]: readonly [Atoms, Atoms], price: number): Coupling {
  const [f, g] = [a, b].map((side) => new Float64Array(side.of).fill(Number.POSITIVE_INFINITY)) as [Float64Array, Float64Array];
  return {
    solver: "sinkhorn-unbalanced",
    status: "optimal",
    value: 0,
    regularised: price,
    dual: price,
    gap: 0,
    certifies: "discrete",
    defect: [0, 0],
    potentials: { f, g, components: a.of + b.of, kind: "entropic" },
    plan: sparsePlan(a.of, b.of, [], [], []),
    iterations: 0,
    convention: bentConvention(p),
    notes: ["No point has an allowed partner: nothing moves, and the potentials are +Infinity."],
    figures: { mass: 0, moved: 0 },
  };
}
function* descend(
  cost: Cost,
  a: Atoms,
  b: Atoms,
  p: Transport,
  options: TransportOptions,
  rules: Rules,
  partial: Partial | null,
  store: number,
  factor: number,
): Generator<TransportProgress, Solved, "stop" | undefined> {
  const sorted = formOf(cost) !== 2;
  const block = blockOf(a.n, b.n, sorted);
  const side = (s: Atoms): Ordered => ordered(s.n, s.d, s.x, s.weight, block, sorted);
  const wanted = wantedDefect(options, a, b, p.mass);
  const gapWithin = (pairs: Pairs, tolerance: number): boolean => {
    const { upper, dual } = boundsAt(pairs, p, rules, partial);
    return Number.isFinite(upper - dual) && upper - dual <= tolerance * Math.max(Math.abs(upper), 1e-3 * pairs.largestCost * Math.min(a.mass, b.mass));
  };
  const newtonOr: LevelOptions["iterate"] = (pairs, o) => {
    pairs.select(o.epsilon, o.theta);
    return pairs.storable ? newton(pairs, o) : relaxed(pairs, o, 1);
  };
  return yield* throughLevels(cost, side(a), side(b), {
    epsilon: p.epsilon,
    enough(pairs, defect) {
      if (options.defect !== undefined) return defect <= wanted;
      const tolerance = options.tolerance ?? TOLERANCE;
      // what a plan of a given mass lacks is filled at the largest cost: a small defect alone proves little
      return (defect <= wanted && (!partial || gapWithin(pairs, LOOSE * tolerance))) || gapWithin(pairs, tolerance);
    },
    defect: wanted,
    passes: options.maxIterations ?? PASSES,
    factor,
    store,
    block,
    coarsest: 60,
    multiscale: sorted && a.d <= 6,
    rules,
    iterate: partial ? partial.iterate : newtonOr,
    ...(partial && { rough: partial.iterate }),
  });
}
const wantedDefect = (o: TransportOptions, a: Atoms, b: Atoms, mass?: number): number =>
  o.defect ?? (o.tolerance ?? TOLERANCE) * (mass ?? Math.min(a.mass, b.mass));

function boundsAt(pairs: Pairs, p: Transport, rules: Rules, partial: Partial | null): { upper: number; dual: number; moved: number } {
  const { regularised, moved } = bentBounds(pairs, p.epsilon, rules, p.mass);
  if (!partial) return { upper: regularised, dual: dualOf(pairs, p.epsilon, rules), moved };
  // the pairing of f + lambda with the plan counts the price of its mass
  return { upper: regularised, dual: partial.dual(pairs, p.epsilon), moved };
}
function couplingOf(solved: Solved, cost: Cost, a: Atoms, b: Atoms, p: Transport, options: TransportOptions, rules: Rules, partial: Partial | null): Coupling {
  const { pairs, state } = solved;
  const { upper, dual, moved } = boundsAt(pairs, p, rules, partial);
  const [rows, columns] = defects(pairs, partial ? partial.rules() : rules);
  const left = pairs.left(p.epsilon);
  const [f, g] = [inOrder(pairs.a, pairs.f), inOrder(pairs.b, pairs.g)];
  return {
    solver: "sinkhorn-unbalanced",
    status: statusOf(solved),
    value: pairs.pay.subarray(0, a.n).reduce((s, v) => s + v, 0),
    regularised: upper,
    dual,
    gap: upper - dual,
    certifies: "discrete",
    defect: [rows + left, columns + left],
    potentials: { f, g, components: 1, kind: "entropic" },
    plan: gibbsPlan({ cost, a, b, f, g, epsilon: p.epsilon, theta: left > 0 ? solved.theta : 0, entries: pairs.count }),
    iterations: solved.passes,
    convention: bentConvention(p),
    notes: [
      ...(state.done
        ? []
        : [`It ended at a residual of ${state.defect.toExponential(2)} when ${wantedDefect(options, a, b, p.mass).toExponential(2)} was asked for.`]),
      "`defect` is how far the marginals are from what the potentials ask for.",
      ...(partial ? ["The potentials of the first side include the price of mass, figures.lambda."] : []),
      ...(left > 0 ? [`Far pairs were left out: they hold at most ${left.toExponential(2)} of the mass.`] : []),
    ],
    figures: { mass: massOf(pairs), moved, products: solved.products, levels: solved.levels, pairs: pairs.count, ...(partial && { lambda: partial.lambda }) },
  };
}
function statusOf({ state, stopped, stalled }: Solved): TransportStatus {
  if (stopped) return "aborted";
  if (state.done) return "optimal";
  if (!Number.isFinite(state.dual)) return "not-finite";
  return stalled ? "stalled" : "max-iterations";
}
/** The answer for the sides as they came. */
function turnedBack(found: Coupling): Coupling {
  const plan: Plan | null = found.plan && transposed(found.plan);
  const { potentials } = found;
  return { ...found, plan, defect: [found.defect[1], found.defect[0]], potentials: potentials && { ...potentials, f: potentials.g, g: potentials.f } };
}
