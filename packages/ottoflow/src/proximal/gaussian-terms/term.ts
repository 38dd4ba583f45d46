/** The step that a term sees: measures mass * N(mean, Z S Z) where S = L L' is the covariance before the step and Z is symmetric positive definite. */
export interface Base {
  readonly d: number;
  readonly mass: number;
  /** S, [d * d] */
  readonly cov: Float64Array;
  /** L, [d * d] lower */
  readonly root: Float64Array;
  t: number;
  /** log det S */
  logDet: number;
}
/** Z with what several terms need of it. */
export interface Point {
  readonly mean: Float64Array;
  readonly Z: Float64Array;
  readonly inverse: Float64Array;
  /** log det Z */
  logDet: number;
}
/** A part of the energy as a function of (mean, Z). Gradients in Z are symmetric matrices G with dF = tr(G dZ). */
export interface GaussianTerm {
  value(p: Point): number;
  /** adds the gradients */
  gradient(p: Point, mean: Float64Array, G: Float64Array): void;
  /** adds the Hessian, at the point of the last gradient, applied to (u, D), D symmetric */
  apply(p: Point, u: Float64Array, D: Float64Array, mean: Float64Array, G: Float64Array): void;
  /** modulus of convexity in |u|^2 + tr(D S D), times mass; null where no proved or checked fact gives one */
  readonly modulus: number | null;
  /** why Gaussians do not stay Gaussian under this part, or null */
  readonly closure: string | null;
}
