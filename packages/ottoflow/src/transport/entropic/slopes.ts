/** Derivatives of entropic values in the positions: by the envelope theorem only the cost is differentiated, sum_j P_ij grad_1 c(x_i, y_j). */
import type { Cost } from "../../contract.ts";
import { OttoflowError } from "../../errors.ts";
import type { Atoms } from "../problem.ts";
import { gibbsPlan } from "./plan.ts";

/** [d * n] for the points of the first side. @throws {UnsupportedError} where the cost has no gradient */
export function slopes(cost: Cost, a: Atoms, b: Atoms, f: Float64Array, g: Float64Array, epsilon: number): Float64Array {
  if (!cost.gradient) throw new OttoflowError("UnsupportedError", `The cost ${cost.tex} has no gradient.`, { missing: ["gradient of the cost"] });
  const plan = gibbsPlan({ cost, a, b, f, g, epsilon, theta: 0, entries: a.n * b.n });
  const { n, d } = a;
  const out = new Float64Array(d * n);
  if (cost.power === 2) {
    // 2 (x_i p_i - sum_j P_ij y_j), about a point so that far clouds lose no digits
    const origin = Float64Array.from({ length: d }, (_, k) => a.x[k * n]!);
    const y = new Float64Array((d + 1) * b.n);
    for (let k = 0; k < d; k++) for (let j = 0; j < b.n; j++) y[k * b.n + j] = b.x[k * b.n + j]! - origin[k]!;
    y.fill(1, d * b.n);
    const means = new Float64Array((d + 1) * n);
    plan.push(d + 1, y, means);
    for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) out[k * n + i] = 2 * ((a.x[k * n + i]! - origin[k]!) * means[d * n + i]! - means[k * n + i]!);
    return out;
  }
  const row = new Float64Array(b.n);
  const gradient = new Float64Array(d * b.n);
  for (let i = 0; i < n; i++) {
    plan.row(i, row);
    cost.gradient(i, n, a.x, b.n, b.x, gradient);
    for (let k = 0; k < d; k++) {
      let s = 0;
      for (let j = 0; j < b.n; j++) s += row[j]! * gradient[k * b.n + j]!;
      out[k * n + i] = s;
    }
  }
  return out;
}
