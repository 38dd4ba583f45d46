/** Balanced entropic transport of atoms with the usual settings: what divergence, gradients and batches share. */
import type { Cost, TransportProgress } from "../../contract.ts";
import type { Atoms } from "../problem.ts";
import { relaxed } from "./accelerate.ts";
import { type LevelOptions, type Solved, throughLevels } from "./levels.ts";
import { boundsOf } from "./measure.ts";
import { newton } from "./newton.ts";
import { ordered } from "./order.ts";
import { formOf, type Pairs } from "./pairs.ts";
import { blockOf } from "./plan.ts";
import { balanced } from "./rules.ts";
import { twoLevel } from "./two-level.ts";

/** float32 entries of the kernel that are stored for Newton's step at most: 480 MB */
export const STORE = 1.2e8;

export function* solveLevels(
  cost: Cost,
  a: Atoms,
  b: Atoms,
  epsilon: number,
  o: Pick<LevelOptions, "defect" | "passes" | "enough"> & Partial<Pick<LevelOptions, "factor" | "store" | "multiscale" | "iterate">>,
): Generator<TransportProgress, Solved & { readonly block: number }, "stop" | undefined> {
  const sorted = formOf(cost) !== 2;
  const block = blockOf(a.n, b.n, sorted);
  const solved = yield* throughLevels(cost, ordered(a.n, a.d, a.x, a.weight, block, sorted), ordered(b.n, b.d, b.x, b.weight, block, sorted), {
    epsilon,
    factor: 0.25,
    store: STORE,
    block,
    coarsest: 60,
    iterate: newtonOrRelaxed,
    ...o,
    multiscale: (o.multiscale ?? true) && sorted && a.d <= 6,
  });
  return { ...solved, block };
}
/** The stored entries must hold this much of P for Newton's step to be one. */
const HELD = 0.13;
/** Newton where P, or its largest entries, fit into the memory set aside, else over-relaxation. */
export const newtonOrRelaxed: LevelOptions["iterate"] = function* (pairs, o) {
  pairs.select(o.epsilon, o.theta);
  if (pairs.storable) return yield* newton(pairs, o);
  if (pairs.room < HELD * pairs.count) return yield* byBlocks(pairs, o);
  const state = yield* newton(pairs, o, 10);
  if (!state.stalled) return state;
  // the entries left out were needed
  const rest = yield* byBlocks(pairs, { ...o, passes: Math.max(1, o.passes - state.passes) });
  return { ...rest, passes: rest.passes + state.passes, products: rest.products + state.products };
};
/** Corrected by blocks of points where there are such, else over-relaxed. */
const byBlocks: LevelOptions["iterate"] = function* (pairs, o) {
  const hard = (o.rules ?? balanced).every((r) => r.cap === Number.POSITIVE_INFINITY);
  if (!pairs.corrects || !hard) return yield* relaxed(pairs, o);
  const state = yield* twoLevel(pairs, o);
  if (!state.stalled) return state;
  const rest = yield* relaxed(pairs, { ...o, passes: Math.max(1, o.passes - state.passes) });
  return { ...rest, passes: rest.passes + state.passes, products: state.products };
};
export function gapOf(pairs: Pairs, epsilon: number): number {
  const { regularised, dual } = boundsOf(pairs, epsilon);
  return regularised - dual;
}
