// Complex transforms of length 2^a 3^b 5^c by Stockham's passes, two at once in the lanes. roots: [2 * n], cos and sin of 2 pi k / n.
import { add, mul, sub } from "../lanes64";

// @ts-ignore: decorator
@inline
function at(p: usize, i: i32): v128 {
  return v128.load(p + ((<usize>i) << 4));
}
// @ts-ignore: decorator
@inline
function put(p: usize, i: i32, v: v128): void {
  v128.store(p + ((<usize>i) << 4), v);
}

let cr: v128 = f64x2.splat(0);
let ci: v128 = f64x2.splat(0);
// (cr, ci) = exp(-2 pi i k / n), k < n
// @ts-ignore: decorator
@inline
function root(roots: usize, k: i32): void {
  const p = roots + ((<usize>k) << 4);
  cr = v128.load64_splat(p);
  ci = f64x2.neg(v128.load64_splat(p + 8));
}
// (re, im) times (cr, ci) to place i
// @ts-ignore: decorator
@inline
function turned(re: v128, im: v128, yr: usize, yi: usize, i: i32): void {
  put(yr, i, sub(mul(re, cr), mul(im, ci)));
  put(yi, i, add(mul(re, ci), mul(im, cr)));
}

function pass2(m: i32, s: i32, roots: usize, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const half = m * s;
  for (let p = 0; p < m; p++) {
    root(roots, p * s);
    const wr = cr;
    const wi = ci;
    for (let q = 0; q < s; q++) {
      const i = q + s * p;
      const ar = at(xr, i), ai = at(xi, i), br = at(xr, i + half), bi = at(xi, i + half);
      const o = q + s * 2 * p;
      put(yr, o, add(ar, br));
      put(yi, o, add(ai, bi));
      const dr = sub(ar, br), di = sub(ai, bi);
      put(yr, o + s, sub(mul(dr, wr), mul(di, wi)));
      put(yi, o + s, add(mul(dr, wi), mul(di, wr)));
    }
  }
}
function pass4(m: i32, s: i32, roots: usize, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const quarter = m * s;
  for (let p = 0; p < m; p++) {
    root(roots, p * s);
    const w1r = cr, w1i = ci;
    const w2r = sub(mul(w1r, w1r), mul(w1i, w1i)), w2i = add(mul(w1r, w1i), mul(w1r, w1i));
    const w3r = sub(mul(w1r, w2r), mul(w1i, w2i)), w3i = add(mul(w1r, w2i), mul(w1i, w2r));
    for (let q = 0; q < s; q++) {
      const i = q + s * p;
      const ar = at(xr, i), ai = at(xi, i);
      const br = at(xr, i + quarter), bi = at(xi, i + quarter);
      const er = at(xr, i + 2 * quarter), ei = at(xi, i + 2 * quarter);
      const dr = at(xr, i + 3 * quarter), di = at(xi, i + 3 * quarter);
      const sr = add(ar, er), si = add(ai, ei), tr = sub(ar, er), ti = sub(ai, ei);
      const ur = add(br, dr), ui = add(bi, di), vr = sub(br, dr), vi = sub(bi, di);
      const o = q + s * 4 * p;
      put(yr, o, add(sr, ur));
      put(yi, o, add(si, ui));
      const c1r = add(tr, vi), c1i = sub(ti, vr); // t - i v
      put(yr, o + s, sub(mul(c1r, w1r), mul(c1i, w1i)));
      put(yi, o + s, add(mul(c1r, w1i), mul(c1i, w1r)));
      const c2r = sub(sr, ur), c2i = sub(si, ui);
      put(yr, o + 2 * s, sub(mul(c2r, w2r), mul(c2i, w2i)));
      put(yi, o + 2 * s, add(mul(c2r, w2i), mul(c2i, w2r)));
      const c3r = sub(tr, vi), c3i = add(ti, vr); // t + i v
      put(yr, o + 3 * s, sub(mul(c3r, w3r), mul(c3i, w3i)));
      put(yi, o + 3 * s, add(mul(c3r, w3i), mul(c3i, w3r)));
    }
  }
}
// any small odd radix, by sums: 3 and 5
function passOdd(radix: i32, n: i32, m: i32, s: i32, roots: usize, xr: usize, xi: usize, yr: usize, yi: usize): void {
  const part = m * s;
  const step = n / radix;
  for (let p = 0; p < m; p++) {
    for (let k = 0; k < radix; k++) {
      for (let q = 0; q < s; q++) {
        const i = q + s * p;
        let re = at(xr, i), im = at(xi, i);
        for (let r = 1; r < radix; r++) {
          root(roots, ((r * k) % radix) * step);
          const ar = at(xr, i + r * part), ai = at(xi, i + r * part);
          re = add(re, sub(mul(ar, cr), mul(ai, ci)));
          im = add(im, add(mul(ar, ci), mul(ai, cr)));
        }
        root(roots, p * k * s);
        turned(re, im, yr, yi, q + s * (radix * p + k));
      }
    }
  }
}

// In (xr, xi), [n] pairs each; (yr, yi) is scratch. Returns whether the result stands in y.
export function transform(n: i32, roots: usize, xr: usize, xi: usize, yr: usize, yi: usize): bool {
  let rest = n;
  let s = 1;
  let inY = false;
  while (rest > 1) {
    let radix = 0;
    if (rest % 5 == 0) radix = 5;
    else if (rest % 3 == 0) radix = 3;
    else radix = rest % 4 == 0 ? 4 : 2;
    const m = rest / radix;
    const ar = inY ? yr : xr, ai = inY ? yi : xi, br = inY ? xr : yr, bi = inY ? xi : yi;
    if (radix == 4) pass4(m, s, roots, ar, ai, br, bi);
    else if (radix == 2) pass2(m, s, roots, ar, ai, br, bi);
    else passOdd(radix, n, m, s, roots, ar, ai, br, bi);
    inY = !inY;
    s *= radix;
    rest = m;
  }
  return inY;
}
