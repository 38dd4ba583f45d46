/**
 * Sums of the Gibbs kernel over pairs of two clouds: P_ij = a_i b_j exp((f_i + g_j - c_ij) / epsilon), in float64 at any epsilon, no matrix.
 * One pass makes a whole Sinkhorn iteration of one exponential a pair: a row is summed, its potential follows, and the row, scaled, is added to the
 * sums of the columns. Far pairs are left out by boxes, with a bound of their mass. [cuturi2013, schmitzer2019, feydy2019]
 */
import type { Cost } from "../../contract.ts";
import { log } from "../../kernels/math.ts";
import * as generated from "../../kernels/sinkhorn.gen.ts";
import { openModule, roomFor, type SolverModule } from "../../kernels/solver-module.ts";
import type { Ordered } from "./order.ts";
import { boxRange, fillTable, type PairRows, rowsOf, tableRange, unpadded } from "./pair-rows.ts";
import { type BlockSums, openPlaces } from "./places.ts";
import { type Choice, openChoice } from "./runs.ts";

/** How a pass updates the rows: f <- min(cap, (1 - omega) f + omega tau (f - epsilon log s)). */
export interface Update {
  readonly omega?: number;
  readonly tau?: number;
  readonly cap?: number;
}
export interface Pass {
  /** null: potentials stay as they are */
  readonly update: Update | null;
  /** sums of columns too */
  readonly columns: boolean;
  /** keep P / a in float32 for `through` */
  readonly store?: boolean;
  /** keep the sums of P over blocks for `blocks` */
  readonly coarse?: boolean;
}
export interface Pairs {
  readonly a: Ordered;
  readonly b: Ordered;
  /** potentials in block order, padded */
  readonly f: Float64Array;
  readonly g: Float64Array;
  /** (P 1)_i / a_i of the last pass */
  readonly ratio: Float64Array;
  /** (P' 1)_j of the last pass */
  readonly column: Float64Array;
  /** sum_j P_ij c_ij of the last pass */
  readonly pay: Float64Array;
  /** how many pairs a pass looks at */
  readonly count: number;
  /** bound of the mass of the pairs left out, at the present potentials */
  left(epsilon: number): number;
  /** leaves out pairs whose P_ij / (a_i b_j) is surely below theta; keeps the last choice as long as it still holds */
  select(epsilon: number, theta: number): void;
  /** one pass; yields after some ten milliseconds */
  pass(epsilon: number, p: Pass): Generator<void, void>;
  /** whether P / a fits into the memory that is set aside */
  readonly storable: boolean;
  /** entries that may be stored */
  readonly room: number;
  /** whether sums over blocks may be kept */
  readonly corrects: boolean;
  /** stores P / a of the largest entries that fit, at potentials as they are; false where nothing is set aside */
  storeLargest(epsilon: number, theta: number): Generator<void, boolean>;
  /** P summed over blocks of rows and columns, as a sparse matrix by rows, of the last pass that kept it; null where no room is set aside */
  blocks(): BlockSums | null;
  /** u = E v, out = E' (a scale u) with E = P / a as stored; rows of float64 in block order */
  through(v: Float64Array, u: Float64Array, out: Float64Array, scale?: Float64Array): void;
  /** out_j = min_i c_ij - f_i over the pairs looked at */
  transform(out: Float64Array): void;
  /** u_i = sum_j P_ij v_j / a_i for d rows of v [d * padded of b], u [d * padded of a] */
  means(epsilon: number, d: number, v: Float64Array, u: Float64Array): void;
  /** visits the runs of columns that each row looks at */
  eachRun(visit: (i: number, first: number, last: number) => void): void;
  /** c_ij by places in block order */
  cost(i: number, j: number): number;
  readonly largestCost: number;
  readonly leastCost: number;
  readonly bytes: number;
}
export interface PairsOptions {
  /** float32 entries set aside for `through` */
  readonly store?: number;
  /** set room aside for sums over blocks */
  readonly coarse?: boolean;
  readonly block: number;
}

const LOG2E = Math.LOG2E;
const PAD = -1e300;
/** pairs a slice of a pass takes */
const SLICE = 6e6;

/** Form number of the kernel: 0 squared distance, 1 distance, 2 table, 3 power. */
export const formOf = (cost: Cost): 0 | 1 | 2 | 3 =>
  cost.power === 2 ? 0 : cost.power === 1 ? 1 : cost.power !== undefined && Number.isFinite(cost.power) ? 3 : 2;

export function openPairs(cost: Cost, a: Ordered, b: Ordered, options: PairsOptions): Pairs {
  const form = formOf(cost);
  const { block } = options;
  const groups = a.padded / block;
  const d = form === 2 ? 0 : a.d;
  const [np, mp] = [a.padded, b.padded];
  const most = groups * Math.ceil(mp / block / 2 + 1);
  const near = (options.store ?? 0) > 0 && (options.store ?? 0) < a.padded * b.padded ? most : 0;
  const stored = options.store ?? 0;
  const coarse = options.coarse ? groups * (mp / block) : 0;
  const table = form === 2 ? a.n * mp : 0;
  const module = openModule(
    generated,
    roomFor(
      64,
      8 * d * np,
      8 * d * mp,
      8 * table,
      4 * (groups + 1),
      4 * most,
      4 * most,
      8 * (d + 5) * mp,
      4 * (groups + 1),
      4 * stored,
      4 * mp,
      64,
      4 * (groups + 1),
      4 * near,
      4 * near,
      8 * coarse,
      4 * (groups + 1),
    ) +
      roomFor(...Array<number>(12).fill(8 * Math.max(np, mp))) +
      4096,
  );
  const D = module.i32(16);
  const N = module.i32(16);
  const rows = rowsOf(module, d, np, mp, table, groups, most, stored, near, coarse);
  rows.x.set(a.x.subarray(0, d * np));
  rows.y.set(b.x.subarray(0, d * mp));
  rows.a.set(a.weight);
  if (form === 2) fillTable(cost, a, b, rows.table);
  D.set([form, d, a.n, rows.x.byteOffset, np, rows.y.byteOffset, mp, rows.table.byteOffset, block]);
  D.set([rows.start.byteOffset, rows.from.byteOffset, rows.to.byteOffset, rows.room.byteOffset], 9);
  N.set(D);
  N.set([rows.nearStart.byteOffset, rows.nearFrom.byteOffset, rows.nearTo.byteOffset], 9);
  const range = form === 2 ? tableRange(a.n, b.n, mp, rows.table) : boxRange(cost, a, b);
  const choice = openChoice(cost, form, a, b, block, rows);
  return pairsOf({ cost, form, a, b, block, groups, module, D, N, rows, range, choice, stored });
}

interface Opened {
  readonly cost: Cost;
  readonly form: number;
  readonly a: Ordered;
  readonly b: Ordered;
  readonly block: number;
  readonly groups: number;
  readonly module: SolverModule;
  readonly D: Int32Array;
  /** the same for the pairs that are stored, where those are not all that are looked at */
  readonly N: Int32Array;
  readonly rows: PairRows;
  readonly range: readonly [number, number];
  readonly choice: Choice;
  readonly stored: number;
}
function pairsOf({ cost, form, a, b, block, groups, module, D, N, rows, range, choice, stored }: Opened): Pairs {
  const { sweep, through, transform, means } = module.exports as unknown as Record<string, (...args: number[]) => number>;
  const power = cost.power ?? 0;
  const logB = Float64Array.from({ length: b.padded }, (_, j) => (j < b.n ? log(b.weight[j]!) * LOG2E : PAD));
  const exponents = (epsilon: number): void => {
    const kappa = LOG2E / epsilon;
    for (let j = 0; j < b.n; j++) rows.G[j] = rows.g[j]! * kappa + logB[j]!;
    for (let j = b.n; j < b.padded; j++) rows.G[j] = PAD;
  };
  const at = (row: Float64Array | Float32Array | Int32Array): number => row.byteOffset;
  const places = openPlaces(rows, groups, block);
  /** whether what is stored are the nearest pairs only */
  let thin = false;
  const [x, y] = [unpadded(a), unpadded(b)];
  return {
    a,
    b,
    f: rows.f,
    g: rows.g,
    ratio: rows.ratio,
    column: rows.column,
    pay: rows.pay,
    get count() {
      return choice.count;
    },
    get storable() {
      return choice.count <= stored;
    },
    room: stored,
    corrects: rows.coarse.length > 0,
    largestCost: range[1],
    leastCost: range[0],
    bytes: module.memory.buffer.byteLength,
    left: (epsilon) => choice.left(rows.f, rows.g, epsilon),
    select: (epsilon, theta) => choice.select(rows.f, rows.g, epsilon, theta),
    *pass(epsilon, { update, columns, store, coarse }) {
      exponents(epsilon);
      if (columns) rows.column.fill(0);
      if (store) {
        thin = false;
        places.entries(thin);
      }
      if (coarse) places.blocks();
      for (let q = 0; q < groups; ) {
        const next = places.slice(q, SLICE);
        const change = [update ? 1 : 0, update?.omega ?? 1, update?.tau ?? 1, update?.cap ?? Number.POSITIVE_INFINITY];
        sweep!(
          ...[at(D), power, q, next, LOG2E / epsilon, at(rows.f), at(rows.G), at(rows.a), ...change],
          ...[
            at(rows.ratio),
            at(rows.pay),
            columns ? at(rows.column) : 0,
            store ? at(rows.E) : 0,
            at(rows.offset),
            coarse ? at(rows.coarse) : 0,
            at(rows.coarseStart),
          ],
        );
        q = next;
        yield;
      }
    },
    *storeLargest(epsilon, theta) {
      if (stored === 0 || !choice.largest(rows.f, rows.g, epsilon, theta, stored)) return false;
      thin = true;
      places.entries(thin);
      exponents(epsilon);
      for (let q = 0; q < groups; q += 16) {
        const next = Math.min(groups, q + 16);
        sweep!(
          ...[at(N), power, q, next, LOG2E / epsilon, at(rows.f), at(rows.G), at(rows.a), 0, 1, 1, Number.POSITIVE_INFINITY],
          ...[at(rows.u), at(rows.scaled), 0, at(rows.E), at(rows.offset), 0, 0],
        );
        yield;
      }
      return true;
    },
    blocks: () => (rows.coarse.length > 0 ? places.pattern() : null),
    through(v, u, out, scale) {
      if (scale) for (let i = 0; i < a.n; i++) rows.scaled[i] = rows.a[i]! * scale[i]!;
      // to the size of one, so that float32 neither over- nor underflows
      let size = 0;
      for (let j = 0; j < b.n; j++) size = Math.max(size, Math.abs(v[j]!));
      const unit = size > 0 ? 1 / size : 0;
      for (let j = 0; j < b.n; j++) rows.single[j] = v[j]! * unit;
      rows.out.fill(0);
      through!(at(thin ? N : D), 0, groups, at(rows.E), at(rows.offset), at(scale ? rows.scaled : rows.a), at(rows.single), at(rows.u), at(rows.out));
      for (let i = 0; i < a.n; i++) u[i] = size * rows.u[i]!;
      for (let j = 0; j < b.n; j++) out[j] = size * rows.out[j]!;
    },
    transform(out) {
      rows.out.fill(Number.POSITIVE_INFINITY);
      transform!(at(D), power, 0, groups, at(rows.f), at(rows.out));
      out.set(rows.out);
    },
    means(epsilon, d, v, u) {
      exponents(epsilon);
      for (let k = 0; k < d; k++) {
        rows.out.set(v.subarray(k * b.padded, (k + 1) * b.padded));
        means!(at(D), power, 0, groups, LOG2E / epsilon, at(rows.f), at(rows.G), 1, at(rows.out), at(rows.u));
        u.set(rows.u, k * a.padded);
      }
    },
    eachRun: (visit) => places.eachRun(a.n, b.n, visit),
    cost: (i, j) => (form === 2 ? rows.table[i * b.padded + j]! : cost.at(i, j, a.n, x, b.n, y)),
  };
}
