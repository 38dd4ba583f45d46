/** Rows of the edges of a box. Same bits on SIMD: every cell adds its edges in the order of the edges. */
import type { Rows } from "../contract.ts";
import { wasm64 } from "./wasm.ts";

/** Edge `edge + b edgePitch + j` leads from cell `lower + b pitch + j` to cell `upper + b pitch + j`, b < blocks, j < length. */
export interface EdgeRun {
  readonly axis: number;
  readonly blocks: number;
  readonly length: number;
  readonly pitch: number;
  readonly edgePitch: number;
  readonly lower: number;
  readonly upper: number;
  readonly edge: number;
}

/**
 * The edges of a box, axis by axis, each span of an axis in the order of the lower cells; on a periodic axis the edges of its last
 * cells to its first end the span. first: of each axis and their number; axes: per axis stride, span, edges of a span, whether it wraps, first edge.
 */
export function edgesOfBox(
  shape: readonly number[],
  periodic: readonly boolean[],
): { readonly first: readonly number[]; readonly runs: readonly EdgeRun[]; readonly axes: readonly number[] } {
  const n = shape.reduce((a, b) => a * b, 1);
  const runs: EdgeRun[] = [];
  const axes: number[] = [];
  const first = [0];
  for (let k = 0, span = n; k < shape.length; k++) {
    const stride = span / shape[k]!;
    const inner = span - stride;
    const wraps = periodic[k]! && shape[k]! > 1;
    const edge = first[k]!;
    const common = { axis: k, blocks: n / span, pitch: span, edgePitch: wraps ? span : inner };
    runs.push({ ...common, length: inner, lower: 0, upper: stride, edge });
    if (wraps) runs.push({ ...common, length: stride, lower: inner, upper: 0, edge: edge + inner });
    axes.push(stride, span, common.edgePitch, wraps ? 1 : 0, edge);
    first.push(edge + common.blocks * common.edgePitch);
    span = stride;
  }
  return { first, runs, axes };
}

/** the cells on both sides of each edge */
export function edgeEnds(runs: readonly EdgeRun[], edges: number): { readonly from: Int32Array; readonly to: Int32Array } {
  const from = new Int32Array(edges);
  const to = new Int32Array(edges);
  for (const { blocks, length, pitch, edgePitch, lower, upper, edge } of runs)
    for (let b = 0; b < blocks; b++)
      for (let j = 0; j < length; j++) {
        from[edge + b * edgePitch + j] = lower + b * pitch + j;
        to[edge + b * edgePitch + j] = upper + b * pitch + j;
      }
  return { from, to };
}

/** out_e = phi_lower - phi_upper */
export function edgeDrops(run: EdgeRun, phi: Rows, out: Rows): void {
  const { blocks, length, pitch, edgePitch, lower, upper, edge } = run;
  const wasm = wasm64(phi, out);
  if (wasm) {
    const p = phi.byteOffset;
    wasm.exports.edgeDrops!(blocks, length, 8 * pitch, 8 * edgePitch, p + 8 * lower, p + 8 * upper, out.byteOffset + 8 * edge);
    return;
  }
  for (let b = 0; b < blocks; b++) {
    const [l, r, e] = [lower + b * pitch, upper + b * pitch, edge + b * edgePitch];
    for (let j = 0; j < length; j++) out[e + j] = phi[l + j]! - phi[r + j]!;
  }
}

/** out_e = up_e rho_lower - down_e rho_upper */
export function edgeFlux(run: EdgeRun, up: Rows, down: Rows, rho: Rows, out: Rows): void {
  const { blocks, length, pitch, edgePitch, lower, upper, edge } = run;
  const wasm = wasm64(up, down, rho, out);
  if (wasm) {
    const [p, at] = [rho.byteOffset, 8 * edge];
    const [u, d, o] = [up.byteOffset + at, down.byteOffset + at, out.byteOffset + at];
    wasm.exports.edgeFlux!(blocks, length, 8 * pitch, 8 * edgePitch, u, d, p + 8 * lower, p + 8 * upper, o);
    return;
  }
  for (let b = 0; b < blocks; b++) {
    const [l, r, e] = [lower + b * pitch, upper + b * pitch, edge + b * edgePitch];
    for (let j = 0; j < length; j++) out[e + j] = up[e + j]! * rho[l + j]! - down[e + j]! * rho[r + j]!;
  }
}

/** out_lower = reach_e factor rate_e, where reach is one if null */
export function edgeLoad(run: EdgeRun, rate: Rows, factor: number, reach: Rows | null, out: Rows): void {
  const { blocks, length, pitch, edgePitch, lower, edge } = run;
  const wasm = wasm64(rate, out, reach ?? out);
  if (wasm) {
    const [r, e] = [rate.byteOffset + 8 * edge, reach ? reach.byteOffset + 8 * edge : 0];
    wasm.exports.edgeLoad!(blocks, length, 8 * pitch, 8 * edgePitch, r, factor, e, out.byteOffset + 8 * lower);
    return;
  }
  for (let b = 0; b < blocks; b++) {
    const [l, e] = [lower + b * pitch, edge + b * edgePitch];
    for (let j = 0; j < length; j++) out[l + j] = reach ? reach[e + j]! * (factor * rate[e + j]!) : factor * rate[e + j]!;
  }
}

/** out_lower -= factor flux_e and out_upper += factor flux_e */
export function edgeSpread(run: EdgeRun, flux: Rows, factor: number, out: Rows): void {
  const { blocks, length, pitch, edgePitch, lower, upper, edge } = run;
  const wasm = wasm64(flux, out);
  if (wasm) {
    const o = out.byteOffset;
    wasm.exports.edgeSpread!(blocks, length, 8 * pitch, 8 * edgePitch, flux.byteOffset + 8 * edge, factor, o + 8 * lower, o + 8 * upper);
    return;
  }
  for (let b = 0; b < blocks; b++) {
    const [l, r, e] = [lower + b * pitch, upper + b * pitch, edge + b * edgePitch];
    // in this order a cell adds the edge below it before the one above
    for (let j = 0; j < length; j++) out[r + j] = out[r + j]! + factor * flux[e + j]!;
    for (let j = 0; j < length; j++) out[l + j] = out[l + j]! - factor * flux[e + j]!;
  }
}
