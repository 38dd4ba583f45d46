/**
 * Entropic transport between densities on one grid: potentials by separable log-sums, over-relaxed by the observed rate, from coarse grids and large epsilon
 * to the grid and epsilon asked for. [solomon2015, thibault2021]
 */
import type { TransportProgress } from "../../contract.ts";
import { exp, log } from "../../kernels/math.ts";
import { openRelaxation } from "./accelerate.ts";
import type { Measured } from "./measure.ts";
import { openPatience } from "./newton.ts";
import { axisCosts, openSeparable, type Separable, VOID } from "./separable.ts";

export interface GridShape {
  readonly shape: readonly number[];
  readonly h: readonly number[];
}
export interface GridOptions {
  readonly epsilon: number;
  /** cost of a difference along one axis; the cost is their sum */
  readonly raise: (r: number) => number;
  readonly enough: (state: GridState) => boolean;
  readonly passes: number;
  readonly factor: number;
}
/** Potentials at all cells, also where there is no mass. */
export interface GridState {
  readonly grid: GridShape;
  readonly kernel: Separable;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly f: Float64Array;
  readonly g: Float64Array;
  /** P_1 / a and P_2 at these potentials */
  readonly ratio: Float64Array;
  readonly column: Float64Array;
  readonly defect: readonly [number, number];
}
export interface GridSolved {
  readonly state: GridState;
  readonly passes: number;
  readonly levels: number;
  readonly relaxation: number;
  readonly done: boolean;
  readonly stalled: boolean;
  readonly stopped: boolean;
}

export const logOf = (a: Float64Array): Float64Array => a.map((v) => (v > 0 ? log(v) : VOID));
const defectOf = (p: Float64Array, a: Float64Array): number => p.reduce((s, v, i) => s + Math.abs(v - a[i]!), 0);

export function* solveGrid(grid: GridShape, a: Float64Array, b: Float64Array, o: GridOptions): Generator<TransportProgress, GridSolved, "stop" | undefined> {
  const pyramid: { grid: GridShape; a: Float64Array; b: Float64Array }[] = [{ grid, a, b }];
  for (let top = pyramid[0]!; canHalve(top.grid); top = pyramid[pyramid.length - 1]!)
    pyramid.push({ grid: halved(top.grid), a: pooled(top.grid.shape, top.a), b: pooled(top.grid.shape, top.b) });
  let epsilon = Number.POSITIVE_INFINITY;
  let f: Float64Array = new Float64Array(0);
  let g = f;
  let passes = 0;
  let halted = false; // stopped on a coarse grid: the potentials are refined to the finest, for one pass
  for (let l = pyramid.length - 1; ; l--) {
    const level = pyramid[l]!;
    const size = level.a.length;
    if (f.length === 0) {
      [f, g] = [new Float64Array(size), new Float64Array(size)];
      const far = level.grid.shape.reduce((s, n, k) => s + o.raise(n * level.grid.h[k]!), 0);
      epsilon = Math.max(o.epsilon, 0.25 * far);
    } else [f, g] = [refined(pyramid[l + 1]!.grid.shape, f), refined(pyramid[l + 1]!.grid.shape, g)];
    if (halted) {
      if (l > 0) continue;
      return { ...(yield* iterate(level, f, g, o.epsilon, { ...o, passes }, true, passes)), stopped: true, levels: pyramid.length };
    }
    // the kernel must be as wide as the cells
    const least = l === 0 ? o.epsilon : Math.max(o.epsilon, 2 * Math.max(...level.grid.h.map((h) => o.raise(h))));
    for (;;) {
      const last = l === 0 && epsilon <= o.epsilon;
      const found = yield* iterate(level, f, g, epsilon, o, last, passes);
      passes = found.passes;
      if (last || (found.stopped && l === 0)) return { ...found, levels: pyramid.length };
      halted = found.stopped;
      if (halted) break;
      if (epsilon <= least) break;
      epsilon = Math.max(least, epsilon * o.factor);
    }
  }
}
const ROUGH = 1e-2;
const ROUGH_PASSES = 60;
function* iterate(
  { grid, a, b }: { grid: GridShape; a: Float64Array; b: Float64Array },
  f: Float64Array,
  g: Float64Array,
  epsilon: number,
  o: GridOptions,
  last: boolean,
  before: number,
): Generator<TransportProgress, Omit<GridSolved, "levels">, "stop" | undefined> {
  const size = a.length;
  const kernel = openSeparable(
    grid.shape,
    grid.shape.map((n, k) => axisCosts(n, grid.h[k]!, epsilon, o.raise)),
  );
  const [la, lb] = [logOf(a), logOf(b)];
  const [x, s] = [new Float64Array(size), new Float64Array(size)];
  const [ratio, column] = [new Float64Array(size), new Float64Array(size)];
  const relaxation = openRelaxation();
  const outOfPatience = openPatience(1000);
  const mass = a.reduce((t, v) => t + v, 0);
  let far = Number.POSITIVE_INFINITY;
  for (let passes = before + 1; ; passes++) {
    const omega = far > 1 ? 1 : relaxation.omega;
    for (let i = 0; i < size; i++) x[i] = lb[i] === VOID ? VOID : g[i]! / epsilon + lb[i]!;
    kernel.sums(x, s);
    for (let i = 0; i < size; i++) {
      f[i] = f[i]! + omega * (-epsilon * s[i]! - f[i]!);
      ratio[i] = a[i]! > 0 ? exp(f[i]! / epsilon + s[i]!) : 0;
      x[i] = la[i] === VOID ? VOID : f[i]! / epsilon + la[i]!;
    }
    const heard = yield {
      stage: `epsilon ${epsilon.toPrecision(3)}, ${grid.shape.join(" x ")} cells`,
      iteration: passes,
      gap: null,
      defect: null,
      fraction: null,
    };
    kernel.sums(x, s);
    for (let j = 0; j < size; j++) column[j] = b[j]! > 0 ? b[j]! * exp(g[j]! / epsilon + s[j]!) : 0;
    const rows = ratio.reduce((t, r, i) => t + a[i]! * Math.abs(r - 1) * (a[i]! > 0 ? 1 : 0), 0);
    const state: GridState = { grid, kernel, a, b, f, g, ratio, column, defect: [rows, defectOf(column, b)] };
    const defect = state.defect[0] + state.defect[1];
    const done = last ? o.enough(state) : defect <= ROUGH * mass || passes - before >= ROUGH_PASSES;
    const stalled = outOfPatience(defect);
    if (done || heard === "stop" || (last && (stalled || passes >= o.passes)))
      return { state, passes, relaxation: relaxation.omega, done: done && last, stalled, stopped: heard === "stop" };
    far = 0;
    for (let j = 0; j < size; j++) {
      const change = -epsilon * s[j]! - g[j]!;
      if (b[j]! > 0) far = Math.max(far, Math.abs(change) / epsilon);
      g[j] = g[j]! + omega * change;
    }
    relaxation.see(defect, far);
  }
}

export const canHalve = ({ shape }: GridShape): boolean => shape.every((n) => n % 2 === 0 && n >= 8);
export const halved = ({ shape, h }: GridShape): GridShape => ({ shape: shape.map((n) => n / 2), h: h.map((v) => 2 * v) });
/** Sums over blocks of 2 cells per axis. */
export function pooled(shape: readonly number[], a: Float64Array): Float64Array {
  const half = shape.map((n) => n / 2);
  const out = new Float64Array(half.reduce((s, n) => s * n, 1));
  for (let e = 0; e < a.length; e++) {
    let [rest, place, stride] = [e, 0, 1];
    for (let k = shape.length - 1; k >= 0; k--) {
      place += (((rest % shape[k]!) >> 1) * stride) | 0;
      stride *= half[k]!;
      rest = Math.floor(rest / shape[k]!);
    }
    out[place] = out[place]! + a[e]!;
  }
  return out;
}
/** Linear between the middles of cells, extended beyond the outermost. */
export function refined(shape: readonly number[], f: Float64Array): Float64Array {
  let values = f;
  let [before, after] = [1, f.length];
  for (const n of shape) {
    after /= n;
    const out = new Float64Array(2 * values.length);
    for (let u = 0; u < before; u++)
      for (let i = 0; i < n; i++)
        for (let v = 0; v < after; v++) {
          const at = (k: number): number => values[(u * n + k) * after + v]!;
          const [low, mid, high] = [at(Math.max(0, i - 1)), at(i), at(Math.min(n - 1, i + 1))];
          const [down, up] = [i > 0 ? mid - low : high - mid, i < n - 1 ? high - mid : mid - low];
          out[(u * 2 * n + 2 * i) * after + v] = mid - 0.25 * down;
          out[(u * 2 * n + 2 * i + 1) * after + v] = mid + 0.25 * up;
        }
    before *= 2 * n;
    values = out;
  }
  return values;
}

/** The cells with mass, as bounds see them. `pay` is filled with the mean cost: only its sum counts. */
export function measuredOf(s: GridState, value: number, largestCost: number): Measured {
  const pick = (values: Float64Array, mass: Float64Array): Float64Array => values.filter((_, i) => mass[i]! > 0);
  const [wa, wb] = [pick(s.a, s.a), pick(s.b, s.b)];
  const pay = new Float64Array(wa.length);
  pay[0] = value;
  return {
    a: { n: wa.length, weight: wa },
    b: { n: wb.length, weight: wb },
    f: pick(s.f, s.a),
    g: pick(s.g, s.b),
    ratio: pick(s.ratio, s.a),
    column: pick(s.column, s.b),
    pay,
    largestCost,
    leastCost: 0,
    left: () => 0,
  };
}
/** sum_ij P_ij |x_i - y_j|^2 from coordinates about the lower corner, all positive, so that log-sums carry them. */
export function squaredCost(s: GridState, epsilon: number): number {
  const { shape, h } = s.grid;
  const size = s.a.length;
  const [x, sums] = [new Float64Array(size), new Float64Array(size)];
  let total = 0;
  let inner = size;
  for (const [k, n] of shape.entries()) {
    inner /= n;
    const at = (e: number): number => (Math.floor(e / inner) % n) + 0.5;
    for (let j = 0; j < size; j++) x[j] = s.b[j]! > 0 ? s.g[j]! / epsilon + log(s.b[j]! * at(j)) : VOID;
    s.kernel.sums(x, sums);
    let t = 0;
    for (let i = 0; i < size; i++) {
      if (s.a[i]! > 0) t += s.a[i]! * at(i) * (at(i) * s.ratio[i]! - 2 * exp(s.f[i]! / epsilon + sums[i]!));
      t += s.column[i]! * at(i) * at(i);
    }
    total += h[k]! * h[k]! * t;
  }
  return total;
}
