import { expect } from "vitest";
import type { Proximal, Quantiles } from "../../src/contract.ts";
import { quantile } from "../../src/proximal/quantile.ts";
import type { March } from "./jko-fixtures.ts";

/** the proximal on quantiles, solved to rounding */
export const proximal = (levels: number, grading: "tails" | "uniform" = "tails"): Proximal =>
  quantile.build({ levels, grading, tolerance: 1e-20, iterations: 200 } as never, {} as never) as Proximal;
export const last = (m: March): Quantiles => m.state.measure as Quantiles;
/** mean and standard deviation of the stored measure, exact */
export const moments = (q: Quantiles): readonly [number, number] => {
  let [m, s] = [0, 0];
  for (let i = 1; i < q.x.length; i++) {
    const [w, u, v] = [q.level[i]! - q.level[i - 1]!, q.x[i - 1]!, q.x[i]!];
    m += (w * (u + v)) / 2;
    s += (w * (u * u + u * v + v * v)) / 3;
  }
  return [m, Math.sqrt(s - m * m)];
};
/** every step ended, with a gap certified to rounding */
export const settledWell = (m: March): void => {
  for (const info of m.infos) {
    expect(info.ok, info.reason).toBe(true);
    expect(info.gap).toBeLessThan(1e-16);
  }
};
