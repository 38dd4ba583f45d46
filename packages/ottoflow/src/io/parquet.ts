import { parquetWriteBuffer } from "hyparquet-writer";
import { defineExporter, type Unit } from "../define.ts";
import { frameTable, type Table } from "./table.ts";

/** A table as a Parquet file: doubles, none missing. A file needs a row group, so a table without rows has one of no rows. */
export function parquetBytes(table: Table, title: string): Uint8Array {
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: Object.entries(table).map(([name, data]) => ({ name, data, type: "DOUBLE", nullable: false })),
      // the format leaves the order of NaN open, so minima and maxima would be wrong for some readers
      statistics: false,
      createdBy: "ottoflow",
      kvMetadata: [{ key: "title", value: title }],
    }),
  );
}

export const parquet: Unit<"exporter"> = defineExporter({
  kind: "parquet",
  title: "Parquet tables",
  tex: "",
  summary:
    "trace.parquet has one row per sample of the trace, frames.parquet one row per cell, particle, quantile node or Gaussian of every frame. Opens in pandas, Polars, DuckDB and Arrow.",
  refs: [],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => ({
    extension: "parquet",
    write: async (run) => [
      { name: "trace.parquet", bytes: parquetBytes(run.trace, run.title) },
      { name: "frames.parquet", bytes: parquetBytes(frameTable(run), run.title) },
    ],
  }),
});
