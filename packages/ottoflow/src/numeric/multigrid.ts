import { positivePart } from "../kernels/reductions.ts";
import { type Alloc, type Exchange, type Level, openLevel, takeWrap, zeroLast } from "./multigrid/level.ts";
import { generalLoops, type Loops, openPlane } from "./multigrid/plane.ts";

export interface Multigrid {
  /** the finest system, filled by the caller before each `prepare`, which leaves zeros on wrapping edges */
  readonly system: Exchange;
  /** line factors and coarse rates from the rates now in `system`; `fine`: coarse ones are left as they are, because the rates have changed at few edges */
  prepare(fine?: boolean): void;
  /** one cycle on x for the right-hand side f, where r = f - A x is known from `residual` */
  cycle(f: Float64Array, x: Float64Array, r: Float64Array): void;
  /** r = f - A x; returns sum |r_i|, which bounds sum mass_i |x_i - solution_i| */
  residual(f: Float64Array, x: Float64Array, r: Float64Array): number;
  /** x >= 0 for f >= 0: lines relaxed along one axis from the positive part of x, which subtracts nothing */
  relaxPositive(f: Float64Array, x: Float64Array): void;
  /** sum diagonal_i |x_i| at the last `residual`: the rounding of that residual is a few units of it */
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
  const spare = alloc(plane ? top.n : 0);
  /** rows of another memory are worked on in rows of ours */
  const foreign = (...rows: readonly Float64Array[]): boolean => plane !== null && rows.some((row) => row.buffer !== top.x.buffer);
  const sums = new Float64Array(2);
  return {
    system: { shape, periodic, mass: top.mass, up: top.up, down: top.down },
    get weight() {
      return sums[1]!;
    },
    prepare(fine = false) {
      top.mass.fill(1);
      for (const w of top.wraps) takeWrap(w, top.up[w.axis]!, top.down[w.axis]!);
      for (let k = 0; k < shape.length; k++) zeroLast(top, k);
      if (fine) loops.refactor(top);
      else for (let l = 0; l < levels.length; l++) loops.prepare(levels[l]!, levels[l + 1]);
    },
    cycle(f, x, r) {
      if (!foreign(f, x, r)) {
        descend(loops, levels, 0, f, x, r);
        return;
      }
      top.f.set(f);
      top.x.set(x);
      spare.set(r);
      descend(loops, levels, 0, top.f, top.x, spare);
      x.set(top.x);
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

/** x += correction from the coarser levels for the residual r, then one relaxation along the axes that need it. */
function descend(loops: Loops, levels: readonly Level[], l: number, f: Float64Array, x: Float64Array, r: Float64Array): void {
  const level = levels[l]!;
  const coarse = levels[l + 1];
  if (!coarse) {
    x[0] = f[0]! / level.mass[0]!;
    return;
  }
  loops.restrict(level, coarse, r, coarse.f);
  coarse.x.fill(0);
  descend(loops, levels, l + 1, coarse.f, coarse.x, coarse.f);
  loops.prolong(level, coarse.x, x);
  for (let k = level.shape.length - 1; k >= 0; k--) if (level.relaxed[k] && level.shape[k]! > 1) loops.relax(level, k, f, x);
}
