// Reductions in blocks of 1024 with eight lanes each, see kernels/reductions.ts.
const BLOCK: i32 = 1024;

// @ts-ignore: decorator
@inline
function fold(a: v128, b: v128, c: v128, d: v128): f64 {
  const s = f64x2.add(f64x2.add(a, b), f64x2.add(c, d));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}
export function sum(n: i32, a: usize): f64 {
  let total = 0.0;
  for (let first = 0; first < n; first += BLOCK) {
    const m = min(BLOCK, n - first);
    let s0 = f64x2.splat(0.0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const end = a + ((<usize>m & ~7) << 3);
    for (; a < end; a += 64) {
      s0 = f64x2.add(s0, v128.load(a));
      s1 = f64x2.add(s1, v128.load(a, 16));
      s2 = f64x2.add(s2, v128.load(a, 32));
      s3 = f64x2.add(s3, v128.load(a, 48));
    }
    let rest = 0.0;
    for (const last = end + ((<usize>m & 7) << 3); a < last; a += 8) rest += load<f64>(a);
    total += fold(s0, s1, s2, s3) + rest;
  }
  return total;
}
export function sumAbs(n: i32, a: usize): f64 {
  let total = 0.0;
  for (let first = 0; first < n; first += BLOCK) {
    const m = min(BLOCK, n - first);
    let s0 = f64x2.splat(0.0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const end = a + ((<usize>m & ~7) << 3);
    for (; a < end; a += 64) {
      s0 = f64x2.add(s0, f64x2.abs(v128.load(a)));
      s1 = f64x2.add(s1, f64x2.abs(v128.load(a, 16)));
      s2 = f64x2.add(s2, f64x2.abs(v128.load(a, 32)));
      s3 = f64x2.add(s3, f64x2.abs(v128.load(a, 48)));
    }
    let rest = 0.0;
    for (const last = end + ((<usize>m & 7) << 3); a < last; a += 8) rest += abs(load<f64>(a));
    total += fold(s0, s1, s2, s3) + rest;
  }
  return total;
}
export function least(n: i32, a: usize): f64 {
  let m = f64x2.splat(Infinity);
  let w = m;
  const end = a + ((<usize>n & ~3) << 3);
  for (; a < end; a += 32) {
    m = f64x2.min(m, v128.load(a));
    w = f64x2.min(w, v128.load(a, 16));
  }
  m = f64x2.min(m, w);
  let s = min<f64>(f64x2.extract_lane(m, 0), f64x2.extract_lane(m, 1));
  for (const last = end + ((<usize>n & 3) << 3); a < last; a += 8) s = min<f64>(s, load<f64>(a));
  return s;
}
export function dot(n: i32, a: usize, b: usize): f64 {
  let total = 0.0;
  for (let first = 0; first < n; first += BLOCK) {
    const m = min(BLOCK, n - first);
    let s0 = f64x2.splat(0.0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    const end = a + ((<usize>m & ~7) << 3);
    for (; a < end; a += 64, b += 64) {
      s0 = f64x2.add(s0, f64x2.mul(v128.load(a), v128.load(b)));
      s1 = f64x2.add(s1, f64x2.mul(v128.load(a, 16), v128.load(b, 16)));
      s2 = f64x2.add(s2, f64x2.mul(v128.load(a, 32), v128.load(b, 32)));
      s3 = f64x2.add(s3, f64x2.mul(v128.load(a, 48), v128.load(b, 48)));
    }
    let rest = 0.0;
    for (const last = end + ((<usize>m & 7) << 3); a < last; a += 8, b += 8) rest += load<f64>(a) * load<f64>(b);
    total += fold(s0, s1, s2, s3) + rest;
  }
  return total;
}
export function scale(n: i32, factor: f64, a: usize, out: usize): void {
  const f = f64x2.splat(factor);
  const end = a + ((<usize>n & ~3) << 3);
  for (; a < end; a += 32, out += 32) {
    v128.store(out, f64x2.mul(f, v128.load(a)));
    v128.store(out, f64x2.mul(f, v128.load(a, 16)), 16);
  }
  for (const last = end + ((<usize>n & 3) << 3); a < last; a += 8, out += 8) store<f64>(out, factor * load<f64>(a));
}
// out = 1 + factor (1 - a)
export function reflect(n: i32, factor: f64, a: usize, out: usize): void {
  const f = f64x2.splat(factor);
  const one = f64x2.splat(1.0);
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, f64x2.add(one, f64x2.mul(f, f64x2.sub(one, v128.load(a)))));
  if (n & 1) store<f64>(out, 1.0 + factor * (1.0 - load<f64>(a)));
}
export function divide(n: i32, divisor: f64, a: usize, out: usize): void {
  const f = f64x2.splat(divisor);
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, f64x2.div(v128.load(a), f));
  if (n & 1) store<f64>(out, load<f64>(a) / divisor);
}
export function positivePart(n: i32, a: usize): void {
  const zero = f64x2.splat(0.0);
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16) v128.store(a, f64x2.pmax(zero, v128.load(a)));
  if (n & 1) v128.store64_lane(a, f64x2.pmax(zero, v128.load64_splat(a)), 0);
}
export function multiply(n: i32, a: usize, out: usize): void {
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, out += 16) v128.store(out, f64x2.mul(v128.load(a), v128.load(out)));
  if (n & 1) store<f64>(out, load<f64>(a) * load<f64>(out));
}
// out = a + factor (b - a)
export function blend(n: i32, factor: f64, a: usize, b: usize, out: usize): void {
  const f = f64x2.splat(factor);
  const end = a + ((<usize>n & ~1) << 3);
  for (; a < end; a += 16, b += 16, out += 16) {
    const u = v128.load(a);
    v128.store(out, f64x2.add(u, f64x2.mul(f, f64x2.sub(v128.load(b), u))));
  }
  if (n & 1) store<f64>(out, load<f64>(a) + factor * (load<f64>(b) - load<f64>(a)));
}
// y += factor x
export function axpy(n: i32, factor: f64, x: usize, y: usize): void {
  const f = f64x2.splat(factor);
  const end = x + ((<usize>n & ~7) << 3);
  for (; x < end; x += 64, y += 64) {
    v128.store(y, f64x2.add(v128.load(y), f64x2.mul(f, v128.load(x))));
    v128.store(y, f64x2.add(v128.load(y, 16), f64x2.mul(f, v128.load(x, 16))), 16);
    v128.store(y, f64x2.add(v128.load(y, 32), f64x2.mul(f, v128.load(x, 32))), 32);
    v128.store(y, f64x2.add(v128.load(y, 48), f64x2.mul(f, v128.load(x, 48))), 48);
  }
  for (const last = end + ((<usize>n & 7) << 3); x < last; x += 8, y += 8) store<f64>(y, load<f64>(y) + factor * load<f64>(x));
}
