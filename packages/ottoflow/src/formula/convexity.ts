/**
 * A lower bound of the smallest Hessian eigenvalue over a box, by interval arithmetic and bisection of the box with the lowest bound.
 * Kinks count: the second derivative is taken with the mass it carries there, so |x| is convex, -|x| is not, and a jump or a pole gives -inf.
 */
import { derivative } from "./derive.ts";
import { dependsOn, substituteRadius } from "./graph.ts";
import { type Enclosure, enclose, prepare } from "./interval.ts";
import { type Node, radius, time } from "./node.ts";
import type { Pool } from "./pool.ts";

/** boxes looked at before the search stops, fewer for long formulas so that none takes much over 0.2 s; what is returned is rigorous whenever it stops */
const most = 4000;
const effort = 400_000;
const accuracy = 1e-9;
const anything: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

interface Box {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly bound: number;
  readonly size: number;
}
/** lowest bound first; of equal ones the smallest box, so that a pole is followed to its place at once */
const before = (a: Box, b: Box): boolean => a.bound < b.bound || (a.bound === b.bound && a.size < b.size);
type Lowest = (lower: readonly number[], upper: readonly number[]) => number;

/** Lower bound over the box of the smallest eigenvalue of the Hessian in all rows; -inf where none is found. `legs`: the radius is the length of these. */
export function convexity(pool: Pool, root: Node, rows: number, legs: readonly Node[], lower: readonly number[], upper: readonly number[]): number {
  if (dependsOn(root, radius)) {
    const radial = legs.length === rows && ![...Array(rows).keys()].some((k) => dependsOn(root, k));
    if (radial) return radialConvexity(pool, root, rows, lower, upper);
  }
  const plain = substituteRadius(pool, root, pool.norm(legs));
  const hessian: Node[] = [];
  for (let k = 0; k < rows; k++) {
    const slope = derivative(pool, plain, k, true);
    for (let l = 0; l < rows; l++) hessian.push(l < k ? hessian[l * rows + k]! : derivative(pool, slope, l, true));
  }
  const e = prepare(hessian);
  const at = hessian.map((h) => e.at.get(h)!);
  const lowest: Lowest = (lo, hi) => {
    enclose(e, (row) => (row === time ? anything : [lo[row]!, hi[row]!]));
    return smallestEigenvalue(rows, at, e);
  };
  return search(lowest, e.nodes.length, lower, upper);
}

/**
 * f(|x|) has eigenvalues f''(r) and, in two or more dimensions, f'(r)/r. Where the box touches the origin, f'(0) >= 0 is needed
 * (else there is a concave kink) and then f'(r)/r is at least the smallest f'' on [0, r].
 */
function radialConvexity(pool: Pool, root: Node, d: number, lower: readonly number[], upper: readonly number[]): number {
  const slope = derivative(pool, root, radius, true);
  const curvature = derivative(pool, slope, radius, true);
  let least = 0;
  let largest = 0;
  for (let k = 0; k < d; k++) {
    const [lo, hi] = [lower[k]!, upper[k]!];
    const near = lo <= 0 && hi >= 0 ? 0 : Math.min(Math.abs(lo), Math.abs(hi));
    const far = Math.max(Math.abs(lo), Math.abs(hi));
    least += near * near;
    largest += far * far;
  }
  const from = Math.sqrt(least) * (1 - 1e-15 * d);
  const to = Math.sqrt(largest) * (1 + 1e-15 * d);
  const e = prepare([slope, curvature]);
  const [s, c] = [e.at.get(slope)!, e.at.get(curvature)!];
  const look = (lo: number, hi: number): void => enclose(e, (row) => (row === time ? anything : [lo, hi]));
  if (from === 0) {
    look(0, 0);
    if (!(e.lo[s]! >= 0)) return Number.NEGATIVE_INFINITY;
  }
  const lowest: Lowest = ([lo], [hi]) => {
    look(lo!, hi!);
    const along = lower1(e, c);
    if (d === 1 || from === 0) return along;
    const across = e.lo[s]! >= 0 ? (e.lo[s]! / hi!) * (1 - 1e-15) : (e.lo[s]! / lo!) * (1 + 1e-15);
    return Math.min(along, Number.isNaN(across) ? Number.NEGATIVE_INFINITY : across);
  };
  return search(lowest, e.nodes.length, [from], [to]);
}
const lower1 = (e: Enclosure, i: number): number => (Number.isNaN(e.lo[i]!) ? Number.NEGATIVE_INFINITY : e.lo[i]!);

/** Best-first bisection: the lowest bound of all boxes rises to the minimum. */
function search(lowest: Lowest, nodes: number, lower: readonly number[], upper: readonly number[]): number {
  const heap: Box[] = [];
  // an upper bound of the minimum: the lower bound at a point is within rounding of its value
  let seen = Number.POSITIVE_INFINITY;
  const visit = (lo: readonly number[], hi: readonly number[]): void => {
    const middle = lo.map((a, k) => centre(a, hi[k]!));
    const value = lowest(middle, middle);
    if (value > Number.NEGATIVE_INFINITY) seen = Math.min(seen, value);
    push(heap, { lower: lo, upper: hi, bound: lowest(lo, hi), size: hi.reduce((s, b, k) => s + b - lo[k]!, 0) });
  };
  visit(lower, upper);
  const boxes = Math.min(most, Math.max(64, effort / nodes));
  for (let count = 2; count < boxes; count += 2) {
    const box = heap[0]!;
    if (box.bound >= seen - accuracy * (1 + Math.abs(seen))) break;
    let axis = 0;
    box.lower.forEach((a, k) => {
      if (box.upper[k]! - a > box.upper[axis]! - box.lower[axis]!) axis = k;
    });
    // a pole or jump that no bisection separates
    if (box.bound === Number.NEGATIVE_INFINITY && box.upper.every((b, k) => b - box.lower[k]! <= 1e-9 * (1 + Math.abs(b)))) break;
    const cut = centre(box.lower[axis]!, box.upper[axis]!);
    if (!(cut > box.lower[axis]! && cut < box.upper[axis]!)) break;
    pop(heap);
    visit(
      box.lower,
      box.upper.map((b, k) => (k === axis ? cut : b)),
    );
    visit(
      box.lower.map((a, k) => (k === axis ? cut : a)),
      box.upper,
    );
  }
  return heap[0]!.bound;
}
/** a point between, also in an infinite range */
function centre(a: number, b: number): number {
  if (a === b) return a;
  if (Number.isFinite(a) && Number.isFinite(b)) return a + (b - a) / 2;
  if (a < 0 && b > 0) return 0;
  if (b === Number.POSITIVE_INFINITY) return Math.min(Number.MAX_VALUE, Math.max(1, 4 * a));
  return Math.max(-Number.MAX_VALUE, Math.min(-1, 4 * b));
}
function push(heap: Box[], box: Box): void {
  let i = heap.push(box) - 1;
  for (let up = (i - 1) >> 1; i > 0 && before(box, heap[up]!); up = (i - 1) >> 1) {
    heap[i] = heap[up]!;
    heap[(i = up)] = box;
  }
}
function pop(heap: Box[]): void {
  const last = heap.pop()!;
  if (heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
}

/** Lower bound over all symmetric matrices within the intervals: exact for 1x1 and 2x2, Gershgorin beyond. */
function smallestEigenvalue(d: number, at: readonly number[], e: Enclosure): number {
  for (const i of at) if (Number.isNaN(e.lo[i]!)) return Number.NEGATIVE_INFINITY;
  const size = (k: number, l: number): number => Math.max(Math.abs(e.lo[at[k * d + l]!]!), Math.abs(e.hi[at[k * d + l]!]!));
  const diagonal = (k: number): number => e.lo[at[k * d + k]!]!;
  if (d === 1) return diagonal(0);
  if (d === 2) {
    // the smallest eigenvalue rises with the diagonal and falls with |b|, so the extreme corner attains it [hertz1992]
    const [a, c, b] = [diagonal(0), diagonal(1), size(0, 1)];
    if (b === 0) return Math.min(a, c);
    const half = (a - c) / 2;
    const value = (a + c) / 2 - Math.sqrt(half * half + b * b);
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value - 1e-15 * (Math.abs(a) + Math.abs(c) + b);
  }
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < d; k++) {
    let off = 0;
    for (let l = 0; l < d; l++) if (l !== k) off += size(k, l);
    const value = diagonal(k) - off;
    least = Math.min(least, Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value - 1e-15 * d * (Math.abs(diagonal(k)) + off));
  }
  return least;
}
