/** The Schrödinger bridge between Gaussians as a curve. The closed form is that of static/gaussian-entropic.ts. [janati2020, leonard2014] */
import type { As } from "../../contract.ts";
import { specError } from "../../errors.ts";
import { log } from "../../kernels/math.ts";
import { product } from "../../measure/bures.ts";
import { inverse, logDeterminant } from "../../numeric/dense.ts";
import { expectEqualMasses, expectSound } from "../sound.ts";
import { type EntropicGaussians, entropicGaussians, gaussianBridge } from "../static/gaussian-entropic.ts";
import { type Curve, checkTime } from "./curve.ts";

export interface GaussianBridge extends Curve {
  /** the plan between the ends, epsilon = 2 g */
  readonly plan: EntropicGaussians;
  /** least int E|drift|^2 dt among processes dX = drift dt + sqrt(g) dB between the ends: OT_epsilon + epsilon (int b log b + d / 2 log 2 pi g) per unit of mass */
  readonly action: number;
  /** E|drift|^2 at time t < 1; grows without bound towards 1 unless the end is what the noise makes */
  kinetic(t: number): number;
}
/**
 * The bridge between Gaussians of equal mass with Brownian motion of variance g per unit of time as reference: Gaussian at all times,
 * S_t = (1 - t)^2 A + t^2 B + t (1 - t) (C + C') + t (1 - t) g. As g -> 0 it becomes the displacement interpolation.
 * @throws {SpecError | ShapeError} on sizes that do not fit, covariances that are not positive definite, g <= 0
 */
export function bridgeOfGaussians(from: As<"gaussian">, to: As<"gaussian">, g: number): GaussianBridge {
  if (!(g > 0 && Number.isFinite(g))) throw specError("variance", `got ${g} when expected a positive number.`);
  expectSound("from", from);
  expectSound("to", to);
  expectEqualMasses(from.mass, to.mass);
  const d = from.mean.length;
  const plan = entropicGaussians(from.mean, from.cov, to.mean, to.cov, 2 * g);
  const entropy = -0.5 * (d * (1 + log(2 * Math.PI)) + logDeterminant(d, to.cov));
  return {
    label: "Schrödinger bridge",
    plan,
    action: plan.value + 2 * g * (entropy + 0.5 * d * log(2 * Math.PI * g)),
    at: (t) => ({ ...from, ...gaussianBridge(from.mean, from.cov, to.mean, to.cov, g, checkTime(t)) }),
    kinetic: (t) => kineticOf(from, to, plan.cross, g, t),
  };
}
/** E|E[Y - X_t | X_t]|^2 / (1 - t)^2: the drift is the mean of where the rest of the bridge leads. */
function kineticOf(from: As<"gaussian">, to: As<"gaussian">, C: Float64Array, g: number, t: number): number {
  if (!(t >= 0 && t < 1)) throw specError("t", `got ${t} when expected a time in [0, 1).`);
  const d = from.mean.length;
  const { cov } = gaussianBridge(from.mean, from.cov, to.mean, to.cov, g, t);
  // Cov(Y, X_t) = (1 - t) C' + t B, so the drift's matrix is ((1 - t) C' + t B) S_t^{-1} - I over 1 - t
  const M = Float64Array.from({ length: d * d }, (_, e) => (1 - t) * C[(e % d) * d + Math.floor(e / d)]! + t * to.cov[e]! - cov[e]!);
  const MS = product(d, M, inverse(d, cov));
  let s = 0;
  for (let k = 0; k < d; k++) {
    const dm = to.mean[k]! - from.mean[k]!;
    s += dm * dm;
    for (let l = 0; l < d; l++) s += (M[k * d + l]! * MS[k * d + l]!) / ((1 - t) * (1 - t));
  }
  return s;
}
