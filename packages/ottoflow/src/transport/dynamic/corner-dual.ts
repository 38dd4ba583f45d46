/**
 * A lower bound of the continuous action by potentials that are multilinear on each cell and interval, given at corners and instants. There the
 * rate is affine along every axis, each slope along every other axis and in time, so F*(rate, slopes, value), convex, is along each of them
 * at most the line between its ends: its mean over the cell is at most the mean over corners, and where F* only forbids, corners
 * that are allowed make the whole cell allowed. Obstacles, caps, mobilities, exponents and growth make no difference.
 */
import { pow } from "../../kernels/math.ts";
import { bestShift } from "./dual.ts";
import type { Lattice } from "./lattice.ts";
import { conjugateAt } from "./mobility.ts";
import type { DynamicProblem } from "./splitting.ts";

/** Lower bound of int int |v|^p M (and delta^2 growth^2) in units, from potentials at cells and instants; -Infinity where none is found. */
export function cornerBound(problem: DynamicProblem, phi: Float64Array): number {
  const { mobility, reaction } = problem;
  const plain = boundWith(problem, phi, false);
  const lowered = reaction === 0 && mobility.linear && mobility.top === Number.POSITIVE_INFINITY ? boundWith(problem, phi, true) : plain;
  return Math.max(...[plain, lowered].filter(Number.isFinite), Number.NEGATIVE_INFINITY);
}

function boundWith(problem: DynamicProblem, phi: Float64Array, locally: boolean): number {
  const { lattice: l, from, to, mobility, p, reaction } = problem;
  const { n, dim, volume } = l;
  const steps = l.steps * FINER;
  const dt = 1 / steps;
  const net = cornersOf(l);
  const f = atInstants(l, net, phi); // [instants][corners]
  const sides = 1 << dim;
  const entries = l.freeCells * sides * 2;
  const rate = new Float64Array(entries);
  const push = new Float64Array(entries);
  const allowed = new Uint8Array(entries).fill(1);
  const mean = (t: number, r: Float64Array): number => {
    let s = 0;
    for (let i = 0; i < n; i++) if (l.free[i]) for (let c = 0; c < sides; c++) s += (r[i]! * f[t]![net.corner[i * sides + c]!]!) / sides;
    return s;
  };
  const mass = from.reduce((a, b) => a + b, 0);
  let lowered = 0;
  if (locally) lowerLocally(l, net, f, dt, p);
  let value = mean(steps, to) - mean(0, from);
  for (let t = 0; t < steps; t++) {
    const a = f[t]!;
    const b = f[t + 1]!;
    let e = 0;
    let least = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) {
      if (!l.free[i]) continue;
      const at = i * sides;
      for (let c = 0; c < sides; c++) {
        const corner = net.corner[at + c]!;
        const change = (b[corner]! - a[corner]!) / dt;
        for (let late = 0; late < 2; late++) {
          const g = late ? b : a;
          let square = 0;
          for (let k = 0; k < dim; k++) {
            const slope = (g[net.corner[at + (c | (1 << k))]!]! - g[net.corner[at + (c & ~(1 << k))]!]!) / l.h[k]!;
            square += slope * slope;
          }
          rate[e] = change;
          push[e] = p === 2 ? square / 2 : (pow(square, p / (p - 1) / 2) * (p - 1)) / p;
          if (reaction > 0)
            least = Math.max(least, lowering(change + push[e]! + lowered / dt, reaction, dt, late ? b[corner]! : a[corner]! - lowered, late === 1));
          e++;
        }
      }
    }
    if (reaction > 0) {
      lowered = least;
      continue;
    }
    const shift = bestShift(mobility, allowed, rate, push, mass * sides * 2);
    let conjugates = 0;
    for (let j = 0; j < entries; j++) conjugates += conjugateAt(mobility, rate[j]! - shift, push[j]!);
    value -= dt * (shift * mass + conjugates / (sides * 2));
  }
  return p * volume * (value - lowered * to.reduce((x, y) => x + y, 0));
}

/** Parts of each interval, so that lowering one corner moves its neighbours' limits by less. */
const FINER = 8;
/** Sweeps in which corners that are too high for their cells' slopes are lowered, where that costs nothing or little. */
const SWEEPS = 40;

/**
 * Where mass is transported without a cap, one corner too high would lower all: corners are lowered one by one first, instant after instant,
 * as far as their own slopes ask for. What the last sweep leaves is lowered by the caller.
 */
function lowerLocally(l: Lattice, net: Net, f: readonly Float64Array[], dt: number, p: number): void {
  const carried = new Float64Array(net.count);
  const early = new Float64Array(net.count);
  const late = new Float64Array(net.count);
  for (let t = 0; t + 1 < f.length; t++) {
    const a = f[t]!;
    const b = f[t + 1]!;
    const wanted = b.slice();
    pushes(l, net, a, p, early);
    for (let q = 0; q < net.count; q++) {
      b[q] = Math.min(b[q]! - carried[q]!, a[q]! - dt * early[q]!);
    }
    for (let sweep = 0; sweep < SWEEPS; sweep++) {
      pushes(l, net, b, p, late);
      let moved = 0;
      for (let q = 0; q < net.count; q++) {
        const most = a[q]! - dt * late[q]!;
        if (most < b[q]!) {
          moved = Math.max(moved, b[q]! - most);
          b[q] = most;
        }
      }
      if (moved < 1e-9) break;
    }
    for (let q = 0; q < net.count; q++) carried[q] = wanted[q]! - b[q]!;
  }
}

/** The largest |slope|^q / q of the free cells at each corner. */
function pushes(l: Lattice, net: Net, g: Float64Array, p: number, out: Float64Array): void {
  const sides = 1 << l.dim;
  out.fill(0);
  for (let i = 0; i < l.n; i++) {
    if (!l.free[i]) continue;
    const at = i * sides;
    for (let c = 0; c < sides; c++) {
      let square = 0;
      for (let k = 0; k < l.dim; k++) {
        const slope = (g[net.corner[at + (c | (1 << k))]!]! - g[net.corner[at + (c & ~(1 << k))]!]!) / l.h[k]!;
        square += slope * slope;
      }
      const q = net.corner[at + c]!;
      out[q] = Math.max(out[q]!, p === 2 ? square / 2 : (pow(square, p / (p - 1) / 2) * (p - 1)) / p);
    }
  }
}

/** The least c with rate - c / dt + value^2 / (2 delta^2) <= 0, where the value at the later instant is lowered by c too. */
function lowering(rate: number, reaction: number, dt: number, value: number, late: boolean): number {
  const r2 = (reaction * reaction) / 2;
  if (!late) return dt * (rate + r2 * value * value);
  const B = 1 / dt + 2 * r2 * value;
  const C = rate + r2 * value * value;
  const root = B * B - 4 * r2 * C;
  return root >= 0 && B > 0 ? (2 * C) / (B + Math.sqrt(root)) : Number.POSITIVE_INFINITY;
}

interface Net {
  readonly count: number;
  /** [cells * 2^dim]: the corner on each side of each cell; bit k of the side is set above along axis k */
  readonly corner: Int32Array;
}

function cornersOf(l: Lattice): Net {
  const wide = l.shape.map((count, k) => (l.periodic[k] ? count : count + 1));
  const sides = 1 << l.dim;
  const corner = new Int32Array(l.n * sides);
  for (let i = 0; i < l.n; i++)
    for (let c = 0; c < sides; c++) {
      let q = 0;
      for (let k = 0, rest = i, stride = l.n; k < l.dim; k++) {
        stride /= l.shape[k]!;
        const at = Math.floor(rest / stride);
        rest -= at * stride;
        q = q * wide[k]! + ((at + ((c >> k) & 1)) % wide[k]!);
      }
      corner[i * sides + c] = q;
    }
  return { count: wide.reduce((a, b) => a * b, 1), corner };
}

/** Means of the free cells around each corner, at each instant. */
function atInstants(l: Lattice, net: Net, phi: Float64Array): Float64Array[] {
  const sides = 1 << l.dim;
  const around = new Float64Array(net.count);
  for (let i = 0; i < l.n; i++) if (l.free[i]) for (let c = 0; c < sides; c++) around[net.corner[i * sides + c]!] = around[net.corner[i * sides + c]!]! + 1;
  const coarse = Array.from({ length: l.steps + 1 }, (_, t) => {
    const out = new Float64Array(net.count);
    for (let i = 0; i < l.n; i++) {
      if (!l.free[i]) continue;
      for (let c = 0; c < sides; c++) {
        const q = net.corner[i * sides + c]!;
        out[q] = out[q]! + phi[i * (l.steps + 1) + t]! / around[q]!;
      }
    }
    return out;
  });
  return Array.from({ length: l.steps * FINER + 1 }, (_, t) => {
    const k = Math.min(Math.floor(t / FINER), l.steps - 1);
    const share = t / FINER - k;
    return coarse[k]!.map((v, q) => v + share * (coarse[k + 1]![q]! - v));
  });
}
