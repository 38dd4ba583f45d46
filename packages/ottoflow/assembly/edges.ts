// Edges of a box along an axis, in blocks of edges that follow each other as their cells do; see kernels/edges.ts. Pitches in bytes.
import { addRun } from "./stencil";

// @ts-ignore: decorator
@inline
function drop(p: usize, q: usize, out: usize): void {
  v128.store(out, f64x2.sub(v128.load(p), v128.load(q)));
}
export function edgeDrops(blocks: i32, length: i32, pitch: usize, edgePitch: usize, phiLower: usize, phiUpper: usize, out: usize): void {
  for (let b = 0; b < blocks; b++, phiLower += pitch, phiUpper += pitch, out += edgePitch) {
    const end = <usize>(length & ~1) << 3;
    for (let k: usize = 0; k < end; k += 16) drop(phiLower + k, phiUpper + k, out + k);
    if (length & 1) store<f64>(out + end, load<f64>(phiLower + end) - load<f64>(phiUpper + end));
  }
}
export function edgeFlux(blocks: i32, length: i32, pitch: usize, edgePitch: usize, up: usize, down: usize, lower: usize, upper: usize, out: usize): void {
  for (let b = 0; b < blocks; b++, lower += pitch, upper += pitch, up += edgePitch, down += edgePitch, out += edgePitch) {
    const end = <usize>(length & ~1) << 3;
    for (let k: usize = 0; k < end; k += 16)
      v128.store(out + k, f64x2.sub(f64x2.mul(v128.load(up + k), v128.load(lower + k)), f64x2.mul(v128.load(down + k), v128.load(upper + k))));
    if (length & 1) store<f64>(out + end, load<f64>(up + end) * load<f64>(lower + end) - load<f64>(down + end) * load<f64>(upper + end));
  }
}
// out of the lower cell = factor * rate, times reach where there is one (0: none)
export function edgeLoad(blocks: i32, length: i32, pitch: usize, edgePitch: usize, rate: usize, factor: f64, reach: usize, out: usize): void {
  const f = f64x2.splat(factor);
  const end = <usize>(length & ~1) << 3;
  for (let b = 0; b < blocks; b++, out += pitch, rate += edgePitch) {
    if (reach === 0) {
      for (let k: usize = 0; k < end; k += 16) v128.store(out + k, f64x2.mul(f, v128.load(rate + k)));
      if (length & 1) store<f64>(out + end, factor * load<f64>(rate + end));
      continue;
    }
    for (let k: usize = 0; k < end; k += 16) v128.store(out + k, f64x2.mul(v128.load(reach + k), f64x2.mul(f, v128.load(rate + k))));
    if (length & 1) store<f64>(out + end, load<f64>(reach + end) * (factor * load<f64>(rate + end)));
    reach += edgePitch;
  }
}
export function edgeSpread(blocks: i32, length: i32, pitch: usize, edgePitch: usize, flux: usize, factor: f64, lower: usize, upper: usize): void {
  for (let b = 0; b < blocks; b++, lower += pitch, upper += pitch, flux += edgePitch) {
    addRun(length, flux, factor, upper);
    addRun(length, flux, -factor, lower);
  }
}

// The queue of kernels/outflow.ts. `axes`: per axis five numbers: stride, span, edges of a span, whether it wraps, first edge.
const MOST_VISITS: i32 = 8;
// One edge of a cell: address of its value less that of the row, the cell beyond, and the flux out of the cell (kept in `found`).
const ENTRY: usize = 16;
// writes the edges of cell i, axis by axis the lower and the upper one where there are such; returns the end of the list
function edgesOf(dim: i32, axes: usize, i: i32, found: usize): usize {
  for (const end = axes + <usize>dim * 40; axes < end; axes += 40) {
    const stride = <i32>load<f64>(axes);
    const span = <i32>load<f64>(axes, 8);
    const length = <i32>load<f64>(axes, 16);
    const block = i / span;
    const at = i - block * span;
    const start = <i32>load<f64>(axes, 32) + block * length;
    const wraps = load<f64>(axes, 24) != 0.0;
    if (at >= stride || wraps) {
      const back = at >= stride ? -stride : span - stride;
      store<i32>(found, start + at + back);
      store<i32>(found, i + back, 4);
      store<i32>(found, 0, 8);
      found += ENTRY;
    }
    if (at < length) {
      store<i32>(found, start + at);
      store<i32>(found, at + stride < span ? i + stride : i - span + stride, 4);
      store<i32>(found, 1, 8);
      found += ENTRY;
    }
  }
  return found;
}
export function holdOutflow(n: i32, dim: i32, axes: usize, start: usize, flux: usize, tau: f64, keep: usize, base: usize, work: usize): i32 {
  const waiting = work + (<usize>n << 2);
  const visits = waiting + <usize>n;
  const list = (visits + <usize>n + 7) & ~7;
  memory.fill(waiting, 0, <usize>n << 1);
  const zero = f64x2.splat(0.0);
  let length = 0;
  for (let i = 0; i < n; i += 2) {
    const at = base + (<usize>i << 3);
    const last = i + 1 == n;
    if (!v128.any_true(f64x2.lt(last ? v128.load64_zero(at) : v128.load(at), zero))) continue;
    for (let j = i; j < i + (last ? 1 : 2); j++) {
      if (!(load<f64>(base + (<usize>j << 3)) < 0)) continue;
      store<u8>(waiting + j, 1);
      store<i32>(work + (<usize>length << 2), j);
      length++;
    }
  }
  let head = 0;
  let held = 0;
  while (length > 0) {
    const i = load<i32>(work + (<usize>head << 2));
    head = head + 1 == n ? 0 : head + 1;
    length--;
    store<u8>(waiting + i, 0);
    const seen = <i32>load<u8>(visits + i) + 1;
    store<u8>(visits + i, <u8>seen);
    let inflow = load<f64>(start + (<usize>i << 3));
    let outflow = 0.0;
    const end = edgesOf(dim, axes, i, list);
    for (let p = list; p < end; p += ENTRY) {
      const e = <usize>load<i32>(p) << 3;
      const v = load<f64>(flux + e);
      const f = tau * load<f64>(keep + e) * (load<i32>(p, 8) != 0 ? v : -v);
      if (f > 0) outflow += f;
      else inflow -= f;
    }
    store<f64>(base + (<usize>i << 3), inflow - outflow);
    if (inflow >= outflow) continue;
    held++;
    const share = seen < MOST_VISITS ? (inflow / outflow) * (1.0 - 1e-12) : 0.0;
    store<f64>(base + (<usize>i << 3), inflow - share * outflow);
    for (let p = list; p < end; p += ENTRY) {
      const e = <usize>load<i32>(p) << 3;
      const v = load<f64>(flux + e);
      const leaving = load<i32>(p, 8) != 0 ? v : -v;
      if (leaving <= 0) continue;
      const other = load<i32>(p, 4);
      const kept = load<f64>(keep + e);
      const at = base + (<usize>other << 3);
      store<f64>(at, load<f64>(at) - (1.0 - share) * tau * kept * leaving);
      store<f64>(keep + e, share * kept);
      if (!(load<f64>(at) < 0) || load<u8>(waiting + other) != 0) continue;
      store<u8>(waiting + other, 1);
      store<i32>(work + (<usize>(head + length >= n ? head + length - n : head + length) << 2), other);
      length++;
    }
  }
  return held;
}
