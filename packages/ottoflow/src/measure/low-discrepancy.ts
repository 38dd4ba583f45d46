import type { Rows } from "../contract.ts";
import { limitError } from "../errors.ts";

/** Axes the Sobol table below reaches. */
export const sobolAxes = 12;
/** Primitive polynomials (degree, inner coefficients) and first direction integers of axes 2 to 12: the first lines of new-joe-kuo-6 [joe2008]. */
const table: readonly (readonly [degree: number, inner: number, first: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
];

/** 32 direction numbers of one axis (0-based), as unsigned words with the binary point on the left. */
function directions(axis: number): Int32Array {
  const v = new Int32Array(32);
  if (axis === 0) {
    for (let i = 0; i < 32; i++) v[i] = 1 << (31 - i);
    return v;
  }
  const [s, a, m] = table[axis - 1]!;
  for (let i = 0; i < 32; i++) {
    if (i < s) {
      v[i] = m[i]! << (31 - i);
      continue;
    }
    let w = v[i - s]! ^ (v[i - s]! >>> s);
    for (let k = 1; k < s; k++) if ((a >>> (s - 1 - k)) & 1) w ^= v[i - k]!;
    v[i] = w;
  }
  return v;
}

/** Hash of (seed, axis) to a word [the finaliser of murmur3, public domain]. */
function mix(seed: number, axis: number): number {
  let h = (seed >>> 0) ^ Math.imul(Math.floor(seed / 4294967296) + 1, 0x9e3779b9) ^ Math.imul(axis + 1, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function reverseBits(w: number): number {
  w = ((w >>> 1) & 0x55555555) | ((w & 0x55555555) << 1);
  w = ((w >>> 2) & 0x33333333) | ((w & 0x33333333) << 2);
  w = ((w >>> 4) & 0x0f0f0f0f) | ((w & 0x0f0f0f0f) << 4);
  w = ((w >>> 8) & 0x00ff00ff) | ((w & 0x00ff00ff) << 8);
  return (w >>> 16) | (w << 16);
}

/** Nested uniform scrambling: each bit is flipped by a hash of the bits above it, so every net stays a net [laine2011]. */
function scramble(w: number, key: number): number {
  let x = reverseBits(w);
  x ^= Math.imul(x, 0x3d20adea);
  x = (x + key) | 0;
  x = Math.imul(x, (key >>> 16) | 1);
  x ^= Math.imul(x, 0x05526c56);
  x ^= Math.imul(x, 0x53a22864);
  return reverseBits(x);
}

/**
 * Points first .. first + n - 1 of the scrambled Sobol sequence in d axes, into out [d * n], strictly inside (0, 1).
 * Value i depends on (seed, axis, first + i) only. The first 2^k points put one point into each dyadic interval of length 2^-k on every axis.
 * @throws {LimitError} for more than 12 axes
 */
export function sobol(seed: number, d: number, first: number, n: number, out: Rows): void {
  if (d > sobolAxes) throw limitError("axes of a low-discrepancy set", d, sobolAxes, 'Use placement "random".');
  for (let axis = 0; axis < d; axis++) {
    const v = directions(axis);
    const key = mix(seed, axis);
    for (let i = 0; i < n; i++) {
      let w = 0;
      for (let index = first + i, bit = 0; index > 0; index = Math.floor(index / 2), bit++) if (index % 2 === 1) w ^= v[bit]!;
      out[axis * n + i] = ((scramble(w, key) >>> 0) + 0.5) * 2 ** -32;
    }
  }
}

/**
 * The additive recurrence frac(1/2 + i phi^-k), phi the positive root of phi^{d+1} = phi + 1: the golden section in d = 1, the "R2" points in the plane. No seed; meant for d <= 3, beyond which a thousand points are no better than random ones.
 * Points first .. first + n - 1 into out [d * n]. [roberts2018]
 */
export function kronecker(d: number, first: number, n: number, out: Rows): void {
  let phi = 1.5;
  for (let k = 0; k < 64; k++) {
    let p = 1;
    for (let j = 0; j < d; j++) p *= phi;
    phi -= (p * phi - phi - 1) / ((d + 1) * p - 1);
  }
  for (let axis = 0, a = 1 / phi; axis < d; axis++, a /= phi)
    for (let i = 0; i < n; i++) {
      const v = 0.5 + (first + i + 1) * a;
      out[axis * n + i] = v - Math.floor(v);
    }
}
