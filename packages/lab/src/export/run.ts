/** The run that the page keeps, as the library's exporters take it. */
import { zipSync } from "fflate";
import type { ExportedRun } from "ottoflow/define";
import { blocksOf } from "ottoflow/io/blocks";
import { csvOf } from "ottoflow/io/csv";
import { svgDocument } from "ottoflow/io/figure/document";
import { framesFigure } from "ottoflow/io/figure/figures";
import { npyBytes } from "ottoflow/io/npy";
import { npzBytes } from "ottoflow/io/npz";
import { frameTable } from "ottoflow/io/table";
import type { Opening, PlainFrame, TraceRow } from "../engine/messages.ts";
import { measured } from "../engine/plain.ts";

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

/** Frames with their space again, and the live trace as columns; what a row does not have is not a number. */
export function exportedRun(opening: Opening, frames: readonly PlainFrame[], trace: readonly TraceRow[]): ExportedRun {
  const column = (of: (row: TraceRow) => number | null): Float64Array => Float64Array.from(trace, (row) => of(row) ?? Number.NaN);
  const parts = opening.law.parts.map((part, k) => [`energy:${k}:${part.label}`, column((row) => row.parts[k] ?? null)] as const);
  // storages that hold ever more points cannot be stacked: the frames of the last size are the run
  const last = frames.at(-1)?.measure;
  const size = (f: PlainFrame): string => `${f.measure.rep} ${Object.values(f.measure.rows).map((r) => r.length)}`;
  const kept = last ? frames.filter((f) => size(f) === size(frames.at(-1)!)) : [];
  return {
    title: opening.title || "flow",
    times: kept.map((f) => f.t),
    frames: kept.map((f) => measured({ measure: f.measure, dim: opening.dim, grid: opening.grid })),
    // a column without a single number says nothing, and readers of arrays mind
    trace: withNumbers({
      t: column((row) => row.t),
      step: column((row) => row.step),
      ...(opening.law.parts.length > 0 && { energy: column((row) => row.energy), ...Object.fromEntries(parts) }),
      dissipation: column((row) => row.dissipation),
      mass: column((row) => row.mass),
      minimum: column((row) => row.minimum),
    }),
  };
}
const withNumbers = (columns: Readonly<Record<string, Float64Array>>): Readonly<Record<string, Float64Array>> =>
  Object.fromEntries(Object.entries(columns).filter(([, values]) => values.some((v) => !Number.isNaN(v))));

export const npzOf = (run: ExportedRun): Uint8Array => npzBytes(blocksOf(run));
export const framesCsv = (run: ExportedRun): Uint8Array => text(csvOf(frameTable(run)));
export const traceCsv = (run: ExportedRun): Uint8Array => text(csvOf(run.trace));

/** The files of one of the library's exporters in one archive, which compresses them. */
export async function zipOf(kind: "parquet" | "zarr", run: ExportedRun): Promise<Uint8Array> {
  const unit = kind === "parquet" ? (await import("ottoflow/io/parquet")).parquet : (await import("ottoflow/io/zarr")).zarr;
  const files = await unit.build({ compression: "none" } as never, undefined as never).write(run);
  const entries = files.map(({ name, bytes }) => [name, bytes]);
  return zipSync(Object.fromEntries(entries), { level: 6, mtime: new Date(1980, 0, 1) });
}

/** One frame as an array: the density in the shape of its grid, points [n, d] or quantiles [n]; a Gaussian as its mean above its covariance. */
export function npyOf(run: ExportedRun, at: number): Uint8Array {
  const one = { ...run, times: [run.times[at]!], frames: [run.frames[at]!] };
  const m = one.frames[0]!;
  if (m.rep === "gaussian") {
    const d = m.mean.length;
    return npyBytes([d + 1, d], Float64Array.from([...m.mean, ...m.cov]));
  }
  const name = { cells: "density", particles: "positions", quantiles: "positions" }[m.rep];
  const block = blocksOf(one).find((b) => b.name === name)!;
  return npyBytes(block.shape.slice(1), block.values);
}

/** The frame that is shown, with those before it as the stage shows them, drawn by the library that draws reports. */
export function svgOf(run: ExportedRun, at: number): string {
  const before = Array.from({ length: at }, (_, i) => i).filter((i) => i % Math.max(1, Math.ceil(at / 6)) === 0);
  const shown = run.frames[at]!.space.dim === 1 ? [...before, at] : [at];
  const figure = framesFigure({ ...run, times: shown.map((i) => run.times[i]!), frames: shown.map((i) => run.frames[i]!) }, "stage");
  if (!figure) throw new Error("there is no frame to draw yet");
  return svgDocument(figure);
}
