// Sums over pairs, see kernels/pairs.ts. Lanes are targets, so each target adds its sources in their order. A tile is four vectors of
// targets against one block of sources: squared distances, then the law as a map over them, then the sums of the block.
import { exp, log, pow } from "./simd";
import { powi } from "./tape";

const SOURCES: i32 = 128;

// q -> value of the law at r = sqrt(q), in place; `count` vectors. Zero distance: the value at 0 where `finite`, else 0.
function values(form: i32, p: f64, finite: i32, count: i32, q: usize): void {
  const end = q + (<usize>count << 4);
  switch (form) {
    case 0: for (; q < end; q += 16) v128.store(q, masked(f64x2.sqrt(v128.load(q)), v128.load(q), finite)); return; // r
    case 1: return; // r^2
    case 2: for (; q < end; q += 16) v128.store(q, masked(f64x2.div(f64x2.splat(1.0), f64x2.sqrt(v128.load(q))), v128.load(q), finite)); return; // 1 / r
    case 3: { // r^p
      const half = f64x2.splat(0.5 * p);
      for (; q < end; q += 16) v128.store(q, masked(pow(v128.load(q), half), v128.load(q), finite));
      return;
    }
    case 4: for (; q < end; q += 16) v128.store(q, masked(f64x2.mul(f64x2.splat(0.5), log(v128.load(q))), v128.load(q), finite)); return; // log r
    case 5: { // exp(-p r^2 / 2)
      const rate = f64x2.splat(-0.5 * p);
      for (; q < end; q += 16) v128.store(q, exp(f64x2.mul(rate, v128.load(q))));
      return;
    }
    case 7: { // r^p, p whole
      const k = i32(p);
      if (k & 1) for (; q < end; q += 16) v128.store(q, masked(f64x2.mul(powi(v128.load(q), k >> 1), f64x2.sqrt(v128.load(q))), v128.load(q), finite));
      else for (; q < end; q += 16) v128.store(q, masked(powi(v128.load(q), k >> 1), v128.load(q), finite));
      return;
    }
    default: { // exp(-p r)
      const rate = f64x2.splat(-p);
      for (; q < end; q += 16) v128.store(q, exp(f64x2.mul(rate, f64x2.sqrt(v128.load(q)))));
    }
  }
}
// @ts-ignore: decorator
@inline
function masked(y: v128, q: v128, finite: i32): v128 {
  return finite ? y : v128.and(y, f64x2.ne(q, f64x2.splat(0.0)));
}
// q -> k'(r) / r, in place; 0 at zero distance
function slopes(form: i32, p: f64, count: i32, q: usize): void {
  const end = q + (<usize>count << 4);
  switch (form) {
    case 0: for (; q < end; q += 16) v128.store(q, masked(f64x2.div(f64x2.splat(1.0), f64x2.sqrt(v128.load(q))), v128.load(q), 0)); return;
    case 1: for (; q < end; q += 16) v128.store(q, f64x2.splat(2.0)); return;
    case 2: for (; q < end; q += 16) v128.store(q, masked(f64x2.div(f64x2.splat(-1.0), f64x2.mul(v128.load(q), f64x2.sqrt(v128.load(q)))), v128.load(q), 0)); return;
    case 3: {
      const half = f64x2.splat(0.5 * p - 1.0);
      const factor = f64x2.splat(p);
      for (; q < end; q += 16) v128.store(q, masked(f64x2.mul(factor, pow(v128.load(q), half)), v128.load(q), 0));
      return;
    }
    case 4: for (; q < end; q += 16) v128.store(q, masked(f64x2.div(f64x2.splat(1.0), v128.load(q)), v128.load(q), 0)); return;
    case 5: {
      const rate = f64x2.splat(-0.5 * p);
      const factor = f64x2.splat(-p);
      for (; q < end; q += 16) v128.store(q, f64x2.mul(factor, exp(f64x2.mul(rate, v128.load(q)))));
      return;
    }
    case 7: {
      const k = i32(p) - 2;
      const factor = f64x2.splat(p);
      if (k & 1) for (; q < end; q += 16) v128.store(q, masked(f64x2.mul(factor, f64x2.mul(powi(v128.load(q), k >> 1), f64x2.sqrt(v128.load(q)))), v128.load(q), 0));
      else for (; q < end; q += 16) v128.store(q, masked(f64x2.mul(factor, powi(v128.load(q), k >> 1)), v128.load(q), 0));
      return;
    }
    default: {
      const factor = f64x2.splat(-p);
      for (; q < end; q += 16) {
        const r = f64x2.sqrt(v128.load(q));
        v128.store(q, masked(f64x2.div(f64x2.mul(factor, exp(f64x2.mul(factor, r))), r), r, 0));
      }
    }
  }
}

// one coordinate of a tile: q (+)= (x - y)^2
function distances(first: bool, x: usize, sources: i32, y: usize, q: usize): void {
  const x0 = v128.load(x);
  const x1 = v128.load(x, 16);
  const x2 = v128.load(x, 32);
  const x3 = v128.load(x, 48);
  const end = y + (<usize>sources << 3);
  if (first)
    for (; y < end; y += 8, q += 64) {
      const s = v128.load64_splat(y);
      const z0 = f64x2.sub(x0, s);
      const z1 = f64x2.sub(x1, s);
      const z2 = f64x2.sub(x2, s);
      const z3 = f64x2.sub(x3, s);
      v128.store(q, f64x2.mul(z0, z0));
      v128.store(q, f64x2.mul(z1, z1), 16);
      v128.store(q, f64x2.mul(z2, z2), 32);
      v128.store(q, f64x2.mul(z3, z3), 48);
    }
  else
    for (; y < end; y += 8, q += 64) {
      const s = v128.load64_splat(y);
      const z0 = f64x2.sub(x0, s);
      const z1 = f64x2.sub(x1, s);
      const z2 = f64x2.sub(x2, s);
      const z3 = f64x2.sub(x3, s);
      v128.store(q, f64x2.add(v128.load(q), f64x2.mul(z0, z0)));
      v128.store(q, f64x2.add(v128.load(q, 16), f64x2.mul(z1, z1)), 16);
      v128.store(q, f64x2.add(v128.load(q, 32), f64x2.mul(z2, z2)), 32);
      v128.store(q, f64x2.add(v128.load(q, 48), f64x2.mul(z3, z3)), 48);
    }
}
// c (*)= w, in place
function weigh(sources: i32, w: usize, c: usize): void {
  for (const end = w + (<usize>sources << 3); w < end; w += 8, c += 64) {
    const s = v128.load64_splat(w);
    v128.store(c, f64x2.mul(s, v128.load(c)));
    v128.store(c, f64x2.mul(s, v128.load(c, 16)), 16);
    v128.store(c, f64x2.mul(s, v128.load(c, 32)), 32);
    v128.store(c, f64x2.mul(s, v128.load(c, 48)), 48);
  }
}
// total += sum of c, or of c (x - y)
function collect(sources: i32, c: usize, total: usize): void {
  let a0 = f64x2.splat(0.0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  for (const end = c + (<usize>sources << 6); c < end; c += 64) {
    a0 = f64x2.add(a0, v128.load(c));
    a1 = f64x2.add(a1, v128.load(c, 16));
    a2 = f64x2.add(a2, v128.load(c, 32));
    a3 = f64x2.add(a3, v128.load(c, 48));
  }
  addTotal(total, a0, a1, a2, a3);
}
function collectAlong(x: usize, sources: i32, y: usize, c: usize, total: usize): void {
  const x0 = v128.load(x);
  const x1 = v128.load(x, 16);
  const x2 = v128.load(x, 32);
  const x3 = v128.load(x, 48);
  let a0 = f64x2.splat(0.0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  for (const end = y + (<usize>sources << 3); y < end; y += 8, c += 64) {
    const s = v128.load64_splat(y);
    a0 = f64x2.add(a0, f64x2.mul(v128.load(c), f64x2.sub(x0, s)));
    a1 = f64x2.add(a1, f64x2.mul(v128.load(c, 16), f64x2.sub(x1, s)));
    a2 = f64x2.add(a2, f64x2.mul(v128.load(c, 32), f64x2.sub(x2, s)));
    a3 = f64x2.add(a3, f64x2.mul(v128.load(c, 48), f64x2.sub(x3, s)));
  }
  addTotal(total, a0, a1, a2, a3);
}
// @ts-ignore: decorator
@inline
function addTotal(total: usize, a0: v128, a1: v128, a2: v128, a3: v128): void {
  v128.store(total, f64x2.add(v128.load(total), a0));
  v128.store(total, f64x2.add(v128.load(total, 16), a1), 16);
  v128.store(total, f64x2.add(v128.load(total, 32), a2), 32);
  v128.store(total, f64x2.add(v128.load(total, 48), a3), 48);
}

// Copies `rows` rows of `count` values into lines of eight, the last value repeated.
function gather(rows: i32, from: usize, apart: usize, count: i32, to: usize): void {
  for (let k = 0; k < rows; k++) for (let i = 0; i < 8; i++) store<f64>(to + (<usize>(8 * k + i) << 3), load<f64>(from + <usize>k * apart + (<usize>min(i, count - 1) << 3)));
}

// scratch: d lines of targets, max(d, 1) lines of totals, then SOURCES lines of a tile
export function pairSum(form: i32, p: f64, finite: i32, d: i32, n: i32, x: usize, m: i32, y: usize, w: usize, out: usize, first: i32, size: i32, scratch: usize): void {
  const total = scratch + (<usize>d << 6);
  const tile = total + 64;
  for (let i = first; i < first + size; i += 8) {
    const count = min(8, first + size - i);
    gather(d, x + (<usize>i << 3), <usize>n << 3, count, scratch);
    memory.fill(total, 0, 64);
    for (let j = 0; j < m; j += SOURCES) {
      const sources = min(SOURCES, m - j);
      for (let k = 0; k < d; k++) distances(k === 0, scratch + (<usize>k << 6), sources, y + (<usize>(k * m + j) << 3), tile);
      values(form, p, finite, sources << 2, tile);
      weigh(sources, w + (<usize>j << 3), tile);
      collect(sources, tile, total);
    }
    memory.copy(out + (<usize>i << 3), total, <usize>count << 3);
  }
}
export function pairGradient(form: i32, p: f64, d: i32, n: i32, x: usize, m: i32, y: usize, w: usize, out: usize, first: i32, size: i32, scratch: usize): void {
  const total = scratch + (<usize>d << 6);
  const tile = total + (<usize>d << 6);
  for (let i = first; i < first + size; i += 8) {
    const count = min(8, first + size - i);
    gather(d, x + (<usize>i << 3), <usize>n << 3, count, scratch);
    memory.fill(total, 0, <usize>d << 6);
    for (let j = 0; j < m; j += SOURCES) {
      const sources = min(SOURCES, m - j);
      for (let k = 0; k < d; k++) distances(k === 0, scratch + (<usize>k << 6), sources, y + (<usize>(k * m + j) << 3), tile);
      slopes(form, p, sources << 2, tile);
      weigh(sources, w + (<usize>j << 3), tile);
      for (let k = 0; k < d; k++) collectAlong(scratch + (<usize>k << 6), sources, y + (<usize>(k * m + j) << 3), tile, total + (<usize>k << 6));
    }
    for (let k = 0; k < d; k++) memory.copy(out + (<usize>(k * n + i) << 3), total + (<usize>k << 6), <usize>count << 3);
  }
}
