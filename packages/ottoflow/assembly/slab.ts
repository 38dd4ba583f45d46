// One explicit stage on a box of n0 rows of n1 cells, in one pass over its rows; see kernels/slab.ts.

// half the limited slope of a cell between its neighbours
// @ts-ignore: decorator
@inline
function half(lower: v128, here: v128, upper: v128, theta: v128): v128 {
  const up = f64x2.sub(upper, here);
  const down = f64x2.sub(here, lower);
  const middle = f64x2.abs(f64x2.mul(f64x2.splat(0.25), f64x2.add(up, down)));
  const least = f64x2.mul(theta, f64x2.pmin(f64x2.abs(up), f64x2.abs(down)));
  const size = v128.and(f64x2.pmin(least, middle), f64x2.gt(f64x2.mul(up, down), f64x2.splat(0.0)));
  return v128.or(size, v128.and(up, f64x2.splat(-0.0)));
}
function halves(m: i32, lower: usize, here: usize, upper: usize, theta: v128, out: usize): void {
  const end = out + ((<usize>m & ~1) << 3);
  for (; out < end; out += 16, lower += 16, here += 16, upper += 16) v128.store(out, half(v128.load(lower), v128.load(here), v128.load(upper), theta));
  if (m & 1) v128.store64_lane(out, half(v128.load64_splat(lower), v128.load64_splat(here), v128.load64_splat(upper), theta), 0);
}
// the row `next` of slopes and the faces between `here` and it, added to the row `here`: c source + d rho + below - above + along - along above.
// Slopes and flows of this row are replaced by those of the next.
// @ts-ignore: decorator
@inline
function pass(
  own: bool, m: i32, here: usize, next: usize, beyond: usize, p: usize, q: usize, s: usize, o: usize, slope: usize, below: usize, along: usize,
  t: v128, e: v128, g: v128, c: v128, d: v128, good: v128,
): v128 {
  const end = o + (<usize>m << 3);
  for (; o < end; o += 16, here += 16, next += 16, beyond += 16, p += 16, q += 16, s += 16, slope += 16, below += 16, along += 16) {
    const a = v128.load(here);
    const b = v128.load(next);
    const sb = half(a, b, v128.load(beyond), t);
    const up = own ? ownFlux(a, b, v128.load(slope), sb, g) : flux(a, b, v128.load(slope), sb, f64x2.sub(v128.load(p), v128.load(q)), e, g);
    v128.store(slope, sb);
    let y = f64x2.add(f64x2.mul(c, v128.load(s)), f64x2.mul(d, a));
    y = f64x2.sub(f64x2.add(y, v128.load(below)), up);
    v128.store(below, up);
    y = f64x2.sub(f64x2.add(y, v128.load(along)), v128.load(along, 8));
    v128.store(o, y);
    good = v128.and(good, f64x2.ge(y, f64x2.splat(0.0)));
  }
  return good;
}
// phi is rho, and there is no noise
// @ts-ignore: decorator
@inline
function ownFlux(a: v128, b: v128, sa: v128, sb: v128, g: v128): v128 {
  const drop = f64x2.sub(a, b);
  const edge = v128.bitselect(f64x2.add(a, sa), f64x2.sub(b, sb), f64x2.gt(drop, f64x2.splat(0.0)));
  return f64x2.mul(g, f64x2.mul(edge, drop));
}
function ownFluxes(m: i32, a: usize, sa: usize, g: v128, out: usize): void {
  const end = out + ((<usize>m & ~1) << 3);
  for (; out < end; out += 16, a += 16, sa += 16) v128.store(out, ownFlux(v128.load(a), v128.load(a, 8), v128.load(sa), v128.load(sa, 8), g));
  if (m & 1) v128.store64_lane(out, ownFlux(v128.load64_splat(a), v128.load64_splat(a, 8), v128.load64_splat(sa), v128.load64_splat(sa, 8), g), 0);
}
// drop of phi times the density on the side that it leaves, plus noise
// @ts-ignore: decorator
@inline
function flux(a: v128, b: v128, sa: v128, sb: v128, drop: v128, noise: v128, g: v128): v128 {
  const edge = v128.bitselect(f64x2.add(a, sa), f64x2.sub(b, sb), f64x2.gt(drop, f64x2.splat(0.0)));
  return f64x2.mul(g, f64x2.add(f64x2.mul(edge, drop), f64x2.mul(noise, f64x2.sub(a, b))));
}
function fluxes(m: i32, a: usize, b: usize, sa: usize, sb: usize, p: usize, q: usize, noise: v128, g: v128, out: usize): void {
  const end = out + ((<usize>m & ~1) << 3);
  for (; out < end; out += 16, a += 16, b += 16, sa += 16, sb += 16, p += 16, q += 16)
    v128.store(out, flux(v128.load(a), v128.load(b), v128.load(sa), v128.load(sb), f64x2.sub(v128.load(p), v128.load(q)), noise, g));
  if (m & 1)
    v128.store64_lane(out, flux(v128.load64_splat(a), v128.load64_splat(b), v128.load64_splat(sa), v128.load64_splat(sb), f64x2.sub(v128.load64_splat(p), v128.load64_splat(q)), noise, g), 0);
}

// work: six rows of n1 + 2 values. Returns 1 if a value of out is not >= 0.
export function explicitSlab(
  n0: i32, n1: i32, wrap0: i32, wrap1: i32, theta: f64, noise: f64, g0: f64, g1: f64,
  rho: usize, phi: usize, c: f64, source: usize, d: f64, out: usize, work: usize,
): i32 {
  const t = f64x2.splat(0.5 * theta);
  const e = f64x2.splat(noise);
  const h0 = f64x2.splat(g0);
  const h1 = f64x2.splat(g1);
  const cs = f64x2.splat(c);
  const ds = f64x2.splat(d);
  const zero = f64x2.splat(0.0);
  const size = <usize>n1 << 3;
  const room = size + 16;
  const last = <usize>(n0 - 1) * size;
  let below = work;
  let above = work + room;
  let slope = work + 2 * room;
  let slopeNext = work + 3 * room;
  const slopeAlong = work + 4 * room;
  // along[j] is the flow into cell j from below, along[j + 1] the one out of it above
  const along = work + 5 * room;
  const turns = wrap0 && n0 > 1;
  if (turns) {
    halves(n1, rho + last - size, rho + last, rho, t, slopeNext);
    halves(n1, rho + last, rho, rho + size, t, slope);
    fluxes(n1, rho + last, rho, slopeNext, slope, phi + last, phi, e, h0, below);
  } else {
    memory.fill(below, 0, size);
    memory.fill(slope, 0, size);
  }
  const own = rho === phi && noise === 0;
  let good = v128.not(v128.xor(zero, zero));
  for (let i = 0; i < n0; i++) {
    const at = <usize>i * size;
    const here = rho + at;
    const p = phi + at;
    // an inner row of even length takes the fast way: its upper faces are made where they are added
    const fast = i < n0 - 2 && (n1 & 1) === 0;
    if (fast) {
    } else if (i < n0 - 1) {
      const next = here + size;
      if (i < n0 - 2) halves(n1, here, next, next + size, t, slopeNext);
      else if (turns) halves(n1, here, next, rho, t, slopeNext);
      else memory.fill(slopeNext, 0, size);
      fluxes(n1, here, next, slope, slopeNext, p, p + size, e, h0, above);
    } else if (turns) {
      halves(n1, here, rho, rho + size, t, slopeNext);
      fluxes(n1, here, rho, slope, slopeNext, p, phi, e, h0, above);
    } else memory.fill(above, 0, size);
    store<f64>(along, 0.0);
    store<f64>(along + size, 0.0);
    if (n1 > 1) {
      const tail = here + size - 8;
      if (n1 > 2) halves(n1 - 2, here, here + 8, here + 16, t, slopeAlong + 8);
      if (wrap1) {
        halves(1, tail, here, here + 8, t, slopeAlong);
        halves(1, tail - 8, tail, here, t, slopeAlong + size - 8);
        fluxes(1, tail, here, slopeAlong + size - 8, slopeAlong, p + size - 8, p, e, h1, along);
        store<f64>(along + size, load<f64>(along));
      } else {
        store<f64>(slopeAlong, 0.0);
        store<f64>(slopeAlong + size - 8, 0.0);
      }
      if (own) ownFluxes(n1 - 1, here, slopeAlong, h1, along + 8);
      else fluxes(n1 - 1, here, here + 8, slopeAlong, slopeAlong + 8, p, p + 8, e, h1, along + 8);
    }
    const s = source + at;
    const o = out + at;
    if (fast) {
      if (own) good = pass(true, n1, here, here + size, here + 2 * size, p, p + size, s, o, slope, below, along, t, e, h0, cs, ds, good);
      else good = pass(false, n1, here, here + size, here + 2 * size, p, p + size, s, o, slope, below, along, t, e, h0, cs, ds, good);
      continue;
    }
    const whole = <usize>(n1 & ~1) << 3;
    for (let j: usize = 0; j < whole; j += 16) {
      let y = f64x2.add(f64x2.mul(cs, v128.load(s + j)), f64x2.mul(ds, v128.load(here + j)));
      y = f64x2.sub(f64x2.add(y, v128.load(below + j)), v128.load(above + j));
      y = f64x2.sub(f64x2.add(y, v128.load(along + j)), v128.load(along + j, 8));
      v128.store(o + j, y);
      good = v128.and(good, f64x2.ge(y, zero));
    }
    if (n1 & 1) {
      let y = c * load<f64>(s + whole) + d * load<f64>(here + whole);
      y = y + load<f64>(below + whole) - load<f64>(above + whole);
      y = y + load<f64>(along + whole) - load<f64>(along + whole + 8);
      store<f64>(o + whole, y);
      if (!(y >= 0)) good = v128.xor(zero, zero);
    }
    let swap = below;
    below = above;
    above = swap;
    swap = slope;
    slope = slopeNext;
    slopeNext = swap;
  }
  return i64x2.all_true(good) ? 0 : 1;
}

// @ts-ignore: decorator
@inline
function fallRate(lower: v128, here: v128, upper: v128, pressure: v128, scale: v128, g: v128, faces: v128): v128 {
  const fall = f64x2.pmax(f64x2.pmax(f64x2.splat(0.0), f64x2.sub(here, lower)), f64x2.sub(here, upper));
  return f64x2.mul(g, f64x2.add(f64x2.mul(scale, fall), f64x2.mul(faces, pressure)));
}
// noise and what the pressure adds to it
// @ts-ignore: decorator
@inline
function pressureOf(rho: v128, stiff: v128, noise: v128): v128 {
  return f64x2.add(noise, v128.and(f64x2.mul(rho, stiff), f64x2.gt(rho, f64x2.splat(0.0))));
}
// Largest rate of a cell, see kernels/slab.ts. stiff: a row, or 0 where `stiffness` stands for it.
export function slabRate(
  n0: i32, n1: i32, wrap0: i32, wrap1: i32, noise: f64, g0: f64, g1: f64, scale: f64, stiffness: f64, rho: usize, phi: usize, stiff: usize,
): f64 {
  const s = <usize>n1 << 3;
  const c = f64x2.splat(2 * scale);
  const e = f64x2.splat(noise);
  const h0 = f64x2.splat(g0);
  const h1 = f64x2.splat(g1);
  const both = f64x2.splat(2.0);
  const same = f64x2.splat(stiffness);
  const turns0 = wrap0 && n0 > 1;
  const turns1 = wrap1 && n1 > 1;
  let most = f64x2.splat(0.0);
  for (let i = 0; i < n0; i++) {
    const at = <usize>i * s;
    const below = i > 0 ? at - s : turns0 ? <usize>(n0 - 1) * s : at;
    const above = i + 1 < n0 ? at + s : turns0 ? 0 : at;
    const faces = f64x2.splat(<f64>(i32(i > 0 || turns0) + i32(i + 1 < n0 || turns0)));
    let j = 0;
    while (j < n1) {
      const k = at + (<usize>j << 3);
      const l = <usize>j << 3;
      if (j === 0 || j + 2 >= n1) {
        // the ends of a row, one cell at a time
        const first = j === 0;
        const last = j + 1 === n1;
        const left = first ? (turns1 ? at + s - 8 : k) : k - 8;
        const right = last ? (turns1 ? at : k) : k + 8;
        const sides = f64x2.splat(<f64>(i32(!first || turns1) + i32(!last || turns1)));
        const here = v128.load64_splat(phi + k);
        const pressure = pressureOf(v128.load64_splat(rho + k), stiff ? v128.load64_splat(stiff + k) : same, e);
        const r = fallRate(v128.load64_splat(phi + below + l), here, v128.load64_splat(phi + above + l), pressure, c, h0, faces);
        most = f64x2.pmax(most, f64x2.add(r, fallRate(v128.load64_splat(phi + left), here, v128.load64_splat(phi + right), pressure, c, h1, sides)));
        j++;
        continue;
      }
      const down = phi + below;
      const up = phi + above;
      const end = (<usize>(n1 - 1) << 3) - 8;
      let m = l;
      for (; m < end; m += 16) {
        const p = at + m;
        const here = v128.load(phi + p);
        const pressure = pressureOf(v128.load(rho + p), stiff ? v128.load(stiff + p) : same, e);
        const r = fallRate(v128.load(down + m), here, v128.load(up + m), pressure, c, h0, faces);
        most = f64x2.pmax(most, f64x2.add(r, fallRate(v128.load(phi + p - 8), here, v128.load(phi + p + 8), pressure, c, h1, both)));
      }
      j = <i32>(m >> 3);
    }
  }
  return max<f64>(f64x2.extract_lane(most, 0), f64x2.extract_lane(most, 1));
}
