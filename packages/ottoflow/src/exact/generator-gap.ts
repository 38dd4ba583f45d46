/** Spectra of discrete Fokker–Planck generators on a line of nodes with reflecting ends: references for finite volumes (A3.6). */
import { exp, expm1 } from "../kernels/math.ts";
import { eigenSymmetric } from "../numeric/dense.ts";

/** Rate to a neighbour uphill by dV, times h^2: the square-root approximation exp(-dV/2), or Scharfetter–Gummel's dV / (exp(dV) - 1). */
export const uphill: { readonly squareRoot: (dV: number) => number; readonly scharfetterGummel: (dV: number) => number } = {
  squareRoot: (dV) => exp(-0.5 * dV),
  scharfetterGummel: (dV) => (dV === 0 ? 1 : dV / expm1(dV)),
};

/**
 * Rates of decay of the chain i -> i +- 1 with rates uphill(V_neighbour - V_i) / h^2, ascending. The chain is reversible for exp(-V),
 * so conjugation by its root makes the generator symmetric: off-diagonal entries are the geometric means of both rates.
 */
export function generatorRates(V: ArrayLike<number>, h: number, up: (dV: number) => number): readonly number[] {
  const n = V.length;
  const L = new Float64Array(n * n);
  for (let i = 0; i + 1 < n; i++) {
    const forth = up(V[i + 1]! - V[i]!) / (h * h);
    const back = up(V[i]! - V[i + 1]!) / (h * h);
    L[i * n + i]! += forth;
    L[(i + 1) * n + i + 1]! += back;
    L[i * n + i + 1] = L[(i + 1) * n + i] = -Math.sqrt(forth * back);
  }
  return eigenSymmetric(n, L).values;
}
