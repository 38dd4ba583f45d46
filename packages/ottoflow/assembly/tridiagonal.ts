// Many tridiagonal systems by Thomas, see kernels/tridiagonal.ts. `step` and `apart` are bytes between unknowns and systems.

// @ts-ignore: decorator
@inline
function two(p: usize, apart: usize): v128 {
  return v128.load64_lane(p + apart, v128.load64_zero(p), 1);
}
// @ts-ignore: decorator
@inline
function put(p: usize, apart: usize, v: v128): void {
  v128.store64_lane(p, v, 0);
  v128.store64_lane(p + apart, v, 1);
}
// two systems apart from each other
function pair(n: i32, step: usize, apart: usize, lower: usize, diag: usize, upper: usize, rhs: usize, out: usize, work: usize): v128 {
  const zero = f64x2.splat(0.0);
  let p = two(diag, apart);
  let x = f64x2.div(two(rhs, apart), p);
  let bad = f64x2.eq(p, zero);
  put(out, apart, x);
  for (let i = 1; i < n; i++) {
    const w = f64x2.div(two(upper, apart), p);
    lower += step;
    diag += step;
    upper += step;
    rhs += step;
    out += step;
    work += step;
    const l = two(lower, apart);
    p = f64x2.sub(two(diag, apart), f64x2.mul(l, w));
    x = f64x2.div(f64x2.sub(two(rhs, apart), f64x2.mul(l, x)), p);
    bad = v128.or(bad, f64x2.eq(p, zero));
    put(work, apart, w);
    put(out, apart, x);
  }
  for (let i = n - 2; i >= 0; i--) {
    out -= step;
    x = f64x2.sub(two(out, apart), f64x2.mul(two(work, apart), x));
    put(out, apart, x);
    work -= step;
  }
  return bad;
}
// Systems side by side: rows of up to 128 of them advance together, so that memory is read in order. pivots: a row of scratch.
const WIDTH: i32 = 128;
function rows(m: i32, n: i32, step: usize, lower: usize, diag: usize, upper: usize, rhs: usize, out: usize, work: usize, pivots: usize): v128 {
  const size = <usize>m << 3;
  const zero = f64x2.splat(0.0);
  let bad = zero;
  for (let j: usize = 0; j < size; j += 16) {
    const p = v128.load(diag + j);
    bad = v128.or(bad, f64x2.eq(p, zero));
    v128.store(pivots + j, p);
    v128.store(out + j, f64x2.div(v128.load(rhs + j), p));
  }
  for (let i = 1; i < n; i++) {
    const up = upper;
    const before = out;
    lower += step;
    diag += step;
    upper += step;
    rhs += step;
    out += step;
    work += step;
    for (let j: usize = 0; j < size; j += 16) {
      const l = v128.load(lower + j);
      const w = f64x2.div(v128.load(up + j), v128.load(pivots + j));
      const p = f64x2.sub(v128.load(diag + j), f64x2.mul(l, w));
      bad = v128.or(bad, f64x2.eq(p, zero));
      v128.store(work + j, w);
      v128.store(pivots + j, p);
      v128.store(out + j, f64x2.div(f64x2.sub(v128.load(rhs + j), f64x2.mul(l, v128.load(before + j))), p));
    }
  }
  for (let i = n - 2; i >= 0; i--) {
    const after = out;
    out -= step;
    for (let j: usize = 0; j < size; j += 16) v128.store(out + j, f64x2.sub(v128.load(out + j), f64x2.mul(v128.load(work + j), v128.load(after + j))));
    work -= step;
  }
  return bad;
}
// one system; returns 1 for a zero pivot
function single(n: i32, step: usize, lower: usize, diag: usize, upper: usize, rhs: usize, out: usize, work: usize): i32 {
  let p = load<f64>(diag);
  let x = load<f64>(rhs) / p;
  let bad = p === 0.0;
  store<f64>(out, x);
  for (let i = 1; i < n; i++) {
    const w = load<f64>(upper) / p;
    lower += step;
    diag += step;
    upper += step;
    rhs += step;
    out += step;
    work += step;
    const l = load<f64>(lower);
    p = load<f64>(diag) - l * w;
    x = (load<f64>(rhs) - l * x) / p;
    bad = bad || p === 0.0;
    store<f64>(work, w);
    store<f64>(out, x);
  }
  for (let i = n - 2; i >= 0; i--) {
    out -= step;
    x = load<f64>(out) - load<f64>(work) * x;
    store<f64>(out, x);
    work -= step;
  }
  return i32(bad);
}
// systems [first, first + count); returns how many groups of them met a zero pivot
export function tridiagonal(n: i32, first: i32, count: i32, step: i32, apart: i32, lower: usize, diag: usize, upper: usize, rhs: usize, out: usize, work: usize, scratch: usize): i32 {
  const s = <usize>step << 3;
  const d = <usize>apart << 3;
  let bad = 0;
  let at = <usize>first * d;
  let left = count;
  if (d === 8)
    for (; left >= 2; ) {
      const m = min(WIDTH, left & ~1);
      bad += i32(v128.any_true(rows(m, n, s, lower + at, diag + at, upper + at, rhs + at, out + at, work + at, scratch)));
      left -= m;
      at += <usize>m << 3;
    }
  for (; left >= 2; left -= 2, at += 2 * d) bad += i32(v128.any_true(pair(n, s, d, lower + at, diag + at, upper + at, rhs + at, out + at, work + at)));
  if (left === 1) bad += single(n, s, lower + at, diag + at, upper + at, rhs + at, out + at, work + at);
  return bad;
}
