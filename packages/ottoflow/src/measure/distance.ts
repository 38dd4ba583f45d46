/** Distances between measures, whatever their storage: each says what it is and how far it may be off. */
import type { As, Law, Map1, Measure, Rows } from "../contract.ts";
import { expectLength, OttoflowError, specError } from "../errors.ts";
import { normalQuantile } from "../kernels/math.ts";
import { philoxNormals } from "../kernels/philox.ts";
import { bures2, gaussianW2 } from "./bures.ts";
import { gaussianLaw } from "./gaussian.ts";
import { invertCdf } from "./invert.ts";
import { costOfAtomsToGaussian, costOfPieces, costToQuantile, lawQuantile, type Pieces, piecesOf, piecesOfAtoms, roundingCost } from "./line.ts";
import { sobol, sobolAxes } from "./low-discrepancy.ts";
import { covOf, massOf, meanOf } from "./rows.ts";
import { storeCells, storeParticles } from "./store.ts";

export interface Distance {
  readonly name: "W1" | "W2" | "sliced W2" | "L1";
  readonly value: number;
  /** the value is within this of the true distance between the two measures as stored */
  readonly error: number;
  readonly how: "exact" | "estimated" | "statistical";
  readonly because: string;
  /** of a law against cells: fraction of the law outside the box */
  readonly lost?: number;
}

const isLaw = (m: Measure | Law): m is Law => !("rep" in m);
const rounding = 4 * Number.EPSILON;

/** One side of a distance on the line: pieces, or a quantile function. */
type Side = { readonly pieces: Pieces } | { readonly quantile: Map1; readonly gaussian?: readonly [mean: number, deviation: number] };

function sideOf(m: Measure | Law): Side {
  if (isLaw(m)) {
    if (m.points && m.dim === 1) return { pieces: piecesOfAtoms(m.points.n, m.points.x, m.points.weight ?? new Float64Array(m.points.n).fill(1)) };
    const quantile = lawQuantile(m, invertLaw);
    return m.gaussian ? { quantile, gaussian: [m.gaussian.mean[0]!, Math.sqrt(m.gaussian.cov[0]!)] } : { quantile };
  }
  const pieces = piecesOf(m);
  if (pieces) return { pieces };
  const g = m as As<"gaussian">;
  return sideOf(gaussianLaw(Array.from(g.mean), Array.from(g.cov)));
}

function invertLaw(law: Law): Map1 {
  if (!law.boxMass) throw specError("law", `${law.tex} knows neither quantiles nor masses of intervals; store it first and compare the stored measures.`);
  return invertCdf(law.boxMass, law.mass);
}

/** Mass of both sides; W needs equal ones. */
function commonMass(a: Measure | Law, b: Measure | Law): { mass: number; note: string } {
  const [p, q] = [a, b].map((m) => (isLaw(m) ? m.mass : massOf(m))) as [number, number];
  const gap = Math.abs(p - q) / Math.max(p, q);
  if (!(gap <= 1e-3)) throw new OttoflowError("UnsupportedError", `Wasserstein distances need equal masses, got ${p} and ${q}.`, { missing: ["equal masses"] });
  return { mass: 0.5 * (p + q), note: gap > 1e-12 ? `; masses differ by ${gap.toExponential(1)} of the mass and were compared normalised` : "" };
}

/**
 * W_p on the line, p = 1 or 2, between stored measures and laws in any combination, through quantile functions: exact for all storages but Gaussians
 * (whose quantiles are integrated to the stated error); two Gaussians by formula for p = 2. Scales with mass^{1/p}. [villani2003]
 * @throws {UnsupportedError} for unequal masses, negative densities, periodic axes
 */
export function distanceOnLine(p: 1 | 2, a: Measure | Law, b: Measure | Law): Distance {
  const { mass, note } = commonMass(a, b);
  const name = p === 1 ? "W1" : "W2";
  const finish = (cost: number, error: number, how: Distance["how"], because: string): Distance => {
    const value = p === 1 ? mass * cost : Math.sqrt(mass * cost);
    // |sqrt(c + e) - sqrt(c)| <= min(sqrt(e), e / sqrt(c))
    const slack = p === 1 ? mass * error : Math.min(Math.sqrt(mass * error), (mass * error) / value || Number.POSITIVE_INFINITY);
    return { name, value, error: slack + rounding * value, how, because: because + note };
  };
  const x = sideOf(a);
  const y = sideOf(b);
  if ("pieces" in x && "pieces" in y)
    return finish(
      costOfPieces(p, x.pieces, y.pieces),
      roundingCost(p, x.pieces) + roundingCost(p, y.pieces),
      "exact",
      "quantile functions with linear pieces, integrated exactly",
    );
  if (!("pieces" in x) && !("pieces" in y)) {
    if (p === 2 && x.gaussian && y.gaussian) {
      const [dm, ds] = [x.gaussian[0] - y.gaussian[0], x.gaussian[1] - y.gaussian[1]];
      return finish(dm * dm + ds * ds, 0, "exact", "two Gaussians on the line");
    }
    const c = costToQuantile(p, unit, (n, u, out) => difference(x.quantile, y.quantile, n, u, out));
    return finish(c.value, c.error, "estimated", "two quantile functions by adaptive quadrature");
  }
  const pieces = ("pieces" in x ? x : (y as { pieces: Pieces })).pieces;
  const quantile = ("pieces" in x ? (y as { quantile: Map1 }) : x).quantile;
  const c = costToQuantile(p, pieces, quantile);
  return finish(c.value, c.error + roundingCost(p, pieces), "estimated", "linear pieces against a quantile function by adaptive quadrature");
}
/** The Dirac at 0: int |0 - (Q1 - Q2)|^p. */
const unit: Pieces = { n: 1, level: Float64Array.of(0, 1), left: Float64Array.of(0), right: Float64Array.of(0) };
function difference(p: Map1, q: Map1, n: number, u: Rows, out: Rows): void {
  const other = new Float64Array(n);
  p(n, u, out);
  q(n, u, other);
  for (let i = 0; i < n; i++) out[i] = out[i]! - other[i]!;
}

/** int |rho_a - rho_b| over cells of one grid. */
export function distanceL1(a: As<"cells">, b: As<"cells"> | Law): Distance {
  if (!isLaw(b)) return { ...apart(a, b.rho), how: "exact", because: "both densities constant on the same cells" };
  const rho = new Float64Array(a.space.cells!.n);
  const { lost, quadrature = 0 } = storeCells({ ...b, cut: 1 }, a.space, rho);
  const d = apart(a, rho);
  return {
    ...d,
    error: lost * b.mass + quadrature + d.error,
    how: quadrature > 0 ? "estimated" : "exact",
    because: "cell averages against the law's cell averages",
    lost,
  };
}
function apart({ space, rho }: As<"cells">, other: Rows): Pick<Distance, "name" | "value" | "error"> {
  const { n, volume } = space.cells!;
  expectLength("rho", other.length, n);
  let s = 0;
  for (let i = 0; i < n; i++) s += volume[i]! * Math.abs(rho[i]! - other[i]!);
  return { name: "L1", value: s, error: rounding * s };
}

export interface MomentDistance {
  /** |mean_a - mean_b| */
  readonly mean: number;
  /** Frobenius norm of the difference of covariances */
  readonly cov: number;
  /** W2 between the Gaussians with these moments, times the root of the mass: at most the true W2 (Gelbrich) */
  readonly lower: number;
}
/** What mean and covariance alone say about two measures. [gelbrich1990] */
export function momentDistance(a: Measure | Law, b: Measure | Law): MomentDistance {
  const { mass } = commonMass(a, b);
  const p = momentsOfAny(a);
  const q = momentsOfAny(b);
  const d = p.mean.length;
  let [m, c] = [0, 0];
  for (let k = 0; k < d; k++) m += (p.mean[k]! - q.mean[k]!) * (p.mean[k]! - q.mean[k]!);
  for (let k = 0; k < d * d; k++) c += (p.cov[k]! - q.cov[k]!) * (p.cov[k]! - q.cov[k]!);
  return { mean: Math.sqrt(m), cov: Math.sqrt(c), lower: Math.sqrt(mass * (m + bures2(d, p.cov, q.cov))) };
}
function momentsOfAny(m: Measure | Law): { mean: ArrayLike<number>; cov: ArrayLike<number> } {
  if (!isLaw(m)) return { mean: meanOf(m), cov: covOf(m) };
  const known = m.gaussian ?? m.moments;
  if (!known) throw specError("law", `mean and covariance of ${m.tex} are not known; store it first and compare the stored measures.`);
  return known;
}

/** K unit vectors [d * K]: equal angles in the plane, else normalised Gaussian points of a scrambled Sobol set. */
function directions(d: number, K: number, seed: number): Float64Array {
  const out = new Float64Array(d * K);
  if (d <= sobolAxes) {
    sobol(seed, d, 0, K, out);
    for (let i = 0; i < out.length; i++) out[i] = normalQuantile(out[i]!);
  } else for (let k = 0; k < d; k++) philoxNormals(seed, 0x736c6963, k, 0, K, out.subarray(k * K, (k + 1) * K));
  for (let j = 0; j < K; j++) {
    let r = 0;
    for (let k = 0; k < d; k++) r += out[k * K + j]! * out[k * K + j]!;
    for (let k = 0; k < d; k++) out[k * K + j] = out[k * K + j]! / Math.sqrt(r);
  }
  return out;
}

/**
 * Sliced W2: the root of the mean over directions of W2^2 between the projections, over `slices` directions. A lower bound of W2 on average over directions.
 * Densities on cells project as atoms at the cells' centres. The error is the standard error over the directions (independent directions would have it; these are spread more evenly)
 * plus the half-diagonals of cells. [rabin2011]
 */
export function slicedDistance(a: Measure, b: Measure | Law, slices = 64, seed = 1): Distance {
  const { mass, note } = commonMass(a, b);
  const d = a.space.dim;
  const theta = directions(d, slices, seed);
  const along = new Float64Array(d);
  const cost = new Float64Array(slices);
  for (let j = 0; j < slices; j++) {
    for (let k = 0; k < d; k++) along[k] = theta[k * slices + j]!;
    const x = project(a, along);
    const y = project(b, along);
    cost[j] = "pieces" in x && "pieces" in y ? costOfPieces(2, x.pieces, y.pieces) : mixedCost(x, y);
  }
  const mean = cost.reduce((s, c) => s + c, 0) / slices;
  const variance = cost.reduce((s, c) => s + (c - mean) * (c - mean), 0) / Math.max(1, slices - 1);
  const value = Math.sqrt(mass * mean);
  const slice = value > 0 ? (mass * Math.sqrt(variance / slices)) / (2 * value) : 0;
  const spread = Math.sqrt(mass) * (halfDiagonal(a) + (isLaw(b) ? 0 : halfDiagonal(b)));
  return {
    name: "sliced W2",
    value,
    error: slice + spread,
    how: "statistical",
    because: `${slices} directions: standard error ${slice.toExponential(1)}, cells taken at their centres ${spread.toExponential(1)}${note}`,
  };
}
const halfDiagonal = (m: Measure): number => (m.rep === "cells" && m.space.grid ? 0.5 * Math.sqrt(m.space.grid.h.reduce((s, h) => s + h * h, 0)) : 0);

/** Above this many atoms the cost to a Gaussian is summed in closed form, whose rounding is far below what so many atoms are off anyway. */
const MANY = 2000;

function mixedCost(x: Side, y: Side): number {
  if ("pieces" in x && "gaussian" in y && y.gaussian && x.pieces.n > MANY) return costOfAtomsToGaussian(x.pieces, ...y.gaussian);
  if ("pieces" in x) return costToQuantile(2, x.pieces, (y as { quantile: Map1 }).quantile).value;
  if ("pieces" in y) return mixedCost(y, x);
  const [dm, ds] = [x.gaussian![0] - y.gaussian![0], x.gaussian![1] - y.gaussian![1]];
  return dm * dm + ds * ds;
}

/** The projection of a measure on a direction. */
function project(m: Measure | Law, along: Float64Array): Side {
  const d = along.length;
  if (isLaw(m) ? m.gaussian : m.rep === "gaussian") {
    const { mean, cov } = isLaw(m) ? m.gaussian! : (m as As<"gaussian">);
    let [mu, v] = [0, 0];
    for (let k = 0; k < d; k++) {
      mu += along[k]! * mean[k]!;
      for (let l = 0; l < d; l++) v += along[k]! * cov[k * d + l]! * along[l]!;
    }
    const law = gaussianLaw([mu], [v]);
    return { quantile: law.quantile!, gaussian: [mu, Math.sqrt(v)] };
  }
  const [n, x, weight] = atomsOf(m);
  const y = new Float64Array(n);
  for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) y[i] = y[i]! + along[k]! * x[k * n + i]!;
  return { pieces: piecesOfAtoms(n, y, weight) };
}

function atomsOf(m: Measure | Law): [number, Rows, Rows] {
  if (isLaw(m)) {
    if (m.points) return [m.points.n, m.points.x, m.points.weight ?? new Float64Array(m.points.n).fill(1)];
    throw specError("law", `${m.tex} has no projections in closed form; store it first and compare the stored measures.`);
  }
  if (m.rep === "particles") return [m.n, m.x, m.weight];
  if (m.rep === "cells") {
    const { n, centre, volume } = m.space.cells!;
    return [n, centre, m.rho.map((r, i) => r * volume[i]!)];
  }
  throw specError("measure", `${m.rep} live on the line; use distanceOnLine.`);
}

/**
 * The best distance this pair has: W2 on the line, W2 between Gaussians in any dimension, else sliced W2, and L1 of densities where an axis is periodic (the name in the answer says which).
 * A law without closed-form projections is stored first: on the cells of `a`, or as a low-discrepancy sample of 2^14 points whose own error is not included.
 */
export function distance(a: Measure, b: Measure | Law): Distance {
  const d = a.space.dim;
  if (wraps(a) || (!isLaw(b) && wraps(b))) {
    if (a.rep === "cells" && (isLaw(b) || (b.rep === "cells" && b.rho.length === a.rho.length))) return distanceL1(a, b);
    throw new OttoflowError(
      "UnsupportedError",
      "Wasserstein distances across periodic axes are not those of the plane or the line, and L1 needs densities on the same cells.",
      { missing: ["line"] },
    );
  }
  if (d === 1) return distanceOnLine(2, a, b);
  const gauss = isLaw(b) ? b.gaussian : b.rep === "gaussian" ? b : undefined;
  if (a.rep === "gaussian" && gauss) {
    const { mass, note } = commonMass(a, b);
    const value = Math.sqrt(mass) * gaussianW2(d, a.mean, a.cov, gauss.mean, gauss.cov);
    return { name: "W2", value, error: 1e-13 * value, how: "exact", because: `Bures' formula${note}` };
  }
  if (!isLaw(b) || b.gaussian || b.points) return slicedDistance(a, b);
  return slicedDistance(a, a.rep === "cells" ? storedOnCells(a, b) : sampled(a, b));
}
const wraps = (m: Measure): boolean => m.space.grid?.periodic.some((v) => v) ?? false;
function storedOnCells(a: As<"cells">, law: Law): As<"cells"> {
  const rho = new Float64Array(a.rho.length);
  storeCells({ ...law, cut: 1 }, a.space, rho);
  return { ...a, rho };
}
function sampled(a: Measure, law: Law): As<"particles"> {
  const n = 16384;
  const x = new Float64Array(law.dim * n);
  const weight = new Float64Array(n);
  storeParticles({ ...law, placement: "low-discrepancy" }, n, 1, x, weight);
  return { rep: "particles", space: a.space, n, x, weight };
}
