import type { Law, Rows } from "../contract.ts";
import { defineLaw, type Unit } from "../define.ts";
import { expectLength, specError } from "../errors.ts";
import { matrixTex, pointTex, varianceTex } from "../formula/numerals.ts";
import { erf, erfc, exp, log, normalQuantile } from "../kernels/math.ts";
import { cholesky } from "../numeric/dense.ts";
import { perAxis, type Shared, shared, sharedOf } from "./law.ts";

const root2 = Math.SQRT2;
const log2pi = 1.8378770664093453;

/** P(a < Z < b) for a standard normal Z, with small relative error in both tails. */
export function normalMass(a: number, b: number): number {
  if (!(a < b)) return 0;
  if (a > 0) return 0.5 * (erfc(a / root2) - erfc(b / root2));
  if (b < 0) return 0.5 * (erfc(-b / root2) - erfc(-a / root2));
  return 0.5 * (erf(b / root2) - erf(a / root2));
}

/**
 * mass * N(mean, cov). Knows everything: density, log density, quantiles in 1D, draws, moments; masses of boxes where the covariance is diagonal.
 * @param cov [d * d], symmetric positive definite
 * @throws {SpecError} when cov is not symmetric positive definite
 */
export function gaussianLaw(mean: readonly number[], cov: readonly number[], values: Shared = {}): Law {
  const d = mean.length;
  expectLength("covariance", cov.length, d * d);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < i; j++) {
      const gap = Math.abs(cov[i * d + j]! - cov[j * d + i]!);
      if (!(gap <= 1e-12 * Math.sqrt(Math.abs(cov[i * d + i]! * cov[j * d + j]!))))
        throw specError("covariance", `entries (${i}, ${j}) and (${j}, ${i}) differ by ${gap}; give a symmetric matrix.`);
    }
  const L = cholesky(d, cov);
  if (!mean.every(Number.isFinite)) throw specError("mean", `got [${mean}]; give finite numbers.`);
  const base = sharedOf(values);
  const logDensity = gaussianLogDensity(d, mean, L, log(base.mass));
  const diagonal = cov.every((c, i) => i % (d + 1) === 0 || c === 0);
  return {
    ...base,
    tex: `\\mathcal N\\bigl(${pointTex(mean)},\\, ${matrixTex(d, cov, varianceTex) ?? "\\Sigma"}\\bigr)`,
    dim: d,
    gaussian: { mean, cov },
    moments: { mean, cov },
    logDensity,
    density: (n, x, out) => {
      logDensity(n, x, out);
      for (let i = 0; i < n; i++) out[i] = exp(out[i]!);
    },
    score: (n, x, out) => gaussianScore(n, d, mean, L, x, out),
    draw: { uniforms: d, map: (n, u, out) => drawGaussian(n, d, mean, L, u, out) },
    ...(diagonal
      ? {
          boxMass: (n: number, lo: Rows, hi: Rows, out: Rows) => gaussianBoxMass(n, d, mean, L, base.mass, lo, hi, out),
          sideMass: (k: number, n: number, lo: Rows, hi: Rows, out: Rows) => normalMasses(n, mean[k]!, L[k * d + k]!, lo, hi, out),
        }
      : {}),
    ...(d === 1
      ? {
          quantile: (n: number, a: Rows, out: Rows) => {
            for (let i = 0; i < n; i++) out[i] = mean[0]! + L[0]! * normalQuantile(a[i]!);
          },
        }
      : {}),
  };
}

function gaussianLogDensity(d: number, mean: readonly number[], L: Float64Array, logMass: number): (n: number, x: Rows, out: Rows) => void {
  let constant = logMass - 0.5 * d * log2pi;
  for (let k = 0; k < d; k++) constant -= log(L[k * d + k]!);
  const z = new Float64Array(d);
  return (n, x, out) => {
    for (let i = 0; i < n; i++) {
      let q = 0;
      for (let k = 0; k < d; k++) {
        let s = x[k * n + i]! - mean[k]!;
        for (let l = 0; l < k; l++) s -= L[k * d + l]! * z[l]!;
        z[k] = s / L[k * d + k]!;
        q += z[k]! * z[k]!;
      }
      out[i] = constant - 0.5 * q;
    }
  };
}

/** -S^{-1}(x - m) by forward and backward substitution */
function gaussianScore(n: number, d: number, mean: readonly number[], L: Float64Array, x: Rows, out: Rows): void {
  const z = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      let s = mean[k]! - x[k * n + i]!;
      for (let l = 0; l < k; l++) s -= L[k * d + l]! * z[l]!;
      z[k] = s / L[k * d + k]!;
    }
    for (let k = d - 1; k >= 0; k--) {
      let s = z[k]!;
      for (let l = k + 1; l < d; l++) s -= L[l * d + k]! * z[l]!;
      z[k] = s / L[k * d + k]!;
      out[k * n + i] = z[k]!;
    }
  }
}

function drawGaussian(n: number, d: number, mean: readonly number[], L: Float64Array, u: Rows, out: Rows): void {
  const z = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) z[k] = normalQuantile(u[k * n + i]!);
    for (let k = 0; k < d; k++) {
      let s = mean[k]!;
      for (let l = 0; l <= k; l++) s += L[k * d + l]! * z[l]!;
      out[k * n + i] = s;
    }
  }
}

function normalMasses(n: number, mean: number, deviation: number, lo: Rows, hi: Rows, out: Rows): void {
  for (let i = 0; i < n; i++) out[i] = normalMass((lo[i]! - mean) / deviation, (hi[i]! - mean) / deviation);
}

/** Boxes of a grid have the same sides again and again, in the same order: the masses of intervals are kept, each with the one that came after it. */
function gaussianBoxMass(n: number, d: number, mean: readonly number[], L: Float64Array, mass: number, lo: Rows, hi: Rows, out: Rows): void {
  out.fill(mass, 0, n);
  for (let k = 0; k < d; k++) {
    const lower: number[] = [];
    const upper: number[] = [];
    const within: number[] = [];
    const after: number[] = [];
    const known = (e: number, a: number, b: number): boolean => e < lower.length && lower[e] === a && upper[e] === b;
    for (let i = 0, e = 0; i < n; i++) {
      const a = lo[k * n + i]!;
      const b = hi[k * n + i]!;
      if (!known(e, a, b)) {
        let next = after[e] ?? 0;
        if (!known(next, a, b)) next = known(0, a, b) ? 0 : lower.length;
        if (next === lower.length) {
          lower.push(a);
          upper.push(b);
          within.push(normalMass((a - mean[k]!) / L[k * d + k]!, (b - mean[k]!) / L[k * d + k]!));
          after.push(0);
        }
        if (i > 0) after[e] = next;
        e = next;
      }
      out[i] = out[i]! * within[e]!;
    }
  }
}

/** The [d * d] matrix with these standard deviations on its diagonal, squared. */
export function diagonalCov(deviation: readonly number[]): readonly number[] {
  const d = deviation.length;
  return Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? deviation[i % d]! * deviation[i % d]! : 0));
}

export const gaussian: Unit<"law"> = defineLaw({
  kind: "gaussian",
  title: "Gaussian",
  tex: "\\mathcal N(m, \\Sigma)",
  summary:
    "The normal law with a mean and either standard deviations per axis or a full covariance. Cells receive its exact masses by differences of the error function where the covariance is diagonal, quantile nodes its exact quantiles.",
  refs: ["villani2003"],
  params: {
    mean: { type: "vector", broadcast: true, default: [0], unit: "length", doc: "mean, one number per axis" },
    deviation: {
      type: "vector",
      broadcast: true,
      above: 0,
      optional: true,
      unit: "length",
      doc: "standard deviation, one number per axis; 1 unless a covariance is given",
    },
    covariance: { type: "matrix", definite: true, optional: true, doc: "covariance matrix, instead of deviation" },
    ...shared,
  },
  examples: [
    { dim: 1, params: { mean: [0.5], deviation: [0.4] } },
    { dim: 2, params: { mean: [0, 0.2], deviation: [0.3] } },
    {
      dim: 2,
      params: {
        mean: [0, 0],
        covariance: [
          [0.1, 0.05],
          [0.05, 0.2],
        ],
      },
    },
  ],
  build: (values, { dim }) => {
    if (values.deviation && values.covariance) throw specError("deviation", "got deviation and covariance; give one of the two.");
    const mean = perAxis("mean", values.mean, dim, 0);
    return gaussianLaw(mean, values.covariance ?? diagonalCov(perAxis("deviation", values.deviation, dim, 1)), values);
  },
});
