/**
 * Triangulations of sites in the plane inside a large triangle of three further sites: Delaunay's by insertion, then by flips that of the lower hull
 * of lifted sites, the dual of a power diagram. [aurenhammer1987]
 */
import { orientation } from "./orientation.ts";

/** Corners of triangle t at 3 t, 3 t + 1, 3 t + 2, turning left; `twin` of the edge that starts at a corner is the same edge of the neighbour, -1 outside. */
export interface Triangulation {
  readonly corner: Int32Array;
  readonly twin: Int32Array;
  /** triangles in use */
  count: number;
}
export const after = (e: number): number => (e % 3 === 2 ? e - 2 : e + 1);
export const before = (e: number): number => (e % 3 === 0 ? e + 2 : e - 1);

export const copied = (t: Triangulation): Triangulation => ({ corner: t.corner.slice(), twin: t.twin.slice(), count: t.count });

/**
 * Delaunay's triangulation of n distinct sites and of the last three, which are the corners (turning left) of a triangle around all others.
 * x, y: [n + 3]. `order`: in which sites are inserted; near ones one after the other are found fast.
 */
export function delaunay(n: number, x: Float64Array, y: Float64Array, order: Int32Array): Triangulation {
  const most = 2 * n + 1;
  const t: Triangulation = { corner: new Int32Array(3 * most), twin: new Int32Array(3 * most).fill(-1), count: 1 };
  t.corner.set([n, n + 1, n + 2]);
  const lift = x.map((v, i) => 0.5 * (v * v + y[i]! * y[i]!));
  let near = 0;
  const stack: number[] = [];
  for (const p of order) {
    near = insert(t, x, y, p, near, stack);
    legalise(t, x, y, lift, stack);
  }
  return t;
}

/** Puts site p into the triangle (or onto the edge) that holds it; returns a triangle at p and leaves the edges to look at on the stack. */
function insert(t: Triangulation, x: Float64Array, y: Float64Array, p: number, near: number, stack: number[]): number {
  const side = (e: number): number => {
    const [a, b] = [t.corner[e]!, t.corner[after(e)]!];
    return orientation(x[a]!, y[a]!, x[b]!, y[b]!, x[p]!, y[p]!);
  };
  let tri = near;
  let on = -1;
  for (let from = -1; ; ) {
    let next = -1;
    on = -1;
    for (let e = 3 * tri; e < 3 * tri + 3; e++) {
      if (e === from) continue;
      const s = side(e);
      if (s < 0) {
        next = e;
        break;
      }
      if (s === 0) on = e;
    }
    if (next < 0) break;
    from = t.twin[next]!;
    tri = Math.floor(from / 3);
  }
  return on < 0 ? inside(t, p, tri, stack) : onEdge(t, p, on, stack);
}
const join = (t: Triangulation, a: number, b: number): void => {
  t.twin[a] = b;
  if (b >= 0) t.twin[b] = a;
};
function write(t: Triangulation, tri: number, a: number, b: number, c: number): void {
  t.corner[3 * tri] = a;
  t.corner[3 * tri + 1] = b;
  t.corner[3 * tri + 2] = c;
}
function inside(t: Triangulation, p: number, tri: number, stack: number[]): number {
  const [a, b, c] = [t.corner[3 * tri]!, t.corner[3 * tri + 1]!, t.corner[3 * tri + 2]!];
  const [, bc, ca] = [t.twin[3 * tri]!, t.twin[3 * tri + 1]!, t.twin[3 * tri + 2]!];
  const [q, r] = [t.count, t.count + 1];
  t.count += 2;
  write(t, tri, a, b, p);
  write(t, q, b, c, p);
  write(t, r, c, a, p);
  join(t, 3 * q, bc);
  join(t, 3 * r, ca);
  join(t, 3 * tri + 1, 3 * q + 2);
  join(t, 3 * q + 1, 3 * r + 2);
  join(t, 3 * r + 1, 3 * tri + 2);
  stack.push(3 * tri, 3 * q, 3 * r);
  return tri;
}
/** p on the edge e from a to b, with c on its left and d on its right: both triangles are cut in two. */
function onEdge(t: Triangulation, p: number, e: number, stack: number[]): number {
  const f = t.twin[e]!;
  const [left, right] = [Math.floor(e / 3), Math.floor(f / 3)];
  const [a, b, c, d] = [t.corner[e]!, t.corner[f]!, t.corner[before(e)]!, t.corner[before(f)]!];
  const [bc, ca, ad, db] = [t.twin[after(e)]!, t.twin[before(e)]!, t.twin[after(f)]!, t.twin[before(f)]!];
  const [q, r] = [t.count, t.count + 1];
  t.count += 2;
  write(t, left, c, a, p);
  write(t, q, b, c, p);
  write(t, right, a, d, p);
  write(t, r, d, b, p);
  join(t, 3 * left, ca);
  join(t, 3 * q, bc);
  join(t, 3 * right, ad);
  join(t, 3 * r, db);
  join(t, 3 * left + 1, 3 * right + 2);
  join(t, 3 * right + 1, 3 * r + 2);
  join(t, 3 * r + 1, 3 * q + 2);
  join(t, 3 * q + 1, 3 * left + 2);
  stack.push(3 * left, 3 * q, 3 * right, 3 * r);
  return left;
}

/** How far d lies below the plane through the lifted a, b, c (turning left), times an area; rounding is taken off. */
function below(x: Float64Array, y: Float64Array, lift: Float64Array, a: number, b: number, c: number, d: number): number {
  const [ax, ay, az] = [x[a]! - x[d]!, y[a]! - y[d]!, lift[a]! - lift[d]!];
  const [bx, by, bz] = [x[b]! - x[d]!, y[b]! - y[d]!, lift[b]! - lift[d]!];
  const [cx, cy, cz] = [x[c]! - x[d]!, y[c]! - y[d]!, lift[c]! - lift[d]!];
  const det = az * (bx * cy - by * cx) + bz * (cx * ay - cy * ax) + cz * (ax * by - ay * bx);
  const size =
    Math.abs(az) * (Math.abs(bx * cy) + Math.abs(by * cx)) +
    Math.abs(bz) * (Math.abs(cx * ay) + Math.abs(cy * ax)) +
    Math.abs(cz) * (Math.abs(ax * by) + Math.abs(ay * bx));
  return det - 1e-14 * size;
}

/**
 * Flips edges until the lifted triangulation is convex along each. False where an edge would have to but cannot: then one of its sites lies above
 * the others, its cell is empty, and the triangulation is left half done.
 */
function legalise(t: Triangulation, x: Float64Array, y: Float64Array, lift: Float64Array, stack: number[]): boolean {
  while (stack.length > 0) {
    const e = stack.pop()!;
    const f = t.twin[e]!;
    if (f < 0) continue;
    const [a, b, c, d] = [t.corner[e]!, t.corner[after(e)]!, t.corner[before(e)]!, t.corner[before(f)]!];
    if (!(below(x, y, lift, a, b, c, d) > 0)) continue;
    if (!(orientation(x[a]!, y[a]!, x[d]!, y[d]!, x[c]!, y[c]!) > 0 && orientation(x[d]!, y[d]!, x[b]!, y[b]!, x[c]!, y[c]!) > 0)) {
      stack.length = 0;
      return false;
    }
    flip(t, e, f);
    for (const k of [e, f, after(e), before(e), after(f), before(f)]) stack.push(k);
  }
  return true;
}
/** The edge from a to b between c and d becomes the edge from d to c. */
function flip(t: Triangulation, e: number, f: number): void {
  const [bc, ad] = [after(e), after(f)];
  const [ca, db] = [before(e), before(f)];
  const [outBc, outAd, outCa, outDb] = [t.twin[bc]!, t.twin[ad]!, t.twin[ca]!, t.twin[db]!];
  const [a, b, c, d] = [t.corner[e]!, t.corner[f]!, t.corner[ca]!, t.corner[db]!];
  // triangle of e becomes a d c, that of f becomes b c d
  t.corner[e] = a;
  t.corner[bc] = d;
  t.corner[ca] = c;
  t.corner[f] = b;
  t.corner[ad] = c;
  t.corner[db] = d;
  join(t, e, outAd);
  join(t, ca, outCa);
  join(t, f, outBc);
  join(t, db, outDb);
  join(t, bc, ad);
}

/** Makes t the triangulation of the lower hull of the lifted sites; false where a site is not on it. */
export function regular(t: Triangulation, x: Float64Array, y: Float64Array, lift: Float64Array): boolean {
  const stack: number[] = [];
  for (let e = 0; e < 3 * t.count; e++) if (t.twin[e]! > e) stack.push(e);
  return legalise(t, x, y, lift, stack);
}
