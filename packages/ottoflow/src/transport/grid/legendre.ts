/**
 * Convex conjugates on regular grids in linear time: u*(y) = max_i x_i . y - u_i is a maximum over one axis after the other, and along an axis
 * the lower convex hull of (x_i, u_i) is walked once for increasing y. What the c-transforms of |x - y|^2 are made of. [lucet1997]
 */
import { type Lattice, sizeOf } from "./lattice.ts";

/**
 * out_j = max_i x_i y_j - u_i for x_i = x0 + i hx (i < n) and y_j = y0 + j hy (j < m). u_i = Infinity leaves point i out; -Infinity where all are.
 * hull: [n] scratch.
 */
export function legendreLine(n: number, x0: number, hx: number, u: Float64Array, m: number, y0: number, hy: number, out: Float64Array, hull: Int32Array): void {
  let top = -1;
  for (let i = 0; i < n; i++) {
    const v = u[i]!;
    if (v === Number.POSITIVE_INFINITY) continue;
    // the last corner goes while it lies on or above the chord to the new point: compared without a division
    while (top > 0) {
      const b = hull[top]!;
      const a = hull[top - 1]!;
      if ((u[b]! - u[a]!) * (i - b) < (v - u[b]!) * (b - a)) break;
      top--;
    }
    hull[++top] = i;
  }
  if (top < 0) {
    out.fill(Number.NEGATIVE_INFINITY, 0, m);
    return;
  }
  let k = 0;
  for (let j = 0; j < m; j++) {
    const y = y0 + j * hy;
    const slope = y * hx;
    while (k < top && u[hull[k + 1]!]! - u[hull[k]!]! <= slope * (hull[k + 1]! - hull[k]!)) k++;
    out[j] = (x0 + hull[k]! * hx) * y - u[hull[k]!]!;
  }
}

/** w(y) = max_x x . y - u(x) over the points of `from`, at the points of `to`. */
export function legendre(from: Lattice, u: Float64Array, to: Lattice, out: Float64Array): void {
  const [n0, n1] = from.shape;
  const [m0, m1] = to.shape;
  const hull = new Int32Array(Math.max(n0, n1));
  const row = new Float64Array(m1);
  const first = new Float64Array(m1 * n0);
  for (let i = 0; i < n0; i++) {
    legendreLine(n1, from.origin[1], from.h[1], u.subarray(i * n1, (i + 1) * n1), m1, to.origin[1], to.h[1], row, hull);
    for (let j = 0; j < m1; j++) first[j * n0 + i] = -row[j]!;
  }
  const column = new Float64Array(m0);
  for (let j = 0; j < m1; j++) {
    legendreLine(n0, from.origin[0], from.h[0], first.subarray(j * n0, (j + 1) * n0), m0, to.origin[0], to.h[0], column, hull);
    for (let i = 0; i < m0; i++) out[i * m1 + j] = column[i]!;
  }
}

/** |x|^2 / 2 at the points. */
export function halfSquares(l: Lattice): Float64Array {
  const out = new Float64Array(sizeOf(l));
  for (let i = 0; i < l.shape[0]; i++) {
    const x = l.origin[0] + i * l.h[0];
    for (let j = 0; j < l.shape[1]; j++) {
      const y = l.origin[1] + j * l.h[1];
      out[i * l.shape[1] + j] = 0.5 * (x * x + y * y);
    }
  }
  return out;
}
