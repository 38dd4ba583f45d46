import { type Exchange, type Level, openLevel, takeWrap, zeroLast } from "./multigrid/level.ts";
import { factorLines, relax, residual } from "./multigrid/lines.ts";
import { coarsen, prolong, restrict } from "./multigrid/transfer.ts";

export interface Multigrid {
  /** the finest system, filled by the caller before `prepare` */
  readonly system: Exchange;
  /** line factors and coarse rates from the rates now in `system` */
  prepare(): void;
  /** one cycle on x for the right-hand side f, where r = f - A x is known from `residual` */
  cycle(f: Float64Array, x: Float64Array, r: Float64Array): void;
  /** r = f - A x; returns sum |r_i|, which bounds sum mass_i |x_i - solution_i| */
  residual(f: Float64Array, x: Float64Array, r: Float64Array): number;
}

/**
 * Multigrid for exchange systems with strongly varying and one-sided rates (Fokker–Planck steps, Newton steps of degenerate
 * diffusion). Sawtooth cycles: coarser levels first, then one smoothing. Smoother: zebra relaxation of the lines along every axis, each line solved without subtraction as in `solveChain`.
 * Cells are merged in pairs per axis; residuals are summed, so mass is kept; corrections are shared out along the local
 * equilibrium of the rates; coarse rates halve the symmetric part and keep the one-sided part, which is Scharfetter–Gummel
 * on the doubled cells. [wesseling1992]
 */
export function openMultigrid(shape: readonly number[], periodic: readonly boolean[]): Multigrid {
  const levels: Level[] = [openLevel(shape, periodic)];
  for (let now = shape; now.some((n) => n > 1); ) {
    now = now.map((n) => (n + 1) >> 1);
    levels.push(openLevel(now, periodic));
  }
  const top = levels[0]!;
  const system: Exchange = { shape, periodic, mass: top.mass, up: shape.map(() => new Float64Array(top.n)), down: shape.map(() => new Float64Array(top.n)) };
  return {
    system,
    prepare() {
      takeRates(system, top);
      for (let l = 0; l < levels.length; l++) {
        factorLines(levels[l]!);
        if (l + 1 < levels.length) coarsen(levels[l]!, levels[l + 1]!);
      }
    },
    cycle: (f, x, r) => descend(levels, 0, f, x, r),
    residual: (f, x, r) => residual(top, f, x, r),
  };
}

/** Splits the caller's rates: inner edges with zeros on walls, wrapping edges apart. */
function takeRates(system: Exchange, top: Level): void {
  for (let k = 0; k < top.shape.length; k++) {
    top.up[k]!.set(system.up[k]!);
    top.down[k]!.set(system.down[k]!);
    zeroLast(top, k);
  }
  for (const w of top.wraps) takeWrap(w, system.up[w.axis]!, system.down[w.axis]!);
}

/** x += correction from the coarser levels for the residual r, then one relaxation along every axis. */
function descend(levels: readonly Level[], l: number, f: Float64Array, x: Float64Array, r: Float64Array): void {
  const level = levels[l]!;
  const coarse = levels[l + 1];
  if (!coarse) {
    x[0] = f[0]! / level.mass[0]!;
    return;
  }
  restrict(level, coarse, r, coarse.f);
  coarse.x.fill(0);
  descend(levels, l + 1, coarse.f, coarse.x, coarse.f);
  prolong(level, coarse.x, x);
  for (let k = level.shape.length - 1; k >= 0; k--) relax(level, k, f, x);
}
