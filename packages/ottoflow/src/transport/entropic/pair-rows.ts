/** The rows of a problem between two clouds in the memory of its kernel, and the range of its costs. */
import type { Cost } from "../../contract.ts";
import type { SolverModule } from "../../kernels/solver-module.ts";
import { boxesOf, type Ordered } from "./order.ts";

/** Rows by the kernel's names, see assembly/sinkhorn. */
export interface PairRows {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly table: Float64Array;
  readonly a: Float64Array;
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly G: Float64Array;
  readonly ratio: Float64Array;
  readonly pay: Float64Array;
  readonly column: Float64Array;
  readonly u: Float64Array;
  readonly scaled: Float64Array;
  readonly out: Float64Array;
  readonly single: Float32Array;
  readonly room: Float64Array;
  readonly start: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly offset: Int32Array;
  readonly nearStart: Int32Array;
  readonly nearFrom: Int32Array;
  readonly nearTo: Int32Array;
  readonly coarse: Float64Array;
  readonly coarseStart: Int32Array;
  readonly E: Float32Array;
}
export function rowsOf(
  module: SolverModule,
  d: number,
  np: number,
  mp: number,
  table: number,
  groups: number,
  most: number,
  stored: number,
  near: number,
  coarse: number,
): PairRows {
  return {
    x: module.f64(d * np),
    y: module.f64(d * mp),
    table: module.f64(table),
    a: module.f64(np),
    f: module.f64(np),
    g: module.f64(mp),
    G: module.f64(mp),
    ratio: module.f64(np),
    pay: module.f64(np),
    column: module.f64(mp),
    u: module.f64(np),
    scaled: module.f64(np),
    out: module.f64(mp),
    single: module.f32(mp),
    room: module.f64((d + 5) * mp),
    start: module.i32(groups + 1),
    from: module.i32(most),
    to: module.i32(most),
    offset: module.i32(groups + 1),
    nearStart: module.i32(groups + 1),
    nearFrom: module.i32(near),
    nearTo: module.i32(near),
    coarse: module.f64(coarse),
    coarseStart: module.i32(groups + 1),
    E: module.f32(stored),
  };
}
export function fillTable(cost: Cost, a: Ordered, b: Ordered, table: Float64Array): void {
  const row = new Float64Array(b.n);
  const [x, y] = [unpadded(a), unpadded(b)];
  for (let i = 0; i < a.n; i++) {
    cost.row(i, a.n, x, b.n, y, row);
    table.set(row, i * b.padded);
  }
}
export function unpadded(c: Ordered): Float64Array {
  const x = new Float64Array(c.d * c.n);
  for (let k = 0; k < c.d; k++) x.set(c.x.subarray(k * c.padded, k * c.padded + c.n), k * c.n);
  return x;
}
export function tableRange(n: number, m: number, mp: number, table: Float64Array): readonly [number, number] {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++)
    for (let j = i * mp; j < i * mp + m; j++) {
      const c = table[j]!;
      if (c < lo) lo = c;
      if (c > hi && c < Number.POSITIVE_INFINITY) hi = c;
    }
  return [lo, hi];
}
/** Costs of the whole clouds, from their boxes: none is larger. */
export function boxRange(cost: Cost, a: Ordered, b: Ordered): readonly [number, number] {
  const p = boxesOf(a, a.padded).levels[0]!;
  const q = boxesOf(b, b.padded).levels[0]!;
  const far = new Float64Array(a.d);
  for (let k = 0; k < a.d; k++) far[k] = Math.max(Math.abs(p.upper[k]! - q.lower[k]!), Math.abs(q.upper[k]! - p.lower[k]!));
  return [0, cost.at(0, 0, 1, far, 1, new Float64Array(a.d))];
}
