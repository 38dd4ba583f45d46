/** From measures on a grid to a certified path: units, obstacles, bounds, frames, checks. Benamou–Brenier and growth differ in two numbers. */
import type { PathProgress, PathResult, Space, Work } from "../../contract.ts";
import { expectLength, expectNames, specError } from "../../errors.ts";
import { pow } from "../../kernels/math.ts";
import { exactSum } from "../problem.ts";
import { findPath } from "./find-path.ts";
import { type Lattice, openLattice } from "./lattice.ts";
import { inUnits, linearMobility, type Mobility } from "./mobility.ts";
import { describe, type GridPathInput } from "./path-result.ts";
import type { DynamicProblem } from "./splitting.ts";

export type { GridPathInput };

/** Numbers that a problem may have in all its rows: 2^24 take about 1.5 GB in 2D. */
const MOST = 2 ** 24;
const MASS_SLACK = 1e-12;
const names = [
  "space",
  "from",
  "to",
  "p",
  "mobility",
  "obstacle",
  "delta",
  "steps",
  "tolerance",
  "maxIterations",
  "times",
  "notes",
] satisfies (keyof GridPathInput)[];

/**
 * The path of least action between two densities on a box of cells, with a gap of the discrete problem and bounds of the continuous one.
 * @throws {SpecError | ShapeError} on data that do not fit: negative or not finite densities, unequal masses without growth, mass in
 * obstacles or above the top, parts of space that mass would have to change between
 */
export function* gridPath(input: GridPathInput): Work<PathProgress, PathResult> {
  expectNames("a path on a grid", input, names);
  const { space, p = 2, steps = 32, tolerance = 1e-3, maxIterations = 5000, times = evenTimes(11), delta } = input;
  if (!(p > 1 && p < 1e3)) throw specError("exponent", `got ${p} when expected a number above 1. (For exponent 1 paths are not unique: use static transport.)`);
  if (delta !== undefined && !(delta > 0 && Number.isFinite(delta))) throw specError("delta", `got ${delta} when expected a positive length.`);
  if (delta !== undefined && p !== 2) throw specError("exponent", `got ${p} when growth goes with the exponent 2 only.`);
  if (!(tolerance > 0 && tolerance < 1)) throw specError("tolerance", `got ${tolerance} when expected a number between 0 and 1.`);
  if (!(maxIterations >= 1)) throw specError("maxIterations", `got ${maxIterations} when expected a number of at least 1.`);
  const mobility = input.mobility ?? linearMobility();
  if (typeof mobility.answer !== "function")
    throw specError("mobility", "is none. linearMobility(cap), exclusionMobility(top) and concaveMobility(…) make one.");
  checkTimes(times);
  const n = space.cells?.n ?? 0;
  if (n * steps > MOST) throw specError("steps", `${n} cells and ${steps} intervals make ${n * steps} numbers when at most ${MOST} are allowed.`);
  const unit = lengthUnit(space, input.from, input.to, delta !== undefined);
  const whole = openLattice(space, steps, unit, input.obstacle);
  checkEnd("from", input.from, whole.free, mobility);
  checkEnd("to", input.to, whole.free, mobility);
  if (delta === undefined) checkMasses(whole.part, whole.parts, input.from, input.to);
  const lattice = delta === undefined && whole.parts > 1 ? openLattice(space, steps, unit, outOfReach(whole, input.from, input.to)) : whole;
  const density = (exactSum(input.from) + exactSum(input.to)) / (2 * lattice.freeCells);
  const scaled = (r: Float64Array): Float64Array => r.map((v) => v / density);
  const problem: DynamicProblem = {
    lattice,
    from: scaled(input.from),
    to: scaled(input.to),
    mobility: inUnits(mobility, density),
    p,
    reaction: delta === undefined ? 0 : unit / delta,
  };
  const scale = density * pow(unit, p + lattice.dim) * (delta === undefined ? 1 : 0.5);
  if (!(scale > 1e-290 && scale < 1e290))
    throw specError(
      "from",
      `${density} of mass per volume over lengths of about ${unit}, to the power ${p}, leave float64. Choose units in which both are nearer to one.`,
    );
  const work = findPath(problem, { tolerance, maxIterations });
  let next = work.next();
  while (!next.done) {
    const { iteration, upper, lower } = next.value;
    const answer = yield {
      iteration,
      upper: Number.isFinite(upper) ? upper * scale : null,
      lower: Number.isFinite(lower) ? lower * scale : null,
      fraction: iteration / maxIterations,
    };
    next = work.next(answer);
  }
  return describe(input, problem, next.value, { scale, density, unit, tolerance, times });
}

/** Runs `gridPath` to its end. */
export function solveGridPath(input: GridPathInput): PathResult {
  const work = gridPath(input);
  let next = work.next();
  while (!next.done) next = work.next();
  return next.value;
}

export const evenTimes = (count: number): number[] => Array.from({ length: count }, (_, i) => i / (count - 1));

function checkTimes(times: readonly number[]): void {
  times.forEach((t, i) => {
    if (!(t >= 0 && t <= 1)) throw specError(`times[${i}]`, `got ${t} when expected a time from 0 to 1.`);
    if (i > 0 && !(t > times[i - 1]!)) throw specError(`times[${i}]`, `got ${t} after ${times[i - 1]} when expected rising times.`);
  });
}

function checkEnd(name: string, r: Float64Array, free: Uint8Array, mobility: Mobility): void {
  expectLength(name, r.length, free.length);
  for (let i = 0; i < r.length; i++) {
    const v = r[i]!;
    if (!(v >= 0 && v < Number.POSITIVE_INFINITY)) throw specError(name, `the density of cell ${i} is ${v} when expected a finite number of at least 0.`);
    if (v > mobility.top * (1 + MASS_SLACK)) throw specError(name, `the density of cell ${i} is ${v}, above the largest allowed, ${mobility.top}.`);
    if (!free[i] && v > 0) throw specError(name, `has density ${v} in cell ${i}, inside the obstacle.`);
  }
  if (!r.some((v) => v > 0)) throw specError(name, "has no mass.");
}

function checkMasses(part: Int32Array, parts: number, from: Float64Array, to: Float64Array): void {
  const [a, b] = [exactSum(from), exactSum(to)];
  if (!(Math.abs(a - b) <= MASS_SLACK * Math.max(a, b)))
    throw specError("to", `has ${b / a} times the mass of the first measure. Divide each by its mass, or allow growth (wasserstein-fisher-rao).`);
  const change = new Float64Array(parts);
  for (let i = 0; i < part.length; i++) if (part[i]! >= 0) change[part[i]!] = change[part[i]!]! + (to[i]! - from[i]!);
  for (const c of change)
    if (Math.abs(c) > 1e-9 * a)
      throw specError(
        "obstacle",
        `cuts space into ${parts} parts, and ${((100 * Math.abs(c)) / a).toPrecision(3)} % of the mass would have to pass from one to another.`,
      );
}

/** Cells that no mass can reach: obstacles, and parts of space that are empty at both ends. */
function outOfReach({ part, parts }: Lattice, from: Float64Array, to: Float64Array): Uint8Array {
  const used = new Uint8Array(parts);
  for (let i = 0; i < part.length; i++) if (from[i]! > 0 || to[i]! > 0) used[part[i]!] = 1;
  return Uint8Array.from(part, (k) => (k >= 0 && used[k] === 1 ? 0 : 1));
}

/** About how far mass has to go: distance of the means and change of the widths; at least a twentieth of the box. With growth, which knows no way, the size of the box. */
function lengthUnit(space: Space, from: Float64Array, to: Float64Array, growth: boolean): number {
  const { n, centre } = space.cells!;
  const grid = space.grid;
  if (!grid) throw specError("space", `${space.kind} has no grid; dynamic transport needs a box.`);
  let square = 0;
  let box = 0;
  for (let k = 0; k < space.dim; k++) {
    const length = grid.h[k]! * grid.shape[k]!;
    box += length * length;
    const [m0, s0] = spreadOf(from, centre, k, n);
    const [m1, s1] = spreadOf(to, centre, k, n);
    square += (m1 - m0) * (m1 - m0) + (s1 - s0) * (s1 - s0);
  }
  return Math.sqrt(growth ? box / 3 : Math.max(Number.isFinite(square) ? square : 0, box / 400));
}
function spreadOf(r: Float64Array, centre: ArrayLike<number>, k: number, n: number): readonly [number, number] {
  let [mass, first, second] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = centre[k * n + i]!;
    mass += r[i]!;
    first += r[i]! * x;
    second += r[i]! * x * x;
  }
  const mean = first / mass;
  return [mean, Math.sqrt(Math.max(second / mass - mean * mean, 0))];
}
