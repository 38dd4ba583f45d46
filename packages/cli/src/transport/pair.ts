/** One coupling from the first file to the second, and what follows from it: interpolation, map, new points. */
import type { As, Check, Coupling, Marginal, Measure, Transport } from "ottoflow/contract";
import { specError } from "ottoflow/errors";
import { pow } from "ottoflow/kernels/math";
import { type SolveOptions, solve } from "ottoflow/solve";
import { type Applied, applyCoupling } from "ottoflow/transport/apply";
import { transportChecks } from "ottoflow/transport/checks";
import { deposited, displaced } from "ottoflow/transport/interpolation";
import { barycentric } from "ottoflow/transport/plan";
import { transportProblem } from "ottoflow/transport/problem";
import { massOf, normalised, type Side } from "./sides.ts";

export interface PairOptions {
  readonly p: number;
  readonly epsilon?: number;
  /** weight of KL(marginal | side) on both sides */
  readonly unbalanced?: number;
  /** share of the smaller mass that is moved */
  readonly partial?: number;
  readonly keepMass?: boolean;
  readonly solver?: string;
  readonly tolerance?: number;
  /** frames of the interpolation, both ends included */
  readonly steps?: number;
}
export interface Pair {
  readonly from: Side;
  readonly to: Side;
  readonly problem: Transport;
  readonly answer: Coupling;
  readonly checks: readonly Check[];
  readonly holds: boolean;
  /** W_p with its p, where the value is a power of a distance */
  readonly distance: number | null;
  /** bounds of that distance from an entropic answer */
  readonly bracket: readonly [number, number] | null;
  /** how far W_p of the files may be from W_p of what was stored, where it is known */
  readonly rounding: number;
  /** [d * n] where each point of the first side goes on average */
  readonly target: Float64Array | null;
  readonly frames: { readonly times: readonly number[]; readonly measures: readonly Measure[] } | null;
  readonly notes: readonly string[];
  readonly seconds: number;
}

/** The problem that the options say, between two sides. */
export function problemOf(from: Measure, to: Measure, options: PairOptions): { readonly problem: Transport; readonly notes: readonly string[] } {
  if (options.unbalanced !== undefined && options.partial !== undefined) throw specError("transport", "takes --unbalanced or --partial, not both.");
  const bends = options.unbalanced !== undefined || options.partial !== undefined;
  const [a, b] = [massOf(from), massOf(to)];
  const divide = !(options.keepMass ?? bends);
  const [p, q] = divide ? [normalised(from), normalised(to)] : [from, to];
  const kl: Marginal | undefined = options.unbalanced === undefined ? undefined : { kind: "kl", weight: options.unbalanced };
  const atMost: Marginal | undefined = options.partial === undefined ? undefined : { kind: "at-most" };
  const smaller = divide ? 1 : Math.min(a, b);
  return {
    problem: transportProblem({
      from: p,
      to: q,
      p: options.p,
      epsilon: options.epsilon ?? 0,
      ...((kl ?? atMost) && { marginals: (kl ?? atMost) as Marginal }),
      ...(options.partial !== undefined && { mass: options.partial * smaller }),
    }),
    notes:
      divide && (Math.abs(a - 1) > 1e-9 || Math.abs(b - 1) > 1e-9)
        ? [`The sides had the masses ${a} and ${b} and were divided by them; --keep-mass leaves them.`]
        : [],
  };
}

export async function solvePair(from: Side, to: Side, options: PairOptions, run: Omit<SolveOptions, "solver" | "tolerance"> = {}): Promise<Pair> {
  const { problem, notes } = problemOf(from.measure, to.measure, options);
  const start = performance.now();
  const answer = await solvedTo(problem, options, run);
  const seconds = (performance.now() - start) / 1000;
  const checks = transportChecks(problem, answer, options.tolerance ?? (options.epsilon ? ENTROPIC : answer.certifies === "continuous" ? 1e-2 : 1e-9));
  const exponent = problem.cost.metric;
  const balanced = problem.marginals.every((m) => m.kind === "equal");
  return {
    from,
    to,
    problem,
    answer,
    checks,
    holds: !checks.some((c) => c.hard && c.verdict === "fail") && answer.status === "optimal",
    // the cost of an entropic plan has no root that is a distance; its bounds without entropy have
    distance: exponent !== undefined && balanced && problem.epsilon === 0 && answer.value >= 0 ? root(answer.value, exponent) : null,
    bracket:
      exponent !== undefined && balanced && problem.epsilon > 0 && answer.unregularised
        ? [root(Math.max(0, answer.unregularised.lower), exponent), root(Math.max(0, answer.unregularised.upper), exponent)]
        : null,
    rounding: from.rounding + to.rounding,
    target: targetOf(problem, answer),
    frames: framesOf(problem, answer, options.steps ?? 0),
    notes: [...new Set([...notes, ...from.notes, ...to.notes])],
    seconds,
  };
}
/** Relative gap that an entropic answer must reach unless said. */
const ENTROPIC = 1e-6;
/** An entropic solver also stops at small defects of the marginals, which may leave a gap that is not yet small beside the value: then it goes on. */
async function solvedTo(problem: Transport, options: PairOptions, run: Omit<SolveOptions, "solver" | "tolerance">): Promise<Coupling> {
  const solver = options.solver === undefined ? {} : { solver: options.solver };
  const tolerance = options.tolerance === undefined ? {} : { tolerance: options.tolerance };
  let answer = await solve(problem, { ...run, ...solver, ...tolerance });
  const wanted = options.tolerance ?? ENTROPIC;
  for (let again = 0; again < 3 && problem.epsilon > 0 && answer.status === "optimal"; again++) {
    const share = (wanted * Math.max(Math.abs(answer.regularised), Math.abs(answer.dual))) / answer.gap;
    if (!(share < 1 && share > 0)) break;
    const defect = Math.max(1e-12 * massOf(problem.from), 0.25 * share * Math.max(...answer.defect));
    answer = await solve(problem, { ...run, ...solver, defect });
  }
  return answer;
}
const root = (value: number, p: number): number => (p === 1 ? value : p === 2 ? Math.sqrt(value) : pow(value, 1 / p));

function pointsOf(m: Measure): { readonly n: number; readonly x: ArrayLike<number> } | null {
  if (m.rep === "particles") return m;
  return m.rep === "cells" ? { n: m.space.cells!.n, x: m.space.cells!.centre } : null;
}
function targetOf(p: Transport, answer: Coupling): Float64Array | null {
  const d = p.from.space.dim;
  const [x, y] = [pointsOf(p.from), pointsOf(p.to)];
  if (!x || !y) return null;
  if (answer.plan) return barycentric(answer.plan, d, Float64Array.from(y.x));
  if (!answer.map) return null;
  const out = new Float64Array(d * x.n);
  answer.map(x.n, Float64Array.from(x.x), out);
  return out;
}

/** Frames of the displacement interpolation: points, or densities where both sides are on one grid. */
function framesOf(p: Transport, answer: Coupling, steps: number): Pair["frames"] {
  if (steps < 2) return null;
  const times = Array.from({ length: steps }, (_, k) => k / (steps - 1));
  const grid = p.from.rep === "cells" && p.to.rep === "cells" && p.from.space.grid ? p.from.space : null;
  const at = (s: number): Measure | null => {
    if (answer.plan) return displaced(p.from, p.to, answer.plan, s);
    const [x, target] = [pointsOf(p.from), targetOf(p, answer)];
    if (!x || !target) return null;
    const weight =
      p.from.rep === "particles"
        ? p.from.weight
        : p.from.rep === "cells"
          ? Float64Array.from(p.from.rho, (r, i) => r * (p.from as As<"cells">).space.cells!.volume[i])
          : null;
    return weight && { rep: "particles", space: p.from.space, n: x.n, x: target.map((v, i) => (1 - s) * x.x[i] + s * v), weight };
  };
  const measures: Measure[] = [];
  for (const s of times) {
    const m = at(s);
    if (!m) return null;
    measures.push(grid ? (s === 0 ? p.from : s === 1 && answer.plan ? p.to : deposited(m as As<"particles">, grid)) : m);
  }
  return { times, measures };
}

/** New points through the coupling; their coordinates are the columns of `points`. */
export function applyPair(pair: Pair, points: Side): Applied {
  const m = points.measure;
  if (m.rep !== "particles") throw specError("--apply", `${points.file} holds no points.`);
  if (m.space.dim !== pair.problem.from.space.dim)
    throw specError("--apply", `${points.file} has points in ${m.space.dim} dimensions when the coupling lives in ${pair.problem.from.space.dim}.`);
  return applyCoupling(pair.problem, pair.answer, m.n, m.x);
}
