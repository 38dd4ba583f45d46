/** Shortest paths over pairs that are written down: a table of all, or a list of those that may be used. First potentials come from an auction. [bertsekas1988] */
import { roomFor, type SolverModule } from "../kernels/solver-module.ts";
import {
  augmentAll,
  collected,
  columnsOf,
  type Ends,
  endBytes,
  FIRST,
  type Further,
  none,
  openEnds,
  type PathsEnd,
  roomy,
  rowsOf,
  type Turns,
  type Violator,
  workBytes,
} from "./paths-module.ts";

/** Most bids per row in one phase of the auction: without a plan it would never end. */
const BIDS = 20;

/** Allowed pairs by rows, with their costs. */
export interface Pairs {
  /** [n + 1] */
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly cost: Float64Array;
}
export const pairsBytes = (n: number, m: number, pairs: number, room = 1): number =>
  roomFor(4 * (n + 1), 4 * pairs, 8 * pairs) + endBytes(n, m) + workBytes(n + 1, m + 1, room);
/**
 * Exact transport of whole masses over listed pairs only, in memory of the order of their number. Parts that the pairs leave apart balance up to `slack`,
 * the rounding of their masses, which stays.
 */
export function* pathsInList(
  n: number,
  m: number,
  pairs: Pairs,
  supply: BigInt64Array,
  demand: BigInt64Array,
  further: Further = none,
  slack = 0n,
): Turns<PathsEnd> {
  const held = roomy(
    (room) => pairsBytes(n, m, pairs.to.length, room),
    (module, room) => ({
      start: module.i32(n + 1),
      to: module.i32(pairs.to.length),
      cost: module.f64(pairs.to.length),
      ends: openEnds(module, n, m),
      work: module.u8(workBytes(n + 1, m + 1, room)),
    }),
  );
  if (!held) return "full";
  const kernel = held.module.exports;
  const [rows, columns] = [rowsOf(n, further), columnsOf(m, further)];
  openListed(held.module, held.rows, pairs, supply, demand, further);
  if (n === m && rows === n && columns === m && even(supply) && even(demand)) {
    if ((yield* auctioned(held.module, n, largestOf(pairs.cost), AUCTION_LIST)) === "aborted") return "aborted";
  }
  const end = yield* augmentAll(held, rows, "paths", 0, 1, slack);
  if (end === "aborted") return end;
  if (end === -2) return { violator: reached(held.module), augmentations: kernel.augmentations!() };
  if (end < 0) return "full";
  return collected(held.module, { n, order: null }, { n: m, order: null }, held.rows.ends.v, further, kernel.augmentations!(), 1);
}
interface ListedRows {
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly cost: Float64Array;
  readonly ends: Ends;
  readonly work: Uint8Array;
}
function openListed(
  { exports: kernel }: SolverModule,
  { start, to, cost, ends, work }: ListedRows,
  pairs: Pairs,
  supply: BigInt64Array,
  demand: BigInt64Array,
  further: Further,
): void {
  const { left, lacks, v } = ends;
  const [n, m] = [supply.length, demand.length];
  start.set(pairs.start);
  to.set(pairs.to);
  cost.set(pairs.cost);
  left.set(supply);
  lacks.set(demand);
  left[n] = further.row;
  lacks[m] = further.column;
  v.fill(0);
  if (further.row === 0n) leastOfListed(m, pairs, v);
  const at = work.byteOffset;
  const [rows, columns] = [rowsOf(n, further), columnsOf(m, further)];
  kernel.setFurther!(rows - n, columns - m);
  kernel.setPairs!(start.byteOffset, to.byteOffset, cost.byteOffset);
  kernel.open!(rows, columns, 1, 0, left.byteOffset, 0, 0, lacks.byteOffset, v.byteOffset, 0, at, at + work.length, FIRST, 1);
}
/** Every further phase of the auction costs as much as the one before; the last bids are as small as costs usually differ. */
const AUCTION_LIST = 0.1;
/** Equal up to their rounding: one of them takes what all are off by. */
const even = (mass: BigInt64Array): boolean => mass.every((v) => (v > mass[0]! ? v - mass[0]! : mass[0]! - v) <= mass[0]! >> 20n);
function largestOf(cost: Float64Array): number {
  let largest = 0;
  for (let e = 0; e < cost.length; e++) largest = Math.max(largest, Math.abs(cost[e]!));
  return largest;
}
/** First potentials by a few phases of an auction, which spare the searches their long ways round; what they cannot spoil is the answer. */
function* auctioned(module: SolverModule, n: number, largest: number, last: number): Turns<"aborted" | "done"> {
  for (let epsilon = largest / 1000; epsilon > (last * largest) / n; epsilon /= 5) {
    if (module.exports.auction!(epsilon, BIDS * n) < 0) break;
    if ((yield { stage: "auction", iteration: 0, fraction: 0 }) === "stop") return "aborted";
  }
  return "done";
}
/** Column reduction: v = min_i c over the listed pairs. */
function leastOfListed(m: number, { to, cost }: Pairs, v: Float64Array): void {
  const least = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  for (let e = 0; e < to.length; e++) least[to[e]!] = Math.min(least[to[e]!]!, cost[e]!);
  for (let j = 0; j < m; j++) v[j] = least[j]! < Number.POSITIVE_INFINITY ? least[j]! : 0;
}

/**
 * Exact assignment for a table of n x n costs, Infinity for pairs that must not be used; `fillTable` writes it row by row. First potentials come from a few
 * phases of an auction [bertsekas1988] that spare the searches their long ways round; what they cannot spoil is the answer.
 */
export function* pathsInTable(n: number, fillTable: (costs: Float64Array) => void): Turns<PathsEnd> {
  const held = roomy(
    (room) => tableBytes(n, room),
    (module, room) => ({
      costs: module.f64(n * n),
      left: module.f64(n),
      lacks: module.f64(n),
      v: module.f64(n),
      work: module.u8(workBytes(n, n, room)),
    }),
  );
  if (!held) return "full";
  const kernel = held.module.exports;
  const { costs, left, lacks, v, work } = held.rows;
  fillTable(costs);
  for (const row of [left, lacks]) new BigInt64Array(row.buffer, row.byteOffset, n).fill(1n);
  const largest = leastOfColumns(n, costs, v);
  const at = work.byteOffset;
  kernel.setFurther!(0, 0);
  kernel.setPairs!(0, 0, 0);
  kernel.open!(n, n, 1, 0, left.byteOffset, 0, 0, lacks.byteOffset, v.byteOffset, costs.byteOffset, at, at + work.length, FIRST, 1);
  if ((yield* auctioned(held.module, n, largest, 0.01)) === "aborted") return "aborted";
  const end = yield* augmentAll(held, n, "paths", 0, 1);
  if (end === "aborted") return end;
  if (end === -2) return { violator: reached(held.module), augmentations: kernel.augmentations!() };
  if (end < 0) return "full";
  return collected(held.module, { n, order: null }, { n, order: null }, held.rows.v, none, kernel.augmentations!(), 1);
}
export const tableBytes = (n: number, room = 1): number => roomFor(8 * n * n, 8 * n, 8 * n, 8 * n) + workBytes(n, n, room);
/** Column reduction: v = min_i c, or 0 where a column may not be used; returns the largest cost in size. */
function leastOfColumns(n: number, costs: Float64Array, v: Float64Array): number {
  let largest = 0;
  v.fill(Number.POSITIVE_INFINITY);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const c = costs[i * n + j]!;
      if (c < v[j]!) v[j] = c;
      const size = Math.abs(c);
      if (size > largest && size < Number.POSITIVE_INFINITY) largest = size;
    }
  for (let j = 0; j < n; j++) if (v[j] === Number.POSITIVE_INFINITY) v[j] = 0;
  return largest;
}
function reached(module: SolverModule): Violator {
  const kernel = module.exports;
  const part = (at: number, n: number): number[] => Array.from(new Int32Array(module.memory.buffer, at, n));
  return { rows: part(kernel.addressRows!(), kernel.reachedRows!()), columns: part(kernel.addressColumns!(), kernel.reachedColumns!()) };
}
