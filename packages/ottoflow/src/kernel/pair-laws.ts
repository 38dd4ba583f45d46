/** Sums of kernels that are a few radial laws with factors, by the SIMD pair kernels. */
import type { Kernel, Rows, Sum } from "../contract.ts";
import { distanceGradient, distanceSum } from "../kernels/line-distances.ts";
import { type Multipole, openMultipole } from "../kernels/multipole.ts";
import { type PairLaw, pairGradient, pairGradient32, pairSum, singleKnows } from "../kernels/pairs.ts";
import { squareGradient, squareSum } from "../kernels/squares.ts";

/** factor * law(|x - y|) */
export interface PairTerm {
  readonly law: PairLaw;
  readonly factor: number;
}

/** factor * r^p / p, or factor * log r for p = 0: the terms of power laws */
export const powerTerm = (factor: number, p: number): PairTerm =>
  p === 0 ? { law: { law: "logarithm" }, factor } : { law: { law: "power", exponent: p }, factor: factor / p };

/**
 * Terms of sums over many points are within this fraction of themselves where a fast method takes them (kernels/multipole.ts): some three
 * digits above rounding by the bound, and in fact about as good as the direct sum.
 */
export const fastError = 1e-12;
/** the same where float32 would do */
const fastSingleError = 1e-7;
/** how many pairs a direct sum does while a fast one takes a point */
const worth = 600;

function finite(n: number, x: Rows): boolean {
  for (let i = 0; i < n; i++) if (!Number.isFinite(x[i]!)) return false;
  return true;
}

/** A method in less than all pairs is known: logarithms on the line and in the plane, squares, distances on the line. */
const isFast = (law: PairLaw, dim: number): boolean =>
  law.law === "logarithm" ? dim <= 2 : law.law === "power" && (law.exponent === 2 || (law.exponent === 1 && dim === 1));

/**
 * The sums of k(x, y) = sum of the terms in free space of that dimension. At distance 0 the gradient is 0 and values that are not finite
 * are left out. Sources are added in blocks, so a target's bits depend on the points alone. Over many points logarithms on the line and in
 * the plane are summed by multipoles, squares by their moments and distances on the line by sorting, in a time about proportional to the
 * number of points.
 */
export function pairSums(
  dim: number,
  terms: readonly PairTerm[],
): { readonly sum: Sum; readonly dx: Sum; readonly singleDx?: Sum; readonly fast?: Kernel["fast"] } {
  let own = new Float64Array(0);
  let multipole: Multipole | null = null;
  /** into out, unscaled; false where the direct sum is to be taken */
  const quickly = (law: PairLaw, gradient: boolean, error: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows): boolean => {
    if (n * m < worth * (n + m)) return false;
    if (law.law === "power" && law.exponent === 2) {
      (gradient ? squareGradient : squareSum)(dim, n, x, m, y, w, out);
      return true;
    }
    if (law.law === "power" && law.exponent === 1 && dim === 1) {
      if (!finite(n, x) || !finite(m, y)) return false;
      (gradient ? distanceGradient : distanceSum)(n, x, m, y, w, out);
      return true;
    }
    if (law.law !== "logarithm" || dim > 2) return false;
    multipole ??= openMultipole();
    return (gradient ? multipole.gradient : multipole.sum)(dim, n, x, m, y, w, out, error);
  };
  const over =
    (kernel: typeof pairSum, results: number, error: number): Sum =>
    (n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows): void => {
      terms.forEach(({ law, factor }, t) => {
        const size = results * n;
        if (t > 0 && own.length < size) own = new Float64Array(size);
        const term = t === 0 ? out : own;
        if (!quickly(law, kernel !== pairSum, error, n, x, m, y, w, term)) kernel(law, 1, dim, n, x, m, y, w, term);
        // + 0: no negative zeros
        for (let i = 0; i < size; i++) out[i] = factor * term[i]! + (t === 0 ? 0 : out[i]!);
      });
    };
  const single = terms.every(({ law }) => singleKnows(law, dim));
  return {
    sum: over(pairSum, 1, fastError),
    dx: over(pairGradient, dim, fastError),
    ...(single ? { singleDx: over(pairGradient32, dim, fastSingleError) } : {}),
    ...(terms.every(({ law }) => isFast(law, dim)) ? { fast: { error: fastError } } : {}),
  };
}
