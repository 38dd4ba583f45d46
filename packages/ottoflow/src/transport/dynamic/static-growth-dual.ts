/**
 * A lower bound of transport with growth on the continuum, by the static problem of Hellinger and Kantorovich: with lengths divided by 2 delta and
 * u, v > 0 such that u(x) v(y) >= cos^2 |x - y| wherever |x - y| < pi / 2, int (1 - u) da + int (1 - v) db is at most HK^2 = WFR_delta / (2 delta^2)
 * [liero2018]. u = e^{-f} with f multilinear on cells; v is the least that is allowed, bounded from above: in each cell -2 log cos |x - y| - f lies above its
 * tangent planes, for it is convex up to the twist of f, and v is semi-convex, so its mean over a cell is the mean over its corners and a little more. Both
 * losses are of second order in the cells. Obstacles only lengthen ways: the bound stays one.
 */
import type { Grid } from "../../contract.ts";
import { cos, exp } from "../../kernels/math.ts";
import { exactSum } from "../problem.ts";
import { LEAST, openSide, REACH, type Side, shiftsOf } from "./corner-side.ts";
import { bendOf, lowest, planesOf } from "./tangent-planes.ts";

/** Pairs of corners, and of corners and cells, that are looked at; beyond them there is no bound. */
const PAIRS = 4e7;

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
