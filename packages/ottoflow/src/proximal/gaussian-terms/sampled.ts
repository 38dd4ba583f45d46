import type { Rows } from "../../contract.ts";
import { powi } from "../../kernels/math.ts";
import type { Rule } from "../../numeric/quadrature.ts";
import type { Base, GaussianTerm, Point } from "./term.ts";

/** A function of one point with its derivatives, as rows. */
export interface Rowed {
  value(n: number, y: Rows, t: number, out: Rows): void;
  gradient(n: number, y: Rows, t: number, out: Rows): void;
  /** [d * d * n] */
  hessian(n: number, y: Rows, t: number, out: Rows): void;
}
export interface Sampling {
  readonly rule: Rule;
  /** points are centre + spread * Z L eta; the centre is the mean or zero */
  readonly centred: boolean;
  readonly spread: number;
  readonly weight: number;
  readonly modulus: number | null;
  readonly closure: string;
}

/**
 * weight * E f(y) over a Gaussian y by the Gauss–Hermite rule, the same nodes eta before and after the step. The points are
 * linear in (mean, Z) and the rule integrates squares exactly with positive weights, so the term keeps the convexity modulus of f.
 */
export function sampledTerm(f: Rowed, s: Sampling, base: Base): GaussianTerm {
  const { d, root } = base;
  const { at, weight: rule, n: size } = s.rule;
  const n = powi(size, d);
  const eta = new Float64Array(d * n);
  const w = new Float64Array(n).fill(s.weight);
  for (let q = 0; q < n; q++)
    for (let k = 0, rest = q; k < d; k++, rest = Math.floor(rest / size)) {
      eta[k * n + q] = s.spread * at[rest % size]!;
      w[q] = w[q]! * rule[rest % size]!;
    }
  const zeta = new Float64Array(d * n);
  const y = new Float64Array(d * n);
  const g = new Float64Array(d * n);
  const h = new Float64Array(d * d * n);
  const place = (p: Point): void => {
    for (let k = 0; k < d; k++)
      for (let q = 0; q < n; q++) {
        let z = 0;
        for (let l = 0; l <= k; l++) z += root[k * d + l]! * eta[l * n + q]!;
        zeta[k * n + q] = z;
      }
    for (let k = 0; k < d; k++)
      for (let q = 0; q < n; q++) {
        let z = s.centred ? 0 : p.mean[k]!;
        for (let l = 0; l < d; l++) z += p.Z[k * d + l]! * zeta[l * n + q]!;
        y[k * n + q] = z;
      }
  };
  /** adds weights * v (rows [d * n]) to the gradients */
  const collect = (v: Float64Array, mean: Float64Array, G: Float64Array): void => {
    for (let k = 0; k < d; k++) {
      if (!s.centred) for (let q = 0; q < n; q++) mean[k] = mean[k]! + w[q]! * v[k * n + q]!;
      for (let l = 0; l < d; l++) {
        let c = 0;
        for (let q = 0; q < n; q++) c += w[q]! * v[k * n + q]! * zeta[l * n + q]!;
        G[k * d + l] = G[k * d + l]! + 0.5 * c;
        G[l * d + k] = G[l * d + k]! + 0.5 * c;
      }
    }
  };
  const turned = new Float64Array(d * n);
  return {
    modulus: s.modulus,
    closure: s.closure,
    value(p) {
      place(p);
      f.value(n, y, base.t, g);
      let sum = 0;
      for (let q = 0; q < n; q++) sum += w[q]! * g[q]!;
      return sum;
    },
    gradient(p, mean, G) {
      place(p);
      f.gradient(n, y, base.t, g);
      // apply() is asked for at the same point, once per unknown
      f.hessian(n, y, base.t, h);
      collect(g, mean, G);
    },
    apply(_p, u, D, mean, G) {
      turned.fill(0);
      for (let l = 0; l < d; l++)
        for (let q = 0; q < n; q++) {
          let move = s.centred ? 0 : u[l]!;
          for (let j = 0; j < d; j++) move += D[l * d + j]! * zeta[j * n + q]!;
          for (let k = 0; k < d; k++) turned[k * n + q] = turned[k * n + q]! + h[(k * d + l) * n + q]! * move;
        }
      collect(turned, mean, G);
    },
  };
}

/** Hessian rows by central differences of gradient rows: it steers Newton's method only. */
export function differences(d: number, gradient: Rowed["gradient"]): Rowed["hessian"] {
  return (n, x, t, out) => {
    const near = Float64Array.from(x);
    const low = new Float64Array(d * n);
    const high = new Float64Array(d * n);
    for (let l = 0; l < d; l++) {
      const step = (q: number): number => 1e-5 * (1 + Math.abs(x[l * n + q]!));
      for (let q = 0; q < n; q++) near[l * n + q] = x[l * n + q]! - step(q);
      gradient(n, near, t, low);
      for (let q = 0; q < n; q++) near[l * n + q] = x[l * n + q]! + step(q);
      gradient(n, near, t, high);
      for (let q = 0; q < n; q++) near[l * n + q] = x[l * n + q]!;
      for (let k = 0; k < d; k++) for (let q = 0; q < n; q++) out[(k * d + l) * n + q] = (high[k * n + q]! - low[k * n + q]!) / (2 * step(q));
    }
  };
}
