import type { As, On, Space } from "../../contract.ts";
import type { Cloud, ParticleTerm } from "./term.ts";

/**
 * An energy with code of its own on particles that minus curvature sum w |x|^2 / 2 is concave: the quadratic function of that curvature with the
 * slope at a point touches it there and lies above everywhere, so Newton's method with it as Hessian lowers the energy at every step.
 * No modulus of convexity is known: squared distances to a target have concave kinks where the plan changes.
 */
export function majorisedTerm(on: On<As<"particles">>, curvature: number, { d, n, weight }: Cloud, space: Space): ParticleTerm {
  const slope = new Float64Array(d * n);
  const at = (x: Float64Array): As<"particles"> => ({ rep: "particles", space, n, x, weight });
  return {
    modulus: null,
    ordered: false,
    value: (x, t) => on.value(at(x), t),
    gradient(x, t, g) {
      on.slope(at(x), t, slope);
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) g[k * n + i] = g[k * n + i]! + weight[i]! * slope[k * n + i]!;
    },
    curve(_x, _t, h) {
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) h[k * n + i] = h[k * n + i]! + weight[i]! * curvature;
    },
    apply(v, out) {
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) out[k * n + i] = out[k * n + i]! + weight[i]! * curvature * v[k * n + i]!;
    },
  };
}
