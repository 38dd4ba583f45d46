/** What potentials prove about the discrete problem: a lower bound of p times its least action, feasible by construction. */
import { pow } from "../../kernels/math.ts";
import type { Lattice } from "./lattice.ts";
import { conjugateAt, type Mobility } from "./mobility.ts";
import type { DynamicProblem } from "./splitting.ts";

/** Scratch of `dualBound`. */
export interface DualScratch {
  /** [n]: rate and |grad|^q / q of one interval */
  readonly rate: Float64Array;
  readonly push: Float64Array;
  /** potentials, lowered where they were too high */
  readonly lowered: Float64Array;
}
export const dualScratch = ({ n, steps }: Lattice): DualScratch => ({
  rate: new Float64Array(n),
  push: new Float64Array(n),
  lowered: new Float64Array(n * (steps + 1)),
});

/**
 * Lower bound of the action int int |v|^p M from any potentials at the instants: the better of `boundOf` for them as they are and for them lowered
 * cell by cell first. Returns it and the potentials that it stands on.
 */
export function dualBound(problem: DynamicProblem, phi: Float64Array, scratch: DualScratch): readonly [number, Float64Array] {
  const plain = boundOf(problem, phi, scratch);
  const { mobility } = problem;
  if (!(mobility.linear && mobility.top === Number.POSITIVE_INFINITY)) return [plain, phi];
  scratch.lowered.set(phi);
  lowerInTime(problem, scratch.lowered, scratch);
  const lowered = boundOf(problem, scratch.lowered, scratch);
  return lowered > plain ? [lowered, scratch.lowered] : [plain, phi];
}

/**
 * <r_1, phi_1> - <r_0, phi_0> - sum F*(d phi / dt, grad phi, phi), where each interval is lowered in time by as much as serves best (without a
 * cap: by as much as feasibility asks for).
 */
function boundOf(problem: DynamicProblem, phi: Float64Array, scratch: DualScratch): number {
  const { lattice: l, from, to, mobility, p, reaction } = problem;
  const { n, steps, dt, volume } = l;
  const instants = steps + 1;
  const { rate, push } = scratch;
  let mass = 0;
  let value = 0;
  let massTo = 0;
  for (let i = 0; i < n; i++) {
    mass += from[i]!;
    massTo += to[i]!;
    value += to[i]! * phi[i * instants + steps]! - from[i]! * phi[i * instants]!;
  }
  let lowered = 0; // by how much the potential at this instant is lowered
  for (let t = 0; t < steps; t++) {
    pushes(problem, phi, t, push);
    if (reaction === 0) {
      for (let i = 0; i < n; i++) rate[i] = (phi[i * instants + t + 1]! - phi[i * instants + t]!) / dt;
      const shift = bestShift(mobility, l.free, rate, push, mass);
      let conjugates = 0;
      for (let i = 0; i < n; i++) if (l.free[i]) conjugates += conjugateAt(mobility, rate[i]! - shift, push[i]!);
      value -= dt * (shift * mass + (shift === Number.POSITIVE_INFINITY ? 0 : conjugates));
    } else lowered = nextLowered(problem, phi, t, push, lowered);
  }
  return p * volume * (value - lowered * massTo);
}

/** |grad phi|^q / q at the cells in the interval t, q = p / (p - 1). */
function pushes({ lattice: l, p }: DynamicProblem, phi: Float64Array, t: number, out: Float64Array): void {
  const instants = l.steps + 1;
  out.fill(0);
  for (let k = 0; k < l.dim; k++) {
    const c = 1 / (2 * l.h[k]!);
    const open = l.open[k]!;
    const up = l.up[k]!;
    for (let i = 0; i < l.n; i++) {
      if (!open[i]) continue;
      const j = up[i]!;
      const a = i * instants + t;
      const b = j * instants + t;
      const g = c * (phi[b]! + phi[b + 1]! - phi[a]! - phi[a + 1]!);
      const square = (g * g) / 2;
      out[i] = out[i]! + square;
      out[j] = out[j]! + square;
    }
  }
  const q = p / (p - 1);
  if (p === 2) for (let i = 0; i < l.n; i++) out[i] = out[i]! / 2;
  else for (let i = 0; i < l.n; i++) out[i] = pow(out[i]!, q / 2) / q;
}

/** The value nearest to b with (b - a) / dt + push + r2 (a + b)^2 / 4 <= 0, a parabola in b; its vertex where there is none. */
function nearestAllowed(a: number, b: number, push: number, r2: number, dt: number): number {
  const A = r2 / 4;
  const B = 1 / dt + (r2 * a) / 2;
  const C = (r2 * a * a) / 4 - a / dt + push;
  const square = B * B - 4 * A * C;
  if (!(square > 0)) return -B / (2 * A);
  const root = Math.sqrt(square);
  const high = B > 0 ? (-2 * C) / (B + root) : (root - B) / (2 * A);
  return Math.min(Math.max(b, (-B - root) / (2 * A)), high);
}

/** Rounds of lowering at each instant. */
const ROUNDS = 24;

/**
 * Instant after instant, cells whose constraint rate + push + phi^2 / (2 delta^2) <= 0 is violated are lowered at the later end. Where there is no mass
 * this costs nothing, while lowering everything by the worst violation costs all. What the last round leaves is up to `boundOf`.
 */
function lowerInTime(problem: DynamicProblem, phi: Float64Array, { push }: DualScratch): void {
  const { lattice: l, reaction } = problem;
  const instants = l.steps + 1;
  const r2 = (reaction * reaction) / 2;
  // what starts below -2 delta^2 falls to -infinity before time 1
  if (reaction > 0) for (let i = 0; i < l.n; i++) phi[i * instants] = Math.max(phi[i * instants]!, (l.dt - 1) / r2);
  for (let t = 0; t < l.steps; t++)
    for (let round = 0; round < ROUNDS; round++) {
      pushes(problem, phi, t, push);
      let worst = 0;
      for (let i = 0; i < l.n; i++) {
        if (!l.free[i]) continue;
        const q = i * instants + t;
        const a = phi[q]!;
        const b = phi[q + 1]!;
        const allowed = reaction === 0 ? a - l.dt * push[i]! : nearestAllowed(a, b, push[i]!, r2, l.dt);
        if (reaction === 0 ? b <= allowed : b === allowed) continue;
        phi[q + 1] = allowed;
        worst = Math.max(worst, Math.abs(b - allowed));
      }
      if (worst < 1e-12 * l.dt) break;
    }
}

/** The shift of the rates that maximises -shift mass - sum F*(rate - shift, push): where the densities that answer have the mass of the data. */
export function bestShift(m: Mobility, free: Uint8Array, rate: Float64Array, push: Float64Array, mass: number): number {
  let hi = Number.NEGATIVE_INFINITY;
  let lo = Number.POSITIVE_INFINITY;
  for (let i = 0; i < rate.length; i++) {
    if (!free[i]) continue;
    const v = rate[i]! + push[i]!;
    if (v > hi) hi = v;
    if (v < lo) lo = v;
  }
  if (m.linear && m.top === Number.POSITIVE_INFINITY) return hi;
  const spread = hi - lo + 1e-300;
  const answered = (shift: number): number => {
    let s = 0;
    for (let i = 0; i < rate.length; i++) if (free[i]) s += m.answer(rate[i]! - shift, push[i]!);
    return s;
  };
  hi += spread;
  lo -= spread;
  while (answered(hi) > mass) hi += 2 * (hi - lo);
  for (let k = 0; k < 100 && answered(lo) < mass; k++) lo -= 2 * (hi - lo);
  for (let k = 0; k < 60 && hi - lo > 1e-14 * (Math.abs(hi) + Math.abs(lo)); k++) {
    const mid = (lo + hi) / 2;
    if (answered(mid) > mass) lo = mid;
    else hi = mid;
  }
  return (lo + hi) / 2;
}

/**
 * With growth the potential itself enters, phi^2 / (2 delta^2): the next instant is lowered by the least c such that every cell has
 * (phi_{t+1} - c - phi_t + before) / dt + push + (mean phi - (c + before) / 2)^2 / (2 delta^2) <= 0; each cell's parabola in c gives one.
 */
function nextLowered(problem: DynamicProblem, phi: Float64Array, t: number, push: Float64Array, before: number): number {
  const { lattice: l, reaction } = problem;
  const instants = l.steps + 1;
  const r2 = (reaction * reaction) / 2;
  let least = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < l.n; i++) {
    if (!l.free[i]) continue;
    const a = phi[i * instants + t]!;
    const b = phi[i * instants + t + 1]!;
    const rate = (b - a + before) / l.dt + push[i]!;
    const mean = (a + b - before) / 2;
    // rate - c / dt + r2 (mean - c / 2)^2 <= 0: A c^2 - B c + C <= 0, the smaller root
    const A = r2 / 4;
    const B = 1 / l.dt + r2 * mean;
    const C = rate + r2 * mean * mean;
    const root = B * B - 4 * A * C;
    if (!(root >= 0) || !(B > 0)) return Number.POSITIVE_INFINITY;
    least = Math.max(least, (2 * C) / (B + Math.sqrt(root)));
  }
  return least;
}
