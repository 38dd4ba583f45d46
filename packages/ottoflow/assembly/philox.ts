// Philox4x32-10 on four counters at once; one group of kernels/philox.ts per turn. Normals in float32 are in normals32.ts.
import { add, mul, S, sub } from "./lanes64";
import { cosKernel, logNormal, sinKernel } from "./simd";

// The engine makes vector constants anew in every turn of a loop, by three instructions each; reading them is one. Sixteen bytes apart:
// the multipliers, the numbers of the blocks of two groups, the increments of the keys.
export const W: usize = memory.data<u32>([0xd2511f53, 0xd2511f53, 0xd2511f53, 0xd2511f53, 0xcd9e8d57, 0xcd9e8d57, 0xcd9e8d57, 0xcd9e8d57, 0, 1, 2, 3, 4, 5, 6, 7, 0x9e3779b9, 0x9e3779b9, 0x9e3779b9, 0x9e3779b9, 0xbb67ae85, 0xbb67ae85, 0xbb67ae85, 0xbb67ae85], 16);

// words of two successive groups: lane l of A_j is word j of block l of the first, B_j of the second. Two at a time hide the latency of the products.
let A0: v128 = i64x2.splat(0);
let A1: v128 = i64x2.splat(0);
let A2: v128 = i64x2.splat(0);
let A3: v128 = i64x2.splat(0);
let B0: v128 = i64x2.splat(0);
let B1: v128 = i64x2.splat(0);
let B2: v128 = i64x2.splat(0);
let B3: v128 = i64x2.splat(0);

// low and high words of four products in two vectors
// @ts-ignore: decorator
@inline
export function low(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 0, 2, 4, 6);
}
// @ts-ignore: decorator
@inline
export function high(a: v128, b: v128): v128 {
  return v128.shuffle<i32>(a, b, 1, 3, 5, 7);
}
// Two rounds of which half the products are the same for all blocks: step and stream are, and so is the high word of the block.
// What all blocks of a call share after them; made anew where the high word changes.
let U0: v128 = i64x2.splat(0);
let U2: v128 = i64x2.splat(0);
let U3: v128 = i64x2.splat(0);
let V2: v128 = i64x2.splat(0);
function shareRounds(block: u64, step: u32, stream: u32, key0: u32, key1: u32): void {
  const product = 0xcd9e8d57 * <u64>step;
  const c0 = <u32>(product >> 32) ^ <u32>(block >> 32) ^ key0;
  const second = 0xd2511f53 * <u64>c0;
  U2 = i32x4.splat(stream ^ key1);
  U0 = i32x4.splat(<u32>product ^ (key0 + 0x9e3779b9));
  V2 = i32x4.splat(<u32>(second >> 32) ^ (key1 + 0xbb67ae85));
  U3 = i32x4.splat(<u32>second);
}
// @ts-ignore: decorator
@inline
function rounds(block: u64, key0: u32, key1: u32): void {
  let k0 = i32x4.splat(key0 + 2 * 0x9e3779b9);
  let k1 = i32x4.splat(key1 + 2 * 0xbb67ae85);
  const m0 = v128.load(W);
  const m1 = v128.load(W, 16);
  const first = i32x4.splat(<i32>block);
  const a = i32x4.add(first, v128.load(W, 32));
  const b = i32x4.add(first, v128.load(W, 48));
  let p = i64x2.extmul_low_i32x4_u(a, m0);
  let q = i64x2.extmul_high_i32x4_u(a, m0);
  let p2 = i64x2.extmul_low_i32x4_u(b, m0);
  let q2 = i64x2.extmul_high_i32x4_u(b, m0);
  let a2 = v128.xor(U2, high(p, q));
  let b2 = v128.xor(U2, high(p2, q2));
  let a3 = low(p, q);
  let b3 = low(p2, q2);
  let u = i64x2.extmul_low_i32x4_u(a2, m1);
  let v = i64x2.extmul_high_i32x4_u(a2, m1);
  let u2 = i64x2.extmul_low_i32x4_u(b2, m1);
  let v2 = i64x2.extmul_high_i32x4_u(b2, m1);
  let a0 = v128.xor(U0, high(u, v));
  let b0 = v128.xor(U0, high(u2, v2));
  let a1 = low(u, v);
  let b1 = low(u2, v2);
  a2 = v128.xor(V2, a3);
  b2 = v128.xor(V2, b3);
  a3 = U3;
  b3 = U3;
  for (let r = 2; r < 10; r++) {
    p = i64x2.extmul_low_i32x4_u(a0, m0);
    q = i64x2.extmul_high_i32x4_u(a0, m0);
    u = i64x2.extmul_low_i32x4_u(a2, m1);
    v = i64x2.extmul_high_i32x4_u(a2, m1);
    p2 = i64x2.extmul_low_i32x4_u(b0, m0);
    q2 = i64x2.extmul_high_i32x4_u(b0, m0);
    u2 = i64x2.extmul_low_i32x4_u(b2, m1);
    v2 = i64x2.extmul_high_i32x4_u(b2, m1);
    a0 = v128.xor(v128.xor(a1, k0), high(u, v));
    a1 = low(u, v);
    a2 = v128.xor(v128.xor(a3, k1), high(p, q));
    a3 = low(p, q);
    b0 = v128.xor(v128.xor(b1, k0), high(u2, v2));
    b1 = low(u2, v2);
    b2 = v128.xor(v128.xor(b3, k1), high(p2, q2));
    b3 = low(p2, q2);
    k0 = i32x4.add(k0, v128.load(W, 64));
    k1 = i32x4.add(k1, v128.load(W, 80));
  }
  A0 = a0;
  A1 = a1;
  A2 = a2;
  A3 = a3;
  B0 = b0;
  B1 = b1;
  B2 = b2;
  B3 = b3;
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

// @ts-ignore: decorator
@inline
function uniforms(w0: v128, w1: v128, w2: v128, w3: v128, out: usize): void {
  v128.store(out, uniform(w0, w1));
  v128.store(out, uniform(upper(w0), upper(w1)), 16);
  v128.store(out, uniform(w2, w3), 32);
  v128.store(out, uniform(upper(w2), upper(w3)), 48);
}
/** `groups` groups of eight uniforms, from group `first` on */
export function philoxUniforms(key0: u32, key1: u32, stream: u32, step: u32, first: f64, groups: i32, out: usize): void {
  let block = <u64>first << 2;
  shareRounds(block, step, stream, key0, key1);
  while (groups > 0) {
    if (<u32>block === 0) shareRounds(block, step, stream, key0, key1);
    rounds(block, key0, key1);
    uniforms(A0, A1, A2, A3, out);
    block += 4;
    out += 64;
    if (--groups === 0 || <u32>block === 0) continue;
    uniforms(B0, B1, B2, B3, out);
    block += 4;
    out += 64;
    groups--;
  }
}

// words b carry two sign bits below the 53 bits of the angle
// @ts-ignore: decorator
@inline
function pair(u1: v128, u2: v128, b: v128, out: usize): void {
  const radius = f64x2.sqrt(f64x2.neg(logNormal(sub(S(1.0), u1))));
  const angle = mul(sub(u2, S(0.5)), S(Math.PI / 2.0));
  const s = sinKernel(angle, S(0.0));
  const c = cosKernel(angle, S(0.0));
  const bits = i64x2.extend_low_i32x4_u(b);
  v128.store(out, v128.xor(mul(radius, sub(c, s)), i64x2.shl(bits, 63)));
  v128.store(out, v128.xor(mul(radius, add(c, s)), i64x2.shl(i64x2.shr_u(bits, 1), 63)), 32);
}
// @ts-ignore: decorator
@inline
function normals(w0: v128, w1: v128, w2: v128, w3: v128, out: usize): void {
  pair(uniform(w0, w1), uniform(w2, w3), w3, out);
  pair(uniform(upper(w0), upper(w1)), uniform(upper(w2), upper(w3)), upper(w3), out + 16);
}
/** `groups` groups of eight standard normals, from group `first` on */
export function philoxNormals(key0: u32, key1: u32, stream: u32, step: u32, first: f64, groups: i32, out: usize): void {
  let block = <u64>first << 2;
  shareRounds(block, step, stream, key0, key1);
  while (groups > 0) {
    if (<u32>block === 0) shareRounds(block, step, stream, key0, key1);
    rounds(block, key0, key1);
    normals(A0, A1, A2, A3, out);
    block += 4;
    out += 64;
    if (--groups === 0 || <u32>block === 0) continue;
    normals(B0, B1, B2, B3, out);
    block += 4;
    out += 64;
    groups--;
  }
}
