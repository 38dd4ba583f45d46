// Float32 normals of kernels/philox.ts, up to ROOM groups of sixteen at a time, in passes that keep many independent lanes in flight:
// the engine does not reorder across a dependency, and a row of products or of roots waits for itself. What a pass leaves for the next
// stands in the thread's scratch: keys, what blocks share over all steps, words and, in their place, normals.
import { add, mul, sub } from "./lanes32";
import { high, low, W } from "./philox";

// Bits and numbers that are read like W there, sixteen bytes apart.
const B: usize = memory.data<u32>([0x0f800000, 0x0f800000, 0x0f800000, 0x0f800000, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0x3f3504f3, 0xff800000, 0xff800000, 0xff800000, 0xff800000, 0x80000000, 0x80000000, 0x80000000, 0x80000000], 16);
const C: usize = memory.data<f32>([0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 0.6666668506, 0.6666668506, 0.6666668506, 0.6666668506, 0.3998877067, 0.3998877067, 0.3998877067, 0.3998877067, 0.2958039828, 0.2958039828, 0.2958039828, 0.2958039828, -8.262958317573066e-8, -8.262958317573066e-8, -8.262958317573066e-8, -8.262958317573066e-8, 3.657295198167899e-10, 3.657295198167899e-10, 3.657295198167899e-10, 3.657295198167899e-10, -1.9515295891e-4, -1.9515295891e-4, -1.9515295891e-4, -1.9515295891e-4, 8.3321608736e-3, 8.3321608736e-3, 8.3321608736e-3, 8.3321608736e-3, -1.6666654611e-1, -1.6666654611e-1, -1.6666654611e-1, -1.6666654611e-1], 16);

/** groups that the scratch has room for: a block of 256 numbers that begins anywhere */
export const ROOM: i32 = 20;
/** bytes of the keys of rounds 3 to 7, of the words or normals of a row, and of what its blocks share over all steps */
export const KEYS: usize = 160;
export const WORDS: usize = 64 * ROOM;
export const SHARED: usize = 48 * ROOM;

/** keys of the rounds from the third on */
export function roundKeys(key0: u32, key1: u32, keys: usize): void {
  for (let r: u32 = 0; r < 5; r++) {
    v128.store(keys + (<usize>r << 5), i32x4.splat(key0 + (r + 2) * 0x9e3779b9));
    v128.store(keys + (<usize>r << 5), i32x4.splat(key1 + (r + 2) * 0xbb67ae85), 16);
  }
}
/**
 * The products of the first two rounds depend on the block alone or on the step alone, since the counter keeps them in different words.
 * Those of the blocks, three vectors a group, from block `first` on.
 */
export function shareBlocks(first: u32, groups: i32, stream: u32, key1: u32, shared: usize): void {
  const m0 = v128.load(W);
  const m1 = v128.load(W, 16);
  const constant = i32x4.splat(stream ^ key1);
  for (const end = shared + <usize>groups * 48; shared < end; shared += 48, first += 4) {
    const a = i32x4.add(i32x4.splat(first), v128.load(W, 32));
    const p = i64x2.extmul_low_i32x4_u(a, m0);
    const q = i64x2.extmul_high_i32x4_u(a, m0);
    const b = v128.xor(constant, high(p, q));
    const u = i64x2.extmul_low_i32x4_u(b, m1);
    const v = i64x2.extmul_high_i32x4_u(b, m1);
    v128.store(shared, high(u, v));
    v128.store(shared, low(u, v), 16);
    v128.store(shared, low(p, q), 32);
  }
}
/** Words of `groups` groups at a step, `above` being the high word of their blocks. Four groups at a time hide the latency of the products. */
function words(groups: i32, above: u32, step: u32, key0: u32, key1: u32, keys: usize, shared: usize, out: usize): void {
  const product = 0xcd9e8d57 * <u64>step;
  const second = 0xd2511f53 * <u64>(<u32>(product >> 32) ^ above ^ key0);
  const s0 = i32x4.splat(<u32>product ^ (key0 + 0x9e3779b9));
  const s2 = i32x4.splat(<u32>(second >> 32) ^ (key1 + 0xbb67ae85));
  const s3 = i32x4.splat(<u32>second);
  const m0 = v128.load(W);
  const m1 = v128.load(W, 16);
  for (const end = out + (<usize>groups << 6); out < end; out += 256, shared += 192) {
    let a0 = v128.xor(v128.load(shared), s0), a1 = v128.load(shared, 16), a2 = v128.xor(v128.load(shared, 32), s2), a3 = s3;
    let b0 = v128.xor(v128.load(shared, 48), s0), b1 = v128.load(shared, 64), b2 = v128.xor(v128.load(shared, 80), s2), b3 = s3;
    let c0 = v128.xor(v128.load(shared, 96), s0), c1 = v128.load(shared, 112), c2 = v128.xor(v128.load(shared, 128), s2), c3 = s3;
    let d0 = v128.xor(v128.load(shared, 144), s0), d1 = v128.load(shared, 160), d2 = v128.xor(v128.load(shared, 176), s2), d3 = s3;
    for (let key = keys; key < keys + KEYS; key += 32) {
      const ap = i64x2.extmul_low_i32x4_u(a0, m0), aq = i64x2.extmul_high_i32x4_u(a0, m0), au = i64x2.extmul_low_i32x4_u(a2, m1), av = i64x2.extmul_high_i32x4_u(a2, m1);
      const bp = i64x2.extmul_low_i32x4_u(b0, m0), bq = i64x2.extmul_high_i32x4_u(b0, m0), bu = i64x2.extmul_low_i32x4_u(b2, m1), bv = i64x2.extmul_high_i32x4_u(b2, m1);
      const cp = i64x2.extmul_low_i32x4_u(c0, m0), cq = i64x2.extmul_high_i32x4_u(c0, m0), cu = i64x2.extmul_low_i32x4_u(c2, m1), cv = i64x2.extmul_high_i32x4_u(c2, m1);
      const dp = i64x2.extmul_low_i32x4_u(d0, m0), dq = i64x2.extmul_high_i32x4_u(d0, m0), du = i64x2.extmul_low_i32x4_u(d2, m1), dv = i64x2.extmul_high_i32x4_u(d2, m1);
      const k = v128.load(key), l = v128.load(key, 16);
      a0 = v128.xor(v128.xor(a1, k), high(au, av)), a1 = low(au, av), a2 = v128.xor(v128.xor(a3, l), high(ap, aq)), a3 = low(ap, aq);
      b0 = v128.xor(v128.xor(b1, k), high(bu, bv)), b1 = low(bu, bv), b2 = v128.xor(v128.xor(b3, l), high(bp, bq)), b3 = low(bp, bq);
      c0 = v128.xor(v128.xor(c1, k), high(cu, cv)), c1 = low(cu, cv), c2 = v128.xor(v128.xor(c3, l), high(cp, cq)), c3 = low(cp, cq);
      d0 = v128.xor(v128.xor(d1, k), high(du, dv)), d1 = low(du, dv), d2 = v128.xor(v128.xor(d3, l), high(dp, dq)), d3 = low(dp, dq);
    }
    v128.store(out, a0), v128.store(out, a1, 16), v128.store(out, a2, 32), v128.store(out, a3, 48);
    v128.store(out, b0, 64), v128.store(out, b1, 80), v128.store(out, b2, 96), v128.store(out, b3, 112);
    v128.store(out, c0, 128), v128.store(out, c1, 144), v128.store(out, c2, 160), v128.store(out, c3, 176);
    v128.store(out, d0, 192), v128.store(out, d1, 208), v128.store(out, d2, 224), v128.store(out, d3, 240);
  }
}

// (a / 2 + 1/2) 2^-31, rounded: in (0, 1], none subnormal
// @ts-ignore: decorator
@inline
function uniform(a: v128, half: v128, scale: v128): v128 {
  return i32x4.sub(add(f32x4.convert_i32x4_s(i32x4.shr_u(a, 1)), half), scale);
}
// 2^23 times the exponent of the nearest power of two
// @ts-ignore: decorator
@inline
function exponent(u: v128, root: v128, mask: v128): v128 {
  return v128.and(i32x4.sub(u, root), mask);
}
// r^2 = -log u = -k ln 2 - 2 atanh(s)
// @ts-ignore: decorator
@inline
function radius(e: v128, s: v128, z: v128, p: v128, ln2: v128, two: v128): v128 {
  return f32x4.sqrt(sub(mul(f32x4.convert_i32x4_s(e), ln2), mul(s, add(two, mul(z, p)))));
}
// a + z (b + z c)
// @ts-ignore: decorator
@inline
function parabola(z: v128, a: v128, b: v128, c: v128): v128 {
  return add(a, mul(z, add(b, mul(z, c))));
}
// @ts-ignore: decorator
@inline
function sine(t: v128, y: v128, a: v128, b: v128, c: v128): v128 {
  return add(mul(mul(parabola(y, a, b, c), y), t), t);
}
/** Words to normals in their place, two groups at a time: each pair of words gives two by Box and Muller. */
function polar(groups: i32, out: usize): void {
  for (const end = out + (<usize>groups << 6); out < end; out += 128) {
    const a0 = v128.load(out), a1 = v128.load(out, 32), a2 = v128.load(out, 64), a3 = v128.load(out, 96);
    const b0 = v128.load(out, 16), b1 = v128.load(out, 48), b2 = v128.load(out, 80), b3 = v128.load(out, 112);
    const half = v128.load(C), scale = v128.load(B);
    const u0 = uniform(a0, half, scale), u1 = uniform(a1, half, scale), u2 = uniform(a2, half, scale), u3 = uniform(a3, half, scale);
    const root = v128.load(B, 16), mask = v128.load(B, 32), one = v128.load(C, 16);
    const e0 = exponent(u0, root, mask), e1 = exponent(u1, root, mask), e2 = exponent(u2, root, mask), e3 = exponent(u3, root, mask);
    const f0 = sub(i32x4.sub(u0, e0), one), f1 = sub(i32x4.sub(u1, e1), one), f2 = sub(i32x4.sub(u2, e2), one), f3 = sub(i32x4.sub(u3, e3), one);
    const two = v128.load(C, 32), turn = v128.load(C, 112);
    const s0 = f32x4.div(f0, add(two, f0)), s1 = f32x4.div(f1, add(two, f1)), s2 = f32x4.div(f2, add(two, f2)), s3 = f32x4.div(f3, add(two, f3));
    // angles within pi/4
    const t0 = mul(f32x4.convert_i32x4_s(i32x4.shl(b0, 2)), turn), t1 = mul(f32x4.convert_i32x4_s(i32x4.shl(b1, 2)), turn);
    const t2 = mul(f32x4.convert_i32x4_s(i32x4.shl(b2, 2)), turn), t3 = mul(f32x4.convert_i32x4_s(i32x4.shl(b3, 2)), turn);
    const z0 = mul(s0, s0), z1 = mul(s1, s1), z2 = mul(s2, s2), z3 = mul(s3, s3);
    const y0 = mul(t0, t0), y1 = mul(t1, t1), y2 = mul(t2, t2), y3 = mul(t3, t3);
    const L2 = v128.load(C, 80), L1 = v128.load(C, 64), L0 = v128.load(C, 48);
    const S2 = v128.load(C, 128), S1 = v128.load(C, 144), S0 = v128.load(C, 160);
    const ln2 = v128.load(C, 96);
    const r0 = radius(e0, s0, z0, parabola(z0, L0, L1, L2), ln2, two), r1 = radius(e1, s1, z1, parabola(z1, L0, L1, L2), ln2, two);
    const r2 = radius(e2, s2, z2, parabola(z2, L0, L1, L2), ln2, two), r3 = radius(e3, s3, z3, parabola(z3, L0, L1, L2), ln2, two);
    const n0 = sine(t0, y0, S0, S1, S2), n1 = sine(t1, y1, S0, S1, S2), n2 = sine(t2, y2, S0, S1, S2), n3 = sine(t3, y3, S0, S1, S2);
    const c0 = f32x4.sqrt(sub(one, mul(n0, n0))), c1 = f32x4.sqrt(sub(one, mul(n1, n1)));
    const c2 = f32x4.sqrt(sub(one, mul(n2, n2))), c3 = f32x4.sqrt(sub(one, mul(n3, n3)));
    const sign = v128.load(B, 48);
    v128.store(out, v128.xor(mul(r0, sub(c0, n0)), v128.and(b0, sign)));
    v128.store(out, v128.xor(mul(r0, add(c0, n0)), v128.and(i32x4.shl(b0, 1), sign)), 16);
    v128.store(out, v128.xor(mul(r1, sub(c1, n1)), v128.and(b1, sign)), 32);
    v128.store(out, v128.xor(mul(r1, add(c1, n1)), v128.and(i32x4.shl(b1, 1), sign)), 48);
    v128.store(out, v128.xor(mul(r2, sub(c2, n2)), v128.and(b2, sign)), 64);
    v128.store(out, v128.xor(mul(r2, add(c2, n2)), v128.and(i32x4.shl(b2, 1), sign)), 80);
    v128.store(out, v128.xor(mul(r3, sub(c3, n3)), v128.and(b3, sign)), 96);
    v128.store(out, v128.xor(mul(r3, add(c3, n3)), v128.and(i32x4.shl(b3, 1), sign)), 112);
  }
}
/** Normals of `groups` <= ROOM groups whose blocks have the high word `above`, filled up to a multiple of four groups. */
export function normals32(groups: i32, above: u32, step: u32, key0: u32, key1: u32, keys: usize, shared: usize, out: usize): void {
  words(groups, above, step, key0, key1, keys, shared, out);
  polar(groups, out);
}

/** `groups` groups of sixteen float32 normals, from group `first` on. Seven rounds: the fewest that pass every test of [salmon2011]. */
export function philoxNormals32(key0: u32, key1: u32, stream: u32, step: u32, first: f64, groups: i32, out: usize, scratch: usize): void {
  const shared = scratch + KEYS;
  const row = shared + SHARED;
  roundKeys(key0, key1, scratch);
  let block = <u64>first << 2;
  while (groups > 0) {
    // blocks of one turn have the same high word
    const some = min(groups, <i32>min<u64>((0x100000000 - (block & 0xffffffff)) >> 2, <u64>ROOM));
    shareBlocks(<u32>block, some, stream, key1, shared);
    normals32(some, <u32>(block >> 32), step, key0, key1, scratch, shared, row);
    for (let from = row, end = row + (<usize>some << 6); from < end; from += 16, out += 16) v128.store(out, v128.load(from));
    block += <u64>some << 2;
    groups -= some;
  }
}
