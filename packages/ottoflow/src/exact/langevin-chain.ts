/** Laws of discretised Langevin dynamics, exact up to quadrature or rounding: what samplers must hit, bias included (A3.7, A18). */
import { exp, powi } from "../kernels/math.ts";

/**
 * The law of the chain x -> x - tau V'(x) + sqrt(2 eps tau) xi on a grid of nodes: the transition density is iterated by the trapezoidal rule,
 * which is exponentially accurate once the nodes resolve the noise of one step.
 */
export interface ChainLaw {
  readonly x: Float64Array;
  /** density at the nodes after the steps taken so far */
  readonly rho: Float64Array;
  readonly steps: number;
  advance(count: number): void;
  mean(f: (x: number) => number): number;
}

/** @param initial density of the start, at one point */
export function eulerMaruyamaLaw(
  slope: (x: number) => number,
  eps: number,
  tau: number,
  initial: (x: number) => number,
  lower: number,
  upper: number,
  n: number,
): ChainLaw {
  const h = (upper - lower) / (n - 1);
  const x = Float64Array.from({ length: n }, (_, i) => lower + h * i);
  const rho = Float64Array.from(x, initial);
  const next = new Float64Array(n);
  const variance = 2 * eps * tau;
  // kernel[i * n + j] = h * density of going from node j to node i
  const kernel = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const target = x[j]! - tau * slope(x[j]!);
    for (let i = 0; i < n; i++) {
      const gap = x[i]! - target;
      kernel[i * n + j] = (h * exp(-(gap * gap) / (2 * variance))) / Math.sqrt(2 * Math.PI * variance);
    }
  }
  let steps = 0;
  return {
    x,
    rho,
    get steps() {
      return steps;
    },
    advance: (count) => {
      for (let k = 0; k < count; k++, steps++) {
        for (let i = 0; i < n; i++) {
          let s = 0;
          for (let j = 0; j < n; j++) s += kernel[i * n + j]! * rho[j]!;
          next[i] = s;
        }
        rho.set(next);
      }
    },
    mean: (f) => rho.reduce((s, r, i) => s + h * r * f(x[i]!), 0),
  };
}

/** Stationary variance of x -> (1 - tau lam) x + sqrt(2 tau) xi for the target N(0, 1/lam); infinite from tau = 2/lam on. */
export function ulaVariance(lam: number, tau: number): number {
  return tau * lam < 2 ? 1 / (lam * (1 - 0.5 * tau * lam)) : Number.POSITIVE_INFINITY;
}
/** Stationary variance of the theta scheme: theta = 0 explicit, 1/2 exact, 1 implicit. */
export function thetaVariance(lam: number, tau: number, theta: number): number {
  return 1 / (lam * (1 + tau * lam * (theta - 0.5)));
}
/** Mean and variance after k explicit steps from mean m0 and variance v0. */
export function ulaMoments(lam: number, tau: number, m0: number, v0: number, k: number): { readonly mean: number; readonly variance: number } {
  const a = 1 - tau * lam;
  const a2k = powi(a * a, k);
  return { mean: powi(a, k) * m0, variance: a2k * v0 + (2 * tau * (1 - a2k)) / (1 - a * a) };
}
/** Standard error of the sample variance v of M independent Gaussian chains. */
export function varianceError(v: number, M: number): number {
  return v * Math.sqrt(2 / M);
}
