// Two lanes of the elementary functions: operation for operation those of kernels/math, with selects in place of branches.
// Lanes outside the fast domain are redone one by one with the shared scalar code.
import { add, div, mul, pick, S, sub } from "./lanes64";
import { cos as cosScalar, sin as sinScalar } from "./math/trigonometric";
import { log as logScalar } from "./math/exponential";
import { pow as powScalar } from "./math/power";

const ROUND: f64 = 6755399441055744.0;
const LN2_HI: f64 = 0.6931471803691238;
const LN2_LO: f64 = 1.9082149292705877e-10;

// @ts-ignore: decorator
@inline
function quadraticTail(r: v128): v128 {
  const z = mul(r, r);
  const even = add(S(0.5), mul(z, add(S(1.0 / 24.0), mul(z, add(S(1.0 / 720.0), mul(z, add(S(1.0 / 40320.0), mul(z, add(S(1.0 / 3628800.0), mul(z, S(1.0 / 479001600.0)))))))))));
  const odd = add(S(1.0 / 6.0), mul(z, add(S(1.0 / 120.0), mul(z, add(S(1.0 / 5040.0), mul(z, add(S(1.0 / 362880.0), mul(z, add(S(1.0 / 39916800.0), mul(z, S(1.0 / 6227020800.0)))))))))));
  return add(even, mul(r, odd));
}
// 2^k for the whole number in the low words
// @ts-ignore: decorator
@inline
function power(k: v128): v128 {
  return i64x2.shl(i32x4.add(k, i32x4.splat(1023)), 52);
}
// @ts-ignore: decorator
@inline
export function expSum(x: v128, tail: v128): v128 {
  const t = add(mul(x, S(Math.LOG2E)), S(ROUND));
  const k = sub(t, S(ROUND));
  const hi = sub(x, mul(k, S(LN2_HI)));
  const lo = sub(mul(k, S(LN2_LO)), tail);
  const r = sub(hi, lo);
  const y = sub(S(1.0), sub(sub(lo, mul(mul(r, r), quadraticTail(r))), hi));
  const half = i32x4.shr_s(t, 1);
  return mul(mul(y, power(half)), power(i32x4.sub(t, half)));
}
// @ts-ignore: decorator
@inline
export function exp(x: v128): v128 {
  return expSum(f64x2.pmax(f64x2.pmin(x, S(750.0)), S(-750.0)), S(0.0));
}
// @ts-ignore: decorator
@inline
export function expm1(x: v128): v128 {
  const a = f64x2.pmax(f64x2.pmin(x, S(710.0)), S(-50.0));
  const t = add(mul(a, S(Math.LOG2E)), S(ROUND));
  const k = sub(t, S(ROUND));
  const hi = sub(a, mul(k, S(LN2_HI)));
  const lo = mul(k, S(LN2_LO));
  const r = sub(hi, lo);
  const p = sub(hi, sub(lo, mul(mul(r, r), quadraticTail(r))));
  const half = i64x2.shl(i32x4.add(t, i32x4.splat(1022)), 52);
  const y = mul(add(mul(half, p), sub(half, S(0.5))), S(2.0));
  return pick(f64x2.gt(f64x2.abs(x), S(5.551115123125783e-17)), y, x);
}
// @ts-ignore: decorator
@inline
export function tanh(x: v128): v128 {
  const a = f64x2.abs(x);
  const t = expm1(mul(S(2.0), f64x2.pmin(a, S(20.0))));
  const near = f64x2.lt(a, S(0.5));
  const q = div(pick(near, t, S(2.0)), add(t, S(2.0)));
  const y = pick(near, q, sub(S(1.0), q));
  const signed = v128.or(y, v128.and(x, S(-0.0)));
  return pick(f64x2.gt(a, S(3.725290298461914e-9)), signed, x);
}

// @ts-ignore: decorator
@inline
function logTail(s: v128): v128 {
  const z = mul(s, s);
  const w = mul(z, z);
  const odd = mul(w, add(S(0.3999999999940942), mul(w, add(S(0.22222198432149784), mul(w, S(0.15313837699209373))))));
  const even = mul(z, add(S(0.6666666666666735), mul(w, add(S(0.2857142874366239), mul(w, add(S(0.1818357216161805), mul(w, S(0.14798198605116586))))))));
  return add(odd, even);
}
// the biased exponent of the nearest power of two to a positive normal number stands in the high words of the result
// @ts-ignore: decorator
@inline
function nearExponent(x: v128): v128 {
  return v128.and(i32x4.shr_s(i32x4.sub(x, i64x2.splat(0x3fe6a09e00000000)), 20), i64x2.splat(0xffffffff00000000));
}
// the same as float64
// @ts-ignore: decorator
@inline
function exponentValue(e: v128): v128 {
  const biased = i64x2.shr_u(i32x4.add(e, i64x2.splat(0x0000080000000000)), 32);
  return sub(v128.or(biased, i64x2.splat(0x4330000000000000)), S(4503599627372544.0));
}
// @ts-ignore: decorator
@inline
function logParts(f: v128, k: v128): v128 {
  const s = div(f, add(S(2.0), f));
  const half = mul(mul(S(0.5), f), f);
  return sub(mul(k, S(LN2_HI)), sub(sub(half, add(mul(s, add(half, logTail(s))), mul(k, S(LN2_LO)))), f));
}
// log of positive normal finite numbers
// @ts-ignore: decorator
@inline
export function logNormal(x: v128): v128 {
  const e = nearExponent(x);
  return logParts(sub(i32x4.sub(x, i32x4.shl(e, 20)), S(1.0)), exponentValue(e));
}
// @ts-ignore: decorator
@inline
export function log(x: v128): v128 {
  const y = logNormal(x);
  const ok = v128.and(f64x2.ge(x, S(2.2250738585072014e-308)), f64x2.lt(x, S(Infinity)));
  return i64x2.all_true(ok) ? y : logSlow(x);
}
function logSlow(x: v128): v128 {
  return f64x2(logScalar(f64x2.extract_lane(x, 0)), logScalar(f64x2.extract_lane(x, 1)));
}

// @ts-ignore: decorator
@inline
export function sinKernel(x: v128, tail: v128): v128 {
  const z = mul(x, x);
  const v = mul(z, x);
  const r = add(S(0.00833333333332249), mul(z, add(S(-0.0001984126982985795), mul(z, add(S(0.0000027557313707070068), mul(z, add(S(-2.5050760253406863e-8), mul(z, S(1.58969099521155e-10)))))))));
  return sub(x, sub(sub(mul(z, sub(mul(S(0.5), tail), mul(v, r))), tail), mul(v, S(-0.16666666666666632))));
}
// @ts-ignore: decorator
@inline
export function cosKernel(x: v128, tail: v128): v128 {
  const z = mul(x, x);
  const w = mul(z, z);
  const r = add(
    mul(z, add(S(0.0416666666666666), mul(z, add(S(-0.001388888888887411), mul(z, S(0.00002480158728947673)))))),
    mul(mul(w, w), add(S(-2.7557314351390663e-7), mul(z, add(S(2.087572321298175e-9), mul(z, S(-1.1359647557788195e-11)))))),
  );
  const half = mul(S(0.5), z);
  const top = sub(S(1.0), half);
  return add(top, add(sub(sub(S(1.0), top), half), sub(mul(z, r), mul(x, tail))));
}
// all bits where the whole number in the low word is even
// @ts-ignore: decorator
@inline
export function evenMask(k: v128): v128 {
  return i64x2.eq(v128.and(k, i64x2.splat(1)), i64x2.splat(0));
}
// bit 1 of the whole number, moved to the sign
// @ts-ignore: decorator
@inline
export function signOfHalfTurn(k: v128): v128 {
  return i64x2.shl(v128.and(k, i64x2.splat(2)), 62);
}
// sin(x + ahead pi/2) for |x| <= 1.6e6
// @ts-ignore: decorator
@inline
function turned(x: v128, ahead: i64): v128 {
  const t = add(mul(x, S(0.6366197723675814)), S(ROUND));
  const k = sub(t, S(ROUND));
  const a = sub(x, mul(k, S(1.5707963267341256)));
  const b = mul(k, S(6.077100506303966e-11));
  const r = sub(a, b);
  const rb = sub(a, r);
  const e = add(sub(a, add(r, rb)), sub(rb, b));
  const c = mul(k, S(2.0222662487111665e-21));
  const s = sub(r, c);
  const sc = sub(r, s);
  const f = add(sub(r, add(s, sc)), sub(sc, c));
  const low = sub(add(e, f), mul(k, S(8.4784276603689e-32)));
  const angle = add(s, low);
  const rest = add(sub(s, angle), low);
  const quarter = i64x2.add(t, i64x2.splat(ahead));
  const y = pick(evenMask(quarter), sinKernel(angle, rest), cosKernel(angle, rest));
  return v128.xor(y, signOfHalfTurn(quarter));
}
// @ts-ignore: decorator
@inline
export function sin(x: v128): v128 {
  const a = f64x2.abs(x);
  if (!i64x2.all_true(f64x2.le(a, S(1.6e6)))) return sinSlow(x);
  return pick(f64x2.lt(a, S(7.450580596923828e-9)), x, turned(x, 0));
}
// @ts-ignore: decorator
@inline
export function cos(x: v128): v128 {
  if (!i64x2.all_true(f64x2.le(f64x2.abs(x), S(1.6e6)))) return cosSlow(x);
  return turned(x, 1);
}
function sinSlow(x: v128): v128 {
  return f64x2(sinScalar(f64x2.extract_lane(x, 0)), sinScalar(f64x2.extract_lane(x, 1)));
}
function cosSlow(x: v128): v128 {
  return f64x2(cosScalar(f64x2.extract_lane(x, 0)), cosScalar(f64x2.extract_lane(x, 1)));
}

// @ts-ignore: decorator
@inline
function productError(a: v128, b: v128, p: v128): v128 {
  const ca = mul(a, S(134217729.0));
  const ah = sub(ca, sub(ca, a));
  const al = sub(a, ah);
  const cb = mul(b, S(134217729.0));
  const bh = sub(cb, sub(cb, b));
  const bl = sub(b, bh);
  return add(add(add(sub(mul(ah, bh), p), mul(ah, bl)), mul(al, bh)), mul(al, bl));
}
// @ts-ignore: decorator
@inline
function seriesR(z: v128): v128 {
  let y = S(1.0 / 25.0);
  y = add(S(1.0 / 23.0), mul(z, y));
  y = add(S(1.0 / 21.0), mul(z, y));
  y = add(S(1.0 / 19.0), mul(z, y));
  y = add(S(1.0 / 17.0), mul(z, y));
  y = add(S(1.0 / 15.0), mul(z, y));
  y = add(S(1.0 / 13.0), mul(z, y));
  y = add(S(1.0 / 11.0), mul(z, y));
  y = add(S(1.0 / 9.0), mul(z, y));
  y = add(S(1.0 / 7.0), mul(z, y));
  return add(S(1.0 / 5.0), mul(z, y));
}
function powPositive(x: v128, y: v128): v128 {
  const e = nearExponent(x);
  const m = i32x4.sub(x, i32x4.shl(e, 20));
  const k = exponentValue(e);
  const f = sub(m, S(1.0));
  const c = add(m, S(1.0));
  const c1 = sub(m, sub(c, S(1.0)));
  const s0 = div(f, c);
  const p = mul(s0, c);
  const s1 = div(sub(sub(sub(f, p), productError(s0, c, p)), mul(s0, c1)), c);
  const z0 = mul(s0, s0);
  const z1 = add(productError(s0, s0, z0), mul(mul(S(2.0), s0), s1));
  const R = seriesR(z0);
  const third = S(1.0 / 3.0);
  const t0 = mul(z0, third);
  const t1 = add(add(productError(z0, third, t0), mul(z0, S(1.850371707708594e-17))), mul(z1, third));
  const a0 = mul(S(2.0), s0);
  const b0 = mul(a0, t0);
  const a = add(a0, b0);
  const low = add(
    add(sub(a0, a), b0),
    add(add(productError(a0, t0, b0), mul(mul(S(2.0), s1), add(S(1.0), t0))), mul(a0, add(t1, mul(mul(z0, z0), R)))),
  );
  const h0 = mul(k, S(LN2_HI));
  const h = add(h0, a);
  const v = sub(h, h0);
  const rest = add(add(sub(h0, sub(h, v)), sub(a, v)), add(low, mul(k, S(LN2_LO))));
  const L0 = add(h, rest);
  const L1 = add(sub(h, L0), rest);
  const q = mul(y, L0);
  const q1 = add(productError(y, L0, q), mul(y, L1));
  const inside = f64x2.le(f64x2.abs(q), S(750.0));
  return expSum(f64x2.pmax(f64x2.pmin(q, S(750.0)), S(-750.0)), v128.and(q1, inside));
}
// @ts-ignore: decorator
@inline
export function pow(x: v128, y: v128): v128 {
  const normal = v128.and(f64x2.ge(x, S(2.2250738585072014e-308)), f64x2.lt(x, S(Infinity)));
  const exponent = v128.and(f64x2.le(f64x2.abs(y), S(1e15)), f64x2.ne(y, S(0.0)));
  return i64x2.all_true(v128.and(normal, exponent)) ? powPositive(x, y) : powSlow(x, y);
}
function powSlow(x: v128, y: v128): v128 {
  return f64x2(powScalar(f64x2.extract_lane(x, 0), f64x2.extract_lane(y, 0)), powScalar(f64x2.extract_lane(x, 1), f64x2.extract_lane(y, 1)));
}
