/**
 * The network simplex method between many points, in WASM: pairs that may enter come from short lists; when none improves the tree, all pairs are looked at
 * by k-d trees, rows with a negative reduced cost anywhere get new lists, and so on until there is none. The first tree is the plan between coarser
 * clouds handed on to their points, and the first lists follow the c-transform of its potential. [ahuja1993] [merigot2011]
 */

import { pow } from "../kernels/math.ts";
import * as generated from "../kernels/simplex.gen.ts";
import { openModule, roomFor, type SolverModule } from "../kernels/solver-module.ts";
import { coarseToFine, depthBetween, emptyLevels, fill, type Level, levelBytes, treeTransform, unsorted } from "./clouds.ts";
import type { PathsFound, PathsProgress } from "./paths-module.ts";
import { collected, NONE, pivotAll, type StartRows, startBytes, startRows, treeBytes } from "./simplex-module.ts";

type Turns<R> = Generator<PathsProgress, R, "stop" | undefined>;
/** Pairs in a row's list. */
const LIST = 24;
/** Rows that are listed or priced between two turns. */
const ROWS_PER_TURN = 4096;
/** Rounds of pricing after which rounding is what is left. */
const ROUNDS = 50;

interface Side {
  readonly n: number;
  readonly x: Float64Array;
  readonly mass: BigInt64Array;
}
interface Lists {
  readonly first: Int32Array;
  readonly listed: Int32Array;
  readonly cost: Float64Array;
  readonly room: Float64Array;
}
const roomSize = (n: number, m: number): number => 2 * (n + m) + 16;
const listBytes = (n: number, m: number): number => roomFor(4 * (n + 1), 4 * n * Math.min(LIST, m), 8 * n * Math.min(LIST, m), 8 * roomSize(n, m));
/** Lists of coarser clouds may be longer than those of a few points: a cloud of less than LIST points lists all. */
export const simplexPointsBytes = (n: number, m: number, d: number): number =>
  n < m ? simplexPointsBytes(m, n, d) : levelBytes(n, m, d) + roomFor(treeBytes(n, m)) + roomFor(...startBytes(n, m)) + listBytes(n, m);

export type PointsEnd = (PathsFound & { readonly transform: (f: Float64Array) => Float64Array }) | "aborted";
/** Exact transport of whole masses between points for |x - y|^p with p finite; yields between turns of some milliseconds. The larger side keeps the lists. */
export function* simplexBetweenPoints(d: number, p: number, a: Side, b: Side): Turns<PointsEnd> {
  if (a.n >= b.n) return yield* simplexByRows(d, p, a, b, false);
  const found = yield* simplexByRows(d, p, b, a, true);
  return found === "aborted" ? found : { ...found, from: found.to, to: found.from, f: found.g, g: found.f };
}
/** `turned`: the c-transform goes from the second side to the first. */
function* simplexByRows(d: number, p: number, a: Side, b: Side, turned: boolean): Turns<PointsEnd> {
  const { n } = a;
  const m = b.n;
  const module = openModule(generated, simplexPointsBytes(n, m, d));
  module.exports.setExponent!(p);
  const levels = emptyLevels(module, n, m, d);
  fill(module, d, levels, [a, b]);
  const tree = module.u8(treeBytes(n, m));
  const rows = startRows(module, n, m);
  const lists: Lists = {
    first: module.i32(n + 1),
    listed: module.i32(n * Math.min(LIST, m)),
    cost: module.f64(n * Math.min(LIST, m)),
    room: module.f64(roomSize(n, m)),
  };
  let [pivots, rounds] = [0, 0];
  for (let k = levels.length - 1; k >= 0; k--) {
    const count = begin(module, d, levels, k, rows, lists);
    const level = levels[k]!;
    module.exports.open!(level.a.n, level.b.n, tree.byteOffset, NONE * scaleOf(level, d, p));
    module.exports.usePoints!(d, level.a.x.byteOffset, level.b.x.byteOffset, p);
    const done = yield* improve(module, level, lists, rows, count);
    if (done === "aborted") return done;
    rounds += done;
    pivots += module.exports.pivots!();
  }
  const found = collected(module, n, m, rows);
  const { order: rowOrder } = levels[0]!.a;
  const { order: columnOrder } = levels[0]!.b;
  return {
    ...found,
    from: found.from.map((i) => rowOrder[i]!),
    to: found.to.map((j) => columnOrder[j]!),
    f: unsorted(rowOrder, found.f),
    g: unsorted(columnOrder, found.g),
    augmentations: pivots,
    figures: { pivots, rounds, levels: levels.length, bytes: module.used },
    transform: treeTransform(
      module,
      d,
      turned ? { ...levels[0]!, a: levels[0]!.b, b: levels[0]!.a } : levels[0]!,
      new Uint8Array(lists.room.buffer, lists.room.byteOffset, 8 * lists.room.length),
    ),
  };
}

/** Potentials to list by, and pairs of the first tree; returns how many. */
function begin(module: SolverModule, d: number, levels: readonly Level[], k: number, rows: StartRows, { room }: Lists): number {
  const { a, b, v } = levels[k]!;
  const above = levels[k + 1];
  if (!above) {
    v.fill(0);
    return cornerRule(a.mass, b.mass, rows);
  }
  const kernel = module.exports;
  coarseToFine(module, d, above.a, kernel.prices!(), b, v);
  return kernel.refine!(
    depthBetween(a.n, above.a.n),
    above.a.order.byteOffset,
    a.n,
    a.mass.byteOffset,
    depthBetween(b.n, above.b.n),
    above.b.order.byteOffset,
    b.n,
    b.mass.byteOffset,
    room.byteOffset,
    rows.from.byteOffset,
    rows.to.byteOffset,
    rows.mass.byteOffset,
  );
}
/** Both sides served in the order in which they stand. */
function cornerRule(supply: BigInt64Array, demand: BigInt64Array, rows: StartRows): number {
  let count = 0;
  let [i, j, left, lacks] = [0, 0, supply[0]!, demand[0]!];
  while (i < supply.length && j < demand.length) {
    const mass = left < lacks ? left : lacks;
    rows.from[count] = i;
    rows.to[count] = j;
    rows.mass[count++] = mass;
    left -= mass;
    lacks -= mass;
    if (left === 0n) left = supply[++i] ?? 0n;
    if (lacks === 0n) lacks = demand[++j] ?? 0n;
  }
  return count;
}
/** The largest cost between the corners of both clouds: what rounding is measured by. */
function scaleOf({ a, b }: Level, d: number, p: number): number {
  let r2 = 0;
  for (let k = 0; k < d; k++) {
    // node 1 is the whole cloud
    const [low, high] = [Math.min(a.box[2 * d + k]!, b.box[2 * d + k]!), Math.max(a.box[3 * d + k]!, b.box[3 * d + k]!)];
    r2 += (high - low) * (high - low);
  }
  return p === 2 ? r2 : pow(r2, 0.5 * p);
}
/** Lists, pivots and rounds of pricing at one level; returns the rounds. */
function* improve(module: SolverModule, { a, b, v }: Level, { first, listed, cost, room }: Lists, rows: StartRows, count: number): Turns<number | "aborted"> {
  const kernel = module.exports;
  const want = Math.min(LIST, b.n);
  const stage = `${a.n} points`;
  const told = (): PathsProgress => ({ stage, iteration: kernel.pivots!(), fraction: null });
  for (let lo = 0; lo < a.n; lo += ROWS_PER_TURN) {
    const hi = Math.min(lo + ROWS_PER_TURN, a.n);
    kernel.listRows!(lo, hi, want, b.box.byteOffset, b.top.byteOffset, v.byteOffset, first.byteOffset, listed.byteOffset, cost.byteOffset, room.byteOffset);
    if ((yield told()) === "stop") return "aborted";
  }
  kernel.useLists!(first.byteOffset, listed.byteOffset, cost.byteOffset);
  kernel.plant!(count, rows.from.byteOffset, rows.to.byteOffset, rows.mass.byteOffset);
  for (let round = 1; ; round++) {
    if ((yield* pivotAll(module, stage)) !== "done") return "aborted";
    let renewed = 0;
    for (let lo = 0; lo < a.n; lo += ROWS_PER_TURN) {
      renewed += kernel.priceRows!(lo, Math.min(lo + ROWS_PER_TURN, a.n), want, b.box.byteOffset, b.top.byteOffset, room.byteOffset);
      if ((yield told()) === "stop") return "aborted";
    }
    if (renewed === 0 || round === ROUNDS) return round;
  }
}
