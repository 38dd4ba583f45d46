/**
 * The Sinkhorn divergence S(a, b) = OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2: entropic transport without its bias. It is zero where a = b, and for |x - y|^p
 * with p <= 2 positive and convex in each argument. Gradients by the envelope theorem. [feydy2019]
 */
import type { Cost, Measure, Transport, TransportOptions, TransportProgress, Work } from "../contract.ts";
import { OttoflowError } from "../errors.ts";
import { exp, log } from "../kernels/math.ts";
import { conventionOf } from "./certificate.ts";
import { gapOf, solveLevels } from "./entropic/balanced.ts";
import { massOf, paired, total } from "./entropic/measure.ts";
import { inOrder } from "./entropic/result.ts";
import { slopes } from "./entropic/slopes.ts";
import { type Symmetric, symmetric } from "./entropic/symmetric.ts";
import { type Atoms, atomsOf, type TransportInput, transportProblem } from "./problem.ts";

export interface SinkhornDivergence {
  readonly value: number;
  /** OT(a, b), OT(a, a), OT(b, b) */
  readonly parts: readonly [number, number, number];
  /** the value is off by at most this: gaps of the three */
  readonly error: number;
  /** of the value in the positions of both sides, [d * n] and [d * m], per point (weights included) */
  readonly gradient: readonly [Float64Array, Float64Array];
  /** of the value in the weights, f_ab - f_aa and g_ab - g_bb; up to one constant on either side, as masses must agree */
  readonly weights: readonly [Float64Array, Float64Array];
  readonly status: "optimal" | "max-iterations" | "aborted";
  readonly iterations: readonly [number, number, number];
  readonly convention: string;
}
export interface DivergenceOptions extends TransportOptions {
  /** false leaves the gradients out */
  readonly gradients?: boolean;
}

/** @throws tagged errors on problems that do not fit together, on tables (which have no a with a) and epsilon 0 */
export function sinkhornDivergence(input: TransportInput, options: DivergenceOptions = {}): SinkhornDivergence {
  const work = sinkhornDivergenceWork(input, options);
  let next = work.next();
  while (!next.done) next = work.next(options.signal?.aborted ? "stop" : undefined);
  return next.value;
}
/** The same as work that yields its progress. */
export function* sinkhornDivergenceWork(input: TransportInput, options: DivergenceOptions = {}): Work<TransportProgress, SinkhornDivergence> {
  const p = transportProblem(input);
  checkDivergence(p);
  const a = atomsOf(p.from, "from");
  const b = atomsOf(p.to, "to");
  const wanted = options.defect ?? (options.tolerance ?? 1e-9) * a.mass;
  const solved = yield* solveLevels(p.cost, a, b, p.epsilon, {
    defect: wanted,
    passes: options.maxIterations ?? 2000,
    enough: (_, defect) => defect <= wanted,
  });
  const { pairs } = solved;
  const own = { defect: wanted, theta: solved.theta, passes: 200, block: solved.block };
  const aa = yield* symmetric(p.cost, pairs.a, p.epsilon, own);
  const bb = yield* symmetric(p.cost, pairs.b, p.epsilon, own);
  const mass = total(pairs.a.weight) * total(pairs.b.weight);
  const ab = paired(pairs) - p.epsilon * (massOf(pairs) - mass);
  const [f, g] = [inOrder(pairs.a, pairs.f), inOrder(pairs.b, pairs.g)];
  const [fa, gb] = [inOrder(aa.pairs.a, aa.pairs.f), inOrder(bb.pairs.a, bb.pairs.f)];
  const wants = options.gradients ?? true;
  return {
    value: ab - 0.5 * aa.value - 0.5 * bb.value,
    parts: [ab, aa.value, bb.value],
    error: gapOf(pairs, p.epsilon) + 0.5 * (ownGap(aa) + ownGap(bb)),
    gradient: wants ? [positions(p.cost, p.from, a, b, f, g, fa, p.epsilon), positions(p.cost, p.to, b, a, g, f, gb, p.epsilon)] : [none, none],
    weights: wants ? [weights(p.cost, p.from, a, b, g, fa, p.epsilon, f), weights(p.cost, p.to, b, a, f, gb, p.epsilon, g)] : [none, none],
    status: solved.stopped ? "aborted" : solved.state.done ? "optimal" : "max-iterations",
    iterations: [solved.passes, aa.passes, bb.passes],
    convention: `OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2, OT = ${conventionOf(p.cost, p.epsilon)}`,
  };
}
const none = new Float64Array(0);
function checkDivergence(p: Transport): void {
  const missing = [
    ...(p.epsilon > 0 ? [] : ["an epsilon above 0"]),
    ...(p.cost.table ? ["a cost between points: a table has none of a with a"] : []),
    ...(p.marginals.every((m) => m.kind === "equal") ? [] : ["equal marginals"]),
  ];
  if (missing.length > 0) throw new OttoflowError("UnsupportedError", `Sinkhorn divergence: needs ${missing.join(" and ")}.`, { missing });
}
/** Rounding moves at most the defect over the largest cost. */
const ownGap = (s: Symmetric): number => s.defect * (s.pairs.largestCost + 2 * s.pairs.f.reduce((t, v) => Math.max(t, Math.abs(v)), 0));

/** sum_j P_ij grad_1 c(x_i, y_j) - sum_j Paa_ij grad_1 c(x_i, x_j), zero at points without mass. */
function positions(cost: Cost, from: Measure, a: Atoms, b: Atoms, f: Float64Array, g: Float64Array, own: Float64Array, epsilon: number): Float64Array {
  const there = slopes(cost, a, b, f, g, epsilon);
  const self = slopes(cost, a, a, own, own, epsilon);
  const out = new Float64Array(from.space.dim * a.of);
  for (let k = 0; k < a.d; k++) for (let i = 0; i < a.n; i++) out[k * a.of + (a.index ? a.index[i]! : i)] = there[k * a.n + i]! - self[k * a.n + i]!;
  return out;
}
/** f - f_aa; where a point has no mass, of the potentials as functions of the place. */
function weights(cost: Cost, from: Measure, a: Atoms, b: Atoms, g: Float64Array, own: Float64Array, epsilon: number, f: Float64Array): Float64Array {
  const out = new Float64Array(a.of).fill(Number.NaN);
  for (let i = 0; i < a.n; i++) out[a.index ? a.index[i]! : i] = f[i]! - own[i]!;
  const x = from.rep === "particles" ? from.x : from.rep === "cells" ? from.space.cells!.centre : none;
  for (let i = 0; i < a.of; i++) if (Number.isNaN(out[i]!)) out[i] = softminAt(cost, i, a.of, x, b, g, epsilon) - softminAt(cost, i, a.of, x, a, own, epsilon);
  return out;
}
function softminAt(cost: Cost, i: number, n: number, x: ArrayLike<number>, b: Atoms, g: Float64Array, epsilon: number): number {
  const row = new Float64Array(b.n);
  cost.row(i, n, x as Float64Array, b.n, b.x, row);
  let most = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < b.n; j++) {
    row[j] = (g[j]! - row[j]!) / epsilon;
    most = Math.max(most, row[j]!);
  }
  let s = 0;
  for (let j = 0; j < b.n; j++) s += b.weight[j]! * exp(row[j]! - most);
  return -epsilon * (most + log(s));
}
