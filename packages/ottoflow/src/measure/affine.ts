import { determinant, inverse as inverseMatrix, Matrix } from "ml-matrix";
import type { Law, Rows } from "../contract.ts";
import { expectLength, specError } from "../errors.ts";
import { product } from "./bures.ts";
import { gaussianLaw } from "./gaussian.ts";

/**
 * The image of a law under x -> M x + v, M invertible: every capability carries over, masses of boxes where M is diagonal and positive.
 * @param M [d * d]
 * @throws {SpecError} where M is singular
 */
export function affineLaw(law: Law, M: readonly number[], v: readonly number[]): Law {
  const d = law.dim;
  expectLength("matrix", M.length, d * d);
  expectLength("shift", v.length, d);
  const square = new Matrix(Array.from({ length: d }, (_, i) => M.slice(i * d, (i + 1) * d)));
  const det = determinant(square);
  if (!(Math.abs(det) > 0)) throw specError("matrix", `got a matrix of determinant ${det}; an affine image of a density needs an invertible one.`);
  const image = {
    mean: (m: readonly number[]): readonly number[] => v.map((shift, k) => m.reduce((s, a, l) => s + M[k * d + l]! * a, shift)),
    cov: (S: readonly number[]): readonly number[] => congruence(d, M, S),
  };
  const { mass, count, placement, cut } = law;
  if (law.gaussian) return gaussianLaw(image.mean(law.gaussian.mean), image.cov(law.gaussian.cov), { mass, count, placement, cut });
  const apply = (n: number, x: Rows, out: Rows): void => transform(n, d, M, v, x, out);
  const I = inverseMatrix(square).to1DArray();
  const pull = (n: number, x: Rows): Float64Array => {
    const y = new Float64Array(d * n);
    for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) y[k * n + i] = x[k * n + i]! - v[k]!;
    transform(n, d, I, new Array<number>(d).fill(0), y, y);
    return y;
  };
  const positive = M.every((a, i) => (i % (d + 1) === 0 ? a > 0 : a === 0));
  return {
    tex: `(Mx + v)_\\# \\, ${law.tex}`,
    dim: d,
    mass,
    ...(count !== undefined ? { count } : {}),
    ...(placement !== undefined ? { placement } : {}),
    ...(cut !== undefined ? { cut } : {}),
    ...(law.moments ? { moments: { mean: image.mean(law.moments.mean), cov: image.cov(law.moments.cov) } } : {}),
    ...(law.density
      ? {
          density: (n: number, x: Rows, out: Rows) => {
            law.density!(n, pull(n, x), out);
            for (let i = 0; i < n; i++) out[i] = out[i]! / Math.abs(det);
          },
        }
      : {}),
    ...(law.quadrature !== undefined ? { quadrature: law.quadrature } : {}),
    ...(law.boxMass && positive ? { boxMass: (n: number, lo: Rows, hi: Rows, out: Rows) => law.boxMass!(n, pull(n, lo), pull(n, hi), out) } : {}),
    ...(law.quantile && M[0]! > 0
      ? {
          quantile: (n: number, a: Rows, out: Rows) => {
            law.quantile!(n, a, out);
            apply(n, out, out);
          },
        }
      : {}),
    ...(law.draw
      ? {
          draw: {
            uniforms: law.draw.uniforms,
            map: (n: number, u: Rows, out: Rows) => {
              law.draw!.map(n, u, out);
              apply(n, out, out);
            },
          },
        }
      : {}),
    ...(law.points ? { points: movedPoints(law.points, apply) } : {}),
  };
}

function movedPoints(p: NonNullable<Law["points"]>, apply: (n: number, x: Rows, out: Rows) => void): NonNullable<Law["points"]> {
  const x = new Float64Array(p.x.length);
  apply(p.n, p.x, x);
  return { ...p, x };
}

/** M S M' */
function congruence(d: number, M: readonly number[], S: readonly number[]): readonly number[] {
  const half = product(d, M, S);
  const out = new Array<number>(d * d).fill(0);
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += half[i * d + k]! * M[j * d + k]!;
      out[i * d + j] = out[j * d + i] = s;
    }
  return out;
}

/** out = M x + v; out may be x */
function transform(n: number, d: number, M: ArrayLike<number>, v: readonly number[], x: Rows, out: Rows): void {
  const y = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < d; k++) {
      let s = v[k]!;
      for (let l = 0; l < d; l++) s += M[k * d + l]! * x[l * n + i]!;
      y[k] = s;
    }
    for (let k = 0; k < d; k++) out[k * n + i] = y[k]!;
  }
}
