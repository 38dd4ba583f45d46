// Transport between masses on two grids for |x - y|^2 by the network simplex, see transport/grid/simplex.ts.
// No arc is stored but those of the tree: the arcs that enter are found by conjugates over all pairs of points in linear time, which also prove the end.
// Nodes: points of the first grid, then of the second. Supplies are whole numbers in float64, so flows are exact and zero is zero.
// The arc of a node joins it to its parent; from the first grid to the second it always carries flow, whichever is above.
// Trees stay strongly feasible (an arc without flow has its source below), so the method ends.
// A pivot touches its cycle alone: potentials are those of the last search, and the reduced cost of an arc is summed along its cycle.

import { best } from "./price";

const NONE = -1;
// a node: parent i32, mark i32, flow f64, x f64, y f64, potential f64
const NODE: usize = 40;

let sources: i32 = 0;
let nodes: i32 = 0;
let base: usize = 0;
let stack: usize = 0;
let clock: i32 = 0;
export let pivots: f64 = 0;

// @ts-ignore: decorator
@inline
function at(v: i32): usize {
  return base + <usize>v * NODE;
}
// @ts-ignore: decorator
@inline
function parentOf(v: i32): i32 {
  return load<i32>(at(v));
}
// @ts-ignore: decorator
@inline
function flowOf(v: i32): f64 {
  return load<f64>(at(v), 8);
}
// @ts-ignore: decorator
@inline
function I(p: usize, i: i32): i32 {
  return load<i32>(p + ((<usize>i) << 2));
}
// @ts-ignore: decorator
@inline
function F(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}

// node: [40 bytes * (n + m)], room: i32 [n + m]
export function open(n: i32, m: i32, node: usize, room: usize): void {
  sources = n;
  nodes = n + m;
  base = node;
  stack = room;
  clock = 0;
  pivots = 0;
  for (let v = 0; v < nodes; v++) store<i32>(at(v), 0, 4);
}

// @ts-ignore: decorator
@inline
function cost(p: usize, q: usize): f64 {
  const dx = load<f64>(p, 16) - load<f64>(q, 16), dy = load<f64>(p, 24) - load<f64>(q, 24);
  return dx * dx + dy * dy;
}

// the first node above both, by steps in turns: each side marks what it passes
function meeting(s: i32, t: i32): i32 {
  clock += 2;
  const one = clock, two = clock + 1;
  let a = s, b = t;
  store<i32>(at(a), one, 4);
  store<i32>(at(b), two, 4);
  while (true) {
    if (a != NONE) {
      a = parentOf(a);
      if (a != NONE) {
        if (load<i32>(at(a), 4) == two) return a;
        store<i32>(at(a), one, 4);
      }
    }
    if (b != NONE) {
      b = parentOf(b);
      if (b != NONE) {
        if (load<i32>(at(b), 4) == one) return b;
        store<i32>(at(b), two, 4);
      }
    }
  }
}

// Lets the arc (s, t) enter if its reduced cost is below -least.
function attempt(s: i32, t: i32, least: f64): bool {
  const join = meeting(s, t);
  // what empties first: the last on the way from the join through s, t and back
  let least1 = Infinity, least2 = Infinity;
  let out1 = NONE, out2 = NONE;
  let sum: f64 = 0, sign: f64 = 1;
  for (let u = s; u != join; ) {
    const here = at(u);
    const p = load<i32>(here);
    sum += sign * cost(here, at(p));
    sign = -sign;
    if (u < sources) {
      const f = load<f64>(here, 8);
      if (f < least1) {
        least1 = f;
        out1 = u;
      }
    }
    u = p;
  }
  sign = 1;
  for (let u = t; u != join; ) {
    const here = at(u);
    const p = load<i32>(here);
    sum += sign * cost(here, at(p));
    sign = -sign;
    if (u >= sources) {
      const f = load<f64>(here, 8);
      if (f <= least2) {
        least2 = f;
        out2 = u;
      }
    }
    u = p;
  }
  if (!(cost(at(s), at(t)) - sum < -least)) return false;
  pivots += 1;
  const onSecond = least2 <= least1;
  const delta = onSecond ? least2 : least1;
  const out = onSecond ? out2 : out1;
  if (delta > 0) {
    for (let u = s; u != join; u = parentOf(u)) store<f64>(at(u), flowOf(u) + (u < sources ? -delta : delta), 8);
    for (let u = t; u != join; u = parentOf(u)) store<f64>(at(u), flowOf(u) + (u >= sources ? -delta : delta), 8);
  }
  // the path from the entering end up to `out` turns round
  let u = onSecond ? t : s;
  let below = onSecond ? s : t;
  let carried = delta;
  while (true) {
    const here = at(u);
    const p = load<i32>(here);
    const f = load<f64>(here, 8);
    store<i32>(here, below);
    store<f64>(here, carried, 8);
    if (u == out) return true;
    carried = f;
    below = u;
    u = p;
  }
}

// Tries the arcs (from, to) whose reduced cost at the search was below -sure: those still below -least enter. Returns how many did.
// Where an arc no longer pays, its neighbours seldom do: more and more of them wait for the next search.
export function enter(count: i32, from: usize, to: usize, reduced: usize, sure: f64, least: f64): i32 {
  let made = 0;
  let skip = 0;
  for (let e = 0; e < count; e++) {
    if (!(F(reduced, e) < -sure)) continue;
    if (attempt(I(from, e), I(to, e), least)) {
      made++;
      skip = 0;
    } else {
      skip = min(64, 2 * skip + 1);
      e += skip;
    }
  }
  return made;
}

// potentials anew from the root, which keeps its own
export function refresh(root: i32): void {
  clock += 2;
  const fresh = clock;
  store<i32>(at(root), fresh, 4);
  for (let v = 0; v < nodes; v++) {
    if (parentOf(v) == NONE) continue;
    let u = v;
    let top = 0;
    while (load<i32>(at(u), 4) != fresh) {
      store<i32>(stack + ((<usize>top) << 2), u);
      top++;
      u = parentOf(u);
    }
    while (top > 0) {
      top--;
      const w = I(stack, top);
      const here = at(w), above = at(u);
      store<f64>(here, cost(here, above) - load<f64>(above, 32), 32);
      store<i32>(here, fresh, 4);
      u = w;
    }
  }
}

// For every point of the second grid with mass the arc of least reduced cost from the first; reduced: that cost, 0 at empty points.
// half: f64 [points of the first grid], the rest as in best(). Returns the least of all. `turned` asks for the best second point of every first point.
export function price(
  turned: bool, n0: i32, n1: i32, x0: f64, x1: f64, h0: f64, h1: f64, massX: usize, firstX: i32,
  m0: i32, m1: i32, y0: f64, y1: f64, k0: f64, k1: f64, massY: usize, firstY: i32,
  half: usize, value: usize, arg: usize, work: usize, index: usize, room: usize, from: usize, to: usize, reduced: usize,
): f64 {
  const n = n0 * n1, m = m0 * m1;
  for (let i = 0; i < n; i++) {
    let u: f64 = Infinity;
    if (F(massX, i) != 0) {
      const v = at(firstX + i);
      const x = load<f64>(v, 16), y = load<f64>(v, 24);
      u = 0.5 * (x * x + y * y - load<f64>(v, 32));
    }
    store<f64>(half + ((<usize>i) << 3), u);
  }
  best(n0, n1, x0, x1, h0, h1, half, m0, m1, y0, y1, k0, k1, value, arg, work, index, room);
  let worst: f64 = 0;
  for (let j = 0; j < m; j++) {
    let r: f64 = 0;
    if (F(massY, j) != 0) {
      const v = at(firstY + j);
      const x = load<f64>(v, 16), y = load<f64>(v, 24);
      r = x * x + y * y - load<f64>(v, 32) - 2.0 * F(value, j);
      if (r < worst) worst = r;
      const other = firstX + I(arg, j);
      store<i32>(from + ((<usize>j) << 2), turned ? firstY + j : other);
      store<i32>(to + ((<usize>j) << 2), turned ? other : firstY + j);
    }
    store<f64>(reduced + ((<usize>j) << 3), r);
  }
  return worst;
}
