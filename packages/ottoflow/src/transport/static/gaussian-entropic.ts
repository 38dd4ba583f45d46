/** Entropic transport between Gaussians in closed form: balanced, unbalanced, and the Schrödinger bridge between them. */
import type { As, Coupling, Transport } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { expectLength, specError } from "../../errors.ts";
import { exp, log, pow } from "../../kernels/math.ts";
import { product } from "../../measure/bures.ts";
import { functionOf, inverse, logDeterminant, smallestEigenvalue } from "../../numeric/dense.ts";
import { conventionOf } from "../certificate.ts";
import { checkCovariance } from "../sound.ts";

type Entries = ArrayLike<number>;

export const gaussianEntropic: Unit<"transport"> = defineTransport({
  kind: "gaussian-entropic",
  title: "entropic transport between Gaussians",
  tex: String.raw`|m_1 - m_2|^2 + \operatorname{tr}(A + B - D) + d s (1 - \log 2 s) + s \log\det(D + s I), \quad D = (4 A^{1/2} B A^{1/2} + s^2)^{1/2}, \quad s = \varepsilon / 2`,
  summary:
    "Gaussians under the squared distance with entropy, both marginals equal or both drawn by the same weight of KL: value, plan (a Gaussian of twice the dimension) and barycentric map in closed form. The gap of the balanced problem is between the cost and entropy of the plan and the formula of the value, computed on their own.",
  refs: ["janati2020", "peyre2019"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: () => ({
    label: "gaussian-entropic",
    answer: "exact",
    refuses,
    estimate: (p) => ({ work: 200 * p.from.space.dim * p.from.space.dim * p.from.space.dim + 200, bytes: 400 * p.from.space.dim * p.from.space.dim }),
    // biome-ignore lint/correctness/useYield: one formula, nothing to wait for
    *solve(p) {
      return p.marginals[0].kind === "kl" ? unbalancedCoupling(p, p.marginals[0].weight) : balancedCoupling(p);
    },
  }),
});
function refuses(p: Transport): string | null {
  if (p.from.rep !== "gaussian" || p.to.rep !== "gaussian") return "takes two Gaussians";
  if (p.cost.power !== 2) return "takes the squared distance only";
  const [m, n] = p.marginals;
  if (m.kind === "kl" && n.kind === "kl") return m.weight === n.weight ? null : "takes one weight for both marginals";
  if (m.kind !== "equal" || n.kind !== "equal") return "takes marginals that are both equal or both drawn by KL";
  return p.epsilon > 0 ? null : "needs an epsilon above 0";
}

/** The optimal plan is a Gaussian with these blocks of the covariance. */
export interface EntropicGaussians {
  readonly d: number;
  /** min <C, P> + epsilon KL(P | a x b), C = |x - y|^2 */
  readonly value: number;
  /** <C, P> */
  readonly linear: number;
  /** <C, P> + epsilon KL of the plan below, on its own: not below `value` */
  readonly primal: number;
  /** E (x - m1)(y - m2)', [d * d] */
  readonly cross: Float64Array;
  /** OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2 */
  readonly divergence: number;
}
/**
 * Entropic transport of N(m1, A) to N(m2, B). Matrices [d * d], symmetric positive definite. [janati2020]
 * @throws {ShapeError | SpecError} on sizes that do not fit, on covariances that are not positive definite, on epsilon that is not positive
 */
export function entropicGaussians(m1: Entries, A: Entries, m2: Entries, B: Entries, epsilon: number): EntropicGaussians {
  const d = checked(m1, A, m2, B);
  if (!(epsilon > 0 && Number.isFinite(epsilon))) throw specError("epsilon", `got ${epsilon} when expected a finite number above 0.`);
  const s = epsilon / 2;
  const cross = crossOf(d, A, B, s);
  const shift = squared(m1, m2);
  const linear = shift + trace(d, A) + trace(d, B) - 2 * trace(d, cross);
  // KL(P | a x b) = -log det(I - A^{-1} C B^{-1} C') / 2
  const conditional = minus(A, product(d, product(d, cross, inverse(d, B)), transposed(d, cross)));
  if (!(smallestEigenvalue(d, symmetric(d, conditional)) > 0))
    throw specError("epsilon", `got ${epsilon}, with which the plan between these covariances is singular in float64. Give one nearer to them in size, or 0.`);
  const information = 0.5 * (logDeterminant(d, A) - logDeterminant(d, symmetric(d, conditional)));
  const value = shift + centred(d, A, B, s);
  return {
    d,
    value,
    linear,
    primal: linear + epsilon * information,
    cross,
    divergence: shift + centred(d, A, B, s) - 0.5 * centred(d, A, A, s) - 0.5 * centred(d, B, B, s),
  };
}
/** D = (4 A^{1/2} B A^{1/2} + s^2)^{1/2} */
function middle(d: number, A: Entries, B: Entries, s: number): Float64Array {
  const root = functionOf(d, A, Math.sqrt);
  const M = product(d, root, product(d, B, root)).map((v, e) => 4 * v + (e % (d + 1) === 0 ? s * s : 0));
  return functionOf(d, symmetric(d, M), (v) => Math.sqrt(Math.max(0, v)));
}
/** (A^{1/2} D A^{-1/2} - s) / 2 */
function crossOf(d: number, A: Entries, B: Entries, s: number): Float64Array {
  const root = functionOf(d, A, Math.sqrt);
  const back = functionOf(d, A, (v) => 1 / Math.sqrt(v));
  return product(d, root, product(d, middle(d, A, B, s), back)).map((v, e) => 0.5 * (v - (e % (d + 1) === 0 ? s : 0)));
}
function centred(d: number, A: Entries, B: Entries, s: number): number {
  const D = middle(d, A, B, s);
  const shifted = D.map((v, e) => v + (e % (d + 1) === 0 ? s : 0));
  return trace(d, A) + trace(d, B) - trace(d, D) + d * s * (1 - log(2 * s)) + s * logDeterminant(d, shifted);
}

/**
 * Mean and covariance at time t of the Schrödinger bridge from N(m1, A) to N(m2, B), with Brownian motion of variance g at time 1 as reference:
 * (1 - t)^2 A + t^2 B + t (1 - t)(C + C') + t (1 - t) g, C the cross-covariance of the entropic plan at epsilon = 2 g. [janati2020]
 */
export function gaussianBridge(
  m1: Entries,
  A: Entries,
  m2: Entries,
  B: Entries,
  g: number,
  t: number,
): { readonly mean: Float64Array; readonly cov: Float64Array } {
  const d = checked(m1, A, m2, B);
  const C = crossOf(d, A, B, g);
  const u = 1 - t;
  return {
    mean: Float64Array.from({ length: d }, (_, k) => u * m1[k]! + t * m2[k]!),
    cov: Float64Array.from({ length: d * d }, (_, e) => {
      const flipped = C[(e % d) * d + Math.floor(e / d)]!;
      return u * u * A[e]! + t * t * B[e]! + t * u * (C[e]! + flipped) + (e % (d + 1) === 0 ? t * u * g : 0);
    }),
  };
}

/** The plan is mass * N(mean, cov) on pairs (x, y). */
export interface UnbalancedGaussians {
  /** min <C, P> + epsilon KL(P | a x b) + gamma KL(P_1 | a) + gamma KL(P_2 | b) */
  readonly value: number;
  readonly mass: number;
  /** [2 d] */
  readonly mean: Float64Array;
  /** [2 d * 2 d] */
  readonly cov: Float64Array;
}
/**
 * Unbalanced transport between mass1 N(m1, A) and mass2 N(m2, B), C = |x - y|^2; epsilon = 0 gives the Gaussian-Hellinger distance of the quadratic cost. [janati2020]
 * @throws {ShapeError | SpecError}
 */
export function unbalancedGaussian(
  a: { readonly mass: number; readonly mean: Entries; readonly cov: Entries },
  b: { readonly mass: number; readonly mean: Entries; readonly cov: Entries },
  epsilon: number,
  gamma: number,
): UnbalancedGaussians {
  const d = checked(a.mean, a.cov, b.mean, b.cov);
  if (!(gamma > 0 && Number.isFinite(gamma))) throw specError("gamma", `got ${gamma} when expected a finite number above 0.`);
  if (!(epsilon >= 0 && Number.isFinite(epsilon))) throw specError("epsilon", `got ${epsilon} when expected a finite number of at least 0.`);
  const s = epsilon / 2;
  const tau = gamma / (2 * s + gamma);
  const lambda = s + gamma / 2;
  const drawn = (S: Entries): Float64Array => functionOf(d, S, (v) => ((gamma / 2) * v) / (v + lambda));
  const [At, Bt] = [drawn(a.cov), drawn(b.cov)];
  const root = functionOf(d, At, Math.sqrt);
  const inner = symmetric(d, product(d, root, product(d, Bt, root)));
  // C = (At Bt / tau + s^2 / 4)^{1/2} - s / 2 is similar to this symmetric matrix
  const S = functionOf(d, inner, (v) => Math.sqrt(v / tau + (s * s) / 4) - s / 2);
  const C = product(
    d,
    root,
    product(
      d,
      S,
      functionOf(d, At, (v) => 1 / Math.sqrt(v)),
    ),
  );
  const X = Float64Array.from({ length: d * d }, (_, e) => a.cov[e]! + b.cov[e]! + (e % (d + 1) === 0 ? lambda : 0));
  const rest = Float64Array.from({ length: d * d }, (_, e) => S[e]! - (2 / gamma) * inner[e]!);
  const inverseX = inverse(d, X);
  const shift = Float64Array.from({ length: d }, (_, k) => b.mean[k]! - a.mean[k]!);
  const pulled = applied(d, inverseX, shift);
  const distance = shift.reduce((t, v, k) => t + v * pulled[k]!, 0);
  const logs =
    log(a.mass * b.mass) +
    logDeterminant(d, S) +
    0.5 * (tau * (logDeterminant(d, At) + logDeterminant(d, Bt)) - logDeterminant(d, a.cov) - logDeterminant(d, b.cov));
  const mass = (s === 0 ? 1 : pow(s, (d * s) / (2 * (s + gamma)))) * exp((logs - 0.5 * distance) / (tau + 1) - 0.5 * logDeterminant(d, rest));
  return {
    value: gamma * (a.mass + b.mass - 2 * mass) + 2 * s * (a.mass * b.mass - mass),
    mass,
    ...momentsOf(d, a, b, C, inverseX, pulled, lambda),
  };
}
function momentsOf(
  d: number,
  a: { readonly mean: Entries; readonly cov: Entries },
  b: { readonly mean: Entries; readonly cov: Entries },
  C: Float64Array,
  inverseX: Float64Array,
  pulled: Float64Array,
  lambda: number,
): { mean: Float64Array; cov: Float64Array } {
  const [up, down] = [applied(d, a.cov, pulled), applied(d, b.cov, pulled)];
  const grown = (M: Float64Array): Float64Array => M.map((v, e) => v / lambda + (e % (d + 1) === 0 ? 1 : 0));
  const [G, H] = [grown(C), grown(transposed(d, C))];
  const first = product(d, G, minus(a.cov, product(d, a.cov, product(d, inverseX, a.cov))));
  const second = product(d, H, minus(b.cov, product(d, b.cov, product(d, inverseX, b.cov))));
  const cross = product(d, G, product(d, a.cov, product(d, inverseX, b.cov))).map((v, e) => v + C[e]!);
  const cov = new Float64Array(4 * d * d);
  for (let k = 0; k < d; k++)
    for (let l = 0; l < d; l++) {
      cov[k * 2 * d + l] = first[k * d + l]!;
      cov[(d + k) * 2 * d + d + l] = second[k * d + l]!;
      cov[k * 2 * d + d + l] = cross[k * d + l]!;
      cov[(d + l) * 2 * d + k] = cross[k * d + l]!;
    }
  return { mean: Float64Array.from({ length: 2 * d }, (_, k) => (k < d ? a.mean[k]! + up[k]! : b.mean[k - d]! - down[k - d]!)), cov };
}

function checked(m1: Entries, A: Entries, m2: Entries, B: Entries): number {
  const d = m1.length;
  expectLength("second mean", m2.length, d);
  for (const [k, m] of [m1, m2].entries())
    for (let i = 0; i < d; i++)
      if (!Number.isFinite(m[i]!)) throw specError(`${k === 0 ? "first" : "second"} mean[${i}]`, `got ${m[i]} when expected a finite number.`);
  checkCovariance("first covariance", d, A);
  checkCovariance("second covariance", d, B);
  return d;
}
const minus = (A: Entries, B: Entries): Float64Array => Float64Array.from({ length: A.length }, (_, e) => A[e]! - B[e]!);
const transposed = (d: number, A: Entries): Float64Array => Float64Array.from({ length: d * d }, (_, e) => A[(e % d) * d + Math.floor(e / d)]!);
const symmetric = (d: number, A: Entries): Float64Array => Float64Array.from({ length: d * d }, (_, e) => 0.5 * (A[e]! + A[(e % d) * d + Math.floor(e / d)]!));
function trace(d: number, A: Entries): number {
  let t = 0;
  for (let k = 0; k < d; k++) t += A[k * d + k]!;
  return t;
}
function squared(p: Entries, q: Entries): number {
  let t = 0;
  for (let k = 0; k < p.length; k++) t += (p[k]! - q[k]!) * (p[k]! - q[k]!);
  return t;
}
function applied(d: number, A: Entries, v: Entries): Float64Array {
  const out = new Float64Array(d);
  for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) out[k] = out[k]! + A[k * d + l]! * v[l]!;
  return out;
}

/** y = mean2 + cross' cov1^{-1} (x - mean1): where the plan sends x on average. */
function conditionalMean(d: number, m1: Entries, m2: Entries, cov1: Entries, cross: Entries): NonNullable<Coupling["map"]> {
  const T = product(d, transposed(d, cross), inverse(d, cov1));
  return (n, x, out) => {
    for (let k = 0; k < d; k++)
      for (let i = 0; i < n; i++) {
        let y = m2[k]!;
        for (let l = 0; l < d; l++) y += T[k * d + l]! * (x[l * n + i]! - m1[l]!);
        out[k * n + i] = y;
      }
  };
}
function balancedCoupling(p: Transport): Coupling {
  const [a, b] = [p.from as As<"gaussian">, p.to as As<"gaussian">];
  const t = entropicGaussians(a.mean, a.cov, b.mean, b.cov, p.epsilon);
  const M = 0.5 * (a.mass + b.mass);
  // KL against the product of measures of mass M
  const entropy = p.epsilon * (M * M - M - M * log(M));
  return {
    solver: "gaussian-entropic",
    status: "optimal",
    value: M * t.linear,
    regularised: M * t.primal + entropy,
    dual: M * t.value + entropy,
    gap: M * (t.primal - t.value),
    certifies: "continuous",
    defect: [0, 0],
    potentials: null,
    plan: null,
    map: conditionalMean(t.d, a.mean, b.mean, a.cov, t.cross),
    iterations: 1,
    convention: conventionOf(p.cost, p.epsilon),
    notes: ["The plan is a Gaussian: entropicGaussians gives its cross-covariance. The map is its conditional mean."],
    figures: { divergence: M * t.divergence },
  };
}
function unbalancedCoupling(p: Transport, gamma: number): Coupling {
  const [a, b] = [p.from as As<"gaussian">, p.to as As<"gaussian">];
  const d = a.mean.length;
  const t = unbalancedGaussian(a, b, p.epsilon, gamma);
  const block = (r: number, c: number): Float64Array =>
    Float64Array.from({ length: d * d }, (_, e) => t.cov[(r * d + Math.floor(e / d)) * 2 * d + c * d + (e % d)]!);
  const [S1, S2, C] = [block(0, 0), block(1, 1), block(0, 1)];
  const [m1, m2] = [t.mean.slice(0, d), t.mean.slice(d)];
  return {
    solver: "gaussian-entropic",
    status: "optimal",
    value: t.mass * (squared(m1, m2) + trace(d, S1) + trace(d, S2) - 2 * trace(d, C)),
    regularised: t.value,
    dual: t.value,
    gap: 0,
    certifies: "continuous",
    defect: [0, 0],
    potentials: null,
    plan: null,
    map: conditionalMean(d, m1, m2, S1, C),
    iterations: 1,
    convention: `${conventionOf(p.cost, p.epsilon)} + ${gamma} KL(P_1 | a) + ${gamma} KL(P_2 | b)`,
    notes: ["By formula: the gap of 0 is the formula's word, not computed apart from it. unbalancedGaussian gives the plan, a Gaussian."],
    figures: { mass: t.mass },
  };
}
