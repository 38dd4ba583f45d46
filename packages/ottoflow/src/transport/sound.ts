/** Measures as callers give them: that rows have their lengths and numbers can be what they stand for. */
import type { As, Measure, Rows } from "../contract.ts";
import { expectLength, OttoflowError, specError } from "../errors.ts";
import { cholesky } from "../numeric/dense.ts";

/** @throws {SpecError} on what is no measure between which mass can move */
export function expectMeasure(name: string, m: unknown): asserts m is Measure {
  const rep = (m as Partial<Measure> | null | undefined)?.rep;
  if (rep === "particles" || rep === "cells" || rep === "quantiles" || rep === "gaussian") return;
  throw specError(name, `got ${inWords(m)} when expected a measure. cloud(points, { weights }) makes one of points.`);
}
function inWords(m: unknown): string {
  if (Array.isArray(m) || ArrayBuffer.isView(m)) return "an array";
  if (m === null || m === undefined) return "nothing";
  if (typeof m !== "object") return `${m}`;
  return "rep" in m ? `the storage ${JSON.stringify(m.rep)}` : "an object without rep";
}

/**
 * A measure whose rows fit each other and hold numbers: finite points, masses of at least 0 that are not all 0 (unless they may be), rising levels, symmetric covariances.
 * @throws {SpecError | ShapeError}
 */
export function expectSound(name: string, m: unknown, mayBeEmpty = false): asserts m is Measure {
  expectMeasure(name, m);
  if (m.rep === "particles") {
    expectLength(`weights of ${name}`, m.weight.length, m.n);
    checkWeights(m.weight, `weights of ${name}`, mayBeEmpty);
    checkPoints(name, m.n, m.space.dim, m.x);
  } else if (m.rep === "cells") {
    expectLength(`density of ${name}`, m.rho.length, m.space.cells!.n);
    checkWeights(m.rho, `density of ${name}`, mayBeEmpty);
  } else if (m.rep === "quantiles") checkQuantiles(name, m);
  else {
    expectLength(`mean of ${name}`, m.mean.length, m.space.dim);
    for (let k = 0; k < m.mean.length; k++) expectFinite(`mean of ${name}[${k}]`, m.mean[k]!);
    checkSymmetric(`covariance of ${name}`, m.mean.length, m.cov);
    checkMass(name, m.mass);
  }
}
function expectFinite(name: string, v: number): void {
  if (!Number.isFinite(v)) throw specError(name, `got ${v} when expected a finite number.`);
}
function checkMass(name: string, mass: number): void {
  if (!(mass > 0 && mass < Number.POSITIVE_INFINITY)) throw specError(`mass of ${name}`, `got ${mass} when expected a positive number.`);
}
function checkQuantiles(name: string, { x, level, mass }: As<"quantiles">): void {
  checkMass(name, mass);
  expectLength(`levels of ${name}`, level?.length ?? 0, x.length);
  const last = x.length - 1;
  for (let i = 0; i <= last; i++) {
    expectFinite(`${name}.x[${i}]`, x[i]!);
    if (i > 0 && x[i]! < x[i - 1]!) throw specError(`${name}.x[${i}]`, `got ${x[i]} after ${x[i - 1]}: a quantile function does not fall.`);
    if (!(i === 0 ? level[0] === 0 : level[i]! >= level[i - 1]!) || (i === last && level[i] !== 1))
      throw specError(`${name}.level[${i}]`, `got ${level[i]} when expected levels that rise from 0 to 1.`);
  }
}

/** @throws {SpecError | ShapeError} on coordinates [d * n] that are too few, too many or not finite */
export function checkPoints(name: string, n: number, d: number, x: Rows): void {
  expectLength(`coordinates of ${name}`, x.length, d * n);
  for (let i = 0; i < x.length; i++)
    if (!Number.isFinite(x[i]!)) throw specError(`${name}[${i % n}]`, `coordinate ${Math.floor(i / n)} is ${x[i]} when expected a finite number.`);
}

/** @throws {SpecError} on masses that are negative, not finite, or all zero where they may not be */
export function checkWeights(weight: Rows, name: string, mayBeEmpty = false): void {
  let some = false;
  for (let i = 0; i < weight.length; i++) {
    const w = weight[i]!;
    if (!(w >= 0 && w < Number.POSITIVE_INFINITY)) throw specError(`${name}[${i}]`, `got ${w} when expected a finite number of at least 0.`);
    if (w > 0) some = true;
  }
  if (!some && !mayBeEmpty) throw specError(name, "all are zero: there is no mass to move.");
}

function checkSymmetric(name: string, d: number, S: ArrayLike<number>): void {
  expectLength(name, S.length, d * d);
  for (let k = 0; k < d; k++) {
    if (S[k * d + k]! < 0) throw specError(`${name}[${k}][${k}]`, `got ${S[k * d + k]} when expected a variance of at least 0.`);
    for (let l = 0; l < d; l++) {
      const [v, w] = [S[k * d + l]!, S[l * d + k]!];
      expectFinite(`${name}[${k}][${l}]`, v);
      if (!(Math.abs(v - w) <= 1e-12 * (Math.abs(v) + Math.abs(w))))
        throw specError(`${name}[${k}][${l}]`, `got ${v} when entry [${l}][${k}] is ${w}: a covariance is symmetric.`);
    }
  }
}
/** @throws {SpecError | ShapeError} on a matrix [d * d] that is not symmetric and positive definite */
export function checkCovariance(name: string, d: number, S: ArrayLike<number>): void {
  checkSymmetric(name, d, S);
  cholesky(d, S);
}

/** @throws {UnsupportedError} on masses that differ by more than rounding: what goes from one measure to the other keeps its mass */
export function expectEqualMasses(from: number, to: number): void {
  if (!(Math.abs(from - to) <= 1e-9 * from))
    throw new OttoflowError("UnsupportedError", `to: has the mass ${to} when the first measure has ${from}. Divide each by its mass.`, {
      missing: ["equal masses"],
    });
}
