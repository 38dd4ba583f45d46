/** Evaluators for flows that map Gaussians to Gaussians: quadratic potential, quadratic attraction, temperature. */
import { exp, expm1, log } from "../kernels/math.ts";
import { eigenSymmetric, logDeterminant } from "../numeric/dense.ts";

type Entries = ArrayLike<number>;

/** dX = -(A X - g) dt - kappa (X - E X) dt + sqrt(2 eps) dB, all at mass one (kappa already times the mass). */
export interface AffineFlow {
  readonly d: number;
  /** [d * d] symmetric */
  readonly A: Entries;
  /** [d] */
  readonly g: Entries;
  readonly kappa: number;
  readonly eps: number;
}
export interface Moments {
  readonly mean: readonly number[];
  readonly cov: readonly number[];
}

/** (1 - exp(-a t)) / a, t where a = 0 */
export function relaxed(a: number, t: number): number {
  return a === 0 ? t : -expm1(-a * t) / a;
}

/**
 * Mean and covariance at time t: in the eigenbasis of A, mean_i' = -a_i mean_i + g_i and cov_ij' = -(b_i + b_j) cov_ij + 2 eps delta_ij with b = a + kappa.
 * Exact for every initial law; the law itself stays Gaussian if it was.
 */
export function affineMoments(flow: AffineFlow, start: Moments, t: number): Moments {
  const { d } = flow;
  const { values, vectors } = eigenSymmetric(d, flow.A);
  const Q = (i: number, k: number): number => vectors[i * d + k]!;
  const mean = new Array<number>(d).fill(0);
  for (let k = 0; k < d; k++) {
    let [m, g] = [0, 0];
    for (let i = 0; i < d; i++) {
      m += Q(i, k) * start.mean[i]!;
      g += Q(i, k) * flow.g[i]!;
    }
    const now = exp(-values[k]! * t) * m + g * relaxed(values[k]!, t);
    for (let i = 0; i < d; i++) mean[i]! += Q(i, k) * now;
  }
  const cov = new Array<number>(d * d).fill(0);
  for (let k = 0; k < d; k++)
    for (let l = 0; l < d; l++) {
      let s = 0;
      for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) s += Q(i, k) * start.cov[i * d + j]! * Q(j, l);
      const rate = values[k]! + values[l]! + 2 * flow.kappa;
      let now = exp(-rate * t) * s;
      if (k === l) now += 2 * flow.eps * relaxed(rate, t);
      for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) cov[i * d + j]! += Q(i, k) * now * Q(j, l);
    }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) cov[i * d + j] = cov[j * d + i] = 0.5 * (cov[i * d + j]! + cov[j * d + i]!);
  return { mean, cov };
}

/** The map X_0 -> X_t of the flow without noise: x -> E(x - m_0) + m_t with E = exp(-(A + kappa) t), [d * d]. */
export function affineMap(flow: AffineFlow, t: number): readonly number[] {
  const { d } = flow;
  const { values, vectors } = eigenSymmetric(d, flow.A);
  const out = new Array<number>(d * d).fill(0);
  for (let k = 0; k < d; k++) {
    const e = exp(-(values[k]! + flow.kappa) * t);
    for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) out[i * d + j]! += e * vectors[i * d + k]! * vectors[j * d + k]!;
  }
  return out;
}

/** eps M (H(N) + log M) + M (tr(A S)/2 + m'Am/2 - g'm + c) + kappa M tr(S)/2: the energy of mass * N(m, S); kappa as in the flow (times the mass). */
export function affineEnergy(flow: AffineFlow, c: number, at: Moments, mass = 1): number {
  const { d } = flow;
  let field = c;
  let spread = 0;
  for (let i = 0; i < d; i++) {
    field -= flow.g[i]! * at.mean[i]!;
    spread += 0.5 * flow.kappa * at.cov[i * d + i]!;
    for (let j = 0; j < d; j++) field += 0.5 * flow.A[i * d + j]! * (at.cov[i * d + j]! + at.mean[i]! * at.mean[j]!);
  }
  const heat = flow.eps === 0 ? 0 : flow.eps * (gaussianEntropy(d, at.cov) + log(mass));
  return mass * (heat + field + spread);
}

/** int rho log rho of N(m, S): -(d log(2 pi e) + log det S) / 2 */
export function gaussianEntropy(d: number, cov: Entries): number {
  return -0.5 * (d * 2.8378770664093453 + logDeterminant(d, cov));
}
