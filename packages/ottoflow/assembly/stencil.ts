// Finite volumes along one axis of a box, see kernels/stencil.ts. Cells of an axis are `inner` apart; a box is `outer` slabs of
// `length` rows of `inner` cells. Rows of cells are worked on with their neighbour rows; for inner = 1 a line takes that part.

// @ts-ignore: decorator
@inline
function limited(below: v128, here: v128, above: v128, theta: v128): v128 {
  const up = f64x2.sub(above, here);
  const down = f64x2.sub(here, below);
  const middle = f64x2.mul(f64x2.splat(0.5), f64x2.add(up, down));
  const a = f64x2.mul(theta, up);
  const b = f64x2.mul(theta, down);
  const y = v128.bitselect(f64x2.pmin(f64x2.pmin(a, b), middle), f64x2.pmax(f64x2.pmax(a, b), middle), f64x2.gt(up, f64x2.splat(0.0)));
  return v128.andnot(y, f64x2.le(f64x2.mul(up, down), f64x2.splat(0.0)));
}
function slopeRow(m: i32, below: usize, here: usize, above: usize, theta: f64, out: usize): void {
  const t = f64x2.splat(theta);
  const end = out + ((<usize>m & ~1) << 3);
  for (; out < end; out += 16, below += 16, here += 16, above += 16) v128.store(out, limited(v128.load(below), v128.load(here), v128.load(above), t));
  if (m & 1) v128.store64_lane(out, limited(v128.load64_splat(below), v128.load64_splat(here), v128.load64_splat(above), t), 0);
}
export function limitedSlopes(outer: i32, length: i32, inner: i32, periodic: i32, theta: f64, rho: usize, slope: usize): void {
  const row = <usize>inner << 3;
  const slab = <usize>length * row;
  for (let o = 0; o < outer; o++, rho += slab, slope += slab) {
    const last = slab - row;
    if (periodic) {
      slopeRow(inner, rho + last, rho, length > 1 ? rho + row : rho, theta, slope);
      if (length > 1) slopeRow(inner, rho + last - row, rho + last, rho, theta, slope + last);
    } else {
      memory.fill(slope, 0, row);
      memory.fill(slope + last, 0, row);
    }
    // inner rows stand one after the other, and so do their neighbours: one long row
    if (length > 2) slopeRow((length - 2) * inner, rho, rho + row, rho + 2 * row, theta, slope + row);
  }
}

// @ts-ignore: decorator
@inline
function flux(here: v128, above: v128, slopeHere: v128, slopeAbove: v128, drop: v128, noise: v128, stiffness: v128): v128 {
  const half = f64x2.splat(0.5);
  const a = f64x2.add(here, f64x2.mul(half, slopeHere));
  const b = f64x2.sub(above, f64x2.mul(half, slopeAbove));
  const mobility = v128.bitselect(a, b, f64x2.gt(drop, f64x2.splat(0.0)));
  return f64x2.mul(stiffness, f64x2.add(f64x2.mul(mobility, drop), f64x2.mul(noise, f64x2.sub(here, above))));
}
function flowRow(m: i32, here: usize, above: usize, slopeHere: usize, slopeAbove: usize, drop: usize, noise: f64, stiffness: f64, out: usize): void {
  const e = f64x2.splat(noise);
  const g = f64x2.splat(stiffness);
  const end = out + ((<usize>m & ~1) << 3);
  for (; out < end; out += 16, here += 16, above += 16, slopeHere += 16, slopeAbove += 16, drop += 16)
    v128.store(out, flux(v128.load(here), v128.load(above), v128.load(slopeHere), v128.load(slopeAbove), v128.load(drop), e, g));
  if (m & 1) v128.store64_lane(out, flux(v128.load64_splat(here), v128.load64_splat(above), v128.load64_splat(slopeHere), v128.load64_splat(slopeAbove), v128.load64_splat(drop), e, g), 0);
}
export function upwindFlow(outer: i32, length: i32, inner: i32, periodic: i32, noise: f64, stiffness: f64, rho: usize, slope: usize, drop: usize, flow: usize): void {
  const row = <usize>inner << 3;
  const slab = <usize>length * row;
  const last = slab - row;
  for (let o = 0; o < outer; o++, rho += slab, slope += slab, drop += slab, flow += slab) {
    if (length > 1) flowRow((length - 1) * inner, rho, rho + row, slope, slope + row, drop, noise, stiffness, flow);
    if (periodic) flowRow(inner, rho + last, rho, slope + last, slope, drop + last, noise, stiffness, flow + last);
    else memory.fill(flow + last, 0, row);
  }
}

function spreadRow(m: i32, factor: f64, below: usize, here: usize, out: usize): void {
  const f = f64x2.splat(factor);
  const end = out + ((<usize>m & ~1) << 3);
  for (; out < end; out += 16, below += 16, here += 16) v128.store(out, f64x2.sub(v128.load(out), f64x2.mul(f, f64x2.sub(v128.load(here), v128.load(below)))));
  if (m & 1) store<f64>(out, load<f64>(out) - factor * (load<f64>(here) - load<f64>(below)));
}
export function subtractDivergence(outer: i32, length: i32, inner: i32, factor: f64, flow: usize, out: usize): void {
  const row = <usize>inner << 3;
  const slab = <usize>length * row;
  const last = slab - row;
  for (let o = 0; o < outer; o++, flow += slab, out += slab) {
    // on a wall the flow over the upper face of the last cell is 0, and so is the one below the first
    spreadRow(inner, factor, flow + last, flow, out);
    if (length > 1) spreadRow((length - 1) * inner, factor, flow, flow + row, out + row);
  }
}
