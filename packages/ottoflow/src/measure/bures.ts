import { functionOf } from "../numeric/dense.ts";

type Entries = ArrayLike<number>;

/** C = A B of [d * d] matrices, row by row. */
export function product(d: number, a: Entries, b: Entries): Float64Array {
  const out = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < d; j++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += a[i * d + k]! * b[k * d + j]!;
      out[i * d + j] = s;
    }
  return out;
}

/** The optimal map's matrix T = A^{-1/2} (A^{1/2} B A^{1/2})^{1/2} A^{-1/2} from N(0, A) to N(0, B), symmetric positive definite. [gelbrich1990] */
export function gaussianMap(d: number, A: Entries, B: Entries): Float64Array {
  const root = functionOf(d, A, Math.sqrt);
  const inverseRoot = functionOf(d, A, (v) => 1 / Math.sqrt(v));
  const middle = functionOf(d, symmetric(d, product(d, root, product(d, B, root))), (v) => Math.sqrt(Math.max(0, v)));
  return symmetric(d, product(d, inverseRoot, product(d, middle, inverseRoot)));
}

function symmetric(d: number, a: Float64Array): Float64Array {
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) a[i * d + j] = a[j * d + i] = 0.5 * (a[i * d + j]! + a[j * d + i]!);
  return a;
}

/**
 * Bures distance squared tr A + tr B - 2 tr (A^{1/2} B A^{1/2})^{1/2}, as tr (T - I) A (T - I): a sum of squares, so nearby covariances keep their digits. A must be definite.
 */
export function bures2(d: number, A: Entries, B: Entries): number {
  if (d === 1) {
    const gap = Math.sqrt(B[0]!) - Math.sqrt(A[0]!);
    return gap * gap;
  }
  const T = gaussianMap(d, A, B);
  for (let k = 0; k < d; k++) T[k * d + k] = T[k * d + k]! - 1;
  const TA = product(d, T, A);
  let s = 0;
  for (let i = 0; i < d; i++) for (let k = 0; k < d; k++) s += TA[i * d + k]! * T[i * d + k]!;
  return Math.max(0, s);
}

/** W2 between N(m1, A) and N(m2, B): a theorem, and by Gelbrich a lower bound of W2 between any two laws with these moments. [gelbrich1990] */
export function gaussianW2(d: number, m1: Entries, A: Entries, m2: Entries, B: Entries): number {
  let s = bures2(d, A, B);
  for (let k = 0; k < d; k++) s += (m1[k]! - m2[k]!) * (m1[k]! - m2[k]!);
  return Math.sqrt(s);
}
