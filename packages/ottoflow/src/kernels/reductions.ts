/**
 * Sums in a fixed order: blocks of 1024 values, in each block eight interleaved partial sums, folded pairwise, then what is left of
 * the last eight one by one. Pairwise folding also keeps the rounding error of long sums small.
 */
import type { Rows } from "../contract.ts";
import { wasm64 } from "./wasm.ts";

const BLOCK = 1024;
const lanes = new Float64Array(8);

/** sum of a_i, i < n */
export function sum(n: number, a: Rows): number {
  const wasm = wasm64(a);
  return wasm ? wasm.exports.sum!(n, a.byteOffset) : reduce(n, (i) => a[i]!);
}
/** sum of a_i b_i, i < n */
export function dot(n: number, a: Rows, b: Rows): number {
  const wasm = wasm64(a, b);
  return wasm ? wasm.exports.dot!(n, a.byteOffset, b.byteOffset) : dotReference(n, a, b);
}
/** sum of |a_i|, i < n */
export function sumAbs(n: number, a: Rows): number {
  const wasm = wasm64(a);
  return wasm ? wasm.exports.sumAbs!(n, a.byteOffset) : reduce(n, (i) => Math.abs(a[i]!));
}
/** least a_i, i < n; not a number where one is none, and +inf for no values */
export function least(n: number, a: Rows): number {
  const wasm = wasm64(a);
  if (wasm) return wasm.exports.least!(n, a.byteOffset);
  let most = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) most = Math.min(most, a[i]!);
  return most;
}
/** out_i = factor a_i, i < n; `out` may be a */
export function scale(n: number, factor: number, a: Rows, out: Rows = a): void {
  const wasm = wasm64(a, out);
  if (wasm) wasm.exports.scale!(n, factor, a.byteOffset, out.byteOffset);
  else for (let i = 0; i < n; i++) out[i] = factor * a[i]!;
}
/** out_i = 1 + factor (1 - a_i), i < n; `out` may be a: exactly one where a_i is */
export function reflect(n: number, factor: number, a: Rows, out: Rows = a): void {
  const wasm = wasm64(a, out);
  if (wasm) wasm.exports.reflect!(n, factor, a.byteOffset, out.byteOffset);
  else for (let i = 0; i < n; i++) out[i] = 1 + factor * (1 - a[i]!);
}
/** out_i = a_i / divisor, i < n; `out` may be a */
export function divide(n: number, divisor: number, a: Rows, out: Rows = a): void {
  const wasm = wasm64(a, out);
  if (wasm) wasm.exports.divide!(n, divisor, a.byteOffset, out.byteOffset);
  else for (let i = 0; i < n; i++) out[i] = a[i]! / divisor;
}
/** a_i = 0 where it is not above, i < n */
export function positivePart(n: number, a: Rows): void {
  const wasm = wasm64(a);
  if (wasm) wasm.exports.positivePart!(n, a.byteOffset);
  else for (let i = 0; i < n; i++) if (!(a[i]! > 0)) a[i] = 0;
}
/** out_i *= a_i, i < n */
export function multiply(n: number, a: Rows, out: Rows): void {
  const wasm = wasm64(a, out);
  if (wasm) wasm.exports.multiply!(n, a.byteOffset, out.byteOffset);
  else for (let i = 0; i < n; i++) out[i] = a[i]! * out[i]!;
}
/** out_i = a_i + factor (b_i - a_i), i < n; `out` may be a or b */
export function blend(n: number, factor: number, a: Rows, b: Rows, out: Rows): void {
  const wasm = wasm64(a, b, out);
  if (wasm) wasm.exports.blend!(n, factor, a.byteOffset, b.byteOffset, out.byteOffset);
  else for (let i = 0; i < n; i++) out[i] = a[i]! + factor * (b[i]! - a[i]!);
}
/** y_i += factor x_i, i < n */
export function axpy(n: number, factor: number, x: Rows, y: Rows): void {
  const wasm = wasm64(x, y);
  if (wasm) wasm.exports.axpy!(n, factor, x.byteOffset, y.byteOffset);
  else for (let i = 0; i < n; i++) y[i] = y[i]! + factor * x[i]!;
}

function dotReference(n: number, a: Rows, b: Rows): number {
  return reduce(n, (i) => a[i]! * b[i]!);
}
function reduce(n: number, value: (i: number) => number): number {
  let total = 0;
  for (let first = 0; first < n; first += BLOCK) {
    const end = Math.min(first + BLOCK, n);
    const whole = end - ((end - first) & 7);
    lanes.fill(0);
    for (let i = first; i < whole; i++) lanes[(i - first) & 7] = lanes[(i - first) & 7]! + value(i);
    let rest = 0;
    for (let i = whole; i < end; i++) rest += value(i);
    const [a, b, c, d, e, f, g, h] = lanes as unknown as [number, number, number, number, number, number, number, number];
    total += a + c + (e + g) + (b + d + (f + h)) + rest;
  }
  return total;
}
