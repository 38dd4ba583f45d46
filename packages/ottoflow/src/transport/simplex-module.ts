/**
 * The network simplex method over all pairs, in WASM: a strongly feasible spanning tree [cunningham1976], pricing by blocks of rows, masses as whole
 * numbers [ahuja1993]. Forbidden pairs are never given a large cost: a first phase drives the mass off them, the second keeps to pairs that leave it so.
 */
import * as generated from "../kernels/simplex.gen.ts";
import { openModule, roomFor, type SolverModule } from "../kernels/solver-module.ts";
import { slackOf } from "./masses.ts";
import type { PathsEnd, PathsFound, PathsProgress, Violator } from "./paths-module.ts";

type Turns<R> = Generator<PathsProgress, R, "stop" | undefined>;
const PIVOTS_PER_TURN = 512;
/** Reduced costs above this share of the largest cost count as none: rounding of potentials along the tree. */
export const NONE = 1e-15;

export const treeBytes = (n: number, m: number): number => 64 * (n + m) + 8 * m + 4096;
export const simplexTableBytes = (n: number, m: number, forbids: boolean): number =>
  (forbids ? 2 : 1) * roomFor(8 * n * m) + treeBytes(n, m) + roomFor(...startBytes(n, m));
export const startBytes = (n: number, m: number): readonly number[] => [4 * (n + m), 4 * (n + m), 8 * (n + m)];

/** A feasible plan without cycles: pairs and masses. */
export interface Start {
  readonly from: number[];
  readonly to: number[];
  readonly mass: bigint[];
}
/** Every row in turn sends what it has to its cheapest columns that still lack; forbidden ones last. */
export function cheapestRows(n: number, m: number, costs: Float64Array, supply: BigInt64Array, demand: BigInt64Array): Start {
  const lacks = demand.slice();
  const extra = new Float64Array(m);
  const start: Start = { from: [], to: [], mass: [] };
  for (let i = 0; i < n; i++) {
    for (let left = supply[i]!; left > 0n; ) {
      const j = cheapest(m, costs.subarray(i * m, (i + 1) * m), extra);
      const mass = left < lacks[j]! ? left : lacks[j]!;
      start.from.push(i);
      start.to.push(j);
      start.mass.push(mass);
      left -= mass;
      lacks[j] = lacks[j]! - mass;
      if (lacks[j] === 0n) extra[j] = Number.POSITIVE_INFINITY;
    }
  }
  return start;
}
/** The open column of least cost; an open forbidden one where no other is left. */
function cheapest(m: number, costs: Float64Array, closed: Float64Array): number {
  let [best, at, open] = [Number.POSITIVE_INFINITY, -1, -1];
  for (let j = 0; j < m; j++) {
    const c = costs[j]! + closed[j]!;
    if (c < best) {
      best = c;
      at = j;
    }
    if (open < 0 && closed[j] === 0) open = j;
  }
  return at < 0 ? open : at;
}

function plant(module: SolverModule, rows: { readonly from: Int32Array; readonly to: Int32Array; readonly mass: BigInt64Array }, start: Start): number {
  rows.from.set(start.from);
  rows.to.set(start.to);
  for (const [e, mass] of start.mass.entries()) rows.mass[e] = mass;
  return module.exports.plant!(start.from.length, rows.from.byteOffset, rows.to.byteOffset, rows.mass.byteOffset);
}
/** Pivots until no pair has a negative reduced cost, with potentials made afresh along the tree; or how it was stopped at a plan that is feasible. */
export function* pivotAll(module: SolverModule, stage: string, most: number = Number.POSITIVE_INFINITY): Turns<"done" | "aborted" | "max-iterations"> {
  const kernel = module.exports;
  for (let before = -1; before !== kernel.pivots!(); ) {
    before = kernel.pivots!();
    for (;;) {
      const left = most - kernel.pivots!();
      if (left <= 0) return "max-iterations";
      if (kernel.run!(Math.min(PIVOTS_PER_TURN, left)) === 1) break;
      if ((yield { stage, iteration: kernel.pivots!(), fraction: null }) === "stop") return "aborted";
    }
    kernel.tighten!();
  }
  return "done";
}

/** What one problem needs in a module; serves all that are no larger, one after the other. */
export interface SimplexRoom {
  readonly module: SolverModule;
  readonly costs: Float64Array;
  /** costs of the first phase, where pairs are forbidden */
  readonly counts: Float64Array | null;
  readonly tree: Uint8Array;
  readonly rows: StartRows;
}
/** @throws {LimitError} beyond 4 GiB */
export function simplexRoom(n: number, m: number, forbids: boolean, pairs: number = n * m): SimplexRoom {
  const module = openModule(generated, (forbids ? 2 : 1) * roomFor(8 * pairs) + roomFor(treeBytes(n, m)) + roomFor(...startBytes(n, m)));
  return { module, costs: module.f64(pairs), counts: forbids ? module.f64(pairs) : null, tree: module.u8(treeBytes(n, m)), rows: startRows(module, n, m) };
}

/** Exact transport of whole masses for a table of costs, Infinity for pairs that must not be used. `fillTable` writes the n x m costs row by row. */
export function* simplexInTable(
  n: number,
  m: number,
  supply: BigInt64Array,
  demand: BigInt64Array,
  fillTable: (costs: Float64Array) => void,
  room: SimplexRoom,
  most?: number,
): Turns<Exclude<PathsEnd, "full">> {
  const { module, rows, tree } = room;
  const costs = room.costs.subarray(0, n * m);
  fillTable(costs);
  module.exports.open!(n, m, tree.byteOffset, NONE * largest(costs));
  module.exports.useTable!(costs.byteOffset);
  const forbidden = plant(module, rows, cheapestRows(n, m, costs, supply, demand));
  if (forbidden === 0) return stoppedAs(yield* pivotAll(module, "pivots", most), collected(module, n, m, rows));
  const first = yield* leaveForbidden(module, n, m, costs, powerOfTwoAbove(largest(costs)), room.counts!.subarray(0, n * m), supply, demand);
  if (first === "aborted" || "violator" in first) return first;
  module.exports.useTable!(costs.byteOffset);
  module.exports.tighten!();
  const ended = yield* pivotAll(module, "pivots", most);
  const found = withoutForbidden(collected(module, n, m, rows), m, costs);
  return stoppedAs(ended, { ...found, ...first.lifted(found.f, found.g) });
}
const stoppedAs = (ended: "done" | "aborted" | "max-iterations", found: PathsFound): PathsFound => (ended === "done" ? found : { ...found, ended });
export interface StartRows {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly mass: BigInt64Array;
}
export function startRows(module: SolverModule, n: number, m: number): StartRows {
  const mass = module.f64(n + m);
  return { from: module.i32(n + m), to: module.i32(n + m), mass: new BigInt64Array(mass.buffer, mass.byteOffset, n + m) };
}
function largest(costs: Float64Array): number {
  let most = 0;
  for (let e = 0; e < costs.length; e++) {
    const c = Math.abs(costs[e]!);
    if (c > most && c < Number.POSITIVE_INFINITY) most = c;
  }
  return most;
}

interface Allowed {
  /** potentials that hold among all allowed pairs, from those that hold among the pairs that were kept */
  lifted(f: Float64Array, g: Float64Array): { readonly f: Float64Array; readonly g: Float64Array };
}
/** A power of two of the size of v: multiples of it are added without rounding. */
function powerOfTwoAbove(v: number): number {
  let p = 1;
  while (p < v && p < 2 ** 960) p *= 2;
  while (0.5 * p >= v && p > 2 ** -960) p *= 0.5;
  return v > 0 ? p : 1;
}

/**
 * First phase: forbidden pairs cost 1 and others 0, in a unit of the size of the costs, by which the kernel tells a negative reduced cost from none.
 * Without a plan of value 0 its potentials name the violator; else pairs with a positive reduced cost are closed in `costs`, for with them in use the tree
 * could need forbidden mass again.
 */
function* leaveForbidden(
  module: SolverModule,
  n: number,
  m: number,
  costs: Float64Array,
  unit: number,
  counts: Float64Array,
  supply: BigInt64Array,
  demand: BigInt64Array,
): Turns<Allowed | { readonly violator: Violator; readonly augmentations: number } | "aborted"> {
  const kernel = module.exports;
  for (let e = 0; e < counts.length; e++) counts[e] = costs[e] === Number.POSITIVE_INFINITY ? unit : 0;
  kernel.useTable!(counts.byteOffset);
  kernel.tighten!();
  if ((yield* pivotAll(module, "forbidden pairs")) === "aborted") return "aborted";
  const prices = new Float64Array(module.memory.buffer, kernel.prices!(), n + m).map((price) => price / unit);
  const [u, v] = [prices.subarray(0, n), prices.subarray(n)];
  if (massOnForbidden(module, n, m, costs) > slackOf(n, m, supply)) return { violator: violatorOf(u, v, supply, demand), augmentations: kernel.pivots!() };
  const closed: number[] = [];
  const paid: number[] = [];
  for (let e = 0; e < costs.length; e++) {
    if (costs[e] === Number.POSITIVE_INFINITY || -u[Math.floor(e / m)]! - v[e % m]! < 0.5) continue;
    closed.push(e);
    paid.push(costs[e]!);
    costs[e] = Number.POSITIVE_INFINITY;
  }
  return {
    lifted(f, g) {
      let by = 0;
      for (const [k, e] of closed.entries()) {
        const [i, j] = [Math.floor(e / m), e % m];
        by = Math.max(by, (f[i]! + g[j]! - paid[k]!) / (-u[i]! - v[j]!));
      }
      return { f: f.map((w, i) => w + by * u[i]!), g: g.map((w, j) => w + by * v[j]!) };
    },
  };
}
function massOnForbidden(module: SolverModule, n: number, m: number, costs: Float64Array): bigint {
  const { parent, flow } = treeOf(module, n, m);
  let mass = 0n;
  for (let k = 0; k < n + m; k++) {
    if (parent[k]! < 0) continue;
    const [i, j] = k < n ? [k, parent[k]! - n] : [parent[k]!, k - n];
    if (costs[i * m + j] === Number.POSITIVE_INFINITY) mass += flow[k]!;
  }
  return mass;
}
/** What is left on forbidden pairs, within the rounding of the masses, is dropped. */
function withoutForbidden(found: PathsFound, m: number, costs: Float64Array): PathsFound {
  const kept = found.from.map((_, e) => e).filter((e) => costs[found.from[e]! * m + found.to[e]!]! < Number.POSITIVE_INFINITY);
  if (kept.length === found.from.length) return found;
  return { ...found, from: kept.map((e) => found.from[e]!), to: kept.map((e) => found.to[e]!), mass: BigInt64Array.from(kept, (e) => found.mass[e]!) };
}
/** Allowed pairs have u + v <= 0, so rows with u >= t may only go to columns with -v >= t; for some t they supply more than those take. */
function violatorOf(u: Float64Array, v: Float64Array, supply: BigInt64Array, demand: BigInt64Array): Violator {
  const total = (side: BigInt64Array, places: readonly number[]): bigint => places.reduce((s, i) => s + side[i]!, 0n);
  for (const t of new Set(u)) {
    const rows = placesWhere(u, (w) => w > t - 0.5);
    const columns = placesWhere(v, (w) => -w > t - 0.5);
    if (total(supply, rows) > total(demand, columns)) return { rows, columns };
  }
  return { rows: [], columns: [] };
}
const placesWhere = (row: Float64Array, holds: (v: number) => boolean): number[] => Array.from(row.keys()).filter((i) => holds(row[i]!));

function treeOf(module: SolverModule, n: number, m: number): { readonly parent: Int32Array; readonly flow: BigInt64Array } {
  const { memory, exports } = module;
  return { parent: new Int32Array(memory.buffer, exports.parents!(), n + m), flow: new BigInt64Array(memory.buffer, exports.flows!(), n + m) };
}
export function collected(module: SolverModule, n: number, m: number, into: StartRows): PathsFound {
  const { parent, flow } = treeOf(module, n, m);
  let count = 0;
  for (let k = 0; k < n + m; k++) {
    if (parent[k]! < 0 || flow[k] === 0n) continue;
    into.from[count] = k < n ? k : parent[k]!;
    into.to[count] = k < n ? parent[k]! - n : k - n;
    into.mass[count++] = flow[k]!;
  }
  const prices = new Float64Array(module.memory.buffer, module.exports.prices!(), n + m);
  const pivots = module.exports.pivots!();
  return {
    from: into.from.slice(0, count),
    to: into.to.slice(0, count),
    mass: into.mass.slice(0, count),
    f: prices.slice(0, n),
    g: prices.slice(n),
    augmentations: pivots,
    figures: { pivots, bytes: module.used },
  };
}
