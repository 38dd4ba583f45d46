// Philox4x32-10 on four counters at once; one group of kernels/philox.ts per turn.
import { add, cosKernel, evenMask, logNormal, mul, pick, S, signOfHalfTurn, sinKernel, sub } from "./simd";

// words of the four blocks of the group last computed: lane l of W_j is word j of block l
let W0: v128 = i64x2.splat(0);
let W1: v128 = i64x2.splat(0);
let W2: v128 = i64x2.splat(0);
let W3: v128 = i64x2.splat(0);

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}
// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}
// @ts-ignore: decorator
@inline
function rounds(block: u64, step: u32, stream: u32, key0: u32, key1: u32): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  let c0 = i32x4.add(i32x4.splat(<i32>block), i32x4(0, 1, 2, 3));
  let c1 = i32x4.splat(<i32>(block >> 32));
  let c2 = i32x4.splat(step);
  let c3 = i32x4.splat(stream);
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  for (let r = 0; r < 10; r++) {
    const a = i64x2.extmul_low_i32x4_u(c0, m0);
    const b = i64x2.extmul_high_i32x4_u(c0, m0);
    const c = i64x2.extmul_low_i32x4_u(c2, m1);
    const d = i64x2.extmul_high_i32x4_u(c2, m1);
    c0 = v128.xor(v128.xor(high(c, d), c1), k0);
    c1 = low(c, d);
    c2 = v128.xor(v128.xor(high(a, b), c3), k1);
    c3 = low(a, b);
    k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9));
    k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
  }
  W0 = c0;
  W1 = c1;
  W2 = c2;
  W3 = c3;
}
// 53 random bits in [0, 1) from two lanes of words: a 2^-32 + (b >> 11) 2^-53
// @ts-ignore: decorator
@inline
function uniform(a: v128, b: v128): v128 {
  return add(mul(f64x2.convert_low_i32x4_u(a), S(2.3283064365386963e-10)), mul(f64x2.convert_low_i32x4_u(i32x4.shr_u(b, 11)), S(1.1102230246251565e-16)));
}
// @ts-ignore: decorator
@inline
function upper(a: v128): v128 {
  return v128.shuffle<i64>(a, a, 1, 1);
}

/** `groups` groups of eight uniforms, from group `first` on */
export function philoxUniforms(key0: u32, key1: u32, stream: u32, step: u32, first: f64, groups: i32, out: usize): void {
  let block = <u64>first << 2;
  for (let g = 0; g < groups; g++, block += 4, out += 64) {
    rounds(block, step, stream, key0, key1);
    v128.store(out, uniform(W0, W1));
    v128.store(out, uniform(upper(W0), upper(W1)), 16);
    v128.store(out, uniform(W2, W3), 32);
    v128.store(out, uniform(upper(W2), upper(W3)), 48);
  }
}

const ROUND: f64 = 6755399441055744.0;
// @ts-ignore: decorator
@inline
function pair(u1: v128, u2: v128, out: usize): void {
  const radius = f64x2.sqrt(mul(S(-2.0), logNormal(sub(S(1.0), u1))));
  const u = mul(S(4.0), u2);
  const quarter = f64x2.floor(add(u, S(0.5)));
  const angle = mul(sub(u, quarter), S(Math.PI / 2.0));
  const s = sinKernel(angle, S(0.0));
  const c = cosKernel(angle, S(0.0));
  const k = add(quarter, S(ROUND));
  const even = evenMask(k);
  v128.store(out, mul(radius, v128.xor(pick(even, c, s), signOfHalfTurn(i64x2.add(k, i64x2.splat(1))))));
  v128.store(out, mul(radius, v128.xor(pick(even, s, c), signOfHalfTurn(k))), 32);
}
/** `groups` groups of eight standard normals, from group `first` on */
export function philoxNormals(key0: u32, key1: u32, stream: u32, step: u32, first: f64, groups: i32, out: usize): void {
  let block = <u64>first << 2;
  for (let g = 0; g < groups; g++, block += 4, out += 64) {
    rounds(block, step, stream, key0, key1);
    pair(uniform(W0, W1), uniform(W2, W3), out);
    pair(uniform(upper(W0), upper(W1)), uniform(upper(W2), upper(W3)), out + 16);
  }
}

// ---------------------------------------------------------------- float32

// @ts-ignore: decorator
@inline
function S32(x: f32): v128 {
  return f32x4.splat(x);
}
// log of four numbers in (0, 1], none subnormal
// @ts-ignore: decorator
@inline
function log32(x: v128): v128 {
  const e = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const f = f32x4.sub(i32x4.sub(x, i32x4.shl(e, 23)), S32(1.0));
  const k = f32x4.convert_i32x4_s(e);
  const z = f32x4.mul(f, f);
  let p = S32(7.0376836292e-2);
  p = f32x4.add(f32x4.mul(p, f), S32(-1.1514610310e-1));
  p = f32x4.add(f32x4.mul(p, f), S32(1.1676998740e-1));
  p = f32x4.add(f32x4.mul(p, f), S32(-1.2420140846e-1));
  p = f32x4.add(f32x4.mul(p, f), S32(1.4249322787e-1));
  p = f32x4.add(f32x4.mul(p, f), S32(-1.6668057665e-1));
  p = f32x4.add(f32x4.mul(p, f), S32(2.0000714765e-1));
  p = f32x4.add(f32x4.mul(p, f), S32(-2.4999993993e-1));
  p = f32x4.add(f32x4.mul(p, f), S32(3.3333331174e-1));
  const tail = f32x4.sub(f32x4.mul(f32x4.mul(p, f), z), f32x4.mul(S32(0.5), z));
  return f32x4.add(f32x4.add(f, tail), f32x4.mul(k, S32(0.6931471805599453)));
}
// @ts-ignore: decorator
@inline
function pair32(a: v128, b: v128, out: usize): void {
  const u = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(a, 1)), S32(4.656612873077393e-10)), S32(2.3283064365386963e-10));
  const radius = f32x4.sqrt(f32x4.mul(S32(-2.0), log32(u)));
  // b 2^-32 turns = quarter / 4 + rest, rest in [-1/8, 1/8)
  const quarter = i32x4.shr_u(i32x4.add(b, i32x4.splat(0x20000000)), 30);
  const rest = i32x4.sub(b, i32x4.shl(quarter, 30));
  const angle = f32x4.mul(f32x4.convert_i32x4_s(rest), S32(1.4629180792671596e-9));
  const z = f32x4.mul(angle, angle);
  let s = S32(-1.9515295891e-4);
  s = f32x4.add(f32x4.mul(s, z), S32(8.3321608736e-3));
  s = f32x4.add(f32x4.mul(s, z), S32(-1.6666654611e-1));
  s = f32x4.add(f32x4.mul(f32x4.mul(s, z), angle), angle);
  let c = S32(2.443315711809948e-5);
  c = f32x4.add(f32x4.mul(c, z), S32(-1.388731625493765e-3));
  c = f32x4.add(f32x4.mul(c, z), S32(4.166664568298827e-2));
  c = f32x4.add(f32x4.sub(f32x4.mul(f32x4.mul(c, z), z), f32x4.mul(S32(0.5), z)), S32(1.0));
  const odd = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
  const cos = v128.bitselect(s, c, odd);
  const sin = v128.bitselect(c, s, odd);
  const two = i32x4.splat(2);
  v128.store(out, f32x4.mul(radius, v128.xor(cos, i32x4.shl(v128.and(i32x4.add(quarter, i32x4.splat(1)), two), 30))));
  v128.store(out, f32x4.mul(radius, v128.xor(sin, i32x4.shl(v128.and(quarter, two), 30))), 16);
}
/** `groups` groups of sixteen float32 normals, from group `first` on; two groups at a time hide the latency of the products */
export function philoxNormals32(key0: u32, key1: u32, stream: u32, step: u32, first: f64, groups: i32, out: usize): void {
  const m0 = i32x4.splat(0xd2511f53);
  const m1 = i32x4.splat(0xcd9e8d57);
  let block = <u64>first << 2;
  for (; groups > 0; groups -= 2, block += 8, out += 128) {
    let k0 = i32x4.splat(key0);
    let k1 = i32x4.splat(key1);
    let c0 = i32x4.add(i32x4.splat(<i32>block), i32x4(0, 1, 2, 3));
    let c1 = i32x4.splat(<i32>(block >> 32));
    let c2 = i32x4.splat(step);
    let c3 = i32x4.splat(stream);
    let d0 = i32x4.add(i32x4.splat(<i32>(block + 4)), i32x4(0, 1, 2, 3));
    let d1 = i32x4.splat(<i32>((block + 4) >> 32));
    let d2 = c2;
    let d3 = c3;
    for (let r = 0; r < 10; r++) {
      const p = i64x2.extmul_low_i32x4_u(c0, m0);
      const q = i64x2.extmul_high_i32x4_u(c0, m0);
      const u = i64x2.extmul_low_i32x4_u(c2, m1);
      const v = i64x2.extmul_high_i32x4_u(c2, m1);
      const p2 = i64x2.extmul_low_i32x4_u(d0, m0);
      const q2 = i64x2.extmul_high_i32x4_u(d0, m0);
      const u2 = i64x2.extmul_low_i32x4_u(d2, m1);
      const v2 = i64x2.extmul_high_i32x4_u(d2, m1);
      c0 = v128.xor(v128.xor(c1, k0), high(u, v));
      c1 = low(u, v);
      c2 = v128.xor(v128.xor(c3, k1), high(p, q));
      c3 = low(p, q);
      d0 = v128.xor(v128.xor(d1, k0), high(u2, v2));
      d1 = low(u2, v2);
      d2 = v128.xor(v128.xor(d3, k1), high(p2, q2));
      d3 = low(p2, q2);
      k0 = i32x4.add(k0, i32x4.splat(0x9e3779b9));
      k1 = i32x4.add(k1, i32x4.splat(0xbb67ae85));
    }
    pair32(c0, c1, out);
    pair32(c2, c3, out + 32);
    if (groups === 1) return;
    pair32(d0, d1, out + 64);
    pair32(d2, d3, out + 96);
  }
}
