// Passes of the planar multipole method, see kernels/multipole/passes.ts: the same operations in the same order. A complex number is one vector.
import { add, div, mul, S, sub } from "../lanes64";
import { log } from "../simd";

// @ts-ignore: decorator
@inline
function both(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}
// @ts-ignore: decorator
@inline
function f(p: usize, i: i32): f64 {
  return load<f64>(p + (<usize>i << 3));
}
// @ts-ignore: decorator
@inline
function whole(p: usize, i: i32): i32 {
  return load<i32>(p + (<usize>i << 2));
}
// (re + i im) z, the factor as `re` in both lanes and `im` with its sign turned in lane 0
// @ts-ignore: decorator
@inline
function times(re: v128, im: v128, z: v128): v128 {
  return add(mul(re, z), mul(im, v128.shuffle<i64>(z, z, 1, 0)));
}
// @ts-ignore: decorator
@inline
function product(a: v128, b: v128): v128 {
  const turned = v128.xor(v128.shuffle<i64>(a, a, 1, 1), f64x2(-0.0, 0.0));
  return add(mul(v128.shuffle<i64>(a, a, 0, 0), b), mul(turned, v128.shuffle<i64>(b, b, 1, 0)));
}
// 0 beyond the points of a node
// @ts-ignore: decorator
@inline
function inside(i: i32, end: i32): v128 {
  return both(i < end ? 1.0 : 0.0, i + 1 < end ? 1.0 : 0.0);
}

function pointsToMoments(P: i32, first: i32, count: i32, cx: f64, cy: f64, inverse: f64, px: usize, py: usize, pw: usize, m: usize): void {
  const x = S(cx);
  const y = S(cy);
  const scale = S(inverse);
  const stop = first + count;
  for (let i = first; i < stop; i += 4) {
    const at = <usize>i << 3;
    const a = mul(sub(v128.load(px + at), x), scale);
    const b = mul(sub(v128.load(py + at), y), scale);
    const c = mul(sub(v128.load(px + at, 16), x), scale);
    const d = mul(sub(v128.load(py + at, 16), y), scale);
    let r = mul(v128.load(pw + at), inside(i, stop));
    let s = S(0.0);
    let t = mul(v128.load(pw + at, 16), inside(i + 2, stop));
    let u = s;
    const end = m + (<usize>P << 4);
    for (let p = m; p < end; p += 16) {
      const re = add(r, t);
      const im = add(s, u);
      v128.store(p, add(v128.load(p), add(v128.shuffle<i64>(re, im, 0, 2), v128.shuffle<i64>(re, im, 1, 3))));
      const r1 = sub(mul(r, a), mul(s, b));
      s = add(mul(r, b), mul(s, a));
      r = r1;
      const t1 = sub(mul(t, c), mul(u, d));
      u = add(mul(t, d), mul(u, c));
      t = t1;
    }
  }
}
export function up(nodes: i32, P: i32, first: usize, count: usize, child: usize, cx: usize, cy: usize, size: usize, px: usize, py: usize, pw: usize, M: usize, scratch: usize): void {
  const row = <usize>P << 4;
  for (let i = nodes - 1; i >= 0; i--) {
    const m = M + <usize>i * row;
    memory.fill(m, 0, row);
    const c = whole(child, i);
    if (c === 0) {
      pointsToMoments(P, whole(first, i), whole(count, i), f(cx, i), f(cy, i), 1.0 / f(size, i), px, py, pw, m);
      continue;
    }
    for (let k = c; k < c + 2; k++) {
      const ratio = f(size, k) / f(size, i);
      let power = 1.0;
      for (let p: usize = 0; p < row; p += 16) {
        v128.store(scratch + p, mul(v128.load(M + <usize>k * row + p), S(power)));
        power *= ratio;
      }
      const re = S((f(cx, k) - f(cx, i)) / f(size, i));
      const y = (f(cy, k) - f(cy, i)) / f(size, i);
      const im = both(-y, y);
      for (let j: usize = 16; j < row; j += 16) {
        let here = v128.load(scratch + row - 16);
        for (let p = scratch + row - 16; p >= scratch + j; p -= 16) {
          const before = v128.load(p - 16);
          v128.store(p, add(here, times(re, im, before)));
          here = before;
        }
      }
      for (let p: usize = 0; p < row; p += 16) v128.store(m + p, add(v128.load(m + p), v128.load(scratch + p)));
    }
  }
}
// entries: target, source, orders of both; table: binomials in blocks of four rows; values: also the potential
export function across(
  entries: i32, list: usize, P: i32, values: i32, sx: usize, sy: usize, ssize: usize, M: usize, tx: usize, ty: usize, tsize: usize, L: usize, potential: usize, table: usize, parts: usize, scratch: usize,
): void {
  const row = <usize>P << 4;
  for (let e = 0; e < entries; e++, list += 16) {
    const t = load<i32>(list);
    const s = load<i32>(list, 4);
    const ks = load<i32>(list, 8);
    const ls = load<i32>(list, 12);
    const dx = f(tx, t) - f(sx, s);
    const dy = f(ty, t) - f(sy, s);
    const q = dx * dx + dy * dy;
    const u = both(dx / q, -dy / q);
    // four powers at a time
    const a = mul(u, S(f(ssize, s)));
    const a2 = product(a, a);
    const a4 = product(a2, a2);
    let p0 = f64x2(1.0, 0.0);
    let p1 = a;
    let p2 = a2;
    let p3 = product(a2, a);
    let m = M + <usize>s * row;
    let v = scratch;
    for (let k = 0; k < ks; k += 4, m += 64, v += 64) {
      v128.store(v, product(p0, v128.load(m)));
      v128.store(v, product(p1, v128.load(m, 16)), 16);
      v128.store(v, product(p2, v128.load(m, 32)), 32);
      v128.store(v, product(p3, v128.load(m, 48)), 48);
      p0 = product(p0, a4);
      p1 = product(p1, a4);
      p2 = product(p2, a4);
      p3 = product(p3, a4);
    }
    if (values) {
      let sum = 0.0;
      for (let k = 1; k < ks; k++) sum += load<f64>(scratch + (<usize>k << 4)) * f(parts, k);
      store<f64>(potential + (<usize>t << 3), f(potential, t) + (load<f64>(scratch) * (0.5 * log1(q)) - sum));
    }
    const b = mul(u, S(-f(tsize, t)));
    const b2 = product(b, b);
    const b4 = product(b2, b2);
    p0 = u;
    p1 = product(u, b);
    p2 = product(u, b2);
    p3 = product(p1, b2);
    let l = L + <usize>t * row;
    const end = scratch + (<usize>ks << 4);
    for (let k = 0; k < ls; k += 4, l += 64) {
      let c = table + (<usize>(k * P) << 3);
      let r0 = S(0.0);
      let r1 = r0;
      let r2 = r0;
      let r3 = r0;
      for (v = scratch; v < end; v += 16, c += 32) {
        const z = v128.load(v);
        r0 = add(r0, mul(v128.load64_splat(c), z));
        r1 = add(r1, mul(v128.load64_splat(c, 8), z));
        r2 = add(r2, mul(v128.load64_splat(c, 16), z));
        r3 = add(r3, mul(v128.load64_splat(c, 24), z));
      }
      v128.store(l, add(v128.load(l), product(p0, r0)));
      v128.store(l, add(v128.load(l, 16), product(p1, r1)), 16);
      v128.store(l, add(v128.load(l, 32), product(p2, r2)), 32);
      v128.store(l, add(v128.load(l, 48), product(p3, r3)), 48);
      p0 = product(p0, b4);
      p1 = product(p1, b4);
      p2 = product(p2, b4);
      p3 = product(p3, b4);
    }
  }
}
// @ts-ignore: decorator
@inline
function log1(q: f64): f64 {
  return f64x2.extract_lane(log(S(q)), 0);
}
function momentsToPoints(P: i32, values: i32, first: i32, count: i32, cx: f64, cy: f64, size: f64, px: usize, py: usize, l: usize, potential: f64, parts: usize, gx: usize, gy: usize): void {
  const x = S(cx);
  const y = S(cy);
  const scale = S(1.0 / size);
  const stop = first + count;
  for (let i = first; i < stop; i += 4) {
    const at = <usize>i << 3;
    const a = mul(sub(v128.load(px + at), x), scale);
    const b = mul(sub(v128.load(py + at), y), scale);
    const c = mul(sub(v128.load(px + at, 16), x), scale);
    const d = mul(sub(v128.load(py + at, 16), y), scale);
    let r = S(0.0);
    let s = r;
    let t = r;
    let u = r;
    for (let k = P - 1; k >= 0; k--) {
      const part = values ? f(parts, k + 1) : 1.0;
      const re = S(load<f64>(l + (<usize>k << 4)) * part);
      const im = S(load<f64>(l + (<usize>k << 4), 8) * part);
      const r1 = add(sub(mul(r, a), mul(s, b)), re);
      s = add(add(mul(r, b), mul(s, a)), im);
      r = r1;
      const t1 = add(sub(mul(t, c), mul(u, d)), re);
      u = add(add(mul(t, d), mul(u, c)), im);
      t = t1;
    }
    if (values) {
      const unit = S(size);
      r = add(S(potential), mul(unit, sub(mul(r, a), mul(s, b))));
      t = add(S(potential), mul(unit, sub(mul(t, c), mul(u, d))));
    }
    put(gx + at, stop - i, r, t);
    if (!values) put(gy + at, stop - i, f64x2.neg(s), f64x2.neg(u));
  }
}
// adds to the first `count` of four places
// @ts-ignore: decorator
@inline
function put(p: usize, count: i32, a: v128, b: v128): void {
  if (count >= 4) {
    v128.store(p, add(v128.load(p), a));
    v128.store(p, add(v128.load(p, 16), b), 16);
    return;
  }
  store<f64>(p, load<f64>(p) + f64x2.extract_lane(a, 0));
  if (count > 1) store<f64>(p, load<f64>(p, 8) + f64x2.extract_lane(a, 1), 8);
  if (count > 2) store<f64>(p, load<f64>(p, 16) + f64x2.extract_lane(b, 0), 16);
}
export function down(
  nodes: i32, P: i32, values: i32, first: usize, count: usize, child: usize, cx: usize, cy: usize, size: usize, px: usize, py: usize, L: usize, potential: usize, parts: usize, gx: usize, gy: usize, scratch: usize,
): void {
  const row = <usize>P << 4;
  for (let i = 0; i < nodes; i++) {
    const l = L + <usize>i * row;
    const c = whole(child, i);
    if (c === 0) {
      momentsToPoints(P, values, whole(first, i), whole(count, i), f(cx, i), f(cy, i), f(size, i), px, py, l, f(potential, i), parts, gx, gy);
      continue;
    }
    for (let k = c; k < c + 2; k++) {
      const x = (f(cx, k) - f(cx, i)) / f(size, i);
      const y = (f(cy, k) - f(cy, i)) / f(size, i);
      const re = S(x);
      const im = both(-y, y);
      if (values) {
        let s = S(0.0);
        for (let p = P - 1; p >= 0; p--) s = add(times(re, im, s), mul(v128.load(l + (<usize>p << 4)), S(f(parts, p + 1))));
        store<f64>(potential + (<usize>k << 3), f(potential, k) + (f(potential, i) + f(size, i) * f64x2.extract_lane(times(re, im, s), 0)));
      }
      for (let p: usize = 0; p < row; p += 16) v128.store(scratch + p, v128.load(l + p));
      for (let j = row - 16; j >= 16; j -= 16) {
        let here = v128.load(scratch + j - 16);
        for (let p = j; p < row; p += 16) {
          const next = v128.load(scratch + p);
          v128.store(scratch + p - 16, add(here, times(re, im, next)));
          here = next;
        }
      }
      const ratio = f(size, k) / f(size, i);
      let power = 1.0;
      const to = L + <usize>k * row;
      for (let p: usize = 0; p < row; p += 16) {
        v128.store(to + p, add(v128.load(to + p), mul(v128.load(scratch + p), S(power))));
        power *= ratio;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function slope(w: v128, dx: v128, dy: v128): v128 {
  const q = add(mul(dx, dx), mul(dy, dy));
  return v128.and(div(w, q), f64x2.ne(q, S(0.0)));
}
// @ts-ignore: decorator
@inline
function value(w: v128, dx: v128, dy: v128): v128 {
  const q = add(mul(dx, dx), mul(dy, dy));
  return v128.and(mul(w, mul(S(0.5), log(q))), f64x2.ne(q, S(0.0)));
}
// entries: target and source; all pairs of their points
export function near(
  entries: i32, list: usize, values: i32, tfirst: usize, tcount: usize, tx: usize, ty: usize, sfirst: usize, scount: usize, sx: usize, sy: usize, sw: usize, gx: usize, gy: usize,
): void {
  for (let e = 0; e < entries; e++, list += 8) {
    const t = load<i32>(list);
    const s = load<i32>(list, 4);
    const begin = <usize>whole(sfirst, s) << 3;
    const end = begin + (<usize>whole(scount, s) << 3);
    const stop = whole(tfirst, t) + whole(tcount, t);
    for (let i = whole(tfirst, t); i < stop; i += 4) {
      const at = <usize>i << 3;
      const xa = v128.load(tx + at);
      const xb = v128.load(tx + at, 16);
      const ya = v128.load(ty + at);
      const yb = v128.load(ty + at, 16);
      let a = S(0.0);
      let b = a;
      let c = a;
      let d = a;
      if (values)
        for (let j = begin; j < end; j += 8) {
          const x = v128.load64_splat(sx + j);
          const y = v128.load64_splat(sy + j);
          const w = v128.load64_splat(sw + j);
          a = add(a, value(w, sub(xa, x), sub(ya, y)));
          b = add(b, value(w, sub(xb, x), sub(yb, y)));
        }
      else
        for (let j = begin; j < end; j += 8) {
          const x = v128.load64_splat(sx + j);
          const y = v128.load64_splat(sy + j);
          const w = v128.load64_splat(sw + j);
          const za = sub(xa, x);
          const zb = sub(xb, x);
          const va = sub(ya, y);
          const vb = sub(yb, y);
          const fa = slope(w, za, va);
          const fb = slope(w, zb, vb);
          a = add(a, mul(fa, za));
          b = add(b, mul(fb, zb));
          c = add(c, mul(fa, va));
          d = add(d, mul(fb, vb));
        }
      put(gx + at, stop - i, a, b);
      if (!values) put(gy + at, stop - i, c, d);
    }
  }
}
