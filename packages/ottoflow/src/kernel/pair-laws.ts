/** Sums of kernels that are a few radial laws with factors, by the SIMD pair kernels. */
import type { Rows, Sum } from "../contract.ts";
import { type PairLaw, pairGradient, pairGradient32, pairSum, singleKnows } from "../kernels/pairs.ts";

/** factor * law(|x - y|) */
export interface PairTerm {
  readonly law: PairLaw;
  readonly factor: number;
}

/** factor * r^p / p, or factor * log r for p = 0: the terms of power laws */
export const powerTerm = (factor: number, p: number): PairTerm =>
  p === 0 ? { law: { law: "logarithm" }, factor } : { law: { law: "power", exponent: p }, factor: factor / p };

/**
 * The sums of k(x, y) = sum of the terms in free space of that dimension. At distance 0 the gradient is 0 and values that are not finite
 * are left out. Sources are added in blocks, so a target's bits depend on the points alone.
 */
export function pairSums(dim: number, terms: readonly PairTerm[]): { readonly sum: Sum; readonly dx: Sum; readonly singleDx?: Sum } {
  let own = new Float64Array(0);
  const over =
    (kernel: typeof pairSum, results: number): Sum =>
    (n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows): void => {
      terms.forEach(({ law, factor }, t) => {
        const size = results * n;
        if (t > 0 && own.length < size) own = new Float64Array(size);
        const term = t === 0 ? out : own;
        kernel(law, 1, dim, n, x, m, y, w, term);
        // + 0: no negative zeros
        for (let i = 0; i < size; i++) out[i] = factor * term[i]! + (t === 0 ? 0 : out[i]!);
      });
    };
  const single = terms.every(({ law }) => singleKnows(law, dim));
  return { sum: over(pairSum, 1), dx: over(pairGradient, dim), ...(single ? { singleDx: over(pairGradient32, dim) } : {}) };
}
