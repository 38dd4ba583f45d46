/** How a density that is constant on pixels is shared among convex polygons: pixel by pixel, exact up to rounding. */
import type { Lattice } from "../grid/lattice.ts";

/** Area and moments of a polygon (corners x, y by turns, turning left): integrals of 1, x, y, x^2, x y, y^2. */
export interface PolygonMoments {
  area: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
  yy: number;
}
/** About the point (cx, cy), so that small polygons far from the origin keep their digits. */
export function momentsOf(p: readonly number[], cx: number, cy: number): PolygonMoments {
  const out = { area: 0, x: 0, y: 0, xx: 0, xy: 0, yy: 0 };
  for (let k = 0; k < p.length; k += 2) {
    const m = (k + 2) % p.length;
    const [ax, ay, bx, by] = [p[k]! - cx, p[k + 1]! - cy, p[m]! - cx, p[m + 1]! - cy];
    const cross = ax * by - bx * ay;
    out.area += cross / 2;
    out.x += ((ax + bx) * cross) / 6;
    out.y += ((ay + by) * cross) / 6;
    out.xx += ((ax * ax + ax * bx + bx * bx) * cross) / 12;
    out.yy += ((ay * ay + ay * by + by * by) * cross) / 12;
    out.xy += ((2 * ax * ay + ax * by + bx * ay + 2 * bx * by) * cross) / 24;
  }
  return out;
}

/** The part of a convex polygon between two values of a coordinate (0: x, 1: y). */
function between(p: readonly number[], axis: 0 | 1, low: number, high: number): number[] {
  return cut(cut(p, axis, low, 1), axis, high, -1);
}
function cut(p: readonly number[], axis: 0 | 1, bound: number, sign: 1 | -1): number[] {
  const out: number[] = [];
  for (let k = 0; k < p.length; k += 2) {
    const m = (k + 2) % p.length;
    const [u, v] = [sign * (p[k + axis]! - bound), sign * (p[m + axis]! - bound)];
    if (u >= 0) out.push(p[k]!, p[k + 1]!);
    if (u * v < 0) {
      const s = u / (u - v);
      out.push(p[k]! + s * (p[m]! - p[k]!), p[k + 1]! + s * (p[m + 1]! - p[k + 1]!));
    }
  }
  return out;
}
/** Visits the pixels that a convex polygon meets, with the part of it in each: first axis x, second y, points of the lattice are the middles of pixels. */
export function eachOverlap(l: Lattice, polygon: ArrayLike<number>, visit: (pixel: number, part: readonly number[]) => void): void {
  const whole = Array.from(polygon);
  for (const [i, low, high] of pixelsAlong(l, 0, whole)) {
    const strip = between(whole, 0, low, high);
    if (strip.length < 6) continue;
    for (const [j, left, right] of pixelsAlong(l, 1, strip)) {
      const part = between(strip, 1, left, right);
      if (part.length >= 6) visit(i * l.shape[1] + j, part);
    }
  }
}
/** Rows of pixels that a polygon meets along an axis, with their sides; the outermost reach as far as the polygon does. */
function pixelsAlong(l: Lattice, axis: 0 | 1, p: readonly number[]): [number, number, number][] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let k = axis; k < p.length; k += 2) [low, high] = [Math.min(low, p[k]!), Math.max(high, p[k]!)];
  const start = l.origin[axis] - 0.5 * l.h[axis];
  const at = (v: number): number => Math.min(Math.max(Math.floor((v - start) / l.h[axis]), 0), l.shape[axis] - 1);
  const [first, last] = [at(low), at(high)];
  return Array.from({ length: last - first + 1 }, (_, k) => {
    const i = first + k;
    return [i, i === first ? low : start + i * l.h[axis], i === last ? high : start + (i + 1) * l.h[axis]];
  });
}
