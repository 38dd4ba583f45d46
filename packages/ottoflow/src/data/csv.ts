import { dsvFormat } from "d3-dsv";
import { dataError } from "../errors.ts";
import type { FileData } from "../params.ts";
import { checkNumbers, type Table } from "./table.ts";

/**
 * Numbers in comma-, semicolon-, tab- or space-separated text: quoted fields, an optional header (a first row that is not all numbers; else columns are "0", "1", …),
 * blank lines and lines that start with # are skipped, a last header line in # comments is not read as names.
 * @throws {DataError} with the line for missing values, text among numbers, rows of another length, an open quote
 * @throws {LimitError} before columns are allocated
 */
export function readCsv(file: FileData, wanted?: readonly string[]): Table {
  const table = readRows(file);
  const names = wanted ?? table.names;
  checkNumbers(file.path, table.rows.length * names.length);
  return { file: file.path, n: table.rows.length, names, columns: names.map((name) => numbersOf(table, name)) };
}

/** Rows of text under named columns: what a table is before its fields are read as numbers. */
export interface TextTable {
  readonly file: string;
  readonly names: readonly string[];
  readonly rows: readonly Row[];
}

/** @throws {DataError} with the line for rows of another length, an open quote, a column named twice, an empty table */
export function readRows(file: FileData): TextTable {
  const text = decode(file);
  const rows = splitRows(file, text).filter((row) => !(row.fields.length === 1 && row.fields[0]!.trim() === "") && !row.fields[0]!.trimStart().startsWith("#"));
  const first = rows[0];
  if (!first) throw dataError(file.path, "holds no rows.");
  const header = first.fields.some((f) => !isNumber(f));
  const names = header ? first.fields.map((f) => f.trim()) : first.fields.map((_, k) => String(k));
  const body = header ? rows.slice(1) : rows;
  if (body.length === 0) throw dataError(file.path, "holds a header but no rows of numbers.");
  const twice = names.find((name, k) => names.indexOf(name) !== k);
  if (twice !== undefined) throw dataError(file.path, `names the column "${twice}" twice.`);
  for (const row of body)
    if (row.fields.length !== names.length)
      throw dataError(file.path, `line ${row.line} has ${row.fields.length} fields when ${header ? "the header" : `line ${first.line}`} has ${names.length}.`);
  return { file: file.path, names, rows: body };
}

/** Place of a column. @throws {DataError} with the names there are */
export function placeOf(table: TextTable, name: string): number {
  const k = table.names.indexOf(name);
  if (k < 0) throw dataError(table.file, `has no column "${name}". Its columns are ${table.names.map((s) => `"${s}"`).join(", ")}.`);
  return k;
}

/** One column as numbers. @throws {DataError} with the line of the first field that is none */
export function numbersOf(table: TextTable, name: string): Float64Array {
  const k = placeOf(table, name);
  return Float64Array.from(table.rows, (row) => numberOf(table.file, row.fields[k]!, row.line, name));
}

export interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

function decode(file: FileData): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(file.bytes);
  } catch (cause) {
    throw dataError(file.path, "is not UTF-8 text.", cause);
  }
}

/** The separator is the one of comma, semicolon and tab that occurs most in the first data line, else white space. */
function splitRows(file: FileData, text: string): Row[] {
  const sample = text.split(/\r?\n|\r/).find((line) => line.trim() !== "" && !line.trimStart().startsWith("#")) ?? "";
  const count = (mark: string): number => sample.split(mark).length - 1;
  const mark = [",", ";", "\t"].reduce((best, m) => (count(m) > count(best) ? m : best));
  if (count(mark) === 0) return text.split(/\r?\n|\r/).map((line, i) => ({ line: i + 1, fields: line.trim().split(/\s+/) }));
  if (count('"') > 0 || text.includes('"')) checkQuotes(file, text);
  let line = 1;
  return dsvFormat(mark)
    .parseRows(text)
    .map((fields) => {
      const row = { line, fields };
      line += 1 + fields.reduce((s, f) => s + (f.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
      return row;
    });
}

/** An odd number of quotes leaves one open, which would swallow the rest of the file. */
function checkQuotes(file: FileData, text: string): void {
  let last = -1;
  let open = false;
  for (let i = text.indexOf('"'); i >= 0; i = text.indexOf('"', i + 1)) {
    open = !open;
    last = i;
  }
  if (open) throw dataError(file.path, `line ${text.slice(0, last).split(/\r\n|\r|\n/).length} opens a quote that is never closed.`);
}

const isNumber = (field: string): boolean => field.trim() !== "" && !Number.isNaN(Number(field));

function numberOf(file: string, field: string, line: number, name: string): number {
  const text = field.trim();
  const value = text === "" ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  const where = `line ${line}, column "${name}"`;
  if (text === "" || /^(na|nan|null|none|-|\?)$/i.test(text)) throw dataError(file, `${where}: the value is missing. Remove such rows, or fill them in.`);
  if (/^[-+]?\d+,\d+$/.test(text)) throw dataError(file, `${where}: got "${text}"; write decimals with a point.`);
  throw dataError(file, `${where}: got "${text.slice(0, 40)}" when expected a finite number.`);
}
