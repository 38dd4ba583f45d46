/**
 * Interval arithmetic on the graph: for rows in a box, an interval that contains every value of the expression. Each result is widened by
 * one unit in the last place (by several for the elementary functions, whose error is below that), so rounding cannot make it too small.
 *
 * [NaN, NaN] means that nothing is known: a pole, a point outside a domain, or a jump lies in the box. It is contagious.
 */
import * as math from "../kernels/math.ts";
import { ordered } from "./graph.ts";
import type { Node } from "./node.ts";

/** bounds of every node, in the order of `nodes` */
export interface Enclosure {
  readonly nodes: readonly Node[];
  readonly at: ReadonlyMap<Node, number>;
  /** places of the arguments of each node */
  readonly args: readonly (readonly number[])[];
  readonly lo: Float64Array;
  readonly hi: Float64Array;
}
export function prepare(roots: readonly Node[]): Enclosure {
  const nodes = ordered(roots);
  const at = new Map(nodes.map((n, i) => [n, i]));
  return { nodes, at, args: nodes.map((n) => n.args.map((a) => at.get(a)!)), lo: new Float64Array(nodes.length), hi: new Float64Array(nodes.length) };
}

/** Fills the bounds for rows (and radius) in [lower, upper]; the time, where it occurs, is any real number. */
export function enclose(e: Enclosure, variable: (row: number) => readonly [number, number]): void {
  e.nodes.forEach((n, i) => {
    const [lo, hi] = n.op === "const" ? [n.value, n.value] : n.op === "var" ? variable(n.value) : image(n, e.args[i]!, e.lo, e.hi);
    // written so that NaN falls on the unknown side
    const known = lo <= hi;
    e.lo[i] = known ? lo : Number.NaN;
    e.hi[i] = known ? hi : Number.NaN;
  });
}

type Interval = readonly [number, number];
const unknown: Interval = [Number.NaN, Number.NaN];
const ulp = 2.220446049250313e-16;
const tiny = 5e-324;
const down = (v: number, ulps = 1): number => v - (Math.abs(v) * ulp * ulps + tiny);
const up = (v: number, ulps = 1): number => v + (Math.abs(v) * ulp * ulps + tiny);
const finiteDown = (v: number, ulps: number): number => (Number.isFinite(v) ? down(v, ulps) : v);
const finiteUp = (v: number, ulps: number): number => (Number.isFinite(v) ? up(v, ulps) : v);
const wide = (lo: number, hi: number, ulps = 1): Interval => [
  lo === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : finiteDown(lo, ulps),
  hi === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : finiteUp(hi, ulps),
];
/** elementary functions err by less */
const loose = 8;

function image(n: Node, of: readonly number[], lo: Float64Array, hi: Float64Array): Interval {
  const a = lo[of[0]!]!;
  const A = hi[of[0]!]!;
  if (n.op === "iflt" || n.op === "ifle") return chosen(n.op === "iflt", of, lo, hi);
  for (const k of of) if (!(lo[k]! <= hi[k]!)) return unknown;
  if (of.length === 1) return unary(n, a, A);
  const b = lo[of[1]!]!;
  const B = hi[of[1]!]!;
  switch (n.op) {
    case "add":
      return plus(a, A, b, B);
    case "sub":
      return plus(a, A, -B, -b);
    case "mul":
      return times(a, A, b, B);
    case "div":
      return quotient(a, A, b, B);
    case "over":
      return bounded(n, over(a, A, b, B));
    case "pow":
      return power(a, A, b, B);
    case "min":
      return [Math.min(a, b), Math.min(A, B)];
    case "max":
      return [Math.max(a, b), Math.max(A, B)];
    case "atan2":
      return wide(-Math.PI, Math.PI, loose);
    case "cut":
      return a <= 0 && A >= 0 && b <= 0 ? unknown : [0, 0];
    case "norm":
      return length(of, lo, hi);
    default:
      return unknown;
  }
}

function plus(a: number, A: number, b: number, B: number): Interval {
  const [l, h] = wide(a + b, A + B);
  // adding zero is exact
  return [a === 0 ? b : b === 0 ? a : l, A === 0 ? B : B === 0 ? A : h];
}
/** an infinite end is a bound, not a value, so 0 times it is 0 */
const end = (x: number, y: number): number => (x === 0 || y === 0 ? 0 : x * y);
function times(a: number, A: number, b: number, B: number): Interval {
  if ((a === 0 && A === 0) || (b === 0 && B === 0)) return [0, 0];
  if (a === 1 && A === 1) return [b, B];
  const [p, q, r, s] = [end(a, b), end(a, B), end(A, b), end(A, B)];
  const lo = Math.min(p, q, r, s);
  const hi = Math.max(p, q, r, s);
  // a product of signs keeps its sign
  const below = (a >= 0 && b >= 0) || (A <= 0 && B <= 0);
  const above = (a >= 0 && B <= 0) || (A <= 0 && b >= 0);
  const [l, h] = wide(lo, hi);
  return [below ? Math.max(0, l) : l, above ? Math.min(0, h) : h];
}
function quotient(a: number, A: number, b: number, B: number): Interval {
  if (b <= 0 && B >= 0) return unknown;
  const [l, h] = wide(...times1(a, A, 1 / B, 1 / b), 3);
  const below = (a >= 0 && b > 0) || (A <= 0 && B < 0);
  const above = (a >= 0 && B < 0) || (A <= 0 && b > 0);
  return [below ? Math.max(0, l) : l, above ? Math.min(0, h) : h];
}
function times1(a: number, A: number, b: number, B: number): [number, number] {
  const [p, q, r, s] = [end(a, b), end(a, B), end(A, b), end(A, B)];
  return [Math.min(p, q, r, s), Math.max(p, q, r, s)];
}
/** a / b with b >= 0 a length: at b = 0 the second derivative of a norm, whose mass there is nonnegative */
function over(a: number, A: number, b: number, B: number): Interval {
  if (b > 0 || B < 0) return quotient(a, A, b, B);
  if (a >= 0) return [B === 0 ? 0 : Math.max(0, finiteDown(a / B, 3)), Number.POSITIVE_INFINITY];
  if (A <= 0) return [Number.NEGATIVE_INFINITY, B === 0 ? 0 : Math.min(0, finiteUp(A / B, 3))];
  return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
}
/** a leg over its length lies in [-1, 1] */
function bounded(n: Node, i: Interval): Interval {
  const [leg, whole] = n.args as [Node, Node];
  if (whole.op !== "norm" || !whole.args.includes(leg)) return i;
  return [Math.max(-1, i[0]), Math.min(1, i[1])];
}
function chosen(strict: boolean, of: readonly number[], lo: Float64Array, hi: Float64Array): Interval {
  const [l, r, a, b] = of as [number, number, number, number];
  if (strict ? hi[l]! < lo[r]! : hi[l]! <= lo[r]!) return [lo[a]!, hi[a]!];
  if (strict ? lo[l]! >= hi[r]! : lo[l]! > hi[r]!) return [lo[b]!, hi[b]!];
  if (!(lo[a]! <= hi[a]!) || !(lo[b]! <= hi[b]!)) return unknown;
  return [Math.min(lo[a]!, lo[b]!), Math.max(hi[a]!, hi[b]!)];
}
function length(of: readonly number[], lo: Float64Array, hi: Float64Array): Interval {
  let least = 0;
  let most = 0;
  for (const k of of) {
    const m = Math.max(Math.abs(lo[k]!), Math.abs(hi[k]!));
    const c = lo[k]! <= 0 && hi[k]! >= 0 ? 0 : Math.min(Math.abs(lo[k]!), Math.abs(hi[k]!));
    least += c * c;
    most += m * m;
  }
  const [l, h] = wide(Math.sqrt(least), Math.sqrt(most), of.length + 4);
  return [Math.max(0, l), most === 0 ? 0 : h];
}

/** u^v: for fixed real exponents on u >= 0, else through exp(v log u) */
function power(a: number, A: number, b: number, B: number): Interval {
  if (b !== B) {
    if (a <= 0) return unknown;
    const [l, h] = wide(...times1(...logarithm(a, A), b, B));
    return positive(wide(math.exp(l), math.exp(h), loose * Math.max(1, Math.abs(l), Math.abs(h))));
  }
  if (Number.isInteger(b)) return Math.abs(b) < 2 ** 31 ? whole(a, A, b) : unknown;
  if (a < 0) return unknown;
  if (b > 0) return positive(wide(math.pow(a, b), math.pow(A, b), loose));
  // u^q, -1 < q < 0, arises from u^(q + 1), which is continuous at 0; lower powers are poles
  if (a === 0 && b <= -1) return unknown;
  return positive(wide(A === 0 ? 0 : math.pow(A, b), a === 0 ? Number.POSITIVE_INFINITY : math.pow(a, b), loose));
}
const positive = ([l, h]: Interval): Interval => [Math.max(0, l), h];
const logarithm = (a: number, A: number): [number, number] => [
  math.log(a) - (Math.abs(math.log(a)) * loose * ulp + tiny),
  math.log(A) + (Math.abs(math.log(A)) * loose * ulp + tiny),
];
function whole(a: number, A: number, n: number): Interval {
  if (n < 0) {
    if (a <= 0 && A >= 0) return unknown;
    const [l, h] = whole(a, A, -n);
    return quotient(1, 1, l, h);
  }
  const [p, q] = [math.powi(a, n), math.powi(A, n)];
  const ulps = 2 * n;
  if (n % 2 === 1) {
    const [l, h] = wide(p, q, ulps);
    return [a >= 0 ? Math.max(0, l) : l, A <= 0 ? Math.min(0, h) : h];
  }
  if (a >= 0) return positive(wide(p, q, ulps));
  if (A <= 0) return positive(wide(q, p, ulps));
  return [0, finiteUp(Math.max(p, q), ulps)];
}

function unary(n: Node, a: number, A: number): Interval {
  const rising = (f: (u: number) => number, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY): Interval => {
    const [fa, fA] = [f(a), f(A)];
    // f(0) = 0 exactly for the odd ones
    return [Math.max(least, fa === 0 && a === 0 ? 0 : wide(fa, fa, loose)[0]), Math.min(most, fA === 0 && A === 0 ? 0 : wide(fA, fA, loose)[1])];
  };
  switch (n.op) {
    case "neg":
      return [-A, -a];
    case "powi":
      return whole(a, A, n.value);
    case "exp":
      return rising(math.exp, 0);
    case "log":
      return a <= 0 ? unknown : rising(math.log);
    case "sqrt":
      return a < 0 ? unknown : rising(Math.sqrt, 0);
    case "abs":
    case "norm":
      return a >= 0 ? [a, A] : A <= 0 ? [-A, -a] : [0, Math.max(-a, A)];
    case "sin":
      return wave(math.sin, a, A, -Math.PI / 2, Math.PI / 2);
    case "cos":
      return wave(math.cos, a, A, -Math.PI, 0);
    case "tan":
      return hits(a, A, Math.PI / 2, Math.PI) ? unknown : rising(math.tan);
    case "asin":
      return a < -1 || A > 1 ? unknown : rising(math.asin);
    case "acos":
      return a < -1 || A > 1 ? unknown : [Math.max(0, finiteDown(math.acos(A), loose)), finiteUp(math.acos(a), loose)];
    case "atan":
      return rising(math.atan);
    case "sinh":
      return rising(math.sinh);
    case "tanh":
      return rising(math.tanh, -1, 1);
    case "erf":
      return rising(math.erf, -1, 1);
    case "cosh": {
      const [p, q] = [math.cosh(a), math.cosh(A)];
      return [Math.max(1, a <= 0 && A >= 0 ? 1 : wide(Math.min(p, q), 0, loose)[0]), finiteUp(Math.max(p, q), loose)];
    }
    case "floor":
      return [Math.floor(a), Math.floor(A)];
    case "sign":
    case "side":
      return [a > 0 ? 1 : a === 0 && n.op === "sign" ? 0 : -1, A < 0 ? -1 : A === 0 && n.op === "sign" ? 0 : 1];
    case "step":
    case "gate":
      // at the kink itself the gate may be taken either way
      return [a > 0 || (a === 0 && n.op === "step") ? 1 : 0, A < 0 ? 0 : 1];
    case "spike":
      return a <= 0 && A >= 0 ? [0, Number.POSITIVE_INFINITY] : [0, 0];
    case "jump":
      return a <= 0 && A >= 0 ? unknown : [0, 0];
    default:
      return unknown;
  }
}

/** Does [a, A] come within rounding of c + k period for a whole k? */
function hits(a: number, A: number, c: number, period: number): boolean {
  if (!Number.isFinite(A - a) || A - a >= period) return true;
  const slack = 1e-13 * (1 + Math.abs(a) + Math.abs(A));
  return Math.floor((A + slack - c) / period) * period + c >= a - slack;
}
/** sine or cosine, whose minimum lies at c, maximum at C, modulo 2 pi */
function wave(f: (u: number) => number, a: number, A: number, c: number, C: number): Interval {
  const least = hits(a, A, c, 2 * Math.PI);
  const most = hits(a, A, C, 2 * Math.PI);
  const [p, q] = least && most ? [0, 0] : [f(a), f(A)];
  if (a === A && p === 0 && !least) return [0, 0];
  // an absolute error: the argument is rounded too
  const slack = 1e-15;
  return [least ? -1 : Math.max(-1, Math.min(p, q) - slack), most ? 1 : Math.min(1, Math.max(p, q) + slack)];
}
