import { dot } from "./chain.ts";

export interface System {
  readonly n: number;
  apply(v: Float64Array, out: Float64Array): void;
  /** a symmetric positive definite approximate inverse */
  precondition(r: Float64Array, out: Float64Array): void;
}
export interface Room {
  readonly r: Float64Array;
  readonly z: Float64Array;
  readonly p: Float64Array;
  readonly q: Float64Array;
}
export interface Solved {
  /** converged, ran out of iterations, or met a direction along which the matrix is not positive */
  readonly end: "done" | "more" | "negative";
  readonly iterations: number;
}

/**
 * Preconditioned conjugate gradients from zero until the residual, in the preconditioner's norm, has fallen by `goal`.
 * A direction of negative curvature ends it with what was reached (or that direction, if it is the first), a descent direction all the same.
 */
export function conjugate(s: System, right: Float64Array, out: Float64Array, most: number, goal: number, { r, z, p, q }: Room): Solved {
  const { n } = s;
  r.set(right);
  out.fill(0);
  s.precondition(r, z);
  p.set(z);
  let rz = dot(n, r, z);
  const enough = goal * goal * rz;
  for (let k = 0; k < most; k++) {
    if (rz <= enough) return { end: "done", iterations: k };
    s.apply(p, q);
    const bend = dot(n, p, q);
    if (!(bend > 0)) {
      if (k === 0) out.set(p);
      return { end: "negative", iterations: k };
    }
    const alpha = rz / bend;
    for (let i = 0; i < n; i++) {
      out[i] = out[i]! + alpha * p[i]!;
      r[i] = r[i]! - alpha * q[i]!;
    }
    s.precondition(r, z);
    const next = dot(n, r, z);
    const beta = next / rz;
    rz = next;
    for (let i = 0; i < n; i++) p[i] = z[i]! + beta * p[i]!;
  }
  return { end: rz <= enough ? "done" : "more", iterations: most };
}
