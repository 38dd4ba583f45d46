import { log } from "../kernels/math.ts";
import type { Objective } from "./descend.ts";
import type { Base, GaussianTerm, Point } from "./gaussian-terms/term.ts";
import { addSymmetric, cholesky, inner, inverseCholesky, logDeterminant, solveCholesky, times } from "./matrix.ts";

export interface GaussianProblem extends Objective {
  readonly modulus: number | null;
  /** sets the measure before the step and writes the unknowns of "no move" */
  begin(
    mean: ArrayLike<number>,
    cov: ArrayLike<number>,
    tau: number,
    t: number,
    u: Float64Array,
  ): { readonly before: number; readonly scale: number; readonly terms: number };
  /** W2^2 / (2 tau) of the move */
  cost(u: Float64Array): number;
  /** measure after the move */
  end(u: Float64Array, mean: { [k: number]: number }, cov: { [k: number]: number }): void;
  energies(mean: ArrayLike<number>, cov: ArrayLike<number>, t: number): number[];
}

/**
 * F(N(m, Z S Z)) + mass (|m - m_k|^2 + tr((Z - I) S (Z - I))) / (2 tau) over m and symmetric Z, packed as d + d (d + 1) / 2
 * unknowns: mean, then the upper triangle of Z row by row.
 */
export function openGaussianProblem(base: Base, terms: readonly GaussianTerm[]): GaussianProblem {
  const { d, mass, cov, root } = base;
  const size = d + (d * (d + 1)) / 2;
  const square = (): Float64Array => new Float64Array(d * d);
  const point: Point = { mean: new Float64Array(d), Z: square(), inverse: square(), logDet: 0 };
  const start = new Float64Array(d);
  const [G, a, b, l] = [square(), square(), square(), square()];
  const [m, v, D] = [new Float64Array(d), new Float64Array(d), square()];
  const metric = new Float64Array(size * size);
  const matrix = new Float64Array(size * size);
  const shifted = new Float64Array(size * size);
  const metricRoot = new Float64Array(size * size);
  const work = new Float64Array(size);
  let tau = 1;
  const modulus = terms.reduce<number | null>((s, term) => (s === null || term.modulus === null ? null : s + term.modulus), 0);

  /** reads the unknowns into `point`; false where Z is not positive definite */
  const read = (u: Float64Array): boolean => {
    for (let k = 0; k < d; k++) point.mean[k] = u[k]!;
    unpack(d, u, point.Z);
    if (!cholesky(d, point.Z, l)) return false;
    inverseCholesky(d, l, point.inverse);
    point.logDet = logDeterminant(d, l, log);
    return true;
  };
  /** adds mass sym(D S) c: the metric applied to D */
  const push = (D: Float64Array, c: number, G: Float64Array): void => {
    times(d, D, cov, a);
    addSymmetric(d, c * mass, a, G);
  };
  const away = (): number => {
    let s = 0;
    for (let k = 0; k < d; k++) s += (point.mean[k]! - start[k]!) * (point.mean[k]! - start[k]!);
    for (let i = 0; i < d * d; i++) D[i] = point.Z[i]! - (i % (d + 1) === 0 ? 1 : 0);
    times(d, D, cov, a);
    return mass * (s + inner(d, a, D));
  };
  /** columns of the matrix of a linear map of (u, D), in the packed basis */
  const columns = (map: (u: Float64Array, D: Float64Array, m: Float64Array, G: Float64Array) => void, out: Float64Array): void => {
    for (let c = 0; c < size; c++) {
      work.fill(0);
      work[c] = 1;
      for (let k = 0; k < d; k++) v[k] = work[k]!;
      unpack(d, work, D);
      m.fill(0);
      G.fill(0);
      map(v, D, m, G);
      pack(d, m, G, work);
      for (let r = 0; r < size; r++) out[r * size + c] = work[r]!;
    }
  };
  const stretch = (u: Float64Array, D: Float64Array, m: Float64Array, G: Float64Array): void => {
    for (let k = 0; k < d; k++) m[k] = m[k]! + mass * u[k]!;
    push(D, 1, G);
  };
  const set = (mean: ArrayLike<number>, covariance: ArrayLike<number>, t: number): boolean => {
    for (let k = 0; k < d; k++) start[k] = mean[k]!;
    for (let i = 0; i < d * d; i++) cov[i] = covariance[i]!;
    base.t = t;
    if (!cholesky(d, cov, root)) return false;
    base.logDet = logDeterminant(d, root, log);
    point.mean.set(start);
    point.Z.fill(0);
    for (let k = 0; k < d; k++) point.Z[k * d + k] = 1;
    point.inverse.set(point.Z);
    point.logDet = 0;
    return true;
  };
  return {
    size,
    modulus,
    begin(mean, covariance, step, t, u) {
      tau = step;
      if (!set(mean, covariance, t)) return { before: Number.NaN, scale: Number.NaN, terms: Number.NaN };
      const values = terms.map((term) => term.value(point));
      const sizes = values.reduce((s, x) => s + Math.abs(x), 0) + Number.MIN_VALUE;
      let spread = 0;
      for (let k = 0; k < d; k++) spread += mass * cov[k * d + k]!;
      columns(stretch, metric);
      cholesky(size, metric, metricRoot);
      u.fill(0);
      for (let k = 0, e = d; k < d; e += d - k, k++) {
        u[k] = start[k]!;
        u[e] = 1;
      }
      return { before: values.reduce((s, x) => s + x, 0), scale: sizes + spread / (2 * tau), terms: sizes };
    },
    cost(u) {
      read(u);
      return away() / (2 * tau);
    },
    end(u, mean, covariance) {
      read(u);
      times(d, point.Z, cov, a);
      times(d, a, point.Z, b);
      for (let k = 0; k < d; k++) {
        mean[k] = u[k]!;
        for (let j = 0; j < d; j++) covariance[k * d + j] = 0.5 * (b[k * d + j]! + b[j * d + k]!);
      }
    },
    energies(mean, covariance, t) {
      if (!set(mean, covariance, t)) return terms.map(() => Number.NaN);
      return terms.map((term) => term.value(point));
    },
    value(u) {
      if (!read(u)) return Number.POSITIVE_INFINITY;
      let s = away() / (2 * tau);
      for (const term of terms) s += term.value(point);
      return s;
    },
    gradient(u, g) {
      read(u);
      away();
      m.fill(0);
      G.fill(0);
      push(D, 1 / tau, G);
      for (let k = 0; k < d; k++) m[k] = (mass * (point.mean[k]! - start[k]!)) / tau;
      for (const term of terms) term.gradient(point, m, G);
      pack(d, m, G, g);
    },
    residual(_u, g) {
      solveCholesky(size, metricRoot, g, work);
      let s = 0;
      for (let i = 0; i < size; i++) s += work[i]! * g[i]!;
      return s;
    },
    direction(u, g, step) {
      read(u);
      columns((v, D, m, G) => {
        for (let k = 0; k < d; k++) m[k] = (mass * v[k]!) / tau;
        push(D, 1 / tau, G);
        for (const term of terms) term.apply(point, v, D, m, G);
      }, matrix);
      for (let shift = 0, tries = 0; tries < 200; tries++) {
        for (let i = 0; i < size * size; i++) shifted[i] = matrix[i]! + shift * metric[i]!;
        if (cholesky(size, shifted, shifted)) {
          for (let i = 0; i < size; i++) step[i] = -g[i]!;
          solveCholesky(size, shifted, step, step);
          return shift === 0;
        }
        shift = shift === 0 ? 0.5 / tau : 2 * shift;
      }
      step.fill(0);
      return false;
    },
    reach: () => Number.POSITIVE_INFINITY,
  };
}

/** symmetric matrix from the packed upper triangle behind the mean */
function unpack(d: number, u: Float64Array, Z: Float64Array): void {
  for (let i = 0, e = d; i < d; i++)
    for (let j = i; j < d; j++, e++) {
      Z[i * d + j] = u[e]!;
      Z[j * d + i] = u[e]!;
    }
}

/** derivatives with respect to the packed unknowns: off-diagonal entries of Z count twice */
function pack(d: number, m: Float64Array, G: Float64Array, g: Float64Array): void {
  for (let k = 0; k < d; k++) g[k] = m[k]!;
  for (let i = 0, e = d; i < d; i++) for (let j = i; j < d; j++, e++) g[e] = i === j ? G[i * d + j]! : G[i * d + j]! + G[j * d + i]!;
}
