// Newton's method on quantile nodes, see kernels/line.ts: lane 0 goes up from the first node, lane 1 down from the last with reversed sign,
// so both see an increasing chain and the same formulas.
import { add, div, mul, S, sub } from "../lanes64";
import { logRatio } from "./ratio";

export function fold(n: i32, x: usize, folded: usize, copy: usize): void {
  const last = x + (<usize>(n - 1) << 3);
  const pairs = <usize>((n >> 1) + (n & 1)) << 3;
  for (let j: usize = 0; j < pairs; j += 8) {
    const left = load<f64>(x + j);
    const right = -load<f64>(last - j);
    store<f64>(folded + 2 * j, left);
    store<f64>(folded + 2 * j, right, 8);
    store<f64>(copy + 2 * j, left);
    store<f64>(copy + 2 * j, right, 8);
  }
}
export function unfold(n: i32, folded: usize, x: usize): void {
  const last = x + (<usize>(n - 1) << 3);
  const pairs = <usize>((n >> 1) + (n & 1)) << 3;
  for (let j: usize = 0; j < pairs; j += 8) {
    store<f64>(last - j, -load<f64>(folded + 2 * j, 8));
    store<f64>(x + j, load<f64>(folded + 2 * j));
  }
}

// @ts-ignore: decorator
@inline
function both(a: f64, b: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(a), 1, b);
}
// (x - s) inverse + (spring x - pull)
// @ts-ignore: decorator
@inline
function force(x: v128, s: v128, inverse: v128, spring: v128, pull: v128): v128 {
  return add(mul(sub(x, s), inverse), sub(mul(spring, x), pull));
}
// a^2 + a b + b^2
// @ts-ignore: decorator
@inline
function square(a: v128, b: v128): v128 {
  return add(mul(a, add(a, b)), mul(b, b));
}

// out: pivot, right-hand side and decrement of both lanes; with `sums` also, for v = x - centre, sum w (v + v') and
// sum w (v^2 + v v' + v'^2)
// @ts-ignore: decorator
@inline
function run(
  sums: bool, cells: i32, x: usize, s: usize, w: usize, inverse: f64, spring: f64, pull: f64, noise: f64, pinned: i32, centre: f64, factor: usize, part: usize, out: usize,
): void {
  const c = both(centre, -centre);
  const inv = S(inverse);
  const k = S(spring);
  const b = both(pull, -pull);
  const eps = S(noise);
  const bend = S(inverse + spring);
  const sixth = S(1.0 / 6.0);
  const one = S(1.0);
  const three = S(3.0);
  let here = v128.load(x);
  let u = force(here, v128.load(s), inv, k, b);
  let a = S(0.0);
  let right = S(0.0);
  let decrement = S(0.0);
  let first = S(0.0);
  let second = S(0.0);
  for (let j = 0; j < cells; j++) {
    x += 16;
    s += 16;
    const next = v128.load(x);
    const share = v128.load(w);
    const q = div(one, sub(next, here));
    const v = force(next, v128.load(s), inv, k, b);
    const w6 = mul(share, sixth);
    const sum = add(u, v);
    const density = mul(share, q);
    const pressure = mul(eps, density);
    const stiff = mul(pressure, q);
    const m = mul(w6, bend);
    const D = add(stiff, add(m, m));
    const r = sub(right, add(mul(w6, add(sum, u)), pressure));
    let l: v128;
    let d: v128;
    const ahead = sub(pressure, mul(w6, add(sum, v)));
    if (j === 0 && pinned !== 0) {
      const held = both(pinned & 1 ? 1.0 : 0.0, pinned & 2 ? 1.0 : 0.0);
      const free = f64x2.eq(held, S(0.0));
      const ip = div(one, add(a, D));
      l = v128.and(mul(sub(m, stiff), ip), free);
      d = v128.and(mul(r, ip), free);
      a = v128.bitselect(mul(add(mul(a, D), mul(mul(three, m), add(add(stiff, stiff), m))), ip), D, free);
    } else {
      const ip = div(one, add(a, D));
      l = mul(sub(m, stiff), ip);
      d = mul(r, ip);
      a = mul(add(mul(a, D), mul(mul(three, m), add(add(stiff, stiff), m))), ip);
    }
    decrement = add(decrement, mul(r, d));
    right = sub(ahead, mul(l, r));
    v128.store(factor, l);
    v128.store(part, d);
    if (sums) {
      const y = sub(here, c);
      const z = sub(next, c);
      first = add(first, mul(share, add(y, z)));
      second = add(second, mul(share, square(y, z)));
    }
    w += 16;
    factor += 16;
    part += 16;
    here = next;
    u = v;
  }
  v128.store(out, a);
  v128.store(out, right, 16);
  v128.store(out, decrement, 32);
  if (!sums) return;
  v128.store(out, first, 48);
  v128.store(out, second, 64);
}
export function forward(
  cells: i32, x: usize, s: usize, w: usize, inverse: f64, spring: f64, pull: f64, noise: f64, pinned: i32, centre: f64, factor: usize, part: usize, out: usize,
): void {
  run(false, cells, x, s, w, inverse, spring, pull, noise, pinned, centre, factor, part, out);
}
export function forwardSums(
  cells: i32, x: usize, s: usize, w: usize, inverse: f64, spring: f64, pull: f64, noise: f64, pinned: i32, centre: f64, factor: usize, part: usize, out: usize,
): void {
  run(true, cells, x, s, w, inverse, spring, pull, noise, pinned, centre, factor, part, out);
}
// x = s + D(s) where D is a cubic between the pairs at[k] and at[k + 1], with the values to - from at the pairs `from`, and there the slopes of
// parabolas through three of them; the ends go on with the parabola of their neighbour
export function carry(intervals: i32, at: usize, from: usize, to: usize, s: usize, x: usize): void {
  const two = S(2.0);
  const three = S(3.0);
  let start = v128.load(from);
  let value = sub(v128.load(to), start);
  let h = S(0.0);
  let secant = S(0.0);
  let slope = S(0.0);
  let origin = start;
  let constant = value;
  for (let k = 0; k <= intervals; k++) {
    let width = h;
    let mean = secant;
    let bent = sub(mul(two, secant), slope);
    let next = start;
    let moved = value;
    if (k < intervals) {
      from += 16;
      to += 16;
      next = v128.load(from);
      moved = sub(v128.load(to), next);
      width = sub(next, start);
      mean = div(sub(moved, value), width);
      bent = k === 0 ? mean : div(add(mul(width, secant), mul(h, mean)), add(h, width));
    }
    if (k > 0) {
      if (k === 1) slope = sub(mul(two, secant), bent);
      const bend = div(sub(sub(mul(three, secant), mul(two, slope)), bent), h);
      const twist = div(sub(add(slope, bent), mul(two, secant)), mul(h, h));
      const end = <usize>load<i32>(at, 4) << 4;
      for (let j = <usize>load<i32>(at) << 4; j < end; j += 16) {
        const here = v128.load(s + j);
        const z = sub(here, origin);
        v128.store(x + j, add(here, add(constant, mul(z, add(slope, mul(z, add(bend, mul(z, twist))))))));
      }
      at += 4;
    }
    origin = start;
    constant = value;
    start = next;
    value = moved;
    h = width;
    secant = mean;
    slope = bent;
  }
}
// trial = x + alpha (trial - x)
export function shorten(pairs: i32, alpha: f64, x: usize, trial: usize): void {
  for (const end = x + (<usize>pairs << 4); x < end; x += 16, trial += 16) {
    const here = v128.load(x);
    v128.store(trial, add(here, mul(S(alpha), sub(v128.load(trial), here))));
  }
}
// steps d from those of the last pair in `at`; trial = x + d. out: greatest (d_j - d_{j+1}) / (x_{j+1} - x_j) of both lanes
export function backward(cells: i32, x: usize, factor: usize, part: usize, trial: usize, at: usize, out: usize): void {
  const size = <usize>cells << 4;
  let next = v128.load(x + size);
  let d = v128.load(at);
  let most = S(0.0);
  v128.store(trial + size, add(next, d));
  for (let j = size; j > 0; ) {
    j -= 16;
    const here = v128.load(x + j);
    const before = sub(v128.load(part + j), mul(v128.load(factor + j), d));
    most = f64x2.pmax(most, div(sub(before, d), sub(next, here)));
    d = before;
    next = here;
    v128.store(trial + j, add(here, d));
  }
  v128.store(out, most);
}
// Gradient at x through the factor of the metric. out: what is carried to the last pair, sum y^2 / pivot, sum w log(dx / ds),
// for v = x - s sum w (v^2 + v v' + v'^2), and sum w times twice the change of (y^2 + y y' + y'^2),
// y = x - centre, from s to x, where there is a spring
// @ts-ignore: decorator
@inline
function judge(
  springy: bool, cells: i32, x: usize, s: usize, w: usize, inverse: f64, spring: f64, pull: f64, noise: f64, pinned: i32, centre: f64, factor: usize, pivot: usize, out: usize,
): void {
  const inv = S(inverse);
  const k = S(spring);
  const b = both(pull, -pull);
  const c = both(2.0 * centre, -2.0 * centre);
  const eps = S(noise);
  const sixth = S(1.0 / 6.0);
  let here = v128.load(x);
  let from = v128.load(s);
  let u = force(here, from, inv, k, b);
  let carried = S(0.0);
  let dual = S(0.0);
  let logarithm = S(0.0);
  let moved = S(0.0);
  let spread = S(0.0);
  for (let j = 0; j < cells; j++) {
    x += 16;
    s += 16;
    const next = v128.load(x);
    const to = v128.load(s);
    const share = v128.load(w);
    const dx = sub(next, here);
    const density = div(share, dx);
    const v = force(next, to, inv, k, b);
    const w6 = mul(share, sixth);
    const sum = add(u, v);
    const pressure = mul(eps, density);
    let g = add(carried, add(mul(w6, add(sum, u)), pressure));
    if (j === 0 && pinned !== 0) g = v128.and(g, f64x2.eq(both(pinned & 1 ? 1.0 : 0.0, pinned & 2 ? 1.0 : 0.0), S(0.0)));
    dual = add(dual, mul(mul(g, g), v128.load(pivot)));
    carried = sub(sub(mul(w6, add(sum, v)), pressure), mul(v128.load(factor), g));
    logarithm = add(logarithm, mul(share, logRatio(dx, sub(to, from))));
    const p = sub(here, from);
    const t = sub(next, to);
    moved = add(moved, mul(share, square(p, t)));
    if (springy) {
      // from the means of ends and starts: nothing large is subtracted
      const y = sub(add(here, from), c);
      const z = sub(add(next, to), c);
      spread = add(spread, mul(share, add(mul(p, add(add(y, y), z)), mul(t, add(y, add(z, z))))));
    }
    w += 16;
    factor += 16;
    pivot += 16;
    here = next;
    from = to;
    u = v;
  }
  v128.store(out, carried);
  v128.store(out, dual, 16);
  v128.store(out, logarithm, 32);
  v128.store(out, moved, 48);
  v128.store(out, spread, 64);
}
export function gap(
  cells: i32, x: usize, s: usize, w: usize, inverse: f64, spring: f64, pull: f64, noise: f64, pinned: i32, centre: f64, factor: usize, pivot: usize, out: usize,
): void {
  if (spring === 0.0) judge(false, cells, x, s, w, inverse, spring, pull, noise, pinned, centre, factor, pivot, out);
  else judge(true, cells, x, s, w, inverse, spring, pull, noise, pinned, centre, factor, pivot, out);
}
