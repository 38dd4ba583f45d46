/** Frames as one long table: what CSV and Parquet readers see. */
import type { Measure } from "../contract.ts";
import type { ExportedRun } from "../define.ts";
import { axisNames } from "./figure/picture.ts";

/** Column name to values, all of one length. */
export type Table = Readonly<Record<string, Float64Array>>;

/** One line per cell, particle, quantile node or Gaussian of every frame: t, where, how much. */
export function frameTable(run: ExportedRun): Table {
  const parts = run.frames.map((m, f) => frameColumns(run.times[f], m));
  const table: Record<string, Float64Array> = {};
  for (const name of Object.keys(parts[0] ?? { t: null })) {
    table[name] = new Float64Array(parts.reduce((sum, part) => sum + part[name].length, 0));
    let at = 0;
    for (const part of parts) {
      table[name].set(part[name], at);
      at += part[name].length;
    }
  }
  return table;
}

function frameColumns(t: number, m: Measure): Record<string, ArrayLike<number>> {
  const names = axisNames(m.space.dim);
  const rows = (n: number, x: ArrayLike<number>): Record<string, ArrayLike<number>> =>
    Object.fromEntries(names.map((name, k) => [name, Float64Array.from({ length: n }, (_, i) => x[k * n + i])]));
  const time = (n: number): { t: Float64Array } => ({ t: new Float64Array(n).fill(t) });
  const count = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);
  if (m.rep === "cells") {
    const n = m.rho.length;
    return { ...time(n), ...(m.space.cells ? rows(n, m.space.cells.centre) : { cell: count(n) }), density: m.rho };
  }
  if (m.rep === "particles") return { ...time(m.n), particle: count(m.n), ...rows(m.n, m.x), weight: m.weight };
  if (m.rep === "quantiles") return { ...time(m.x.length), level: m.level, x: m.x };
  const d = m.mean.length;
  const one: Record<string, ArrayLike<number>> = { ...time(1) };
  for (const [k, a] of names.entries()) one[`mean_${a}`] = [m.mean[k]];
  for (const [k, a] of names.entries()) for (const [l, b] of names.entries()) one[`cov_${a}_${b}`] = [m.cov[k * d + l]];
  return { ...one, mass: [m.mass] };
}
