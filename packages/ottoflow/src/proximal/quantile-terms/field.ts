import type { Field } from "../../contract.ts";
import type { Line, Term } from "./term.ts";

/** Three-point Gauss–Legendre on [0, 1]: exact to degree five. */
export const gauss3: { readonly at: readonly number[]; readonly weight: readonly number[] } = {
  at: [0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15)],
  weight: [5 / 18, 4 / 9, 5 / 18],
};

/**
 * int V rho = sum share * (mean of V over the cell): in closed form for quadratic V, else by three Gauss points per cell.
 * The points are convex combinations of the nodes with positive weights that integrate squares exactly, so the term keeps
 * the convexity modulus of V.
 */
export function fieldTerm(part: Field, line: Line): Term {
  return part.quadratic && !part.moving ? quadraticTerm(part.quadratic.A[0]!, part.quadratic.b[0]!, part.quadratic.c, line) : sampledTerm(part, line);
}

function quadraticTerm(a: number, b: number, c: number, line: Line): Term {
  const { n, share, mass } = line;
  return {
    modulus: a,
    plain: { noise: 0, spring: a, pull: a * b, constant: c * mass + 0.5 * a * b * b * mass },
    value(x) {
      let s = 0;
      for (let i = 0; i < n - 1; i++) {
        const u = x[i]! - b;
        const v = x[i + 1]! - b;
        s += share[i]! * (u * u + u * v + v * v);
      }
      return (a * s) / 6 + c * mass;
    },
    gradient(x, _t, g) {
      for (let i = 0; i < n - 1; i++) {
        const u = x[i]! - b;
        const v = x[i + 1]! - b;
        const w = (a * share[i]!) / 6;
        g[i] = g[i]! + w * (2 * u + v);
        g[i + 1] = g[i + 1]! + w * (u + 2 * v);
      }
    },
    hessian: (_x, _t, h) => {
      for (let i = 0; i < n - 1; i++) {
        const w = (a * share[i]!) / 6;
        h.diagonal[i] = h.diagonal[i]! + 2 * w;
        h.diagonal[i + 1] = h.diagonal[i + 1]! + 2 * w;
        h.off[i] = h.off[i]! + w;
      }
    },
  };
}

function sampledTerm(part: Field, line: Line): Term {
  const cells = line.n - 1;
  const { share } = line;
  const points = 3 * cells;
  const y = new Float64Array(points);
  const a = new Float64Array(points);
  const place = (x: Float64Array): void => {
    for (let q = 0; q < 3; q++) for (let i = 0; i < cells; i++) y[q * cells + i] = x[i]! + gauss3.at[q]! * (x[i + 1]! - x[i]!);
  };
  const curvature = part.hessian ? part.hessian.bind(part) : differences(part, points);
  return {
    modulus: part.convex && part.convex.how !== "sampled" ? part.convex.value : null,
    value(x, t) {
      place(x);
      part.value(points, y, t, a);
      let s = 0;
      for (let q = 0; q < 3; q++) for (let i = 0; i < cells; i++) s += gauss3.weight[q]! * share[i]! * a[q * cells + i]!;
      return s;
    },
    gradient(x, t, g) {
      place(x);
      part.gradient(points, y, t, a);
      for (let q = 0; q < 3; q++) {
        const s = gauss3.at[q]!;
        for (let i = 0; i < cells; i++) {
          const f = gauss3.weight[q]! * share[i]! * a[q * cells + i]!;
          g[i] = g[i]! + (1 - s) * f;
          g[i + 1] = g[i + 1]! + s * f;
        }
      }
    },
    hessian(x, t, h) {
      place(x);
      curvature(points, y, t, a);
      for (let q = 0; q < 3; q++) {
        const s = gauss3.at[q]!;
        for (let i = 0; i < cells; i++) {
          const k = gauss3.weight[q]! * share[i]! * a[q * cells + i]!;
          h.diagonal[i] = h.diagonal[i]! + (1 - s) * (1 - s) * k;
          h.diagonal[i + 1] = h.diagonal[i + 1]! + s * s * k;
          h.off[i] = h.off[i]! + s * (1 - s) * k;
        }
      }
    },
  };
}

/** V'' by central differences of V': it steers Newton's method only, the stationary point does not depend on it. */
function differences(part: Field, points: number): NonNullable<Field["hessian"]> {
  const near = new Float64Array(points);
  const low = new Float64Array(points);
  return (n, x, t, out) => {
    const step = (i: number): number => 1e-5 * (1 + Math.abs(x[i]!));
    for (let i = 0; i < n; i++) near[i] = x[i]! - step(i);
    part.gradient(n, near, t, low);
    for (let i = 0; i < n; i++) near[i] = x[i]! + step(i);
    part.gradient(n, near, t, out);
    for (let i = 0; i < n; i++) out[i] = (out[i]! - low[i]!) / (2 * step(i));
  };
}
