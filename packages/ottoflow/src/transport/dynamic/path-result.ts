/** What a path on a grid leaves: frames, cost and mass at each time, bounds, checks, words. */
import type { PathBounds, PathFrame, PathResult, Space } from "../../contract.ts";
import { pow } from "../../kernels/math.ts";
import { exactSum } from "../problem.ts";
import { cornerBound } from "./corner-dual.ts";
import { type Found, leastAction } from "./find-path.ts";
import { hopfLaxBound } from "./hopf-lax.ts";
import type { Mobility } from "./mobility.ts";
import { checksOf } from "./path-checks.ts";
import { continuousUpper } from "./primal.ts";
import type { DynamicProblem } from "./splitting.ts";
import { growthBound } from "./static-growth-dual.ts";

export interface GridPathInput {
  readonly space: Space;
  /** [n], densities at the cells */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** exponent p > 1 of the speed; 2 unless said */
  readonly p?: number;
  /** rho unless said */
  readonly mobility?: Mobility;
  /** [n], not 0 at cells that are missing */
  readonly obstacle?: Uint8Array;
  /** length of growth: mass may be made and destroyed at the price delta^2 g^2; kept unless said */
  readonly delta?: number;
  /** intervals of time; 32 unless said */
  readonly steps?: number;
  /** relative gap at which to stop; 1e-3 unless said */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** times of frames; 11 unless said */
  readonly times?: readonly number[];
  /** what is said of the data before they came here */
  readonly notes?: readonly string[];
}

/** What numbers in units of the problem stand for. */
export interface Units {
  readonly scale: number;
  readonly density: number;
  readonly unit: number;
  readonly tolerance: number;
  readonly times: readonly number[];
}

/** Everything a found path is asked about, in the user's units. */
export function describe(input: GridPathInput, problem: DynamicProblem, found: Found, units: Units): PathResult {
  const { lattice: l } = problem;
  const { scale, tolerance } = units;
  const action = found.action * scale;
  const dual = Number.isFinite(found.dual) ? found.dual * scale : null;
  const gap = dual === null ? null : action - dual;
  // where that is next to nothing the gap is told against a motion that is still one
  const relative = dual === null ? null : (found.action - found.dual) / Math.max(found.action, leastAction(problem));
  const kinetic = { times: Float64Array.from({ length: l.steps }, (_, t) => (t + 0.5) * l.dt), value: found.perInterval.map((v) => v * scale) };
  const mass = massOf(input, problem, found, units);
  const continuous = boundsOf(input, problem, found, units);
  return {
    status: found.status,
    frames: units.times.map((t) => frameAt(input, problem, found, units, t)),
    action,
    dual,
    gap,
    continuous,
    kinetic,
    mass,
    checks: checksOf(input, problem, found, { relative, tolerance, kinetic: kinetic.value, mass: mass.value, continuous }),
    iterations: found.iterations,
    convention: conventionOf(input, problem),
    notes: [
      ...(input.notes ?? []),
      ...(found.mixed > 1e-8
        ? [`${found.mixed.toExponential(1)} of a path through the uniform density is mixed in, which makes all densities positive; its price is in the action.`]
        : []),
    ],
    figures: { cells: l.freeCells, steps: l.steps, mixed: found.mixed },
  };
}

function conventionOf(input: GridPathInput, { p, mobility }: DynamicProblem): string {
  const through = mobility.linear ? "rho" : "M(rho)";
  if (input.delta !== undefined)
    return `action = inf int int (|v|^2 + delta^2 g^2) / 2 ${through} dx dt with delta = ${input.delta}, d_t rho + div(rho v) = g rho`;
  const metric = mobility.linear && mobility.top === Number.POSITIVE_INFINITY && !input.obstacle ? ` = W_${p}^${p}` : "";
  return `action = inf int int |v|^${p} ${through} dx dt${metric}, d_t rho + div(${through} v) = 0`;
}

function massOf(input: GridPathInput, { lattice: l }: DynamicProblem, found: Found, { density }: Units): PathResult["mass"] {
  const cell = input.space.cells!.volume[0]!;
  const times = Float64Array.from({ length: l.steps + 2 }, (_, t) => (t === 0 ? 0 : t === l.steps + 1 ? 1 : (t - 0.5) * l.dt));
  const row = new Float64Array(l.n);
  const value = times.map((_, t) => {
    if (t === 0) return exactSum(input.from) * cell;
    if (t === l.steps + 1) return exactSum(input.to) * cell;
    for (let i = 0; i < l.n; i++) row[i] = found.path.rho[i * l.steps + t - 1]!;
    return exactSum(row) * density * cell;
  });
  return { times, value };
}

function boundsOf(input: GridPathInput, problem: DynamicProblem, found: Found, { scale, unit }: Units): PathBounds {
  const { lattice: l, p, mobility, reaction } = problem;
  const upper = continuousUpper(problem, found.path) * scale;
  const corner = cornerBound(problem, found.phi) * scale;
  let lower = Math.max(corner, 0);
  let because = "by potentials that are multilinear on cells";
  if (reaction === 0 && mobility.belowIdentity) {
    const lift = pow(unit, p);
    const at = (t: number): Float64Array => Float64Array.from({ length: l.n }, (_, i) => found.phi[i * (l.steps + 1) + t]! * lift);
    const hopf = hopfLaxBound(input.space.grid!, input.from, input.to, at(0), at(l.steps), p);
    if (hopf !== null && hopf > lower) {
      lower = hopf;
      because = "by Hopf and Lax's formula";
    }
  }
  if (input.delta !== undefined) {
    const half = (reaction * reaction) / 2;
    const guess = (t: number, sign: number): Float64Array => Float64Array.from({ length: l.n }, (_, i) => 1 + sign * half * found.phi[i * (l.steps + 1) + t]!);
    const bound = growthBound(input.space.grid!, input.from, input.to, input.delta, guess(0, 1), guess(l.steps, -1));
    if (bound !== null && 2 * input.delta * input.delta * bound > lower) {
      lower = 2 * input.delta * input.delta * bound;
      because = "by potentials of Hellinger and Kantorovich's static problem, feasible between all points";
    }
  }
  return {
    lower: Number.isFinite(lower) ? lower : null,
    upper: Number.isFinite(upper) ? upper : null,
    because: `lower ${because}, upper by the path made continuous in time and space; both between densities that are constant in each cell`,
  };
}

/** Density and velocity of the continuous path at time t. */
function frameAt(input: GridPathInput, problem: DynamicProblem, found: Found, { density, unit }: Units, t: number): PathFrame {
  const { lattice: l, mobility } = problem;
  const { n, steps } = l;
  const at = Math.min(Math.max(t * steps + 0.5, 0), steps + 1); // middles of intervals at 1 … steps
  const first = t * steps < 0.5;
  const last = t * steps > steps - 0.5;
  const k = first ? 0 : last ? steps : Math.floor(at);
  const share = first ? t * steps * 2 : last ? (t * steps - (steps - 0.5)) * 2 : at - k;
  const rho = new Float64Array(n);
  const velocity = new Float64Array(l.dim * n);
  for (let i = 0; i < n; i++) {
    const a = k === 0 ? problem.from[i]! : found.path.rho[i * steps + k - 1]!;
    const b = k === steps ? problem.to[i]! : found.path.rho[i * steps + k]!;
    const r = share === 0 ? a : share === 1 ? b : a + share * (b - a);
    rho[i] = k === 0 && share === 0 ? input.from[i]! : k === steps && share === 1 ? input.to[i]! : r * density;
    const m = mobility.value(r);
    if (!(m > 0)) continue;
    for (let axis = 0; axis < l.dim; axis++) {
      const flux = found.path.flux[axis]!;
      const below = l.down[axis]![i]!;
      const mean = (j: number): number => (flux[j * steps + Math.max(k - 1, 0)]! + flux[j * steps + Math.min(k, steps - 1)]!) / 2;
      velocity[axis * n + i] = (((below >= 0 ? mean(below) : 0) + mean(i)) / (2 * m)) * unit;
    }
  }
  return { t, measure: { rep: "cells", space: input.space, rho }, velocity };
}
