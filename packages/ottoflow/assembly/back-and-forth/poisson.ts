// phi = (-Laplace)^-1 r with walls: cosine transform of the rows (four at once: two complex transforms of two rows each), elimination along the columns.
import { transform } from "./fft";

// @ts-ignore: decorator
@inline
function rowOf(base: usize, i: i32, n0: i32, bytes: usize, spare: usize): usize {
  return i < n0 ? base + <usize>i * bytes : spare;
}
// @ts-ignore: decorator
@inline
function two(a: usize, b: usize): v128 {
  return v128.load64_lane(b, v128.load64_zero(a), 1);
}
// @ts-ignore: decorator
@inline
function split(v: v128, a: usize, b: usize): void {
  v128.store64_lane(a, v, 0);
  v128.store64_lane(b, v, 1);
}

// hat_k = sum_j r_j cos(pi k (2 j + 1) / 2 n) * (k ? 2 : 1) / n for rows i .. i + 3
function forward(n: i32, a: usize, b: usize, c: usize, d: usize, p: usize, q: usize, e: usize, f: usize, roots: usize, turn: usize, buffer: usize): void {
  const bytes = (<usize>n) << 4;
  const xr = buffer, xi = xr + bytes, yr = xi + bytes, yi = yr + bytes;
  const even = (n + 1) >> 1;
  for (let j = 0; j < even; j++) {
    const s = (<usize>j) << 4;
    v128.store(xr + s, two(a + s, c + s));
    v128.store(xi + s, two(b + s, d + s));
  }
  for (let j = 0; j < n - even; j++) {
    const s = ((<usize>j) << 4) + 8;
    const t = (<usize>(n - 1 - j)) << 4;
    v128.store(xr + t, two(a + s, c + s));
    v128.store(xi + t, two(b + s, d + s));
  }
  const other = transform(n, roots, xr, xi, yr, yi);
  const zr = other ? yr : xr, zi = other ? yi : xi;
  const scale = f64x2.splat(1.0 / <f64>n);
  for (let k = 0; k < n; k++) {
    const at = (<usize>k) << 4;
    const back = (<usize>(k == 0 ? 0 : n - k)) << 4;
    const ar = v128.load(zr + at), ai = v128.load(zi + at), br = v128.load(zr + back), bi = v128.load(zi + back);
    // twice the transforms of the real rows; with the factor 2 / n of k > 0
    const half = k == 0 ? f64x2.splat(0.5) : f64x2.splat(1.0);
    const cs = f64x2.mul(f64x2.mul(v128.load64_splat(turn + at), scale), half);
    const sn = f64x2.mul(f64x2.mul(v128.load64_splat(turn + at + 8), scale), half);
    const first = f64x2.add(f64x2.mul(cs, f64x2.add(ar, br)), f64x2.mul(sn, f64x2.sub(ai, bi)));
    const second = f64x2.add(f64x2.mul(cs, f64x2.add(ai, bi)), f64x2.mul(sn, f64x2.sub(br, ar)));
    const o = (<usize>k) << 3;
    split(first, p + o, e + o);
    split(second, q + o, f + o);
  }
}
// x_j = sum_k hat_k cos(pi k (2 j + 1) / 2 n), the inverse of `forward`
function backward(n: i32, p: usize, q: usize, e: usize, f: usize, a: usize, b: usize, c: usize, d: usize, roots: usize, turn: usize, buffer: usize): void {
  const bytes = (<usize>n) << 4;
  const xr = buffer, xi = xr + bytes, yr = xi + bytes, yi = yr + bytes;
  const half = f64x2.splat(0.5);
  for (let k = 0; k < n; k++) {
    const at = (<usize>k) << 4;
    const o = (<usize>k) << 3;
    const back = (<usize>(n - k)) << 3;
    let ck = two(p + o, e + o), dk = two(q + o, f + o);
    let cb = f64x2.splat(0.0), db = cb;
    if (k > 0) {
      cb = f64x2.mul(half, two(p + back, e + back));
      db = f64x2.mul(half, two(q + back, f + back));
      ck = f64x2.mul(half, ck);
      dk = f64x2.mul(half, dk);
    }
    const cs = v128.load64_splat(turn + at), sn = v128.load64_splat(turn + at + 8);
    // V = exp(i theta) (C_k - i C_{n - k}) of both rows, and Z = V_a + i V_b
    const ar = f64x2.add(f64x2.mul(cs, ck), f64x2.mul(sn, cb)), ai = f64x2.sub(f64x2.mul(sn, ck), f64x2.mul(cs, cb));
    const br = f64x2.add(f64x2.mul(cs, dk), f64x2.mul(sn, db)), bi = f64x2.sub(f64x2.mul(sn, dk), f64x2.mul(cs, db));
    v128.store(xr + at, f64x2.sub(ar, bi));
    v128.store(xi + at, f64x2.add(ai, br));
  }
  // the inverse transform is the forward one with both parts exchanged
  const other = transform(n, roots, xi, xr, yi, yr);
  const zr = other ? yr : xr, zi = other ? yi : xi;
  const even = (n + 1) >> 1;
  for (let j = 0; j < even; j++) {
    const s = (<usize>j) << 4;
    split(v128.load(zr + s), a + s, c + s);
    split(v128.load(zi + s), b + s, d + s);
  }
  for (let j = 0; j < n - even; j++) {
    const s = ((<usize>j) << 4) + 8;
    const t = (<usize>(n - 1 - j)) << 4;
    split(v128.load(zr + t), a + s, c + s);
    split(v128.load(zi + t), b + s, d + s);
  }
}

// column k = 0: the mean is taken off, fluxes are summed
function constant(n0: i32, bytes: usize, h0: f64, hat: usize): void {
  let mean: f64 = 0;
  for (let i = 0; i < n0; i++) mean += load<f64>(hat + <usize>i * bytes);
  mean /= <f64>n0;
  let flux: f64 = 0, x: f64 = 0, total: f64 = 0;
  for (let i = 0; i < n0; i++) {
    const p = hat + <usize>i * bytes;
    flux += load<f64>(p) - mean;
    store<f64>(p, x);
    total += x;
    x -= flux * h0 * h0;
  }
  total /= <f64>n0;
  for (let i = 0; i < n0; i++) {
    const p = hat + <usize>i * bytes;
    store<f64>(p, load<f64>(p) - total);
  }
}
// columns in pairs; lambda: [wide], what each cosine is multiplied with; gain: [wide] and w: [n0 * wide] scratch
function columns(n0: i32, wide: i32, h0: f64, lambda: usize, hat: usize, w: usize): void {
  const b = f64x2.splat(1.0 / (h0 * h0));
  const one = f64x2.splat(1.0);
  const bytes = (<usize>wide) << 3;
  for (let i = 0; i < n0; i++) {
    const inner = (i > 0 ? 1.0 : 0.0) + (i < n0 - 1 ? 1.0 : 0.0);
    const side = f64x2.mul(f64x2.splat(inner), b);
    const row = hat + <usize>i * bytes, before = row - bytes, gain = w + <usize>i * bytes, gainBefore = gain - bytes;
    for (let k: usize = 0; k < bytes; k += 16) {
      let p = f64x2.add(v128.load(lambda + k), side);
      let x = v128.load(row + k);
      if (i > 0) {
        p = f64x2.sub(p, f64x2.mul(b, v128.load(gainBefore + k)));
        x = f64x2.add(x, f64x2.mul(b, v128.load(before + k)));
      }
      const inverse = f64x2.div(one, p);
      v128.store(row + k, f64x2.mul(x, inverse));
      v128.store(gain + k, f64x2.mul(b, inverse));
    }
  }
  for (let i = n0 - 2; i >= 0; i--) {
    const row = hat + <usize>i * bytes, gain = w + <usize>i * bytes;
    for (let k: usize = 0; k < bytes; k += 16)
      v128.store(row + k, f64x2.add(v128.load(row + k), f64x2.mul(v128.load(gain + k), v128.load(row + bytes + k))));
  }
}

// r, phi: [n0 * n1]; roots: [2 n1]; turn: [2 n1], cos and sin of pi k / 2 n1; lambda: [wide], wide = n1 made even; hat, w: [n0 * wide];
// column: [n0], spare: [n1 + 1] scratch; buffer: [8 n1] on 16 bytes
export function poisson(
  n0: i32, n1: i32, h0: f64, roots: usize, turn: usize, lambda: usize, r: usize, phi: usize, hat: usize, w: usize, column: usize, spare: usize, buffer: usize,
): void {
  const wide = (n1 + 1) & ~1;
  const bytes = (<usize>n1) << 3;
  const long = (<usize>wide) << 3;
  for (let j = 0; j < n1; j++) store<f64>(spare + ((<usize>j) << 3), 0);
  const waste = spare + bytes + 16;
  for (let i = 0; i < n0; i += 4) {
    forward(n1, r + <usize>i * bytes, rowOf(r, i + 1, n0, bytes, spare), rowOf(r, i + 2, n0, bytes, spare), rowOf(r, i + 3, n0, bytes, spare),
      hat + <usize>i * long, rowOf(hat, i + 1, n0, long, waste), rowOf(hat, i + 2, n0, long, waste), rowOf(hat, i + 3, n0, long, waste), roots, turn, buffer);
    if (wide > n1) for (let k = i; k < min(i + 4, n0); k++) store<f64>(hat + <usize>k * long + bytes, 0);
  }
  for (let i = 0; i < n0; i++) store<f64>(column + ((<usize>i) << 3), load<f64>(hat + <usize>i * long));
  constant(n0, 8, h0, column);
  columns(n0, wide, h0, lambda, hat, w);
  for (let i = 0; i < n0; i++) store<f64>(hat + <usize>i * long, load<f64>(column + ((<usize>i) << 3)));
  for (let j = 0; j < n1; j++) store<f64>(waste + ((<usize>j) << 3), 0);
  for (let i = 0; i < n0; i += 4)
    backward(n1, hat + <usize>i * long, rowOf(hat, i + 1, n0, long, waste), rowOf(hat, i + 2, n0, long, waste), rowOf(hat, i + 3, n0, long, waste),
      phi + <usize>i * bytes, rowOf(phi, i + 1, n0, bytes, spare), rowOf(phi, i + 2, n0, bytes, spare), rowOf(phi, i + 3, n0, bytes, spare), roots, turn, buffer);
}
