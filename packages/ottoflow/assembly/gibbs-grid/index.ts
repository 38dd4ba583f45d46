// Log-sums along one axis of a grid, see transport/entropic/separable.ts: out_i = log sum_k exp(x_k - c_|i - k|) for many columns at once.
// Around the middle i0 of a block of rows the terms are exponentials w_k = exp(x_k - c_|i0 - k| - R) of which there is one per block, not per row;
// the rows of the block are products with t_ik = exp(c_|i0 - k| - c_|i - k|). Only terms that matter in the block are summed.
import { exp, logNormal } from "../simd";

const LANES: i32 = 16; // columns of a chunk
const BYTES: usize = 128; // of a row of a chunk
const FAR: f64 = 50.0; // terms below exp(-FAR) of the largest are nothing
const STEEP: f64 = 300.0; // rows of a block may differ by so much
const LONG: f64 = 350.0; // and exponents of t by so much, or the block is halved
const VOID: f64 = -1e300;

// @ts-ignore: decorator
@inline
function costAt(c: usize, i: i32, k: i32): f64 {
  const r = i > k ? i - k : k - i;
  return load<f64>(c + (<usize>r << 3));
}
// @ts-ignore: decorator
@inline
function largest(v: v128): f64 {
  return max(f64x2.extract_lane(v, 0), f64x2.extract_lane(v, 1));
}

/*
 * x: packed chunk [n][16]; c: costs over epsilon [n + 1]; t: [2 half + 1][2 n + 1], row i - i0 + half, column k - i0 + n; w: room [n][16];
 * top: room [3][16]; out: packed [n][16].
 */
function block(n: i32, x: usize, c: usize, t: usize, half: i32, w: usize, top: usize, out: usize, first: i32, count: i32): void {
  const i0 = first + (count >> 1);
  const end = first + count - 1;
  const low = f64x2.splat(VOID);
  for (let v: usize = 0; v < BYTES; v += 16) {
    v128.store(top + v, low);
    v128.store(top + BYTES + v, low);
    v128.store(top + 2 * BYTES + v, low);
  }
  for (let v: usize = 0; v < BYTES; v += 32) {
    let a0 = low;
    let a1 = low;
    let b0 = low;
    let b1 = low;
    let d0 = low;
    let d1 = low;
    let q = x + v;
    for (let k = 0; k < n; k++, q += BYTES) {
      const x0 = v128.load(q);
      const x1 = v128.load(q, 16);
      const e0 = f64x2.splat(costAt(c, i0, k));
      const e1 = f64x2.splat(costAt(c, first, k));
      const e2 = f64x2.splat(costAt(c, end, k));
      a0 = f64x2.pmax(a0, f64x2.sub(x0, e0));
      a1 = f64x2.pmax(a1, f64x2.sub(x1, e0));
      b0 = f64x2.pmax(b0, f64x2.sub(x0, e1));
      b1 = f64x2.pmax(b1, f64x2.sub(x1, e1));
      d0 = f64x2.pmax(d0, f64x2.sub(x0, e2));
      d1 = f64x2.pmax(d1, f64x2.sub(x1, e2));
    }
    v128.store(top + v, a0);
    v128.store(top + v, a1, 16);
    v128.store(top + BYTES + v, b0);
    v128.store(top + BYTES + v, b1, 16);
    v128.store(top + 2 * BYTES + v, d0);
    v128.store(top + 2 * BYTES + v, d1, 16);
  }
  let steep = 0.0;
  for (let l: usize = 0; l < BYTES; l += 8) {
    const r = load<f64>(top + l);
    steep = max(steep, max(abs(load<f64>(top + BYTES + l) - r), abs(load<f64>(top + 2 * BYTES + l) - r)));
  }
  let from = 0;
  while (from < n - 1 && !matters(from, n, x, c, top, i0, first, end)) from++;
  let to = n - 1;
  while (to > from && !matters(to, n, x, c, top, i0, first, end)) to--;
  // |c(i - k) - c(i0 - k)| at the ends of the range
  const spread = max(
    max(abs(costAt(c, i0, from) - costAt(c, first, from)), abs(costAt(c, i0, from) - costAt(c, end, from))),
    max(abs(costAt(c, i0, to) - costAt(c, first, to)), abs(costAt(c, i0, to) - costAt(c, end, to))),
  );
  if (count > 1 && (steep > STEEP || spread > LONG)) {
    const left = count >> 1;
    block(n, x, c, t, half, w, top, out, first, left);
    block(n, x, c, t, half, w, top, out, first + left, count - left);
    return;
  }
  for (let k = from; k <= to; k++) {
    const e = f64x2.splat(costAt(c, i0, k));
    const q = x + <usize>k * BYTES;
    const o = w + <usize>(k - from) * BYTES;
    for (let v: usize = 0; v < BYTES; v += 16) v128.store(o + v, exp(f64x2.sub(f64x2.sub(v128.load(q + v), e), v128.load(top + v))));
  }
  const width = 2 * n + 1;
  for (let i = first; i <= end; i += 2) {
    const j = min(i + 1, end);
    const ti = t + (<usize>((i - i0 + half) * width + from - i0 + n) << 3);
    const tj = t + (<usize>((j - i0 + half) * width + from - i0 + n) << 3);
    for (let v: usize = 0; v < BYTES; v += 64) {
      let a0 = f64x2.splat(0.0);
      let a1 = a0;
      let a2 = a0;
      let a3 = a0;
      let b0 = a0;
      let b1 = a0;
      let b2 = a0;
      let b3 = a0;
      let q = w + v;
      const last = ti + (<usize>(to - from + 1) << 3);
      for (let p = ti, r = tj; p < last; p += 8, r += 8, q += BYTES) {
        const s = v128.load64_splat(p);
        const u = v128.load64_splat(r);
        const w0 = v128.load(q);
        const w1 = v128.load(q, 16);
        const w2 = v128.load(q, 32);
        const w3 = v128.load(q, 48);
        a0 = f64x2.add(a0, f64x2.mul(s, w0));
        a1 = f64x2.add(a1, f64x2.mul(s, w1));
        a2 = f64x2.add(a2, f64x2.mul(s, w2));
        a3 = f64x2.add(a3, f64x2.mul(s, w3));
        b0 = f64x2.add(b0, f64x2.mul(u, w0));
        b1 = f64x2.add(b1, f64x2.mul(u, w1));
        b2 = f64x2.add(b2, f64x2.mul(u, w2));
        b3 = f64x2.add(b3, f64x2.mul(u, w3));
      }
      const oi = out + <usize>i * BYTES + v;
      const r = top + v;
      put(oi, r, a0);
      put(oi + 16, r + 16, a1);
      put(oi + 32, r + 32, a2);
      put(oi + 48, r + 48, a3);
      if (j > i) {
        put(oi + BYTES, r, b0);
        put(oi + BYTES + 16, r + 16, b1);
        put(oi + BYTES + 32, r + 32, b2);
        put(oi + BYTES + 48, r + 48, b3);
      }
    }
  }
}
// @ts-ignore: decorator
@inline
function put(at: usize, top: usize, sum: v128): void {
  v128.store(at, f64x2.add(v128.load(top), logNormal(f64x2.pmax(sum, f64x2.splat(2.2250738585072014e-308)))));
}
// @ts-ignore: decorator
@inline
function matters(k: i32, n: i32, x: usize, c: usize, top: usize, i0: i32, first: i32, end: i32): bool {
  const q = x + <usize>k * BYTES;
  const e0 = f64x2.splat(costAt(c, i0, k) - FAR);
  const e1 = f64x2.splat(costAt(c, first, k) - FAR);
  const e2 = f64x2.splat(costAt(c, end, k) - FAR);
  let any = f64x2.splat(-1.0);
  for (let v: usize = 0; v < BYTES; v += 16) {
    const xv = v128.load(q + v);
    any = f64x2.pmax(any, f64x2.sub(f64x2.sub(xv, e0), v128.load(top + v)));
    any = f64x2.pmax(any, f64x2.sub(f64x2.sub(xv, e1), v128.load(top + BYTES + v)));
    any = f64x2.pmax(any, f64x2.sub(f64x2.sub(xv, e2), v128.load(top + 2 * BYTES + v)));
  }
  return largest(any) > 0.0;
}

/*
 * Along the first axis of x [n][m], written transposed: out [m][n]. Applied once per axis the order of axes comes back. room: f64 [3 * n * 16 + 48].
 */
export function sums(n: i32, m: i32, x: usize, c: usize, t: usize, half: i32, size: i32, room: usize, out: usize): void {
  const packed = room;
  const w = packed + <usize>n * BYTES;
  const done = w + <usize>n * BYTES;
  const top = done + <usize>n * BYTES;
  for (let at = 0; at < m; at += LANES) {
    const lanes = min(LANES, m - at);
    pack(n, m, x, at, lanes, packed);
    for (let first = 0; first < n; first += size) block(n, packed, c, t, half, w, top, done, first, min(size, n - first));
    for (let l = 0; l < lanes; l++) {
      let o = out + (<usize>((at + l) * n) << 3);
      let q = done + (<usize>l << 3);
      for (let i = 0; i < n; i++, o += 8, q += BYTES) store<f64>(o, load<f64>(q));
    }
  }
}
function pack(n: i32, m: i32, x: usize, at: i32, lanes: i32, packed: usize): void {
  for (let k = 0; k < n; k++) {
    const q = x + (<usize>(k * m + at) << 3);
    const o = packed + <usize>k * BYTES;
    for (let l = 0; l < lanes; l++) store<f64>(o + (<usize>l << 3), load<f64>(q + (<usize>l << 3)));
    for (let l = lanes; l < LANES; l++) store<f64>(o + (<usize>l << 3), VOID);
  }
}
// the same with the largest term in place of the sum: out_i = max_k x_k - c_|i - k|
export function maxima(n: i32, m: i32, x: usize, c: usize, room: usize, out: usize): void {
  for (let at = 0; at < m; at += LANES) {
    const lanes = min(LANES, m - at);
    pack(n, m, x, at, lanes, room);
    for (let i = 0; i < n; i++)
      for (let v = 0; v < lanes; v += 2) {
        let best = f64x2.splat(-Infinity);
        let q = room + (<usize>v << 3);
        for (let k = 0; k < n; k++, q += BYTES) best = f64x2.pmax(best, f64x2.sub(v128.load(q), f64x2.splat(costAt(c, i, k))));
        store<f64>(out + (<usize>((at + v) * n + i) << 3), f64x2.extract_lane(best, 0));
        if (v + 1 < lanes) store<f64>(out + (<usize>((at + v + 1) * n + i) << 3), f64x2.extract_lane(best, 1));
      }
  }
}
