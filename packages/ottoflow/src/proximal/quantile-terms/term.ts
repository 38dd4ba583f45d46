import type { Chain } from "../chain.ts";

/** What every part needs to know of the measure: piecewise linear quantile functions on fixed levels. */
export interface Line {
  /** nodes */
  readonly n: number;
  readonly mass: number;
  /** [n - 1] mass between neighbours */
  readonly share: Float64Array;
  /** rows of the run's memory, where elementary functions run on SIMD */
  row(n: number): Float64Array;
}
/**
 * A part of the energy as a function of the nodes x [n]. The Hessian is a chain, plus `rank` times lump lump' with lump_i the
 * mass that node i carries (half of each neighbouring share), plus what `couple` multiplies.
 */
export interface Term {
  value(x: Float64Array, t: number): number;
  /** adds the gradient to g */
  gradient(x: Float64Array, t: number, g: Float64Array): void;
  /** adds the Hessian's chain to h: all of it, or with `couple` what preconditions it */
  hessian(x: Float64Array, t: number, h: Chain): void;
  readonly rank?: number;
  /** out += (Hessian at x) v */
  couple?(x: Float64Array, v: Float64Array, out: Float64Array): void;
  /** with `couple`: adds the whole Hessian at x to the lower triangle of H [n * n] */
  dense?(x: Float64Array, H: Float64Array): void;
  /** the term minus modulus * W2^2 / 2 is convex along geodesics of the line, by a proved or checked fact; null where none is known */
  readonly modulus: number | null;
  /** the term is noise sum share log(share / dx) + spring |x|_B^2 / 2 - pull int x + constant (kernels/line.ts) */
  readonly plain?: Plain;
}
export interface Plain {
  readonly noise: number;
  readonly spring: number;
  readonly pull: number;
  readonly constant: number;
}
