/**
 * The power diagram of sites in a box: cell i is where x . y_i - h_i is largest, with h_i = (|y_i|^2 - psi_i) / 2. Its edges are dual to those of the
 * triangulation of the lower hull of (y_i, h_i); along them masses of the cells and their derivatives are integrated. [aurenhammer1987, kitagawa2019]
 */
import { alongEdge, type EdgeIntegral, type PixelDensity } from "./density.ts";
import { after, before, delaunay, regular, type Triangulation } from "./triangulation.ts";

export interface Sites {
  readonly n: number;
  /** [n + 3], the last three far away */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** sites in the order of their y */
  readonly byY: Int32Array;
}
export interface Cells {
  /** [n] */
  readonly mass: Float64Array;
  readonly mx: Float64Array;
  readonly my: Float64Array;
  /** pairs of neighbours and minus the derivative of the mass of one in psi of the other, [edges] */
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly rate: Float64Array;
  edges: number;
}

/** Sites with three more on a triangle around them. @param x, y distinct */
export function openSites(x: Float64Array, y: Float64Array): { readonly sites: Sites; readonly triangulation: Triangulation } {
  const n = x.length;
  let r = 0;
  for (let i = 0; i < n; i++) r = Math.max(r, Math.abs(x[i]!), Math.abs(y[i]!));
  r = r === 0 ? 1 : r;
  const [X, Y] = [new Float64Array(n + 3), new Float64Array(n + 3)];
  X.set(x);
  Y.set(y);
  X.set([-12 * r, 12 * r, 0], n);
  Y.set([-8 * r, -8 * r, 16 * r], n);
  const byY = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => y[a]! - y[b]! || a - b);
  return { sites: { n, x: X, y: Y, byY }, triangulation: delaunay(n, X, Y, alongCurve(x, y)) };
}
/** Sites in the order of a quadtree's curve: neighbours in the plane get near places. */
export function alongCurve(x: Float64Array, y: Float64Array): Int32Array {
  const [px, py] = [placesOf(x), placesOf(y)];
  const key = px.map((v, i) => {
    let [a, b] = [v, py[i]!];
    let k = 0;
    for (let bit = 0; bit < 16; bit++) {
      const [p, q] = [a >= 0.5 ? 1 : 0, b >= 0.5 ? 1 : 0];
      k = 4 * k + 2 * p + q;
      a = 2 * a - p;
      b = 2 * b - q;
    }
    return k;
  });
  return Int32Array.from({ length: x.length }, (_, i) => i).sort((a, b) => key[a]! - key[b]! || a - b);
}
/** Moved and scaled to [0, 1). */
function placesOf(v: Float64Array): Float64Array {
  let [a, b] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const w of v) [a, b] = [Math.min(a, w), Math.max(b, w)];
  const size = b > a ? (b - a) * (1 + 2 ** -40) : 1;
  return v.map((w) => (w - a) / size);
}
export function openCells(n: number): Cells {
  return {
    ...{ mass: new Float64Array(n), mx: new Float64Array(n), my: new Float64Array(n) },
    ...{ from: new Int32Array(3 * n), to: new Int32Array(3 * n), rate: new Float64Array(3 * n), edges: 0 },
  };
}

export interface Box {
  readonly lower: readonly [number, number];
  readonly upper: readonly [number, number];
}
export const boxOf = (d: PixelDensity): Box => ({ lower: [d.x0, d.y0], upper: [d.x0 + d.columns * d.hx, d.y0 + d.rows * d.hy] });

/** Lifts of the three far sites, so high that their cells stay outside the box. */
function liftFar({ n, x, y }: Sites, box: Box, lift: Float64Array): void {
  const least = (px: number, py: number, c: number): number =>
    Math.min(px * box.lower[0], px * box.upper[0]) + Math.min(py * box.lower[1], py * box.upper[1]) - c;
  let floor = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) floor = Math.max(floor, least(x[i]!, y[i]!, lift[i]!));
  for (let k = n; k < n + 3; k++) {
    const most = Math.max(x[k]! * box.lower[0], x[k]! * box.upper[0]) + Math.max(y[k]! * box.lower[1], y[k]! * box.upper[1]);
    lift[k] = most - floor + 1e-9 * (Math.abs(most) + Math.abs(floor));
  }
}

/** Where the planes of the three corners of each triangle meet, [2 * triangles]: corners of the cells. */
export function centresOf(t: Triangulation, { x, y }: Sites, lift: Float64Array): Float64Array {
  const out = new Float64Array(2 * t.count);
  for (let k = 0; k < t.count; k++) {
    const [a, b, c] = [t.corner[3 * k]!, t.corner[3 * k + 1]!, t.corner[3 * k + 2]!];
    const [ax, ay, az] = [x[a]! - x[c]!, y[a]! - y[c]!, lift[a]! - lift[c]!];
    const [bx, by, bz] = [x[b]! - x[c]!, y[b]! - y[c]!, lift[b]! - lift[c]!];
    const det = ax * by - ay * bx;
    out[2 * k] = (az * by - bz * ay) / det;
    out[2 * k + 1] = (ax * bz - bx * az) / det;
  }
  return out;
}

/**
 * The cells for lifts h of the sites (the last three places are written here). Changes t into the triangulation of these lifts; false where a cell is
 * empty of points of the plane, then t and out are of no use.
 */
export function measureCells(t: Triangulation, sites: Sites, lift: Float64Array, d: PixelDensity, hessian: PixelDensity, out: Cells): boolean {
  const box = boxOf(d);
  liftFar(sites, box, lift);
  if (!regular(t, sites.x, sites.y, lift)) return false;
  const centre = centresOf(t, sites, lift);
  out.mass.fill(0);
  out.mx.fill(0);
  out.my.fill(0);
  out.edges = 0;
  const { n, x, y } = sites;
  const ends = new Float64Array(4);
  const got: EdgeIntegral = { mass: 0, mx: 0, my: 0, line: 0 };
  for (let e = 0; e < 3 * t.count; e++) {
    const f = t.twin[e]!;
    if (f < e) continue;
    const [i, j] = [t.corner[e]!, t.corner[after(e)]!];
    if (i >= n || j >= n) continue;
    const [p, q] = [2 * Math.floor(f / 3), 2 * Math.floor(e / 3)];
    // cell i lies left of the way from the centre on the right of i -> j to the centre on its left
    if (!clip(box, centre[p]!, centre[p + 1]!, centre[q]!, centre[q + 1]!, ends)) continue;
    alongEdge(d, ends[0]!, ends[1]!, ends[2]!, ends[3]!, got);
    give(out, i, got, 1);
    give(out, j, got, -1);
    if (hessian !== d) alongEdge(hessian, ends[0]!, ends[1]!, ends[2]!, ends[3]!, got);
    const [dx, dy] = [x[i]! - x[j]!, y[i]! - y[j]!];
    out.from[out.edges] = i;
    out.to[out.edges] = j;
    out.rate[out.edges++] = got.line / (2 * Math.sqrt(dx * dx + dy * dy));
  }
  rightSide(sites, lift, d, box, out);
  return true;
}
function give(out: Cells, i: number, got: EdgeIntegral, sign: number): void {
  out.mass[i] = out.mass[i]! + sign * got.mass;
  out.mx[i] = out.mx[i]! + sign * got.mx;
  out.my[i] = out.my[i]! + sign * got.my;
}

/** The part of a segment inside the box (Liang and Barsky); false where there is none. */
function clip({ lower, upper }: Box, ax: number, ay: number, bx: number, by: number, out: Float64Array): boolean {
  span[0] = 0;
  span[1] = 1;
  if (!(within(ax, bx - ax, lower[0], upper[0]) && within(ay, by - ay, lower[1], upper[1]))) return false;
  const [s, t] = [span[0]!, span[1]!];
  if (!(s < t)) return false;
  out[0] = Math.min(Math.max(ax + s * (bx - ax), lower[0]), upper[0]);
  out[1] = Math.min(Math.max(ay + s * (by - ay), lower[1]), upper[1]);
  out[2] = Math.min(Math.max(ax + t * (bx - ax), lower[0]), upper[0]);
  out[3] = Math.min(Math.max(ay + t * (by - ay), lower[1]), upper[1]);
  return true;
}
const span = new Float64Array(2);
/** Cuts `span` to the parameters at which a + s d lies between both bounds. */
function within(a: number, d: number, low: number, high: number): boolean {
  if (d === 0) return a >= low && a <= high;
  const [p, q] = d > 0 ? [(low - a) / d, (high - a) / d] : [(high - a) / d, (low - a) / d];
  span[0] = Math.max(span[0]!, p);
  span[1] = Math.min(span[1]!, q);
  return true;
}

/** The right side of the box closes the cells that reach it: on it cells are an envelope of lines in y, with slopes in the order of the sites' y. */
function rightSide({ x, y, byY }: Sites, lift: Float64Array, d: PixelDensity, box: Box, out: Cells): void {
  const [right, low, high] = [box.upper[0], box.lower[1], box.upper[1]];
  const offset = (i: number): number => right * x[i]! - lift[i]!;
  const kept: number[] = [];
  const starts: number[] = [];
  for (const i of byY) {
    let start = Number.NEGATIVE_INFINITY;
    while (kept.length > 0) {
      const last = kept[kept.length - 1]!;
      const slope = y[i]! - y[last]!;
      start = slope > 0 ? (offset(last) - offset(i)) / slope : offset(i) > offset(last) ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
      if (start > starts[starts.length - 1]! || start === Number.POSITIVE_INFINITY) break;
      kept.pop();
      starts.pop();
      start = Number.NEGATIVE_INFINITY;
    }
    if (start === Number.POSITIVE_INFINITY) continue;
    kept.push(i);
    starts.push(start);
  }
  const got: EdgeIntegral = { mass: 0, mx: 0, my: 0, line: 0 };
  for (const [k, i] of kept.entries()) {
    const [a, b] = [Math.max(starts[k]!, low), Math.min(starts[k + 1] ?? high, high)];
    if (!(a < b)) continue;
    alongEdge(d, right, a, right, b, got);
    give(out, i, got, 1);
  }
}

/** The polygon of each cell inside the box, x and y by turns, turning left; empty where the cell does not reach the box. */
export function polygonsOf(t: Triangulation, sites: Sites, lift: Float64Array, box: Box): Float64Array[] {
  const centre = centresOf(t, sites, lift);
  const start = new Int32Array(sites.n + 3).fill(-1);
  for (let e = 0; e < 3 * t.count; e++) start[t.corner[e]!] = e;
  return Array.from({ length: sites.n }, (_, i) => {
    const corners: number[] = [];
    let e = start[i]!;
    do {
      const k = 2 * Math.floor(e / 3);
      corners.push(centre[k]!, centre[k + 1]!);
      // triangles around i, turning left
      e = t.twin[before(e)]!;
    } while (e !== start[i] && e >= 0);
    return Float64Array.from(inBox(corners, box));
  });
}
function inBox(polygon: readonly number[], { lower, upper }: Box): number[] {
  let points = [...polygon];
  for (const [axis, bound, sign] of [
    [0, lower[0], 1],
    [0, upper[0], -1],
    [1, lower[1], 1],
    [1, upper[1], -1],
  ] as const) {
    const next: number[] = [];
    for (let k = 0; k < points.length; k += 2) {
      const m = (k + 2) % points.length;
      const [p, q] = [sign * (points[k + axis]! - bound), sign * (points[m + axis]! - bound)];
      if (p >= 0) next.push(points[k]!, points[k + 1]!);
      if (p * q < 0) {
        const s = p / (p - q);
        next.push(points[k]! + s * (points[m]! - points[k]!), points[k + 1]! + s * (points[m + 1]! - points[k + 1]!));
      }
    }
    points = next;
  }
  return points;
}
