/**
 * exp, log and their kin in plain IEEE arithmetic. No tables and no data-dependent branches on the main path, so that the
 * SIMD twins in assembly/ perform the same operations in the same order.
 */
import { dropExponent, nearExponent, powerOfTwo, ROUND, scale } from "./bits.ts";

/** ln 2 = LN2_HI + LN2_LO; LN2_HI has 32 significant bits, so k LN2_HI is exact [cody1980] */
export const LN2_HI: number = 0.6931471803691238;
export const LN2_LO: number = 1.9082149292705877e-10;
export const INV_LN2: number = Math.LOG2E;

/** (exp(r) - 1 - r) / r^2 for |r| <= ln(2)/2: Taylor to r^13, truncation below 2^-57; even and odd powers apart for shorter chains */
function quadraticTail(r: number): number {
  const z = r * r;
  const even = 1 / 2 + z * (1 / 24 + z * (1 / 720 + z * (1 / 40320 + z * (1 / 3628800 + z * (1 / 479001600)))));
  const odd = 1 / 6 + z * (1 / 120 + z * (1 / 5040 + z * (1 / 362880 + z * (1 / 39916800 + z * (1 / 6227020800)))));
  return even + r * odd;
}

/** exp(x + tail) for |tail| far below ulp(x): x + tail = k ln 2 + r by Cody and Waite's two-part ln 2 [cody1980]. |x| <= 750. */
export function expSum(x: number, tail: number): number {
  const k = x * INV_LN2 + ROUND - ROUND;
  const hi = x - k * LN2_HI;
  const lo = k * LN2_LO - tail;
  const r = hi - lo;
  return scale(1 - (lo - r * r * quadraticTail(r) - hi), k);
}

/** e^x, within one unit in the last place */
export function exp(x: number): number {
  if (x > 710) return Number.POSITIVE_INFINITY;
  if (x < -746) return 0;
  if (Number.isNaN(x)) return x;
  return expSum(x, 0);
}

/** e^x - 1 without cancellation at 0 */
export function expm1(x: number): number {
  if (x > 710) return Number.POSITIVE_INFINITY;
  if (!(Math.abs(x) > 2 ** -54)) return x;
  const a = Math.max(x, -50);
  const k = a * INV_LN2 + ROUND - ROUND;
  const hi = a - k * LN2_HI;
  const lo = k * LN2_LO;
  const r = hi - lo;
  const p = hi - (lo - r * r * quadraticTail(r));
  // one power of two is kept back: 2^1024 is no float64
  const half = powerOfTwo(k - 1);
  return (half * p + (half - 0.5)) * 2;
}

/** log((1 + f)) - f + f^2/2 over f/(2+f), minimax in s^2 for 1 + f in [sqrt(1/2), sqrt(2)], coefficients of [fdlibm] */
function logTail(s: number): number {
  const z = s * s;
  const w = z * z;
  const odd = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const even = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  return odd + even;
}

/** natural logarithm, within one unit in the last place: x = 2^k (1 + f), then the series in s = f / (2 + f) [fdlibm] */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const small = x < 2 ** -1022;
  const normal = small ? x * 2 ** 54 : x;
  const e = nearExponent(normal);
  const f = dropExponent(normal, e) - 1;
  const k = small ? e - 54 : e;
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + logTail(s)) + k * LN2_LO) - f);
}

/** log(1 + x) without cancellation at 0: log of the rounded sum u, corrected by the lost part over u [fdlibm] */
export function log1p(x: number): number {
  if (!(x > -1)) return x === -1 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (Math.abs(x) < 2 ** -54 || x === Number.POSITIVE_INFINITY) return x;
  const u = 1 + x;
  const k = nearExponent(u);
  // within [sqrt(1/2), sqrt(2)] nothing was shifted out: f = x itself and no correction is due
  const f = k === 0 ? x : dropExponent(u, k) - 1;
  const lost = k === 0 || k > 53 ? 0 : k > 0 ? 1 - (u - x) : x - (u - 1);
  const s = f / (2 + f);
  const half = 0.5 * f * f;
  return k * LN2_HI - (half - (s * (half + logTail(s)) + (k * LN2_LO + lost / u)) - f);
}

export function sinh(x: number): number {
  const a = Math.abs(x);
  if (a < 2 ** -28 || Number.isNaN(x)) return x;
  const h = x < 0 ? -0.5 : 0.5;
  if (a < 22) {
    const t = expm1(a);
    return a < 1 ? h * (2 * t - (t * t) / (t + 1)) : h * (t + t / (t + 1));
  }
  if (a < 709) return h * exp(a);
  const e = exp(0.5 * a);
  return h * e * e;
}
export function cosh(x: number): number {
  const a = Math.abs(x);
  if (a < 0.34) {
    const t = expm1(a);
    return 1 + (t * t) / (2 * (1 + t));
  }
  if (a < 22) {
    const e = exp(a);
    return 0.5 * e + 0.5 / e;
  }
  if (a < 709) return 0.5 * exp(a);
  const e = exp(0.5 * a);
  return 0.5 * e * e;
}
export function tanh(x: number): number {
  const a = Math.abs(x);
  if (!(a > 2 ** -28)) return x;
  const t = expm1(2 * Math.min(a, 20));
  const y = a < 0.5 ? t / (t + 2) : 1 - 2 / (t + 2);
  return x < 0 ? -y : y;
}
export function asinh(x: number): number {
  const a = Math.abs(x);
  if (!(a > 2 ** -28) || a === Number.POSITIVE_INFINITY) return x;
  const y = a > 2 ** 28 ? log(a) + (LN2_HI + LN2_LO) : a > 2 ? log(2 * a + 1 / (Math.sqrt(a * a + 1) + a)) : log1p(a + (a * a) / (1 + Math.sqrt(a * a + 1)));
  return x < 0 ? -y : y;
}
export function acosh(x: number): number {
  if (!(x >= 1)) return Number.NaN;
  if (x > 2 ** 28) return log(x) + (LN2_HI + LN2_LO);
  if (x > 2) return log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
  const t = x - 1;
  return log1p(t + Math.sqrt(2 * t + t * t));
}
export function atanh(x: number): number {
  const a = Math.abs(x);
  if (!(a > 2 ** -28)) return x;
  if (a > 1) return Number.NaN;
  const y = a < 0.5 ? 0.5 * log1p(2 * a + (2 * a * a) / (1 - a)) : 0.5 * log1p((2 * a) / (1 - a));
  return x < 0 ? -y : y;
}
