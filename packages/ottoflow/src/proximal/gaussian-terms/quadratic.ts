import { addSymmetric, inner, times } from "../matrix.ts";
import type { Base, GaussianTerm } from "./term.ts";

export interface Quadratic {
  /** [d * d] */
  readonly A: ArrayLike<number>;
  /** where its mean part is least; null where the mean does not enter (pairs) */
  readonly b: ArrayLike<number> | null;
  readonly c: number;
  /** factor in front: mass for fields, mass^2 for pairs */
  readonly weight: number;
  readonly modulus: number | null;
}

/** weight * ((mean - b)'A(mean - b) / 2 + tr(A Z S Z) / 2 + c): quadratic potentials and quadratic interactions, in closed form. */
export function quadraticTerm(q: Quadratic, base: Base): GaussianTerm {
  const { d, cov } = base;
  const { A, b, c, weight } = q;
  const [x, y] = [new Float64Array(d * d), new Float64Array(d * d)];
  const bend = (u: ArrayLike<number>, k: number): number => {
    let s = 0;
    for (let l = 0; l < d; l++) s += A[k * d + l]! * (u[l]! - (b ? b[l]! : 0));
    return s;
  };
  const turn = (u: ArrayLike<number>, k: number): number => {
    let s = 0;
    for (let l = 0; l < d; l++) s += A[k * d + l]! * u[l]!;
    return s;
  };
  return {
    modulus: q.modulus,
    closure: null,
    value(p) {
      let s = 0;
      if (b) for (let k = 0; k < d; k++) s += (p.mean[k]! - b[k]!) * bend(p.mean, k);
      times(d, p.Z, cov, x);
      times(d, x, p.Z, y);
      return weight * (0.5 * (s + inner(d, A, y)) + c);
    },
    gradient(p, mean, G) {
      if (b) for (let k = 0; k < d; k++) mean[k] = mean[k]! + weight * bend(p.mean, k);
      times(d, A, p.Z, x);
      times(d, x, cov, y);
      addSymmetric(d, weight, y, G);
    },
    apply(_p, u, D, mean, G) {
      if (b) for (let k = 0; k < d; k++) mean[k] = mean[k]! + weight * turn(u, k);
      times(d, A, D, x);
      times(d, x, cov, y);
      addSymmetric(d, weight, y, G);
    },
  };
}
