/** Small dense matrices, row-major [d * d]. */

/** out = a b; `out` must be neither. */
export function times(d: number, a: ArrayLike<number>, b: ArrayLike<number>, out: Float64Array): void {
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += a[i * d + k]! * b[k * d + j]!;
      out[i * d + j] = s;
    }
}

/** out += factor (a + a') / 2 */
export function addSymmetric(d: number, factor: number, a: Float64Array, out: Float64Array): void {
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i * d + j] = out[i * d + j]! + 0.5 * factor * (a[i * d + j]! + a[j * d + i]!);
}

/** tr(a b) for symmetric b */
export function inner(d: number, a: ArrayLike<number>, b: ArrayLike<number>): number {
  let s = 0;
  for (let i = 0; i < d * d; i++) s += a[i]! * b[i]!;
  return s;
}

/** Lower Cholesky factor of a; false where a is not positive definite. `l` may be `a`. */
export function cholesky(d: number, a: ArrayLike<number>, l: Float64Array): boolean {
  for (let i = 0; i < d; i++) {
    for (let j = 0; j <= i; j++) {
      let s = a[i * d + j]!;
      for (let k = 0; k < j; k++) s -= l[i * d + k]! * l[j * d + k]!;
      if (i > j) l[i * d + j] = s / l[j * d + j]!;
      else if (s > 0) l[i * d + i] = Math.sqrt(s);
      else return false;
    }
    for (let j = i + 1; j < d; j++) l[i * d + j] = 0;
  }
  return true;
}

/** Solves l l' out = right; `out` may be `right`. */
export function solveCholesky(d: number, l: Float64Array, right: Float64Array, out: Float64Array): void {
  for (let i = 0; i < d; i++) {
    let s = right[i]!;
    for (let k = 0; k < i; k++) s -= l[i * d + k]! * out[k]!;
    out[i] = s / l[i * d + i]!;
  }
  for (let i = d - 1; i >= 0; i--) {
    let s = out[i]!;
    for (let k = i + 1; k < d; k++) s -= l[k * d + i]! * out[k]!;
    out[i] = s / l[i * d + i]!;
  }
}

/** Inverse of l l'. */
export function inverseCholesky(d: number, l: Float64Array, out: Float64Array): void {
  const column = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    column.fill(0);
    column[j] = 1;
    solveCholesky(d, l, column, column);
    for (let i = 0; i < d; i++) out[i * d + j] = column[i]!;
  }
}

/** log det of l l' */
export function logDeterminant(d: number, l: Float64Array, log: (x: number) => number): number {
  let s = 0;
  for (let i = 0; i < d; i++) s += 2 * log(l[i * d + i]!);
  return s;
}
