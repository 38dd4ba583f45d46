import type { Rows } from "../../contract.ts";
import { exp, expm1 } from "../../kernels/math.ts";
import { bernoulliRows } from "../../kernels/rows.ts";

/**
 * How linear diffusion with drift shares an edge: the flux from i to j is eps / h (forth rho_i - back rho_j), with weights of
 * z = (phi_j - phi_i) / eps such that forth / back = e^{-z}: the discrete Gibbs weights e^{-phi / eps} carry no flux at all.
 */
export interface EdgeWeights {
  /** forth may be z */
  weights(n: number, z: Rows, forth: Rows, back: Rows): void;
  /** d forth / dz and d back / dz */
  derivatives(n: number, z: Rows, forth: Rows, back: Rows): void;
}

/** B'(z), by its series near 0 where the closed form cancels. */
function bernoulliSlope(z: number): number {
  if (Math.abs(z) < 0.02) {
    const s = z * z;
    return -0.5 + (z / 6) * (1 - (s / 30) * (1 - (s / 28) * 1));
  }
  if (z > 700) return 0;
  const b = z / expm1(z);
  return (b * (1 - b - z)) / z;
}

/** forth = B(z), back = B(-z) = B(z) + z: exact for constant flux along the edge, upwind as eps -> 0 [scharfetter1969]. */
export const scharfetterGummel: EdgeWeights = {
  weights: bernoulliRows,
  derivatives(n, z, forth, back) {
    for (let e = 0; e < n; e++) {
      const v = z[e]!;
      forth[e] = bernoulliSlope(v);
      back[e] = -bernoulliSlope(-v);
    }
  },
};

/** forth = e^{-z/2}, back = e^{z/2}: the square-root approximation [lie2013]. */
export const squareRoot: EdgeWeights = {
  weights(n, z, forth, back) {
    for (let e = 0; e < n; e++) {
      const v = z[e]!;
      forth[e] = exp(-0.5 * v);
      back[e] = exp(0.5 * v);
    }
  },
  derivatives(n, z, forth, back) {
    for (let e = 0; e < n; e++) {
      forth[e] = -0.5 * exp(-0.5 * z[e]!);
      back[e] = 0.5 * exp(0.5 * z[e]!);
    }
  },
};
