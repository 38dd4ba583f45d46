/**
 * Sums of distances on the line by sorting: with W and S the sums of w_j and w_j (y_j - c) over the sources below and above x,
 *
 *     sum_j w_j |x - y_j| = (x - c) (W_below - W_above) - (S_below - S_above),   sum_j w_j sign(x - y_j) = W_below - W_above.
 *
 * With c the mean of the sources by |w| every part is at most a few times sum |w_j| |x - y_j|, and running sums are compensated, so the
 * results are as good as direct sums. About (n + m) log m operations.
 */
import type { Rows } from "../contract.ts";

interface Sorted {
  readonly centre: number;
  /** [m] in order */
  readonly y: Float64Array;
  /** [m + 1] sums of w over the first so many, and of w (y - c) */
  readonly weight: Float64Array;
  readonly first: Float64Array;
}
function sort(m: number, y: Rows, w: Rows): Sorted {
  const order = new Uint32Array(m);
  for (let j = 0; j < m; j++) order[j] = j;
  // equal places in the order they came, so that the bits depend on nothing else
  order.sort((a, b) => y[a]! - y[b]! || a - b);
  let size = 0;
  let mean = 0;
  for (let j = 0; j < m; j++) {
    size += Math.abs(w[j]!);
    mean += Math.abs(w[j]!) * y[j]!;
  }
  const centre = size > 0 ? mean / size : 0;
  const sorted = new Float64Array(m);
  const weights = new Float64Array(m);
  const moments = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    const i = order[j]!;
    sorted[j] = y[i]!;
    weights[j] = w[i]!;
    moments[j] = w[i]! * (y[i]! - centre);
  }
  return { centre, y: sorted, weight: running(weights), first: running(moments) };
}
/** running sums with what rounding lost carried along [neumaier1974] */
function running(a: Float64Array): Float64Array {
  const out = new Float64Array(a.length + 1);
  let sum = 0;
  let lost = 0;
  for (let j = 0; j < a.length; j++) {
    const v = a[j]!;
    const next = sum + v;
    lost += Math.abs(sum) >= Math.abs(v) ? sum - next + v : v - next + sum;
    sum = next;
    out[j + 1] = sum + lost;
  }
  return out;
}
/** how many of the sorted values are below x, or at most x */
function below(y: Float64Array, x: number, equal: boolean): number {
  let low = 0;
  let high = y.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (y[middle]! < x || (equal && y[middle]! === x)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** out_i = sum_j w_j |x_i - y_j| for n targets and m sources on the line */
export function distanceSum(n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows): void {
  const s = sort(m, y, w);
  const [total, all] = [s.weight[m]!, s.first[m]!];
  for (let i = 0; i < n; i++) {
    const k = below(s.y, x[i]!, false);
    out[i] = (x[i]! - s.centre) * (2 * s.weight[k]! - total) - (2 * s.first[k]! - all);
  }
}
/** out_i = sum_j w_j sign(x_i - y_j) */
export function distanceGradient(n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows): void {
  const s = sort(m, y, w);
  const total = s.weight[m]!;
  for (let i = 0; i < n; i++) out[i] = s.weight[below(s.y, x[i]!, false)]! + s.weight[below(s.y, x[i]!, true)]! - total;
}
