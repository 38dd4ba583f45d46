/** JKO steps in closed form (A15): what a proximal solver must return, error of the step itself excluded. */
import { pow } from "../kernels/math.ts";
import { barenblattShape } from "../measure/barenblatt.ts";
import { bisect } from "../measure/invert.ts";

/** Standard deviation after one step of the entropy from N(m, s^2): s'^2 - s s' - tau = 0. */
export function entropyStep(s: number, tau: number): number {
  return 0.5 * (s + Math.sqrt(s * s + 4 * tau));
}
/** One step of entropy + (x^2)/2: deviation and mean. */
export function ornsteinUhlenbeckStep(s: number, m: number, tau: number): { readonly deviation: number; readonly mean: number } {
  return { deviation: (s + Math.sqrt(s * s + 4 * tau * (1 + tau))) / (2 * (1 + tau)), mean: m / (1 + tau) };
}
/** One step of int rho^m/(m-1) among dilations lam of the Barenblatt profile at time 1: (lam' - lam) M2 / tau = d I lam'^{-d(m-1)-1}. The true minimiser is this profile. */
export function porousStep(m: number, d: number, lam: number, tau: number): number {
  const { secondMoment, powerIntegral } = barenblattShape(m, d);
  const push = (tau * d * powerIntegral) / secondMoment;
  return bisect((v) => v - lam < push * pow(v, -d * (m - 1) - 1), [lam, lam + push * pow(lam, -d * (m - 1) - 1)]);
}
/** One step of a potential alone moves every point by the proximal map of V: here V = a |x|^2 / 2. */
export function quadraticProx(x: number, a: number, tau: number): number {
  return x / (1 + a * tau);
}
/** One step of the quadratic attraction kap |x|^2 / 2 contracts centred positions. */
export function attractionStep(centred: number, kap: number, tau: number): number {
  return centred / (1 + kap * tau);
}
/**
 * Entropic step min W_gamma(rho, rho_k) + tau_p int rho log rho with cost |x - y|^2, from N(0, s0^2): c = s0^2 s^2 / (s^2 - tau_p/2) and s0^2 s^2 - c^2 = gamma c / 2. [peyre2015]
 * Returns the deviation s of the minimiser.
 */
export function entropicEntropyStep(s0: number, tauP: number, gamma: number): number {
  // with v = s^2 and w = v - tau_p / 2: v w^2 - s0^2 v^2 = gamma v w / 2, so w^2 - gamma w / 2 = s0^2 v
  const v0 = s0 * s0;
  // w^2 - (gamma/2 + v0) w - v0 tau_p / 2 = 0
  const p = 0.5 * gamma + v0;
  const w = 0.5 * (p + Math.sqrt(p * p + 2 * v0 * tauP));
  return Math.sqrt(w + 0.5 * tauP);
}
/** The entropic step of nothing blurs the variance by gamma / 2. */
export function entropicBlur(variance: number, gamma: number): number {
  return variance + 0.5 * gamma;
}
