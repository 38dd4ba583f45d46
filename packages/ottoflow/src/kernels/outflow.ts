/** The queue of the outflow limiter (see scheme/fv/limit.ts): the reference and its twin on SIMD rows, which walk in the same order. */
import type { Rows } from "../contract.ts";
import { wasm64 } from "./wasm.ts";

/** Where the edges of a cell are: `axes` of `edgesOfBox`, five numbers per axis. */
export type EdgeAxes = Float64Array;
const NUMBERS = 5;
/** values of `work` for n cells: six bytes each, and in the twin the edges of a cell, at most six of 16 bytes */
export const outflowWork = (n: number): number => Math.ceil((6 * n) / 8) + 12;
/** Visits after which a cell loses its outflow altogether. */
const MOST_VISITS = 8;

/**
 * base = start - tau * div(flux) is given, keep is one. A cell below zero has its outflow scaled until it is just empty; that takes
 * inflow from its neighbours, which join the queue when they fall below zero in turn. Afterwards base = start - tau * div(keep flux),
 * not below zero where start is not. Returns how often a cell was held back.
 */
export function holdOutflow(n: number, axes: EdgeAxes, start: Rows, flux: Rows, tau: number, keep: Rows, base: Rows, work: Float64Array): number {
  const wasm = wasm64(start, flux, keep, base);
  if (wasm === null || axes.buffer !== base.buffer || work.buffer !== base.buffer) return holdOutflowReference(n, axes, start, flux, tau, keep, base, work);
  const [s, f, k, b] = [start.byteOffset, flux.byteOffset, keep.byteOffset, base.byteOffset];
  return wasm.exports.holdOutflow!(n, axes.length / NUMBERS, axes.byteOffset, s, f, tau, k, b, work.byteOffset);
}

function holdOutflowReference(n: number, axes: EdgeAxes, start: Rows, flux: Rows, tau: number, keep: Rows, base: Rows, work: Float64Array): number {
  const queue = new Int32Array(work.buffer, work.byteOffset, n);
  const waiting = new Uint8Array(work.buffer, work.byteOffset + 4 * n, n);
  const visits = new Uint8Array(work.buffer, work.byteOffset + 5 * n, n).fill(0);
  const edge: number[] = [];
  const other: number[] = [];
  const upper: boolean[] = [];
  let [head, length, held] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    waiting[i] = base[i]! < 0 ? 1 : 0;
    if (base[i]! < 0) queue[length++] = i;
  }
  while (length > 0) {
    const i = queue[head]!;
    head = head + 1 === n ? 0 : head + 1;
    length--;
    waiting[i] = 0;
    visits[i] = visits[i]! + 1;
    let inflow = start[i]!;
    let outflow = 0;
    const degree = edgesOf(axes, i, edge, other, upper);
    for (let k = 0; k < degree; k++) {
      const f = tau * keep[edge[k]!]! * leaving(flux, edge[k]!, upper[k]!);
      if (f > 0) outflow += f;
      else inflow -= f;
    }
    base[i] = inflow - outflow;
    if (inflow >= outflow) continue;
    held++;
    // a hair below the exact share, so that rounding cannot leave the cell negative
    const share = visits[i]! < MOST_VISITS ? (inflow / outflow) * (1 - 1e-12) : 0;
    base[i] = inflow - share * outflow;
    for (let k = 0; k < degree; k++) {
      const [e, j] = [edge[k]!, other[k]!];
      const out = leaving(flux, e, upper[k]!);
      if (out <= 0) continue;
      base[j] = base[j]! - (1 - share) * tau * keep[e]! * out;
      keep[e] = share * keep[e]!;
      if (!(base[j]! < 0) || waiting[j] !== 0) continue;
      waiting[j] = 1;
      queue[head + length >= n ? head + length - n : head + length] = j;
      length++;
    }
  }
  return held;
}

const leaving = (flux: Rows, e: number, upper: boolean): number => (upper ? flux[e]! : -flux[e]!);

/** The edges of a cell, axis by axis the one below it and the one above it where there are such, with the cells beyond; returns how many. */
function edgesOf(axes: EdgeAxes, i: number, edge: number[], other: number[], upper: boolean[]): number {
  let found = 0;
  const add = (e: number, j: number, above: boolean): void => {
    edge[found] = e;
    other[found] = j;
    upper[found++] = above;
  };
  for (let p = 0; p < axes.length; p += NUMBERS) {
    const [stride, span, length, wraps, first] = [axes[p]!, axes[p + 1]!, axes[p + 2]!, axes[p + 3]!, axes[p + 4]!];
    const at = i % span;
    const start = first + ((i - at) / span) * length;
    if (at >= stride) add(start + at - stride, i - stride, false);
    else if (wraps) add(start + at + span - stride, i + span - stride, false);
    if (at < length) add(start + at, at + stride < span ? i + stride : i - span + stride, true);
  }
  return found;
}
