/** The loops of multigrid in the plane on SIMD rows: the same bits as lines.ts and transfer.ts. */

import { transpose } from "../../kernels/transpose.ts";
import { type Exports, wasm64 } from "../../kernels/wasm.ts";
import type { Alloc, Level } from "./level.ts";
import { addUp, addWrapInflow, addWrapOutflow, chooseAxes, factorLines, relax, residual, residualHalf, takeAxes, withWraps } from "./lines.ts";
import { coarsen, mergeWraps, prolong, restrict, steepest } from "./transfer.ts";

export interface Loops {
  /** line factors of a level and, where there is a next one, its rates and the weights between both */
  prepare(level: Level, coarse: Level | undefined): void;
  /** line factors of a level whose rates have changed at few edges: the relaxed axes stay */
  refactor(level: Level): void;
  residual(level: Level, f: Float64Array, x: Float64Array, r: Float64Array, sums: Float64Array): void;
  /** the residual on even rows of the plane, summed over pairs along them, to the rows `out` of the next level; sums over those rows */
  residualHalf(level: Level, f: Float64Array, x: Float64Array, out: Float64Array, sums: Float64Array): void;
  restrict(level: Level, coarse: Level, r: Float64Array, out: Float64Array): void;
  prolong(level: Level, from: Float64Array, x: Float64Array): void;
  relax(level: Level, axis: number, f: Float64Array, x: Float64Array): void;
}

/** Any number of axes, on any rows. */
export const generalLoops: Loops = {
  prepare(level, coarse) {
    chooseAxes(level);
    factorLines(level);
    if (coarse) coarsen(level, coarse);
  },
  refactor: factorLines,
  residual,
  residualHalf,
  restrict,
  prolong,
  relax,
};

/**
 * The plane on rows of one SIMD memory, or null. Lines along the first axis are rows of the transposed plane: there `pivot[0]`,
 * `forth[0]` and `back[0]` stand transposed, and both rates of the second axis twice.
 */
export function openPlane(levels: readonly Level[], alloc: Alloc): Loops | null {
  const top = levels[0]!;
  if (top.shape.length !== 2) return null;
  // also in a dry open, whose rows are of no memory, so that these are counted
  const row = (): Float64Array => alloc(top.n);
  const turned = { x: row(), f: row(), up: row(), down: row(), mass: row() };
  const share = row();
  const sideways = new Map(levels.map((level) => [level, { up: alloc(level.n), down: alloc(level.n) }]));
  const both = alloc(2);
  const wasm = wasm64(top.x, levels[levels.length - 1]!.x, both, turned.mass);
  if (!wasm) return null;
  const run: Exports = wasm.exports;

  const factor = (level: Level, fresh: boolean): void => {
    const [n0, n1] = level.shape as [number, number];
    const [up0, up1, down0, down1] = [level.up[0]!, level.up[1]!, level.down[0]!, level.down[1]!];
    const { up, down } = sideways.get(level)!;
    const axes = run.outflow!(n0, n1, level.mass.byteOffset, up0.byteOffset, down0.byteOffset, up1.byteOffset, down1.byteOffset, level.diagonal.byteOffset);
    addWrapOutflow(level, level.diagonal);
    if (fresh) takeAxes(level, level.wraps.length === 0 && (axes === 1 || axes === 2) ? axes === 1 : null);
    let mass = level.mass;
    if (level.wraps.length > 0) {
      mass = level.r;
      mass.set(level.mass);
      addWrapOutflow(level, mass);
    }
    const factorRows = (k: number, l0: number, l1: number, m: Float64Array, a0: Float64Array, b0: Float64Array, a1: Float64Array, b1: Float64Array): void => {
      const [pivot, forth, back] = [level.pivot[k]!, level.forth[k]!, level.back[k]!];
      run.factorRows!(l0, l1, m.byteOffset, a0.byteOffset, b0.byteOffset, a1.byteOffset, b1.byteOffset, pivot.byteOffset, forth.byteOffset, back.byteOffset);
    };
    if (level.relaxed[1]) factorRows(1, n0, n1, mass, up0, down0, up1, down1);
    if (level.relaxed[0]) {
      transpose(n0, n1, mass, turned.mass);
      transpose(n0, n1, up1, up);
      transpose(n0, n1, down1, down);
      transpose(n0, n1, up0, turned.up);
      transpose(n0, n1, down0, turned.down);
      factorRows(0, n1, n0, turned.mass, up, down, turned.up, turned.down);
    }
  };
  const toNext = (level: Level, coarse: Level): void => {
    const [n0, n1] = level.shape as [number, number];
    const [a0, a1, b0, b1] = [level.up[0]!, level.up[1]!, level.down[0]!, level.down[1]!];
    const [own0, near0, own1, near1] = [level.own[0]!, level.near[0]!, level.own[1]!, level.near[1]!];
    run.restrict!(n0, n1, level.mass.byteOffset, coarse.mass.byteOffset);
    run.weighRows!(n0, n1, a0.byteOffset, b0.byteOffset, steepest, share.byteOffset, own0.byteOffset, near0.byteOffset);
    run.weighAlong!(n0, n1, a1.byteOffset, b1.byteOffset, steepest, own1.byteOffset, near1.byteOffset);
    run.mergeRows!(n0, n1, a0.byteOffset, b0.byteOffset, coarse.up[0]!.byteOffset, coarse.down[0]!.byteOffset);
    run.mergeAlong!(n0, n1, a1.byteOffset, b1.byteOffset, coarse.up[1]!.byteOffset, coarse.down[1]!.byteOffset);
    mergeWraps(level, coarse);
  };
  const relaxRows = (level: Level, k: number, n0: number, n1: number, f: Float64Array, a: Float64Array, b: Float64Array, x: Float64Array): void => {
    const [pivot, forth, back] = [level.pivot[k]!, level.forth[k]!, level.back[k]!];
    run.relaxRows!(n0, n1, f.byteOffset, a.byteOffset, b.byteOffset, pivot.byteOffset, forth.byteOffset, back.byteOffset, x.byteOffset);
  };
  return {
    prepare(level, coarse) {
      factor(level, true);
      if (coarse) toNext(level, coarse);
    },
    refactor: (level) => factor(level, false),
    residual(level, f, x, r, sums) {
      const [n0, n1] = level.shape as [number, number];
      const [a0, a1, b0, b1] = [level.up[0]!, level.up[1]!, level.down[0]!, level.down[1]!];
      const [d, y] = [level.diagonal.byteOffset, x.byteOffset];
      run.residual!(n0, n1, f.byteOffset, d, a0.byteOffset, b0.byteOffset, a1.byteOffset, b1.byteOffset, y, r.byteOffset, both.byteOffset);
      sums.set(both);
      if (level.wraps.length === 0) return;
      addWrapInflow(level, x, r);
      addUp(level, x, r, n1, sums);
    },
    residualHalf(level, f, x, out, sums) {
      const [n0, n1] = level.shape as [number, number];
      const [a0, a1, b0, b1] = [level.up[0]!, level.up[1]!, level.down[0]!, level.down[1]!];
      const [d, y] = [level.diagonal.byteOffset, x.byteOffset];
      run.residualHalf!(n0, n1, f.byteOffset, d, a0.byteOffset, b0.byteOffset, a1.byteOffset, b1.byteOffset, y, out.byteOffset, both.byteOffset);
      sums.set(both);
    },
    restrict(level, _coarse, r, out) {
      run.restrict!(level.shape[0]!, level.shape[1]!, r.byteOffset, out.byteOffset);
    },
    prolong(level, from, x) {
      const [own0, near0, own1, near1] = [level.own[0]!, level.near[0]!, level.own[1]!, level.near[1]!];
      run.prolong!(level.shape[0]!, level.shape[1]!, from.byteOffset, own0.byteOffset, near0.byteOffset, own1.byteOffset, near1.byteOffset, x.byteOffset);
    },
    relax(level, axis, f, x) {
      const [n0, n1] = level.shape as [number, number];
      const q = level.wraps.length > 0 ? withWraps(level, f, x) : f;
      if (axis === 1) {
        relaxRows(level, 1, n0, n1, q, level.up[0]!, level.down[0]!, x);
        return;
      }
      const { up, down } = sideways.get(level)!;
      transpose(n0, n1, q, turned.f);
      transpose(n0, n1, x, turned.x);
      relaxRows(level, 0, n1, n0, turned.f, up, down, turned.x);
      transpose(n1, n0, turned.x, x);
    },
  };
}
