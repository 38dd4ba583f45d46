/** Small dense symmetric matrices, [d * d] row-major, d at most a few dozen. */
import { OttoflowError } from "../errors.ts";
import { log } from "../kernels/math.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

type Entries = ArrayLike<number>;

/** Lower Cholesky factor, [d * d]. @throws {SpecError} when the matrix is not positive definite */
export function cholesky(d: number, a: Entries): Float64Array {
  const L = new Float64Array(d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let s = a[i * d + j]!;
      for (let k = 0; k < j; k++) s -= L[i * d + k]! * L[j * d + k]!;
      if (i > j) L[i * d + j] = s / L[j * d + j]!;
      else if (s > 0) L[i * d + i] = Math.sqrt(s);
      else throw new OttoflowError("SpecError", `covariance: got a matrix with pivot ${s} when expected a positive definite one.`, { path: "covariance" });
    }
  return L;
}

export function logDeterminant(d: number, a: Entries): number {
  const L = cholesky(d, a);
  let s = 0;
  for (let k = 0; k < d; k++) s += 2 * log(L[k * d + k]!);
  return s;
}

/** Inverse of a symmetric positive definite matrix from its Cholesky factor. */
export function inverse(d: number, a: Entries): Float64Array {
  const L = cholesky(d, a);
  const out = new Float64Array(d * d);
  const y = new Float64Array(d);
  for (let c = 0; c < d; c++) {
    for (let i = 0; i < d; i++) {
      let s = i === c ? 1 : 0;
      for (let k = 0; k < i; k++) s -= L[i * d + k]! * y[k]!;
      y[i] = s / L[i * d + i]!;
    }
    for (let i = d - 1; i >= 0; i--) {
      let s = y[i]!;
      for (let k = i + 1; k < d; k++) s -= L[k * d + i]! * out[k * d + c]!;
      out[i * d + c] = s / L[i * d + i]!;
    }
  }
  return out;
}

export interface Eigen {
  /** ascending */
  readonly values: readonly number[];
  /** column k is [d] at vectors[i * d + k] */
  readonly vectors: Float64Array;
}
export function eigenSymmetric(d: number, a: Entries): Eigen {
  const { values, columns } = symmetricEigen(d, a);
  const vectors = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let k = 0; k < d; k++) vectors[i * d + k] = columns[k * d + i]!;
  return { values: Array.from(values), vectors };
}

export function smallestEigenvalue(d: number, a: Entries): number {
  return d === 1 ? a[0]! : Math.min(...eigenSymmetric(d, a).values);
}

/** V diag(f(values)) V' */
export function functionOf(d: number, a: Entries, f: (value: number) => number): Float64Array {
  const { values, vectors } = eigenSymmetric(d, a);
  const out = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    const fk = f(values[k]!);
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i * d + j]! += fk * vectors[i * d + k]! * vectors[j * d + k]!;
  }
  return out;
}
