// Rows by address and index.

// @ts-ignore: decorator
@inline
export function F(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}
// @ts-ignore: decorator
@inline
export function setF(p: usize, i: i32, v: f64): void {
  store<f64>(p + ((<usize>i) << 3), v);
}
// @ts-ignore: decorator
@inline
export function L(p: usize, i: i32): i64 {
  return load<i64>(p + ((<usize>i) << 3));
}
// @ts-ignore: decorator
@inline
export function setL(p: usize, i: i32, v: i64): void {
  store<i64>(p + ((<usize>i) << 3), v);
}
// @ts-ignore: decorator
@inline
export function I(p: usize, i: i32): i32 {
  return load<i32>(p + ((<usize>i) << 2));
}
// @ts-ignore: decorator
@inline
export function setI(p: usize, i: i32, v: i32): void {
  store<i32>(p + ((<usize>i) << 2), v);
}
