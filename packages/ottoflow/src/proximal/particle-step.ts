import { conjugate } from "./conjugate.ts";
import type { Objective } from "./descend.ts";
import { cholesky, solveCholesky } from "./matrix.ts";
import type { Cloud, ParticleTerm } from "./particle-terms/term.ts";

/** Up to this many unknowns the Newton system is dense; above, conjugate gradients. */
const dense = 300;

export interface CloudProblem extends Objective {
  readonly modulus: number | null;
  begin(x: Float64Array, tau: number, t: number): { readonly before: number; readonly scale: number; readonly terms: number };
  /** sum weight |x - x_k|^2 / (2 tau) */
  cost(x: Float64Array): number;
  energies(x: Float64Array, t: number): number[];
}

/** F(x) + sum_i weight_i |x_i - x_k,i|^2 / (2 tau) over positions x [d * n]. */
export function openCloudProblem(cloud: Cloud, terms: readonly ParticleTerm[]): CloudProblem {
  const { d, n, weight, mass } = cloud;
  const size = d * n;
  const row = (): Float64Array => new Float64Array(size);
  const [start, diagonal, right, r, z, p, q] = [row(), row(), row(), row(), row(), row(), row()];
  const matrix = new Float64Array(size <= dense ? size * size : 0);
  const shifted = new Float64Array(matrix.length);
  const modulus = terms.reduce<number | null>((s, term) => (s === null || term.modulus === null ? null : s + term.modulus), 0);
  const ordered = terms.some((term) => term.ordered);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  let tau = 1;
  let time = 0;

  const apply = (v: Float64Array, out: Float64Array): void => {
    for (let e = 0; e < size; e++) out[e] = (weight[e % n]! / tau) * v[e]!;
    for (const term of terms) term.apply(v, out);
  };
  const moved = (x: Float64Array): number => {
    let s = 0;
    for (let e = 0; e < size; e++) s += weight[e % n]! * (x[e]! - start[e]!) * (x[e]! - start[e]!);
    return s;
  };
  return {
    size,
    modulus,
    begin(x, step, t) {
      start.set(x);
      tau = step;
      time = t;
      if (ordered) order.sort((i, j) => x[i]! - x[j]!);
      const values = terms.map((term) => term.value(x, t));
      const sizes = values.reduce((s, v) => s + Math.abs(v), 0) + Number.MIN_VALUE;
      let spread = 0;
      for (let k = 0; k < d; k++) {
        let mean = 0;
        for (let i = 0; i < n; i++) mean += (weight[i]! * x[k * n + i]!) / mass;
        for (let i = 0; i < n; i++) spread += weight[i]! * (x[k * n + i]! - mean) * (x[k * n + i]! - mean);
      }
      return { before: values.reduce((s, v) => s + v, 0), scale: sizes + spread / (2 * tau), terms: sizes };
    },
    cost: (x) => moved(x) / (2 * tau),
    energies: (x, t) => terms.map((term) => term.value(x, t)),
    value(x) {
      if (ordered) for (let e = 1; e < n; e++) if (!(x[order[e]!]! >= x[order[e - 1]!]!)) return Number.POSITIVE_INFINITY;
      let s = moved(x) / (2 * tau);
      for (const term of terms) s += term.value(x, time);
      return s;
    },
    gradient(x, g) {
      for (let e = 0; e < size; e++) g[e] = (weight[e % n]! * (x[e]! - start[e]!)) / tau;
      for (const term of terms) term.gradient(x, time, g);
    },
    residual(_x, g) {
      let s = 0;
      for (let e = 0; e < size; e++) s += (g[e]! * g[e]!) / weight[e % n]!;
      return s;
    },
    direction(x, g, step) {
      for (let e = 0; e < size; e++) diagonal[e] = weight[e % n]! / tau;
      for (const term of terms) term.curve(x, time, diagonal);
      return size <= dense ? direct(g, step) : iterate(g, step);
    },
    reach(x, v) {
      if (!ordered) return Number.POSITIVE_INFINITY;
      let most = Number.POSITIVE_INFINITY;
      for (let e = 1; e < n; e++) {
        const closing = v[order[e - 1]!]! - v[order[e]!]!;
        const gap = x[order[e]!]! - x[order[e - 1]!]!;
        if (closing > 0 && closing * most > 0.9 * gap) most = (0.9 * gap) / closing;
      }
      return most;
    },
  };

  function direct(g: Float64Array, step: Float64Array): boolean {
    for (let c = 0; c < size; c++) {
      p.fill(0);
      p[c] = 1;
      apply(p, q);
      for (let e = 0; e < size; e++) matrix[e * size + c] = q[e]!;
    }
    for (let shift = 0, tries = 0; tries < 200; tries++) {
      shifted.set(matrix);
      for (let e = 0; e < size; e++) shifted[e * size + e] = shifted[e * size + e]! + shift * weight[e % n]!;
      if (cholesky(size, shifted, shifted)) {
        for (let e = 0; e < size; e++) step[e] = -g[e]!;
        solveCholesky(size, shifted, step, step);
        return shift === 0;
      }
      shift = shift === 0 ? 0.5 / tau : 2 * shift;
    }
    step.fill(0);
    return false;
  }

  function iterate(g: Float64Array, step: Float64Array): boolean {
    for (let e = 0; e < size; e++) right[e] = -g[e]!;
    const precondition = (v: Float64Array, out: Float64Array): void => {
      for (let e = 0; e < size; e++) out[e] = v[e]! / diagonal[e]!;
    };
    return conjugate({ n: size, apply, precondition }, right, step, 1000, 1e-6, { r, z, p, q }).end !== "negative";
  }
}
