/** A run as named arrays: what NPZ, Zarr and Python readers see. */
import type { Cells, Gaussian, Particles, Quantiles, Rows } from "../contract.ts";
import type { ExportedRun } from "../define.ts";
import { dataError } from "../errors.ts";
import { axisNames } from "./figure/picture.ts";

export interface Block {
  readonly name: string;
  /** sizes, the first axis slowest */
  readonly shape: readonly number[];
  /** names of the axes, for formats that keep them */
  readonly axes: readonly string[];
  readonly values: Float64Array | Float32Array;
  /** of a trace: the column as the run names it */
  readonly column?: string;
}

/** Column name of a trace as an array name: "energy:0:entropy" becomes "trace_energy_0_entropy". */
export function traceName(column: string): string {
  return `trace_${column.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "")}`;
}

/** Every array of a run, frames first. All frames of a run have one storage and one size. */
export function blocksOf(run: ExportedRun): Block[] {
  const time: Block = { name: "t", shape: [run.times.length], axes: ["t"], values: Float64Array.from(run.times) };
  return [time, ...frameBlocks(run), ...traceBlocks(run)];
}
function traceBlocks(run: ExportedRun): Block[] {
  return Object.entries(run.trace).map(([column, values]) => ({ name: traceName(column), shape: [values.length], axes: ["trace"], values, column }));
}

function frameBlocks(run: ExportedRun): Block[] {
  const first = run.frames[0];
  if (!first) return [];
  if (run.frames.some((m) => m.rep !== first.rep))
    throw dataError(run.title, `frames have several storages (${[...new Set(run.frames.map((m) => m.rep))].join(", ")}) when one was expected.`);
  if (first.rep === "cells") return cellBlocks(run.frames as readonly Cells[]);
  if (first.rep === "particles") return particleBlocks(run.frames as readonly Particles[]);
  if (first.rep === "quantiles") return quantileBlocks(run.frames as readonly Quantiles[]);
  return gaussianBlocks(run.frames as readonly Gaussian[]);
}

/** Rows of all frames one after the other; 32-bit rows stay 32-bit. */
function stack(rows: readonly Rows[], size: number): Float64Array | Float32Array {
  const all = rows[0] instanceof Float32Array ? new Float32Array(rows.length * size) : new Float64Array(rows.length * size);
  rows.forEach((row, f) => {
    if (row.length !== size) throw dataError(`frame ${f}`, `holds ${row.length} values when ${size} were expected.`);
    all.set(row, f * size);
  });
  return all;
}
/** Coordinate-major rows [d * n] as points [n, d], frame by frame. */
function stackPoints(rows: readonly Rows[], n: number, d: number): Float64Array | Float32Array {
  const all = stack(rows, n * d);
  const points = all.slice();
  for (let f = 0; f < rows.length; f++) {
    const base = f * n * d;
    for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) points[base + i * d + k] = all[base + k * n + i];
  }
  return points;
}
/** One row where every frame has the same, else all of them. */
function shared(name: string, rows: readonly Rows[], axis: string): Block {
  const n = rows[0].length;
  const same = rows.every((row) => row === rows[0] || row.every((v, i) => v === rows[0][i]));
  if (same) return { name, shape: [n], axes: [axis], values: rows[0].slice() };
  return { name, shape: [rows.length, n], axes: ["t", axis], values: stack(rows, n) };
}

function cellBlocks(frames: readonly Cells[]): Block[] {
  const { space } = frames[0];
  const n = frames[0].rho.length;
  const values = stack(
    frames.map((m) => m.rho),
    n,
  );
  const { grid } = space;
  if (!grid) {
    const cells = space.cells;
    const where: Block[] = cells
      ? [
          { name: "centres", shape: [n, space.dim], axes: ["cell", "axis"], values: stackPoints([cells.centre], n, space.dim) },
          { name: "volume", shape: [n], axes: ["cell"], values: cells.volume.slice() },
        ]
      : [];
    return [{ name: "density", shape: [frames.length, n], axes: ["t", "cell"], values }, ...where];
  }
  const names = axisNames(grid.shape.length);
  const centres = names.map((name, k) => ({
    name,
    shape: [grid.shape[k]],
    axes: [name],
    values: Float64Array.from({ length: grid.shape[k] }, (_, i) => grid.lower[k] + (i + 0.5) * grid.h[k]),
  }));
  return [{ name: "density", shape: [frames.length, ...grid.shape], axes: ["t", ...names], values }, ...centres];
}
function particleBlocks(frames: readonly Particles[]): Block[] {
  const { n } = frames[0];
  const d = frames[0].x.length / n;
  return [
    {
      name: "positions",
      shape: [frames.length, n, d],
      axes: ["t", "particle", "axis"],
      values: stackPoints(
        frames.map((m) => m.x),
        n,
        d,
      ),
    },
    shared(
      "weights",
      frames.map((m) => m.weight),
      "particle",
    ),
  ];
}
function quantileBlocks(frames: readonly Quantiles[]): Block[] {
  const n = frames[0].x.length;
  return [
    {
      name: "positions",
      shape: [frames.length, n],
      axes: ["t", "level"],
      values: stack(
        frames.map((m) => m.x),
        n,
      ),
    },
    shared(
      "levels",
      frames.map((m) => m.level),
      "level",
    ),
    { name: "mass", shape: [frames.length], axes: ["t"], values: Float64Array.from(frames, (m) => m.mass) },
  ];
}
function gaussianBlocks(frames: readonly Gaussian[]): Block[] {
  const d = frames[0].mean.length;
  return [
    {
      name: "mean",
      shape: [frames.length, d],
      axes: ["t", "axis"],
      values: stack(
        frames.map((m) => m.mean),
        d,
      ),
    },
    {
      name: "covariance",
      shape: [frames.length, d, d],
      axes: ["t", "axis", "axis2"],
      values: stack(
        frames.map((m) => m.cov),
        d * d,
      ),
    },
    { name: "mass", shape: [frames.length], axes: ["t"], values: Float64Array.from(frames, (m) => m.mass) },
  ];
}
