/** Barycentres of Gaussians by a fixed point, bracketed from both sides. [agueh2011, alvarez2016] */
import { expectLength, expectNames, specError } from "../../errors.ts";
import { product } from "../../measure/bures.ts";
import { functionOf } from "../../numeric/dense.ts";
import { powerOfFour, spanOf } from "../definite.ts";
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
  /** what float64 can have done to the gap: maps between covariances that are nearly singular have no more digits */
  readonly rounding: number;
  /** |sum_k w_k T_k - id| in L2 of the Gaussian: 0 exactly at the barycentre, the size of half the gradient */
  readonly stationarity: number;
  readonly iterations: number;
  readonly status: "optimal" | "max-iterations" | "stalled" | "not-finite";
}

/** Gaps below this share of the mean trace are rounding; where more of it may be rounding, the gap proves nothing. */
const ROUNDING = 1e-11;
const LOOSE = 1e-6;
/** Iterations without a smaller stationarity after which rounding is taken to have the last word. */
const PATIENCE = 30;

/**
 * The Wasserstein barycentre (p = 2) of N(means[k], covs[k]): S <- (sum w_k T_k) S (sum w_k T_k) with T_k the optimal map from S to S_k, which descends in every
 * step; stops when `stationarity` is within `tolerance` of the root of the mean trace (1e-13 unless said): the gap is its square. Where covariances are nearly
 * singular rounding ends it before, which is optimal as well if the gap is rounding, too.
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
  const unit = powerOfFour(covs.reduce((s, S, i) => s + w[i]! * trace(d, S), 0));
  const found = centred(
    d,
    covs.map((S: Entries) => Float64Array.from(S, (v) => v / unit)),
    w,
    tolerance,
    maxIterations,
  );
  const value = spread + unit * found.bures;
  const dual = spread + unit * found.lower;
  return {
    mean,
    cov: found.cov.map((v) => unit * v),
    value,
    bures: unit * found.bures,
    dual,
    gap: value - dual,
    rounding: unit * found.rounding + 4 * Number.EPSILON * Math.abs(value),
    stationarity: Math.sqrt(unit) * found.stationarity,
    iterations: found.iterations,
    status: found.status,
  };
}

interface Centred extends Pick<GaussianBarycentre, "cov" | "bures" | "stationarity" | "iterations" | "status" | "rounding"> {
  readonly lower: number;
}
function centred(d: number, covs: readonly Float64Array[], w: Float64Array, tolerance: number, maxIterations: number): Centred {
  const size = covs.reduce((s, S, i) => s + w[i]! * trace(d, S), 0);
  let cov = start(d, covs, w);
  let [best, since] = [Number.POSITIVE_INFINITY, 0];
  for (let iterations = 0; ; iterations++) {
    const { T, half } = mapsFrom(d, cov, covs, w);
    const average = meanOf(d * d, T, w);
    const bures = T.reduce((s, Tk, i) => s + w[i]! * squareOffIdentity(d, Tk, cov), 0);
    const { lower, rounding } = lowerBound(d, cov, T, average, covs, w);
    const stationarity = Math.sqrt(squareOffIdentity(d, average, cov));
    since = stationarity < 0.9 * best ? 0 : since + 1;
    best = Math.min(best, stationarity);
    const close = stationarity <= tolerance * Math.sqrt(size);
    const ended = (status: GaussianBarycentre["status"]): Centred => ({ cov, bures, lower, rounding, stationarity, iterations, status });
    if (!Number.isFinite(bures) || !Number.isFinite(stationarity)) return ended("not-finite");
    if (close || since > PATIENCE) {
      const enough = close ? Math.max(ROUNDING, 1e3 * tolerance * tolerance) : ROUNDING;
      return ended(rounding <= LOOSE * size && bures - lower <= rounding + enough * size ? "optimal" : "stalled");
    }
    if (iterations >= maxIterations) return ended("max-iterations");
    // the average map times S times itself, as a product that cannot turn indefinite
    cov = product(d, half, transposed(d, half));
  }
}
/** The optimal maps from S to each covariance, and (sum w_k T_k) S^{1/2}. */
function mapsFrom(
  d: number,
  S: Float64Array,
  covs: readonly Float64Array[],
  w: Float64Array,
): { readonly T: readonly Float64Array[]; readonly half: Float64Array } {
  const root = functionOf(d, S, Math.sqrt);
  const back = functionOf(d, S, (v) => 1 / Math.sqrt(v));
  const middles = covs.map((C) => functionOf(d, symmetric(d, product(d, root, product(d, C, root))), (v) => Math.sqrt(Math.max(0, v))));
  return {
    T: middles.map((M) => symmetric(d, product(d, back, product(d, M, back)))),
    half: product(d, back, meanOf(d * d, middles, w)),
  };
}
const transposed = (d: number, A: Float64Array): Float64Array => A.map((_, e) => A[(e % d) * d + Math.floor(e / d)]!);
const symmetric = (d: number, A: Float64Array): Float64Array => A.map((v, e) => 0.5 * (v + A[(e % d) * d + Math.floor(e / d)]!));
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
function lowerBound(d: number, S: Float64Array, T: readonly Float64Array[], average: Float64Array, covs: readonly Entries[], w: Float64Array): Lower {
  const spans = T.map((Tk) => spanOf(d, Tk) + spanOf(d, average));
  if (!spans.every((span) => span < Number.POSITIVE_INFINITY)) return { lower: Number.NEGATIVE_INFINITY, rounding: Number.POSITIVE_INFINITY };
  const root = functionOf(d, average, Math.sqrt);
  // of the maps, which the value is made of, and of what is lost
  const maps = 1 + spanOf(d, S);
  let [lower, rounding] = [0, 0];
  for (const [k, Tk] of T.entries()) {
    const inverse = functionOf(d, Tk, (v) => 1 / v);
    const back = product(d, root, product(d, inverse, root));
    let [kept, lost] = [0, 0];
    for (let e = 0; e < d * d; e++) {
      kept += e % (d + 1) === 0 ? covs[k]![e]! : 0;
      lost += back[e]! * covs[k]![e]!;
    }
    lower += w[k]! * (kept - lost);
    rounding += w[k]! * (maps * kept + spans[k]! * Math.abs(lost));
  }
  return { lower, rounding: 16 * d * Number.EPSILON * rounding };
}
interface Lower {
  readonly lower: number;
  readonly rounding: number;
}
/** tr (A - I) S (A - I): a sum of squares, in which near maps keep their digits */
function squareOffIdentity(d: number, A: Float64Array, S: Float64Array): number {
  const R = A.map((v, e) => v - (e % (d + 1) === 0 ? 1 : 0));
  return Math.max(0, trace(d, product(d, R, product(d, S, R))));
}
