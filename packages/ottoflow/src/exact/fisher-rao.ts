import type { Law, Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { exp, expm1, log } from "../kernels/math.ts";
import { gaussianLaw } from "../measure/gaussian.ts";
import { inverse } from "../numeric/dense.ts";
import type { Moments } from "./affine.ts";
import { formsOf, isOpen, noiseOf, type Quadratic, quadraticOf, sharedOf } from "./match.ts";

/** Mass-keeping Fisher–Rao flow of eps int rho log rho + int V rho, V = x'Ax/2 - g'x, from a Gaussian: precision P and P m move along straight arcs, P = e^{-s} P0 + (1 - e^{-s}) A/eps. */
export function fisherRaoMoments(d: number, A: ArrayLike<number>, g: ArrayLike<number>, eps: number, start: Moments, s: number): Moments {
  const P0 = inverse(d, start.cov);
  const keep = exp(-eps * s);
  const gain = eps === 0 ? s : -expm1(-eps * s) / eps;
  const P = P0.map((v, i) => keep * v + gain * A[i]!);
  const cov = Array.from(inverse(d, P));
  const h = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    h[k] = gain * g[k]!;
    for (let l = 0; l < d; l++) h[k] = h[k]! + keep * P0[k * d + l]! * start.mean[l]!;
  }
  return { mean: Array.from({ length: d }, (_, k) => h.reduce((sum, v, l) => sum + cov[k * d + l]! * v, 0)), cov };
}

/** The unnormalised flow d_t rho = -rho (log rho + 1) at one point: log rho = -1 + (log rho0 + 1) e^{-t}. Mass is not kept; densities below 1/e grow. */
export function unnormalisedEntropyFlow(rho0: number, t: number): number {
  return exp(-1 + (log(rho0) + 1) * exp(-t));
}

/**
 * Wasserstein–Fisher–Rao flow (reaction rate r, mass kept) of eps int rho log rho + a (x - b)^2/2 on the line, from N(b + m0, v0): v' = -(a v - eps)(r v + 2), m' = -a (1 + r v) m.
 * With w = (a v - eps) / (r v + 2) = w0 e^{-(2a + r eps) t} both are explicit.
 */
export function wassersteinFisherRao(
  a: number,
  eps: number,
  r: number,
  m0: number,
  v0: number,
  t: number,
): { readonly mean: number; readonly variance: number } {
  const w0 = (a * v0 - eps) / (r * v0 + 2);
  const w = w0 * exp(-(2 * a + r * eps) * t);
  return { mean: (m0 * exp(-(a + r * eps) * t) * (a - r * w0)) / (a - r * w), variance: (eps + 2 * w) / (a - r * w) };
}

/** The Gaussian at time t under both motions, for diagonal A and covariance; null where they are not. */
function wfrGaussian(V: Quadratic, eps: number, r: number, start: Moments, t: number): Moments | null {
  const d = start.mean.length;
  const diagonal = (S: ArrayLike<number>): boolean => Array.from(S).every((v, i) => i % (d + 1) === 0 || v === 0);
  if (!diagonal(V.A) || !diagonal(start.cov) || start.mean.some((_, k) => !(V.A[k * d + k]! > 0))) return null;
  const mean = new Array<number>(d).fill(0);
  const cov = new Array<number>(d * d).fill(0);
  for (let k = 0; k < d; k++) {
    const a = V.A[k * d + k]!;
    const b = V.g[k]! / a;
    const now = wassersteinFisherRao(a, eps, r, start.mean[k]! - b, start.cov[k * d + k]!, t);
    mean[k] = b + now.mean;
    cov[k * d + k] = now.variance;
  }
  return { mean, cov };
}

export const fisherRao: Unit<"exact"> = defineExact({
  kind: "fisher-rao",
  title: "Gaussians that react",
  tex: "\\rho_t \\propto \\rho_0^{e^{-t}} \\pi^{1 - e^{-t}}",
  summary:
    "Entropy and a quadratic potential, that is the relative entropy to a Gaussian, in the mass-keeping Fisher–Rao geometry and in its sum with the Wasserstein geometry (there for diagonal matrices): Gaussians stay Gaussian.",
  refs: ["lu2023", "domingo-enrich2023"],
  params: {},
  examples: [],
  fits: { parts: ["local", "field"], start: "gaussian" },
  build: () => (p: Problem) => {
    const forms = formsOf(p);
    const start = p.initial.gaussian;
    const { reaction, transport, smoothing, apply } = p.geometry;
    if (!forms || !start || !reaction?.keepsMass || smoothing || apply || (transport && !transport.linear) || forms.pair.length > 0 || !isOpen(p)) return null;
    const eps = noiseOf(forms.local);
    const V = quadraticOf(forms.field, p.space.dim);
    if (!eps || !V) return null;
    const d = p.space.dim;
    const at = (t: number): Moments | null =>
      transport ? wfrGaussian(V, eps, reaction.rate, start, t - p.start) : fisherRaoMoments(d, V.A, V.g, eps, start, reaction.rate * (t - p.start));
    if (!at(p.start)) return null;
    const law = (t: number): Law => {
      const now = at(t)!;
      return gaussianLaw(now.mean, now.cov, sharedOf(p.initial));
    };
    return { label: "fisher-rao", title: transport ? "Wasserstein–Fisher–Rao flow of a Gaussian" : "Fisher–Rao flow of a Gaussian", refs: ["lu2023"], law };
  },
});
