/** pow, powi, cbrt, hypot. */
import { cubeRootGuess, dropExponent, type int, nearExponent, toInt } from "./bits.ts";
import { expSum, LN2_HI, LN2_LO } from "./exponential.ts";

/** low half of a 53-bit product, exact, without fused operations [dekker1971] */
export function productError(a: number, b: number, p: number): number {
  const ca = a * 134217729;
  const ah = ca - (ca - a);
  const al = a - ah;
  const cb = b * 134217729;
  const bh = cb - (cb - b);
  const bl = b - bh;
  return ah * bh - p + ah * bl + al * bh + al * bl;
}

/** x^y for x > 0 finite, |y| <= 2^65, in one piece: log x as a sum of two float64 (relative error about 2^-64), times y, then exp. */
export function powPositive(x: number, y: number): number {
  const small = x < 2 ** -1022;
  const normal = small ? x * 2 ** 54 : x;
  const e = nearExponent(normal);
  const m = dropExponent(normal, e);
  const k = small ? e - 54 : e;
  // s = (m - 1) / (m + 1) = s0 + s1
  const f = m - 1;
  const c = m + 1;
  const c1 = m - (c - 1);
  const s0 = f / c;
  const p = s0 * c;
  const s1 = (f - p - productError(s0, c, p) - s0 * c1) / c;
  // log m = 2 s (1 + z / 3 + z^2 R(z)), z = s^2 = z0 + z1
  const z0 = s0 * s0;
  const z1 = productError(s0, s0, z0) + 2 * s0 * s1;
  const R =
    1 / 5 +
    z0 * (1 / 7 + z0 * (1 / 9 + z0 * (1 / 11 + z0 * (1 / 13 + z0 * (1 / 15 + z0 * (1 / 17 + z0 * (1 / 19 + z0 * (1 / 21 + z0 * (1 / 23 + z0 * (1 / 25))))))))));
  const THIRD: number = 1 / 3;
  const t0 = z0 * THIRD;
  const t1 = productError(z0, THIRD, t0) + z0 * 1.850371707708594e-17 + z1 * THIRD;
  const a0 = 2 * s0;
  const b0 = a0 * t0;
  const a = a0 + b0;
  const low = a0 - a + b0 + (productError(a0, t0, b0) + 2 * s1 * (1 + t0) + a0 * (t1 + z0 * z0 * R));
  // + k ln 2
  const h0 = k * LN2_HI;
  const h = h0 + a;
  const v = h - h0;
  const rest = h0 - (h - v) + (a - v) + (low + k * LN2_LO);
  const L0 = h + rest;
  const L1 = h - L0 + rest;
  const q = y * L0;
  const q1 = productError(y, L0, q) + y * L1;
  // beyond +-750 the value over- or underflows whatever the tail
  return q > 750 ? expSum(750, 0) : q < -750 ? expSum(-750, 0) : expSum(q, q1);
}

/** x^y with the special cases of ECMAScript (so 1^NaN and 1^inf are NaN); within one unit in the last place */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const a = Math.abs(x);
  if (Math.abs(y) === Number.POSITIVE_INFINITY) return a === 1 ? Number.NaN : a > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  const half = 0.5 * y;
  const whole = Math.floor(y) === y;
  const odd = whole && Math.floor(half) !== half;
  const negative = x < 0 || (x === 0 && 1 / x < 0);
  if (a === 0 || a === Number.POSITIVE_INFINITY) {
    const r = (a === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
    return negative && odd ? -r : r;
  }
  if (negative && !whole) return Number.NaN;
  const r = powPositive(a, Math.max(-(2 ** 65), Math.min(2 ** 65, y)));
  return negative && odd ? -r : r;
}

/** x^n for whole n, |n| < 2^31, by repeated squaring: exact wherever the products are */
export function powi(x: number, n: number): number {
  let power: number = 1;
  let b = x;
  for (let m: int = toInt(Math.abs(n)); m > 0; m >>= 1) {
    if ((m & 1) === 1) power *= b;
    b *= b;
  }
  return n < 0 ? 1 / power : power;
}

/** cube root: a rational first guess from the exponent, then three steps of Halley, then one of Newton with the residual in two parts */
export function cbrt(x: number): number {
  const a = Math.abs(x);
  if (!(a > 0) || a === Number.POSITIVE_INFINITY) return x;
  const small = a < 2 ** -1000;
  const large = a > 2 ** 1000;
  const b = small ? a * 2 ** 54 : large ? a * 2 ** -54 : a;
  let y = cubeRootGuess(b);
  for (let i = 0; i < 3; i++) {
    const cube = y * y * y;
    y = y - y * ((cube - b) / (2 * cube + b));
  }
  // b - y^3 with y^2 in two parts; both factors of y^3 scaled by division to stay in range
  const square = y * y;
  const error = productError(y, y, square);
  const quotient = b / square;
  const p = quotient * square;
  const lost = (b - p - productError(quotient, square, p) - quotient * error) / square;
  y = y + (quotient - y + lost) / 3;
  if (small) y *= 2 ** -18;
  if (large) y *= 2 ** 18;
  return x < 0 ? -y : y;
}

/** sqrt(x^2 + y^2) without overflow of the squares */
export function hypot(x: number, y: number): number {
  const a = Math.max(Math.abs(x), Math.abs(y));
  const b = Math.min(Math.abs(x), Math.abs(y));
  if (Math.abs(x) === Number.POSITIVE_INFINITY || Math.abs(y) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (a === 0 || Number.isNaN(a)) return a;
  const s = a > 2 ** 500 ? 2 ** -600 : a < 2 ** -450 ? 2 ** 600 : 1;
  const p = a * s;
  const q = b * s;
  return Math.sqrt(p * p + q * q) / s;
}
