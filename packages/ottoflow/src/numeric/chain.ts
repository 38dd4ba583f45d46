import type { Rows } from "../contract.ts";

/**
 * One implicit step of a birth–death chain: solves
 *   keep_i x_i + (a_i + b_{i-1}) x_i - a_{i-1} x_{i-1} - b_i x_{i+1} = f_i,
 * with a_i >= 0 the rate from i to i + 1 and b_i >= 0 the rate back (entries n - 1 are not read), keep_i > 0.
 * Eliminates without one subtraction, as Grassmann, Taksar and Heyman do for stationary laws: every entry is accurate to a few
 * units in the last place however stiff the rates are, f >= 0 gives x >= 0, and sum keep x = sum f. [grassmann1985]
 * `out` may be `f`; work: [n].
 */
export function solveChain(n: number, keep: Rows, a: Rows, b: Rows, f: Rows, out: Rows, work: Rows): void {
  let kept = keep[0]!;
  let inverse = 1 / (n > 1 ? kept + a[0]! : kept);
  let y = f[0]!;
  out[0] = y;
  work[0] = inverse;
  for (let i = 1; i < n; i++) {
    kept = keep[i]! + b[i - 1]! * (kept * inverse);
    y = f[i]! + a[i - 1]! * (y * inverse);
    inverse = 1 / (i < n - 1 ? kept + a[i]! : kept);
    out[i] = y;
    work[i] = inverse;
  }
  out[n - 1] = out[n - 1]! * work[n - 1]!;
  for (let i = n - 2; i >= 0; i--) out[i] = (out[i]! + b[i]! * out[i + 1]!) * work[i]!;
}

/**
 * The same on a circle: a_{n-1} is the rate from n - 1 to 0 and b_{n-1} the rate from 0 to n - 1. The last cell is taken out
 * and put back by bordering, again without a subtraction. work: [3n]; `out` may be `f`.
 */
export function solveCircle(n: number, keep: Rows, a: Rows, b: Rows, f: Rows, out: Rows, work: Rows): void {
  if (n <= 2) {
    solveShortCircle(n, keep, a, b, f, out);
    return;
  }
  const m = n - 1;
  const lossy = work.subarray(0, n);
  const z = work.subarray(n, 2 * n);
  const rest = work.subarray(2 * n, 3 * n);
  for (let i = 0; i < m; i++) {
    lossy[i] = keep[i]!;
    z[i] = 0;
  }
  const fromFirst = b[m]!;
  const fromBefore = a[m - 1]!;
  lossy[0] = lossy[0]! + fromFirst;
  lossy[m - 1] = lossy[m - 1]! + fromBefore;
  z[0] = a[m]!;
  z[m - 1] = z[m - 1]! + b[m - 1]!;
  const last = f[m]!;
  solveChain(m, lossy, a, b, z, z, rest);
  solveChain(m, lossy, a, b, f, out, rest);
  let kept = keep[m]!;
  for (let i = 0; i < m; i++) kept += keep[i]! * z[i]!;
  const x = (last + fromFirst * out[0]! + fromBefore * out[m - 1]!) / kept;
  for (let i = 0; i < m; i++) out[i] = out[i]! + x * z[i]!;
  out[m] = x;
}

/** One cell keeps its mass; two cells are joined by both edges at once. */
function solveShortCircle(n: number, keep: Rows, a: Rows, b: Rows, f: Rows, out: Rows): void {
  if (n === 1) {
    out[0] = f[0]! / keep[0]!;
    return;
  }
  const up = a[0]! + b[1]!;
  const down = b[0]! + a[1]!;
  const p = keep[0]!;
  const q = keep[1]!;
  const determinant = p * q + p * down + q * up;
  const f0 = f[0]!;
  const f1 = f[1]!;
  out[0] = (f0 * (q + down) + f1 * down) / determinant;
  out[1] = (f1 * (p + up) + f0 * up) / determinant;
}
