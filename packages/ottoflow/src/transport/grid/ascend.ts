/**
 * The back-and-forth method: the dual of optimal transport, J = int f da + int g db, climbed in H^-1 by turns in either potential, each replaced by
 * its c-transform after every step. Here in u, w with f = |x|^2 - 2 u, g = |y|^2 - 2 w, so J = second moments - 2 E with E = int u da + int w db
 * to be made small. Steps grow and shrink by Armijo and Goldstein's rule on each side; grids are refined by two from level to level. [jacobs2020]
 */
import type { TransportProgress, Work } from "../../contract.ts";
import { coarser, coarserMass, type Lattice } from "./lattice.ts";
import { halfSquares } from "./legendre.ts";
import { type Density, openPair, type Pair, padded } from "./pair.ts";

export interface Ascent {
  readonly pair: Pair;
  /** E on the finest grid: a value of the dual between the points of the grids */
  readonly energy: number;
  /** squared H^-1 norms of what both maps miss, after and before each other */
  readonly residual: readonly [number, number];
  /** sum |image - mass| / 2 of both sides */
  readonly missed: readonly [number, number];
  readonly iterations: number;
  readonly levels: number;
  readonly stopped: "small-steps" | "residual" | "max-iterations" | "aborted";
}
export interface AscentOptions {
  /** turns (both sides) on the finest grid */
  readonly most: number;
  /** stop when both squared H^-1 residuals are below */
  readonly residual: number;
  /** stop when a turn gains less than this part of E's distance to the second moments */
  readonly gain: number;
  readonly smallest?: number;
}
const COARSEST = 24;
/** turns on grids before the finest */
const TURNS = 40;

export function* ascend(from: Density, to: Density, stretch: readonly [number, number], options: AscentOptions): Work<TransportProgress, Ascent> {
  const levels = pyramid(from, to, options.smallest ?? COARSEST);
  let before: Pair | null = null;
  let state: State | null = null;
  let turns = 0;
  for (const [k, [x, y]] of levels.entries()) {
    const finest = k === levels.length - 1;
    const pair = openPair(x, y);
    start(pair, before, stretch);
    state = opened(pair);
    const most = finest ? options.most : TURNS;
    for (let turn = 0; turn < most && state.stopped === null; turn++) {
      turns++;
      climb(state, finest ? options : { ...options, residual: 0, gain: 1e-6 });
      const stop = yield { stage: `grid ${k + 1} of ${levels.length}`, iteration: turns, gap: null, defect: Math.max(...state.missed) * 2, fraction: null };
      if (stop === "stop") state.stopped = "aborted";
    }
    before = pair;
    if (state.stopped === "aborted" && !finest) {
      // the finest grid is still owed an answer: potentials are carried up without a step
      for (const [a, b] of levels.slice(k + 1)) {
        const next: Pair = openPair(a, b);
        start(next, before, stretch);
        before = next;
      }
      state = { ...opened(before!), stopped: "aborted" };
      break;
    }
  }
  const { pair, energy, residual, missed, stopped } = state!;
  return { pair, energy, residual, missed, iterations: turns, levels: levels.length, stopped: stopped ?? "max-iterations" };
}

/** Both densities on grids of half the width again and again, coarsest first. */
function pyramid(from: Density, to: Density, smallest: number): (readonly [Density, Density])[] {
  const levels: (readonly [Density, Density])[] = [];
  let [x, y] = [from, to];
  for (;;) {
    levels.unshift([padded(x), padded(y)]);
    if (Math.max(...x.lattice.shape, ...y.lattice.shape) <= smallest) return levels;
    [x, y] = [halved(x), halved(y)];
  }
}
const halved = ({ lattice, mass }: Density): Density => ({ lattice: coarser(lattice), mass: coarserMass(lattice, mass) });

/** Potentials of the coarser grid, or those of the map that stretches each axis as the deviations ask for; then made conjugate. */
function start(pair: Pair, before: Pair | null, stretch: readonly [number, number]): void {
  const { lattice, u } = pair.sides[0];
  if (before) refine(before.sides[0].lattice, before.sides[0].u, lattice, u);
  else {
    u.set(halfSquares({ ...lattice, origin: scale(lattice.origin, stretch), h: scale(lattice.h, stretch) }));
  }
  pair.conjugate(0);
  pair.conjugate(1);
}
const scale = (a: readonly [number, number], s: readonly [number, number]): readonly [number, number] => [a[0] * Math.sqrt(s[0]), a[1] * Math.sqrt(s[1])];

/** Bilinear interpolation, going on linearly beyond the last points: cell centres halve their distance, so corners are cut as Chaikin does and gradients stay continuous. */
export function refine(from: Lattice, u: Float64Array, to: Lattice, out: Float64Array): void {
  const axis = (k: 0 | 1): readonly (readonly [number, number])[] =>
    Array.from({ length: to.shape[k] }, (_, i) => {
      const p = (to.origin[k] + i * to.h[k] - from.origin[k]) / from.h[k];
      const at = Math.min(Math.max(Math.floor(p), 0), Math.max(from.shape[k] - 2, 0));
      return [at, from.shape[k] > 1 ? p - at : 0];
    });
  const [rows, columns] = [axis(0), axis(1)];
  const n1 = from.shape[1];
  const [down, right] = [from.shape[0] > 1 ? n1 : 0, n1 > 1 ? 1 : 0];
  for (const [i, [a, s]] of rows.entries())
    for (let j = 0; j < columns.length; j++) {
      const [b, t] = columns[j]!;
      const p = a * n1 + b;
      out[i * to.shape[1] + j] = (1 - s) * ((1 - t) * u[p]! + t * u[p + right]!) + s * ((1 - t) * u[p + down]! + t * u[p + down + right]!);
    }
}

interface State {
  readonly pair: Pair;
  readonly step: [number, number];
  readonly missed: [number, number];
  readonly residual: [number, number];
  /** |x|^2 / 2 summed over both masses: E is below it by half the dual */
  readonly moments: number;
  energy: number;
  stopped: Ascent["stopped"] | null;
}
function opened(pair: Pair): State {
  // a Newton step of a constant density divides by it: begin well below the smallest such step
  const densest = pair.sides.map(({ mass, lattice }) => mass.reduce((s, v) => Math.max(s, v), 0) / (lattice.h[0] * lattice.h[1]));
  const first = 0.25 / Math.max(...densest);
  const moments = pair.sides.reduce((s, side) => s + dot(halfSquares(side.lattice), side.mass), 0);
  return { pair, step: [first, first], missed: [0, 0], residual: [0, 0], moments, energy: energyOf(pair), stopped: null };
}
const energyOf = (pair: Pair): number => dot(pair.sides[0].u, pair.sides[0].mass) + dot(pair.sides[1].u, pair.sides[1].mass);
function dot(a: Float64Array, b: Float64Array): number {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!;
  return s;
}

/** One step in each potential. */
function climb(state: State, stop: { readonly residual: number; readonly gain: number }): void {
  const before = state.energy;
  for (const k of [1, 0] as const) half(state, k);
  if (Math.max(...state.residual) <= stop.residual) state.stopped = "residual";
  else if (before - state.energy <= stop.gain * Math.abs(state.moments - state.energy)) state.stopped = "small-steps";
}
const [GROW, SHRINK, FAIL] = [1.5, 0.7, 0.4];
const TRIES = 6;
/** Steepest descent of E in the potential of side k; a step that would raise E is taken back and made smaller. */
function half(state: State, k: 0 | 1): void {
  const { pair } = state;
  const [here, there] = [pair.sides[k], pair.sides[(1 - k) as 0 | 1]];
  pair.push((1 - k) as 0 | 1);
  const norm = pair.solve(k);
  state.residual[k] = norm;
  state.missed[k] = missedBy(here.image, here.mass);
  here.kept.set(here.u);
  there.kept.set(there.u);
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const step = state.step[k];
    for (let i = 0; i < here.u.length; i++) here.u[i] = here.kept[i]! - step * here.step[i]!;
    pair.conjugate(k);
    pair.conjugate((1 - k) as 0 | 1);
    const energy = energyOf(pair);
    const won = state.energy - energy;
    if (won >= 0) {
      if (won > 0.7 * step * norm) state.step[k] *= GROW;
      else if (won < 0.35 * step * norm) state.step[k] *= SHRINK;
      state.energy = energy;
      return;
    }
    state.step[k] *= FAIL;
    here.u.set(here.kept);
    there.u.set(there.kept);
  }
}
function missedBy(image: Float64Array, mass: Float64Array): number {
  let s = 0;
  for (let i = 0; i < mass.length; i++) s += Math.abs(image[i]! - mass[i]!);
  return 0.5 * s;
}
