/**
 * Sums of radial laws over all pairs of n targets x and m sources y with weights w (rows coordinate-major):
 *   sum:       out_i     = factor sum_j w_j k(|x_i - y_j|)
 *   gradient:  out_{k,i} = factor sum_j w_j k'(r) (x_{k,i} - y_{k,j}) / r,  r = |x_i - y_j|
 * At distance 0 the gradient is 0; the value is k(0) where it is finite and is left out where it is not. Sources are added in blocks of
 * 128 in their order, so a target's bits depend on nothing else. Cost n m: for larger clouds use a fast method.
 */
import type { Rows } from "../contract.ts";
import { powerOfTwo } from "./math/bits.ts";
import { exp, log, pow, powi } from "./math.ts";
import { openWindow, type Wasm, WINDOW, wasm64 } from "./wasm.ts";

export type PairLaw =
  /** r^exponent */
  | { readonly law: "power"; readonly exponent: number }
  /** log r */
  | { readonly law: "logarithm" }
  /** exp(-rate r^2 / 2) */
  | { readonly law: "gaussian"; readonly rate: number }
  /** exp(-rate r) */
  | { readonly law: "exponential"; readonly rate: number };

const SOURCES = 128;
/** the number of the law in the SIMD twin, its parameter, and whether k(0) is finite */
interface Form {
  readonly code: number;
  readonly p: number;
  readonly finite: boolean;
}
function form(k: PairLaw): Form {
  switch (k.law) {
    case "power":
      return { code: powerCode(k.exponent), p: k.exponent, finite: k.exponent >= 0 };
    case "logarithm":
      return { code: 4, p: 0, finite: false };
    case "gaussian":
      return { code: 5, p: k.rate, finite: true };
    case "exponential":
      return { code: 6, p: k.rate, finite: true };
  }
}
function powerCode(exponent: number): number {
  const known = [1, 2, -1].indexOf(exponent);
  return known >= 0 ? known : Math.abs(exponent) <= 32 && Math.floor(exponent) === exponent ? 7 : 3;
}
/** q^(k/2) for whole k: no logarithm */
const halfPower = (q: number, k: number): number => (k % 2 === 0 ? powi(q, k / 2) : powi(q, Math.floor(k / 2)) * Math.sqrt(q));

/** k at r = sqrt(q), for the law of that code */
const values: readonly ((q: number, p: number) => number)[] = [
  (q) => Math.sqrt(q),
  (q) => q,
  (q) => 1 / Math.sqrt(q),
  (q, p) => pow(q, 0.5 * p),
  (q) => 0.5 * log(q),
  (q, p) => exp(-0.5 * p * q),
  (q, p) => exp(-p * Math.sqrt(q)),
  halfPower,
];
/** k'(r) / r at r = sqrt(q) > 0 */
const slopes: readonly ((q: number, p: number) => number)[] = [
  (q) => 1 / Math.sqrt(q),
  () => 2,
  (q) => -1 / (q * Math.sqrt(q)),
  (q, p) => p * pow(q, 0.5 * p - 1),
  (q) => 1 / q,
  (q, p) => -p * exp(-0.5 * p * q),
  (q, p) => (-p * exp(-p * Math.sqrt(q))) / Math.sqrt(q),
  (q, p) => p * halfPower(q, p - 2),
];

/** Targets [first, first + size) of the sum; d coordinates. */
export function pairSum(k: PairLaw, factor: number, d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows, first = 0, size: number = n): void {
  const { code, p, finite } = form(k);
  run(d, 1, n, x, m, y, w, out, first, size, ({ exports, scratch }, n, x, y, w, out, first, size) =>
    exports.pairSum!(code, p, finite ? 1 : 0, d, n, x, m, y, w, out, first, size, scratch),
  ) || pairSumReference(k, d, n, x, m, y, w, out, first, size);
  if (factor !== 1) for (let i = first; i < first + size; i++) out[i] = out[i]! * factor;
}
/** Targets [first, first + size) of the gradient. */
export function pairGradient(
  k: PairLaw,
  factor: number,
  d: number,
  n: number,
  x: Rows,
  m: number,
  y: Rows,
  w: Rows,
  out: Rows,
  first = 0,
  size: number = n,
): void {
  const { code, p } = form(k);
  run(d, d, n, x, m, y, w, out, first, size, ({ exports, scratch }, n, x, y, w, out, first, size) =>
    exports.pairGradient!(code, p, d, n, x, m, y, w, out, first, size, scratch),
  ) || pairGradientReference(k, d, n, x, m, y, w, out, first, size);
  if (factor !== 1) for (let axis = 0; axis < d; axis++) for (let i = axis * n + first; i < axis * n + first + size; i++) out[i] = out[i]! * factor;
}

/** What pairGradient32 knows: powers 1 and -1, the logarithm and the Gaussian, up to three coordinates. */
export function singleKnows(k: PairLaw, d: number): boolean {
  const { code } = form(k);
  return d <= 3 && (code === 0 || code === 2 || code === 4 || code === 5);
}
/**
 * The gradient in float32 (differences, law and sums of 256 sources; blocks are added in float64): several times faster, with relative
 * errors of a term about 1e-7 r0 / r for clouds of size r0. Only where `singleKnows`.
 */
export function pairGradient32(
  k: PairLaw,
  factor: number,
  d: number,
  n: number,
  x: Rows,
  m: number,
  y: Rows,
  w: Rows,
  out: Rows,
  first = 0,
  size: number = n,
): void {
  const { code, p } = form(k);
  run(d, d, n, x, m, y, w, out, first, size, ({ exports, scratch }, n, x, y, w, out, first, size) =>
    exports.pairGradient32!(code, p, d, n, x, m, y, w, out, first, size, scratch),
  ) || pairGradientReference32(k, d, n, x, m, y, w, out, first, size);
  if (factor !== 1) for (let axis = 0; axis < d; axis++) for (let i = axis * n + first; i < axis * n + first + size; i++) out[i] = out[i]! * factor;
}

type Call = (wasm: Wasm, n: number, x: number, y: number, w: number, out: number, first: number, size: number) => void;
/** fewer pairs are not worth a call */
const FEW = 64;
const MOST_COORDINATES = 64;
/** Where the rows stand, else through the window if the sources fit into it; false if neither. */
function run(d: number, results: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows, first: number, size: number, call: Call): boolean {
  if (d > MOST_COORDINATES || out.BYTES_PER_ELEMENT !== 8) return false;
  const wasm = wasm64(x, y, w, out);
  if (wasm !== null) {
    call(wasm, n, x.byteOffset, y.byteOffset, w.byteOffset, out.byteOffset, first, size);
    return true;
  }
  const chunk = 8 * Math.floor((WINDOW - (d + 1) * m) / (8 * (d + results)));
  const window = chunk < 64 || size * m < FEW ? null : openWindow();
  if (window === null) return false;
  const { rows } = window;
  const [atW, atX] = [d * m, (d + 1) * m];
  for (let i = 0; i < d * m; i++) rows[i] = y[i]!;
  for (let j = 0; j < m; j++) rows[atW + j] = w[j]!;
  const base = rows.byteOffset;
  for (let from = first; from < first + size; from += chunk) {
    const some = Math.min(chunk, first + size - from);
    const atOut = atX + d * some;
    for (let k = 0; k < d; k++) for (let i = 0; i < some; i++) rows[atX + k * some + i] = x[k * n + from + i]!;
    call(window.wasm, some, base + 8 * atX, base, base + 8 * atW, base + 8 * atOut, 0, some);
    for (let k = 0; k < results; k++) for (let i = 0; i < some; i++) out[k * n + from + i] = rows[atOut + k * some + i]!;
  }
  return true;
}

export function pairSumReference(k: PairLaw, d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows, first: number, size: number): void {
  const { code, p, finite } = form(k);
  const value = values[code]!;
  for (let i = first; i < first + size; i++) {
    let total = 0;
    for (let block = 0; block < m; block += SOURCES) {
      let sum = 0;
      for (let j = block; j < Math.min(block + SOURCES, m); j++) {
        const q = squaredDistance(d, n, x, i, m, y, j);
        sum += w[j]! * (q === 0 && !finite ? 0 : value(q, p));
      }
      total += sum;
    }
    out[i] = total;
  }
}
export function pairGradientReference(k: PairLaw, d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows, first: number, size: number): void {
  const { code, p } = form(k);
  const slope = slopes[code]!;
  for (let i = first; i < first + size; i++)
    for (let axis = 0; axis < d; axis++) {
      let total = 0;
      for (let block = 0; block < m; block += SOURCES) {
        let sum = 0;
        for (let j = block; j < Math.min(block + SOURCES, m); j++) {
          const q = squaredDistance(d, n, x, i, m, y, j);
          sum += w[j]! * (q === 0 && code !== 1 && code !== 5 ? 0 : slope(q, p)) * (x[axis * n + i]! - y[axis * m + j]!);
        }
        total += sum;
      }
      out[axis * n + i] = total;
    }
}
function squaredDistance(d: number, n: number, x: Rows, i: number, m: number, y: Rows, j: number): number {
  let q = 0;
  for (let axis = 0; axis < d; axis++) {
    const z = x[axis * n + i]! - y[axis * m + j]!;
    q = axis === 0 ? z * z : q + z * z;
  }
  return q;
}

const f = Math.fround;
const SOURCES_32 = 256;
export function pairGradientReference32(k: PairLaw, d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows, first: number, size: number): void {
  const { code, p } = form(k);
  const z = new Float32Array(d);
  const sum = new Float32Array(d);
  for (let i = first; i < first + size; i++) {
    for (let axis = 0; axis < d; axis++) out[axis * n + i] = 0;
    for (let block = 0; block < m; block += SOURCES_32) {
      sum.fill(0);
      for (let j = block; j < Math.min(block + SOURCES_32, m); j++) {
        let q = 0;
        for (let axis = 0; axis < d; axis++) {
          z[axis] = f(x[axis * n + i]!) - f(y[axis * m + j]!);
          const square = f(z[axis]! * z[axis]!);
          q = axis === 0 ? square : f(q + square);
        }
        const c = f(f(w[j]!) * slope32(code, q, f(-p)));
        for (let axis = 0; axis < d; axis++) sum[axis] = sum[axis]! + f(c * z[axis]!);
      }
      for (let axis = 0; axis < d; axis++) out[axis * n + i] = out[axis * n + i]! + sum[axis]!;
    }
  }
}
function slope32(code: number, q: number, rate: number): number {
  if (code === 5) return f(rate * exp32(f(f(0.5 * rate) * q)));
  if (q === 0) return 0;
  const r = f(Math.sqrt(q));
  return f(code === 0 ? 1 / r : code === 2 ? -1 / f(q * r) : 1 / q);
}
/** e^x for x <= 0 in float32, 0 below -87 [moshier1989] */
function exp32(x: number): number {
  if (!(x >= -87)) return x < -87 ? 0 : x;
  const k = f(f(f(x * E[0]!) + 12582912) - 12582912);
  const r = f(f(x - f(k * 0.693359375)) + f(k * E[1]!));
  let p = f(f(E[2]! * r) + E[3]!);
  for (let i = 4; i < 8; i++) p = f(f(p * r) + E[i]!);
  return f(f(f(f(p * f(r * r)) + r) + 1) * powerOfTwo(k));
}
const E: Float32Array = /* @__PURE__ */ Float32Array.of(
  Math.LOG2E,
  2.1219444e-4,
  1.98756915e-4,
  1.3981999507e-3,
  8.3334519073e-3,
  4.1665795894e-2,
  1.6666665459e-1,
  5.0000001201e-1,
);
