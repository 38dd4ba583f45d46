import { defineExporter, type Unit } from "../define.ts";
import { frameTable } from "./table.ts";

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
      { name: "frames.csv", bytes: new TextEncoder().encode(csvOf(frameTable(run))) },
    ],
  }),
});
