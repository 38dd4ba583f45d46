import { type Level, parentOf, takeWrap, zeroLast } from "./level.ts";

export function restrict(level: Level, coarse: Level, r: Float64Array, out: Float64Array): void {
  const { n, shape } = level;
  const m = shape[shape.length - 1]!;
  out.fill(0, 0, coarse.n);
  for (let base = 0; base < n; base += m) {
    const row = parentOf(level, base);
    for (let j = 0; j < m; j++) out[row + (j >> 1)] = out[row + (j >> 1)]! + r[base + j]!;
  }
}

/** x += correction, interpolated linearly in (correction / equilibrium) between the two nearest parents along every axis. */
export function prolong(level: Level, from: Float64Array, x: Float64Array): void {
  const { shape, own, near, n } = level;
  const last = shape.length - 1;
  const m = shape[last]!;
  const at = new Array<number>(last);
  for (let base = 0; base < n; base += m) {
    for (let k = last - 1, rest = base / m; k >= 0; k--) {
      at[k] = rest % shape[k]!;
      rest = Math.floor(rest / shape[k]!);
    }
    for (let mask = 0; mask < 1 << last; mask++) {
      let row = 0;
      for (let k = 0; k < last && row >= 0; k++) {
        const c = at[k]!;
        const towards = (mask >> k) & 1 ? (c & 1 ? c + 1 : c - 1) : c;
        row = towards < 0 || towards >= shape[k]! ? -1 : row + level.parent[k]![towards]!;
      }
      if (row < 0) continue;
      const one = last > 0 ? (mask & 1 ? near[0]! : own[0]!) : null;
      const two = last > 1 ? (mask & 2 ? near[1]! : own[1]!) : null;
      prolongRow(m, base, row, from, own[last]!, near[last]!, one, two, x);
    }
  }
}

/** One row from one coarse row; one, two: weights of the axes before the last, where there are such. */
function prolongRow(
  m: number,
  base: number,
  row: number,
  from: Float64Array,
  own: Float64Array,
  near: Float64Array,
  one: Float64Array | null,
  two: Float64Array | null,
  x: Float64Array,
): void {
  const top = row + ((m + 1) >> 1) - 1;
  for (let j = 0; j < m; j++) {
    const i = base + j;
    const c = row + (j >> 1);
    const side = Math.min(Math.max(j & 1 ? c + 1 : c - 1, row), top);
    let v = own[i]! * from[c]! + near[i]! * from[side]!;
    if (one) v *= one[i]!;
    if (two) v *= two[i]!;
    x[i] = x[i]! + v;
  }
}

export function coarsen(level: Level, coarse: Level): void {
  restrict(level, coarse, level.mass, coarse.mass);
  for (let k = 0; k < level.shape.length; k++) {
    shareOut(level, k);
    weigh(level, k);
    mergeEdges(level, coarse, k);
  }
  mergeWraps(level, coarse);
}

export function mergeWraps(level: Level, coarse: Level): void {
  for (const w of coarse.wraps) {
    const fine = level.wraps.find((v) => v.axis === w.axis)!;
    const up = coarse.up[w.axis]!;
    const down = coarse.down[w.axis]!;
    for (let e = 0; e < fine.last.length; e++) addMerged(fine.up[e]!, fine.down[e]!, 2, up, down, parentOf(level, fine.last[e]!));
    takeWrap(w, up, down);
    zeroLast(coarse, w.axis);
  }
}

/** Correction of a pair of cells in the proportion of their equilibrium: upper over lower = rate up over rate down. */
function shareOut(level: Level, k: number): void {
  const share = level.share[k]!;
  const s = level.stride[k]!;
  const count = level.shape[k]!;
  share.fill(1);
  const up = level.up[k]!;
  const down = level.down[k]!;
  for (let base = 0; base < level.n; base += s * count) {
    for (let at = 0; at + 1 < count; at += 2) {
      for (let i = base + at * s; i < base + at * s + s; i++) {
        const a = up[i]!;
        const b = down[i]!;
        if (!(a + b > 0)) continue;
        share[i] = (2 * b) / (a + b);
        share[i + s] = 2 - share[i]!;
      }
    }
  }
}

/** largest rise of the equilibrium from a neighbour's cell that the interpolation follows */
export const steepest = 2;

/**
 * Linear weights 3/4 and 1/4 in (correction / equilibrium). Where the equilibrium rises steeply from the neighbour to here the
 * neighbour's weight is held at that of `steepest`, lest a step of many temperatures amplifies it.
 */
function weigh(level: Level, k: number): void {
  const { n, shape, stride, up, down } = level;
  const s = stride[k]!;
  const count = shape[k]!;
  const a = up[k]!;
  const b = down[k]!;
  const share = level.share[k]!;
  const own = level.own[k]!;
  const near = level.near[k]!;
  own.set(share);
  near.fill(0);
  for (let base = 0; base < n; base += s * count) {
    for (let at = 1; at + 1 < count; at++) {
      const odd = at % 2 === 1;
      for (let i = base + at * s; i < base + at * s + s; i++) {
        const g = odd ? i + s : i - s;
        const forth = odd ? a[i]! : b[g]!;
        const lift = share[g]! * (odd ? b[i]! : a[g]!);
        if (!(forth + lift > 0)) continue;
        const steep = lift > steepest * forth;
        own[i] = (1 - (steep ? (0.25 * steepest * forth) / lift : 0.25)) * share[i]!;
        near[i] = steep ? 0.25 * steepest : lift > 0 ? (0.25 * lift) / forth : 0;
      }
    }
  }
}

function mergeEdges(level: Level, coarse: Level, k: number): void {
  const s = level.stride[k]!;
  const count = level.shape[k]!;
  const up = coarse.up[k]!;
  const down = coarse.down[k]!;
  up.fill(0);
  down.fill(0);
  const a = level.up[k]!;
  const b = level.down[k]!;
  for (let base = 0; base < level.n; base += s * count) {
    for (let at = 1; at + 1 < count; at += 2) {
      const distance = at + 2 === count ? 1.5 : 2;
      for (let i = base + at * s; i < base + at * s + s; i++) addMerged(a[i]!, b[i]!, distance, up, down, parentOf(level, i));
    }
  }
}

/** Symmetric part over the distance, one-sided part in full, and Scharfetter–Gummel's law between the two. */
function addMerged(a: number, b: number, distance: number, up: Float64Array, down: Float64Array, at: number): void {
  const spread = (a + b) / 2;
  if (!(spread > 0)) return;
  const lean = (a - b) / 2;
  const q = lean / spread;
  const merged = spread * ((1 - q * q) / distance + q * q);
  up[at] = up[at]! + (merged + lean);
  down[at] = down[at]! + (merged - lean);
}
