/**
 * Damped Newton for the weights of a power diagram whose cells hold given masses of a density: steps are halved until no cell is nearly empty and the
 * masses come closer. A density with empty pixels is approached from one without. [kitagawa2019]
 */
import type { TransportProgress, Work } from "../../contract.ts";
import { type PixelDensity, pixelDensity } from "./density.ts";
import { type Cells, measureCells, openCells, openSites, type Sites } from "./diagram.ts";
import { openLaplace } from "./laplacian.ts";
import { copied, type Triangulation } from "./triangulation.ts";

export interface NewtonResult {
  readonly triangulation: Triangulation;
  readonly sites: Sites;
  readonly cells: Cells;
  /** h of the sites, and of the three far ones */
  readonly lift: Float64Array;
  readonly iterations: number;
  readonly conjugateGradients: number;
  /** sum |mass - target| */
  readonly defect: number;
  readonly stopped: "reached" | "max-iterations" | "stalled" | "aborted";
}
export interface NewtonOptions {
  readonly defect: number;
  readonly most: number;
  /** weights to begin with, where some are known */
  readonly lift?: Float64Array;
}
const HALVINGS = 30;
/** How much of the mean density stands in for empty pixels in derivatives. */
const FLOOR = 1e-7;

/** @param x, y distinct sites; `target` masses above 0 of the same sum as the density's */
export function* newton(
  x: Float64Array,
  y: Float64Array,
  target: Float64Array,
  density: (mix: number) => PixelDensity,
  options: NewtonOptions,
): Work<TransportProgress, NewtonResult> {
  const n = x.length;
  const { sites, triangulation } = openSites(x, y);
  const state: State = {
    triangulation,
    sites,
    lift: new Float64Array(n + 3),
    cells: openCells(n),
    target,
    iterations: 0,
    gradients: 0,
    defect: Number.POSITIVE_INFINITY,
  };
  const exact = density(0);
  let stopped: NewtonResult["stopped"] = "stalled";
  if (begin(state, exact, options.lift)) stopped = yield* approach(state, density, [0], options);
  if (stopped === "stalled") {
    begin(state, density(1), undefined);
    stopped = yield* approach(state, density, MIXES, options);
  }
  // the answer is of the density itself, wherever it stopped
  if (stopped !== "reached") measure(state, exact, exact, state.lift.slice());
  const { iterations, gradients, defect, cells, lift } = state;
  return { triangulation: state.triangulation, sites, cells, lift, iterations, conjugateGradients: gradients, defect, stopped };
}
/** From the constant density down to the one that is asked for. */
const MIXES = [1, 0.3, 0.1, 0.03, 0.01, 1e-3, 1e-4, 1e-5, 0];
function* approach(
  state: State,
  density: (mix: number) => PixelDensity,
  mixes: readonly number[],
  options: NewtonOptions,
): Work<TransportProgress, NewtonResult["stopped"]> {
  let stopped: NewtonResult["stopped"] = "reached";
  for (const mix of mixes) {
    const d = density(mix);
    const hessian = mix === 0 ? density(FLOOR) : d;
    // on the way only roughly, but so that no cell is left nearly empty
    const enough = mix === 0 ? options.defect : Math.max(options.defect, Math.min(0.05 * sumOf(state.target), 0.5 * least(state.target)));
    stopped = yield* descend(state, d, hessian, enough, options.most);
    if (stopped === "aborted" || stopped === "max-iterations") break;
  }
  return stopped;
}
interface State {
  triangulation: Triangulation;
  readonly sites: Sites;
  lift: Float64Array;
  cells: Cells;
  readonly target: Float64Array;
  iterations: number;
  gradients: number;
  defect: number;
}
const sumOf = (a: Float64Array): number => a.reduce((s, v) => s + v, 0);

/** Measures the diagram of `lift`; leaves the state alone where a cell is empty in the plane. */
function measure(state: State, d: PixelDensity, hessian: PixelDensity, lift: Float64Array): boolean {
  const t = copied(state.triangulation);
  const cells = openCells(state.sites.n);
  if (!measureCells(t, state.sites, lift, d, hessian, cells)) return false;
  state.triangulation = t;
  state.cells = cells;
  state.lift = lift;
  state.defect = defectOf(cells, state.target);
  return true;
}
function defectOf(cells: Cells, target: Float64Array): number {
  let s = 0;
  for (let i = 0; i < target.length; i++) s += Math.abs(cells.mass[i]! - target[i]!);
  return s;
}
const least = (a: Float64Array): number => a.reduce((s, v) => Math.min(s, v), Number.POSITIVE_INFINITY);

/** Weights under which every cell has mass: those given, Voronoi's, or Voronoi's of the sites drawn together into the box. False if none is found. */
function begin(state: State, d: PixelDensity, given: Float64Array | undefined): boolean {
  const { x, y, n } = state.sites;
  const square = (i: number): number => x[i]! * x[i]! + y[i]! * y[i]!;
  const tries = [];
  if (given) tries.push((i: number) => given[i]!);
  tries.push((i: number) => 0.5 * square(i));
  const [cx, cy] = [d.x0 + 0.5 * d.columns * d.hx, d.y0 + 0.5 * d.rows * d.hy];
  let [ax, ay] = [0, 0];
  let [bx, by] = [0, 0];
  for (let i = 0; i < n; i++) {
    [ax, bx] = [Math.min(ax, x[i]!), Math.max(bx, x[i]!)];
    [ay, by] = [Math.min(ay, y[i]!), Math.max(by, y[i]!)];
  }
  const s = 0.95 * Math.min((d.columns * d.hx) / Math.max(bx - ax, 1e-300), (d.rows * d.hy) / Math.max(by - ay, 1e-300));
  // sites at s y + b lie in the box: x . (s y + b) - |s y + b|^2 / 2 is largest where x . y - (s |y|^2 + 2 b . y) / 2 is
  const [mx, my] = [cx - 0.5 * s * (ax + bx), cy - 0.5 * s * (ay + by)];
  tries.push((i: number) => 0.5 * s * square(i) + mx * x[i]! + my * y[i]!);
  for (const lift of tries) {
    const h = new Float64Array(n + 3);
    for (let i = 0; i < n; i++) h[i] = lift(i);
    if (measure(state, d, d, h) && least(state.cells.mass) > 1e-3 * least(state.target)) return true;
  }
  return least(state.cells.mass) > 0;
}

function* descend(state: State, d: PixelDensity, hessian: PixelDensity, enough: number, most: number): Work<TransportProgress, NewtonResult["stopped"]> {
  const n = state.sites.n;
  const laplace = openLaplace(n);
  const [r, step] = [new Float64Array(n), new Float64Array(n)];
  measure(state, d, hessian, state.lift.slice());
  const floor = 0.5 * Math.min(least(state.cells.mass), least(state.target));
  while (state.defect > enough) {
    if (state.iterations >= most) return "max-iterations";
    const stop = yield { stage: "newton", iteration: state.iterations, gap: null, defect: state.defect, fraction: null };
    if (stop === "stop") return "aborted";
    for (let i = 0; i < n; i++) r[i] = state.target[i]! - state.cells.mass[i]!;
    const mean = sumOf(r) / n;
    for (let i = 0; i < n; i++) r[i] = r[i]! - mean;
    state.gradients += laplace.solve(state.cells, r, Math.min(1e-2, (0.1 * state.defect) / sumOf(state.target)), step);
    state.iterations++;
    if (!damped(state, d, hessian, step, floor)) return "stalled";
  }
  return "reached";
}
/** The longest of the steps 1, 1/2, 1/4 … that keeps cells full and comes closer. */
function damped(state: State, d: PixelDensity, hessian: PixelDensity, step: Float64Array, floor: number): boolean {
  const { triangulation, cells, lift, defect } = state;
  for (let k = 0, t = 1; k < HALVINGS; k++, t /= 2) {
    const next = lift.slice();
    // psi = |y|^2 - 2 h
    for (let i = 0; i < step.length; i++) next[i] = next[i]! - 0.5 * t * step[i]!;
    if (measure(state, d, hessian, next)) {
      if (least(state.cells.mass) >= floor && state.defect <= (1 - 0.5 * t) * defect) return true;
      // at the end of what float64 resolves a full step no longer halves what is off
      if (k === 0 && state.defect < defect && state.defect < 1e-9 * sumOf(state.target)) return true;
    }
    Object.assign(state, { triangulation, cells, lift, defect });
  }
  return false;
}

/** The density with `mix` of its mean over all pixels in place of as much of itself. */
export const mixed =
  (lattice: Parameters<typeof pixelDensity>[0], rho: Float64Array) =>
  (mix: number): PixelDensity => {
    if (mix === 0) return pixelDensity(lattice, rho);
    const mean = sumOf(rho) / rho.length;
    return pixelDensity(
      lattice,
      rho.map((v) => (1 - mix) * v + mix * mean),
    );
  };
