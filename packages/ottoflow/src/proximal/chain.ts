/** Symmetric tridiagonal matrices, as they come from quantities of neighbours on a line. */

export interface Chain {
  readonly n: number;
  /** [n] */
  readonly diagonal: Float64Array;
  /** [n - 1] couples i and i + 1 */
  readonly off: Float64Array;
}

/**
 * Eliminates diag + off + shift * (the chain `metric`) from both ends towards the middle row: two recurrences at a time, each of which
 * would wait for itself. Pivots into `pivot` [n], multipliers off / pivot of the row eliminated into `factor` [n - 1]. Returns false, with
 * the outputs unfinished, at the first pivot that is not positive: the matrix is then not positive definite.
 */
export function factorChain(a: Chain, metric: Chain, shift: number, pivot: Float64Array, factor: Float64Array): boolean {
  const { n, diagonal, off } = a;
  const middle = n >> 1;
  if (shift !== 0) {
    for (let i = 0; i < n; i++) pivot[i] = diagonal[i]! + shift * metric.diagonal[i]!;
    for (let i = 0; i < n - 1; i++) factor[i] = off[i]! + shift * metric.off[i]!;
  }
  const d = shift === 0 ? diagonal : pivot;
  const o = shift === 0 ? off : factor;
  let p = d[0]!;
  let q = d[n - 1]!;
  for (let i = 0, k = n - 1; i < middle; i++, k--) {
    const c = o[i]!;
    const l = c / p;
    const next = d[i + 1]!;
    if (!(p > 0)) return false;
    pivot[i] = p;
    factor[i] = l;
    p = next - l * c;
    // one row less below the middle where n is even
    if (k <= middle + 1) continue;
    const e = o[k - 1]!;
    const m = e / q;
    const before = d[k - 1]!;
    if (!(q > 0)) return false;
    pivot[k] = q;
    factor[k - 1] = m;
    q = before - m * e;
  }
  if (n - 1 > middle) {
    // the last row below: q belongs to middle + 1
    if (!(q > 0)) return false;
    pivot[middle + 1] = q;
    const c = o[middle]!;
    factor[middle] = c / q;
    p -= factor[middle]! * c;
  }
  pivot[middle] = p;
  return p > 0;
}

/** Solves the factored system; `out` may be `right`. */
export function solveChain(n: number, pivot: Float64Array, factor: Float64Array, right: Float64Array, out: Float64Array): void {
  const middle = n >> 1;
  let y = right[0]!;
  let z = right[n - 1]!;
  out[0] = y;
  out[n - 1] = z;
  for (let i = 1, k = n - 2; i < middle; i++, k--) {
    y = right[i]! - factor[i - 1]! * y;
    out[i] = y;
    if (k <= middle) continue;
    z = right[k]! - factor[k]! * z;
    out[k] = z;
  }
  let x = middle > 0 ? right[middle]! - factor[middle - 1]! * y : y;
  if (n - 1 > middle) x -= factor[middle]! * z;
  x /= pivot[middle]!;
  out[middle] = x;
  let w = x;
  for (let i = middle - 1, k = middle + 1; i >= 0; i--, k++) {
    x = out[i]! / pivot[i]! - factor[i]! * x;
    out[i] = x;
    if (k >= n) continue;
    w = out[k]! / pivot[k]! - factor[k - 1]! * w;
    out[k] = w;
  }
}

/** out = (diag + off) v; `out` must not be `v`. */
export function applyChain(a: Chain, v: Float64Array, out: Float64Array): void {
  const { n, diagonal, off } = a;
  for (let i = 0; i < n; i++) {
    let s = diagonal[i]! * v[i]!;
    if (i > 0) s += off[i - 1]! * v[i - 1]!;
    if (i < n - 1) s += off[i]! * v[i + 1]!;
    out[i] = s;
  }
}

export function dot(n: number, a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += a[i]! * b[i]!;
  return s;
}
