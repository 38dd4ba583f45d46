/**
 * Sums of squared distances in a time proportional to the number of points: with c the mean of the sources by |w|,
 *
 *     sum_j w_j |x - y_j|^2 = W |x - c|^2 - 2 (x - c) . S + Q,   W = sum w_j, S = sum w_j (y_j - c), Q = sum w_j |y_j - c|^2.
 *
 * sum |w_j| |x - y_j|^2 is (sum |w_j|) |x - c|^2 plus sum |w_j| |y_j - c|^2, so nothing larger than the terms' sizes is subtracted.
 */
import type { Rows } from "../contract.ts";

interface Moments {
  readonly total: number;
  readonly square: number;
  readonly centre: Float64Array;
  readonly first: Float64Array;
}
function momentsOf(d: number, m: number, y: Rows, w: Rows): Moments {
  const centre = new Float64Array(d);
  const first = new Float64Array(d);
  let [total, size, square] = [0, 0, 0];
  for (let j = 0; j < m; j++) {
    total += w[j]!;
    size += Math.abs(w[j]!);
  }
  for (let k = 0; k < d; k++) {
    let s = 0;
    for (let j = 0; j < m; j++) s += Math.abs(w[j]!) * y[k * m + j]!;
    const c = size > 0 ? s / size : 0;
    centre[k] = c;
    let t = 0;
    for (let j = 0; j < m; j++) {
      const z = y[k * m + j]! - c;
      t += w[j]! * z;
      square += w[j]! * z * z;
    }
    first[k] = t;
  }
  return { total, square, centre, first };
}

/** out_i = sum_j w_j |x_i - y_j|^2 for n targets x [d * n] and m sources y [d * m] */
export function squareSum(d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows): void {
  const { total, square, centre, first } = momentsOf(d, m, y, w);
  for (let i = 0; i < n; i++) {
    let s = square;
    for (let k = 0; k < d; k++) {
      const z = x[k * n + i]! - centre[k]!;
      s += z * (total * z - 2 * first[k]!);
    }
    out[i] = s;
  }
}
/** out_{k,i} = sum_j 2 w_j (x_{k,i} - y_{k,j}) */
export function squareGradient(d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows): void {
  const { total, centre, first } = momentsOf(d, m, y, w);
  for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) out[k * n + i] = 2 * (total * (x[k * n + i]! - centre[k]!) - first[k]!);
}
