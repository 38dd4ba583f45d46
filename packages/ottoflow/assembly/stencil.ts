// Runs of faces and cells of the explicit finite volumes, see kernels/stencil.ts. All arguments that name cells are byte addresses.

// @ts-ignore: decorator
@inline
function flux(below: v128, a: v128, b: v128, above: v128, phiA: v128, phiB: v128, noise: v128, g: v128, theta: v128): v128 {
  const zero = f64x2.splat(0.0);
  const half = f64x2.splat(0.5);
  const drop = f64x2.sub(phiA, phiB);
  const falls = f64x2.gt(drop, zero);
  const across = f64x2.sub(b, a);
  const behind = v128.bitselect(f64x2.sub(a, below), f64x2.sub(above, b), falls);
  const middle = f64x2.mul(half, f64x2.add(across, behind));
  const p = f64x2.mul(theta, across);
  const q = f64x2.mul(theta, behind);
  // none is zero or no number where the product is positive, so the short minimum is the full one
  const steep = v128.bitselect(f64x2.pmin(f64x2.pmin(p, q), middle), f64x2.pmax(f64x2.pmax(p, q), middle), f64x2.gt(across, zero));
  const slope = v128.and(steep, f64x2.gt(f64x2.mul(across, behind), zero));
  const part = f64x2.mul(half, slope);
  const edge = v128.bitselect(f64x2.add(a, part), f64x2.sub(b, part), falls);
  return f64x2.mul(g, f64x2.add(f64x2.mul(edge, drop), f64x2.mul(noise, f64x2.sub(a, b))));
}
export function upwindRun(length: i32, ll: usize, l: usize, r: usize, rr: usize, phiL: usize, phiR: usize, noise: f64, g: f64, theta: f64, flow: usize): void {
  const e = f64x2.splat(noise);
  const s = f64x2.splat(g);
  const t = f64x2.splat(theta);
  const end = flow + ((<usize>length & ~1) << 3);
  for (; flow < end; flow += 16, ll += 16, l += 16, r += 16, rr += 16, phiL += 16, phiR += 16)
    v128.store(flow, flux(v128.load(ll), v128.load(l), v128.load(r), v128.load(rr), v128.load(phiL), v128.load(phiR), e, s, t));
  if (length & 1)
    v128.store64_lane(flow, flux(v128.load64_splat(ll), v128.load64_splat(l), v128.load64_splat(r), v128.load64_splat(rr), v128.load64_splat(phiL), v128.load64_splat(phiR), e, s, t), 0);
}
// out += factor flow
export function addRun(length: i32, flow: usize, factor: f64, out: usize): void {
  const f = f64x2.splat(factor);
  const end = out + ((<usize>length & ~1) << 3);
  for (; out < end; out += 16, flow += 16) v128.store(out, f64x2.add(v128.load(out), f64x2.mul(f, v128.load(flow))));
  if (length & 1) store<f64>(out, load<f64>(out) + factor * load<f64>(flow));
}
export function spreadRun(length: i32, flow: usize, factor: f64, l: usize, r: usize): void {
  addRun(length, flow, -factor, l);
  addRun(length, flow, factor, r);
}
// @ts-ignore: decorator
@inline
function rate(lower: v128, here: v128, upper: v128, rho: v128, stiff: v128, g: v128, noise: v128, faces: v128): v128 {
  const zero = f64x2.splat(0.0);
  const fall = f64x2.max(f64x2.max(zero, f64x2.sub(here, lower)), f64x2.sub(here, upper));
  const pressure = v128.and(f64x2.mul(rho, stiff), f64x2.gt(rho, zero));
  return f64x2.mul(g, f64x2.add(f64x2.mul(f64x2.splat(2.0), fall), f64x2.mul(faces, f64x2.add(noise, pressure))));
}
export function rateRun(length: i32, lower: usize, here: usize, upper: usize, rho: usize, stiff: usize, g: f64, noise: f64, faces: f64, out: usize): void {
  const s = f64x2.splat(g);
  const e = f64x2.splat(noise);
  const c = f64x2.splat(faces);
  const end = out + ((<usize>length & ~1) << 3);
  for (; out < end; out += 16, lower += 16, here += 16, upper += 16, rho += 16, stiff += 16)
    v128.store(out, f64x2.add(v128.load(out), rate(v128.load(lower), v128.load(here), v128.load(upper), v128.load(rho), v128.load(stiff), s, e, c)));
  if (length & 1)
    v128.store64_lane(
      out,
      f64x2.add(v128.load64_splat(out), rate(v128.load64_splat(lower), v128.load64_splat(here), v128.load64_splat(upper), v128.load64_splat(rho), v128.load64_splat(stiff), s, e, c)),
      0,
    );
}
