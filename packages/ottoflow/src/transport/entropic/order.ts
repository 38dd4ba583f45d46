/** Points in an order in which every aligned block of 2^k places is one cell of a kd-tree: blocks are near points, and blocks of blocks are too. */
import type { Rows } from "../../contract.ts";

/** place -> point */
export function blockOrder(n: number, d: number, x: Rows): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const split = (from: number, to: number): void => {
    const count = to - from;
    if (count <= 2) return;
    // the first part is the largest power of two below, so that blocks stay aligned
    let half = 1;
    while (2 * half < count) half *= 2;
    const k = widest(order, from, to, n, d, x);
    select(order, from, to - 1, from + half, (i) => x[k * n + i]!);
    split(from, from + half);
    split(from + half, to);
  };
  split(0, n);
  return order;
}
function widest(order: Int32Array, from: number, to: number, n: number, d: number, x: Rows): number {
  let best = 0;
  let width = -1;
  for (let k = 0; k < d; k++) {
    let lo = Number.POSITIVE_INFINITY;
    let hi = Number.NEGATIVE_INFINITY;
    for (let i = from; i < to; i++) {
      const v = x[k * n + order[i]!]!;
      if (v < lo) lo = v;
      if (v > hi) hi = v;
    }
    if (hi - lo > width) {
      width = hi - lo;
      best = k;
    }
  }
  return best;
}
/** Hoare's selection: afterwards no key before `at` is above any key from `at` on. */
function select(order: Int32Array, from: number, to: number, at: number, key: (i: number) => number): void {
  let lo = from;
  let hi = to;
  while (lo < hi) {
    const pivot = key(order[(lo + hi) >> 1]!);
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (key(order[i]!) < pivot) i++;
      while (key(order[j]!) > pivot) j--;
      if (i <= j) {
        const t = order[i]!;
        order[i++] = order[j]!;
        order[j--] = t;
      }
    }
    if (at <= j) hi = j;
    else if (at >= i) lo = i;
    else return;
  }
}

/** A weighted cloud in block order, on rows padded to whole blocks: pads stand on the last point and have no weight. */
export interface Ordered {
  readonly n: number;
  readonly d: number;
  /** n rounded up to whole blocks */
  readonly padded: number;
  /** [d * padded] */
  readonly x: Float64Array;
  /** [padded] */
  readonly weight: Float64Array;
  /** place -> point as it came */
  readonly order: Int32Array;
}
export function ordered(n: number, d: number, x: Rows, weight: Rows, block: number, sort: boolean): Ordered {
  const order = sort ? blockOrder(n, d, x) : Int32Array.from({ length: n }, (_, i) => i);
  const padded = Math.ceil(n / block) * block;
  const rows = new Float64Array(d * padded);
  const w = new Float64Array(padded);
  for (let k = 0; k < d; k++) for (let i = 0; i < padded; i++) rows[k * padded + i] = x[k * n + order[Math.min(i, n - 1)]!]!;
  for (let i = 0; i < n; i++) w[i] = weight[order[i]!]!;
  return { n, d, padded, x: rows, weight: w, order };
}

/** The cloud of the means of blocks of `size` points: what it looks like from afar. */
export function coarser(c: Ordered, size: number, block: number): Ordered {
  const n = Math.ceil(c.n / size);
  const x = new Float64Array(c.d * n);
  const weight = new Float64Array(n);
  for (let i = 0; i < c.n; i++) {
    const q = Math.floor(i / size);
    weight[q] = weight[q]! + c.weight[i]!;
    for (let k = 0; k < c.d; k++) x[k * n + q] = x[k * n + q]! + c.weight[i]! * c.x[k * c.padded + i]!;
  }
  for (let k = 0; k < c.d; k++) for (let q = 0; q < n; q++) x[k * n + q] = x[k * n + q]! / weight[q]!;
  return ordered(n, c.d, x, weight, block, false);
}

/** Boxes of blocks of `block * 2^level` places. */
export interface Boxes {
  readonly block: number;
  readonly levels: readonly {
    readonly count: number /** [d * count] */;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
    readonly mass: Float64Array;
  }[];
}
export function boxesOf(c: Ordered, block: number): Boxes {
  const { d, padded } = c;
  let count = padded / block;
  let lower = new Float64Array(d * count);
  let upper = new Float64Array(d * count);
  let mass = new Float64Array(count);
  for (let q = 0; q < count; q++)
    for (let i = q * block; i < (q + 1) * block; i++) {
      mass[q] = mass[q]! + c.weight[i]!;
      for (let k = 0; k < d; k++) {
        const v = c.x[k * padded + i]!;
        lower[k * count + q] = i === q * block ? v : Math.min(lower[k * count + q]!, v);
        upper[k * count + q] = i === q * block ? v : Math.max(upper[k * count + q]!, v);
      }
    }
  const levels = [{ count, lower, upper, mass }];
  while (count > 1) {
    const next = Math.ceil(count / 2);
    const [lo, hi, m] = [new Float64Array(d * next), new Float64Array(d * next), new Float64Array(next)];
    for (let q = 0; q < next; q++) {
      const r = Math.min(2 * q + 1, count - 1);
      m[q] = mass[2 * q]! + (r > 2 * q ? mass[r]! : 0);
      for (let k = 0; k < d; k++) {
        lo[k * next + q] = Math.min(lower[k * count + 2 * q]!, lower[k * count + r]!);
        hi[k * next + q] = Math.max(upper[k * count + 2 * q]!, upper[k * count + r]!);
      }
    }
    levels.push({ count: next, lower: lo, upper: hi, mass: m });
    [count, lower, upper, mass] = [next, lo, hi, m];
  }
  return { block, levels };
}
/** Largest value over each block, level by level. */
export function tops(values: Float64Array, n: number, boxes: Boxes): Float64Array[] {
  const { block, levels } = boxes;
  const first = new Float64Array(levels[0]!.count).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < n; i++) {
    const q = Math.floor(i / block);
    if (values[i]! > first[q]!) first[q] = values[i]!;
  }
  const out = [first];
  for (let l = 1; l < levels.length; l++) {
    const below = out[l - 1]!;
    out.push(Float64Array.from({ length: levels[l]!.count }, (_, q) => Math.max(below[2 * q]!, below[Math.min(2 * q + 1, below.length - 1)]!)));
  }
  return out;
}
