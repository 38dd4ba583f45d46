/**
 * A linear system of an implicit step on a box: cells that keep their `mass` and exchange at rates >= 0,
 *   mass_i x_i + sum over neighbours j of (rate from i to j) x_i - (rate from j to i) x_j = f_i.
 * For axis k and cell i, up[k][i] is the rate from i to its upper neighbour and down[k][i] the rate back; nothing is read on a
 * wall, and on a periodic axis the entries of the last cell are the edge to the first.
 */
export interface Exchange {
  readonly shape: readonly number[];
  readonly periodic: readonly boolean[];
  readonly mass: Float64Array;
  readonly up: readonly Float64Array[];
  readonly down: readonly Float64Array[];
}

/** Edges that wrap around axis k: `last` and `first` cells and both rates. */
export interface Wrap {
  readonly axis: number;
  readonly last: Int32Array;
  readonly first: Int32Array;
  readonly up: Float64Array;
  readonly down: Float64Array;
}

export interface Level extends Exchange {
  readonly n: number;
  readonly stride: readonly number[];
  readonly wraps: readonly Wrap[];
  /** per axis, lines along it: inverse pivots, and the factors of the forward and the backward recurrence */
  readonly pivot: readonly Float64Array[];
  readonly forth: readonly Float64Array[];
  readonly back: readonly Float64Array[];
  /** mass and all rates out */
  readonly diagonal: Float64Array;
  /** starts of the rows (lines along the last axis) of each colour */
  readonly rows: readonly Int32Array[];
  /** per axis: equilibrium share of the parent, mean 1 over the children along the axis */
  readonly share: readonly Float64Array[];
  /** per axis: weights of the parent's correction and of the nearer neighbour's */
  readonly own: readonly Float64Array[];
  readonly near: readonly Float64Array[];
  readonly x: Float64Array;
  readonly f: Float64Array;
  readonly r: Float64Array;
  /** per axis and coordinate: coarse coordinate times coarse stride */
  readonly parent: readonly Int32Array[];
  /** per axis: whether its lines are relaxed; in the plane not where the other axis has at least twice its rates everywhere */
  readonly relaxed: boolean[];
}

export type Alloc = (n: number) => Float64Array;

export function openLevel(shape: readonly number[], periodic: readonly boolean[], alloc: Alloc): Level {
  const n = shape.reduce((a, b) => a * b, 1);
  const row = (): Float64Array => alloc(n);
  const rows = (): readonly Float64Array[] => shape.map(row);
  const stride = shape.map((_, k) => shape.slice(k + 1).reduce((a, b) => a * b, 1));
  const wraps = shape.flatMap((count, axis) => (periodic[axis] && count > 1 ? [openWrap(n, axis, count, stride[axis]!)] : []));
  const half = shape.map((count) => (count + 1) >> 1);
  const parent = shape.map((count, k) => Int32Array.from({ length: count }, (_, i) => (i >> 1) * half.slice(k + 1).reduce((a, b) => a * b, 1)));
  const m = shape[shape.length - 1]!;
  const starts = Array.from({ length: n / m }, (_, r) => r * m);
  const ofColour = (colour: number): Int32Array => Int32Array.from(starts.filter((base) => parity(shape, base / m, -1) === colour));
  return {
    shape,
    periodic,
    n,
    rows: [ofColour(0), ofColour(1)],
    diagonal: row(),
    forth: rows(),
    back: rows(),
    stride,
    wraps,
    parent,
    relaxed: shape.map(() => true),
    mass: row(),
    up: rows(),
    down: rows(),
    pivot: rows(),
    share: rows(),
    own: rows(),
    near: rows(),
    x: row(),
    f: row(),
    r: row(),
  };
}

function openWrap(n: number, axis: number, count: number, stride: number): Wrap {
  const size = n / count;
  const first = new Int32Array(size);
  for (let base = 0, e = 0; base < n; base += stride * count) for (let i = 0; i < stride; i++) first[e++] = base + i;
  return { axis, first, last: first.map((i) => i + stride * (count - 1)), up: new Float64Array(size), down: new Float64Array(size) };
}

export function takeWrap(w: Wrap, up: Float64Array, down: Float64Array): void {
  for (let e = 0; e < w.last.length; e++) {
    w.up[e] = up[w.last[e]!]!;
    w.down[e] = down[w.last[e]!]!;
  }
}

export function zeroLast(level: Level, k: number): void {
  const s = level.stride[k]!;
  const span = s * level.shape[k]!;
  for (let end = span; end <= level.n; end += span) {
    level.up[k]!.fill(0, end - s, end);
    level.down[k]!.fill(0, end - s, end);
  }
}

/** The cell of the next level that holds cell i. */
export function parentOf(level: Level, i: number): number {
  let cell = 0;
  for (let k = 0; k < level.shape.length; k++) cell += level.parent[k]![Math.floor(i / level.stride[k]!) % level.shape[k]!]!;
  return cell;
}

/** Parity of the coordinates of a row (all axes but the last), leaving one axis out. */
export function parity(shape: readonly number[], row: number, without: number): number {
  let p = 0;
  for (let k = shape.length - 2, rest = row; k >= 0; k--) {
    if (k !== without) p += rest % shape[k]!;
    rest = Math.floor(rest / shape[k]!);
  }
  return p & 1;
}
