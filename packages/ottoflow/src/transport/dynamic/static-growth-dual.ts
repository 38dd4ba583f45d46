/**
 * A lower bound of transport with growth on the continuum, by the static problem of Hellinger and Kantorovich: with lengths divided by 2 delta and
 * u, v > 0 such that u(x) v(y) >= cos^2 |x - y| wherever |x - y| < pi / 2, int (1 - u) da + int (1 - v) db is at most HK^2 = WFR_delta / (2 delta^2)
 * [liero2018]. u = e^{-f} with f multilinear on cells; v is the least that is allowed, bounded from above: in each cell -2 log cos |x - y| - f lies above its
 * tangent planes, for it is convex up to the twist of f, and v is semi-convex, so its mean over a cell is the mean over its corners and a little more. Both
 * losses are of second order in the cells. Obstacles only lengthen ways: the bound stays one.
 */
import type { Grid } from "../../contract.ts";
import { atan, cos, exp, log, tan } from "../../kernels/math.ts";
import { exactSum } from "../problem.ts";

const REACH = (Math.PI / 2) * (Math.PI / 2);
/** Pairs of corners, and of corners and cells, that are looked at; beyond them there is no bound. */
const PAIRS = 4e7;
/** u and v are kept within these: mass that dies or is born has next to nothing. */
const LEAST = 1e-9;

/**
 * HK^2 between two densities that are constant on cells is at least this, whatever `u` and `v`, guesses at the cells; lengths are divided by 2 delta inside.
 * Null where there are too many cells to look at.
 */
export function growthBound(grid: Grid, from: Float64Array, to: Float64Array, delta: number, u: Float64Array, v: Float64Array): number | null {
  const scaled: Grid = { ...grid, lower: grid.lower.map((w) => w / (2 * delta)), h: grid.h.map((w) => w / (2 * delta)) };
  const [a, b] = [openSide(scaled, from), openSide(scaled, to)];
  if (a.corners.length * b.corners.length > PAIRS || Math.max(a.cells.length * b.corners.length, b.cells.length * a.corners.length) > PAIRS) return null;
  const shifts = shiftsOf(scaled);
  a.set(u);
  const guess = pointwise(a, b, shifts);
  b.set(v);
  // whichever guess is the better one between corners
  if (product(a, guess, b) < product(b, pointwise(b, a, shifts), a)) b.values.set(guess);
  a.values.set(pointwise(b, a, shifts));
  b.values.set(pointwise(a, b, shifts));
  const volume = grid.h.reduce((s, w) => s * w, 1);
  const total = volume * (exactSum(from) + exactSum(to));
  const either = Math.min(volume * costOf(a, b, shifts), volume * costOf(b, a, shifts));
  return total - 2 * either * (1 + 1e-12);
}
/** sqrt of (int u da) (int v db) between corners: what is to be small, since u and v may be scaled against each other. */
function product(a: Side, other: Float64Array, b: Side): number {
  const kept = b.values.slice();
  b.values.set(other);
  const p = Math.sqrt(a.integral() * b.integral());
  b.values.set(kept);
  return p;
}

/** Cells with mass, and their corners. */
export interface Side {
  readonly dim: number;
  readonly h: readonly number[];
  readonly rho: Float64Array;
  /** numbers of the cells with mass; their centres [dim][cells] */
  readonly cells: Int32Array;
  readonly centre: readonly Float64Array[];
  /** [cells * 2^dim]: places among the corners; bit k of the side is set above along axis k */
  readonly corner: Int32Array;
  /** coordinates [dim][corners] */
  readonly corners: { readonly length: number; readonly x: readonly Float64Array[] };
  /** u at the corners */
  readonly values: Float64Array;
  /** values at corners from values at all cells: means of those with mass around */
  set(cells: Float64Array): void;
  /** sum over cells of density times the mean of the values at their corners: no less than the integral of u, over the volume of a cell */
  integral(): number;
}
/** Lengths are those of cos |x - y|. */
export function openSide(grid: Grid, rho: Float64Array): Side {
  const dim = grid.shape.length;
  const sides = 1 << dim;
  const cells = Int32Array.from(rho.keys()).filter((i) => rho[i]! > 0);
  const place = new Map<number, number>();
  const corner = new Int32Array(cells.length * sides);
  const centre = Array.from({ length: dim }, () => new Float64Array(cells.length));
  const x: number[][] = Array.from({ length: dim }, () => []);
  for (const [c, i] of cells.entries()) {
    const at = placesOf(grid.shape, i);
    for (let k = 0; k < dim; k++) centre[k]![c] = grid.lower[k]! + grid.h[k]! * (at[k]! + 0.5);
    for (let s = 0; s < sides; s++) {
      let key = 0;
      for (let k = 0; k < dim; k++) key = key * (grid.shape[k]! + 1) + at[k]! + ((s >> k) & 1);
      let p = place.get(key);
      if (p === undefined) {
        p = place.size;
        place.set(key, p);
        for (let k = 0; k < dim; k++) x[k]!.push(grid.lower[k]! + grid.h[k]! * (at[k]! + ((s >> k) & 1)));
      }
      corner[c * sides + s] = p;
    }
  }
  const values = new Float64Array(place.size).fill(1);
  const density = Float64Array.from(cells, (i) => rho[i]!);
  return {
    dim,
    h: grid.h,
    rho: density,
    cells,
    centre,
    corner,
    corners: { length: place.size, x: x.map((row) => Float64Array.from(row)) },
    values,
    set(all) {
      const around = new Float64Array(place.size);
      values.fill(0);
      for (const [e, p] of corner.entries()) {
        const w = all[cells[Math.floor(e / sides)]!]!;
        values[p] = values[p]! + (Number.isFinite(w) ? Math.min(Math.max(w, LEAST), 1 / LEAST) : 1);
        around[p] = around[p]! + 1;
      }
      for (let p = 0; p < values.length; p++) values[p] = values[p]! / around[p]!;
    },
    integral() {
      let s = 0;
      for (let c = 0; c < cells.length; c++) for (let k = 0; k < sides; k++) s += (density[c]! / sides) * values[corner[c * sides + k]!]!;
      return s;
    },
  };
}
function placesOf(shape: readonly number[], i: number): number[] {
  const out = new Array<number>(shape.length);
  for (let k = shape.length - 1, rest = i; k >= 0; k--) {
    out[k] = rest % shape[k]!;
    rest = Math.floor(rest / shape[k]!);
  }
  return out;
}
/** By how much points may be shifted to be the same point again: none, or a turn either way along periodic axes. */
export function shiftsOf(grid: Grid): readonly (readonly number[])[] {
  let out: number[][] = [[]];
  for (const [k, periodic] of grid.periodic.entries()) {
    const turn = grid.h[k]! * grid.shape[k]!;
    out = out.flatMap((s) => (periodic ? [-turn, 0, turn] : [0]).map((by) => [...s, by]));
  }
  return out;
}

/** v = max cos^2 / u between corners: the least that is allowed there. */
function pointwise(a: Side, b: Side, shifts: readonly (readonly number[])[]): Float64Array {
  const out = new Float64Array(b.corners.length).fill(LEAST);
  let hint = 0;
  const visit = (p: number, q: number): void => {
    for (const shift of shifts) {
      let r2 = 0;
      for (let k = 0; k < a.dim; k++) {
        const r = a.corners.x[k]![p]! + shift[k]! - b.corners.x[k]![q]!;
        r2 += r * r;
      }
      // cos^2 r = 1 / (1 + tan^2 r) <= 1 / (1 + r^2)
      if (r2 >= REACH || out[q]! * a.values[p]! * (1 + r2) >= 1) continue;
      const c = cos(Math.sqrt(r2));
      if (c * c <= out[q]! * a.values[p]!) continue;
      out[q] = (c * c) / a.values[p]!;
      hint = p;
    }
  };
  for (let q = 0; q < out.length; q++) {
    visit(hint, q);
    for (let p = 0; p < a.corners.length; p++) visit(p, q);
  }
  return out;
}

/** -log u on the cells of a side: at the centre, slopes, how far the corners rise above that plane, and the greatest. */
export interface Planes {
  readonly middle: Float64Array;
  readonly slope: readonly Float64Array[];
  readonly twist: Float64Array;
  readonly top: Float64Array;
}
export function planesOf(a: Side): Planes {
  const { dim, h, corner } = a;
  const sides = 1 << dim;
  const n = a.cells.length;
  const f = a.values.map((u) => -log(u));
  const out: Planes = {
    middle: new Float64Array(n),
    slope: Array.from({ length: dim }, () => new Float64Array(n)),
    twist: new Float64Array(n),
    top: new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
  };
  for (let c = 0; c < n; c++) {
    for (let s = 0; s < sides; s++) {
      const w = f[corner[c * sides + s]!]!;
      out.middle[c] = out.middle[c]! + w / sides;
      out.top[c] = Math.max(out.top[c]!, w);
      for (let k = 0; k < dim; k++) out.slope[k]![c] = out.slope[k]![c]! + ((s >> k) & 1 ? 2 : -2) * (w / sides / h[k]!);
    }
    for (let s = 0; s < sides; s++) {
      let plane = out.middle[c]!;
      for (let k = 0; k < dim; k++) plane += ((s >> k) & 1 ? 0.5 : -0.5) * h[k]! * out.slope[k]![c]!;
      out.twist[c] = Math.max(out.twist[c]!, f[corner[c * sides + s]!]! - plane);
    }
  }
  return out;
}

/** sqrt of (int u da) (int v db) or more, over the volume of a cell, v being the least that is allowed by u. */
function costOf(a: Side, b: Side, shifts: readonly (readonly number[])[]): number {
  const planes = planesOf(a);
  const sides = 1 << b.dim;
  const v = new Float64Array(b.corners.length);
  const nearest = new Int32Array(b.corners.length);
  let hint = 0;
  const y = new Float64Array(b.dim);
  for (let q = 0; q < v.length; q++) {
    for (let k = 0; k < b.dim; k++) y[k] = b.corners.x[k]![q]!;
    const found = lowest(a, planes, y, shifts, hint);
    v[q] = exp(-found.value);
    hint = nearest[q] = found.cell;
  }
  let second = 0;
  for (let c = 0; c < b.cells.length; c++) {
    let [mean, most] = [0, 0];
    for (let s = 0; s < sides; s++) {
      const w = v[b.corner[c * sides + s]!]!;
      mean += w / sides;
      most = Math.max(most, w);
    }
    const bend = b.dim === 1 ? (2 * most) / (1 - (b.h[0]! * b.h[0]!) / 4) : bendOf(a, planes, b, c, nearest[b.corner[c * sides]!]!, shifts);
    if (!(bend >= 0 && bend < Number.POSITIVE_INFINITY)) return Number.POSITIVE_INFINITY;
    let square = 0;
    for (let k = 0; k < b.dim; k++) square += b.h[k]! * b.h[k]!;
    second += b.rho[c]! * (mean + (bend * square) / 12);
  }
  return Math.sqrt(a.integral() * second);
}

/** No -2 log cos |x - y| - f(x) is below this, x in the cells of the side; and the cell where it is least. */
export function lowest(
  a: Side,
  planes: Planes,
  y: Float64Array,
  shifts: readonly (readonly number[])[],
  hint: number,
): { readonly value: number; readonly cell: number } {
  let value = -log(LEAST);
  let cell = hint;
  const visit = (c: number): void => {
    for (const shift of shifts) {
      let r2 = 0;
      for (let k = 0; k < a.dim; k++) {
        const r = Math.max(0, Math.abs(a.centre[k]![c]! + shift[k]! - y[k]!) - 0.5 * a.h[k]!);
        r2 += r * r;
      }
      // -2 log cos r >= r^2
      if (r2 >= REACH || r2 - planes.top[c]! >= value) continue;
      const w = belowInCell(a, planes, c, shift, y);
      if (w < value) {
        value = w;
        cell = c;
      }
    }
  };
  if (a.cells.length > 0) visit(hint);
  for (let c = 0; c < a.cells.length; c++) visit(c);
  return { value, cell };
}
const at = new Float64Array(3);
/** The tangent plane at the point where the slope of f would be best, or at the nearest one, least over the cell. */
function belowInCell(a: Side, planes: Planes, c: number, shift: readonly number[], y: Float64Array): number {
  let steep = 0;
  for (let k = 0; k < a.dim; k++) steep += planes.slope[k]![c]! * planes.slope[k]![c]!;
  steep = Math.sqrt(steep);
  // 2 tan r = |slope|
  const far = steep > 0 ? atan(0.5 * steep) / steep : 0;
  let r = place(a, planes, c, shift, y, far);
  if (!(r * r < REACH * 0.999)) r = place(a, planes, c, shift, y, 0);
  const cosine = cos(r);
  if (!(cosine > 0)) return Number.POSITIVE_INFINITY;
  const pull = r > 0 ? (2 * tan(r)) / r : 2;
  let value = -2 * log(cosine) - planes.middle[c]! - planes.twist[c]!;
  for (let k = 0; k < a.dim; k++) {
    const middle = a.centre[k]![c]! + shift[k]!;
    const slope = planes.slope[k]![c]!;
    const g = pull * (at[k]! - y[k]!) - slope;
    value -= slope * (at[k]! - middle);
    value += Math.min(g * (middle - 0.5 * a.h[k]! - at[k]!), g * (middle + 0.5 * a.h[k]! - at[k]!));
  }
  return value;
}
/** `at` becomes the point of the cell next to y + far slope; returns its distance to y. */
function place(a: Side, planes: Planes, c: number, shift: readonly number[], y: Float64Array, far: number): number {
  let r2 = 0;
  for (let k = 0; k < a.dim; k++) {
    const middle = a.centre[k]![c]! + shift[k]!;
    const wanted = y[k]! + far * planes.slope[k]![c]!;
    at[k] = Math.min(Math.max(wanted, middle - 0.5 * a.h[k]!), middle + 0.5 * a.h[k]!);
    r2 += (at[k]! - y[k]!) * (at[k]! - y[k]!);
  }
  return Math.sqrt(r2);
}

/**
 * No second derivative of v along an axis is below minus this in cell c: those of cos^2 |x - y| / u are at least -2 cos |x - y| / u, and of the x in reach
 * only those count that may be the ones v is attained at.
 */
function bendOf(a: Side, planes: Planes, b: Side, c: number, best: number, shifts: readonly (readonly number[])[]): number {
  const half = 0.5 * Math.sqrt(b.h.reduce((s, w) => s + w * w, 0));
  let value = Number.POSITIVE_INFINITY; // -log of a lower bound of v in the cell
  for (const shift of shifts) {
    let r2 = 0;
    for (let k = 0; k < a.dim; k++) {
      const r = a.centre[k]![best]! + shift[k]! - b.centre[k]![c]!;
      r2 += r * r;
    }
    const r = Math.sqrt(r2) + half;
    if (r * r < REACH) value = Math.min(value, -2 * log(cos(r)) - planes.middle[best]!);
  }
  let most = 0;
  for (let i = 0; i < a.cells.length; i++)
    for (const shift of shifts) {
      let r2 = 0;
      for (let k = 0; k < a.dim; k++) {
        const r = Math.max(0, Math.abs(a.centre[k]![i]! + shift[k]! - b.centre[k]![c]!) - 0.5 * (a.h[k]! + b.h[k]!));
        r2 += r * r;
      }
      if (r2 >= REACH || r2 - planes.top[i]! > value) continue;
      most = Math.max(most, 2 * cos(Math.sqrt(r2)) * exp(planes.top[i]!));
    }
  return most;
}
