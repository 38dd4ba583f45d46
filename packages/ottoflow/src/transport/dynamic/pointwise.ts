/**
 * The proximal map of one cell and interval: argmin over 0 <= r <= top and w of |w|^p / (p M(r)^(p-1)) + ((r - a)^2 + |w - b|^2) / (2 s).
 * w is a multiple of b, so the answer is r and the factor |w| / |b|.
 */
import { pow } from "../../kernels/math.ts";
import type { Mobility } from "./mobility.ts";

/** a and b2 = |b|^2 in, r over a and |w| / |b| over b2 out, `count` entries from `at`. */
export type Pointwise = (count: number, at: number, a: Float64Array, b2: Float64Array, s: number) => void;

export function openPointwise(m: Mobility, p: number): Pointwise {
  if (m.linear && p === 2) return (count, at, a, b2, s) => quadratic(m.top, count, at, a, b2, s);
  const solve = m.linear ? linear : concave;
  const out = new Float64Array(2);
  return (count, at, a, b2, s) => {
    for (let i = at; i < at + count; i++) {
      solve(m, p, a[i]!, Math.sqrt(b2[i]!), s, out);
      a[i] = out[0]!;
      b2[i] = out[1]!;
    }
  };
}

/** M(r) = r, p = 2: the speed v = |w| / r solves s v^3 / 2 + (a + s) v = |b|, by Newton's method from above, where it is monotone. */
function quadratic(top: number, count: number, at: number, a: Float64Array, b2: Float64Array, s: number): void {
  for (let i = at; i < at + count; i++) {
    const t = a[i]!;
    const bb = b2[i]!;
    if (t + bb / (2 * s) <= 0) {
      a[i] = 0;
      b2[i] = 0;
      continue;
    }
    const b = Math.sqrt(bb);
    let v = t > 0 ? b / (t + s) : b / s;
    for (let k = 0; k < 60; k++) {
      const q = s * v * v;
      const next = (q * v + b) / (1.5 * q + t + s);
      const moved = v - next;
      v = next;
      if (moved <= 1e-15 * v) break;
    }
    const r = Math.min(Math.max(t + (s * v * v) / 2, 0), top);
    a[i] = r;
    b2[i] = r / (r + s);
  }
}

/** the speed v >= 0 with M v + s v^(p-1) = b */
function speedFor(mass: number, p: number, b: number, s: number): number {
  if (b === 0) return 0;
  if (p === 2) return b / (mass + s);
  let lo = 0;
  let hi = Math.min(mass > 0 ? b / mass : Number.POSITIVE_INFINITY, pow(b / s, 1 / (p - 1)));
  // beyond float64 where p is near 1
  if (hi === Number.POSITIVE_INFINITY) return hi;
  let v = hi;
  for (let k = 0; k < 100; k++) {
    const power = s * pow(v, p - 1);
    const f = mass * v + power - b;
    if (f > 0) hi = v;
    else lo = v;
    const next = v - f / (mass + ((p - 1) * power) / v);
    const inside = next > lo && next < hi ? next : (lo + hi) / 2;
    if (Math.abs(inside - v) <= 1e-15 * v) return inside;
    v = inside;
  }
  return v;
}

/** M(r) = r: r = a + s v^p / q where that is between 0 and top, and max(r, 0) v + s v^(p-1) = b rises in v. */
function linear(m: Mobility, p: number, a: number, b: number, s: number, out: Float64Array): void {
  const q = p / (p - 1);
  const free = pow(b / s, 1 / (p - 1)); // speed without mass
  if (b === 0 || a + (s * pow(free, p)) / q <= 0) {
    out[0] = b === 0 ? Math.min(Math.max(a, 0), m.top) : 0;
    out[1] = 0;
    return;
  }
  let lo = 0;
  // from twice the v with r = 0 on, r is at least s v^p / 2 q; the speed without mass leaves float64 where p is near 1
  let hi = Math.min(free, a > 0 ? b / a : Math.max(2 * pow((-a * q) / s, 1 / p), pow((2 * q * b) / s, 1 / (p + 1))));
  let v = hi;
  for (let k = 0; k < 100; k++) {
    const pm1 = s * pow(v, p - 1);
    const r = a + (pm1 * v) / q;
    const f = Math.max(r, 0) * v + pm1 - b;
    if (f > 0) hi = v;
    else lo = v;
    const slope = (r > 0 ? r + (p - 1) * pm1 * v : 0) + ((p - 1) * pm1) / v;
    const next = v - f / slope;
    const inside = next > lo && next < hi ? next : (lo + hi) / 2;
    const still = Math.abs(inside - v) <= 1e-15 * v;
    v = inside;
    if (still) break;
  }
  let r = a + (s * pow(v, p)) / q;
  if (r > m.top) {
    r = m.top;
    v = speedFor(r, p, b, s);
  }
  out[0] = r;
  out[1] = (r * v) / b;
}

/** Any concave M: the slope in r of what is left after w is minimised out, (r - a) / s - v(r)^p M'(r) / q, rises; its zero by bisection with secants. */
function concave(m: Mobility, p: number, a: number, b: number, s: number, out: Float64Array): void {
  const q = p / (p - 1);
  const slope = (r: number): number => {
    const v = speedFor(m.value(r), p, b, s);
    return (r - a) / s - ((p === 2 ? v * v : pow(v, p)) * m.slope(r)) / q;
  };
  let lo = 0;
  let hi = m.top;
  let r: number;
  let below = slope(lo);
  let above = slope(hi);
  if (!(below < 0)) r = lo;
  else if (!(above > 0)) r = hi;
  else {
    r = (lo + hi) / 2;
    for (let k = 0; k < 100; k++) {
      const secant = lo - (below * (hi - lo)) / (above - below);
      r = k % 3 === 2 || !(secant > lo && secant < hi) ? (lo + hi) / 2 : secant;
      const f = slope(r);
      if (f < 0) {
        lo = r;
        below = f;
      } else {
        hi = r;
        above = f;
      }
      if (hi - lo <= 1e-14 * m.top || f === 0) break;
    }
  }
  const mass = m.value(r);
  out[0] = r;
  out[1] = b === 0 ? 0 : (mass * speedFor(mass, p, b, s)) / b;
}
