/** Pairwise kernels in tests: built from their parameters, at one pair of points and over clouds. */
import type { Kernel, Rows, Space } from "../src/contract.ts";
import type { Unit } from "../src/define.ts";
import { makeFormula } from "../src/formula/formula.ts";
import { philoxNormals } from "../src/kernels/philox.ts";
import { makeFree } from "../src/space/euclidean.ts";

export function build(unit: Unit<"kernel">, dim: number, given: Readonly<Record<string, unknown>> = {}, space: Space = makeFree(dim)): Kernel {
  const values: Record<string, unknown> = {};
  for (const [name, p] of Object.entries(unit.params)) {
    const raw = given[name] ?? ("default" in p ? p.default : undefined);
    values[name] = p.type === "formula" ? makeFormula(raw as string, { of: p.of, dim }) : raw;
  }
  return unit.build(values as never, { dim, space });
}
export function normals(dim: number, n: number, stream = 1): Float64Array {
  const x = new Float64Array(dim * n);
  philoxNormals(3, stream, 0, 0, x.length, x);
  return x;
}
/** k at one pair of points */
export function at(k: Kernel, dim: number, x: readonly number[], y: readonly number[]): number {
  const out = new Float64Array(1);
  k.sum(1, Float64Array.from(x.slice(0, dim)), 1, Float64Array.from(y.slice(0, dim)), Float64Array.of(1), out);
  return out[0]!;
}
export const sumOf = (k: Kernel, x: Rows, y: Rows, w: Rows, n: number): Float64Array => {
  const out = new Float64Array(n);
  k.sum(n, x, w.length, y, w, out);
  return out;
};
export const gradientOf = (k: Kernel, x: Rows, y: Rows, w: Rows, n: number): Float64Array => {
  const out = new Float64Array(x.length);
  k.dx(n, x, w.length, y, w, out);
  return out;
};
/** 1/2 sum_ij w_i w_j k(x_i, x_j) with equal weights of mass 1 */
export function energy(k: Kernel, x: Float64Array, n: number): number {
  const w = new Float64Array(n).fill(1 / n);
  return sumOf(k, x, x, w, n).reduce((s, v) => s + (0.5 * v) / n, 0);
}
