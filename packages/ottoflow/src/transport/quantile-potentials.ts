/**
 * Kantorovich potentials of the monotone coupling of two measures on the line. The coupling is a rising polyline in the plane of x and y, with a step where a
 * quantile function jumps; along it df = h'(x - y) dx and dg = -h'(x - y) dy, so f + g = h there, and f + g <= h everywhere because h is convex. [villani2003]
 */
import { pow } from "../kernels/math.ts";
import type { Pieces } from "../measure/line.ts";
import { gauss5 } from "../measure/quadrature.ts";
import { onCommonPieces, valueAt } from "./pieces.ts";

export interface LinePotentials {
  /** f at any x, also outside the support; f = 0 at the left end */
  f(x: number): number;
  g(y: number): number;
}
/** corners of the polyline with the potentials there */
interface Corners {
  readonly x: number[];
  readonly y: number[];
  readonly f: number[];
  readonly g: number[];
}

/** Potentials for c = |x - y|^p, p >= 1 finite, with their sum equal to the cost along the coupling. */
export function linePotentials(a: Pieces, b: Pieces, p: number): LinePotentials {
  const h = (r: number): number => (p === 2 ? r * r : p === 1 ? Math.abs(r) : pow(Math.abs(r), p));
  const c: Corners = { x: [], y: [], f: [], g: [] };
  const go = (x: number, y: number): void => {
    const k = c.x.length - 1;
    if (k < 0) {
      c.f.push(0);
      c.g.push(h(x - y));
    } else {
      const [x0, y0] = [c.x[k]!, c.y[k]!];
      if (x === x0 && y === y0) return;
      const slope = meanSlope(p, x0 - y0, x - y);
      c.f.push(c.f[k]! + (x - x0) * slope);
      c.g.push(c.g[k]! - (y - y0) * slope);
    }
    c.x.push(x);
    c.y.push(y);
  };
  onCommonPieces(a, b, (i, j, from, to) => {
    const [x, y] = [valueAt(a, i, from), valueAt(b, j, from)];
    if (c.y.length > 0) go(x, c.y.at(-1)!);
    go(x, y);
    go(valueAt(a, i, to), valueAt(b, j, to));
  });
  return {
    f: (x) => {
      const k = segmentOf(c.x, x);
      const [x0, y0] = [c.x[k]!, c.y[k]!];
      return c.f[k]! + (x - x0) * meanSlope(p, x0 - y0, x - otherAt(c.x, c.y, k, x));
    },
    g: (y) => {
      const k = segmentOf(c.y, y);
      const [x0, y0] = [c.x[k]!, c.y[k]!];
      return c.g[k]! - (y - y0) * meanSlope(p, x0 - y0, otherAt(c.y, c.x, k, y) - y);
    },
  };
}
/** The last corner at or before, 0 for what lies before all. */
function segmentOf(at: readonly number[], x: number): number {
  let lo = 0;
  for (let hi = at.length - 1; lo < hi; ) {
    const k = (lo + hi + 1) >> 1;
    if (at[k]! <= x) lo = k;
    else hi = k - 1;
  }
  return lo;
}
/** The other coordinate on the segment that begins at corner k; the corner's own outside the support. */
function otherAt(at: readonly number[], other: readonly number[], k: number, x: number): number {
  if (x <= at[k]! || k === at.length - 1) return other[k]!;
  return other[k]! + ((other[k + 1]! - other[k]!) * (x - at[k]!)) / (at[k + 1]! - at[k]!);
}
/** Mean of h' between r and s, (h(s) - h(r)) / (s - r), to full digits. */
function meanSlope(p: number, r: number, s: number): number {
  if (p === 2) return r + s;
  const slope = (z: number): number => (z === 0 ? 0 : p === 1 ? Math.sign(z) : p * pow(Math.abs(z), p - 1) * Math.sign(z));
  if (r === s) return slope(r);
  if (p === 1) return (Math.abs(s) - Math.abs(r)) / (s - r);
  const [small, large] = [Math.min(Math.abs(r), Math.abs(s)), Math.max(Math.abs(r), Math.abs(s))];
  if (r * s < 0 || small < 0.9 * large) return (pow(Math.abs(s), p) - pow(Math.abs(r), p)) / (s - r);
  let sum = 0;
  for (let q = 0; q < gauss5.x.length; q++) sum += gauss5.w[q]! * slope(r + (s - r) * 0.5 * (1 + gauss5.x[q]!));
  return sum;
}
