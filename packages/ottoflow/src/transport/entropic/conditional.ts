/** Tables of conditional probabilities of entropic plans with squared distances, and Newton's steps on them: the loops of moving.ts. */
import type { Rows } from "../../contract.ts";
import { log } from "../../kernels/math.ts";
import { expRows } from "../../kernels/rows.ts";

/** A bound of the costs: the squared diagonal of the box around both clouds. */
export function widest(d: number, n: number, x: Rows, m: number, y: Rows): number {
  let s = 0;
  for (let k = 0; k < d; k++) {
    let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = k * n; i < (k + 1) * n; i++) [lo, hi] = [Math.min(lo, x[i]!), Math.max(hi, x[i]!)];
    for (let j = k * m; j < (k + 1) * m; j++) [lo, hi] = [Math.min(lo, y[j]!), Math.max(hi, y[j]!)];
    s += (hi - lo) * (hi - lo);
  }
  return s;
}
/** The potential of point j of the second side without entropy: min_i c_ij - f_i. */
export function nearest(d: number, n: number, x: Rows, f: Float64Array, m: number, y: Rows, j: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    let c = 0;
    for (let k = 0; k < d; k++) c += (x[k * n + i]! - y[k * m + j]!) * (x[k * n + i]! - y[k * m + j]!);
    least = Math.min(least, c - f[i]!);
  }
  return least;
}

/**
 * Q_ij = b_j exp((f_i + g_j - c_ij) / epsilon) with f such that every row sums to one; returns the largest |g_j - c_ij| met.
 * log b is -Infinity for points without mass.
 */
export function conditional(
  d: number,
  n: number,
  x: Rows,
  m: number,
  y: Rows,
  logB: Float64Array,
  g: Float64Array,
  epsilon: number,
  Q: Float64Array,
  f: Float64Array,
): number {
  const rate = 1 / epsilon;
  let spread = 0;
  for (let i = 0; i < n; i++) {
    const row = Q.subarray(i * m, (i + 1) * m);
    row.fill(0);
    for (let k = 0; k < d; k++) {
      const at = x[k * n + i]!;
      for (let j = 0, q = k * m; j < m; j++, q++) {
        const z = at - y[q]!;
        row[j] = row[j]! + z * z;
      }
    }
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < m; j++) {
      const height = g[j]! - row[j]!;
      if (height > spread) spread = height;
      else if (-height > spread) spread = -height;
      const z = height * rate + logB[j]!;
      row[j] = z;
      if (z > most) most = z;
    }
    for (let j = 0; j < m; j++) row[j] = row[j]! - most;
    f[i] = -epsilon * most;
  }
  expRows(n * m, Q, Q);
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let q = i * m; q < (i + 1) * m; q++) s += Q[q]!;
    f[i] = f[i]! - epsilon * log(s);
    const share = 1 / s;
    for (let q = i * m; q < (i + 1) * m; q++) Q[q] = Q[q]! * share;
  }
  return spread;
}

/**
 * Newton's step of h(g) = <a, f(g)> + <b, g>, concave: (diag(C) - Q' diag(a) Q) delta = epsilon (b - C), C = Q' a, by conjugate gradients.
 * delta in rows[0]; returns its slope <b - C, delta>.
 */
export function otherNewton(
  n: number,
  m: number,
  Q: Float64Array,
  a: Rows,
  column: Float64Array,
  b: Float64Array,
  epsilon: number,
  tolerance: number,
  [x, r, z, p, q, diagonal]: Float64Array[],
  u: Float64Array,
): number {
  const [delta, rest, scaled, way, out] = [x!, r!, z!, p!, q!];
  // the true diagonal: where the plan is nearly a map, it is far below C, and in how many digits differs from point to point
  const inverse = diagonal!;
  for (let j = 0; j < m; j++) inverse[j] = column[j]!;
  for (let i = 0; i < n; i++) {
    const w = a[i]!;
    for (let j = 0, e = i * m; j < m; j++, e++) inverse[j] = inverse[j]! - w * Q[e]! * Q[e]!;
  }
  for (let j = 0; j < m; j++) inverse[j] = 1 / Math.max(inverse[j]!, 1e-12 * b[j]!);
  let [rz, excess, mass] = [0, 0, 0];
  for (let j = 0; j < m; j++) {
    excess += b[j]! - column[j]!;
    mass += column[j]!;
  }
  for (let j = 0; j < m; j++) {
    delta[j] = 0;
    // constants are in the kernel of the matrix: what rounding leaves there no delta can meet
    rest[j] = epsilon * (b[j]! - column[j]! - (excess / mass) * column[j]!);
    scaled[j] = rest[j]! * inverse[j]!;
    way[j] = scaled[j]!;
    rz += rest[j]! * scaled[j]!;
  }
  const enough = tolerance * tolerance * rz;
  for (let k = 0; k < 400 && rz > enough; k++) {
    out.fill(0);
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = 0, e = i * m; j < m; j++, e++) s += Q[e]! * way[j]!;
      u[i] = a[i]! * s;
    }
    for (let i = 0; i < n; i++) {
      const s = u[i]!;
      for (let j = 0, e = i * m; j < m; j++, e++) out[j] = out[j]! - s * Q[e]!;
    }
    let bend = 0;
    for (let j = 0; j < m; j++) {
      out[j] = out[j]! + column[j]! * way[j]!;
      bend += out[j]! * way[j]!;
    }
    if (!(bend > 0)) break;
    const step = rz / bend;
    let next = 0;
    for (let j = 0; j < m; j++) {
      delta[j] = delta[j]! + step * way[j]!;
      rest[j] = rest[j]! - step * out[j]!;
      scaled[j] = rest[j]! * inverse[j]!;
      next += rest[j]! * scaled[j]!;
    }
    const turn = next / rz;
    for (let j = 0; j < m; j++) way[j] = scaled[j]! + turn * way[j]!;
    rz = next;
  }
  let slope = 0;
  for (let j = 0; j < m; j++) slope += (b[j]! - column[j]!) * delta[j]!;
  return slope;
}

/** Newton's step of p = S(p): (I + K) delta = epsilon (1 / R - 1) with K the conditional probabilities, self-adjoint in the weights a R, spectrum in [1, 2]. */
export function ownNewton(n: number, K: Float64Array, a: Rows, ratio: Float64Array, epsilon: number, [x, r, p, q, w]: Float64Array[]): void {
  const [delta, rest, way, out, weight] = [x!, r!, p!, q!, w!];
  let rr = 0;
  for (let i = 0; i < n; i++) {
    weight[i] = a[i]! * ratio[i]!;
    delta[i] = 0;
    rest[i] = epsilon * (1 / ratio[i]! - 1);
    way[i] = rest[i]!;
    rr += weight[i]! * rest[i]! * rest[i]!;
  }
  const enough = 1e-12 * rr;
  for (let k = 0; k < 60 && rr > enough; k++) {
    let bend = 0;
    for (let i = 0; i < n; i++) {
      let s = way[i]!;
      for (let j = 0, e = i * n; j < n; j++, e++) s += K[e]! * way[j]!;
      out[i] = s;
      bend += weight[i]! * s * way[i]!;
    }
    if (!(bend > 0)) break;
    const step = rr / bend;
    let next = 0;
    for (let i = 0; i < n; i++) {
      delta[i] = delta[i]! + step * way[i]!;
      rest[i] = rest[i]! - step * out[i]!;
      next += weight[i]! * rest[i]! * rest[i]!;
    }
    const turn = next / rr;
    for (let i = 0; i < n; i++) way[i] = rest[i]! + turn * way[i]!;
    rr = next;
  }
}
