/**
 * A lower bound of transport between densities that are constant on cells, with nothing left to discretisation. With values u at the corners of the
 * cells of one side, w(y) = max over corners x of x . y - u(x) is convex in the whole plane, and v, the bilinear interpolation of u, has
 * v(x) + w(y) >= x . y for all x in the cells and all y, since both sides are linear in the weights of the interpolation. The mean of v over a
 * cell is that of its corners; the mean of w is at most that of its corners, w being convex. So moments - 2 (sum a v + sum b w at corners) is below the
 * least cost. What is lost shrinks with the square of the width of the cells, which may be cut finer for the bound alone.
 */
import { refine } from "./ascend.ts";
import { conjugateOn } from "./conjugate.ts";
import { cornersOf, type Lattice } from "./lattice.ts";
import type { Density } from "./pair.ts";

/** Points that the bound may be taken over. */
const MOST = 2 ** 21;

/** How finely cells can be cut, as a power of two up to 8. */
export function finestCut(points: number): number {
  let r = 1;
  while (r < 8 && 4 * r * r * points <= MOST) r *= 2;
  return r;
}

/** int |x|^2 of a density constant on cells. */
export function secondMoment({ lattice, mass }: Density): number {
  const { shape, origin, h } = lattice;
  const within = ((shape[0] > 1 ? h[0] * h[0] : 0) + (shape[1] > 1 ? h[1] * h[1] : 0)) / 12;
  let s = 0;
  for (let i = 0; i < shape[0]; i++) {
    const x = origin[0] + i * h[0];
    for (let j = 0; j < shape[1]; j++) {
      const y = origin[1] + j * h[1];
      s += mass[i * shape[1] + j]! * (x * x + y * y + within);
    }
  }
  return s;
}

/**
 * Lower bound of min int |x - y|^2 between the densities (of equal mass), from any potential w on the second; better the closer w is to the best.
 * An axis of a single cell is a line: it has no width.
 */
export function continuousBound(from: Density, to: Density, w: Float64Array, cut: number): number {
  let fine = to.lattice;
  let values = w;
  for (let r = 1; r < cut; r *= 2) {
    const next = halves(fine);
    const room = new Float64Array(next.shape[0] * next.shape[1]);
    refine(fine, values, next, room);
    [fine, values] = [next, room];
  }
  const [X, Y] = [flatCorners(from.lattice, cut), flatCorners(to.lattice, cut)];
  const start = new Float64Array(Y.shape[0] * Y.shape[1]);
  refine(fine, values, Y, start);
  const u = conjugateOn(Y, start, X);
  const best = conjugateOn(X, u, Y);
  return secondMoment(from) + secondMoment(to) - 2 * (cornerMean(from, X, u, cut) + cornerMean(to, Y, best, cut));
}
/** Corners along axes that have a width. */
function flatCorners(l: Lattice, cut: number): Lattice {
  const c = cornersOf(l, cut);
  const pick = <T>(k: 0 | 1, wide: T, flat: T): T => (l.shape[k] > 1 ? wide : flat);
  return {
    shape: [pick(0, c.shape[0], 1), pick(1, c.shape[1], 1)],
    origin: [pick(0, c.origin[0], l.origin[0]), pick(1, c.origin[1], l.origin[1])],
    h: [pick(0, c.h[0], l.h[0]), pick(1, c.h[1], l.h[1])],
  };
}
function halves(l: Lattice): Lattice {
  const half = (k: 0 | 1): readonly [number, number, number] =>
    l.shape[k] > 1 ? [2 * l.shape[k], l.origin[k] - 0.25 * l.h[k], 0.5 * l.h[k]] : [1, l.origin[k], l.h[k]];
  const [a, b] = [half(0), half(1)];
  return { shape: [a[0], b[0]], origin: [a[1], b[1]], h: [a[2], b[2]] };
}
/** sum over cells of mass times the mean of the corner values of the parts of the cell */
function cornerMean({ lattice, mass }: Density, corners: Lattice, u: Float64Array, cut: number): number {
  const [n0, n1] = lattice.shape;
  const wide = corners.shape[1];
  const [c0, c1] = [n0 > 1 ? cut : 0, n1 > 1 ? cut : 0];
  // the trapezoidal rule over the parts of a cell
  const weights = (c: number): readonly number[] => (c === 0 ? [1] : Array.from({ length: c + 1 }, (_, k) => (k === 0 || k === c ? 0.5 : 1) / c));
  const [p, q] = [weights(c0), weights(c1)];
  let s = 0;
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      const m = mass[i * n1 + j]!;
      if (m === 0) continue;
      let mean = 0;
      for (let a = 0; a < p.length; a++) {
        const at = (i * c0 + a) * wide + j * c1;
        let row = 0;
        for (let b = 0; b < q.length; b++) row += q[b]! * u[at + b]!;
        mean += p[a]! * row;
      }
      s += m * mean;
    }
  return s;
}
