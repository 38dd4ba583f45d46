/** What becomes of files that are dropped on the page: a flow to open, or the start of the flow that stands. */
import { readColumns } from "ottoflow/data/columns";
import { isOttoflowError } from "ottoflow/errors";
import { type Bundle, BundleError, readSpecText, unpackBundle } from "./bundle.ts";

export interface DroppedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}
export interface Taken extends Bundle {
  /** open as another flow, or as the next state of this one */
  readonly as: "flow" | "start";
  readonly says: string;
}
type Spec = Readonly<Record<string, unknown>>;

const pictures = ["png", "jpg", "jpeg"];
const tables = ["csv", "tsv", "txt", "npy", "npz"];
export const dropFormats: readonly string[] = [...pictures, ...tables, "zip", "json"];

const endingOf = (name: string): string => /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
/** A path of our own for what somebody calls it: no folders, no signs that shells or zips mind. */
export function pathOf(name: string): string {
  const plain = name
    .split(/[/\\]/)
    .at(-1)!
    .normalize("NFKD")
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[-.]+/, "");
  return `dropped/${plain || "file"}`;
}

/** @throws {BundleError} in words for what cannot be taken */
export function takeFile(file: DroppedFile, spec: Spec, files: Bundle["files"], dim: number): Taken {
  const ending = endingOf(file.name);
  if (ending === "zip") return { as: "flow", ...unpackBundle(file.bytes), says: `The flow in ${file.name} is open, with its files.` };
  if (ending === "json") return { as: "flow", spec: readSpecText(file.bytes), files: {}, says: `The flow in ${file.name} is open.` };
  if (!pictures.includes(ending) && !tables.includes(ending))
    throw new BundleError(`${file.name} has the ending "${ending}" when ${dropFormats.join(", ")} are taken`);
  const path = pathOf(file.name);
  const kept = { ...files, [path]: file.bytes };
  const start = pictures.includes(ending) ? picture(path, spec, dim) : table(path, file, spec, dim);
  return {
    as: "start",
    files: kept,
    ...start,
    says: `The flow starts from ${file.name}. ${start.says}A link cannot hold the file: Share offers a bundle instead.`,
  };
}

function picture(path: string, spec: Spec, dim: number): { spec: Spec; says: string } {
  if (dim !== 2)
    throw new BundleError(`a picture is a density in the plane when this flow has ${dim} ${dim === 1 ? "axis" : "axes"}; open a flow in the plane first`);
  const room = hasBox(spec) ? {} : { lower: [-1, -1], upper: [1, 1] };
  return { spec: { ...spec, initial: { ...keptOf(spec.initial), kind: "image", file: path, ...room } }, says: "" };
}

function table(path: string, file: DroppedFile, spec: Spec, dim: number): { spec: Spec; says: string } {
  let read: ReturnType<typeof readColumns>;
  try {
    read = readColumns({ path: file.name, bytes: file.bytes }, numericColumns(file));
  } catch (error) {
    throw new BundleError(isOttoflowError(error) ? error.message.replace(/\.$/, "") : `${file.name} could not be read`);
  }
  const positions = read.names.flatMap((name, k) => (/^positions(\.\d+)?$/.test(name) ? [k] : []));
  const usable = positions.length > 0 ? positions : read.names.map((_, k) => k);
  if (usable.length < dim) throw new BundleError(`${file.name} has ${usable.length} columns of numbers when this flow has ${dim} axes`);
  const chosen = usable.slice(0, dim);
  const names = chosen.map((k) => read.names[k]!);
  const initial = { ...keptOf(spec.initial), kind: "samples", file: path, columns: names };
  const { space, says } = widened(
    spec,
    chosen.map((k) => read.columns[k]!),
  );
  return { spec: { ...spec, initial, ...(space !== undefined && { space }) }, says: `${read.n} points from ${names.join(", ")}. ${says}` };
}

/** Columns of a text table whose first row is a number; undefined for arrays, which hold nothing else. */
function numericColumns({ name, bytes }: DroppedFile): readonly string[] | undefined {
  const ending = endingOf(name);
  if (ending === "npy" || ending === "npz") return undefined;
  const [head = "", row = ""] = new TextDecoder()
    .decode(bytes.subarray(0, 65_536))
    .replace(/^\ufeff/, "")
    .split(/\r?\n/);
  const cut = ending === "csv" ? "," : ending === "tsv" ? "\t" : /[,;\s]+/;
  const plain = (cell: string): string => cell.trim().replace(/^"|"$/g, "");
  const isNumber = (cell: string): boolean => cell !== "" && Number.isFinite(Number(cell));
  const names = head.split(cut).map(plain);
  // a table without names: all of its columns are read, and named by their place
  if (names.every(isNumber)) return undefined;
  const cells = row.split(cut).map(plain);
  const numeric = names.filter((_, k) => isNumber(cells[k] ?? ""));
  return numeric.length > 0 ? numeric : undefined;
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...(value as Record<string, unknown>) } : {};
const hasBox = (spec: Spec): boolean => asRecord(spec.space).lower !== undefined;
/** What every law takes stays as it was; the number of particles is the file's own. */
function keptOf(initial: unknown): Record<string, unknown> {
  const { mass, placement, cut } = asRecord(initial);
  return { ...(mass !== undefined && { mass }), ...(placement !== undefined && { placement }), ...(cut !== undefined && { cut }) };
}

/** The box about the data, where they leave the one that is there. */
function widened(spec: Spec, columns: readonly Float64Array[]): { space?: Spec; says: string } {
  const space = asRecord(spec.space);
  const [lower, upper] = [corner(space.lower, columns.length), corner(space.upper, columns.length)];
  if (!lower || !upper) return { says: "" };
  const ranges = columns.map((c) => [c.reduce((a, v) => Math.min(a, v), Infinity), c.reduce((a, v) => Math.max(a, v), -Infinity)] as const);
  if (ranges.every(([a, b], k) => a >= lower[k]! && b <= upper[k]!)) return { says: "" };
  const room = (k: number): number => 0.15 * (ranges[k]![1] - ranges[k]![0]) || 1;
  const round = (v: number, of: number): number => Number(v.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(v) / of)) + 2)));
  return {
    space: {
      ...space,
      lower: ranges.map(([a], k) => Math.min(a, round(a - room(k), room(k)))),
      upper: ranges.map(([, b], k) => Math.max(b, round(b + room(k), room(k)))),
    },
    says: "The box now lies around them. ",
  };
}
function corner(value: unknown, dim: number): readonly number[] | null {
  if (typeof value === "number") return new Array<number>(dim).fill(value);
  if (!Array.isArray(value) || !value.every((v): v is number => typeof v === "number")) return null;
  return value.length === 1 ? new Array<number>(dim).fill(value[0]!) : value.length === dim ? value : null;
}
