/**
 * Explicit finite volumes along one axis of a box, in three passes over rows. A face is kept by the cell below it: entry i is the
 * face between cell i and its upper neighbour; on a wall the entry of the last cell is not read and its flow is 0.
 * [carrillo2015fv]
 */
import type { Rows } from "../contract.ts";
import { wasm64 } from "./memory.ts";

/** Cells of the axis are `inner` apart; the box is `outer` slabs of `length` rows of `inner` cells. */
export interface Axis {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
  readonly periodic: boolean;
}
/** axis k of a box whose first axis varies slowest */
export function axisOf(shape: readonly number[], k: number, periodic: boolean): Axis {
  const product = (part: readonly number[]): number => part.reduce((a, b) => a * b, 1);
  return { outer: product(shape.slice(0, k)), length: shape[k]!, inner: product(shape.slice(k + 1)), periodic };
}

/** slope_i: generalised minmod of the differences to both neighbours (theta = 1 minmod, 2 monotonised central); 0 next to a wall and at extrema. */
export function limitedSlopes(axis: Axis, theta: number, rho: Rows, slope: Rows): void {
  const wasm = wasm64(rho, slope);
  const { outer, length, inner, periodic } = axis;
  if (wasm) {
    wasm.exports.limitedSlopes!(outer, length, inner, periodic ? 1 : 0, theta, rho.byteOffset, slope.byteOffset);
    return;
  }
  eachCell(axis, (i, j) => {
    const wall = !periodic && (j === 0 || j === length - 1);
    slope[i] = wall ? 0 : limited(rho[neighbour(axis, i, j, -1)]!, rho[i]!, rho[neighbour(axis, i, j, 1)]!, theta);
  });
}
function limited(below: number, here: number, above: number, theta: number): number {
  const up = above - here;
  const down = here - below;
  if (up * down <= 0) return 0;
  const middle = 0.5 * (up + down);
  return up > 0 ? least(least(theta * up, theta * down), middle) : -least(least(-theta * up, -theta * down), -middle);
}
// one instruction, where Math.min takes eight to order zeros and NaNs, which do not occur here
function least(a: number, b: number): number {
  return b < a ? b : a;
}

/**
 * flow_i = stiffness (mobility drop_i + noise (rho_i - rho_up)), where the mobility is the density reconstructed on the side that the
 * drop of the potential leaves: rho_i + slope_i / 2 if drop_i > 0, else rho_up - slope_up / 2.
 */
export function upwindFlow(axis: Axis, noise: number, stiffness: number, rho: Rows, slope: Rows, drop: Rows, flow: Rows): void {
  const wasm = wasm64(rho, slope, drop, flow);
  const { outer, length, inner, periodic } = axis;
  if (wasm) {
    wasm.exports.upwindFlow!(outer, length, inner, periodic ? 1 : 0, noise, stiffness, rho.byteOffset, slope.byteOffset, drop.byteOffset, flow.byteOffset);
    return;
  }
  eachCell(axis, (i, j) => {
    if (!periodic && j === length - 1) {
      flow[i] = 0;
      return;
    }
    const up = neighbour(axis, i, j, 1);
    const mobility = drop[i]! > 0 ? rho[i]! + 0.5 * slope[i]! : rho[up]! - 0.5 * slope[up]!;
    flow[i] = stiffness * (mobility * drop[i]! + noise * (rho[i]! - rho[up]!));
  });
}

/** out_i -= factor (flow_i - flow_below); mass is kept to rounding */
export function subtractDivergence(axis: Axis, factor: number, flow: Rows, out: Rows): void {
  const wasm = wasm64(flow, out);
  if (wasm) {
    wasm.exports.subtractDivergence!(axis.outer, axis.length, axis.inner, factor, flow.byteOffset, out.byteOffset);
    return;
  }
  eachCell(axis, (i, j) => {
    out[i] = out[i]! - factor * (flow[i]! - flow[neighbour(axis, i, j, -1)]!);
  });
}

function eachCell({ outer, length, inner }: Axis, visit: (i: number, j: number) => void): void {
  for (let o = 0, i = 0; o < outer; o++) for (let j = 0; j < length; j++) for (let k = 0; k < inner; k++) visit(i++, j);
}
/** the neighbour of cell i, whose place along the axis is j, the axis closed to a circle */
function neighbour({ length, inner }: Axis, i: number, j: number, by: -1 | 1): number {
  const wraps = by < 0 ? j === 0 : j === length - 1;
  return i + by * inner * (wraps ? 1 - length : 1);
}
