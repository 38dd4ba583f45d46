/** Atoms of fixed weight. */
export interface Cloud {
  readonly d: number;
  readonly n: number;
  readonly mass: number;
  /** [n] */
  readonly weight: Float64Array;
}
/** A part of the energy as a function of the positions x [d * n]. */
export interface ParticleTerm {
  value(x: Float64Array, t: number): number;
  /** adds the gradient to g [d * n] */
  gradient(x: Float64Array, t: number, g: Float64Array): void;
  /** prepares `apply` at x and adds the diagonal of the Hessian, where positive, to h [d * n] */
  curve(x: Float64Array, t: number, h: Float64Array): void;
  /** adds (Hessian at the point of the last `curve`) v to out */
  apply(v: Float64Array, out: Float64Array): void;
  /** in sum weight |v|^2; null where no proved or checked fact gives one */
  readonly modulus: number | null;
  /** on the line: the modulus, or the kernel itself, asks that particles keep their order */
  readonly ordered: boolean;
}
