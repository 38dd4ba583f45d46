import type { Law, Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { gaussianLaw } from "../measure/gaussian.ts";
import { mixtureLaw } from "../measure/mixture.ts";
import { inverse, logDeterminant } from "../numeric/dense.ts";
import { type AffineFlow, affineEnergy, affineMoments, type Moments } from "./affine.ts";
import { formsOf, isOpen, isTransport, noiseOf, quadraticOf, sharedOf } from "./match.ts";

type Entries = ArrayLike<number>;

/** N(m, S) flowing to N(b, A^-1) under V = (x - b)'A(x - b)/2 and unit temperature, at time t. Any symmetric A. */
export function ornsteinUhlenbeckMoments(d: number, A: Entries, b: Entries, start: Moments, t: number): Moments {
  const g = Float64Array.from({ length: d }, (_, i) => {
    let s = 0;
    for (let j = 0; j < d; j++) s += A[i * d + j]! * b[j]!;
    return s;
  });
  return affineMoments({ d, A, g, kappa: 0, eps: 1 }, start, t);
}

/** KL(N(m, S) | N(b, A^-1)) = (tr(A S) - d - log det(A S) + (m - b)'A(m - b)) / 2 */
export function gaussianKl(d: number, at: Moments, A: Entries, b: Entries): number {
  let s = -d - logDeterminant(d, at.cov) - logDeterminant(d, A);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) s += A[i * d + j]! * (at.cov[i * d + j]! + (at.mean[i]! - b[i]!) * (at.mean[j]! - b[j]!));
  return 0.5 * s;
}

/** Relative Fisher information of N(m, S) against N(b, A^-1): tr((A - S^-1) S (A - S^-1)) + |A(m - b)|^2 */
export function gaussianFisher(d: number, at: Moments, A: Entries, b: Entries): number {
  const P = inverse(d, at.cov);
  let s = 0;
  for (let i = 0; i < d; i++) {
    let push = 0;
    for (let j = 0; j < d; j++) push += A[i * d + j]! * (at.mean[j]! - b[j]!);
    s += push * push;
    for (let j = 0; j < d; j++) for (let k = 0; k < d; k++) s += (A[i * d + j]! - P[i * d + j]!) * at.cov[j * d + k]! * (A[k * d + i]! - P[k * d + i]!);
  }
  return s;
}

/** A law made of Gaussians and atoms, moved by a linear Fokker–Planck equation; null for other laws. */
export function evolveGaussians(flow: AffineFlow, law: Law, t: number): Law | null {
  if (t === 0) return law;
  const move = (start: Moments, like: Law): Law => {
    const at = affineMoments(flow, start, t);
    return gaussianLaw(at.mean, at.cov, sharedOf(like));
  };
  if (law.gaussian) return move(law.gaussian, law);
  if (law.points && law.points.n <= 64 && flow.eps > 0) {
    const { n, x, weight } = law.points;
    const zero = new Array<number>(flow.d * flow.d).fill(0);
    const parts = Array.from({ length: n }, (_, i) => move({ mean: Array.from({ length: flow.d }, (_, k) => x[k * n + i]!), cov: zero }, law));
    return mixtureLaw(parts, weight ? Array.from(weight) : undefined, sharedOf(law));
  }
  if (!law.mixture) return null;
  const parts = law.mixture.components.map((c) => evolveGaussians(flow, c, t));
  return parts.every((c) => c !== null) ? mixtureLaw(parts, law.mixture.weights, sharedOf(law)) : null;
}

export const ornsteinUhlenbeck: Unit<"exact"> = defineExact({
  kind: "ornstein-uhlenbeck",
  title: "Gaussians under heat and quadratic potentials",
  tex: "m(t) = b + e^{-At}(m_0 - b), \\quad S(t) = A^{-1} + e^{-At}(S_0 - A^{-1}) e^{-At}",
  summary:
    "The heat equation and the Ornstein–Uhlenbeck equation with any symmetric matrix: Gaussians stay Gaussian, mixtures of them stay mixtures, atoms become Gaussians at once.",
  refs: ["jko1998", "villani2003"],
  params: {},
  examples: [],
  fits: { parts: ["local", "field"] },
  build: () => (p: Problem) => {
    const forms = formsOf(p);
    if (!forms || !isTransport(p) || !isOpen(p) || forms.pair.length > 0) return null;
    const d = p.space.dim;
    const eps = noiseOf(forms.local);
    const V = quadraticOf(forms.field, d);
    if (!eps || !V) return null;
    const flow: AffineFlow = { d, A: V.A, g: V.g, kappa: 0, eps };
    if (!evolveGaussians(flow, p.initial, 1)) return null;
    const start = p.initial.gaussian;
    return {
      label: "ornstein-uhlenbeck",
      title: forms.field.length === 0 ? "heat flow of Gaussians" : "Ornstein–Uhlenbeck flow of Gaussians",
      refs: ["jko1998"],
      law: (t) => evolveGaussians(flow, p.initial, t - p.start)!,
      ...(start ? { energy: (t: number) => affineEnergy(flow, V.c, affineMoments(flow, start, t - p.start), p.initial.mass) } : {}),
    };
  },
});
