// Balanced trees over points, and the least of c(x, y) - value(y) by them. A node at depth l and place k holds the points
// [count k / 2^l, count (k + 1) / 2^l) of the tree's order; node numbers are 2^l + k. Leaves have four to eight points.
import { pow } from "../math/power";
import { F, I, L, setF, setI, setL } from "./rows";

export const LEAF: i32 = 8;

let exponent: f64 = 2.0;
export function setExponent(p: f64): void {
  exponent = p;
}
// |x - y|^p from the square of the distance
// @ts-ignore: decorator
@inline
export function raise(r2: f64): f64 {
  if (exponent == 2.0) return r2;
  if (exponent == 1.0) return sqrt(r2);
  return raiseRare(r2);
}
function raiseRare(r2: f64): f64 {
  if (exponent == 4.0) return r2 * r2;
  if (exponent == 3.0) return r2 * sqrt(r2);
  return r2 == 0.0 ? 0.0 : pow(r2, 0.5 * exponent);
}

/** the first point of cell k: a node of depth l, or point k itself where l is negative */
// @ts-ignore: decorator
@inline
export function cell(count: i32, l: i32, k: i32): i32 {
  return l < 0 ? k : begin(count, l, k);
}
/** depth of the tree of that many points */
export function depthOf(count: i32): i32 {
  let depth = 0;
  while (count >> depth > LEAF) depth++;
  return depth;
}
// @ts-ignore: decorator
@inline
export function begin(count: i32, depth: i32, place: i32): i32 {
  return <i32>((<i64>count * <i64>place) >> (<i64>depth));
}

// Points are rows [d * count] at x, order: their numbers, box: [2 d * nodes] lower and upper sides of each node.
// Reorders x and order so that nodes hold neighbours, further nodes down to depth `finest` without boxes.
export function build(count: i32, d: i32, x: usize, order: usize, box: usize, finest: i32): void {
  for (let i = 0; i < count; i++) setI(order, i, i);
  const depth = depthOf(count);
  for (let l = 0; l <= max(depth, finest); l++) {
    for (let k = 0; k < 1 << l; k++) {
      const lo = begin(count, l, k);
      const hi = begin(count, l, k + 1);
      const boxed = l <= depth;
      const sides = boxed ? box + ((<usize>(((1 << l) + k) * 2 * d)) << 3) : 0;
      let widest = 0;
      let width = -1.0;
      for (let a = 0; a < d; a++) {
        const row = x + ((<usize>(a * count)) << 3);
        let least = Infinity;
        let most = -Infinity;
        for (let i = lo; i < hi; i++) {
          const v = F(row, i);
          least = min(least, v);
          most = max(most, v);
        }
        if (boxed) {
          setF(sides, a, least);
          setF(sides, d + a, most);
        }
        if (most - least > width) {
          width = most - least;
          widest = a;
        }
      }
      if (l < max(depth, finest)) select(count, d, x, order, x + ((<usize>(widest * count)) << 3), lo, hi - 1, begin(count, l + 1, 2 * k + 1));
    }
  }
}
function swap(count: i32, d: i32, x: usize, order: usize, i: i32, j: i32): void {
  for (let a = 0; a < d; a++) {
    const row = x + ((<usize>(a * count)) << 3);
    const t = F(row, i);
    setF(row, i, F(row, j));
    setF(row, j, t);
  }
  const o = I(order, i);
  setI(order, i, I(order, j));
  setI(order, j, o);
}
// Hoare's selection: places below `middle` get keys no larger than those from it on
function select(count: i32, d: i32, x: usize, order: usize, key: usize, lo: i32, hi: i32, middle: i32): void {
  while (lo < hi) {
    const a = F(key, lo);
    const b = F(key, (lo + hi) >> 1);
    const c = F(key, hi);
    const pivot = max(min(a, b), min(max(a, b), c));
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (F(key, i) < pivot) i++;
      while (F(key, j) > pivot) j--;
      if (i <= j) {
        swap(count, d, x, order, i, j);
        i++;
        j--;
      }
    }
    if (middle <= j) hi = j;
    else if (middle >= i) lo = i;
    else return;
  }
}

/** greatest value in each node: top [nodes] from value [count] in the tree's order */
export function raiseTops(count: i32, value: usize, top: usize): void {
  const depth = depthOf(count);
  for (let k = 0; k < 1 << depth; k++) {
    let most = -Infinity;
    const hi = begin(count, depth, k + 1);
    for (let i = begin(count, depth, k); i < hi; i++) most = max(most, F(value, i));
    setF(top, (1 << depth) + k, most);
  }
  for (let node = (1 << depth) - 1; node > 0; node--) setF(top, node, max(F(top, 2 * node), F(top, 2 * node + 1)));
}

// the point that is asked about
export const point: usize = memory.data(8 * 16);
// nodes that wait, with the bounds of what they hold
const waiting: usize = memory.data(4 * 64);
const bounds: usize = memory.data(8 * 64);

/** no value in the node is below this */
// @ts-ignore: decorator
@inline
function bound(d: i32, box: usize, top: usize, node: i32): f64 {
  const sides = box + ((<usize>(node * 2 * d)) << 3);
  let r2 = 0.0;
  for (let a = 0; a < d; a++) {
    const v = F(point, a);
    const r = max(max(F(sides, a) - v, v - F(sides, d + a)), 0.0);
    r2 += r * r;
  }
  return raise(r2) - F(top, node);
}
// @ts-ignore: decorator
@inline
export function squared(count: i32, d: i32, x: usize, i: i32): f64 {
  let r2 = 0.0;
  for (let a = 0; a < d; a++) {
    const r = F(point, a) - F(x, a * count + i);
    r2 += r * r;
  }
  return r2;
}

/** min over all points of c - value */
export function least(count: i32, d: i32, x: usize, box: usize, value: usize, top: usize): f64 {
  const depth = depthOf(count);
  let best = Infinity;
  let waits = 0;
  let node = 1;
  let here = bound(d, box, top, 1);
  for (;;) {
    if (here < best) {
      if (node >> depth == 0) {
        const one = bound(d, box, top, 2 * node);
        const other = bound(d, box, top, 2 * node + 1);
        const far: i32 = one <= other ? 1 : 0;
        setI(waiting, waits, 2 * node + far);
        setF(bounds, waits++, max(one, other));
        node = 2 * node + 1 - far;
        here = min(one, other);
        continue;
      }
      const k = node - (1 << depth);
      const hi = begin(count, depth, k + 1);
      for (let i = begin(count, depth, k); i < hi; i++) {
        const r = raise(squared(count, d, x, i)) - F(value, i);
        best = min(best, r);
      }
    }
    if (waits == 0) break;
    node = I(waiting, --waits);
    here = F(bounds, waits);
  }
  return best;
}

// The nearest so far: values of c - value and their places, sorted while they are few, else as a heap with the greatest first.
export let closestValue: usize = 0;
export let closestAt: usize = 0;
const FEW: i32 = 32;
/** rows for as many as will ever be asked for */
export function setClosest(values: usize, places: usize): void {
  closestValue = values;
  closestAt = places;
}
// @ts-ignore: decorator
@inline
function insert(t: i32, r: f64, i: i32): void {
  while (t > 0 && F(closestValue, t - 1) > r) {
    setF(closestValue, t, F(closestValue, t - 1));
    setI(closestAt, t, I(closestAt, t - 1));
    t--;
  }
  setF(closestValue, t, r);
  setI(closestAt, t, i);
}
function rise(t: i32, r: f64, i: i32): void {
  while (t > 0 && F(closestValue, (t - 1) >> 1) < r) {
    setF(closestValue, t, F(closestValue, (t - 1) >> 1));
    setI(closestAt, t, I(closestAt, (t - 1) >> 1));
    t = (t - 1) >> 1;
  }
  setF(closestValue, t, r);
  setI(closestAt, t, i);
}
function sink(found: i32, r: f64, i: i32): void {
  let t = 0;
  for (;;) {
    let c = 2 * t + 1;
    if (c >= found) break;
    if (c + 1 < found && F(closestValue, c + 1) > F(closestValue, c)) c++;
    if (F(closestValue, c) <= r) break;
    setF(closestValue, t, F(closestValue, c));
    setI(closestAt, t, I(closestAt, c));
    t = c;
  }
  setF(closestValue, t, r);
  setI(closestAt, t, i);
}

/** no point left out is nearer than this */
export let beyond: f64 = 0.0;
export function setBeyond(v: f64): void {
  beyond = v;
}
/** the `want` points of least c - value; returns how many there are */
export function closest(count: i32, d: i32, x: usize, box: usize, value: usize, top: usize, want: i32): i32 {
  const depth = depthOf(count);
  const few = want <= FEW;
  let found = 0;
  let limit = Infinity;
  let waits = 0;
  let node = 1;
  let here = bound(d, box, top, 1);
  for (;;) {
    if (here < limit) {
      if (node >> depth == 0) {
        const one = bound(d, box, top, 2 * node);
        const other = bound(d, box, top, 2 * node + 1);
        const far: i32 = one <= other ? 1 : 0;
        setI(waiting, waits, 2 * node + far);
        setF(bounds, waits++, max(one, other));
        node = 2 * node + 1 - far;
        here = min(one, other);
        continue;
      }
      const k = node - (1 << depth);
      const hi = begin(count, depth, k + 1);
      for (let i = begin(count, depth, k); i < hi; i++) {
        const r = raise(squared(count, d, x, i)) - F(value, i);
        if (r >= limit) continue;
        if (few) insert(found < want ? found++ : want - 1, r, i);
        else if (found < want) rise(found++, r, i);
        else sink(found, r, i);
        if (found == want) limit = F(closestValue, few ? want - 1 : 0);
      }
    }
    if (waits == 0) break;
    node = I(waiting, --waits);
    here = F(bounds, waits);
  }
  beyond = found < count ? limit : Infinity;
  return found;
}

/** The 2^l nodes of depth l as points: their centres of mass outX [d * 2^l] and masses outMass [2^l] i64, from x in the tree's order. All points where l is negative. */
export function cluster(count: i32, d: i32, x: usize, mass: usize, l: i32, outX: usize, outMass: usize): void {
  const size = l < 0 ? count : 1 << l;
  for (let k = 0; k < size; k++) {
    const lo = cell(count, l, k);
    const hi = cell(count, l, k + 1);
    let sum: i64 = 0;
    for (let i = lo; i < hi; i++) sum += L(mass, i);
    setL(outMass, k, sum);
    const share = 1.0 / <f64>sum;
    for (let a = 0; a < d; a++) {
      const row = x + ((<usize>(a * count)) << 3);
      let s = 0.0;
      for (let i = lo; i < hi; i++) s += F(row, i) * (<f64>L(mass, i) * share);
      setF(outX, a * size + k, s);
    }
  }
}

/** The same among the m costs of a row of a table, Infinity left out: a forbidden pair never comes nearer. Without a row (0) all cost nothing. */
export function closestInRow(m: i32, costs: usize, value: usize, want: i32): i32 {
  const few = want <= FEW;
  let found = 0;
  let limit = Infinity;
  let j = 0;
  while (j < m) {
    // four that are all too far are passed by
    if (j + 4 <= m) {
      const at = (<usize>j) << 3;
      const bar = f64x2.splat(limit);
      const none = f64x2.splat(0.0);
      const one = f64x2.lt(f64x2.sub(costs != 0 ? v128.load(costs + at) : none, v128.load(value + at)), bar);
      const two = f64x2.lt(f64x2.sub(costs != 0 ? v128.load(costs + at, 16) : none, v128.load(value + at, 16)), bar);
      if (!v128.any_true(v128.or(one, two))) {
        j += 4;
        continue;
      }
    }
    const stop = min(j + 4, m);
    for (; j < stop; j++) {
      const r = (costs != 0 ? F(costs, j) : 0.0) - F(value, j);
      if (r >= limit) continue;
      if (few) insert(found < want ? found++ : want - 1, r, j);
      else if (found < want) rise(found++, r, j);
      else sink(found, r, j);
      if (found == want) limit = F(closestValue, few ? want - 1 : 0);
    }
  }
  beyond = want < m ? limit : Infinity;
  return found;
}
/** The same among the pairs [first, last) of a list; what it finds are places in the list. */
export function closestInList(first: i32, last: i32, to: usize, costs: usize, value: usize, want: i32): i32 {
  const few = want <= FEW;
  let found = 0;
  let limit = Infinity;
  for (let e = first; e < last; e++) {
    const r = F(costs, e) - F(value, I(to, e));
    if (r >= limit) continue;
    if (few) insert(found < want ? found++ : want - 1, r, e);
    else if (found < want) rise(found++, r, e);
    else sink(found, r, e);
    if (found == want) limit = F(closestValue, few ? want - 1 : 0);
  }
  beyond = want < last - first ? limit : Infinity;
  return found;
}
