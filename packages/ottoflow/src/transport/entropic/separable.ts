/**
 * Gibbs kernels of separable costs on a grid, in the log domain: out_i = log sum_j exp(x_j - sum_k c_k(i_k - j_k)), one axis after the other. Blocks of rows
 * share the exponentials around their middle; the rest are products in linear arithmetic whose range is watched, so that narrow and wide kernels cost
 * about what a matrix product does and nothing under- or overflows. [solomon2015]
 */

import * as generated from "../../kernels/gibbs-grid.gen.ts";
import { exp, log } from "../../kernels/math.ts";
import { openModule, roomFor } from "../../kernels/solver-module.ts";

/** stands for log 0: sums of such stay such, and none is NaN */
export const VOID = -1e300;

export interface Separable {
  readonly size: number;
  /** out = log of the kernel's sums of exp(x); x may be out */
  sums(x: Float64Array, out: Float64Array): void;
  /** out_i = max_j x_j - c_ij: minus the c-transform over epsilon of -x */
  maxima(x: Float64Array, out: Float64Array): void;
}
/**
 * @param shape cells per axis, the first varies slowest
 * @param costs costs[k][r]: what r cells along axis k cost, over epsilon; [shape[k] + 1], not negative, rising
 */
export function openSeparable(shape: readonly number[], costs: readonly Float64Array[]): Separable {
  const size = shape.reduce((s, n) => s * n, 1);
  const longest = Math.max(...shape);
  const axes = shape.map((n, k) => blockRows(n, costs[k]!));
  const tables = shape.map((n, k) => 8 * (axes[k]! + 1) * (2 * n + 1) + 8 * (n + 2));
  const module = openModule(generated, roomFor(8 * size, 8 * size, 8 * (3 * longest * 16 + 64)) + tables.reduce((s, b) => s + roomFor(b) + 256, 1024));
  const [one, two, room] = [module.f64(size), module.f64(size), module.f64(3 * longest * 16 + 64)];
  const prepared = shape.map((n, k) => {
    const c = module.f64(n + 1);
    c.set(costs[k]!.subarray(0, n + 1));
    const half = axes[k]! >> 1;
    const t = module.f64((2 * half + 1) * (2 * n + 1));
    ratios(n, c, half, t);
    return { n, c: c.byteOffset, t: t.byteOffset, half, block: axes[k]! };
  });
  const { sums, maxima } = module.exports as unknown as Record<string, (...args: number[]) => void>;
  const along = (work: (axis: (typeof prepared)[number], from: Float64Array, to: Float64Array) => void, x: Float64Array, out: Float64Array): void => {
    one.set(x);
    let [from, to] = [one, two];
    for (const axis of prepared) {
      work(axis, from, to);
      [from, to] = [to, from];
    }
    out.set(from);
  };
  return {
    size,
    sums: (x, out) => along((a, from, to) => sums!(a.n, size / a.n, from.byteOffset, a.c, a.t, a.half, a.block, room.byteOffset, to.byteOffset), x, out),
    maxima: (x, out) => along((a, from, to) => maxima!(a.n, size / a.n, from.byteOffset, a.c, room.byteOffset, to.byteOffset), x, out),
  };
}
/** Rows of a block: fewer exponentials in large ones, fewer terms in small ones. */
function blockRows(n: number, c: Float64Array): number {
  const rows = c[1]! < 0.05 ? 32 : c[1]! < 1 ? 16 : 8;
  return Math.min(rows, 2 * Math.ceil(n / 2));
}
/** t[i + half][k + n] = exp(c_|k| - c_|k - i|), kept below overflow: what is cut belongs to no term that counts. */
function ratios(n: number, c: Float64Array, half: number, t: Float64Array): void {
  const at = (r: number): number => c[Math.min(n, Math.abs(r))]!;
  for (let i = -half; i <= half; i++) for (let k = -n; k <= n; k++) t[(i + half) * (2 * n + 1) + k + n] = exp(Math.max(-700, Math.min(700, at(k) - at(k - i))));
}

/** Costs of differences |r h|^p over epsilon, [n + 1]. */
export const axisCosts = (n: number, h: number, epsilon: number, raise: (r: number) => number): Float64Array =>
  Float64Array.from({ length: n + 1 }, (_, r) => raise(r * h) / epsilon);

/** One axis by the definition, [n][m] to [m][n]: the reference of the kernel. */
export function plainSums(n: number, m: number, x: Float64Array, c: Float64Array, out: Float64Array): void {
  for (let j = 0; j < m; j++)
    for (let i = 0; i < n; i++) {
      let top = VOID;
      for (let k = 0; k < n; k++) top = Math.max(top, x[k * m + j]! - c[Math.abs(i - k)]!);
      let s = 0;
      for (let k = 0; k < n; k++) s += exp(x[k * m + j]! - c[Math.abs(i - k)]! - top);
      out[j * n + i] = top + log(s);
    }
}
