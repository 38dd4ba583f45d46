// The loops of numeric/multigrid in the plane, in the order of operations of the TypeScript there. A row of the plane has n1 cells, there
// are n0 of them; lines run along rows, and the other axis is treated on transposed rows.

// @ts-ignore: decorator
@inline
function even(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 0, 2);
}
// @ts-ignore: decorator
@inline
function odd(a: v128, b: v128): v128 {
  return v128.shuffle<i64>(a, b, 1, 3);
}
// @ts-ignore: decorator
@inline
function madd(s: v128, a: v128, b: v128): v128 {
  return f64x2.add(s, f64x2.mul(a, b));
}

// the transpose of a [n0, n1] to the first n0 values of the rows of out [n1, pitch]
export function transpose(n0: i32, n1: i32, a: usize, out: usize, pitch: i32): void {
  const s = <usize>n1 << 3;
  const t = <usize>pitch << 3;
  // eight rows at a time: their lines stay in the cache
  for (let first = 0; first < n0; first += 8) {
    const end = min(first + 8, n0);
    const pairs = (end - first) >> 1;
    let j = 0;
    for (; j + 1 < n1; j += 2) {
      let p = a + <usize>first * s + (<usize>j << 3);
      let q = out + <usize>j * t + (<usize>first << 3);
      for (let k = 0; k < pairs; k++, p += 2 * s, q += 16) {
        const u = v128.load(p);
        const v = v128.load(p + s);
        v128.store(q, even(u, v));
        v128.store(q + t, odd(u, v));
      }
      if (first + 2 * pairs < end) {
        store<f64>(q, load<f64>(p));
        store<f64>(q + t, load<f64>(p, 8));
      }
    }
    if (j < n1) for (let i = first; i < end; i++) store<f64>(out + <usize>j * t + (<usize>i << 3), load<f64>(a + <usize>i * s + (<usize>j << 3)));
  }
}

// One pair of rows `two` bytes apart, one pair of columns: forward elimination of what the neighbours bring in.
// @ts-ignore: decorator
@inline
function forward(s: usize, two: usize, f: usize, a: usize, b: usize, pivot: usize, forth: usize, x: usize, y: v128): v128 {
  let u = madd(v128.load(f), v128.load(a - s), v128.load(x - s));
  u = f64x2.mul(madd(u, v128.load(b), v128.load(x + s)), v128.load(pivot));
  let v = madd(v128.load(f + two), v128.load(a + s), v128.load(x + s));
  v = f64x2.mul(madd(v, v128.load(b + two), v128.load(x + s + two)), v128.load(pivot + two));
  const p = v128.load(forth);
  const q = v128.load(forth + two);
  const y0 = madd(even(u, v), even(p, q), y);
  const y1 = madd(odd(u, v), odd(p, q), y0);
  v128.store(x, even(y0, y1));
  v128.store(x + two, odd(y0, y1));
  return y1;
}
// @ts-ignore: decorator
@inline
function backward(two: usize, back: usize, x: usize, y: v128): v128 {
  const u = v128.load(x);
  const v = v128.load(x + two);
  const p = v128.load(back);
  const q = v128.load(back + two);
  const y1 = madd(odd(u, v), odd(p, q), y);
  const y0 = madd(even(u, v), even(p, q), y1);
  v128.store(x, even(y0, y1));
  v128.store(x + two, odd(y0, y1));
  return y0;
}
// the same for one column of a pair of rows
// @ts-ignore: decorator
@inline
function forwardLast(s: usize, two: usize, f: usize, a: usize, b: usize, pivot: usize, forth: usize, x: usize, y: v128): void {
  const u = (load<f64>(f) + load<f64>(a - s) * load<f64>(x - s) + load<f64>(b) * load<f64>(x + s)) * load<f64>(pivot);
  const v = (load<f64>(f + two) + load<f64>(a + s) * load<f64>(x + s) + load<f64>(b + two) * load<f64>(x + s + two)) * load<f64>(pivot + two);
  store<f64>(x, u + load<f64>(forth) * f64x2.extract_lane(y, 0));
  store<f64>(x + two, v + load<f64>(forth + two) * f64x2.extract_lane(y, 1));
}
// y of the last column, and of the one before it where their number is even
// @ts-ignore: decorator
@inline
function backwardFirst(m: i32, two: usize, back: usize, x: usize): v128 {
  const last = <usize>(m - 1) << 3;
  const y = f64x2(load<f64>(x + last), load<f64>(x + two + last));
  if (m & 1) return y;
  const u = load<f64>(x + last - 8) + load<f64>(back + last - 8) * f64x2.extract_lane(y, 0);
  const v = load<f64>(x + two + last - 8) + load<f64>(back + two + last - 8) * f64x2.extract_lane(y, 1);
  store<f64>(x + last - 8, u);
  store<f64>(x + two + last - 8, v);
  return f64x2(u, v);
}

// Inner rows x, x + 2 s, x + 4 s, x + 6 s of one colour: two pairs, whose recurrences do not wait for each other.
function relaxFour(m: i32, s: usize, f: usize, a: usize, b: usize, pivot: usize, forth: usize, back: usize, x: usize): void {
  const two: usize = 2 * s;
  const four: usize = 4 * s;
  let y = f64x2.splat(0.0);
  let z = y;
  const whole = <usize>(m & ~1) << 3;
  for (let k: usize = 0; k < whole; k += 16) {
    y = forward(s, two, f + k, a + k, b + k, pivot + k, forth + k, x + k, y);
    const l = k + four;
    z = forward(s, two, f + l, a + l, b + l, pivot + l, forth + l, x + l, z);
  }
  if (m & 1) {
    forwardLast(s, two, f + whole, a + whole, b + whole, pivot + whole, forth + whole, x + whole, y);
    const l = whole + four;
    forwardLast(s, two, f + l, a + l, b + l, pivot + l, forth + l, x + l, z);
  }
  y = backwardFirst(m, two, back, x);
  z = backwardFirst(m, two, back + four, x + four);
  for (let k = <isize>((m - 1) & ~1) - 2; k >= 0; k -= 2) {
    const l = <usize>k << 3;
    y = backward(two, back + l, x + l, y);
    z = backward(two, back + four + l, x + four + l, z);
  }
}
function relaxTwo(m: i32, s: usize, f: usize, a: usize, b: usize, pivot: usize, forth: usize, back: usize, x: usize): void {
  const two: usize = 2 * s;
  let y = f64x2.splat(0.0);
  const whole = <usize>(m & ~1) << 3;
  for (let k: usize = 0; k < whole; k += 16) y = forward(s, two, f + k, a + k, b + k, pivot + k, forth + k, x + k, y);
  if (m & 1) forwardLast(s, two, f + whole, a + whole, b + whole, pivot + whole, forth + whole, x + whole, y);
  y = backwardFirst(m, two, back, x);
  for (let k = <isize>((m - 1) & ~1) - 2; k >= 0; k -= 2) y = backward(two, back + (<usize>k << 3), x + (<usize>k << 3), y);
}
function relaxOne(lower: bool, upper: bool, m: i32, s: usize, f: usize, a: usize, b: usize, pivot: usize, forth: usize, back: usize, x: usize): void {
  let y = 0.0;
  const end = <usize>m << 3;
  for (let k: usize = 0; k < end; k += 8) {
    const below = lower ? load<f64>(a + k - s) * load<f64>(x + k - s) : 0.0;
    const above = upper ? load<f64>(b + k) * load<f64>(x + k + s) : 0.0;
    y = (load<f64>(f + k) + below + above) * load<f64>(pivot + k) + load<f64>(forth + k) * y;
    store<f64>(x + k, y);
  }
  for (let k = m - 2; k >= 0; k--) {
    const l = <usize>k << 3;
    y = load<f64>(x + l) + load<f64>(back + l) * y;
    store<f64>(x + l, y);
  }
}
// Zebra relaxation of the rows: even ones, then odd ones. a, b: rates to the next row and back.
export function relaxRows(n0: i32, n1: i32, f: usize, a: usize, b: usize, pivot: usize, forth: usize, back: usize, x: usize): void {
  const s = <usize>n1 << 3;
  for (let colour = 0; colour < 2; colour++) {
    let i = colour;
    while (i < n0) {
      const k = <usize>i * s;
      const inner = i > 0;
      if (inner && i + 7 < n0) {
        relaxFour(n1, s, f + k, a + k, b + k, pivot + k, forth + k, back + k, x + k);
        i += 8;
      } else if (inner && i + 3 < n0) {
        relaxTwo(n1, s, f + k, a + k, b + k, pivot + k, forth + k, back + k, x + k);
        i += 4;
      } else {
        relaxOne(inner, i + 1 < n0, n1, s, f + k, a + k, b + k, pivot + k, forth + k, back + k, x + k);
        i += 2;
      }
    }
  }
}

// Factors of the rows, two rows at once: what leaves sideways counts as kept. a0, b0: rates to the next row and back; a1, b1: along the row.
export function factorRows(n0: i32, n1: i32, mass: usize, a0: usize, b0: usize, a1: usize, b1: usize, pivot: usize, forth: usize, back: usize): void {
  const s = <usize>n1 << 3;
  for (let i = 0; i < n0; i += 4) {
    let y = f64x2.splat(0.0);
    let z = y;
    let ay = y;
    let az = y;
    let by = y;
    let bz = y;
    // four rows in two pairs; rows beyond the last are rows done twice
    const r0 = <usize>i * s;
    const r1 = <usize>min(i + 1, n0 - 1) * s;
    const r2 = <usize>min(i + 2, n0 - 1) * s;
    const r3 = <usize>min(i + 3, n0 - 1) * s;
    for (let k: usize = 0; k < s; k += 8) {
      let u = f64x2.add(two(mass, r0, r1, k), two(a0, r0, r1, k));
      let v = f64x2.add(two(mass, r2, r3, k), two(a0, r2, r3, k));
      u = f64x2.add(u, f64x2(i > 0 ? load<f64>(b0 + r0 + k - s) : 0.0, load<f64>(b0 + r1 + k - (n0 > 1 ? s : 0))));
      v = f64x2.add(v, f64x2(load<f64>(b0 + r2 + k - (n0 > 1 ? s : 0)), load<f64>(b0 + r3 + k - (n0 > 1 ? s : 0))));
      u = f64x2.add(u, f64x2.mul(by, y));
      v = f64x2.add(v, f64x2.mul(bz, z));
      const au = two(a1, r0, r1, k);
      const av = two(a1, r2, r3, k);
      const pu = f64x2.div(f64x2.splat(1.0), f64x2.add(u, au));
      const pv = f64x2.div(f64x2.splat(1.0), f64x2.add(v, av));
      by = two(b1, r0, r1, k);
      bz = two(b1, r2, r3, k);
      put(pivot, r0, r1, k, pu);
      put(pivot, r2, r3, k, pv);
      put(forth, r0, r1, k, f64x2.mul(ay, pu));
      put(forth, r2, r3, k, f64x2.mul(az, pv));
      put(back, r0, r1, k, f64x2.mul(by, pu));
      put(back, r2, r3, k, f64x2.mul(bz, pv));
      y = f64x2.mul(u, pu);
      z = f64x2.mul(v, pv);
      ay = au;
      az = av;
    }
  }
}
// @ts-ignore: decorator
@inline
function two(a: usize, r0: usize, r1: usize, k: usize): v128 {
  return f64x2(load<f64>(a + r0 + k), load<f64>(a + r1 + k));
}
// @ts-ignore: decorator
@inline
function put(a: usize, r0: usize, r1: usize, k: usize, v: v128): void {
  store<f64>(a + r0 + k, f64x2.extract_lane(v, 0));
  store<f64>(a + r1 + k, f64x2.extract_lane(v, 1));
}

// diagonal = mass + rates out; bit 0 of the result: somewhere the first axis has more than half the rates of the second, bit 1 the other way round
export function outflow(n0: i32, n1: i32, mass: usize, a0: usize, b0: usize, a1: usize, b1: usize, diagonal: usize): i32 {
  const s = <usize>n1 << 3;
  const zero = f64x2.splat(0.0);
  const half = f64x2.splat(0.5);
  let first = zero;
  let second = zero;
  for (let i = 0; i < n0; i++) {
    const at = <usize>i * s;
    const inner = i + 1 < n0;
    let j = 0;
    for (; j + 1 < n1; j += 2) {
      const k = at + (<usize>j << 3);
      const u = v128.load(a0 + k);
      const v = v128.load(a1 + k);
      const down = v128.load(b1 + k);
      let y = f64x2.add(v128.load(mass + k), u);
      if (i > 0) y = f64x2.add(y, v128.load(b0 + k - s));
      y = f64x2.add(f64x2.add(y, v), k > 0 ? v128.load(b1 + k - 8) : v128.shuffle<i64>(zero, down, 0, 2));
      v128.store(diagonal + k, y);
      if (!inner) continue;
      const p = f64x2.add(u, v128.load(b0 + k));
      const q = f64x2.add(v, down);
      let more = f64x2.gt(p, f64x2.mul(half, q));
      let other = f64x2.gt(q, f64x2.mul(half, p));
      if (j + 2 === n1) {
        more = v128.shuffle<i64>(more, zero, 0, 2);
        other = v128.shuffle<i64>(other, zero, 0, 2);
      }
      first = v128.or(first, more);
      second = v128.or(second, other);
    }
    if (j < n1) {
      const k = at + (<usize>j << 3);
      const y = load<f64>(mass + k) + load<f64>(a0 + k) + (i > 0 ? load<f64>(b0 + k - s) : 0.0);
      store<f64>(diagonal + k, y + load<f64>(a1 + k) + (k > 0 ? load<f64>(b1 + k - 8) : 0.0));
    }
  }
  return (v128.any_true(first) ? 1 : 0) | (v128.any_true(second) ? 2 : 0);
}

// The residual of two inner cells with values `here` and diagonal w; k counts bytes from the start of the plane.
// @ts-ignore: decorator
@inline
function inside(s: usize, k: usize, f: usize, w: v128, here: v128, a0: usize, b0: usize, a1: usize, b1: usize, x: usize): v128 {
  let v = f64x2.sub(v128.load(f + k), f64x2.mul(w, here));
  v = madd(v, v128.load(a1 + k - 8), v128.load(x + k - 8));
  v = madd(v, v128.load(b1 + k), v128.load(x + k + 8));
  v = madd(v, v128.load(a0 + k - s), v128.load(x + k - s));
  return madd(v, v128.load(b0 + k), v128.load(x + k + s));
}
// r = f - A x; sums: the absolute values of r, and diagonal |x|
export function residual(n0: i32, n1: i32, f: usize, d: usize, a0: usize, b0: usize, a1: usize, b1: usize, x: usize, r: usize, sums: usize): void {
  const s = <usize>n1 << 3;
  const all = <usize>n0 * s;
  let size = 0.0;
  let weight = 0.0;
  const ends = min<usize>(s, all);
  for (let part = 0; part < 2; part++) {
    const from: usize = part === 0 ? 0 : max<usize>(all - s, s);
    const to: usize = part === 0 ? ends : all;
    for (let k = from; k < to; k += 8) {
      const w = load<f64>(d + k);
      const here = load<f64>(x + k);
      let v = load<f64>(f + k) - w * here;
      if (k > 0) v += load<f64>(a1 + k - 8) * load<f64>(x + k - 8);
      if (k + 8 < all) v += load<f64>(b1 + k) * load<f64>(x + k + 8);
      if (k >= s) v += load<f64>(a0 + k - s) * load<f64>(x + k - s);
      if (k + s < all) v += load<f64>(b0 + k) * load<f64>(x + k + s);
      store<f64>(r + k, v);
      size += abs(v);
      weight += w * abs(here);
    }
  }
  if (n0 > 2) {
    let t = f64x2.splat(0.0);
    let u = t;
    const inner = all - 2 * s;
    const end = s + (inner & ~15);
    let k = s;
    for (; k < end; k += 16) {
      const w = v128.load(d + k);
      const here = v128.load(x + k);
      const v = inside(s, k, f, w, here, a0, b0, a1, b1, x);
      v128.store(r + k, v);
      t = f64x2.add(t, f64x2.abs(v));
      u = madd(u, w, f64x2.abs(here));
    }
    if (inner & 8) {
      const w = load<f64>(d + k);
      const here = load<f64>(x + k);
      let v = load<f64>(f + k) - w * here;
      v += load<f64>(a1 + k - 8) * load<f64>(x + k - 8);
      v += load<f64>(b1 + k) * load<f64>(x + k + 8);
      v += load<f64>(a0 + k - s) * load<f64>(x + k - s);
      v += load<f64>(b0 + k) * load<f64>(x + k + s);
      store<f64>(r + k, v);
      size += abs(v);
      weight += w * abs(here);
    }
    size += f64x2.extract_lane(t, 0) + f64x2.extract_lane(t, 1);
    weight += f64x2.extract_lane(u, 0) + f64x2.extract_lane(u, 1);
  }
  store<f64>(sums, size);
  store<f64>(sums, weight, 8);
}

// one cell of a row on the rim
// @ts-ignore: decorator
@inline
function rim(s: usize, all: usize, k: usize, f: usize, d: usize, a0: usize, b0: usize, a1: usize, b1: usize, x: usize): f64 {
  let v = load<f64>(f + k) - load<f64>(d + k) * load<f64>(x + k);
  if (k > 0) v += load<f64>(a1 + k - 8) * load<f64>(x + k - 8);
  if (k + 8 < all) v += load<f64>(b1 + k) * load<f64>(x + k + 8);
  if (k >= s) v += load<f64>(a0 + k - s) * load<f64>(x + k - s);
  if (k + s < all) v += load<f64>(b0 + k) * load<f64>(x + k + s);
  return v;
}
// The residual on even rows, where odd ones have just been relaxed: out = its sums over the two cells of each parent, row by row.
// sums: the absolute values, and diagonal |x|, over the even rows.
export function residualHalf(n0: i32, n1: i32, f: usize, d: usize, a0: usize, b0: usize, a1: usize, b1: usize, x: usize, out: usize, sums: usize): void {
  const s = <usize>n1 << 3;
  const all = <usize>n0 * s;
  const zero = f64x2.splat(0.0);
  let size = 0.0;
  let weight = 0.0;
  let t = zero;
  let u = zero;
  for (let i = 0; i < n0; i += 2) {
    const at = <usize>i * s;
    const inner = i > 0 && i + 1 < n0;
    let j = 0;
    if (inner) {
      for (; j + 3 < n1; j += 4, out += 16) {
        let k = at + (<usize>j << 3);
        let w = v128.load(d + k);
        let here = v128.load(x + k);
        const v = inside(s, k, f, w, here, a0, b0, a1, b1, x);
        t = f64x2.add(t, f64x2.abs(v));
        u = madd(u, w, f64x2.abs(here));
        k += 16;
        w = v128.load(d + k);
        here = v128.load(x + k);
        const z = inside(s, k, f, w, here, a0, b0, a1, b1, x);
        t = f64x2.add(t, f64x2.abs(z));
        u = madd(u, w, f64x2.abs(here));
        v128.store(out, f64x2.add(even(v, z), odd(v, z)));
      }
    }
    for (; j < n1; j += 2, out += 8) {
      const k = at + (<usize>j << 3);
      let y = rim(s, all, k, f, d, a0, b0, a1, b1, x);
      size += abs(y);
      weight += load<f64>(d + k) * abs(load<f64>(x + k));
      if (j + 1 < n1) {
        const z = rim(s, all, k + 8, f, d, a0, b0, a1, b1, x);
        size += abs(z);
        weight += load<f64>(d + k + 8) * abs(load<f64>(x + k + 8));
        y = y + z;
      }
      store<f64>(out, y);
    }
  }
  store<f64>(sums, size + (f64x2.extract_lane(t, 0) + f64x2.extract_lane(t, 1)));
  store<f64>(sums, weight + (f64x2.extract_lane(u, 0) + f64x2.extract_lane(u, 1)), 8);
}

// sums of the cells of each parent, row by row
export function restrict(n0: i32, n1: i32, r: usize, out: usize): void {
  const s = <usize>n1 << 3;
  for (let i = 0; i < n0; i += 2, r += 2 * s) {
    const below = i + 1 < n0;
    let p = r;
    let j = 0;
    for (; j + 3 < n1; j += 4, p += 32, out += 16) {
      const u = v128.load(p);
      const v = v128.load(p, 16);
      let y = f64x2.add(f64x2.add(f64x2.splat(0.0), even(u, v)), odd(u, v));
      if (below) {
        const c = v128.load(p + s);
        const d = v128.load(p + s, 16);
        y = f64x2.add(f64x2.add(y, even(c, d)), odd(c, d));
      }
      v128.store(out, y);
    }
    for (; j < n1; j += 2, p += 16, out += 8) {
      const pair = j + 1 < n1;
      let y = 0.0 + load<f64>(p);
      if (pair) y += load<f64>(p, 8);
      if (below) {
        y += load<f64>(p + s);
        if (pair) y += load<f64>(p + s, 8);
      }
      store<f64>(out, y);
    }
  }
}

// x of one row += weight of the other axis times (own from + near from the neighbouring parent), from one or from two coarse rows
function prolongRow(m: i32, two: bool, from: usize, from2: usize, own: usize, near: usize, side: usize, side2: usize, x: usize): void {
  const top = (m + 1) >> 1;
  let before = v128.load64_splat(from);
  let here = before;
  let before2 = v128.load64_splat(from2);
  let here2 = before2;
  for (let c = 0; c < top; c++) {
    const k = <usize>c << 4;
    const next = <usize>min(c + 1, top - 1) << 3;
    const after = v128.load64_splat(from + next);
    const after2 = v128.load64_splat(from2 + next);
    const beside = v128.shuffle<i64>(before, after, 0, 3);
    const beside2 = v128.shuffle<i64>(before2, after2, 0, 3);
    if (2 * c + 1 < m) {
      const p = v128.load(own + k);
      const q = v128.load(near + k);
      let y = f64x2.add(v128.load(x + k), f64x2.mul(madd(f64x2.mul(p, here), q, beside), v128.load(side + k)));
      if (two) y = f64x2.add(y, f64x2.mul(madd(f64x2.mul(p, here2), q, beside2), v128.load(side2 + k)));
      v128.store(x + k, y);
    } else {
      const p = load<f64>(own + k);
      const q = load<f64>(near + k);
      let y = load<f64>(x + k) + (p * f64x2.extract_lane(here, 0) + q * f64x2.extract_lane(beside, 0)) * load<f64>(side + k);
      if (two) y = y + (p * f64x2.extract_lane(here2, 0) + q * f64x2.extract_lane(beside2, 0)) * load<f64>(side2 + k);
      store<f64>(x + k, y);
    }
    before = here;
    here = after;
    before2 = here2;
    here2 = after2;
  }
}
// x += interpolated correction `from` of the next level
export function prolong(n0: i32, n1: i32, from: usize, own0: usize, near0: usize, own1: usize, near1: usize, x: usize): void {
  const s = <usize>n1 << 3;
  const t = <usize>((n1 + 1) >> 1) << 3;
  for (let i = 0; i < n0; i++) {
    const k = <usize>i * s;
    const beside = i & 1 ? i + 1 : i - 1;
    const two = beside >= 0 && beside < n0;
    const row = from + <usize>(i >> 1) * t;
    prolongRow(n1, two, row, two ? from + <usize>(beside >> 1) * t : row, own1 + k, near1 + k, own0 + k, near0 + k, x + k);
  }
}

// Equilibrium shares of a pair of neighbours with rates a up and b down: 2 b / (a + b) below, 2 less that above, 1 where there are none.
// @ts-ignore: decorator
@inline
function shareBelow(a: v128, b: v128): v128 {
  const sum = f64x2.add(a, b);
  return v128.bitselect(f64x2.div(f64x2.mul(f64x2.splat(2.0), b), sum), f64x2.splat(1.0), f64x2.gt(sum, f64x2.splat(0.0)));
}
// `own` weight of a cell with this share; lift, forth: of the neighbour's cell. `near` weight in `nearWeight`.
let nearWeight: v128 = i64x2.splat(0);
// @ts-ignore: decorator
@inline
function weigh(forth: v128, lift: v128, share: v128, steepest: v128): v128 {
  const zero = f64x2.splat(0.0);
  const quarter = f64x2.splat(0.25);
  const half = f64x2.mul(quarter, steepest);
  const any = f64x2.gt(f64x2.add(forth, lift), zero);
  const steep = f64x2.gt(lift, f64x2.mul(steepest, forth));
  const mild = v128.and(f64x2.div(f64x2.mul(quarter, lift), forth), f64x2.gt(lift, zero));
  let w = quarter;
  let near = mild;
  if (v128.any_true(steep)) {
    w = v128.bitselect(f64x2.div(f64x2.mul(half, forth), lift), quarter, steep);
    near = v128.bitselect(half, mild, steep);
  }
  nearWeight = v128.and(near, any);
  return v128.bitselect(f64x2.mul(f64x2.sub(f64x2.splat(1.0), w), share), share, any);
}
// Weights of the interpolation between rows, see weigh(). `share` [n0, n1] is written first.
export function weighRows(n0: i32, n1: i32, a: usize, b: usize, steepest: f64, share: usize, own: usize, near: usize): void {
  const s = <usize>n1 << 3;
  const one = f64x2.splat(1.0);
  const two = f64x2.splat(2.0);
  const top = f64x2.splat(steepest);
  const whole = <usize>(n1 & ~1) << 3;
  for (let i = 0; i < n0; i += 2) {
    const at = <usize>i * s;
    if (i + 1 === n0) {
      for (let k = at; k < at + s; k += 8) store<f64>(share + k, 1.0);
      break;
    }
    let k = at;
    for (const end = at + whole; k < end; k += 16) {
      const v = shareBelow(v128.load(a + k), v128.load(b + k));
      v128.store(share + k, v);
      v128.store(share + k + s, f64x2.sub(two, v));
    }
    if (n1 & 1) {
      const v = shareBelow(v128.load64_splat(a + k), v128.load64_splat(b + k));
      v128.store64_lane(share + k, v, 0);
      v128.store64_lane(share + k + s, f64x2.sub(two, v), 0);
    }
  }
  for (let i = 0; i < n0; i++) {
    const at = <usize>i * s;
    if (i === 0 || i + 1 === n0) {
      memory.copy(own + at, share + at, s);
      memory.fill(near + at, 0, s);
      continue;
    }
    // rates towards this row and from it, on the edge to the nearer parent's neighbour
    const upper = (i & 1) === 1;
    const g = upper ? at + s : at - s;
    const forth = upper ? a + at : b + g;
    const fro = upper ? b + at : a + g;
    let k: usize = 0;
    for (; k < whole; k += 16) {
      v128.store(own + at + k, weigh(v128.load(forth + k), f64x2.mul(v128.load(share + g + k), v128.load(fro + k)), v128.load(share + at + k), top));
      v128.store(near + at + k, nearWeight);
    }
    if (n1 & 1) {
      const lift = f64x2.mul(v128.load64_splat(share + g + k), v128.load64_splat(fro + k));
      v128.store64_lane(own + at + k, weigh(v128.load64_splat(forth + k), lift, v128.load64_splat(share + at + k), top), 0);
      v128.store64_lane(near + at + k, nearWeight, 0);
    }
  }
}
// The same along the rows. Cells come in pairs (2 c, 2 c + 1); the weights look at the edges below and above the pair.
export function weighAlong(n0: i32, n1: i32, a: usize, b: usize, steepest: f64, own: usize, near: usize): void {
  const s = <usize>n1 << 3;
  const top = f64x2.splat(steepest);
  const pairs = n1 >> 1;
  for (let i = 0; i < n0; i++, a += s, b += s, own += s, near += s) {
    let below = 1.0; // share of the cell below the pair
    let share = pairs > 0 ? shareOfPair(a, b) : 1.0;
    for (let c = 0; c < pairs; c++) {
      const k = <usize>c << 4;
      const inner = 2 * c + 2 < n1;
      const next = 2 * c + 3 < n1 ? shareOfPair(a + k + 16, b + k + 16) : 1.0;
      const mine = f64x2(share, 2.0 - share);
      // lane 0 looks at the edge below, lane 1 at the one above
      const forth = f64x2(c > 0 ? load<f64>(b + k - 8) : 0.0, inner ? load<f64>(a + k, 8) : 0.0);
      const lift = f64x2(c > 0 ? below * load<f64>(a + k - 8) : 0.0, inner ? next * load<f64>(b + k, 8) : 0.0);
      v128.store(own + k, weigh(forth, lift, mine, top));
      v128.store(near + k, nearWeight);
      below = 2.0 - share;
      share = next;
    }
    if (n1 & 1) {
      const k = s - 8;
      store<f64>(own + k, 1.0);
      store<f64>(near + k, 0.0);
    }
  }
}
// @ts-ignore: decorator
@inline
function shareOfPair(a: usize, b: usize): f64 {
  const u = load<f64>(a);
  const v = load<f64>(b);
  return u + v > 0 ? (2.0 * v) / (u + v) : 1.0;
}

// Rates between rows of the next level; up, down have (n0 + 1) / 2 rows of (n1 + 1) / 2.
export function mergeRows(n0: i32, n1: i32, a: usize, b: usize, up: usize, down: usize): void {
  const s = <usize>n1 << 3;
  const m = (n1 + 1) >> 1;
  const zero = f64x2.splat(0.0);
  const half = f64x2.splat(0.5);
  for (let i = 1; i + 1 < n0; i += 2) {
    const distance = f64x2.splat(i + 2 === n0 ? 1.5 : 2.0);
    let p = a + <usize>i * s;
    let q = b + <usize>i * s;
    for (let c = 0; c < m; c++, p += 16, q += 16, up += 8, down += 8) {
      const pair = 2 * c + 1 < n1;
      const u = pair ? v128.load(p) : v128.load64_zero(p);
      const v = pair ? v128.load(q) : v128.load64_zero(q);
      const spread = f64x2.mul(f64x2.add(u, v), half);
      const lean = f64x2.mul(f64x2.sub(u, v), half);
      const any = f64x2.gt(spread, zero);
      const r = f64x2.div(lean, spread);
      const r2 = f64x2.mul(r, r);
      const merged = f64x2.mul(spread, f64x2.add(f64x2.div(f64x2.sub(f64x2.splat(1.0), r2), distance), r2));
      const y = v128.and(f64x2.add(merged, lean), any);
      const z = v128.and(f64x2.sub(merged, lean), any);
      store<f64>(up, f64x2.extract_lane(y, 0) + f64x2.extract_lane(y, 1));
      store<f64>(down, f64x2.extract_lane(z, 0) + f64x2.extract_lane(z, 1));
    }
  }
  memory.fill(up, 0, <usize>m << 3);
  memory.fill(down, 0, <usize>m << 3);
}
// Rates along the rows of the next level, summed over pairs of rows.
export function mergeAlong(n0: i32, n1: i32, a: usize, b: usize, up: usize, down: usize): void {
  const s = <usize>n1 << 3;
  const m = (n1 + 1) >> 1;
  const zero = f64x2.splat(0.0);
  const half = f64x2.splat(0.5);
  for (let i = 0; i < n0; i += 2, a += 2 * s, b += 2 * s) {
    const pair = i + 1 < n0;
    for (let c = 0; c < m; c++, up += 8, down += 8) {
      if (2 * c + 2 >= n1) {
        store<f64>(up, 0.0);
        store<f64>(down, 0.0);
        continue;
      }
      const k = (<usize>c << 4) + 8;
      const distance = f64x2.splat(2 * c + 3 === n1 ? 1.5 : 2.0);
      const u = f64x2(load<f64>(a + k), pair ? load<f64>(a + k + s) : 0.0);
      const v = f64x2(load<f64>(b + k), pair ? load<f64>(b + k + s) : 0.0);
      const spread = f64x2.mul(f64x2.add(u, v), half);
      const lean = f64x2.mul(f64x2.sub(u, v), half);
      const any = f64x2.gt(spread, zero);
      const r = f64x2.div(lean, spread);
      const r2 = f64x2.mul(r, r);
      const merged = f64x2.mul(spread, f64x2.add(f64x2.div(f64x2.sub(f64x2.splat(1.0), r2), distance), r2));
      const y = v128.and(f64x2.add(merged, lean), any);
      const z = v128.and(f64x2.sub(merged, lean), any);
      store<f64>(up, f64x2.extract_lane(y, 0) + f64x2.extract_lane(y, 1));
      store<f64>(down, f64x2.extract_lane(z, 0) + f64x2.extract_lane(z, 1));
    }
  }
}
