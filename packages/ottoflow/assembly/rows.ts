// Pointwise maps of float64 rows. An odd last value goes through the same two lanes.
import { cos, exp, log, pow, sin, tanh } from "./simd";

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
