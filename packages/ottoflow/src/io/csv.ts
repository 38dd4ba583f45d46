import type { Measure } from "../contract.ts";
import { defineExporter, type ExportedRun, type Unit } from "../define.ts";
import { axisNames } from "./figure/picture.ts";

/** A value as the shortest text that reads back to the same bits; what is not a number is empty, infinities are inf. */
function cell(value: number): string {
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return String(value);
}
function quoted(name: string): string {
  return /[",\n\r]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

/** Columns of one length as RFC 4180 text with a header line. */
export function csvOf(columns: Readonly<Record<string, ArrayLike<number>>>): string {
  const names = Object.keys(columns);
  const rows = names.length === 0 ? 0 : Math.max(...names.map((name) => columns[name].length));
  const lines = [names.map(quoted).join(",")];
  for (let i = 0; i < rows; i++) lines.push(names.map((name) => (i < columns[name].length ? cell(columns[name][i]) : "")).join(","));
  return `${lines.join("\n")}\n`;
}

/** One frame as long lines "t, where, how much". */
function frameLines(t: number, m: Measure): { header: string; lines: string[] } {
  const names = axisNames(m.space.dim);
  const start = cell(t);
  if (m.rep === "cells") {
    const centre = m.space.cells?.centre;
    const n = m.rho.length;
    const where = (i: number): string => (centre ? names.map((_, k) => cell(centre[k * n + i])).join(",") : String(i));
    return {
      header: ["t", ...(centre ? names : ["cell"]), "density"].join(","),
      lines: Array.from({ length: n }, (_, i) => `${start},${where(i)},${cell(m.rho[i])}`),
    };
  }
  if (m.rep === "particles") {
    const where = (i: number): string => names.map((_, k) => cell(m.x[k * m.n + i])).join(",");
    return {
      header: ["t", "particle", ...names, "weight"].join(","),
      lines: Array.from({ length: m.n }, (_, i) => `${start},${i},${where(i)},${cell(m.weight[i])}`),
    };
  }
  if (m.rep === "quantiles")
    return { header: "t,level,x", lines: Array.from({ length: m.x.length }, (_, i) => `${start},${cell(m.level[i])},${cell(m.x[i])}`) };
  const d = m.mean.length;
  const header = ["t", ...names.map((name) => `mean_${name}`), ...names.flatMap((a) => names.map((b) => `cov_${a}_${b}`)), "mass"].join(",");
  return { header, lines: [[start, ...Array.from(m.mean.subarray(0, d), cell), ...Array.from(m.cov, cell), cell(m.mass)].join(",")] };
}

/** All frames in long form. */
export function framesCsv(run: ExportedRun): string {
  const parts = run.frames.map((m, f) => frameLines(run.times[f], m));
  return `${[parts[0]?.header ?? "t", ...parts.flatMap((part) => part.lines)].join("\n")}\n`;
}

export const csv: Unit<"exporter"> = defineExporter({
  kind: "csv",
  title: "comma-separated values",
  tex: "",
  summary:
    "trace.csv has one line per sample of the trace, frames.csv one line per cell, particle, quantile node or Gaussian of every frame. Numbers are written with the digits that read back to the same bits; a value that does not exist is left empty.",
  refs: [],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => ({
    extension: "csv",
    write: async (run) => [
      { name: "trace.csv", bytes: new TextEncoder().encode(csvOf(run.trace)) },
      { name: "frames.csv", bytes: new TextEncoder().encode(framesCsv(run)) },
    ],
  }),
});
