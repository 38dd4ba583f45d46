/** What potentials prove about the discrete problem: a lower bound of p times its least action, feasible by construction. */
import { pow } from "../../kernels/math.ts";
import type { Mobility } from "./mobility.ts";
import { conjugateAt } from "./mobility.ts";
import type { DynamicProblem } from "./splitting.ts";

/** Scratch of `dualBound`. */
export interface DualScratch {
  /** [n]: rate and |grad|^2 / 2 .. of one interval */
  readonly rate: Float64Array;
  readonly push: Float64Array;
}
export const dualScratch = (n: number): DualScratch => ({ rate: new Float64Array(n), push: new Float64Array(n) });

/**
 * Lower bound of the action int int |v|^p M from any potentials at the instants: <r_1, phi_1> - <r_0, phi_0> - sum F*(d phi / dt, grad phi), where
 * each interval is lowered in time by as much as serves best (without a cap: by as much as feasibility asks for).
 */
export function dualBound(problem: DynamicProblem, phi: Float64Array, scratch: DualScratch): number {
  const { lattice: l, from, to, mobility, p, reaction } = problem;
  const { n, steps, dt, volume } = l;
  const instants = steps + 1;
  const { rate, push } = scratch;
  let mass = 0;
  let value = 0;
  for (let i = 0; i < n; i++) {
    mass += from[i]!;
    value += to[i]! * phi[i * instants + steps]! - from[i]! * phi[i * instants]!;
  }
  const massTo = to.reduce((a, b) => a + b, 0);
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

  function pushes(pb: DynamicProblem, f: Float64Array, t: number, out: Float64Array): void {
    out.fill(0);
    for (let k = 0; k < l.dim; k++) {
      const c = 1 / (2 * l.h[k]!);
      for (let i = 0; i < n; i++) {
        if (!l.open[k]![i]) continue;
        const j = l.up[k]![i]!;
        const a = i * instants + t;
        const b = j * instants + t;
        const g = c * (f[b]! + f[b + 1]! - f[a]! - f[a + 1]!);
        out[i] = out[i]! + (g * g) / 2;
        out[j] = out[j]! + (g * g) / 2;
      }
    }
    const q = pb.p / (pb.p - 1);
    if (pb.p === 2) for (let i = 0; i < n; i++) out[i] = out[i]! / 2;
    else for (let i = 0; i < n; i++) out[i] = pow(out[i]!, q / 2) / q;
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
