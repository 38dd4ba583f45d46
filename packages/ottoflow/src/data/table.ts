import { dataError, limitError } from "../errors.ts";
import type { FileData } from "../params.ts";

/** Named columns of numbers, all of one length. */
export interface Table {
  readonly file: string;
  readonly n: number;
  readonly names: readonly string[];
  readonly columns: readonly Float64Array[];
}

/** Numbers a data file may hold: 4e8 bytes of columns. */
export const maxNumbers = 50_000_000;

export function checkNumbers(file: string, count: number): void {
  if (!(count <= maxNumbers)) throw limitError(`${file}: numbers in the file`, count, maxNumbers, "Use fewer rows or columns.");
}

/**
 * The column of this name.
 * @throws {DataError} with the names there are
 */
export function columnOf(table: Table, name: string): Float64Array {
  const k = table.names.indexOf(name);
  if (k < 0) throw dataError(table.file, `has no column "${name}". Its columns are ${table.names.map((s) => `"${s}"`).join(", ")}.`);
  return table.columns[k]!;
}

/** Ending of a file name in lower case, without the dot. */
export function endingOf(file: FileData): string {
  return (/\.([^./\\]+)$/.exec(file.path)?.[1] ?? "").toLowerCase();
}
