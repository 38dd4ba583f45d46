import { log } from "../../kernels/math.ts";
import { decade, formatNumber, powerOfTen, tenTo } from "./number.ts";

export interface Tick {
  readonly value: number;
  readonly label: string;
}
/** Data to pixels along one axis. */
export interface Scale {
  readonly lo: number;
  readonly hi: number;
  /** pixel of a value; NaN where a logarithmic axis has no place for it */
  at(value: number): number;
  readonly ticks: readonly Tick[];
}
export interface Range {
  readonly lo: number;
  readonly hi: number;
}

/** Ticks at 1, 2 or 5 times a power of ten inside [lo, hi], about `count` of them, with just the digits that tell them apart. */
export function linearTicks(lo: number, hi: number, count: number): Tick[] {
  const rough = (hi - lo) / Math.max(1, count);
  let k = decade(rough);
  const head = rough / powerOfTen(k);
  let factor = head > 5 ? 10 : head > 2 ? 5 : head > 1 ? 2 : 1;
  if (factor === 10) {
    factor = 1;
    k++;
  }
  const value = (i: number): number => (k < 0 ? (i * factor) / powerOfTen(-k) : i * factor * powerOfTen(k));
  const first = Math.ceil(lo / value(1) - 1e-9);
  const last = Math.floor(hi / value(1) + 1e-9);
  // ranges beyond the numbers (a run that ended not finite), or too thin for their size to be told apart: no ticks
  if (!(last - first < 1000 && Math.abs(first) < 2 ** 52)) return [];
  const top = Math.max(Math.abs(lo), Math.abs(hi));
  const scientific = top >= 1e6 || top < 1e-4;
  const ticks: Tick[] = [];
  for (let i = first; i <= last; i++) {
    const v = value(i);
    const digits = v === 0 ? 1 : Math.max(1, decade(Math.abs(v)) - k + 1);
    const plain = (): string => `${v < 0 ? "−" : ""}${Math.abs(v).toFixed(Math.min(100, Math.max(0, -k)))}`;
    ticks.push({ value: v, label: v === 0 ? "0" : scientific ? formatNumber(v, digits) : plain() });
  }
  return ticks;
}

/** Powers of ten inside [lo, hi], thinned to about `count`; 1, 2 and 5 times them where the axis spans little. */
export function logTicks(lo: number, hi: number, count: number): Tick[] {
  const from = decade(lo);
  const to = decade(hi);
  if (!(Number.isFinite(from) && Number.isFinite(to))) return [];
  const heads = hi < 100 * lo ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, count)));
  const plain = from >= -3 && to <= 4;
  const ticks: Tick[] = [];
  for (let k = from; k <= to + 1; k++) {
    if (k % stride !== 0) continue;
    for (const head of heads) {
      const value = Number(`${head}e${k}`);
      if (value < lo * (1 - 1e-12) || value > hi * (1 + 1e-12)) continue;
      ticks.push({ value, label: plain ? String(value) : head === 1 ? tenTo(k) : `${head}×${tenTo(k)}` });
    }
  }
  return ticks.length >= 2 ? ticks : linearTicks(lo, hi, count).filter((tick) => tick.value > 0);
}

/** A linear axis from pixel `start` to pixel `end`. */
export function linearScale(range: Range, start: number, end: number, count: number): Scale {
  const { lo, hi } = widen(range);
  return { lo, hi, at: (v) => start + ((v - lo) / (hi - lo)) * (end - start), ticks: linearTicks(lo, hi, count) };
}

/** A logarithmic axis; values that are not positive have no place on it. */
export function logScale(range: Range, start: number, end: number, count: number): Scale {
  const lo = range.lo;
  const hi = range.hi > range.lo ? range.hi : range.lo * 10;
  const a = log(lo);
  const b = log(hi);
  return { lo, hi, at: (v) => (v > 0 ? start + ((log(v) - a) / (b - a)) * (end - start) : Number.NaN), ticks: logTicks(lo, hi, count) };
}

/** Smallest and largest finite value, of the positive ones only where asked; null where there is none. */
export function rangeOf(rows: Iterable<ArrayLike<number>>, positive = false): Range | null {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      const v = row[i];
      if (!Number.isFinite(v) || (positive && v <= 0)) continue;
      if (v < lo) lo = v;
      if (v > hi) hi = v;
    }
  }
  return lo <= hi ? { lo, hi } : null;
}

/** The range with a margin on both sides, as a share of its length. */
export function padded(range: Range, share: number): Range {
  const { lo, hi } = widen(range);
  const margin = (hi - lo) * share;
  return { lo: lo - margin, hi: hi + margin };
}

/** A range of no length, or of less than rounding can tell, gets one. */
function widen({ lo, hi }: Range): Range {
  const size = Math.max(Math.abs(lo), Math.abs(hi));
  if (hi - lo > size * 1e-12) return { lo, hi };
  const half = size === 0 ? 1 : size * 0.05;
  return { lo: lo - half, hi: hi + half };
}
