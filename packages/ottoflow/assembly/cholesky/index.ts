// Cholesky's factorisation in panels of columns, see kernels/cholesky.ts. Sums of products run over two lanes, even and odd columns.
import { add, mul, S } from "../lanes64";

const PANEL: i32 = 32;

// @ts-ignore: decorator
@inline
function fold(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}
// @ts-ignore: decorator
@inline
function take(p: usize, a: v128): void {
  store<f64>(p, load<f64>(p) - fold(a));
}
// a[i + 0..3][j + 0..1] -= sum over the first `bytes` of their rows
function block(i: usize, j: usize, row: usize, bytes: usize, at: usize, second: bool): void {
  const i1 = i + row;
  const i2 = i1 + row;
  const i3 = i2 + row;
  const j1 = j + row;
  let a0 = S(0.0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  for (let k: usize = 0; k < bytes; k += 16) {
    const x = v128.load(j + k);
    const y = v128.load(j1 + k);
    const r0 = v128.load(i + k);
    const r1 = v128.load(i1 + k);
    const r2 = v128.load(i2 + k);
    const r3 = v128.load(i3 + k);
    a0 = add(a0, mul(r0, x));
    a1 = add(a1, mul(r1, x));
    a2 = add(a2, mul(r2, x));
    a3 = add(a3, mul(r3, x));
    b0 = add(b0, mul(r0, y));
    b1 = add(b1, mul(r1, y));
    b2 = add(b2, mul(r2, y));
    b3 = add(b3, mul(r3, y));
  }
  take(at, a0);
  take(at + row, a1);
  take(at + 2 * row, a2);
  take(at + 3 * row, a3);
  if (!second) return;
  take(at + 8, b0);
  take(at + row + 8, b1);
  take(at + 2 * row + 8, b2);
  take(at + 3 * row + 8, b3);
}
function dot(a: usize, b: usize, bytes: usize): f64 {
  let s = S(0.0);
  for (let k: usize = 0; k < bytes; k += 16) s = add(s, mul(v128.load(a + k), v128.load(b + k)));
  return fold(s);
}
export function factor(n: i32, a: usize): i32 {
  const row = <usize>n << 3;
  for (let p = 0; p < n; p += PANEL) {
    const end = min(n, p + PANEL);
    const bytes = <usize>p << 3;
    // what the panels before take off; the square on the diagonal row by row, the rest in blocks
    for (let i = p; i < end; i++) for (let j = p; j <= i; j++) store<f64>(a + <usize>i * row + (<usize>j << 3), load<f64>(a + <usize>i * row + (<usize>j << 3)) - dot(a + <usize>i * row, a + <usize>j * row, bytes));
    let i = end;
    for (; i + 4 <= n; i += 4)
      for (let j = p; j < end; j += 2) block(a + <usize>i * row, a + <usize>j * row, row, bytes, a + <usize>i * row + (<usize>j << 3), j + 1 < end);
    for (; i < n; i++) for (let j = p; j < end; j++) store<f64>(a + <usize>i * row + (<usize>j << 3), load<f64>(a + <usize>i * row + (<usize>j << 3)) - dot(a + <usize>i * row, a + <usize>j * row, bytes));
    for (let k = p; k < n; k++) {
      const r = a + <usize>k * row;
      for (let j = p; j < min(k + 1, end); j++) {
        const q = a + <usize>j * row;
        let s = load<f64>(r + (<usize>j << 3));
        for (let l = <usize>p << 3; l < <usize>j << 3; l += 8) s -= load<f64>(r + l) * load<f64>(q + l);
        if (j < k) s /= load<f64>(q + (<usize>j << 3));
        else if (s > 0.0) s = Math.sqrt(s);
        else return 0;
        store<f64>(r + (<usize>j << 3), s);
      }
    }
  }
  return 1;
}
// x: right-hand side, then the solution
export function solve(n: i32, a: usize, x: usize): void {
  const row = <usize>n << 3;
  for (let i = 0; i < n; i++) {
    const r = a + <usize>i * row;
    const even = <usize>(i & ~1) << 3;
    let s = load<f64>(x + (<usize>i << 3)) - dot(r, x, even);
    if (i & 1) s -= load<f64>(r + even) * load<f64>(x + even);
    store<f64>(x + (<usize>i << 3), s / load<f64>(r + (<usize>i << 3)));
  }
  for (let i = n - 1; i >= 0; i--) {
    const r = a + <usize>i * row;
    const v = load<f64>(x + (<usize>i << 3)) / load<f64>(r + (<usize>i << 3));
    store<f64>(x + (<usize>i << 3), v);
    for (let k: usize = 0; k < <usize>i << 3; k += 8) store<f64>(x + k, load<f64>(x + k) - load<f64>(r + k) * v);
  }
}
