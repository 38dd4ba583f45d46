import type { As, On } from "../../contract.ts";
import { bures2, gaussianMap } from "../../measure/bures.ts";

/** F = W2^2(., N(mean, cov)) / 2 among Gaussians: E grad = m - mean and G = I - T with T the optimal map's matrix, so that S' = -(G S + S G). [gelbrich1990] */
export function gaussianToGaussian(d: number, mean: readonly number[], cov: readonly number[]): On<As<"gaussian">> {
  return {
    value(m) {
      let s = bures2(d, m.cov, cov);
      for (let k = 0; k < d; k++) s += (m.mean[k]! - mean[k]!) * (m.mean[k]! - mean[k]!);
      return 0.5 * m.mass * s;
    },
    slope(m, _t, out) {
      for (let k = 0; k < d; k++) out[k] = m.mean[k]! - mean[k]!;
      const T = gaussianMap(d, m.cov, cov);
      for (let e = 0; e < d * d; e++) out[d + e] = (e % (d + 1) === 0 ? 1 : 0) - T[e]!;
    },
  };
}
