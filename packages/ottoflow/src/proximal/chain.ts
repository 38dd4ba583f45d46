/** Symmetric tridiagonal matrices, as they come from quantities of neighbours on a line. */

export interface Chain {
  readonly n: number;
  /** [n] */
  readonly diagonal: Float64Array;
  /** [n - 1] couples i and i + 1 */
  readonly off: Float64Array;
}

/**
 * LDL' of diag + off + shift * (the chain `metric`): pivots into `pivot` [n], multipliers into `factor` [n - 1].
 * Returns false, with the outputs unfinished, at the first pivot that is not positive: the matrix is then not positive definite.
 */
export function factorChain(a: Chain, metric: Chain, shift: number, pivot: Float64Array, factor: Float64Array): boolean {
  const { n, diagonal, off } = a;
  let p = diagonal[0]! + shift * metric.diagonal[0]!;
  if (!(p > 0)) return false;
  pivot[0] = p;
  for (let i = 1; i < n; i++) {
    const c = off[i - 1]! + shift * metric.off[i - 1]!;
    const l = c / p;
    factor[i - 1] = l;
    p = diagonal[i]! + shift * metric.diagonal[i]! - l * c;
    if (!(p > 0)) return false;
    pivot[i] = p;
  }
  return true;
}

/** Solves LDL' out = right; `out` may be `right`. */
export function solveChain(n: number, pivot: Float64Array, factor: Float64Array, right: Float64Array, out: Float64Array): void {
  let y = right[0]!;
  out[0] = y;
  for (let i = 1; i < n; i++) {
    y = right[i]! - factor[i - 1]! * y;
    out[i] = y;
  }
  y = out[n - 1]! / pivot[n - 1]!;
  out[n - 1] = y;
  for (let i = n - 2; i >= 0; i--) {
    y = out[i]! / pivot[i]! - factor[i]! * y;
    out[i] = y;
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
