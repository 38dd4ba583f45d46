import { positivePart } from "../kernels/reductions.ts";
import { type Alloc, type Exchange, type Level, openLevel, takeWrap, zeroLast } from "./multigrid/level.ts";
import { generalLoops, type Loops, openPlane } from "./multigrid/plane.ts";

export interface Multigrid {
  /** the finest system, filled by the caller before each `prepare`, which leaves zeros on wrapping edges */
  readonly system: Exchange;
  /** line factors and coarse rates from the rates now in `system`; `fine`: coarse ones are left as they are, because the rates have changed at few edges */
  prepare(fine?: boolean): void;
  /**
   * One cycle on x for the right-hand side f, where r = f - A x is known from `residual`, or from `residualHalf` where r is null.
   * `twice`: the next level is visited twice, which pays while the residual is smooth, as that of a first guess is
   */
  cycle(f: Float64Array, x: Float64Array, r: Float64Array | null, twice?: boolean): void;
  /** r = f - A x; returns sum |r_i|, which bounds sum mass_i |x_i - solution_i| */
  residual(f: Float64Array, x: Float64Array, r: Float64Array): number;
  /** a cycle leaves no residual on every other line, so `residualHalf` can stand for `residual` right after it */
  readonly halves: boolean;
  /** sum |r_i| over the lines relaxed before the last ones: all there is but for rounding. What it restricts is left to the next `cycle` */
  residualHalf(f: Float64Array, x: Float64Array): number;
  /** x >= 0 for f >= 0: lines relaxed along one axis from the positive part of x, which subtracts nothing */
  relaxPositive(f: Float64Array, x: Float64Array): void;
  /** sum diagonal_i |x_i| at the last residual, or twice that over half the lines: the rounding of that residual is a few units of it */
  readonly weight: number;
}

/**
 * Multigrid for exchange systems with strongly varying and one-sided rates (Fokker–Planck steps, Newton steps of degenerate
 * diffusion). Sawtooth cycles: coarser levels first, then one smoothing. Smoother: zebra relaxation of the lines along every axis
 * (in the plane only along the axis that has twice the rates of the other everywhere, if there is one), each line solved without subtraction as in `solveChain`.
 * Cells are merged in pairs per axis; residuals are summed, so mass is kept; corrections are shared out along the local
 * equilibrium of the rates; coarse rates halve the symmetric part and keep the one-sided part, which is Scharfetter–Gummel
 * on the doubled cells. [wesseling1992]
 */
export function openMultigrid(shape: readonly number[], periodic: readonly boolean[], alloc: Alloc = (n) => new Float64Array(n)): Multigrid {
  const levels: Level[] = [openLevel(shape, periodic, alloc)];
  for (let now = shape; now.some((n) => n > 1); ) {
    now = now.map((n) => (n + 1) >> 1);
    levels.push(openLevel(now, periodic, alloc));
  }
  const top = levels[0]!;
  const plane = openPlane(levels, alloc);
  const loops = plane ?? generalLoops;
  const spare = alloc(shape.length === 2 ? top.n : 0);
  /** rows of another memory are worked on in rows of ours */
  const foreign = (...rows: readonly Float64Array[]): boolean => plane !== null && rows.some((row) => row.buffer !== top.x.buffer);
  const sums = new Float64Array(2);
  top.mass.fill(1);
  return {
    system: { shape, periodic, mass: top.mass, up: top.up, down: top.down },
    get weight() {
      return sums[1]!;
    },
    prepare(fine = false) {
      for (const w of top.wraps) takeWrap(w, top.up[w.axis]!, top.down[w.axis]!);
      for (let k = 0; k < shape.length; k++) zeroLast(top, k);
      if (fine) loops.refactor(top);
      else for (let l = 0; l < levels.length; l++) loops.prepare(levels[l]!, levels[l + 1]);
    },
    cycle(f, x, r, twice = false) {
      if (!foreign(f, x, r ?? x)) {
        descend(loops, levels, 0, f, x, r, twice);
        return;
      }
      top.f.set(f);
      top.x.set(x);
      if (r) spare.set(r);
      descend(loops, levels, 0, top.f, top.x, r && spare, twice);
      x.set(top.x);
    },
    get halves() {
      return halves(top);
    },
    residualHalf(f, x) {
      const apart = foreign(f, x);
      if (apart) top.f.set(f);
      if (apart) top.x.set(x);
      loops.residualHalf(top, apart ? top.f : f, apart ? top.x : x, levels[1]!.f, sums);
      sums[1] = 2 * sums[1]!;
      return sums[0]!;
    },
    residual(f, x, r) {
      if (!foreign(f, x, r)) loops.residual(top, f, x, r, sums);
      else {
        top.f.set(f);
        top.x.set(x);
        loops.residual(top, top.f, top.x, spare, sums);
        r.set(spare);
      }
      return sums[0]!;
    },
    relaxPositive(f, x) {
      const axis = top.relaxed.lastIndexOf(true);
      positivePart(top.n, x);
      if (!foreign(f, x)) {
        loops.relax(top, axis, f, x);
        return;
      }
      top.f.set(f);
      top.x.set(x);
      loops.relax(top, axis, top.f, top.x);
      x.set(top.x);
    },
  };
}

/** sums of residuals that nobody asks for */
const aside = new Float64Array(2);
/** The last relaxation of a cycle is zebra relaxation of rows, which leaves no residual on odd ones. */
const halves = ({ shape, relaxed, wraps }: Level): boolean => shape.length === 2 && shape[1]! > 1 && relaxed[1]! && wraps.length === 0;

/** x += correction from the coarser levels for the residual r (null: restricted already), then one relaxation along the axes that need it. */
function descend(loops: Loops, levels: readonly Level[], l: number, f: Float64Array, x: Float64Array, r: Float64Array | null, twice = false): void {
  const level = levels[l]!;
  const coarse = levels[l + 1];
  if (!coarse) {
    x[0] = f[0]! / level.mass[0]!;
    return;
  }
  if (r) loops.restrict(level, coarse, r, coarse.f);
  coarse.x.fill(0);
  descend(loops, levels, l + 1, coarse.f, coarse.x, coarse.f);
  const next = levels[l + 2];
  if (twice && next) {
    const half = halves(coarse);
    if (half) loops.residualHalf(coarse, coarse.f, coarse.x, next.f, aside);
    else loops.residual(coarse, coarse.f, coarse.x, coarse.r, aside);
    descend(loops, levels, l + 1, coarse.f, coarse.x, half ? null : coarse.r);
  }
  loops.prolong(level, coarse.x, x);
  for (let k = 0; k < level.shape.length; k++) if (level.relaxed[k] && level.shape[k]! > 1) loops.relax(level, k, f, x);
}
