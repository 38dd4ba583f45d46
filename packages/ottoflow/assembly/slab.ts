// One explicit stage on a box of n0 rows of n1 cells, in one pass over its rows; see kernels/slab.ts.

// drop of phi times the limited density on the side that it leaves, plus noise
// @ts-ignore: decorator
@inline
function flux(ll: v128, a: v128, b: v128, rr: v128, drop: v128, theta: v128, noise: v128, g: v128): v128 {
  const half = f64x2.splat(0.5);
  const across = f64x2.sub(b, a);
  const falls = f64x2.gt(drop, f64x2.splat(0.0));
  const behind = v128.bitselect(f64x2.sub(a, ll), f64x2.sub(rr, b), falls);
  const middle = f64x2.abs(f64x2.mul(half, f64x2.add(across, behind)));
  const least = f64x2.pmin(f64x2.mul(theta, f64x2.abs(across)), f64x2.mul(theta, f64x2.abs(behind)));
  const slope = v128.and(f64x2.pmin(least, middle), f64x2.gt(f64x2.mul(across, behind), f64x2.splat(0.0)));
  const sign = v128.and(v128.xor(across, v128.andnot(f64x2.splat(-0.0), falls)), f64x2.splat(-0.0));
  const edge = f64x2.add(v128.bitselect(a, b, falls), v128.or(f64x2.mul(half, slope), sign));
  return f64x2.mul(g, f64x2.add(f64x2.mul(edge, drop), f64x2.mul(noise, f64x2.sub(a, b))));
}
// @ts-ignore: decorator
@inline
function one(ll: usize, a: usize, b: usize, rr: usize, p: usize, q: usize, theta: v128, noise: v128, g: v128, out: usize): void {
  v128.store64_lane(out, flux(v128.load64_splat(ll), v128.load64_splat(a), v128.load64_splat(b), v128.load64_splat(rr), f64x2.sub(v128.load64_splat(p), v128.load64_splat(q)), theta, noise, g), 0);
}
function row(m: i32, ll: usize, a: usize, b: usize, rr: usize, p: usize, q: usize, theta: v128, noise: v128, g: v128, out: usize): void {
  const end = out + ((<usize>m & ~1) << 3);
  for (; out < end; out += 16, ll += 16, a += 16, b += 16, rr += 16, p += 16, q += 16)
    v128.store(out, flux(v128.load(ll), v128.load(a), v128.load(b), v128.load(rr), f64x2.sub(v128.load(p), v128.load(q)), theta, noise, g));
  if (m & 1) one(ll, a, b, rr, p, q, theta, noise, g, out);
}

// work: three rows of n1 + 2 values. Returns 1 if a value of out is not >= 0.
export function explicitSlab(
  n0: i32, n1: i32, wrap0: i32, wrap1: i32, theta: f64, noise: f64, g0: f64, g1: f64, factor: f64,
  rho: usize, phi: usize, c: f64, source: usize, d: f64, out: usize, work: usize,
): i32 {
  const t = f64x2.splat(theta);
  const e = f64x2.splat(noise);
  const h0 = f64x2.splat(g0);
  const h1 = f64x2.splat(g1);
  const f = f64x2.splat(factor);
  const cs = f64x2.splat(c);
  const ds = f64x2.splat(d);
  const size = <usize>n1 << 3;
  const last = <usize>(n0 - 1) * size;
  let below = work;
  let above = work + size + 16;
  const along = above + size + 16;
  const turns = wrap0 && n0 > 1;
  if (turns) row(n1, rho + <usize>max(n0 - 2, 0) * size, rho + last, rho, rho + size, phi + last, phi, t, e, h0, below);
  else memory.fill(below, 0, size);
  let bad = f64x2.splat(0.0);
  bad = v128.xor(bad, bad);
  for (let i = 0; i < n0; i++) {
    const at = <usize>i * size;
    const here = rho + at;
    if (i < n0 - 1) {
      const before = i > 0 ? here - size : turns ? rho + last : here;
      const next = here + size;
      const beyond = i < n0 - 2 ? next + size : turns ? rho : next;
      row(n1, before, here, next, beyond, phi + at, phi + at + size, t, e, h0, above);
    } else if (turns) row(n1, here - size, here, rho, rho + size, phi + at, phi, t, e, h0, above);
    else memory.fill(above, 0, size);
    // along[j] is the flow into cell j from below, along[j + 1] the one out of it above
    const end = here + size;
    const tail = end - 8;
    const p = phi + at;
    if (n1 > 1) {
      const round = wrap1 !== 0;
      one(round ? tail : here, here, here + 8, n1 > 2 ? here + 16 : round ? here : tail, p, p + 8, t, e, h1, along + 8);
      if (n1 > 3) row(n1 - 3, here, here + 8, here + 16, here + 24, p + 8, p + 16, t, e, h1, along + 16);
      if (n1 > 2) one(tail - 16, tail - 8, tail, round ? here : tail, p + size - 16, p + size - 8, t, e, h1, along + size - 8);
      if (round) {
        one(tail - 8, tail, here, here + 8, p + size - 8, p, t, e, h1, along);
        store<f64>(along + size, load<f64>(along));
      } else {
        store<f64>(along, 0.0);
        store<f64>(along + size, 0.0);
      }
    } else {
      store<f64>(along, 0.0);
      store<f64>(along + size, 0.0);
    }
    const s = source + at;
    const o = out + at;
    const whole = <usize>(n1 & ~1) << 3;
    for (let j: usize = 0; j < whole; j += 16) {
      let y = f64x2.add(f64x2.mul(cs, v128.load(s + j)), f64x2.mul(ds, v128.load(here + j)));
      y = f64x2.sub(f64x2.add(y, f64x2.mul(f, v128.load(below + j))), f64x2.mul(f, v128.load(above + j)));
      y = f64x2.sub(f64x2.add(y, f64x2.mul(f, v128.load(along + j))), f64x2.mul(f, v128.load(along + j, 8)));
      v128.store(o + j, y);
      bad = v128.or(bad, v128.not(f64x2.ge(y, f64x2.splat(0.0))));
    }
    if (n1 & 1) {
      const j = whole;
      let y = c * load<f64>(s + j) + d * load<f64>(here + j);
      y = y + factor * load<f64>(below + j) - factor * load<f64>(above + j);
      y = y + factor * load<f64>(along + j) - factor * load<f64>(along + j + 8);
      store<f64>(o + j, y);
      if (!(y >= 0)) bad = v128.not(f64x2.splat(0.0));
    }
    const swap = below;
    below = above;
    above = swap;
  }
  return v128.any_true(bad) ? 1 : 0;
}
