import type { Rows } from "../../contract.ts";
import { exponentOf, powerOfTwo } from "../math/bits.ts";

/** A binary tree over points of the plane. Children follow their parent, two and two; points are sorted so that each node's are a run. */
export interface Tree {
  readonly nodes: number;
  /** [n] place of each sorted point in the rows it came from */
  readonly order: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** the first of two children, or 0 for a leaf */
  readonly child: Int32Array;
  readonly cx: Float64Array;
  readonly cy: Float64Array;
  /** greatest distance of the node's points from its centre */
  readonly radius: Float64Array;
  /** unit of the node's moments: a power of two at or above the radius; that of the parent for a single place */
  readonly size: Float64Array;
}

/** most points of a leaf that are not all at one place */
const leaf = 64;

/**
 * Halves the bounding box of each node across its longest side. The centre is that of the box, so a node's circle holds its points whatever
 * their distribution; places that coincide end in leaves of radius 0. Null where coordinates are not finite, or so large or so close that
 * their squares are not.
 */
export function growTree(d: number, n: number, x: Rows): Tree | null {
  const order = new Int32Array(n);
  const px = new Float64Array(n);
  const py = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    order[i] = i;
    px[i] = x[i]!;
    if (d > 1) py[i] = x[n + i]!;
  }
  let room = Math.max(8, Math.ceil((6 * n) / leaf));
  let whole = [new Int32Array(room), new Int32Array(room), new Int32Array(room)];
  let real = [new Float64Array(room), new Float64Array(room), new Float64Array(room), new Float64Array(room)];
  let nodes = 1;
  whole[1]![0] = n;
  for (let i = 0; i < nodes; i++) {
    if (nodes + 2 > room) {
      room *= 2;
      whole = whole.map((a) => grown(a, new Int32Array(room)));
      real = real.map((a) => grown(a, new Float64Array(room)));
    }
    const [first, count, child] = whole as [Int32Array, Int32Array, Int32Array];
    const [cx, cy, radius, size] = real as [Float64Array, Float64Array, Float64Array, Float64Array];
    const from = first[i]!;
    const end = from + count[i]!;
    let left = px[from]!;
    let right = left;
    let low = py[from]!;
    let high = low;
    for (let j = from + 1; j < end; j++) {
      const a = px[j]!;
      const b = py[j]!;
      if (a < left) left = a;
      else if (a > right) right = a;
      if (b < low) low = b;
      else if (b > high) high = b;
    }
    const u = left + (right - left) / 2;
    const v = low + (high - low) / 2;
    let far = 0;
    for (let j = from; j < end; j++) {
      const a = px[j]! - u;
      const b = py[j]! - v;
      const q = a * a + b * b;
      // a NaN stays
      if (!(q <= far)) far = q;
    }
    // rounded up
    const r = Math.sqrt(far) * (1 + 1e-15);
    if (!(r < 1e100) || ((right > left || high > low) && r < 1e-100)) return null;
    cx[i] = u;
    cy[i] = v;
    radius[i] = r;
    // a child was given its parent's unit
    if (r > 0) size[i] = powerOfTwo(exponentOf(r) + 1);
    else if (i === 0) size[i] = 1;
    if (count[i]! <= leaf || r === 0) continue;
    const along = right - left >= high - low;
    const middle = split(along ? px : py, along ? py : px, order, from, end, along ? u : v);
    if (middle === from || middle === end) continue;
    child[i] = nodes;
    first[nodes] = from;
    count[nodes] = middle - from;
    first[nodes + 1] = middle;
    count[nodes + 1] = end - middle;
    size[nodes] = size[nodes + 1] = size[i]!;
    nodes += 2;
  }
  const [first, count, child] = whole as [Int32Array, Int32Array, Int32Array];
  const [cx, cy, radius, size] = real as [Float64Array, Float64Array, Float64Array, Float64Array];
  return { nodes, order, x: px, y: py, first, count, child, cx, cy, radius, size };
}

/** Moves the points at or below the cut to the front; where the others begin. */
function split(key: Float64Array, other: Float64Array, order: Int32Array, from: number, end: number, cut: number): number {
  let i = from;
  let j = end - 1;
  for (;;) {
    while (i <= j && key[i]! <= cut) i++;
    while (i <= j && key[j]! > cut) j--;
    if (i >= j) return i;
    const a = key[i]!;
    const b = other[i]!;
    const c = order[i]!;
    key[i] = key[j]!;
    other[i] = other[j]!;
    order[i] = order[j]!;
    key[j] = a;
    other[j] = b;
    order[j] = c;
  }
}
function grown<A extends Int32Array | Float64Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
