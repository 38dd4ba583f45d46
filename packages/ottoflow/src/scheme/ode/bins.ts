/** Points sorted into bins of side at least `reach`, so that all points near a place stand in a few contiguous ranges. */
import type { Host, Rows } from "../../contract.ts";
import { powi } from "../../kernels/math.ts";

export interface Bins {
  /** sorted points [d * n]; sorted point i is point order[i] */
  readonly x: Rows;
  readonly order: Int32Array;
  /** ranges [from, to) of sorted points, filled by `near` */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** false where a point is not a number: then nothing is near anything */
  sort(x: Rows): boolean;
  /** fills the ranges that hold every point within reach of `here` [d], and says how many */
  near(here: Rows): number;
}

/** axes that are sorted; more would mean 3^d neighbouring bins */
const most = 3;

export function openBins(d: number, n: number, reach: number, host: Host): Bins {
  const axes = Math.min(d, most);
  const limit = binsPerAxis(n, axes);
  const sorted = host.alloc(d * n);
  const order = new Int32Array(n);
  const bin = new Int32Array(n);
  const shape = new Int32Array(most).fill(1);
  const low = new Float64Array(most);
  const side = new Float64Array(most);
  const first = new Int32Array(powi(limit, axes) + 1);
  const from = new Int32Array(9);
  const to = new Int32Array(9);
  const at = new Int32Array(most);

  function shapeBins(x: Rows): void {
    for (let k = 0; k < axes; k++) {
      let lo = Number.POSITIVE_INFINITY;
      let hi = Number.NEGATIVE_INFINITY;
      for (let i = k * n; i < (k + 1) * n; i++) {
        if (x[i]! < lo) lo = x[i]!;
        if (x[i]! > hi) hi = x[i]!;
      }
      const count = Math.min(limit, Math.floor((hi - lo) / reach));
      shape[k] = count >= 1 ? count : 1;
      low[k] = lo;
      side[k] = shape[k]! > 1 ? (hi - lo) / shape[k]! : Number.POSITIVE_INFINITY;
    }
  }
  function sort(x: Rows): boolean {
    shapeBins(x);
    first.fill(0);
    for (let i = 0; i < n; i++) {
      let b = 0;
      for (let k = 0; k < axes; k++) b = b * shape[k]! + Math.max(0, Math.min(shape[k]! - 1, Math.floor((x[k * n + i]! - low[k]!) / side[k]!)));
      if (!(b >= 0)) return false;
      bin[i] = b;
      first[b + 1] = first[b + 1]! + 1;
    }
    for (let b = 1; b < first.length; b++) first[b] = first[b]! + first[b - 1]!;
    for (let i = 0; i < n; i++) {
      const b = bin[i]!;
      order[first[b]!] = i;
      first[b] = first[b]! + 1;
    }
    for (let b = first.length - 1; b > 0; b--) first[b] = first[b - 1]!;
    first[0] = 0;
    for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) sorted[k * n + i] = x[k * n + order[i]!]!;
    return true;
  }
  /** Bins that differ in the last sorted axis only are neighbours in memory, so they make one range. */
  function near(here: Rows): number {
    const last = axes - 1;
    for (let k = 0; k < axes; k++) at[k] = Math.floor((here[k]! - low[k]!) / side[k]!);
    const width = shape[last]!;
    const lo = Math.max(0, at[last]! - 1);
    const hi = Math.min(width - 1, at[last]! + 1);
    if (lo > hi) return 0;
    let count = 0;
    for (let a = -1; a <= (last > 0 ? 1 : -1); a++) {
      const i = last > 0 ? at[0]! + a : 0;
      if (i < 0 || i >= (last > 0 ? shape[0]! : 1)) continue;
      for (let b = -1; b <= (last > 1 ? 1 : -1); b++) {
        const j = last > 1 ? at[1]! + b : 0;
        if (j < 0 || j >= (last > 1 ? shape[1]! : 1)) continue;
        const row = (i * (last > 1 ? shape[1]! : 1) + j) * width;
        from[count] = first[row + lo]!;
        to[count++] = first[row + hi + 1]!;
      }
    }
    return count;
  }
  return { x: sorted, order, from, to, sort, near };
}

/** So many that all bins together are at most twice the points. */
function binsPerAxis(n: number, axes: number): number {
  let count = 1;
  while (powi(count + 1, axes) <= 2 * n) count++;
  return count;
}
