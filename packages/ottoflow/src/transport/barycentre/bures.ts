/** Barycentres of Gaussians by a fixed point, bracketed from both sides. [agueh2011, alvarez2016] */
import { expectLength, expectNames, specError } from "../../errors.ts";
import { bures2, gaussianMap, product } from "../../measure/bures.ts";
import { functionOf, smallestEigenvalue } from "../../numeric/dense.ts";
import { checkCovariance } from "../sound.ts";
import { barycentreWeights } from "./weights.ts";

type Entries = ArrayLike<number>;

export interface GaussianBarycentre {
  readonly mean: Float64Array;
  readonly cov: Float64Array;
  /** sum_k w_k W_2^2 to the measures, of the Gaussian above */
  readonly value: number;
  /** the part of the covariances: sum_k w_k Bures^2 */
  readonly bures: number;
  /** no measure whatever has a smaller sum: from quadratic potentials that sum to zero */
  readonly dual: number;
  readonly gap: number;
  /** |sum_k w_k T_k - id| in L2 of the Gaussian: 0 exactly at the barycentre, the size of half the gradient */
  readonly stationarity: number;
  readonly iterations: number;
  readonly status: "optimal" | "max-iterations" | "not-finite";
}

/**
 * The Wasserstein barycentre (p = 2) of N(means[k], covs[k]): S <- (sum w_k T_k) S (sum w_k T_k) with T_k the optimal map from S to S_k, which descends in every
 * step; stops when `stationarity` is within `tolerance` of the root of the mean trace (1e-13 unless said): the gap is its square.
 * @throws {SpecError | ShapeError} on sizes that do not fit, covariances that are not positive definite, weights that are none
 */
export function barycentreOfGaussians(
  means: readonly Entries[],
  covs: readonly Entries[],
  options: { readonly weights?: ArrayLike<number>; readonly tolerance?: number; readonly maxIterations?: number } = {},
): GaussianBarycentre {
  expectNames("a barycentre of Gaussians", options, ["weights", "tolerance", "maxIterations"]);
  const { tolerance = 1e-13, maxIterations = 1000 } = options;
  if (!(tolerance >= 0)) throw specError("tolerance", `got ${tolerance} when expected a number of at least 0.`);
  if (!(maxIterations >= 0)) throw specError("maxIterations", `got ${maxIterations} when expected a number of at least 0.`);
  if (!Array.isArray(covs) || covs.length === 0) throw specError("covs", "got none when expected at least one in a list.");
  const w = barycentreWeights(covs.length, options.weights);
  const d = checked(means, covs);
  const mean = Float64Array.from({ length: d }, (_, k) => means.reduce((s, m, i) => s + w[i]! * m[k]!, 0));
  const spread = means.reduce((s, m, i) => s + w[i]! * mean.reduce((t, c, k) => t + (m[k]! - c) * (m[k]! - c), 0), 0);
  const size = covs.reduce((s, S, i) => s + w[i]! * trace(d, S), 0);
  let S = start(d, covs, w);
  for (let iterations = 0; ; iterations++) {
    const T = covs.map((C) => gaussianMap(d, S, C));
    const average = meanOf(d * d, T, w);
    const bures = covs.reduce((s, C, i) => s + w[i]! * bures2(d, S, C), 0);
    const lower = lowerBound(d, T, average, covs, w);
    const stationarity = offIdentity(d, average, S);
    const done = stationarity <= tolerance * Math.sqrt(size);
    const broken = !Number.isFinite(bures) || !Number.isFinite(stationarity);
    if (done || broken || iterations >= maxIterations) {
      const value = spread + bures;
      const dual = spread + lower;
      return {
        mean,
        cov: S,
        value,
        bures,
        dual,
        gap: value - dual,
        stationarity,
        iterations,
        status: broken ? "not-finite" : done ? "optimal" : "max-iterations",
      };
    }
    S = product(d, average, product(d, S, average));
  }
}
function checked(means: readonly Entries[], covs: readonly Entries[]): number {
  expectLength("means", means.length, covs.length);
  const d = means[0]!.length;
  for (const [k, S] of covs.entries()) {
    expectLength(`means[${k}]`, means[k]!.length, d);
    expectLength(`covs[${k}]`, S.length, d * d);
    for (let i = 0; i < d; i++) if (!Number.isFinite(means[k]![i]!)) throw specError(`means[${k}][${i}]`, `got ${means[k]![i]} when expected a finite number.`);
    checkCovariance(`covs[${k}]`, d, S);
  }
  return d;
}
/** (sum w_k S_k^{1/2})^2: the barycentre itself where the covariances commute. */
function start(d: number, covs: readonly Entries[], w: Float64Array): Float64Array {
  const root = meanOf(
    d * d,
    covs.map((S) => functionOf(d, S, Math.sqrt)),
    w,
  );
  return product(d, root, root);
}
const meanOf = (n: number, all: readonly Entries[], w: Float64Array): Float64Array =>
  Float64Array.from({ length: n }, (_, e) => all.reduce((s, a, k) => s + w[k]! * a[e]!, 0));
function trace(d: number, S: Entries): number {
  let s = 0;
  for (let k = 0; k < d; k++) s += S[k * d + k]!;
  return s;
}
/**
 * sum w_k tr (I - R_k^{-1}) S_k with R_k = A^{-1/2} T_k A^{-1/2}, A the mean of the T_k: the potentials x'(I - R_k)x sum to zero and each is half of a feasible
 * pair for any positive R_k, so no measure does better. Where rounding left a T_k indefinite they prove nothing: -Infinity.
 */
function lowerBound(d: number, T: readonly Float64Array[], average: Float64Array, covs: readonly Entries[], w: Float64Array): number {
  if (!T.every((Tk) => smallestEigenvalue(d, Tk) > 0)) return Number.NEGATIVE_INFINITY;
  const root = functionOf(d, average, Math.sqrt);
  let s = 0;
  for (const [k, Tk] of T.entries()) {
    const inverse = functionOf(d, Tk, (v) => 1 / v);
    const back = product(d, root, product(d, inverse, root));
    for (let e = 0; e < d * d; e++) s += w[k]! * ((e % (d + 1) === 0 ? 1 : 0) - back[e]!) * covs[k]![e]!;
  }
  return s;
}
function offIdentity(d: number, A: Float64Array, S: Float64Array): number {
  const R = A.map((v, e) => v - (e % (d + 1) === 0 ? 1 : 0));
  return Math.sqrt(Math.max(0, trace(d, product(d, R, product(d, S, R)))));
}
