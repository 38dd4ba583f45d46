/** Entropic transport and the Schrödinger bridge between Gaussians, in closed form. [janati2020, leonard2014] */
import type { As } from "../../contract.ts";
import { expectLength, specError } from "../../errors.ts";
import { log } from "../../kernels/math.ts";
import { product } from "../../measure/bures.ts";
import { cholesky, functionOf, logDeterminant } from "../../numeric/dense.ts";
import { type Curve, checkTime } from "./curve.ts";

type Entries = ArrayLike<number>;

export interface GaussianEntropic {
  /** min <C, P> + epsilon KL(P | a x b), C = |x - y|^2 */
  readonly value: number;
  /** E (x - m1)(y - m2)' of the optimal plan, [d * d] */
  readonly cross: Float64Array;
  /** <C, P> */
  readonly transported: number;
}
/**
 * Entropic transport between N(m1, A) and N(m2, B) with epsilon = 2 sigma^2:
 * |dm|^2 + tr(A + B) - tr D + d sigma^2 (1 - log 2 sigma^2) + sigma^2 log det(D + sigma^2), D = (4 A^{1/2} B A^{1/2} + sigma^4)^{1/2},
 * and the plan's cross-covariance (A^{1/2} D A^{-1/2} - sigma^2) / 2.
 * @throws {SpecError | ShapeError} on sizes that do not fit, covariances that are not positive definite, epsilon <= 0
 */
export function entropicGaussians(m1: Entries, A: Entries, m2: Entries, B: Entries, epsilon: number): GaussianEntropic {
  const d = m1.length;
  expectLength("second mean", m2.length, d);
  expectLength("first covariance", A.length, d * d);
  expectLength("second covariance", B.length, d * d);
  if (!(epsilon > 0 && Number.isFinite(epsilon))) throw specError("epsilon", `got ${epsilon} when expected a positive number.`);
  cholesky(d, A);
  cholesky(d, B);
  const s = 0.5 * epsilon;
  const root = functionOf(d, A, Math.sqrt);
  const back = functionOf(d, A, (v) => 1 / Math.sqrt(v));
  const inner = symmetric(d, product(d, root, product(d, B, root)));
  const D = functionOf(d, inner, (v) => Math.sqrt(4 * Math.max(0, v) + s * s));
  const cross = product(d, root, product(d, D, back));
  let shift = 0;
  let traces = 0;
  let traceD = 0;
  let traceC = 0;
  for (let k = 0; k < d; k++) {
    const at = k * d + k;
    cross[at] = cross[at]! - s;
    shift += (m1[k]! - m2[k]!) * (m1[k]! - m2[k]!);
    traces += A[at]! + B[at]!;
    traceD += D[at]!;
    D[at] = D[at]! + s;
  }
  for (let e = 0; e < d * d; e++) cross[e] = 0.5 * cross[e]!;
  for (let k = 0; k < d; k++) traceC += cross[k * d + k]!;
  return {
    value: shift + traces - traceD + d * s * (1 - log(2 * s)) + s * logDeterminant(d, D),
    cross,
    transported: shift + traces - 2 * traceC,
  };
}
function symmetric(d: number, a: Float64Array): Float64Array {
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) a[i * d + j] = a[j * d + i] = 0.5 * (a[i * d + j]! + a[j * d + i]!);
  return a;
}
/** Sinkhorn divergence OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2 of Gaussians at the same epsilon. */
export function sinkhornDivergenceOfGaussians(m1: Entries, A: Entries, m2: Entries, B: Entries, epsilon: number): number {
  const ot = (p: Entries, P: Entries, q: Entries, Q: Entries): number => entropicGaussians(p, P, q, Q, epsilon).value;
  return ot(m1, A, m2, B) - 0.5 * ot(m1, A, m1, A) - 0.5 * ot(m2, B, m2, B);
}

/**
 * The Schrödinger bridge between Gaussians whose reference is Brownian motion of variance g per unit time (epsilon = 2 g): Gaussian at all times, with
 * S_t = (1 - t)^2 A + t^2 B + t (1 - t) (C + C') + t (1 - t) g. As g -> 0 it becomes the displacement interpolation.
 */
export function gaussianBridge(from: As<"gaussian">, to: As<"gaussian">, g: number): Curve & { readonly plan: GaussianEntropic } {
  const d = from.mean.length;
  const plan = entropicGaussians(from.mean, from.cov, to.mean, to.cov, 2 * g);
  const { cross } = plan;
  return {
    label: "Schrödinger bridge",
    plan,
    at(t) {
      checkTime(t);
      const [s, st] = [1 - t, t * (1 - t)];
      return {
        ...from,
        mean: Float64Array.from(from.mean, (m, k) => s * m + t * to.mean[k]!),
        cov: Float64Array.from({ length: d * d }, (_, e) => {
          const mirrored = (e % d) * d + Math.floor(e / d);
          return s * s * from.cov[e]! + t * t * to.cov[e]! + st * (cross[e]! + cross[mirrored]!) + (e % (d + 1) === 0 ? st * g : 0);
        }),
      };
    },
  };
}
