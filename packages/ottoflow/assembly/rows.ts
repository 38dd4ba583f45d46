// Pointwise maps of float64 rows. An odd last value goes through the same two lanes.
import { cos, exp, expm1, log, pow, sin, tanh } from "./simd";

export function expRows(n: i32, a: usize, out: usize): void {
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, exp(v128.load(a)));
  if (n & 1) v128.store64_lane(out, exp(v128.load64_splat(a)), 0);
}
export function logRows(n: i32, a: usize, out: usize): void {
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, log(v128.load(a)));
  if (n & 1) v128.store64_lane(out, log(v128.load64_splat(a)), 0);
}
export function sinRows(n: i32, a: usize, out: usize): void {
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, sin(v128.load(a)));
  if (n & 1) v128.store64_lane(out, sin(v128.load64_splat(a)), 0);
}
export function cosRows(n: i32, a: usize, out: usize): void {
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, cos(v128.load(a)));
  if (n & 1) v128.store64_lane(out, cos(v128.load64_splat(a)), 0);
}
export function tanhRows(n: i32, a: usize, out: usize): void {
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, tanh(v128.load(a)));
  if (n & 1) v128.store64_lane(out, tanh(v128.load64_splat(a)), 0);
}
export function powRows(n: i32, a: usize, exponent: f64, out: usize): void {
  const y = f64x2.splat(exponent);
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, pow(v128.load(a), y));
  if (n & 1) v128.store64_lane(out, pow(v128.load64_splat(a), y), 0);
}
// @ts-ignore: decorator
@inline
function bernoulli(v: v128): v128 {
  const z = f64x2.abs(v);
  const e = v128.bitselect(f64x2.splat(Infinity), expm1(z), f64x2.gt(z, f64x2.splat(710.0)));
  return v128.bitselect(f64x2.splat(1.0), f64x2.div(z, e), f64x2.eq(z, f64x2.splat(0.0)));
}
// B(z) and B(-z) = B(z) + z, with B(z) = z / (e^z - 1)
export function bernoulliRows(n: i32, z: usize, forth: usize, back: usize): void {
  const zero = f64x2.splat(0.0);
  const end = z + ((<usize>n & ~1) << 3);
  for (; z < end; z += 16, forth += 16, back += 16) {
    const v = v128.load(z);
    const b = bernoulli(v);
    const up = f64x2.gt(v, zero);
    v128.store(forth, v128.bitselect(b, f64x2.sub(b, v), up));
    v128.store(back, v128.bitselect(f64x2.add(b, v), b, up));
  }
  if (n & 1) {
    const v = v128.load64_splat(z);
    const b = bernoulli(v);
    const up = f64x2.gt(v, zero);
    v128.store64_lane(forth, v128.bitselect(b, f64x2.sub(b, v), up), 0);
    v128.store64_lane(back, v128.bitselect(f64x2.add(b, v), b, up), 0);
  }
}
