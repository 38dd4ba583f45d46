// Sums of Gibbs kernels over pairs, see transport/entropic/pairs.ts. Rows stand in groups that share one list of runs of columns; a group
// gathers its columns once, then every row works on contiguous buffers: costs, powers of two, sums; one exponential a pair and iteration.
import { exp as expScalar, log as logScalar } from "../math/exponential";
import { pow } from "../simd";

const LOG2E: f64 = 1.4426950408889634;
const ROUND: f64 = 6755399441055744.0;
const CHUNK: i32 = 1024;

// what stands at the words of a descriptor
// @ts-ignore: decorator
@inline
function word(D: usize, k: usize): i32 {
  return load<i32>(D + (k << 2));
}
// @ts-ignore: decorator
@inline
function address(D: usize, k: usize): usize {
  return <usize>load<u32>(D + (k << 2));
}
const FORM: usize = 0;
const DIM: usize = 1;
const ROWS: usize = 2;
const X: usize = 3;
const X_STRIDE: usize = 4;
const Y: usize = 5;
const Y_STRIDE: usize = 6;
const TABLE: usize = 7;
const GROUP: usize = 8;
const START: usize = 9;
const FROM: usize = 10;
const TO: usize = 11;
const ROOM: usize = 12; // f64 [(d + 5) * y stride]

// 2^z to 3e-16, relative; exactly 0 below 2^-1020
// @ts-ignore: decorator
@inline
function exp2(z: v128): v128 {
  const t = f64x2.add(z, f64x2.splat(ROUND));
  const r = f64x2.sub(z, f64x2.sub(t, f64x2.splat(ROUND)));
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const a = f64x2.add(f64x2.splat(1.0), f64x2.mul(r, f64x2.splat(0.69314718055995)));
  const b = f64x2.add(f64x2.splat(0.24022650695910097), f64x2.mul(r, f64x2.splat(0.05550410866444772)));
  const c = f64x2.add(f64x2.splat(0.009618129107606888), f64x2.mul(r, f64x2.splat(0.0013333558230164974)));
  const e = f64x2.add(f64x2.splat(0.0001540353044173605), f64x2.mul(r, f64x2.splat(1.5252657260200837e-5)));
  const g = f64x2.add(f64x2.splat(1.321544258792169e-6), f64x2.mul(r, f64x2.splat(1.0208690299958306e-7)));
  const high = f64x2.add(f64x2.add(e, f64x2.mul(r2, g)), f64x2.mul(r4, f64x2.splat(7.072585949269223e-9)));
  const p = f64x2.add(f64x2.add(a, f64x2.mul(r2, b)), f64x2.mul(r4, f64x2.add(c, f64x2.mul(r2, high))));
  const y = i64x2.add(p, i64x2.shl(t, 52));
  return v128.and(y, f64x2.ge(z, f64x2.splat(-1020.0)));
}

// columns of the group's runs, one after the other: d coordinates and exponents; the number of columns
function gather(D: usize, group: i32, G: usize, coordinates: usize, exponents: usize): i32 {
  const d = word(D, DIM);
  const stride = <usize>word(D, Y_STRIDE);
  const y = address(D, Y);
  const first = load<i32>(address(D, START) + (<usize>group << 2));
  const last = load<i32>(address(D, START) + (<usize>(group + 1) << 2));
  let count = 0;
  for (let r = first; r < last; r++) {
    const from = load<i32>(address(D, FROM) + (<usize>r << 2));
    const bytes = <usize>(load<i32>(address(D, TO) + (<usize>r << 2)) - from) << 3;
    const at = <usize>count << 3;
    for (let k = 0; k < d; k++) {
      const source = y + ((<usize>k * stride + <usize>from) << 3);
      const target = coordinates + ((<usize>k * stride) << 3) + at;
      for (let o: usize = 0; o < bytes; o += 16) v128.store(target + o, v128.load(source + o));
    }
    if (G) {
      const source = G + (<usize>from << 3);
      for (let o: usize = 0; o < bytes; o += 16) v128.store(exponents + at + o, v128.load(source + o));
    }
    count += i32(bytes >> 3);
  }
  return count;
}
// target over the runs (+)= buffer
function scatter(D: usize, group: i32, buffer: usize, target: usize): void {
  const first = load<i32>(address(D, START) + (<usize>group << 2));
  const last = load<i32>(address(D, START) + (<usize>(group + 1) << 2));
  for (let r = first; r < last; r++) {
    const from = load<i32>(address(D, FROM) + (<usize>r << 2));
    const to = load<i32>(address(D, TO) + (<usize>r << 2));
    const end = target + (<usize>to << 3);
    for (let q = target + (<usize>from << 3); q < end; q += 16, buffer += 16) v128.store(q, f64x2.add(v128.load(q), v128.load(buffer)));
  }
}
function scatterLeast(D: usize, group: i32, buffer: usize, target: usize): void {
  const first = load<i32>(address(D, START) + (<usize>group << 2));
  const last = load<i32>(address(D, START) + (<usize>(group + 1) << 2));
  for (let r = first; r < last; r++) {
    const from = load<i32>(address(D, FROM) + (<usize>r << 2));
    const to = load<i32>(address(D, TO) + (<usize>r << 2));
    const end = target + (<usize>to << 3);
    for (let q = target + (<usize>from << 3); q < end; q += 16, buffer += 16) v128.store(q, f64x2.pmin(v128.load(q), v128.load(buffer)));
  }
}
function fill(buffer: usize, count: i32, value: f64): void {
  const v = f64x2.splat(value);
  const end = buffer + (<usize>count << 3);
  for (; buffer < end; buffer += 16) v128.store(buffer, v);
}

// c[0..count) of one row against gathered columns `at` .. `at + count`
function costs(D: usize, power: f64, group: i32, i: i32, at: i32, count: i32, coordinates: usize, c: usize): void {
  const form = word(D, FORM);
  if (form === 2) {
    tableCosts(D, group, i, at, count, c);
    return;
  }
  const d = word(D, DIM);
  const stride = <usize>word(D, Y_STRIDE) << 3;
  const xs = <usize>word(D, X_STRIDE);
  const x = address(D, X) + (<usize>i << 3);
  let y = coordinates + (<usize>at << 3);
  const end = c + (<usize>count << 3);
  if (d === 2) {
    const x0 = v128.load64_splat(x);
    const x1 = v128.load64_splat(x + (xs << 3));
    for (let q = c; q < end; q += 32, y += 32) {
      const r0 = f64x2.sub(x0, v128.load(y));
      const r1 = f64x2.sub(x1, v128.load(y + stride));
      const s0 = f64x2.sub(x0, v128.load(y, 16));
      const s1 = f64x2.sub(x1, v128.load(y + stride, 16));
      v128.store(q, f64x2.add(f64x2.mul(r0, r0), f64x2.mul(r1, r1)));
      v128.store(q, f64x2.add(f64x2.mul(s0, s0), f64x2.mul(s1, s1)), 16);
    }
  } else {
    for (let k = 0; k < d; k++) {
      const xk = v128.load64_splat(x + ((<usize>k * xs) << 3));
      let yk = y + <usize>k * stride;
      if (k === 0)
        for (let q = c; q < end; q += 16, yk += 16) {
          const r = f64x2.sub(xk, v128.load(yk));
          v128.store(q, f64x2.mul(r, r));
        }
      else
        for (let q = c; q < end; q += 16, yk += 16) {
          const r = f64x2.sub(xk, v128.load(yk));
          v128.store(q, f64x2.add(v128.load(q), f64x2.mul(r, r)));
        }
    }
  }
  if (form === 1) for (let q = c; q < end; q += 16) v128.store(q, f64x2.sqrt(v128.load(q)));
  else if (form === 3) {
    const half = f64x2.splat(0.5 * power);
    for (let q = c; q < end; q += 16) {
      const s = v128.load(q);
      v128.store(q, v128.and(pow(s, half), f64x2.gt(s, f64x2.splat(0.0))));
    }
  }
}
function tableCosts(D: usize, group: i32, i: i32, at: i32, count: i32, c: usize): void {
  const row = address(D, TABLE) + ((<usize>i * <usize>word(D, Y_STRIDE)) << 3);
  const first = load<i32>(address(D, START) + (<usize>group << 2));
  const last = load<i32>(address(D, START) + (<usize>(group + 1) << 2));
  let seen = 0;
  for (let r = first; r < last && seen < at + count; r++) {
    const from = load<i32>(address(D, FROM) + (<usize>r << 2));
    const length = load<i32>(address(D, TO) + (<usize>r << 2)) - from;
    const lo = max(at, seen);
    const hi = min(at + count, seen + length);
    for (let k = lo; k < hi; k += 2) v128.store(c + (<usize>(k - at) << 3), v128.load(row + (<usize>(from + k - seen) << 3)));
    seen += length;
  }
}

// @ts-ignore: decorator
@inline
function fold(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

let paid: f64 = 0.0;
// e_j = 2^(Fi + G_j - kappa c_ij); their sum, and sum e c in `paid`
function row(D: usize, power: f64, group: i32, i: i32, count: i32, coordinates: usize, exponents: usize, c: usize, e: usize, kappa: f64, Fi: f64): f64 {
  const k = f64x2.splat(kappa);
  const F = f64x2.splat(Fi);
  const top = f64x2.splat(1000.0);
  let sum = 0.0;
  paid = 0.0;
  for (let at = 0; at < count; at += CHUNK) {
    const length = min(CHUNK, count - at);
    costs(D, power, group, i, at, length, coordinates, c);
    let s0 = f64x2.splat(0.0);
    let s1 = s0;
    let p0 = s0;
    let p1 = s0;
    let g = exponents + (<usize>at << 3);
    let o = e + (<usize>at << 3);
    const end = c + (<usize>length << 3);
    for (let q = c; q < end; q += 32, g += 32, o += 32) {
      const c0 = v128.load(q);
      const c1 = v128.load(q, 16);
      const e0 = exp2(f64x2.pmin(f64x2.sub(f64x2.add(v128.load(g), F), f64x2.mul(c0, k)), top));
      const e1 = exp2(f64x2.pmin(f64x2.sub(f64x2.add(v128.load(g, 16), F), f64x2.mul(c1, k)), top));
      v128.store(o, e0);
      v128.store(o, e1, 16);
      s0 = f64x2.add(s0, e0);
      s1 = f64x2.add(s1, e1);
      p0 = f64x2.add(p0, f64x2.mul(e0, f64x2.pmin(c0, f64x2.splat(1e300))));
      p1 = f64x2.add(p1, f64x2.mul(e1, f64x2.pmin(c1, f64x2.splat(1e300))));
    }
    sum += fold(f64x2.add(s0, s1));
    paid += fold(f64x2.add(p0, p1));
  }
  return sum;
}
// the largest exponent of a row without Fi
function highest(D: usize, power: f64, group: i32, i: i32, count: i32, coordinates: usize, exponents: usize, c: usize, kappa: f64): f64 {
  let best = f64x2.splat(-Infinity);
  const k = f64x2.splat(kappa);
  for (let at = 0; at < count; at += CHUNK) {
    const length = min(CHUNK, count - at);
    costs(D, power, group, i, at, length, coordinates, c);
    let g = exponents + (<usize>at << 3);
    const end = c + (<usize>length << 3);
    for (let q = c; q < end; q += 16, g += 16) best = f64x2.pmax(best, f64x2.sub(v128.load(g), f64x2.mul(v128.load(q), k)));
  }
  return max(f64x2.extract_lane(best, 0), f64x2.extract_lane(best, 1));
}
// col (+)= scale e; and in float32 to E
function accumulate(count: i32, scale: f64, e: usize, col: usize): void {
  const s = f64x2.splat(scale);
  const end = e + (<usize>count << 3);
  for (; e < end; e += 32, col += 32) {
    v128.store(col, f64x2.add(v128.load(col), f64x2.mul(s, v128.load(e))));
    v128.store(col, f64x2.add(v128.load(col, 16), f64x2.mul(s, v128.load(e, 16))), 16);
  }
}
function keep(count: i32, scale: f64, e: usize, E: usize): void {
  const s = f64x2.splat(scale);
  const end = e + (<usize>count << 3);
  for (; e < end; e += 32, E += 16) {
    const a = f32x4.demote_f64x2_zero(f64x2.mul(s, v128.load(e)));
    const b = f32x4.demote_f64x2_zero(f64x2.mul(s, v128.load(e, 16)));
    const both = i64x2.shuffle(a, b, 0, 2);
    // entries whose products would be denormal are none
    v128.store(E, v128.and(both, f32x4.ge(both, f32x4.splat(1e-20))));
  }
}

/*
 * One pass over the pairs of groups first .. last. P_ij = a_i 2^(kappa f_i + G_j - kappa c_ij) with kappa = log2(e) / epsilon and
 * G_j = kappa g_j + log2 b_j. Where `update`: f_i <- min(cap, (1 - omega) f_i + omega tau (f_i - epsilon log s_i)), s_i the sum of the row over a_i.
 * Out, all at the new f: ratio_i = (P 1)_i / a_i, pay_i = sum_j P_ij c_ij, col_j += (P' 1)_j, and P_ij / a_i in float32 where E is given.
 * Sums of P over groups of rows and as many columns go to coarse, block after block of the runs, where that is given.
 * Returns how many rows left the range of float64 and were taken again from their largest exponent.
 */
export function sweep(
  D: usize, power: f64, first: i32, last: i32, kappa: f64, f: usize, G: usize, a: usize, update: i32, omega: f64, tau: f64, cap: f64,
  ratio: usize, pay: usize, col: usize, E: usize, offset: usize, coarse: usize, place: usize,
): i32 {
  const stride = <usize>word(D, Y_STRIDE) << 3;
  const rows = word(D, ROWS);
  const size = word(D, GROUP);
  const coordinates = address(D, ROOM);
  const exponents = coordinates + <usize>word(D, DIM) * stride;
  const e = exponents + stride;
  const buffer = e + stride;
  const c = buffer + stride;
  const epsilon = LOG2E / kappa;
  let redone = 0;
  for (let group = first; group < last; group++) {
    const count = gather(D, group, G, coordinates, exponents);
    if (col) fill(buffer, count, 0.0);
    let store: usize = E ? E + (<usize>load<u32>(offset + (<usize>group << 2)) << 2) : 0;
    const until = min(rows, (group + 1) * size);
    for (let i = group * size; i < until; i++) {
      const at = <usize>i << 3;
      let old = load<f64>(f + at);
      let s = row(D, power, group, i, count, coordinates, exponents, c, e, kappa, old * kappa);
      let w = 1.0;
      if (update) {
        let step = omega;
        if (!(s > 1e-280 && s < 1e280)) {
          redone++;
          const top = highest(D, power, group, i, count, coordinates, exponents, c, kappa);
          if (top > -1e299) {
            step = 1.0;
            old = -top / kappa;
            s = row(D, power, group, i, count, coordinates, exponents, c, e, kappa, old * kappa);
          } else step = 0.0; // no pair is allowed here
        }
        const target = tau * (old - epsilon * logScalar(s));
        const fresh = step === 0.0 ? old : min(cap, step === 1.0 ? target : old + step * (target - old));
        store64(f + at, fresh);
        w = expScalar((fresh - old) / epsilon);
      }
      const ai = load<f64>(a + at);
      store64(ratio + at, s * w);
      store64(pay + at, ai * w * paid);
      if (col) accumulate(count, ai * w, e, buffer);
      if (store) {
        keep(count, w, e, store);
        store += <usize>count << 2;
      }
    }
    if (col) scatter(D, group, buffer, col);
    if (coarse) {
      let at = coarse + (<usize>load<u32>(place + (<usize>group << 2)) << 3);
      for (let k = 0; k < count; k += size, at += 8) {
        let t = f64x2.splat(0.0);
        const end = buffer + (<usize>(k + size) << 3);
        for (let q = buffer + (<usize>k << 3); q < end; q += 16) t = f64x2.add(t, v128.load(q));
        store64(at, fold(t));
      }
    }
  }
  return redone;
}
// @ts-ignore: decorator
@inline
function store64(at: usize, value: f64): void {
  store<f64>(at, value);
}

// col_j = min(col_j, c_ij - f_i) over the pairs of groups first .. last
export function transform(D: usize, power: f64, first: i32, last: i32, f: usize, col: usize): void {
  const stride = <usize>word(D, Y_STRIDE) << 3;
  const rows = word(D, ROWS);
  const size = word(D, GROUP);
  const coordinates = address(D, ROOM);
  const buffer = coordinates + (<usize>word(D, DIM) + 2) * stride;
  const c = buffer + stride;
  for (let group = first; group < last; group++) {
    const count = gather(D, group, 0, coordinates, 0);
    fill(buffer, count, Infinity);
    const until = min(rows, (group + 1) * size);
    for (let i = group * size; i < until; i++) {
      const F = v128.load64_splat(f + (<usize>i << 3));
      for (let at = 0; at < count; at += CHUNK) {
        const length = min(CHUNK, count - at);
        costs(D, power, group, i, at, length, coordinates, c);
        let b = buffer + (<usize>at << 3);
        const end = c + (<usize>length << 3);
        for (let q = c; q < end; q += 16, b += 16) v128.store(b, f64x2.pmin(v128.load(b), f64x2.sub(v128.load(q), F)));
      }
    }
    scatterLeast(D, group, buffer, col);
  }
}

// @ts-ignore: decorator
@inline
function fold32(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}
/*
 * With E_ij = P_ij / a_i stored by `sweep`: u = E v, out += E' (a u). v in float32 [y stride], u and out in float64. One pass over E.
 */
export function through(D: usize, first: i32, last: i32, E: usize, offset: usize, a: usize, v: usize, u: usize, out: usize): void {
  const rows = word(D, ROWS);
  const size = word(D, GROUP);
  const gathered = address(D, ROOM);
  const buffer = gathered + (<usize>word(D, Y_STRIDE) << 3);
  for (let group = first; group < last; group++) {
    const count = gather32(D, group, v, gathered);
    if (count === 0) {
      const none = min(rows, (group + 1) * size);
      for (let i = group * size; i < none; i++) store64(u + (<usize>i << 3), 0.0);
      continue;
    }
    const bytes = <usize>count << 2;
    for (let o: usize = 0; o < bytes; o += 16) v128.store(buffer + o, i32x4.splat(0));
    let store = E + (<usize>load<u32>(offset + (<usize>group << 2)) << 2);
    const until = min(rows, (group + 1) * size);
    let i = group * size;
    for (; i + 4 <= until; i += 4, store += bytes << 2) {
      const r1 = store + bytes;
      const r2 = r1 + bytes;
      const r3 = r2 + bytes;
      let s0 = f32x4.splat(0.0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      for (let o: usize = 0; o < bytes; o += 16) {
        const t = v128.load(gathered + o);
        s0 = f32x4.add(s0, f32x4.mul(t, v128.load(store + o)));
        s1 = f32x4.add(s1, f32x4.mul(t, v128.load(r1 + o)));
        s2 = f32x4.add(s2, f32x4.mul(t, v128.load(r2 + o)));
        s3 = f32x4.add(s3, f32x4.mul(t, v128.load(r3 + o)));
      }
      const at = <usize>i << 3;
      const u0 = <f64>fold32(s0);
      const u1 = <f64>fold32(s1);
      const u2 = <f64>fold32(s2);
      const u3 = <f64>fold32(s3);
      store64(u + at, u0);
      store64(u + at + 8, u1);
      store64(u + at + 16, u2);
      store64(u + at + 24, u3);
      const t0 = f32x4.splat(f32(u0 * load<f64>(a + at)));
      const t1 = f32x4.splat(f32(u1 * load<f64>(a + at + 8)));
      const t2 = f32x4.splat(f32(u2 * load<f64>(a + at + 16)));
      const t3 = f32x4.splat(f32(u3 * load<f64>(a + at + 24)));
      for (let o: usize = 0; o < bytes; o += 16) {
        const p = f32x4.add(f32x4.mul(t0, v128.load(store + o)), f32x4.mul(t1, v128.load(r1 + o)));
        const q = f32x4.add(f32x4.mul(t2, v128.load(r2 + o)), f32x4.mul(t3, v128.load(r3 + o)));
        v128.store(buffer + o, f32x4.add(v128.load(buffer + o), f32x4.add(p, q)));
      }
    }
    for (; i < until; i++, store += bytes) {
      let s0 = f32x4.splat(0.0);
      for (let o: usize = 0; o < bytes; o += 16) s0 = f32x4.add(s0, f32x4.mul(v128.load(gathered + o), v128.load(store + o)));
      const at = <usize>i << 3;
      const u0 = <f64>fold32(s0);
      store64(u + at, u0);
      const t0 = f32x4.splat(f32(u0 * load<f64>(a + at)));
      for (let o: usize = 0; o < bytes; o += 16) v128.store(buffer + o, f32x4.add(v128.load(buffer + o), f32x4.mul(t0, v128.load(store + o))));
    }
    scatter32(D, group, buffer, out);
  }
}
function gather32(D: usize, group: i32, v: usize, target: usize): i32 {
  const first = load<i32>(address(D, START) + (<usize>group << 2));
  const last = load<i32>(address(D, START) + (<usize>(group + 1) << 2));
  let count = 0;
  for (let r = first; r < last; r++) {
    const from = load<i32>(address(D, FROM) + (<usize>r << 2));
    const to = load<i32>(address(D, TO) + (<usize>r << 2));
    for (let q = from; q < to; q += 4, target += 16) v128.store(target, v128.load(v + (<usize>q << 2)));
    count += to - from;
  }
  return count;
}
function scatter32(D: usize, group: i32, buffer: usize, out: usize): void {
  const first = load<i32>(address(D, START) + (<usize>group << 2));
  const last = load<i32>(address(D, START) + (<usize>(group + 1) << 2));
  for (let r = first; r < last; r++) {
    const from = load<i32>(address(D, FROM) + (<usize>r << 2));
    const end = out + (<usize>load<i32>(address(D, TO) + (<usize>r << 2)) << 3);
    for (let q = out + (<usize>from << 3); q < end; q += 16, buffer += 8)
      v128.store(q, f64x2.add(v128.load(q), f64x2.promote_low_f32x4(v128.load64_zero(buffer))));
  }
}
// u_i = sum_j E_ij v_j for d rows of v in float64 [d * y stride]; u is [d * rows stride of x]
export function means(D: usize, power: f64, first: i32, last: i32, kappa: f64, f: usize, G: usize, d: i32, v: usize, u: usize): void {
  const stride = <usize>word(D, Y_STRIDE) << 3;
  const xs = <usize>word(D, X_STRIDE);
  const rows = word(D, ROWS);
  const size = word(D, GROUP);
  const coordinates = address(D, ROOM);
  const exponents = coordinates + <usize>word(D, DIM) * stride;
  const e = exponents + stride;
  const c = e + stride + stride;
  for (let group = first; group < last; group++) {
    const count = gather(D, group, G, coordinates, exponents);
    const until = min(rows, (group + 1) * size);
    for (let i = group * size; i < until; i++) {
      const at = <usize>i << 3;
      row(D, power, group, i, count, coordinates, exponents, c, e, kappa, load<f64>(f + at) * kappa);
      for (let k = 0; k < d; k++) store64(u + ((<usize>k * xs) << 3) + at, weighted(D, group, v + <usize>k * stride, e));
    }
  }
}
function weighted(D: usize, group: i32, v: usize, e: usize): f64 {
  const first = load<i32>(address(D, START) + (<usize>group << 2));
  const last = load<i32>(address(D, START) + (<usize>(group + 1) << 2));
  let s = f64x2.splat(0.0);
  for (let r = first; r < last; r++) {
    const from = load<i32>(address(D, FROM) + (<usize>r << 2));
    const end = v + (<usize>load<i32>(address(D, TO) + (<usize>r << 2)) << 3);
    for (let q = v + (<usize>from << 3); q < end; q += 16, e += 16) s = f64x2.add(s, f64x2.mul(v128.load(q), v128.load(e)));
  }
  return fold(s);
}
