// Stands in for kernels/math/bits.ts when the elementary functions are compiled into this module.
export type int = i32;

export const ROUND: f64 = 6755399441055744.0;

// @ts-ignore: decorator
@inline
export function toInt(k: f64): i32 {
  return i32(k);
}
// @ts-ignore: decorator
@inline
export function powerOfTwo(k: f64): f64 {
  return reinterpret<f64>(((<i64>i32(k)) + 1023) << 52);
}
export function scale(y: f64, k: f64): f64 {
  const whole = i32(k);
  const half = whole >> 1;
  return y * reinterpret<f64>((<i64>half + 1023) << 52) * reinterpret<f64>((<i64>(whole - half) + 1023) << 52);
}
// @ts-ignore: decorator
@inline
export function nearExponent(x: f64): f64 {
  return <f64>((<i32>(reinterpret<i64>(x) >> 32) - 0x3fe6a09e) >> 20);
}
// @ts-ignore: decorator
@inline
export function dropExponent(x: f64, e: f64): f64 {
  return reinterpret<f64>(reinterpret<i64>(x) - ((<i64>i32(e)) << 52));
}
// @ts-ignore: decorator
@inline
export function exponentOf(x: f64): i32 {
  return (<i32>(reinterpret<u64>(x) >> 52) & 0x7ff) - 1023;
}
// @ts-ignore: decorator
@inline
export function cutLow(x: f64): f64 {
  return reinterpret<f64>(reinterpret<u64>(x) & 0xffffffff00000000);
}
// @ts-ignore: decorator
@inline
export function cubeRootGuess(x: f64): f64 {
  return reinterpret<f64>((<u64>(<u32>(reinterpret<u64>(x) >> 32) / 3 + 715094163)) << 32);
}
const digits = memory.data<i32>([TWO_OVER_PI_DIGITS]);
export function twoOverPi(i: i32): f64 {
  return <f64>load<i32>(digits + (<usize>i << 2));
}
