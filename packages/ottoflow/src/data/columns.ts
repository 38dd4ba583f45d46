import { dataError } from "../errors.ts";
import type { FileData } from "../params.ts";
import { readCsv } from "./csv.ts";
import { type NumericArray, readNpy, readNpz } from "./npy.ts";
import { endingOf, type Table } from "./table.ts";

/** Endings `readColumns` knows. */
export const tableFormats: readonly string[] = ["csv", "tsv", "txt", "npy", "npz"];

/**
 * Columns of any table file. An array [n] is one column; an array [n, d] is d columns; of [frames, n, d] the last frame counts.
 * Columns of an .npy are "0", "1", …; those of an .npz carry the name of their array, with ".0", ".1" behind it where it has several.
 * Of text tables only the `wanted` columns are read, so that the others may hold anything.
 * Arrays of another length than `positions` (or than the longest) are left out.
 */
export function readColumns(file: FileData, wanted?: readonly string[]): Table {
  const ending = endingOf(file);
  if (ending === "csv" || ending === "tsv" || ending === "txt") return readCsv(file, wanted);
  if (ending === "npy") return tableOf(file, spread(file, "", readNpy(file)));
  if (ending === "npz") {
    const arrays = Object.entries(readNpz(file)).filter(([, a]) => a.shape.length >= 1 && a.shape.length <= 3);
    return tableOf(
      file,
      arrays.flatMap(([name, a]) => spread(file, name, a)),
    );
  }
  throw dataError(file.path, `has the ending "${ending}" when ${tableFormats.join(", ")} are read.`);
}

type Column = readonly [name: string, values: Float64Array];

function spread(file: FileData, name: string, array: NumericArray): Column[] {
  const { shape } = array;
  if (shape.length < 1 || shape.length > 3) throw dataError(file.path, `has shape (${shape.join(", ")}); give [n], [n, d] or [frames, n, d].`);
  if (shape.length === 1) return [[name === "" ? "0" : name, array.values]];
  const [n, d] = shape.slice(-2) as [number, number];
  const base = array.values.length - n * d;
  return Array.from({ length: d }, (_, k) => [
    name === "" ? String(k) : d === 1 ? name : `${name}.${k}`,
    Float64Array.from({ length: n }, (_, i) => array.values[base + i * d + k]!),
  ]);
}

function tableOf(file: FileData, columns: readonly Column[]): Table {
  const positions = columns.find(([name]) => name === "positions" || name === "positions.0");
  const n = positions ? positions[1].length : Math.max(0, ...columns.map(([, v]) => v.length));
  if (n === 0) throw dataError(file.path, "holds no rows.");
  const kept = columns.filter(([, v]) => v.length === n);
  return { file: file.path, n, names: kept.map(([name]) => name), columns: kept.map(([, v]) => v) };
}
