/** Entropic transport between point clouds and on tables, in the log domain at any epsilon. */
import type { Cost, Coupling, Transport, TransportOptions, TransportProgress, TransportStatus, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { infeasible } from "../balanced.ts";
import { anderson, relaxed } from "../entropic/accelerate.ts";
import { newtonOrRelaxed, STORE, solveLevels } from "../entropic/balanced.ts";
import { extended } from "../entropic/extend.ts";
import type { LevelOptions, Solved } from "../entropic/levels.ts";
import { boundsOf, paired, total } from "../entropic/measure.ts";
import { formOf, type Pairs } from "../entropic/pairs.ts";
import { entropicCoupling } from "../entropic/result.ts";
import { balanced } from "../entropic/rules.ts";
import { keptCost, lifted } from "../lift.ts";
import { atomsOf } from "../problem.ts";

const PASSES = 2000;
const TOLERANCE = 1e-7;

/** How the potentials are iterated on all points; the ways down to them use Newton. */
const iterations: Record<SinkhornIteration, LevelOptions["iterate"]> = {
  newton: newtonOrRelaxed,
  relaxed: (pairs, o) => relaxed(pairs, o),
  plain: (pairs, o) => relaxed(pairs, o, 1),
  anderson: (pairs, o) => anderson(pairs, o),
};
export type SinkhornIteration = "newton" | "relaxed" | "plain" | "anderson";

export const sinkhorn: Unit<"transport"> = defineTransport({
  kind: "sinkhorn",
  title: "entropic transport between points",
  tex: String.raw`\min_{P \in \Pi(a, b)} \langle C, P \rangle + \varepsilon\, \mathrm{KL}(P \,|\, a \otimes b)`,
  summary:
    "Sinkhorn's potentials in the log domain, float64, at any epsilon. From coarse clouds and large epsilon to all points and the epsilon asked for; far pairs are left out with a bound of their mass; truncated Newton where the kernel may be stored, over-relaxation by the observed rate where not. Stops on a certified gap (smooth dual against the rounded plan) or a defect of both marginals.",
  refs: ["cuturi2013", "altschuler2017", "schmitzer2019", "feydy2019", "thibault2021", "brauer2017", "peyre2019"],
  params: {
    iteration: {
      type: "choice",
      of: ["newton", "relaxed", "anderson", "plain"],
      default: "newton",
      doc: "how potentials are iterated on all points; Newton falls back to over-relaxation where the kernel does not fit into memory",
    },
    factor: { type: "number", default: 0.25, above: 0, below: 1, doc: "by which epsilon falls on the way" },
    store: { type: "number", default: STORE, min: 0, doc: "float32 entries of the kernel that may be stored; 0 stores none" },
    multiscale: { type: "boolean", default: true, doc: "start from coarse clouds where the cost is a power of the distance" },
  },
  examples: [{ dim: 2, params: {} }],
  build: ({ iteration, factor, store, multiscale }) => ({
    label: "sinkhorn",
    answer: "to-tolerance",
    refuses,
    estimate: (p) => estimate(p, store),
    solve: (p, options) => solveSinkhorn(p, options, { iteration: iteration as SinkhornIteration, factor, store, multiscale }),
  }),
});

function refuses(p: Transport): string | null {
  if (!(p.epsilon > 0)) return "needs an epsilon above 0";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  if (p.mass !== undefined) return "moves all the mass";
  if (p.cost.power === Number.POSITIVE_INFINITY) return "takes no bottleneck cost";
  for (const m of [p.from, p.to]) if (m.rep !== "particles" && m.rep !== "cells") return `takes points or cells, no ${m.rep}`;
  return null;
}
const sizeOf = (m: Transport["from"]): number => (m.rep === "particles" ? m.n : m.rep === "cells" ? m.space.cells!.n : 0);
function estimate(p: Transport, store: number): { work: number; bytes: number } {
  const [n, m] = [sizeOf(p.from), sizeOf(p.to)];
  const table = formOf(p.cost) === 2 ? 8 * n * m : 0;
  return { work: 600 * n * m, bytes: table + 4 * Math.min(store, n * m) + 200 * (n + m) };
}

interface Settings {
  readonly iteration: SinkhornIteration;
  readonly factor: number;
  readonly store: number;
  readonly multiscale: boolean;
}
export function* solveSinkhorn(p: Transport, options: TransportOptions, settings: Settings): Work<TransportProgress, Coupling> {
  const a = atomsOf(p.from, "from");
  const b = atomsOf(p.to, "to");
  const cost = keptCost(p.cost, a, b);
  const wanted = options.defect ?? (options.tolerance ?? TOLERANCE) * a.mass;
  const reached = (pairs: Pairs, defect: number): boolean => defect <= wanted || (options.defect === undefined && gapWillDo(pairs, p.epsilon, options));
  const passes = options.maxIterations ?? PASSES;
  const solved = yield* solveLevels(cost, a, b, p.epsilon, {
    enough: reached,
    defect: wanted,
    passes,
    factor: settings.factor,
    store: settings.iteration === "newton" ? settings.store : 0,
    multiscale: settings.multiscale,
    iterate: iterations[settings.iteration],
  });
  const forbidden = forbids(cost, solved.pairs);
  const violator = forbidden && !solved.state.done ? violatorOf(solved.pairs) : null;
  if (violator) return lifted(infeasible({ a, b, cost }, "sinkhorn", solved.passes, violator), p.cost, p.from, p.to, a, b);
  const found = entropicCoupling({
    solver: "sinkhorn",
    status: statusOf(solved),
    cost,
    a,
    b,
    pairs: solved.pairs,
    epsilon: p.epsilon,
    theta: solved.theta,
    iterations: solved.passes,
    notes: notesOf(solved, wanted, passes),
    figures: { products: solved.products, levels: solved.levels },
    forbidden,
  });
  return extended(p, lifted(found, p.cost, p.from, p.to, a, b), a, b, balanced);
}
function gapWillDo(pairs: Pairs, epsilon: number, { tolerance = TOLERANCE }: TransportOptions): boolean {
  const { regularised, dual } = boundsOf(pairs, epsilon);
  // without the constant epsilon (sum a)^2, which may dwarf all costs
  return Number.isFinite(regularised - dual) && regularised - dual <= tolerance * Math.max(Math.abs(paired(pairs)), pairs.largestCost * total(pairs.a.weight));
}
function statusOf({ state, stopped, stalled }: Solved): TransportStatus {
  if (stopped) return "aborted";
  if (state.done) return "optimal";
  if (!Number.isFinite(state.dual)) return "not-finite";
  return stalled ? "stalled" : "max-iterations";
}
function notesOf({ state, stopped, stalled }: Solved, wanted: number, passes: number): string[] {
  if (state.done) return [];
  const why = stopped ? "It was stopped" : stalled ? "It came no nearer in float64" : `It took all ${passes} passes`;
  return [`${why} at a two-sided defect of ${state.defect.toExponential(2)} when ${wanted.toExponential(2)} was asked for; the bounds hold nevertheless.`];
}
function forbids(cost: Cost, pairs: Pairs): boolean {
  if (!cost.forbids) return false;
  for (let i = 0; i < pairs.a.n; i++) for (let j = 0; j < pairs.b.n; j++) if (pairs.cost(i, j) === Number.POSITIVE_INFINITY) return true;
  return false;
}

/**
 * Where no plan exists the columns that take too much tell why: rows that may only go to these and weigh more than what they serve. Null where the
 * overfull columns prove nothing.
 */
function violatorOf(p: Pairs): { readonly rows: number[]; readonly columns: number[] } | null {
  const full = Uint8Array.from({ length: p.b.n }, (_, j) => (p.column[j]! > p.b.weight[j]! * (1 + 1e-9) ? 1 : 0));
  const served = new Uint8Array(p.b.n);
  const rows: number[] = [];
  let [supply, demand] = [0, 0];
  for (let i = 0; i < p.a.n; i++) {
    const allowed: number[] = [];
    for (let j = 0; j < p.b.n; j++) if (p.cost(i, j) < Number.POSITIVE_INFINITY) allowed.push(j);
    if (!allowed.every((j) => full[j] === 1)) continue;
    rows.push(p.a.order[i]!);
    supply += p.a.weight[i]!;
    for (const j of allowed) served[j] = 1;
  }
  const columns: number[] = [];
  for (let j = 0; j < p.b.n; j++)
    if (served[j]) {
      columns.push(p.b.order[j]!);
      demand += p.b.weight[j]!;
    }
  return supply > demand * (1 + 1e-9) ? { rows, columns } : null;
}
