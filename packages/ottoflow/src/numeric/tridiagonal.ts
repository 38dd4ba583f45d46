import type { Rows } from "../contract.ts";

/**
 * Solves lower_i x_{i-1} + diag_i x_i + upper_i x_{i+1} = rhs_i by the Thomas algorithm; lower_0 and upper_{n-1} are not read.
 * No pivoting: for diagonally dominant or positive definite matrices. `out` may be `rhs`; work: [n]. Returns false on a zero pivot.
 */
export function solveTridiagonal(n: number, lower: Rows, diag: Rows, upper: Rows, rhs: Rows, out: Rows, work: Rows): boolean {
  let pivot = diag[0]!;
  if (pivot === 0) return false;
  out[0] = rhs[0]! / pivot;
  for (let i = 1; i < n; i++) {
    work[i] = upper[i - 1]! / pivot;
    pivot = diag[i]! - lower[i]! * work[i]!;
    if (pivot === 0) return false;
    out[i] = (rhs[i]! - lower[i]! * out[i - 1]!) / pivot;
  }
  for (let i = n - 2; i >= 0; i--) out[i] = out[i]! - work[i + 1]! * out[i + 1]!;
  return true;
}

/**
 * The same with corners: lower_0 couples x_0 to x_{n-1} and upper_{n-1} couples x_{n-1} to x_0 (Sherman–Morrison, n >= 3).
 * work: [3n].
 */
export function solveCyclicTridiagonal(n: number, lower: Rows, diag: Rows, upper: Rows, rhs: Rows, out: Rows, work: Rows): boolean {
  const corner = upper[n - 1]!;
  const gamma = -diag[0]!;
  const changed = work.subarray(n, 2 * n);
  const u = work.subarray(2 * n, 3 * n);
  for (let i = 0; i < n; i++) changed[i] = diag[i]!;
  changed[0] = diag[0]! - gamma;
  changed[n - 1] = diag[n - 1]! - (corner * lower[0]!) / gamma;
  u.fill(0);
  u[0] = gamma;
  u[n - 1] = corner;
  if (!solveTridiagonal(n, lower, changed, upper, rhs, out, work)) return false;
  if (!solveTridiagonal(n, lower, changed, upper, u, u, work)) return false;
  const ratio = lower[0]! / gamma;
  const denominator = 1 + u[0]! + ratio * u[n - 1]!;
  if (denominator === 0) return false;
  const factor = (out[0]! + ratio * out[n - 1]!) / denominator;
  for (let i = 0; i < n; i++) out[i] = out[i]! - factor * u[i]!;
  return true;
}
