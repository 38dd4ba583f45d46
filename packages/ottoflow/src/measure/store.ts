/**
 * The one place where a law becomes rows. Each function fills rows of the caller and says how far the stored measure may be from the law.
 * Nothing is scaled: mass outside the box is left out and reported, and refused above the law's `cut`.
 */
import type { Grid, Law, Rows, Space } from "../contract.ts";
import { expectLength, OttoflowError, specError } from "../errors.ts";
import { philoxUniforms } from "../kernels/philox.ts";
import { divide, sum } from "../kernels/reductions.ts";
import { cellMasses } from "./cell-masses.ts";
import { gridLaw } from "./grid-law.ts";
import { sobol, sobolAxes } from "./low-discrepancy.ts";
import { endMean } from "./tail-mean.ts";

/** How far a stored measure may be from its law. */
export interface Stored {
  /** W2 between the law (restricted to the box) and the stored measure is at most this, where a bound is known */
  readonly bound?: number;
  /** exact: the same measure; proved: `bound` is a theorem; estimated: quadrature or a rule without a bound; statistical: random draws */
  readonly how: "exact" | "proved" | "estimated" | "statistical";
  readonly because: string;
  /** fraction of the mass outside the box, left out of the rows */
  readonly lost: number;
  /** how far all masses of cells together may be off, where quadrature found them */
  readonly quadrature?: number;
}

/** Default of a law's `cut`. */
export const defaultCut = 1e-5;
/** Philox stream of initial draws: "init". */
export const drawStream = 0x696e6974;

/**
 * Averages of the law over the cells of a space, rho [n]: exact masses of boxes where the law knows them, atoms counted in half-open cells,
 * else Gauss quadrature of the density, refined until rules of different order agree. Laws wrap around periodic axes (nearest images).
 * @throws {SpecError} when more than the law's `cut` of the mass lies outside the box
 */
export function storeCells(law: Law, space: Space, out: Rows): Stored {
  const cells = space.cells;
  if (!cells) throw specError("space", `${space.kind} has no cells; a density needs a box or another space of cells.`);
  expectLength("rho", out.length, cells.n);
  expectDim(law, space.dim);
  if (!space.grid) return storeCentres(law, space, out);
  const grid = space.grid;
  const how = cellMasses(law, grid, out);
  const volume = grid.h.reduce((a, b) => a * b, 1);
  const inside = sum(cells.n, out);
  divide(cells.n, volume, out);
  const lost = refuseLoss(law, 1 - inside / law.mass, "box");
  const diagonal = Math.sqrt(grid.h.reduce((s, h) => s + h * h, 0) * law.mass);
  return { ...how, bound: diagonal, because: `${how.because}; mass moves only inside its cell, at most the cell's diagonal`, lost };
}

/** Spaces of cells that are no grid (graphs, meshes): atoms have no cell there, so the density at the centres it is. */
function storeCentres(law: Law, space: Space, out: Rows): Stored {
  const { n, volume, centre } = space.cells!;
  if (!law.density) throw specError("initial", `on a ${space.kind} a measure needs a density; ${law.tex} has none.`);
  law.density(n, centre, out);
  let inside = 0;
  for (let i = 0; i < n; i++) {
    if (!(out[i]! >= 0)) throw specError("initial", `the density is ${out[i]} in cell ${i}; it must be a number >= 0.`);
    inside += out[i]! * volume[i]!;
  }
  return { how: "estimated", because: "density at the centres of the cells", lost: refuseLoss(law, 1 - inside / law.mass, space.kind) };
}

function expectDim(law: Law, dim: number): void {
  if (law.dim !== dim) throw specError("initial", `${law.tex} lives in dimension ${law.dim} when the space has ${dim}.`);
}

function refuseLoss(law: Law, lost: number, where: string): number {
  const cut = law.cut ?? defaultCut;
  if (!(Math.abs(lost) <= cut))
    throw specError(
      "initial",
      lost > 0
        ? `${(100 * lost).toPrecision(3)} % of the mass lies outside the ${where}, more than the ${100 * cut} % that "cut" allows; enlarge the ${where}, move the measure, or raise "cut".`
        : `the cells of the ${where} hold ${(1 - lost).toPrecision(6)} times the mass of the law (cut ${cut}); the cells are too coarse for its density.`,
    );
  // rounding can leave a loss of -1e-16
  return Math.max(0, lost);
}

/**
 * n particles: the atoms as they are when there are n of them, else draws: Philox uniforms through the law's map (value i depends on (seed, i) only),
 * or a scrambled Sobol set where the law asks for low discrepancy (mid-points of n equal levels on the line).
 * A density without a map is drawn from the cells of `space`.
 * @param x [d * n]
 * @param weight [n], all mass / n unless the atoms carry their own
 */
export function storeParticles(law: Law, n: number, seed: number, x: Rows, weight: Rows, space?: Space): Stored {
  expectLength("x", x.length, law.dim * n);
  expectLength("weight", weight.length, n);
  if (space) expectDim(law, space.dim);
  const stored = law.points?.n === n ? copyPoints(law, n, x, weight) : drawParticles(law, n, seed, x, weight, space);
  if (space?.grid && space.bounded) keepInside(space.grid, n, x);
  return stored;
}

function copyPoints(law: Law, n: number, x: Rows, weight: Rows): Stored {
  x.set(law.points!.x);
  if (law.points!.weight) weight.set(law.points!.weight);
  else weight.fill(law.mass / n);
  return { how: "exact", bound: 0, because: "the atoms themselves", lost: 0 };
}

function drawParticles(law: Law, n: number, seed: number, x: Rows, weight: Rows, space?: Space): Stored {
  weight.fill(law.mass / n);
  const spread = law.placement === "low-discrepancy";
  if (spread && law.quantile) {
    const level = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    law.quantile(n, level, x);
    return { how: "estimated", because: `quantiles at the mid-points of ${n} equal levels`, lost: 0 };
  }
  const draw = law.draw ?? cellDraw(law, space);
  const u = new Float64Array(draw.uniforms * n);
  if (spread) {
    if (draw.uniforms > sobolAxes)
      throw new OttoflowError(
        "LimitError",
        `the law needs ${draw.uniforms} uniforms per particle when low-discrepancy sets have ${sobolAxes} axes; use placement "random".`,
        { got: draw.uniforms, limit: sobolAxes },
      );
    sobol(seed, draw.uniforms, 0, n, u);
  } else {
    for (let k = 0; k < draw.uniforms; k++) philoxUniforms(seed, drawStream, k, 0, n, u.subarray(k * n, (k + 1) * n));
    // a uniform of 53 bits is 0 with probability 2^-53; half a unit keeps quantiles finite
    for (let i = 0; i < u.length; i++) if (u[i] === 0) u[i] = 2 ** -54;
  }
  draw.map(n, u, x);
  return spread
    ? { how: "estimated", because: `${n} scrambled Sobol points through the law's map`, lost: 0 }
    : { how: "statistical", because: `${n} independent draws: a mean is off by its standard deviation / ${Math.sqrt(n).toPrecision(3)}`, lost: 0 };
}

function cellDraw(law: Law, space?: Space): NonNullable<Law["draw"]> {
  if (!space?.grid || !space.cells) throw specError("initial", `${law.tex} cannot be drawn in free space; give it in a box, or as a law with draws.`);
  const rho = new Float64Array(space.cells.n);
  storeCells(law, space, rho);
  return gridLaw(space.grid, rho).draw!;
}

/** Particles of a bounded box must start inside; periodic axes wrap. */
function keepInside(grid: Grid, n: number, x: Rows): void {
  let outside = 0;
  for (let k = 0; k < grid.shape.length; k++) {
    const lower = grid.lower[k]!;
    const period = grid.h[k]! * grid.shape[k]!;
    for (let i = 0; i < n; i++) {
      const v = x[k * n + i]!;
      if (grid.periodic[k]) x[k * n + i] = v - period * Math.floor((v - lower) / period);
      else if (!(v >= lower && v <= lower + period)) outside++;
    }
  }
  if (outside > 0)
    throw specError("initial", `${outside} coordinates of ${n} particles fall outside the bounded box; enlarge it, or move or narrow the measure.`);
}

/**
 * Quantile nodes x [n] at the levels, from 0 to 1. Inner nodes are exact quantiles. The end nodes are finite: they stand where the uniform end cell
 * has the law's mean over its levels, x_0 = 2 E[X | U < l_1] - x_1.
 * @throws {SpecError} for laws off the line, without quantiles, or with an atom as wide as a cell (use particles)
 */
export function storeQuantiles(law: Law, level: Rows, x: Rows): Stored {
  const n = level.length;
  expectLength("x", x.length, n);
  expectDim(law, 1);
  if (!(n >= 3 && level[0] === 0 && level[n - 1] === 1))
    throw specError("level", `got ${n} levels from ${level[0]} to ${level[n - 1]}; give at least three, from 0 to 1.`);
  if (!law.quantile) throw specError("initial", `${law.tex} knows no quantiles; quantile storage needs them.`);
  law.quantile(n - 2, level.subarray(1, n - 1), x.subarray(1, n - 1));
  x[0] = 2 * endMean(law.quantile, level[1]!, false) - x[1]!;
  x[n - 1] = 2 * endMean(law.quantile, 1 - level[n - 2]!, true) - x[n - 2]!;
  for (let i = 1; i < n; i++)
    if (!(x[i]! > x[i - 1]!))
      throw specError(
        "initial",
        `quantiles at the levels ${level[i - 1]} and ${level[i]} are ${x[i - 1]} and ${x[i]}: an atom has no density between its levels; store it as particles, or widen it.`,
      );
  let bound = 0;
  for (let i = 2; i + 1 < n; i++) bound += (level[i]! - level[i - 1]!) * (x[i]! - x[i - 1]!) * (x[i]! - x[i - 1]!);
  return {
    how: "estimated",
    because: `exact quantiles at ${n - 2} inner levels, exact means of both end cells; inner cells move at most ${Math.sqrt(law.mass * bound).toExponential(1)}`,
    lost: 0,
  };
}

/**
 * n levels from 0 to 1 into out [n]: l(u) = u^g / (u^g + (1-u)^g) at equal steps of u. g = 1 gives equal levels; the end cells then hold 1/n of
 * the mass and the deviation of a Gaussian converges at first order only. With g = 3 they hold about 1/n^3 and it converges at second order (1.2e-6 at n = 2000).
 */
export function gradedLevels(n: number, out: Rows, grading = 3): void {
  if (!Number.isInteger(n) || n < 2) throw specError("count", `got ${n} levels; give an integer of at least 2.`);
  if (!(grading >= 1 && grading <= 4 && Number.isInteger(grading))) throw specError("grading", `got ${grading}; give 1, 2, 3 or 4.`);
  for (let i = 0; i < n; i++) {
    const u = i / (n - 1);
    let a = u;
    let b = (n - 1 - i) / (n - 1);
    for (let k = 1; k < grading; k++) {
      a *= u;
      b *= (n - 1 - i) / (n - 1);
    }
    out[i] = a / (a + b);
  }
}

/** Mean [d] and covariance [d * d] of the law: itself where it is Gaussian, else the Gaussian with its moments. */
export function storeGaussian(law: Law, mean: Rows, cov: Rows): Stored {
  const from = law.gaussian ?? law.moments;
  if (!from) throw specError("initial", `mean and covariance of ${law.tex} are not known in closed form; Gaussian storage needs them.`);
  expectLength("mean", mean.length, law.dim);
  expectLength("cov", cov.length, law.dim * law.dim);
  mean.set(from.mean);
  cov.set(from.cov);
  if (law.gaussian) return { how: "exact", bound: 0, because: "the law is Gaussian", lost: 0 };
  return { how: "estimated", because: "the Gaussian with the law's mean and covariance", lost: 0 };
}
