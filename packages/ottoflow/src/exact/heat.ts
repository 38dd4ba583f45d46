import type { Law, Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { cos, erf, erfc, exp, log1p } from "../kernels/math.ts";
import { mixtureLaw } from "../measure/mixture.ts";
import { formsOf, isOpen, isTransport, noiseOf, sharedOf } from "./match.ts";

/** Heat from the uniform density on [a, b] after s = eps * time: (erf((x - a)/sqrt(4s)) - erf((x - b)/sqrt(4s))) / (2 (b - a)), on the side where the tails keep their digits. */
export function boxHeat(a: number, b: number, s: number, x: number): number {
  const w = Math.sqrt(4 * s);
  const [p, q] = [(x - a) / w, (x - b) / w];
  const f = q > 0 ? erfc(q) - erfc(p) : p < 0 ? erfc(-p) - erfc(-q) : erf(p) - erf(q);
  return f / (2 * (b - a));
}
/** Its distribution function below x, by the antiderivative z erfc(z) - exp(-z^2)/sqrt(pi) of erfc. */
function boxHeatBelow(a: number, b: number, s: number, x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  const w = Math.sqrt(4 * s);
  // int_{-inf}^x erfc(-(y - c)/w) dy = w ierfc(-(x - c)/w)
  return (w * (ierfc((a - x) / w) - ierfc((b - x) / w))) / (2 * (b - a));
}
/** int_z^inf erfc; for large z the difference of its two terms loses digits relative to itself, not to the total mass. */
function ierfc(z: number): number {
  return exp(-z * z) / Math.sqrt(Math.PI) - z * erfc(z);
}

/** Heat on [0, 1] without flux through the ends, from 1 + a cos(pi x): the cosine's amplitude after s = eps * time. */
export function neumannAmplitude(a: number, s: number): number {
  return a * exp(-Math.PI * Math.PI * s);
}
/** For the density 1 + a cos(pi x) on [0, 1]: KL, W2^2 and W1 to the uniform law. */
export function neumannDistances(a: number): { readonly kl: number; readonly w2Squared: number; readonly w1: number } {
  const root = Math.sqrt((1 - a) * (1 + a));
  return { kl: log1p(-0.5 * (1 - root)) + 1 - root, w2Squared: (a * a) / (2 * Math.PI * Math.PI), w1: (2 * Math.abs(a)) / (Math.PI * Math.PI) };
}
/** Decay over one step of implicit Euler of mode k on n cells of [0, 1] without flux: 1 / (1 + tau lambda_k), lambda_k = (4/h^2) sin^2(k pi h / 2), exactly. */
export function implicitEulerFactor(n: number, k: number, tau: number): number {
  const h = 1 / n;
  return 1 / (1 + (tau * 2 * (1 - cos(k * Math.PI * h))) / (h * h));
}
/** On the sphere S^2 (Ricci 1) with density (1 + a cos theta)/(4 pi): KL to the uniform law; heat decays a by exp(-2 s). */
export function sphereKl(a: number): number {
  return ((1 + a) * (1 + a) * log1p(a) - (1 - a) * (1 - a) * log1p(-a)) / (4 * a) - 0.5;
}
/** Mass-projected L2 flow of int x^2 rho from the uniform density on [-L, L]: rho(t, x) = 1/(2L) - t (x^2 - L^2/3), negative from t = 3/(4 L^3) on. */
export function l2Descent(L: number, t: number, x: number): number {
  return 1 / (2 * L) - t * (x * x - (L * L) / 3);
}
/** W2 between N(m, s0^2 I) and its heat flow: sqrt(d) (sqrt(s0^2 + 2s) - s0), without cancellation for small s. */
export function gaussianHeatDistance(d: number, s0: number, s: number): number {
  return (Math.sqrt(d) * 2 * s) / (Math.sqrt(s0 * s0 + 2 * s) + s0);
}
/** Heat from the uniform law on a box, a product of error functions. */
export function boxHeatLaw(lower: readonly number[], upper: readonly number[], s: number, like: Pick<Law, "mass" | "count" | "placement" | "cut">): Law {
  const d = lower.length;
  return {
    ...like,
    tex: "\\prod_k \\tfrac{1}{2 L_k}\\bigl(\\operatorname{erf}\\tfrac{x_k - a_k}{\\sqrt{4t}} - \\operatorname{erf}\\tfrac{x_k - b_k}{\\sqrt{4t}}\\bigr)",
    dim: d,
    moments: {
      mean: lower.map((a, k) => 0.5 * (a + upper[k]!)),
      cov: Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? ((upper[i % d]! - lower[i % d]!) * (upper[i % d]! - lower[i % d]!)) / 12 + 2 * s : 0)),
    },
    density: (n, x, out) => {
      for (let i = 0; i < n; i++) {
        let p = like.mass;
        for (let k = 0; k < d; k++) p *= boxHeat(lower[k]!, upper[k]!, s, x[k * n + i]!);
        out[i] = p;
      }
    },
    boxMass: (n, lo, hi, out) => {
      for (let i = 0; i < n; i++) {
        let p = like.mass;
        for (let k = 0; k < d; k++) p *= boxHeatMass(lower[k]!, upper[k]!, s, lo[k * n + i]!, hi[k * n + i]!);
        out[i] = p;
      }
    },
  };
}
/** Differences on the smaller side, so that tails do not come out negative. */
function boxHeatMass(a: number, b: number, s: number, lo: number, hi: number): number {
  const middle = 0.5 * (a + b);
  if (lo >= middle) return Math.max(0, boxHeatBelow(-b, -a, s, -lo) - boxHeatBelow(-b, -a, s, -hi));
  if (hi <= middle) return Math.max(0, boxHeatBelow(a, b, s, hi) - boxHeatBelow(a, b, s, lo));
  return boxHeatMass(a, b, s, lo, middle) + boxHeatMass(a, b, s, middle, hi);
}

/** Heat flow of a law made of boxes, or null. */
function evolve(law: Law, s: number): Law | null {
  if (s === 0) return law;
  if (law.uniform) return boxHeatLaw(law.uniform.lower, law.uniform.upper, s, sharedOf(law));
  if (!law.mixture) return null;
  const parts = law.mixture.components.map((c) => evolve(c, s));
  return parts.every((c) => c !== null) ? mixtureLaw(parts, law.mixture.weights, sharedOf(law)) : null;
}

export const heat: Unit<"exact"> = defineExact({
  kind: "heat",
  title: "heat flow of boxes",
  tex: "\\partial_t \\rho = \\varepsilon \\Delta \\rho",
  summary:
    "The entropy alone, from the uniform law on a box or from mixtures of such: products of error functions. Gaussians are the matter of the Ornstein–Uhlenbeck family.",
  refs: ["jko1998", "villani2003"],
  params: {},
  examples: [],
  fits: { parts: ["local"] },
  build: () => (p: Problem) => {
    const forms = formsOf(p);
    if (!forms || !isTransport(p) || !isOpen(p) || forms.field.length > 0 || forms.pair.length > 0) return null;
    const eps = noiseOf(forms.local);
    if (!eps || !evolve(p.initial, eps)) return null;
    return { label: "heat", title: "heat flow of boxes, by error functions", refs: ["jko1998"], law: (t) => evolve(p.initial, eps * (t - p.start))! };
  },
});
