/**
 * Exact transport by successive shortest paths over short lists of pairs, in WASM. Each row lists the columns of least reduced cost c - v, with a
 * bound of the rest that stays a bound because v only falls; a search that meets the bound lengthens the list. So every path is the shortest among
 * all pairs, though few are looked at. [jonkervolgenant1987] [ahuja1993]
 *
 * Points find their lists in a k-d tree [friedmanbentleyfinkel1977], and their first potentials on coarser clouds: the cells of the trees, halved
 * until few are left; the c-transform of a coarse potential is the start of the next finer one [merigot2011].
 */
import * as generated from "../kernels/paths.gen.ts";
import { openModule, roomFor, type SolverModule } from "../kernels/solver-module.ts";
import { coarseToFine, emptyLevels, fill, type Level, levelBytes, nodesOf, treeTransform, unsorted } from "./clouds.ts";

/** Pairs that a row lists at first. */
const FIRST = 24;
const AUGMENTATIONS_PER_TURN = 256;
const ROWS_PER_TURN = 2048;
/** Room is doubled where lists or searches find none, up to this. */
const MOST_ROOM = 16;
const MOST_BYTES = 4e9;
/** Most bids per row in one phase of the auction: without a plan it would never end. */
const BIDS = 20;

export interface PathsFound {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** in the units of the masses that came */
  readonly mass: BigInt64Array;
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly augmentations: number;
  readonly figures: Readonly<Record<string, number>>;
  /** why it stopped at a plan that is not yet the best */
  readonly ended?: "aborted" | "max-iterations";
}
export interface Violator {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}
export type PathsEnd = PathsFound | "aborted" | "full" | { readonly violator: Violator; readonly augmentations: number };
export interface PathsProgress {
  readonly stage: string;
  readonly iteration: number;
  readonly fraction: number | null;
}
type Turns<R> = Generator<PathsProgress, R, "stop" | undefined>;

/** Bytes of the solver's own rows and lists; `room` scales what cannot be known before. */
function workBytes(n: number, m: number, room: number): number {
  const list = Math.min(m, FIRST);
  return 160 * (n + m) + 16 * nodesOf(m) + 4096 + room * (24 * (n + m) + 48 * (n + m) + 2 * (12 * list + 8) * n) + 16 * m;
}
export const pathsBytes = (n: number, m: number, d: number, room = 1): number => levelBytes(n, m, d) + workBytes(n, m, room);

/**
 * Exact transport of whole masses between points for |x - y|^p with p finite. Bounded memory; more only where many points coincide.
 * Yields between turns of some milliseconds.
 */
export function* pathsBetweenPoints(
  d: number,
  p: number,
  a: { readonly n: number; readonly x: Float64Array; readonly mass: BigInt64Array },
  b: { readonly n: number; readonly x: Float64Array; readonly mass: BigInt64Array },
): Turns<PathsEnd & { readonly transform?: (f: Float64Array) => Float64Array }> {
  for (let room = 1; room <= MOST_ROOM && pathsBytes(a.n, b.n, d, room) < MOST_BYTES; room *= 2) {
    const module = openModule(generated, pathsBytes(a.n, b.n, d, room));
    module.exports.setExponent!(p);
    const levels = emptyLevels(module, a.n, b.n, d);
    const work = module.u8(workBytes(a.n, b.n, room));
    fill(module, d, levels, [a, b]);
    const end = yield* refine(module, d, levels, work, room);
    if (end === "full") continue;
    return end;
  }
  return "full";
}
function* refine(
  module: SolverModule,
  d: number,
  levels: readonly Level[],
  work: Uint8Array,
  room: number,
): Turns<(PathsEnd & { readonly transform?: (f: Float64Array) => Float64Array }) | "full"> {
  const kernel = module.exports;
  let total = 0;
  for (let k = levels.length - 1; k >= 0; k--) {
    const { a, b, v } = levels[k]!;
    if (k === levels.length - 1) v.fill(0);
    else coarseToFine(module, d, levels[k + 1]!.a, kernel.addressU!(), b, v);
    const at = work.byteOffset;
    if (
      kernel.open!(
        a.n,
        b.n,
        d,
        a.x.byteOffset,
        a.mass.byteOffset,
        b.x.byteOffset,
        b.box.byteOffset,
        b.mass.byteOffset,
        v.byteOffset,
        0,
        at,
        at + work.length,
        FIRST,
        room,
      ) !== 0
    )
      return "full";
    const left = yield* augmentAll(module, a.n, `${a.n} points`, 1 - k / levels.length, 1 / levels.length);
    if (left === "aborted") return left;
    if (left < 0) return "full";
    total += kernel.augmentations!();
  }
  const { a, b } = levels[0]!;
  return { ...collected(module, a, b, levels[0]!.v, total, levels.length), transform: treeTransform(module, d, levels[0]!, work) };
}
/** Rows take what is nearest, then paths until no row has mass left. Negative: why not. */
function* augmentAll(module: SolverModule, n: number, stage: string, done: number, share: number): Turns<number | "aborted"> {
  const kernel = module.exports;
  const told = (left: number): PathsProgress => ({ stage, iteration: kernel.augmentations!(), fraction: done + share * (1 - left / n) });
  for (let left = n; left > 0; ) {
    left = kernel.greedy!(ROWS_PER_TURN);
    if (left < 0) return left;
    if ((yield told(n)) === "stop") return "aborted";
  }
  for (;;) {
    const left = kernel.paths!(AUGMENTATIONS_PER_TURN);
    if (left <= 0) return left;
    if ((yield told(left)) === "stop") return "aborted";
  }
}
function collected(
  module: SolverModule,
  a: { readonly n: number; readonly order: Int32Array | null },
  b: { readonly n: number; readonly order: Int32Array | null },
  v: Float64Array,
  augmentations: number,
  levels: number,
): PathsFound {
  const kernel = module.exports;
  const count = kernel.countPairs!();
  const at = kernel.pairsInto!();
  const buffer = module.memory.buffer;
  const [from, to] = [new Int32Array(buffer, at, count).slice(), new Int32Array(buffer, at + 4 * count, count).slice()];
  const mass = new BigInt64Array(buffer, kernel.massInto!(), count).slice();
  const u = new Float64Array(buffer, kernel.addressU!(), a.n);
  if (a.order) for (let e = 0; e < count; e++) from[e] = a.order[from[e]!]!;
  if (b.order) for (let e = 0; e < count; e++) to[e] = b.order[to[e]!]!;
  return {
    from,
    to,
    mass,
    f: a.order ? unsorted(a.order, u) : u.slice(),
    g: b.order ? unsorted(b.order, v) : v.slice(),
    augmentations,
    figures: { augmentations, levels, searches: kernel.countScans!(), lengthened: kernel.countExpansions!(), bytes: module.used },
  };
}

/**
 * Exact assignment for a table of n x n costs, Infinity for pairs that must not be used; `fillTable` writes it row by row. First potentials come from a few
 * phases of an auction [bertsekas1988] that spare the searches their long ways round; what they cannot spoil is the answer.
 */
export function* pathsInTable(n: number, fillTable: (costs: Float64Array) => void): Turns<PathsEnd> {
  for (let room = 1; room <= MOST_ROOM && tableBytes(n, room) < MOST_BYTES; room *= 2) {
    const module = openModule(generated, tableBytes(n, room));
    const kernel = module.exports;
    const costs = module.f64(n * n);
    fillTable(costs);
    const ones = (): Float64Array => {
      const row = module.f64(n);
      new BigInt64Array(row.buffer, row.byteOffset, n).fill(1n);
      return row;
    };
    const [left, lacks, v] = [ones(), ones(), module.f64(n)];
    const largest = leastOfColumns(n, costs, v);
    const work = module.u8(workBytes(n, n, room));
    const at = work.byteOffset;
    kernel.open!(n, n, 1, 0, left.byteOffset, 0, 0, lacks.byteOffset, v.byteOffset, costs.byteOffset, at, at + work.length, FIRST, room);
    for (let epsilon = largest / 1000; epsilon > (0.01 * largest) / n; epsilon /= 5) {
      if (kernel.auction!(epsilon, BIDS * n) < 0) break;
      if ((yield { stage: "auction", iteration: 0, fraction: 0 }) === "stop") return "aborted";
    }
    const end = yield* augmentAll(module, n, "paths", 0, 1);
    if (end === "aborted") return end;
    if (end === -2) return { violator: reached(module), augmentations: kernel.augmentations!() };
    if (end < 0) continue;
    return collected(module, { n, order: null }, { n, order: null }, v, kernel.augmentations!(), 1);
  }
  return "full";
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
