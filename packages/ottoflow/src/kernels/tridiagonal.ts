/**
 * Many tridiagonal systems of one size by the Thomas algorithm: line solves of a box along any axis.
 * Entry i of system s stands at s * apart + i * step in every row: apart = 1, step = number of columns for columns; apart = length,
 * step = 1 for lines. No pivoting: for diagonally dominant or definite matrices.
 */
import type { Rows } from "../contract.ts";
import { wasmOf } from "./wasm.ts";

export interface Systems {
  /** unknowns of one system */
  readonly n: number;
  /** number of systems */
  readonly count: number;
  readonly step: number;
  readonly apart: number;
}

/**
 * Solves lower_i x_{i-1} + diag_i x_i + upper_i x_{i+1} = rhs_i for systems [first, first + count); lower_0 and upper_{n-1} are not read.
 * `out` may be `rhs`; work is as large as out. Returns false if a pivot was zero; out is then not finite.
 */
export function solveTridiagonals(
  systems: Systems,
  lower: Rows,
  diag: Rows,
  upper: Rows,
  rhs: Rows,
  out: Rows,
  work: Rows,
  first = 0,
  count: number = systems.count,
): boolean {
  const { n, step, apart } = systems;
  const wasm = [lower, diag, upper, rhs, out, work].every((r) => r.BYTES_PER_ELEMENT === 8) ? wasmOf(lower, diag, upper, rhs, out, work) : null;
  if (wasm)
    return (
      wasm.exports.tridiagonal!(
        n,
        first,
        count,
        step,
        apart,
        lower.byteOffset,
        diag.byteOffset,
        upper.byteOffset,
        rhs.byteOffset,
        out.byteOffset,
        work.byteOffset,
        wasm.scratch,
      ) === 0
    );
  let good = true;
  for (let s = first; s < first + count; s++) good = solveOne(n, s * apart, step, lower, diag, upper, rhs, out, work) && good;
  return good;
}

function solveOne(n: number, base: number, step: number, lower: Rows, diag: Rows, upper: Rows, rhs: Rows, out: Rows, work: Rows): boolean {
  let pivot = diag[base]!;
  let good = pivot !== 0;
  out[base] = rhs[base]! / pivot;
  for (let i = 1, at = base + step; i < n; i++, at += step) {
    work[at] = upper[at - step]! / pivot;
    pivot = diag[at]! - lower[at]! * work[at]!;
    good = good && pivot !== 0;
    out[at] = (rhs[at]! - lower[at]! * out[at - step]!) / pivot;
  }
  for (let i = n - 2, at = base + step * (n - 2); i >= 0; i--, at -= step) out[at] = out[at]! - work[at + step]! * out[at + step]!;
  return good;
}
