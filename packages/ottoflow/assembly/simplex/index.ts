// The network simplex method for transport: n sources with supplies, m sinks with demands, every pair an arc. Nodes are numbered sources first.
// The tree is strongly feasible (arcs without flow lead towards the root), so pivots that move nothing cannot go in circles. Masses are i64.
import { pow } from "../math/power";
import { F, I, L, setF, setI, setL } from "../paths/rows";
import { build, cell, closest, closestAt, cluster, depthOf, least as leastBy, point, raiseTops, raise as raised, setClosest, setExponent, squared } from "../paths/tree";

export { build, cluster, depthOf, setExponent };

let n: i32 = 0;
let m: i32 = 0;
let nodes: i32 = 0;
// costs: a table [n * m]; or points x [d * n], y [d * m] and an exponent
let table: usize = 0;
let d: i32 = 0;
let x: usize = 0;
let y: usize = 0;
let exponent: f64 = 2.0;
// lists of pairs by row: first [n + 1], column and cost of each; 0 where all pairs are looked at
let first: usize = 0;
let listed: usize = 0;
let listedCost: usize = 0;
// the tree: potentials, the flow between a node and its parent
let price: usize = 0;
let flow: usize = 0;
let parent: usize = 0;
let size: usize = 0;
// depth first order as a ring: the next node, the one before, and the last of what hangs below each
let next: usize = 0;
let before: usize = 0;
let last: usize = 0;
let root: i32 = 0;
// one row of costs, and scratch
let row: usize = 0;
let queue: usize = 0;

let nextRow: i32 = 0;
let block: i32 = 1;
let least: f64 = 0.0;
let pivoted: i32 = 0;
let idle: i32 = 0;

export function room(n: i32, m: i32): i32 {
  return 48 * (n + m) + 8 * m + 8 * (n + m) + 1024;
}
/** Begins over n sources and m sinks; 8 rows in `at`. `least`: reduced costs above its negative count as none. */
export function open(n_: i32, m_: i32, at: usize, least_: f64): void {
  n = n_;
  m = m_;
  nodes = n + m;
  least = least_;
  const wide = ((<usize>nodes << 3) + 15) & ~15;
  const narrow = ((<usize>nodes << 2) + 15) & ~15;
  price = at;
  flow = price + wide;
  parent = flow + wide;
  size = parent + narrow;
  next = size + narrow;
  before = next + narrow;
  last = before + narrow;
  queue = last + narrow;
  row = queue + wide;
  nextRow = 0;
  pivoted = 0;
  idle = 0;
  first = 0;
  table = 0;
}
export function useTable(table_: usize): void {
  table = table_;
  setBlock(n, <f64>n * <f64>m);
}
export function usePoints(d_: i32, x_: usize, y_: usize, p: f64): void {
  d = d_;
  x = x_;
  y = y_;
  exponent = p;
  setBlock(n, <f64>n * <f64>m);
}
/** From now on only these pairs may enter. */
export function useLists(first_: usize, listed_: usize, cost_: usize): void {
  first = first_;
  listed = listed_;
  listedCost = cost_;
  idle = 0;
  setBlock(n, <f64>I(first, n));
}
// pairs that are priced for one pivot, in roots of all: more find no better ones, and steeper pivots move larger parts of the tree
const BLOCK: f64 = 0.3;
function setBlock(rows: i32, arcs: f64): void {
  block = max(1, <i32>(BLOCK * sqrt(arcs) * <f64>rows / max(arcs, 1.0)));
}
export function prices(): usize {
  return price;
}
export function flows(): usize {
  return flow;
}
export function parents(): usize {
  return parent;
}
export function pivots(): i32 {
  return pivoted;
}

// @ts-ignore: decorator
@inline
function raise(r2: f64): f64 {
  if (exponent == 2.0) return r2;
  if (exponent == 1.0) return sqrt(r2);
  return raiseRare(r2);
}
function raiseRare(r2: f64): f64 {
  if (exponent == 4.0) return r2 * r2;
  if (exponent == 3.0) return r2 * sqrt(r2);
  return r2 == 0.0 ? 0.0 : pow(r2, 0.5 * exponent);
}
function cost(i: i32, j: i32): f64 {
  if (table != 0) return load<f64>(table + ((<usize>i * <usize>m + <usize>j) << 3));
  let r2 = 0.0;
  for (let a = 0; a < d; a++) {
    const r = F(x, a * n + i) - F(y, a * m + j);
    r2 += r * r;
  }
  return raise(r2);
}
// address of the costs of row i
function costsOf(i: i32): usize {
  if (table != 0) return table + ((<usize>i * <usize>m) << 3);
  for (let a = 0; a < d; a++) {
    const v = f64x2.splat(F(x, a * n + i));
    const from = y + ((<usize>(a * m)) << 3);
    let j: usize = 0;
    const stop = (<usize>(m & ~1)) << 3;
    for (; j < stop; j += 16) {
      const r = f64x2.sub(v, v128.load(from + j));
      const square = f64x2.mul(r, r);
      v128.store(row + j, a == 0 ? square : f64x2.add(v128.load(row + j), square));
    }
    if (m & 1) {
      const r = F(x, a * n + i) - load<f64>(from + j);
      store<f64>(row + j, a == 0 ? r * r : load<f64>(row + j) + r * r);
    }
  }
  if (exponent == 1.0) for (let j: usize = 0; j < (<usize>m) << 3; j += 16) v128.store(row + j, f64x2.sqrt(v128.load(row + j)));
  else if (exponent != 2.0) for (let j = 0; j < m; j++) setF(row, j, raiseRare(F(row, j)));
  return row;
}

// ---------------------------------------------------------------- the tree

// @ts-ignore: decorator
@inline
function link(one: i32, other: i32): void {
  setI(next, one, other);
  setI(before, other, one);
}
// sources among the `count` nodes from `start` on get `by`, sinks lose it
function lift(start: i32, count: i32, by: f64): void {
  for (let k = start; count > 0; count--) {
    setF(price, k, F(price, k) + (k < n ? by : -by));
    k = I(next, k);
  }
}
// The part below `out`, which `start` is in, is cut off and hung below `other` by `start`; `amount` is the flow of the new arc.
function rehang(start: i32, out: i32, other: i32, amount: i64): void {
  const moved = I(size, out);
  const above = I(parent, out);
  const end = I(last, out);
  // cut: whoever ended with this part now ends before it
  const left = I(before, out);
  link(left, I(next, end));
  for (let k = above; k >= 0 && I(last, k) == end; k = I(parent, k)) setI(last, k, left);
  // turned round, the part begins with what hung below `start`, then comes what else hung below its parent, and so on up to `out`
  let k = start;
  let over = other;
  let carried = amount;
  let below = 0;
  let begin = start;
  let stop = I(last, start);
  let tail = -1;
  let lastSeen = -1;
  let behind = -1;
  for (;;) {
    const old = I(parent, k);
    const oldSize = I(size, k);
    const oldFlow = L(flow, k);
    const oldLast = I(last, k);
    // what stands in the old order round all that hung below `k`, before links change; pieces with the same end have the same node behind them
    const ahead = I(before, k);
    if (oldLast != lastSeen) behind = I(next, oldLast);
    lastSeen = oldLast;
    if (tail >= 0) link(tail, begin);
    tail = stop;
    setI(parent, k, over);
    setI(size, k, moved - below);
    setL(flow, k, carried);
    if (k == out) break;
    // the piece of `old` without the piece of `k`
    if (oldLast == I(last, old)) stop = ahead;
    else {
      link(ahead, behind);
      stop = I(last, old);
    }
    begin = old;
    below = oldSize;
    carried = oldFlow;
    over = k;
    k = old;
  }
  for (let t = out; t != other; t = I(parent, t)) setI(last, t, tail);
  // hung as the first below `other`
  const follows = I(next, other);
  link(other, start);
  link(tail, follows);
  if (I(last, other) == other) for (let t = other; t >= 0 && I(last, t) == other; t = I(parent, t)) setI(last, t, tail);
}

// the arc from source p to sink n + j enters with that reduced cost
function pivot(p: i32, q: i32, reduced: f64): void {
  // the join of both paths to the root
  let a = p;
  let b = q;
  while (a != b) {
    if (I(size, a) < I(size, b)) a = I(parent, a);
    else if (I(size, b) < I(size, a)) b = I(parent, b);
    else {
      a = I(parent, a);
      b = I(parent, b);
    }
  }
  const join = a;
  // flow falls on arcs above sources on the way from p and above sinks on the way from q; the last that blocks leaves, seen from the join through p and q
  let amount: i64 = i64.MAX_VALUE;
  let out = -1;
  let ofP = true;
  for (let k = p; k != join; k = I(parent, k))
    if (k < n && L(flow, k) < amount) {
      amount = L(flow, k);
      out = k;
    }
  for (let k = q; k != join; k = I(parent, k))
    if (k >= n && L(flow, k) <= amount) {
      amount = L(flow, k);
      out = k;
      ofP = false;
    }
  if (amount > 0) {
    for (let k = p; k != join; k = I(parent, k)) setL(flow, k, k < n ? L(flow, k) - amount : L(flow, k) + amount);
    for (let k = q; k != join; k = I(parent, k)) setL(flow, k, k >= n ? L(flow, k) - amount : L(flow, k) + amount);
  }
  // the part below `out` hangs from the other end of the new arc
  const start = ofP ? p : q;
  const other = ofP ? q : p;
  const moved = I(size, out);
  for (let k = I(parent, out); k != join; k = I(parent, k)) setI(size, k, I(size, k) - moved);
  for (let k = other; k != join; k = I(parent, k)) setI(size, k, I(size, k) + moved);
  rehang(start, out, other, amount);
  // start has the potential that makes the new arc tight
  const by = ofP ? reduced : -reduced;
  if (2 * moved <= nodes) lift(start, moved, by);
  else lift(I(next, I(last, start)), nodes - moved, -by);
  pivoted++;
}

/**
 * The first tree from arcs without a cycle (from, to: i32; mass: i64). Parts that they leave apart are joined to the root's by arcs without
 * flow from their sources. Prices are then tight on all arcs; where arcs are forbidden they count 0. Returns how many arcs of the tree are forbidden.
 */
export function plant(count: i32, from: usize, to: usize, mass: usize): i32 {
  // arcs by node, in rows that have no use yet
  const start = last;
  for (let k = 0; k < nodes; k++) {
    setI(parent, k, -2);
    setI(start, k, 0);
  }
  for (let e = 0; e < count; e++) {
    setI(start, I(from, e), I(start, I(from, e)) + 1);
    setI(start, n + I(to, e), I(start, n + I(to, e)) + 1);
  }
  let sum = 0;
  for (let k = 0; k < nodes; k++) {
    sum += I(start, k);
    setI(start, k, sum);
  }
  const arcs = queue;
  for (let e = 0; e < count; e++) {
    const p = I(from, e);
    const q = n + I(to, e);
    setI(start, p, I(start, p) - 1);
    setI(arcs, I(start, p), e);
    setI(start, q, I(start, q) - 1);
    setI(arcs, I(start, q), e);
  }
  // breadth first
  const order = before;
  let tail = 0;
  let headOfQueue = 0;
  root = n;
  setI(parent, root, -1);
  setL(flow, root, 0);
  setI(order, tail++, root);
  let seed = 0;
  let rootSink = n;
  for (;;) {
    while (headOfQueue < tail) {
      const k = I(order, headOfQueue++);
      const stop = k + 1 < nodes ? I(start, k + 1) : 2 * count;
      for (let t = I(start, k); t < stop; t++) {
        const e = I(arcs, t);
        const other = k < n ? n + I(to, e) : I(from, e);
        if (I(parent, other) != -2) continue;
        setI(parent, other, k);
        setL(flow, other, L(mass, e));
        setI(order, tail++, other);
      }
    }
    while (seed < n && I(parent, seed) != -2) seed++;
    if (seed == n) break;
    // its cheapest sink of those already joined
    let best = Infinity;
    let sink = rootSink;
    if (first != 0) {
      for (let t = I(first, seed); t < I(first, seed + 1); t++)
        if (I(parent, n + I(listed, t)) != -2 && F(listedCost, t) < best) {
          best = F(listedCost, t);
          sink = n + I(listed, t);
        }
    } else {
      const costs = costsOf(seed);
      for (let j = 0; j < m; j++)
        if (F(costs, j) < best && I(parent, n + j) != -2) {
          best = F(costs, j);
          sink = n + j;
        }
    }
    setI(parent, seed, sink);
    setL(flow, seed, 0);
    setI(order, tail++, seed);
  }
  // sizes from the end of the order, then places in depth first order: each node's parts follow it one after the other
  for (let k = 0; k < nodes; k++) setI(size, k, 1);
  for (let t = tail - 1; t > 0; t--) {
    const k = I(order, t);
    setI(size, I(parent, k), I(size, I(parent, k)) + I(size, k));
  }
  const place = last;
  const taken = next;
  const at = queue;
  for (let t = 0; t < tail; t++) {
    const k = I(order, t);
    const above = I(parent, k);
    const here = t == 0 ? 0 : I(taken, above);
    if (t > 0) setI(taken, above, here + I(size, k));
    setI(place, k, here);
    setI(taken, k, here + 1);
    setI(at, here, k);
  }
  for (let k = 0; k < nodes; k++) setI(last, k, I(at, I(place, k) + I(size, k) - 1));
  for (let t = 0; t < nodes; t++) link(I(at, t), I(at, t + 1 < nodes ? t + 1 : 0));
  return tighten();
}
/** Prices afresh along the tree, from 0 at the root; returns how many arcs of the tree are forbidden. */
export function tighten(): i32 {
  let forbidden = 0;
  setF(price, root, 0.0);
  for (let k = I(next, root); k != root; k = I(next, k)) {
    const above = I(parent, k);
    let c = k < n ? cost(k, above - n) : cost(above, k - n);
    if (c == Infinity) {
      c = 0.0;
      forbidden++;
    }
    setF(price, k, c - F(price, above));
  }
  idle = 0;
  return forbidden;
}

// ---------------------------------------------------------------- pricing

// least of costs - price over the sinks, two by two
// @ts-ignore: decorator
@inline
function leastOfRow(costs: usize): f64 {
  const v = price + ((<usize>n) << 3);
  let low = f64x2.splat(Infinity);
  let other = low;
  let j: usize = 0;
  const stop = (<usize>(m & ~3)) << 3;
  for (; j < stop; j += 32) {
    low = f64x2.pmin(low, f64x2.sub(v128.load(costs + j), v128.load(v + j)));
    other = f64x2.pmin(other, f64x2.sub(v128.load(costs + j, 16), v128.load(v + j, 16)));
  }
  low = f64x2.pmin(low, other);
  let best = min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
  for (; j < (<usize>m) << 3; j += 8) best = min(best, load<f64>(costs + j) - load<f64>(v + j));
  return best;
}
function placeInRow(costs: usize, value: f64): i32 {
  const v = price + ((<usize>n) << 3);
  for (let j = 0; j < m; j++) if (F(costs, j) - F(v, j) == value) return j;
  return -1;
}
/** At most `count` pivots; returns 1 when no pair has a negative reduced cost, 0 before. */
export function run(count: i32): i32 {
  const v = price + ((<usize>n) << 3);
  while (count > 0) {
    let best = -least;
    let p = -1;
    let q = -1;
    for (let t = 0; t < block && idle < n; t++) {
      const i = nextRow;
      nextRow = i + 1 < n ? i + 1 : 0;
      idle++;
      const u = F(price, i);
      if (first != 0) {
        const stop = I(first, i + 1);
        for (let e = I(first, i); e < stop; e++) {
          const r = F(listedCost, e) - F(v, I(listed, e)) - u;
          if (r < best) {
            best = r;
            p = i;
            q = I(listed, e);
          }
        }
      } else {
        const costs = costsOf(i);
        const value = leastOfRow(costs);
        if (value - u < best) {
          best = value - u;
          p = i;
          q = placeInRow(costs, value);
        }
      }
    }
    if (p >= 0) {
      idle = 0;
      pivot(p, n + q, best);
      count--;
    } else if (idle >= n) return 1;
  }
  return 0;
}

// ---------------------------------------------------------------- many points: lists by trees, rounds of pricing, coarse plans refined

/** out[j] = min_i c(x_i, y_j) - value_i for m points y [d * m], with the tree over n points x. */
export function transform(n: i32, d: i32, x: usize, box: usize, value: usize, top: usize, m: i32, y: usize, out: usize): void {
  raiseTops(n, value, top);
  for (let j = 0; j < m; j++) {
    for (let a = 0; a < d; a++) setF(point, a, F(y, a * m + j));
    setF(out, j, leastBy(n, d, x, box, value, top));
  }
}
/** Lists of `want` columns for rows [lo, hi) by v over the tree of columns: first [n + 1] (rows of equal length), listed, costs; room: [12 m] bytes. */
export function listRows(lo: i32, hi: i32, want: i32, box: usize, top: usize, value: usize, first_: usize, listed_: usize, cost_: usize, room: usize): void {
  setClosest(room, room + ((<usize>m) << 3));
  if (lo == 0) raiseTops(m, value, top);
  for (let i = lo; i < hi; i++) {
    setI(first_, i, i * want);
    setI(first_, i + 1, (i + 1) * want);
    for (let a = 0; a < d; a++) setF(point, a, F(x, a * n + i));
    closest(m, d, y, box, value, top, want);
    for (let k = 0; k < want; k++) {
      const j = I(closestAt, k);
      setI(listed_, i * want + k, j);
      setF(cost_, i * want + k, raised(squared(m, d, y, j)));
    }
  }
}
/** Looks at all pairs of the rows [lo, hi): those with a reduced cost below -least somewhere get a new list; returns how many there were. */
export function priceRows(lo: i32, hi: i32, want: i32, box: usize, top: usize, room: usize): i32 {
  setClosest(room, room + ((<usize>m) << 3));
  const v = price + ((<usize>n) << 3);
  if (lo == 0) raiseTops(m, v, top);
  let renewed = 0;
  for (let i = lo; i < hi; i++) {
    for (let a = 0; a < d; a++) setF(point, a, F(x, a * n + i));
    if (leastBy(m, d, y, box, v, top) - F(price, i) >= -least) continue;
    renewed++;
    closest(m, d, y, box, v, top, want);
    for (let k = 0; k < want; k++) {
      const j = I(closestAt, k);
      setI(listed, i * want + k, j);
      setF(listedCost, i * want + k, raised(squared(m, d, y, j)));
    }
  }
  idle = 0;
  return renewed;
}
/**
 * The plan of this tree between cells handed on to their points: cell k of the first side is place rowCell[k] of depth rowDepth (negative: a point each) among
 * `rows` points of those masses, and so for the second. Every cell's points are used up one after the other, so the finer plan has no cycle either. Returns how many pairs.
 * room: 12 bytes per cell.
 */
export function refine(rowDepth: i32, rowCell: usize, rows: i32, supply: usize, columnDepth: i32, columnCell: usize, columns: i32, demand: usize, room: usize, from: usize, to: usize, mass: usize): i32 {
  const rest = room;
  const at = room + ((<usize>nodes) << 3);
  for (let k = 0; k < nodes; k++) {
    const i = k < n ? cell(rows, rowDepth, I(rowCell, k)) : cell(columns, columnDepth, I(columnCell, k - n));
    setI(at, k, i);
    setL(rest, k, k < n ? L(supply, i) : L(demand, i));
  }
  let count = 0;
  for (let k = 0; k < nodes; k++) {
    let left = L(flow, k);
    if (k == root || left == 0) continue;
    const p = k < n ? k : I(parent, k);
    const q = k < n ? I(parent, k) : k;
    while (left > 0) {
      const some = min(left, min(L(rest, p), L(rest, q)));
      setI(from, count, I(at, p));
      setI(to, count, I(at, q));
      setL(mass, count++, some);
      left -= some;
      setL(rest, p, L(rest, p) - some);
      setL(rest, q, L(rest, q) - some);
      if (L(rest, p) == 0) {
        const i = I(at, p) + 1;
        setI(at, p, i);
        if (i < cell(rows, rowDepth, I(rowCell, p) + 1)) setL(rest, p, L(supply, i));
      }
      if (L(rest, q) == 0) {
        const i = I(at, q) + 1;
        setI(at, q, i);
        if (i < cell(columns, columnDepth, I(columnCell, q - n) + 1)) setL(rest, q, L(demand, i));
      }
    }
  }
  return count;
}
