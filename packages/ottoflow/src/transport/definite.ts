/** What float64 leaves of symmetric positive definite matrices. */
import { eigenSymmetric } from "../numeric/dense.ts";

/** Largest over smallest eigenvalue; Infinity where rounding left none above 0. */
export function spanOf(d: number, A: ArrayLike<number>): number {
  const { values } = eigenSymmetric(d, A);
  return values[0]! > 0 ? values[d - 1]! / values[0]! : Number.POSITIVE_INFINITY;
}
/** A power of four of about this size: matrices over it have the same bits in products and roots, and their squares stay in float64. */
export function powerOfFour(size: number): number {
  let unit = 1;
  while (unit < size && unit < 2 ** 1000) unit *= 4;
  while (unit > 4 * size && unit > 2 ** -1000) unit /= 4;
  return unit;
}
