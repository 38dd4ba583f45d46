import type { Field, Rows } from "../../contract.ts";
import { smallestEigenvalue } from "../../numeric/dense.ts";
import type { Cloud, ParticleTerm } from "./term.ts";

/** sum weight_i V(x_i) */
export function fieldTerm(part: Field, { d, n, weight }: Cloud): ParticleTerm {
  const a = new Float64Array(d * n);
  const h = new Float64Array(d * d * n);
  return {
    modulus: part.convex && part.convex.how !== "sampled" ? part.convex.value : part.quadratic ? smallestEigenvalue(d, part.quadratic.A) : null,
    ordered: false,
    value(x, t) {
      part.value(n, x, t, a);
      let s = 0;
      for (let i = 0; i < n; i++) s += weight[i]! * a[i]!;
      return s;
    },
    gradient(x, t, g) {
      part.gradient(n, x, t, a);
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) g[k * n + i] = g[k * n + i]! + weight[i]! * a[k * n + i]!;
    },
    curve(x, t, diagonal) {
      if (part.hessian) part.hessian(n, x, t, h);
      else differences(part, d, n, x, t, h);
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) diagonal[k * n + i] = diagonal[k * n + i]! + weight[i]! * Math.max(0, h[(k * d + k) * n + i]!);
    },
    apply(v, out) {
      for (let k = 0; k < d; k++)
        for (let l = 0; l < d; l++) for (let i = 0; i < n; i++) out[k * n + i] = out[k * n + i]! + weight[i]! * h[(k * d + l) * n + i]! * v[l * n + i]!;
    },
  };
}

/** Hessian rows by central differences of the gradient: they steer Newton's method only. */
function differences(part: Field, d: number, n: number, x: Rows, t: number, out: Float64Array): void {
  const near = Float64Array.from(x);
  const low = new Float64Array(d * n);
  const high = new Float64Array(d * n);
  for (let l = 0; l < d; l++) {
    const step = (i: number): number => 1e-5 * (1 + Math.abs(x[l * n + i]!));
    for (let i = 0; i < n; i++) near[l * n + i] = x[l * n + i]! - step(i);
    part.gradient(n, near, t, low);
    for (let i = 0; i < n; i++) near[l * n + i] = x[l * n + i]! + step(i);
    part.gradient(n, near, t, high);
    for (let i = 0; i < n; i++) near[l * n + i] = x[l * n + i]!;
    for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) out[(k * d + l) * n + i] = (high[k * n + i]! - low[k * n + i]!) / (2 * step(i));
  }
}
