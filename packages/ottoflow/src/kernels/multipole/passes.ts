/**
 * The passes of the method over rows of one buffer: the SIMD module where there is one, else this reference with the same bits. Complex numbers
 * are two neighbouring values. Moments of a node with centre c and unit u: M_k = sum w ((z - c) / u)^k; its series: sum_l L_l ((z - c) / u)^l.
 */
import { log } from "../math.ts";
import type { Exports } from "../wasm.ts";

/** a tree whose rows stand in the buffer, with moments or series [2 P] per node */
export interface Side {
  readonly nodes: number;
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly child: Int32Array;
  readonly cx: Float64Array;
  readonly cy: Float64Array;
  readonly size: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly terms: Float64Array;
}
export interface Sources extends Side {
  readonly w: Float64Array;
}
export interface Targets extends Side {
  /** values at the centres, apart from the series */
  readonly potential: Float64Array;
  /** sums at the points: derivatives in x and y, or the values in gx */
  readonly gx: Float64Array;
  readonly gy: Float64Array;
}
export interface Tables {
  /** orders kept, a multiple of four */
  readonly P: number;
  /** binomials C(k + l, k), l in blocks of four: [(l / 4) * 4 P + 4 k + l % 4] */
  readonly binomials: Float64Array;
  /** 1 / k */
  readonly parts: Float64Array;
  readonly scratch: Float64Array;
}
export interface Passes {
  up(s: Sources): void;
  across(entries: number, list: Int32Array, values: boolean, s: Sources, t: Targets): void;
  near(entries: number, list: Int32Array, values: boolean, s: Sources, t: Targets): void;
  down(values: boolean, t: Targets): void;
}

export function simdPasses(exports: Exports, { P, binomials, parts, scratch }: Tables): Passes {
  const at = (row: Float64Array | Int32Array): number => row.byteOffset;
  const [table, ones, room] = [at(binomials), at(parts), at(scratch)];
  return {
    up: (s) =>
      void exports.up!(s.nodes, P, at(s.first), at(s.count), at(s.child), at(s.cx), at(s.cy), at(s.size), at(s.x), at(s.y), at(s.w), at(s.terms), room),
    across: (entries, list, values, s, t) =>
      void exports.across!(
        ...[entries, at(list), P, values ? 1 : 0, at(s.cx), at(s.cy), at(s.size), at(s.terms)],
        ...[at(t.cx), at(t.cy), at(t.size), at(t.terms), at(t.potential), table, ones, room],
      ),
    near: (entries, list, values, s, t) =>
      void exports.near!(
        ...[entries, at(list), values ? 1 : 0, at(t.first), at(t.count), at(t.x), at(t.y)],
        ...[at(s.first), at(s.count), at(s.x), at(s.y), at(s.w), at(t.gx), at(t.gy)],
      ),
    down: (values, t) =>
      void exports.down!(
        ...[t.nodes, P, values ? 1 : 0, at(t.first), at(t.count), at(t.child), at(t.cx), at(t.cy), at(t.size), at(t.x), at(t.y)],
        ...[at(t.terms), at(t.potential), ones, at(t.gx), at(t.gy), room],
      ),
  };
}

/** the loops below are written for the SIMD module's order of operations: four points, or four orders, at a time */
const points = 4;

export function plainPasses({ P, binomials, parts, scratch }: Tables): Passes {
  return {
    up(s) {
      for (let i = s.nodes - 1; i >= 0; i--) {
        const m = s.terms.subarray(2 * P * i, 2 * P * (i + 1)).fill(0);
        const c = s.child[i]!;
        if (c === 0) momentsOf(P, s, i, m);
        else for (let k = c; k < c + 2; k++) raise(P, s, i, k, m, scratch);
      }
    },
    across(entries, list, values, s, t) {
      for (let e = 0; e < entries; e++) translate(P, list.subarray(4 * e, 4 * e + 4), values, s, t, binomials, parts, scratch);
    },
    near(entries, list, values, s, t) {
      for (let e = 0; e < entries; e++) direct(list[2 * e]!, list[2 * e + 1]!, values, s, t);
    },
    down(values, t) {
      for (let i = 0; i < t.nodes; i++) {
        const c = t.child[i]!;
        if (c === 0) evaluate(P, values, t, i, parts);
        else for (let k = c; k < c + 2; k++) lower(P, values, t, i, k, parts, scratch);
      }
    },
  };
}

function momentsOf(P: number, s: Sources, i: number, m: Float64Array): void {
  const inverse = 1 / s.size[i]!;
  const end = s.first[i]! + s.count[i]!;
  const [a, b, r, u] = [new Float64Array(points), new Float64Array(points), new Float64Array(points), new Float64Array(points)];
  for (let from = s.first[i]!; from < end; from += points) {
    for (let j = 0; j < points; j++) {
      a[j] = ((s.x[from + j] ?? 0) - s.cx[i]!) * inverse;
      b[j] = ((s.y[from + j] ?? 0) - s.cy[i]!) * inverse;
      r[j] = (s.w[from + j] ?? 0) * (from + j < end ? 1 : 0);
      u[j] = 0;
    }
    for (let k = 0; k < P; k++) {
      m[2 * k] = m[2 * k]! + (r[0]! + r[2]! + (r[1]! + r[3]!));
      m[2 * k + 1] = m[2 * k + 1]! + (u[0]! + u[2]! + (u[1]! + u[3]!));
      for (let j = 0; j < points; j++) {
        const next = r[j]! * a[j]! - u[j]! * b[j]!;
        u[j] = r[j]! * b[j]! + u[j]! * a[j]!;
        r[j] = next;
      }
    }
  }
}

/** m += moments of child k about the centre of node i */
function raise(P: number, s: Side, i: number, k: number, m: Float64Array, a: Float64Array): void {
  const ratio = s.size[k]! / s.size[i]!;
  for (let p = 0, power = 1; p < P; p++, power *= ratio) {
    a[2 * p] = s.terms[2 * (P * k + p)]! * power;
    a[2 * p + 1] = s.terms[2 * (P * k + p) + 1]! * power;
  }
  const x = (s.cx[k]! - s.cx[i]!) / s.size[i]!;
  const y = (s.cy[k]! - s.cy[i]!) / s.size[i]!;
  for (let j = 1; j < P; j++)
    for (let p = P - 1; p >= j; p--) {
      const [re, im] = [a[2 * p - 2]!, a[2 * p - 1]!];
      a[2 * p] = a[2 * p]! + (x * re - y * im);
      a[2 * p + 1] = a[2 * p + 1]! + (x * im + y * re);
    }
  for (let p = 0; p < 2 * P; p++) m[p] = m[p]! + a[p]!;
}

type Complex = readonly [number, number];
const product = ([a, b]: Complex, [c, d]: Complex): Complex => [a * c - b * d, a * d + b * c];
const scaled = ([a, b]: Complex, c: number): Complex => [a * c, b * c];

/** series of a target from the moments of a source: L_l += (-1)^l z^-(l+1) sum_k C(k + l, k) M_k z^-k for z from source to target, units apart */
function translate(P: number, entry: Int32Array, values: boolean, s: Sources, t: Targets, binomials: Float64Array, parts: Float64Array, v: Float64Array): void {
  const [i, j, ks, ls] = entry as unknown as [number, number, number, number];
  const dx = t.cx[i]! - s.cx[j]!;
  const dy = t.cy[i]! - s.cy[j]!;
  const q = dx * dx + dy * dy;
  const u: Complex = [dx / q, -dy / q];
  const a = scaled(u, s.size[j]!);
  const a2 = product(a, a);
  const a4 = product(a2, a2);
  let p: Complex[] = [[1, 0], a, a2, product(a2, a)];
  for (let k = 0; k < ks; k++) {
    const at = 2 * (P * j + k);
    const z = product(p[k % 4]!, [s.terms[at]!, s.terms[at + 1]!]);
    v[2 * k] = z[0];
    v[2 * k + 1] = z[1];
    p[k % 4] = product(p[k % 4]!, a4);
  }
  if (values) {
    let sum = 0;
    for (let k = 1; k < ks; k++) sum += v[2 * k]! * parts[k]!;
    t.potential[i] = t.potential[i]! + (v[0]! * (0.5 * log(q)) - sum);
  }
  const b = scaled(u, -t.size[i]!);
  const b2 = product(b, b);
  const b4 = product(b2, b2);
  const ub = product(u, b);
  p = [u, ub, product(u, b2), product(ub, b2)];
  for (let l = 0; l < ls; l++) {
    let [re, im] = [0, 0];
    const row = 4 * P * (l >> 2) + (l & 3);
    for (let k = 0; k < ks; k++) {
      const c = binomials[row + 4 * k]!;
      re += c * v[2 * k]!;
      im += c * v[2 * k + 1]!;
    }
    const z = product(p[l % 4]!, [re, im]);
    const at = 2 * (P * i + l);
    t.terms[at] = t.terms[at]! + z[0];
    t.terms[at + 1] = t.terms[at + 1]! + z[1];
    p[l % 4] = product(p[l % 4]!, b4);
  }
}

/** series of child k += series of node i about the centre of k */
function lower(P: number, values: boolean, t: Targets, i: number, k: number, parts: Float64Array, a: Float64Array): void {
  const x = (t.cx[k]! - t.cx[i]!) / t.size[i]!;
  const y = (t.cy[k]! - t.cy[i]!) / t.size[i]!;
  const l = t.terms.subarray(2 * P * i, 2 * P * (i + 1));
  if (values) {
    let [re, im] = [0, 0];
    for (let p = P - 1; p >= 0; p--) {
      const part = parts[p + 1]!;
      [re, im] = [x * re - y * im + l[2 * p]! * part, x * im + y * re + l[2 * p + 1]! * part];
    }
    t.potential[k] = t.potential[k]! + (t.potential[i]! + t.size[i]! * (x * re - y * im));
  }
  a.set(l);
  for (let j = P - 1; j >= 1; j--)
    for (let p = j; p < P; p++) {
      const [re, im] = [a[2 * p]!, a[2 * p + 1]!];
      a[2 * p - 2] = a[2 * p - 2]! + (x * re - y * im);
      a[2 * p - 1] = a[2 * p - 1]! + (x * im + y * re);
    }
  const ratio = t.size[k]! / t.size[i]!;
  for (let p = 0, power = 1; p < P; p++, power *= ratio) {
    const at = 2 * (P * k + p);
    t.terms[at] = t.terms[at]! + a[2 * p]! * power;
    t.terms[at + 1] = t.terms[at + 1]! + a[2 * p + 1]! * power;
  }
}

function evaluate(P: number, values: boolean, t: Targets, i: number, parts: Float64Array): void {
  const inverse = 1 / t.size[i]!;
  const l = 2 * P * i;
  for (let j = t.first[i]!; j < t.first[i]! + t.count[i]!; j++) {
    const x = (t.x[j]! - t.cx[i]!) * inverse;
    const y = (t.y[j]! - t.cy[i]!) * inverse;
    let [re, im] = [0, 0];
    for (let k = P - 1; k >= 0; k--) {
      const part = values ? parts[k + 1]! : 1;
      [re, im] = [re * x - im * y + t.terms[l + 2 * k]! * part, re * y + im * x + t.terms[l + 2 * k + 1]! * part];
    }
    if (values) t.gx[j] = t.gx[j]! + (t.potential[i]! + t.size[i]! * (re * x - im * y));
    else {
      t.gx[j] = t.gx[j]! + re;
      t.gy[j] = t.gy[j]! - im;
    }
  }
}

function direct(i: number, j: number, values: boolean, s: Sources, t: Targets): void {
  const from = s.first[j]!;
  const end = from + s.count[j]!;
  for (let a = t.first[i]!; a < t.first[i]! + t.count[i]!; a++) {
    let [gx, gy] = [0, 0];
    for (let b = from; b < end; b++) {
      const x = t.x[a]! - s.x[b]!;
      const y = t.y[a]! - s.y[b]!;
      const q = x * x + y * y;
      if (values) gx += q === 0 ? 0 : s.w[b]! * (0.5 * log(q));
      else {
        const f = q === 0 ? 0 : s.w[b]! / q;
        gx += f * x;
        gy += f * y;
      }
    }
    t.gx[a] = t.gx[a]! + gx;
    if (!values) t.gy[a] = t.gy[a]! + gy;
  }
}
