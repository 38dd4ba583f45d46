// Many tridiagonal systems by Thomas, eight at a time, see kernels/tridiagonal.ts. `step` and `apart` are bytes between unknowns and systems.

// @ts-ignore: decorator
@inline
function two(p: usize, apart: usize): v128 {
  return apart === 8 ? v128.load(p) : v128.load64_lane(p + apart, v128.load64_zero(p), 1);
}
// @ts-ignore: decorator
@inline
function put(p: usize, apart: usize, v: v128): void {
  if (apart === 8) v128.store(p, v);
  else {
    v128.store64_lane(p, v, 0);
    v128.store64_lane(p + apart, v, 1);
  }
}
// @ts-ignore: decorator
@inline
function lanes(vectors: i32, n: i32, step: usize, apart: usize, lower: usize, diag: usize, upper: usize, rhs: usize, out: usize, work: usize): v128 {
  const next: usize = apart << 1;
  let p0 = two(diag, apart);
  let p1 = p0, p2 = p0, p3 = p0;
  let x0 = f64x2.div(two(rhs, apart), p0);
  let x1 = x0, x2 = x0, x3 = x0;
  if (vectors === 4) {
    p1 = two(diag + next, apart);
    p2 = two(diag + 2 * next, apart);
    p3 = two(diag + 3 * next, apart);
    x1 = f64x2.div(two(rhs + next, apart), p1);
    x2 = f64x2.div(two(rhs + 2 * next, apart), p2);
    x3 = f64x2.div(two(rhs + 3 * next, apart), p3);
  }
  const zero = f64x2.splat(0.0);
  let bad = f64x2.eq(p0, zero);
  put(out, apart, x0);
  if (vectors === 4) {
    bad = v128.or(bad, v128.or(v128.or(f64x2.eq(p1, zero), f64x2.eq(p2, zero)), f64x2.eq(p3, zero)));
    put(out + next, apart, x1);
    put(out + 2 * next, apart, x2);
    put(out + 3 * next, apart, x3);
  }
  for (let i = 1; i < n; i++) {
    const up = upper;
    lower += step;
    diag += step;
    upper += step;
    rhs += step;
    out += step;
    work += step;
    const w0 = f64x2.div(two(up, apart), p0);
    const l0 = two(lower, apart);
    p0 = f64x2.sub(two(diag, apart), f64x2.mul(l0, w0));
    x0 = f64x2.div(f64x2.sub(two(rhs, apart), f64x2.mul(l0, x0)), p0);
    put(work, apart, w0);
    put(out, apart, x0);
    bad = v128.or(bad, f64x2.eq(p0, zero));
    if (vectors === 4) {
      const w1 = f64x2.div(two(up + next, apart), p1);
      const w2 = f64x2.div(two(up + 2 * next, apart), p2);
      const w3 = f64x2.div(two(up + 3 * next, apart), p3);
      const l1 = two(lower + next, apart);
      const l2 = two(lower + 2 * next, apart);
      const l3 = two(lower + 3 * next, apart);
      p1 = f64x2.sub(two(diag + next, apart), f64x2.mul(l1, w1));
      p2 = f64x2.sub(two(diag + 2 * next, apart), f64x2.mul(l2, w2));
      p3 = f64x2.sub(two(diag + 3 * next, apart), f64x2.mul(l3, w3));
      x1 = f64x2.div(f64x2.sub(two(rhs + next, apart), f64x2.mul(l1, x1)), p1);
      x2 = f64x2.div(f64x2.sub(two(rhs + 2 * next, apart), f64x2.mul(l2, x2)), p2);
      x3 = f64x2.div(f64x2.sub(two(rhs + 3 * next, apart), f64x2.mul(l3, x3)), p3);
      put(work + next, apart, w1);
      put(work + 2 * next, apart, w2);
      put(work + 3 * next, apart, w3);
      put(out + next, apart, x1);
      put(out + 2 * next, apart, x2);
      put(out + 3 * next, apart, x3);
      bad = v128.or(bad, v128.or(v128.or(f64x2.eq(p1, zero), f64x2.eq(p2, zero)), f64x2.eq(p3, zero)));
    }
  }
  for (let i = n - 2; i >= 0; i--) {
    out -= step;
    x0 = f64x2.sub(two(out, apart), f64x2.mul(two(work, apart), x0));
    put(out, apart, x0);
    if (vectors === 4) {
      x1 = f64x2.sub(two(out + next, apart), f64x2.mul(two(work + next, apart), x1));
      x2 = f64x2.sub(two(out + 2 * next, apart), f64x2.mul(two(work + 2 * next, apart), x2));
      x3 = f64x2.sub(two(out + 3 * next, apart), f64x2.mul(two(work + 3 * next, apart), x3));
      put(out + next, apart, x1);
      put(out + 2 * next, apart, x2);
      put(out + 3 * next, apart, x3);
    }
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
// systems [first, first + count); returns how many eights, pairs or single ones met a zero pivot
export function tridiagonal(n: i32, first: i32, count: i32, step: i32, apart: i32, lower: usize, diag: usize, upper: usize, rhs: usize, out: usize, work: usize): i32 {
  const s = <usize>step << 3;
  const d = <usize>apart << 3;
  let bad = 0;
  let at = <usize>first * d;
  let left = count;
  for (; left >= 8; left -= 8, at += 8 * d) {
    const b = d === 8 ? lanes(4, n, s, 8, lower + at, diag + at, upper + at, rhs + at, out + at, work + at) : lanes(4, n, s, d, lower + at, diag + at, upper + at, rhs + at, out + at, work + at);
    bad += i32(v128.any_true(b));
  }
  for (; left >= 2; left -= 2, at += 2 * d) bad += i32(v128.any_true(lanes(1, n, s, d, lower + at, diag + at, upper + at, rhs + at, out + at, work + at)));
  if (left === 1) bad += single(n, s, lower + at, diag + at, upper + at, rhs + at, out + at, work + at);
  return bad;
}
