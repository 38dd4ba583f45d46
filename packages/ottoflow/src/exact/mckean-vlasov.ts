import type { Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { exp } from "../kernels/math.ts";
import { gaussianLaw } from "../measure/gaussian.ts";
import { bisect } from "../measure/invert.ts";
import { type AffineFlow, affineEnergy, affineMoments, relaxed } from "./affine.ts";
import { attractionOf, formsOf, isOpen, isTransport, noiseOf, quadraticOf, sharedOf } from "./match.ts";

/** V = a x^2/2, W = kap x^2/2, temperature eps, from mean m0 and variance v0, on the line. */
export interface QuadraticMeanField {
  readonly a: number;
  readonly kap: number;
  readonly eps: number;
  readonly m0: number;
  readonly v0: number;
}
const varianceAt = (rate: number, q: QuadraticMeanField, t: number): number => exp(-2 * rate * t) * q.v0 + 2 * q.eps * relaxed(2 * rate, t);

/** Mean and variance of the mean-field law. */
export function meanFieldMoments(q: QuadraticMeanField, t: number): { readonly mean: number; readonly variance: number } {
  return { mean: exp(-q.a * t) * q.m0, variance: varianceAt(q.a + q.kap, q, t) };
}

/** N particles from independent starts: exact variance, covariance, spread about their own mean, and W2 of one particle's law to the mean field, all for Gaussian data. */
export function meanFieldParticles(
  q: QuadraticMeanField,
  N: number,
  t: number,
): { readonly variance: number; readonly covariance: number; readonly spread: number; readonly w2: number } {
  const sk = varianceAt(q.a + q.kap, q, t);
  const sa = varianceAt(q.a, q, t);
  const variance = (1 - 1 / N) * sk + sa / N;
  return { variance, covariance: (sa - sk) / N, spread: (1 - 1 / N) * sk, w2: Math.abs(Math.sqrt(variance) - Math.sqrt(sk)) };
}

/** Moments of exp(-(V + theta (x - m)^2 / 2) / eps) for V = x^4/4 - x^2/2, by the trapezoidal rule, exponentially accurate for such densities. [desai1978] */
export function desaiZwanzigMoments(theta: number, eps: number, m: number): { readonly mean: number; readonly variance: number } {
  const n = 801;
  const reach = 2 + 3 * Math.sqrt(Math.sqrt(eps)) + Math.abs(m);
  let [Z, first, second] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = reach * ((2 * i) / (n - 1) - 1);
    const w = exp(-((x * x * x * x) / 4 - (x * x) / 2 + 0.5 * theta * (x - m) * (x - m)) / eps);
    Z += w;
    first += w * x;
    second += w * x * x;
  }
  const mean = first / Z;
  return { mean, variance: second / Z - mean * mean };
}
/** The temperature below which the symmetric state of Desai and Zwanzig's model loses stability: theta Var(eps) = eps. */
export function desaiZwanzigCritical(theta: number): number {
  return bisect((eps) => theta * desaiZwanzigMoments(theta, eps, 0).variance > eps, [1e-3, 10 * (1 + theta)]);
}
/** The positive solution of m = E_m x, 0 above the critical temperature. */
export function desaiZwanzigMagnetisation(theta: number, eps: number): number {
  if (eps >= desaiZwanzigCritical(theta)) return 0;
  return bisect((m) => desaiZwanzigMoments(theta, eps, m).mean > m, [1e-6, 2]);
}

export const mckeanVlasov: Unit<"exact"> = defineExact({
  kind: "mckean-vlasov",
  title: "Gaussians with quadratic attraction",
  tex: "m' = -(A m - g), \\quad S' = -(A + \\kappa) S - S (A + \\kappa) + 2 \\varepsilon",
  summary:
    "Quadratic potential, quadratic attraction and temperature: Gaussians stay Gaussian; the attraction acts on the covariance only, since it cannot move the centre of mass.",
  refs: ["mckean1966", "carrillo2003"],
  params: {},
  examples: [],
  fits: { parts: ["local", "field", "pair"], start: "gaussian" },
  build: () => (p: Problem) => {
    const forms = formsOf(p);
    const start = p.initial.gaussian;
    if (!forms || !start || forms.pair.length === 0 || !isTransport(p) || !isOpen(p)) return null;
    const d = p.space.dim;
    const eps = noiseOf(forms.local);
    const V = quadraticOf(forms.field, d);
    const kappa = attractionOf(forms.pair);
    if (eps === null || eps === 0 || !V || kappa === null) return null;
    const flow: AffineFlow = { d, A: V.A, g: V.g, kappa: kappa * p.initial.mass, eps };
    const at = (t: number) => affineMoments(flow, start, t - p.start);
    return {
      label: "mckean-vlasov",
      title: "Gaussian with quadratic attraction",
      refs: ["mckean1966"],
      law: (t) => gaussianLaw(at(t).mean, at(t).cov, sharedOf(p.initial)),
      energy: (t) => affineEnergy(flow, V.c, at(t), p.initial.mass),
    };
  },
});
