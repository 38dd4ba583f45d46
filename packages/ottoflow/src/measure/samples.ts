import { readColumns } from "../data/columns.ts";
import { columnOf, type Table } from "../data/table.ts";
import { defineLaw, type Unit } from "../define.ts";
import { dataError } from "../errors.ts";
import { shared } from "./law.ts";
import { pointsLaw } from "./points.ts";

/** The coordinates: the named columns, else those of `positions`, else all columns but the weights. */
function coordinates(table: Table, dim: number, names: readonly string[] | undefined, weights: string | undefined): readonly Float64Array[] {
  const positions = table.names.filter((name) => name === "positions" || name.startsWith("positions."));
  const chosen = names ?? (positions.length > 0 ? positions : table.names.filter((name) => name !== weights));
  if (chosen.length !== dim)
    throw dataError(
      table.file,
      `gives ${chosen.length} coordinates (${chosen.join(", ")}) when the space has ${dim}. Name ${dim} of its columns in "columns": ${table.names.join(", ")}.`,
    );
  return chosen.map((name) => columnOf(table, name));
}

export const samples: Unit<"law"> = defineLaw({
  kind: "samples",
  title: "samples from a file",
  tex: "\\frac1n \\sum_i \\delta_{x_i}",
  summary:
    "Points read from a table (CSV, TSV, text) or from NumPy arrays (NPY, NPZ), one row per point, optionally weighted by a column. A file that this program exported can be read back: the last frame of `positions` counts.",
  refs: ["villani2003"],
  params: {
    file: { type: "file", formats: ["csv", "tsv", "txt", "npy", "npz"], doc: "the data file" },
    columns: { type: "texts", optional: true, doc: "names of the coordinate columns, one per axis; numbers from 0 where the file names none" },
    weights: { type: "text", optional: true, doc: "name of the column of weights >= 0" },
    ...shared,
  },
  examples: [
    {
      dim: 2,
      params: { file: "data/penguins.csv", columns: ["bill_length_mm", "bill_depth_mm"] },
      space: { kind: "box", lower: [30, 12], upper: [62, 23], cells: [32, 22] },
      note: "bills of 333 penguins",
    },
  ],
  build: (values, { dim }) => {
    const table = readColumns(values.file, values.columns && [...values.columns, ...(values.weights === undefined ? [] : [values.weights])]);
    const columns = coordinates(table, dim, values.columns, values.weights);
    const x = new Float64Array(dim * table.n);
    columns.forEach((column, k) => {
      x.set(column, k * table.n);
    });
    const weight = values.weights === undefined ? undefined : columnOf(table, values.weights);
    const bad = weight?.findIndex((w) => !(w >= 0)) ?? -1;
    if (bad >= 0) throw dataError(table.file, `row ${bad + 1} has the weight ${weight![bad]}; give weights >= 0.`);
    return pointsLaw(dim, table.n, x, weight, values);
  },
});
