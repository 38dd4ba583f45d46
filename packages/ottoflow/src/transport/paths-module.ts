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
export const FIRST = 24;
const AUGMENTATIONS_PER_TURN = 256;
const ROWS_PER_TURN = 2048;
/** Room is doubled where lists, searches or pairs find none, up to this. */
const MOST_ROOM = 16;
const MOST_BYTES = 4e9;

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
/** Masses of a further row that serves columns at no cost, and of a further column that takes from rows at no cost; 0 where there is none. */
export interface Further {
  readonly row: bigint;
  readonly column: bigint;
}
export const none: Further = { row: 0n, column: 0n };
export type PathsEnd = PathsFound | "aborted" | "full" | { readonly violator: Violator; readonly augmentations: number };
export interface PathsProgress {
  readonly stage: string;
  readonly iteration: number;
  readonly fraction: number | null;
}
export type Turns<R> = Generator<PathsProgress, R, "stop" | undefined>;

/** Bytes of the solver's own rows and lists; `room` scales what cannot be known before. */
export function workBytes(n: number, m: number, room: number): number {
  const list = Math.min(m, FIRST);
  return 160 * (n + m) + 16 * nodesOf(m) + 4096 + room * (24 * (n + m) + 48 * (n + m) + 2 * (12 * (list + 1) + 8) * n + 24 * m) + 16 * m;
}
/** Bytes of a problem between points, further ones included. */
export const pathsBytes = (n: number, m: number, d: number, room = 1): number => levelBytes(n, m, d) + endBytes(n, m) + workBytes(n + 1, m + 1, room);

/** Masses left and potentials of all rows and columns, further ones last. */
export interface Ends {
  readonly left: BigInt64Array;
  readonly lacks: BigInt64Array;
  readonly v: Float64Array;
}
export function openEnds(module: SolverModule, n: number, m: number): Ends {
  const whole = (count: number): BigInt64Array => {
    const row = module.f64(count);
    return new BigInt64Array(row.buffer, row.byteOffset, count);
  };
  return { left: whole(n + 1), lacks: whole(m + 1), v: module.f64(m + 1) };
}
export const endBytes = (n: number, m: number): number => roomFor(8 * (n + 1), 8 * (m + 1), 8 * (m + 1));
/** The solver in a memory with room for its rows, of which the last is the room it works in. */
export interface Roomy<R extends { readonly work: Uint8Array }> {
  readonly module: SolverModule;
  /** views of the memory as it is now */
  readonly rows: R;
  /** how many times the usual room there is */
  readonly room: number;
  /** Twice the room, with all that was found so far; false where that is too much. */
  grow(): boolean;
}
/** @param layOut lends the rows of a problem, always in the same order; null where even the usual room is too much */
export function roomy<R extends { readonly work: Uint8Array }>(
  bytes: (room: number) => number,
  layOut: (module: SolverModule, room: number) => R,
): Roomy<R> | null {
  let most = 1;
  while (2 * most <= MOST_ROOM && bytes(2 * most) < MOST_BYTES) most *= 2;
  if (bytes(1) >= MOST_BYTES) return null;
  let [room, module] = [1, openModule(generated, bytes(1), bytes(most))];
  let rows = layOut(module, room);
  return {
    get module() {
      return module;
    },
    get rows() {
      return rows;
    },
    get room() {
      return room;
    },
    grow() {
      if (2 * room > most) return false;
      room *= 2;
      module = module.grown(bytes(room));
      rows = layOut(module, room);
      return module.exports.extend!(rows.work.byteOffset + rows.work.length, room) === 0;
    },
  };
}
export const rowsOf = (n: number, f: Further): number => n + (f.row > 0n ? 1 : 0);
export const columnsOf = (m: number, f: Further): number => m + (f.column > 0n ? 1 : 0);

/**
 * Exact transport of whole masses between points for |x - y|^p with p finite. Bounded memory; more only where many points coincide.
 * Yields between turns of some milliseconds.
 */
export function* pathsBetweenPoints(
  d: number,
  p: number,
  a: { readonly n: number; readonly x: Float64Array; readonly mass: BigInt64Array },
  b: { readonly n: number; readonly x: Float64Array; readonly mass: BigInt64Array },
  further: Further = none,
): Turns<PathsEnd & { readonly transform?: (f: Float64Array) => Float64Array }> {
  const held = roomy(
    (room) => pathsBytes(a.n, b.n, d, room),
    (module, room) => ({ levels: emptyLevels(module, a.n, b.n, d), ends: openEnds(module, a.n, b.n), work: module.u8(workBytes(a.n + 1, b.n + 1, room)) }),
  );
  if (!held) return "full";
  held.module.exports.setExponent!(p);
  held.module.exports.setPairs!(0, 0, 0);
  fill(held.module, d, held.rows.levels, [a, b]);
  return yield* refine(held, d, further);
}
type Stage = { readonly levels: readonly Level[]; readonly ends: Ends; readonly work: Uint8Array };
function* refine(held: Roomy<Stage>, d: number, further: Further): Turns<PathsEnd & { readonly transform?: (f: Float64Array) => Float64Array }> {
  const count = held.rows.levels.length;
  let total = 0;
  for (let k = count - 1; k >= 0; k--) {
    const { levels, ends, work } = held.rows;
    const { a, b } = levels[k]!;
    const kernel = held.module.exports;
    begin(held.module, d, levels, k, ends, further);
    const [n, m] = [rowsOf(a.n, further), columnsOf(b.n, further)];
    kernel.setFurther!(n - a.n, m - b.n);
    const at = work.byteOffset;
    const rows = [a.x.byteOffset, ends.left.byteOffset, b.x.byteOffset, b.box.byteOffset, ends.lacks.byteOffset, ends.v.byteOffset, 0] as const;
    if (kernel.open!(n, m, d, ...rows, at, at + work.length, FIRST, held.room) !== 0) return "full";
    const points = (from: number): number => levels.slice(from).reduce((s, level) => s + level.a.n, 0);
    const left = yield* augmentAll(held, n, `${a.n} points`, points(k + 1) / points(0), a.n / points(0));
    if (left === "aborted") return left;
    if (left < 0) return "full";
    total += kernel.augmentations!();
  }
  const { levels, ends, work } = held.rows;
  const { a, b } = levels[0]!;
  return { ...collected(held.module, a, b, ends.v, further, total, count), transform: treeTransform(held.module, d, levels[0]!, work) };
}
/** Masses of a level, and potentials of its columns by the c-transform of the coarser rows. */
function begin(module: SolverModule, d: number, levels: readonly Level[], k: number, { left, lacks, v }: Ends, further: Further): void {
  const { a, b } = levels[k]!;
  const above = levels[k + 1];
  v.fill(0);
  if (above) {
    const at = module.exports.addressU!();
    const u = new Float64Array(module.memory.buffer, at, rowsOf(above.a.n, further));
    // what stays costs nothing, on either side
    const column = -u.subarray(0, above.a.n).reduce((s, w) => Math.max(s, w), Number.NEGATIVE_INFINITY);
    const row = further.row > 0n ? -u[above.a.n]! : Number.POSITIVE_INFINITY;
    coarseToFine(module, d, above.a, at, b, v);
    for (let j = 0; j < b.n; j++) if (v[j]! > row) v[j] = row;
    v[b.n] = column;
  }
  left.set(a.mass);
  lacks.set(b.mass);
  left[a.n] = further.row;
  lacks[b.n] = further.column;
}
/**
 * Rows take what is nearest, then paths until no row has mass left but `slack` in all, which is given up; more room where there is too little. Negative: why
 * not, -1 for lack of room, -2 where no plan exists. `done` and `share`: of the whole work, before this and in it.
 */
export function* augmentAll(
  held: Roomy<{ readonly work: Uint8Array }>,
  n: number,
  stage: string,
  done: number,
  share: number,
  slack = 0n,
): Turns<number | "aborted"> {
  const kernel = held.module.exports;
  const told = (left: number): PathsProgress => ({ stage, iteration: kernel.augmentations!(), fraction: done + share * (1 - left / n) });
  let [greedy, given, stuck] = [true, 0n, -1];
  for (;;) {
    const left = greedy ? kernel.greedy!(ROWS_PER_TURN) : kernel.paths!(AUGMENTATIONS_PER_TURN);
    if (left === -1) {
      if (held.grow()) continue;
      // with no more room to have, it goes on as long as lists that are made anew let it
      if (stuck === kernel.augmentations!()) return left;
      stuck = kernel.augmentations!();
      kernel.forgetLists!();
      continue;
    }
    if (left === -2) {
      given += (kernel.waiting as unknown as () => bigint)();
      if (given > slack) return left;
      kernel.drop!();
      continue;
    }
    if (left === 0 && !greedy) return left;
    if ((yield told(greedy ? n : left)) === "stop") return "aborted";
    if (left === 0) greedy = false;
  }
}
export function collected(
  module: SolverModule,
  a: { readonly n: number; readonly order: Int32Array | null },
  b: { readonly n: number; readonly order: Int32Array | null },
  v: Float64Array,
  further: Further,
  augmentations: number,
  levels: number,
): PathsFound {
  const kernel = module.exports;
  const count = kernel.countPairs!();
  const at = kernel.pairsInto!();
  const buffer = module.memory.buffer;
  const [from, to] = [new Int32Array(buffer, at, count).slice(), new Int32Array(buffer, at + 4 * count, count).slice()];
  const mass = new BigInt64Array(buffer, kernel.massInto!(), count).slice();
  const u = new Float64Array(buffer, kernel.addressU!(), rowsOf(a.n, further));
  // a further row or column has no place in an order and stays the last
  if (a.order) for (let e = 0; e < count; e++) from[e] = a.order[from[e]!] ?? a.n;
  if (b.order) for (let e = 0; e < count; e++) to[e] = b.order[to[e]!] ?? b.n;
  const figures = { augmentations, levels, searches: kernel.countScans!(), lengthened: kernel.countExpansions!(), bytes: module.used };
  return { from, to, mass, f: asCame(a.order, u), g: asCame(b.order, v.subarray(0, columnsOf(b.n, further))), augmentations, figures };
}
function asCame(order: Int32Array | null, row: Float64Array): Float64Array {
  const out = row.slice();
  if (order) out.set(unsorted(order, row));
  return out;
}
