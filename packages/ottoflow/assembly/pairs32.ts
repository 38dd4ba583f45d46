// Gradients of pair sums in float32, see kernels/pairs.ts: eight targets against blocks of sources, each block added in float64.
import { add, mul, sub } from "./lanes32";

const SOURCES: i32 = 256;

// @ts-ignore: decorator
@inline
function F(x: f32): v128 {
  return f32x4.splat(x);
}
// e^x for x <= 0; 0 below -87
// @ts-ignore: decorator
@inline
function exp32(x: v128): v128 {
  const t = add(mul(x, F(1.4426950408889634)), F(12582912.0));
  const k = sub(t, F(12582912.0));
  const r = add(sub(x, mul(k, F(0.693359375))), mul(k, F(2.12194440e-4)));
  let p = add(mul(F(1.9875691500e-4), r), F(1.3981999507e-3));
  p = add(mul(p, r), F(8.3334519073e-3));
  p = add(mul(p, r), F(4.1665795894e-2));
  p = add(mul(p, r), F(1.6666665459e-1));
  p = add(mul(p, r), F(5.0000001201e-1));
  const y = add(add(mul(p, mul(r, r)), r), F(1.0));
  return v128.and(mul(y, i32x4.shl(i32x4.add(t, i32x4.splat(127)), 23)), f32x4.ge(x, F(-87.0)));
}
// k'(r) / r at q = r^2; 0 at zero distance
// @ts-ignore: decorator
@inline
function slope(form: i32, q: v128, rate: v128): v128 {
  if (form === 5) return mul(rate, exp32(mul(mul(F(0.5), rate), q)));
  const y = form === 0 ? f32x4.div(F(1.0), f32x4.sqrt(q)) : form === 2 ? f32x4.div(F(-1.0), mul(q, f32x4.sqrt(q))) : f32x4.div(F(1.0), q);
  return v128.and(y, f32x4.ne(q, F(0.0)));
}
// @ts-ignore: decorator
@inline
function addTotal(total: usize, a: v128, b: v128): void {
  v128.store(total, f64x2.add(v128.load(total), f64x2.promote_low_f32x4(a)));
  v128.store(total, f64x2.add(v128.load(total, 16), f64x2.promote_low_f32x4(v128.shuffle<i64>(a, a, 1, 1))), 16);
  v128.store(total, f64x2.add(v128.load(total, 32), f64x2.promote_low_f32x4(b)), 32);
  v128.store(total, f64x2.add(v128.load(total, 48), f64x2.promote_low_f32x4(v128.shuffle<i64>(b, b, 1, 1))), 48);
}

// @ts-ignore: decorator
@inline
function tile1(form: i32, rate: v128, sources: i32, x: usize, y: usize, w: usize, total: usize): void {
  const xa0 = v128.load(x, 0);
  const xb0 = v128.load(x, 16);
  let ga0 = F(0.0);
  let gb0 = F(0.0);
  for (const end = w + (<usize>sources << 2); w < end; w += 4, y += 4) {
    const s0 = v128.load32_splat(y, 0);
    const za0 = sub(xa0, s0);
    const zb0 = sub(xb0, s0);
    const weight = v128.load32_splat(w);
    const ca = mul(weight, slope(form, mul(za0, za0), rate));
    const cb = mul(weight, slope(form, mul(zb0, zb0), rate));
    ga0 = add(ga0, mul(ca, za0));
    gb0 = add(gb0, mul(cb, zb0));
  }
  addTotal(total + 0, ga0, gb0);
}
// @ts-ignore: decorator
@inline
function tile2(form: i32, rate: v128, sources: i32, x: usize, y: usize, w: usize, total: usize): void {
  const xa0 = v128.load(x, 0);
  const xb0 = v128.load(x, 16);
  let ga0 = F(0.0);
  let gb0 = F(0.0);
  const xa1 = v128.load(x, 32);
  const xb1 = v128.load(x, 48);
  let ga1 = F(0.0);
  let gb1 = F(0.0);
  for (const end = w + (<usize>sources << 2); w < end; w += 4, y += 4) {
    const s0 = v128.load32_splat(y, 0);
    const za0 = sub(xa0, s0);
    const zb0 = sub(xb0, s0);
    const s1 = v128.load32_splat(y, 1024);
    const za1 = sub(xa1, s1);
    const zb1 = sub(xb1, s1);
    const weight = v128.load32_splat(w);
    const ca = mul(weight, slope(form, add(mul(za0, za0), mul(za1, za1)), rate));
    const cb = mul(weight, slope(form, add(mul(zb0, zb0), mul(zb1, zb1)), rate));
    ga0 = add(ga0, mul(ca, za0));
    gb0 = add(gb0, mul(cb, zb0));
    ga1 = add(ga1, mul(ca, za1));
    gb1 = add(gb1, mul(cb, zb1));
  }
  addTotal(total + 0, ga0, gb0);
  addTotal(total + 64, ga1, gb1);
}
// @ts-ignore: decorator
@inline
function tile3(form: i32, rate: v128, sources: i32, x: usize, y: usize, w: usize, total: usize): void {
  const xa0 = v128.load(x, 0);
  const xb0 = v128.load(x, 16);
  let ga0 = F(0.0);
  let gb0 = F(0.0);
  const xa1 = v128.load(x, 32);
  const xb1 = v128.load(x, 48);
  let ga1 = F(0.0);
  let gb1 = F(0.0);
  const xa2 = v128.load(x, 64);
  const xb2 = v128.load(x, 80);
  let ga2 = F(0.0);
  let gb2 = F(0.0);
  for (const end = w + (<usize>sources << 2); w < end; w += 4, y += 4) {
    const s0 = v128.load32_splat(y, 0);
    const za0 = sub(xa0, s0);
    const zb0 = sub(xb0, s0);
    const s1 = v128.load32_splat(y, 1024);
    const za1 = sub(xa1, s1);
    const zb1 = sub(xb1, s1);
    const s2 = v128.load32_splat(y, 2048);
    const za2 = sub(xa2, s2);
    const zb2 = sub(xb2, s2);
    const weight = v128.load32_splat(w);
    const ca = mul(weight, slope(form, add(add(mul(za0, za0), mul(za1, za1)), mul(za2, za2)), rate));
    const cb = mul(weight, slope(form, add(add(mul(zb0, zb0), mul(zb1, zb1)), mul(zb2, zb2)), rate));
    ga0 = add(ga0, mul(ca, za0));
    gb0 = add(gb0, mul(cb, zb0));
    ga1 = add(ga1, mul(ca, za1));
    gb1 = add(gb1, mul(cb, zb1));
    ga2 = add(ga2, mul(ca, za2));
    gb2 = add(gb2, mul(cb, zb2));
  }
  addTotal(total + 0, ga0, gb0);
  addTotal(total + 64, ga1, gb1);
  addTotal(total + 128, ga2, gb2);
}
function tile(form: i32, d: i32, rate: v128, sources: i32, x: usize, y: usize, w: usize, total: usize): void {
  switch (4 * form + d) {
    case 1: tile1(0, rate, sources, x, y, w, total); return;
    case 2: tile2(0, rate, sources, x, y, w, total); return;
    case 3: tile3(0, rate, sources, x, y, w, total); return;
    case 9: tile1(2, rate, sources, x, y, w, total); return;
    case 10: tile2(2, rate, sources, x, y, w, total); return;
    case 11: tile3(2, rate, sources, x, y, w, total); return;
    case 17: tile1(4, rate, sources, x, y, w, total); return;
    case 18: tile2(4, rate, sources, x, y, w, total); return;
    case 19: tile3(4, rate, sources, x, y, w, total); return;
    case 21: tile1(5, rate, sources, x, y, w, total); return;
    case 22: tile2(5, rate, sources, x, y, w, total); return;
    case 23: tile3(5, rate, sources, x, y, w, total); return;
  }
}

// scratch: 3 lines of targets (half used), 3 of totals, then 4 rows of sources
export function pairGradient32(form: i32, p: f64, d: i32, n: i32, x: usize, m: i32, y: usize, w: usize, out: usize, first: i32, size: i32, scratch: usize): void {
  const total = scratch + 192;
  const sourceRows = total + 192;
  const weights = sourceRows + 3 * 4 * SOURCES;
  const rate = F(<f32>-p);
  for (let k = 0; k < d; k++) memory.fill(out + (<usize>(k * n + first) << 3), 0, <usize>size << 3);
  for (let j = 0; j < m; j += SOURCES) {
    const sources = min(SOURCES, m - j);
    for (let l = 0; l < sources; l++) {
      for (let k = 0; k < d; k++) store<f32>(sourceRows + (<usize>(k * SOURCES + l) << 2), <f32>load<f64>(y + (<usize>(k * m + j + l) << 3)));
      store<f32>(weights + (<usize>l << 2), <f32>load<f64>(w + (<usize>(j + l) << 3)));
    }
    for (let i = first; i < first + size; i += 8) {
      const count = min(8, first + size - i);
      for (let k = 0; k < d; k++) {
        const row = <usize>(k * n + i) << 3;
        for (let l = 0; l < 8; l++) store<f32>(scratch + (<usize>(8 * k + l) << 2), <f32>load<f64>(x + row + (<usize>min(l, count - 1) << 3)));
        memory.copy(total + (<usize>k << 6), out + row, <usize>count << 3);
      }
      tile(form, d, rate, sources, scratch, sourceRows, weights, total);
      for (let k = 0; k < d; k++) memory.copy(out + (<usize>(k * n + i) << 3), total + (<usize>k << 6), <usize>count << 3);
    }
  }
}
