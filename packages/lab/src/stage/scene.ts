/** What the stage needs of a run: ranges that stay the same over its frames, so that motion is motion. */
import type { Opening, PlainFrame } from "../engine/messages.ts";

export interface Range {
  readonly lo: number;
  readonly hi: number;
}
export interface Scene {
  readonly opening: Opening;
  readonly x: Range;
  readonly y: Range;
  /** largest density seen so far, smoothed so that a spike at the start does not flatten all that follows */
  readonly top: number;
  /** smallest density seen: 0, or what a flow that does not keep signs has come to */
  readonly bottom: number;
}
const widen = (r: Range, share: number): Range => {
  const half = Math.max((r.hi - r.lo) * share, 1e-9 * Math.max(Math.abs(r.lo), Math.abs(r.hi)), 1e-12);
  return { lo: r.lo - half, hi: r.hi + half };
};

/** What the ranges need of a frame. Frames do not change, and rows of a plane are long: each is looked through once. */
interface Looked {
  readonly top: number;
  readonly least: number;
  /** along each axis, outliers beyond the 0.2 % at each end let go; nothing for cells, whose grid is known */
  readonly extent: readonly Range[];
}
const looked = new WeakMap<PlainFrame, Looked>();
function lookAt(frame: PlainFrame, dim: number): Looked {
  let found = looked.get(frame);
  if (!found) {
    found = frame.measure.rep === "cells" ? cellsLooked(frame.measure.rows.rho!) : { top: topOf(frame, dim), least: 0, extent: extentOf(frame, dim) };
    looked.set(frame, found);
  }
  return found;
}
function cellsLooked(rho: Float64Array): Looked {
  let [top, least] = [0, 0];
  for (let i = 0; i < rho.length; i++) {
    const v = rho[i]!;
    if (v > top) top = v;
    else if (v < least) least = v;
  }
  return { top, least, extent: [] };
}
const OUTLIERS = 0.002;
const SAMPLE = 4000;
function extentOf({ measure: m }: PlainFrame, dim: number): readonly Range[] {
  return Array.from({ length: dim }, (_, axis) => {
    if (m.rep === "gaussian") {
      const s = 3 * Math.sqrt(m.rows.cov![axis * dim + axis]!);
      return { lo: m.rows.mean![axis]! - s, hi: m.rows.mean![axis]! + s };
    }
    const n = m.n ?? m.rows.x!.length;
    const stride = Math.max(1, Math.floor(n / SAMPLE));
    const sample = new Float64Array(Math.ceil(n / stride));
    let count = 0;
    for (let i = 0; i < n; i += stride) {
      const v = m.rows.x![axis * n + i]!;
      if (Number.isFinite(v)) sample[count++] = v;
    }
    if (count === 0) return { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY };
    const sorted = sample.subarray(0, count).sort();
    return { lo: sorted[Math.floor(OUTLIERS * (count - 1))]!, hi: sorted[Math.ceil((1 - OUTLIERS) * (count - 1))]! };
  });
}
function extent(some: readonly Looked[], axis: number): Range {
  const lo = some.reduce((s, { extent: e }) => Math.min(s, e[axis]!.lo), Number.POSITIVE_INFINITY);
  const hi = some.reduce((s, { extent: e }) => Math.max(s, e[axis]!.hi), Number.NEGATIVE_INFINITY);
  return lo <= hi ? widen({ lo, hi }, 0.06) : { lo: 0, hi: 1 };
}

export function sceneOf(opening: Opening, frames: readonly PlainFrame[]): Scene {
  const { grid, dim } = opening;
  const every = Math.max(1, Math.ceil(frames.length / 12));
  const some = frames.filter((_, i) => i % every === 0 || i === frames.length - 1).map((f) => lookAt(f, dim));
  if (opening.target) some.push({ top: Number.NaN, least: 0, extent: extentOf(targetFrame(opening.target, dim), dim) });
  const axis = (k: number): Range =>
    grid && frames[0]?.measure.rep === "cells" ? { lo: grid.lower[k]!, hi: grid.lower[k]! + grid.h[k]! * grid.shape[k]! } : extent(some, k);
  const tops = some
    .map(({ top }) => top)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const typical = tops.length > 0 ? tops[tops.length >> 1]! : 1;
  const top = Math.min(tops.at(-1) ?? 1, 3 * typical);
  const lowest = some.reduce((s, { least }) => Math.min(s, least), 0);
  // rounding is no sign
  return { opening, x: axis(0), y: dim > 1 ? axis(1) : { lo: 0, hi: 1 }, top, bottom: lowest < -1e-6 * top ? lowest : 0 };
}
/** The target as if it flowed. */
const targetFrame = (x: Float64Array, dim: number): PlainFrame => ({ t: 0, index: 0, measure: { rep: "particles", n: x.length / dim, rows: { x } } });

/** Ranges that hold both. */
export function joined(a: Scene, b: Scene): Scene {
  const both = (p: Range, q: Range): Range => ({ lo: Math.min(p.lo, q.lo), hi: Math.max(p.hi, q.hi) });
  return { ...a, x: both(a.x, b.x), y: both(a.y, b.y), top: Math.max(a.top, b.top), bottom: Math.min(a.bottom, b.bottom) };
}
function topOf(frame: PlainFrame, dim: number): number {
  if (dim > 1) return Number.NaN;
  const curve = densityCurve(frame, 160);
  return curve.y.reduce((s, v) => Math.max(s, v), 0);
}

export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** constant between x[i] and x[i + 1] */
  readonly steps: boolean;
}
/** The density of a frame on the line: cells as they are, points as a histogram, quantile nodes as the steps they are, a Gaussian as its curve. */
export function densityCurve({ measure: m }: PlainFrame, bins: number, opening?: Opening): Curve {
  if (m.rep === "cells") {
    const grid = opening?.grid;
    const rho = m.rows.rho!;
    const [lower, h] = [grid?.lower[0] ?? 0, grid?.h[0] ?? 1];
    return { x: Float64Array.from({ length: rho.length + 1 }, (_, i) => lower + i * h), y: rho, steps: true };
  }
  if (m.rep === "gaussian") {
    const s = Math.sqrt(m.rows.cov![0]!);
    const mean = m.rows.mean![0]!;
    const x = Float64Array.from({ length: 161 }, (_, i) => mean + s * (i - 80) * 0.05);
    return { x, y: x.map((v) => ((m.mass ?? 1) * Math.exp((-0.5 * (v - mean) * (v - mean)) / (s * s))) / (s * Math.sqrt(2 * Math.PI))), steps: false };
  }
  if (m.rep === "quantiles") {
    const { x, level } = m.rows as { x: Float64Array; level: Float64Array };
    return {
      x,
      y: Float64Array.from({ length: x.length - 1 }, (_, i) => ((m.mass ?? 1) * (level[i + 1]! - level[i]!)) / Math.max(x[i + 1]! - x[i]!, 1e-300)),
      steps: true,
    };
  }
  return histogram(m.rows.x!, m.rows.weight!, bins);
}
/** The same density with steps of at least this width: narrower neighbours become one, which has their mass. */
export function coarser(curve: Curve, width: number): Curve {
  const { x, y, steps } = curve;
  if (!steps || y.length < 2 || (x[y.length]! - x[0]!) / width > y.length) return curve;
  const [edge, high]: [number[], number[]] = [[x[0]!], []];
  let [from, mass] = [x[0]!, 0];
  for (let i = 0; i < y.length; i++) {
    const to = x[i + 1]!;
    mass += y[i]! * (to - x[i]!);
    if (to - from < width && (i + 1 < y.length || !(to > from))) continue;
    edge.push(to);
    high.push(mass / (to - from));
    [from, mass] = [to, 0];
  }
  return { x: Float64Array.from(edge), y: Float64Array.from(high), steps };
}
function histogram(x: Float64Array, weight: Float64Array, bins: number): Curve {
  const n = weight.length;
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < n; i++) {
    lo = Math.min(lo, x[i]!);
    hi = Math.max(hi, x[i]!);
  }
  const count = Math.max(8, Math.min(bins, Math.round(2 * Math.cbrt(n) * 2)));
  const h = (hi - lo) / count || 1;
  const y = new Float64Array(count);
  for (let i = 0; i < n; i++) {
    const k = Math.min(count - 1, Math.floor((x[i]! - lo) / h));
    y[k] = y[k]! + weight[i]! / h;
  }
  return { x: Float64Array.from({ length: count + 1 }, (_, i) => lo + i * h), y, steps: true };
}
