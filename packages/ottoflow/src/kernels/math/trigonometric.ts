/** sin, cos, tan and their inverses in plain IEEE arithmetic. */
import { cutLow, exponentOf, type int, powerOfTwo, ROUND, toInt, twoOverPi } from "./bits.ts";

/** pi/2 in three exact 33-bit parts and a rest: k times a part is exact for |k| < 2^20 [cody1980] */
export const HALF_PI_1: number = 1.5707963267341256;
export const HALF_PI_2: number = 6.077100506303966e-11;
export const HALF_PI_3: number = 2.0222662487111665e-21;
export const HALF_PI_4: number = 8.4784276603689e-32;
export const INV_HALF_PI: number = 0.6366197723675814;
/** largest |x| that the parts above reduce; beyond it the digits of 2/pi are needed */
export const LARGE_ANGLE: number = 1.6e6;
const HALF_PI_LOW: number = 6.123233995736766e-17;

/** sin(x + tail) for |x| <= pi/4: minimax in x^2 [fdlibm] */
export function sinKernel(x: number, tail: number): number {
  const z = x * x;
  const v = z * x;
  const r = 0.00833333333332249 + z * (-0.0001984126982985795 + z * (2.7557313707070068e-6 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)));
  return x - (z * (0.5 * tail - v * r) - tail - v * -0.16666666666666632);
}
/** cos(x + tail) for |x| <= pi/4: minimax in x^2, the leading 1 - x^2/2 kept in two parts [fdlibm] */
export function cosKernel(x: number, tail: number): number {
  const z = x * x;
  const w = z * z;
  const r =
    z * (0.0416666666666666 + z * (-0.001388888888887411 + z * 2.480158728947673e-5)) +
    w * w * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11));
  const half = 0.5 * z;
  const top = 1 - half;
  return top + (1 - top - half + (z * r - x * tail));
}

/** the reduced angle of the last call of `reduce`: x = quarter pi/2 + angle + rest */
let angle: number = 0;
let rest: number = 0;

/** Reduces a finite angle to [-pi/4, pi/4]; returns the quarter mod 4. */
function reduce(x: number): int {
  if (Math.abs(x) > LARGE_ANGLE) return reduceLarge(x);
  const k = x * INV_HALF_PI + ROUND - ROUND;
  const a = x - k * HALF_PI_1;
  const b = k * HALF_PI_2;
  const r = a - b;
  const rb = a - r;
  const e = a - (r + rb) + (rb - b);
  const c = k * HALF_PI_3;
  const s = r - c;
  const sc = r - s;
  const f = r - (s + sc) + (sc - c);
  const low = e + f - k * HALF_PI_4;
  angle = s + low;
  rest = s - angle + low;
  return toInt(k) & 3;
}

/** Payne and Hanek's reduction [payne1983]: only those digits of 2/pi are multiplied whose products are no whole multiples of four quarters. */
function reduceLarge(x: number): int {
  const a = Math.abs(x);
  const q = exponentOf(a) - 52;
  const X = a * powerOfTwo(-(q >> 1)) * powerOfTwo((q >> 1) - q);
  const x0 = Math.floor(X / 2 ** 48);
  const x1 = Math.floor((X - x0 * 2 ** 48) / 2 ** 24);
  const x2 = X - x0 * 2 ** 48 - x1 * 2 ** 24;
  const i0: int = q < 2 ? 0 : toInt((q - 2) / 24);
  // digit k of the product weighs 2^(top - 24 k); the first that holds bits below 4 is k0, and six digits are enough
  const top = q - 24 * (i0 + 1) + 48;
  const k0: int = top < 2 ? 0 : toInt((top + 22) / 24);
  let carry: number = 0;
  let d0: number = 0;
  let d1: number = 0;
  let d2: number = 0;
  let d3: number = 0;
  let d4: number = 0;
  let d5: number = 0;
  for (let k: int = 11; k >= k0; k--) {
    const sum = x0 * digit(i0, k) + x1 * digit(i0, k - 1) + x2 * digit(i0, k - 2) + carry;
    carry = Math.floor(sum / 2 ** 24);
    d5 = d4;
    d4 = d3;
    d3 = d2;
    d2 = d1;
    d1 = d0;
    d0 = sum - carry * 2 ** 24;
  }
  const w = powerOfTwo(top - 24 * k0);
  const first = d0 * w + (k0 === 0 ? carry * 2 ** 24 * w : 0);
  const head = first - 4 * Math.floor(first / 4) + d1 * w * 2 ** -24;
  const k = Math.floor(head + 0.5);
  const f = head - k;
  const t = d2 * w * 2 ** -48;
  const h = f + t;
  const v = h - f;
  const l = f - (h - v) + (t - v) + (d3 * w * 2 ** -72 + (d4 * w * 2 ** -96 + d5 * w * 2 ** -120));
  const hi = h + l;
  const lo = h - hi + l;
  // times pi/2 = HALF_PI_1 + …, hi cut to 20 bits so that the leading product is exact
  const cut = hi * 2 ** 33;
  const cutHi = cut + hi - cut;
  const cutLo = hi - cutHi;
  const p = cutHi * HALF_PI_1;
  const pl = cutLo * HALF_PI_1 + (hi * HALF_PI_2 + (hi * HALF_PI_3 + lo * (Math.PI / 2)));
  const sign: number = x < 0 ? -1 : 1;
  angle = sign * (p + pl);
  rest = sign * (p - (p + pl) + pl);
  return toInt(sign * k) & 3;
}
function digit(i0: int, k: int): number {
  return k < 0 || k > 9 ? 0 : twoOverPi(i0 + k);
}

/** sine, within one unit in the last place for every finite x */
export function sin(x: number): number {
  if (Math.abs(x) < 2 ** -27) return x;
  if (!(Math.abs(x) < Number.POSITIVE_INFINITY)) return Number.NaN;
  const quarter = reduce(x);
  const y = (quarter & 1) === 0 ? sinKernel(angle, rest) : cosKernel(angle, rest);
  return (quarter & 2) === 0 ? y : -y;
}
/** cosine, within one unit in the last place for every finite x */
export function cos(x: number): number {
  if (!(Math.abs(x) < Number.POSITIVE_INFINITY)) return Number.NaN;
  const quarter = reduce(x);
  const y = (quarter & 1) === 0 ? cosKernel(angle, rest) : sinKernel(angle, rest);
  return ((quarter + 1) & 2) === 0 ? y : -y;
}
/** tangent as the quotient of sine and cosine: within two units in the last place */
export function tan(x: number): number {
  if (Math.abs(x) < 2 ** -27) return x;
  if (!(Math.abs(x) < Number.POSITIVE_INFINITY)) return Number.NaN;
  const quarter = reduce(x);
  const s = sinKernel(angle, rest);
  const c = cosKernel(angle, rest);
  return (quarter & 1) === 0 ? s / c : -c / s;
}

/** arc tangent: the argument is moved near 0 by atan of 1/2, 1, 3/2 or infinity, then minimax [fdlibm] */
export function atan(x: number): number {
  const a = Math.abs(x);
  if (!(a >= 2 ** -27)) return x;
  let y: number;
  if (a > 2 ** 66) y = Math.PI / 2;
  else if (a < 0.4375) y = a - atanTail(a);
  else if (a < 0.6875) y = joined((2 * a - 1) / (2 + a), 0.4636476090008061, 2.2698777452961687e-17);
  else if (a < 1.1875) y = joined((a - 1) / (a + 1), 0.7853981633974483, 3.061616997868383e-17);
  else if (a < 2.4375) y = joined((a - 1.5) / (1 + 1.5 * a), 0.982793723247329, 1.3903311031230998e-17);
  else y = joined(-1 / a, 1.5707963267948966, 6.123233995736766e-17);
  return x < 0 ? -y : y;
}
function atanTail(t: number): number {
  const z = t * t;
  const w = z * z;
  const odd =
    z *
    (0.3333333333333293 +
      w * (0.14285714272503466 + w * (0.09090887133436507 + w * (0.06661073137387531 + w * (0.049768779946159324 + w * 0.016285820115365782)))));
  const even = w * (-0.19999999999876483 + w * (-0.11111110405462356 + w * (-0.0769187620504483 + w * (-0.058335701337905735 + w * -0.036531572744216916))));
  return t * (odd + even);
}
function joined(t: number, hi: number, lo: number): number {
  return hi - (atanTail(t) - lo - t);
}

/** angle of the point (x, y), in [-pi, pi] */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const left = x < 0 || (x === 0 && 1 / x < 0);
  const down = y < 0 || (y === 0 && 1 / y < 0);
  const a = Math.abs(y);
  const b = Math.abs(x);
  let angle: number = 0;
  if (a === 0) angle = 0;
  else if (b === 0) angle = Math.PI / 2;
  else if (a === Number.POSITIVE_INFINITY) angle = b === a ? Math.PI / 4 : Math.PI / 2;
  else angle = atan(a / b);
  // pi in two parts, so that pi - angle carries one rounding only
  if (left) angle = Math.PI - (angle - 2 * HALF_PI_LOW);
  return down ? -angle : angle;
}

/** (asin(t) - t) / t as a quotient of polynomials in z = t^2 <= 1/4 [fdlibm] */
function asinQuotient(z: number): number {
  const p =
    z *
    (0.16666666666666666 +
      z * (-0.3255658186224009 + z * (0.20121253213486293 + z * (-0.04005553450067941 + z * (0.0007915349942898145 + z * 3.479331075960212e-5)))));
  const q = 1 + z * (-2.403394911734414 + z * (2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194)));
  return p / q;
}
export function asin(x: number): number {
  const a = Math.abs(x);
  if (!(a <= 1)) return Number.NaN;
  if (a < 2 ** -26) return x;
  if (a < 0.5) return x + x * asinQuotient(x * x);
  const z = (1 - a) * 0.5;
  const s = Math.sqrt(z);
  const cut = cutLow(s);
  // s = cut + lost, a correction of first order
  const lost = (z - cut * cut) / (s + cut);
  const p = 2 * s * asinQuotient(z) - (HALF_PI_LOW - 2 * lost);
  const y = a === 1 ? Math.PI / 2 : Math.PI / 4 - (p - (Math.PI / 4 - 2 * cut));
  return x < 0 ? -y : y;
}
export function acos(x: number): number {
  const a = Math.abs(x);
  if (!(a <= 1)) return Number.NaN;
  if (x === 1) return 0;
  if (x === -1) return Math.PI;
  if (a < 0.5) return Math.PI / 2 - (x - (HALF_PI_LOW - x * asinQuotient(x * x)));
  const z = (1 - a) * 0.5;
  const s = Math.sqrt(z);
  if (x < 0) return Math.PI - 2 * (s + (asinQuotient(z) * s - HALF_PI_LOW));
  const cut = cutLow(s);
  // s = cut + lost, a correction of first order
  const lost = (z - cut * cut) / (s + cut);
  return 2 * (cut + (asinQuotient(z) * s + lost));
}
