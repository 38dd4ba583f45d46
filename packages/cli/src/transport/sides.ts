/** The two sides of a transport problem from files: points, pictures and measures of a spec. */
import { createHash } from "node:crypto";
import { basename, dirname, extname } from "node:path";
import type { As, Law, Measure, Space } from "ottoflow/contract";
import { readColumns } from "ottoflow/data/columns";
import { type Picture, readImage } from "ottoflow/data/image";
import { readNpy } from "ottoflow/data/npy";
import { columnOf, type Table } from "ottoflow/data/table";
import { dataError, specError } from "ottoflow/errors";
import { imageLaw } from "ottoflow/measure/image";
import { storeCells, storeGaussian, storeParticles } from "ottoflow/measure/store";
import { makeBox } from "ottoflow/space/box";
import { makeFree } from "ottoflow/space/euclidean";
import { Builder } from "ottoflow/spec/build";
import { asObject } from "ottoflow/spec/check";
import { workedOut } from "ottoflow/spec/named";
import { parseSpec } from "ottoflow/spec/resolve";
import { type Palette, paletteOf } from "ottoflow/transport/palette";
import { cloud, exactSum } from "ottoflow/transport/problem";
import { fileReader, readBounded } from "../files.ts";

export interface SideOptions {
  /** coordinates of points; all columns but those that have another meaning unless given */
  readonly columns?: readonly string[];
  /** column of weights */
  readonly weights?: string;
  /** columns that are neither coordinates nor weights */
  readonly besides?: readonly string[];
  /** what a picture is: a density of dark or light pixels, or the set of its colours */
  readonly as?: "darkness" | "lightness" | "alpha" | "colours";
  /** cells of the longer side of a picture's grid */
  readonly grid?: number;
  /** atoms of a palette */
  readonly palette: number;
  /** particles drawn from a law that is neither Gaussian nor on a grid */
  readonly count: number;
  readonly seed: number;
}
export interface Side {
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
  readonly measure: Measure;
  /** in words */
  readonly what: string;
  readonly notes: readonly string[];
  /** W_2 of what the file stands for to the stored measure is at most this */
  readonly rounding: number;
  readonly table?: Table;
  readonly picture?: Picture;
  readonly palette?: Palette;
}
const mostBytes = 256 * 1024 * 1024;
const pictures: readonly string[] = [".png", ".jpg", ".jpeg"];

/** Reads both sides; pictures of both are laid on one grid. */
export async function readSides(files: readonly string[], options: SideOptions): Promise<readonly Side[]> {
  const raw = await Promise.all(files.map(async (file) => ({ file, bytes: await readBounded(file, mostBytes) })));
  const images = raw.map(({ file, bytes }) => (isPicture(file) ? readImage({ path: file, bytes }) : null));
  const space =
    options.as === "colours"
      ? null
      : commonGrid(
          images.filter((p) => p !== null),
          options.grid,
        );
  return Promise.all(
    raw.map(async ({ file, bytes }, k) => {
      const base = { name: basename(file, extname(file)), file, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
      const picture = images[k];
      if (picture) return { ...base, picture, ...(options.as === "colours" ? colours(picture, options) : density(picture, file, space as Space, options)) };
      if (file.toLowerCase().endsWith(".json")) return { ...base, ...(await fromSpec(file, bytes, options)) };
      return { ...base, ...points(file, bytes, options) };
    }),
  );
}
export const isPicture = (file: string): boolean => pictures.includes(extname(file).toLowerCase());

/** One box for all pictures: the pixels of the largest, or cells of `grid` along its longer side; that side has the length 1. */
function commonGrid(images: readonly Picture[], grid: number | undefined): Space | null {
  if (images.length === 0) return null;
  const width = Math.max(...images.map((p) => p.width));
  const height = Math.max(...images.map((p) => p.height));
  const longer = Math.max(width, height);
  const cells = grid ?? Math.min(256, longer);
  const shape = [width, height].map((s) => Math.max(1, Math.round((cells * s) / longer)));
  return makeBox({ lower: [0, 0], upper: [width / longer, height / longer], cells: shape });
}
function density(picture: Picture, file: string, space: Space, options: SideOptions): Pick<Side, "measure" | "what" | "notes" | "rounding"> {
  const channel = options.as === undefined || options.as === "colours" ? "darkness" : options.as;
  const grid = space.grid as NonNullable<Space["grid"]>;
  const upper = grid.lower.map((v, k) => v + grid.h[k] * grid.shape[k]);
  const scale = Math.min(upper[0] / picture.width, upper[1] / picture.height);
  const lower = [(upper[0] - scale * picture.width) / 2, (upper[1] - scale * picture.height) / 2];
  const law = imageLaw(picture, channel, lower, [lower[0] + scale * picture.width, lower[1] + scale * picture.height], {}, file);
  const rho = new Float64Array(space.cells!.n);
  storeCells(law, space, rho);
  return {
    measure: { rep: "cells", space, rho },
    what: `${picture.width} × ${picture.height} pixels, ${channel} as density on ${grid.shape.join(" × ")} cells`,
    notes: [`Mass is the ${channel} of the pixels, divided by its sum; the longer side of the pictures has the length 1.`],
    // mass moves at most half a diagonal of a cell to its centre
    rounding: 0.5 * Math.sqrt(grid.h[0] * grid.h[0] + grid.h[1] * grid.h[1]),
  };
}
function colours(picture: Picture, options: SideOptions): Pick<Side, "measure" | "what" | "notes" | "palette" | "rounding"> {
  const palette = paletteOf(picture.rgba, options.palette);
  return {
    measure: cloud(palette.x, { dim: 3, weights: palette.weight }),
    palette,
    what: `${picture.width} × ${picture.height} pixels, their colours as ${palette.n} atoms`,
    notes: [],
    rounding: palette.error,
  };
}

function points(file: string, bytes: Uint8Array, options: SideOptions): Pick<Side, "measure" | "what" | "notes" | "rounding" | "table"> {
  const besides = [...(options.besides ?? []), ...(options.weights === undefined ? [] : [options.weights])];
  const table = readColumns({ path: file, bytes }, options.columns && [...options.columns, ...besides]);
  const names = options.columns ?? table.names.filter((name) => !besides.includes(name) && !/^(weights?|mass)(\.0)?$/i.test(name));
  if (names.length === 0) throw dataError(file, "has no column of coordinates.");
  const weightName = options.weights ?? table.names.find((name) => /^(weights?|mass)(\.0)?$/i.test(name));
  const x = new Float64Array(names.length * table.n);
  for (const [k, name] of names.entries()) x.set(columnOf(table, name), k * table.n);
  const weights = weightName === undefined || options.columns?.includes(weightName) ? undefined : columnOf(table, weightName);
  return {
    measure: cloud(x, { dim: names.length, ...(weights && { weights }), name: file }),
    what: `${table.n} points in ${names.length} dimension${names.length > 1 ? "s" : ""} (${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""})`,
    notes: [...(weights ? [`Weights are the column "${weightName}".`] : []), ...framesNote(file, bytes)],
    rounding: 0,
    table,
  };
}

/** Of an array of frames only the last one counts, which its owner should hear. */
function framesNote(file: string, bytes: Uint8Array): string[] {
  if (!file.toLowerCase().endsWith(".npy")) return [];
  const { shape } = readNpy({ path: file, bytes });
  return shape.length === 3 ? [`${basename(file)} has the shape ${shape.join(" × ")}: of its ${shape[0]} frames the last one is taken.`] : [];
}

/** A JSON file: a measure as in specs, or a spec, of which `initial` counts. */
async function fromSpec(file: string, bytes: Uint8Array, options: SideOptions): Promise<Pick<Side, "measure" | "what" | "notes" | "rounding">> {
  const { spec: json, values } = workedOut(asObject(parseSpec(new TextDecoder().decode(bytes)), file, "a spec or a measure"));
  const read = fileReader({ folder: dirname(file), copies: new Map() });
  const isSpec = "initial" in json;
  const value = isSpec ? json.initial : json;
  const measures = (isSpec ? json.measures : undefined) as Record<string, unknown> | undefined;
  const builder = new Builder((measures ?? {}) as never, read, values);
  const dim = dimensionOf(value);
  const space = isSpec && json.space ? (await builder.make("space", json.space, "space", { dim: 0, space: undefined as never })).built : makeFree(dim);
  const law = (await builder.make("law", value, isSpec ? "initial" : "measure", { dim: space.dim, space })).built;
  return { ...stored(law, space, options), notes: [] };
}
/** Dimension that a measure without a space says by its own numbers. */
function dimensionOf(value: unknown): number {
  if (typeof value !== "object" || value === null) throw specError("measure", "is no object with a kind.");
  const given = value as Record<string, unknown>;
  for (const key of ["mean", "centre", "lower"]) if (Array.isArray(given[key])) return given[key].length;
  const first = Array.isArray(given.points) ? given.points[0] : undefined;
  return Array.isArray(first) ? first.length : 1;
}
function stored(law: Law, space: Space, options: SideOptions): { measure: Measure; what: string; rounding: number } {
  if (space.grid) {
    const rho = new Float64Array(space.cells!.n);
    storeCells(law, space, rho);
    const half = 0.5 * Math.sqrt(space.grid.h.reduce((s, h) => s + h * h, 0));
    return { measure: { rep: "cells", space, rho }, what: `a law on ${space.grid.shape.join(" × ")} cells`, rounding: half };
  }
  const d = law.dim;
  if (law.gaussian) {
    const measure = { rep: "gaussian" as const, space: makeFree(d), mean: new Float64Array(d), cov: new Float64Array(d * d), mass: law.mass };
    storeGaussian(law, measure.mean, measure.cov);
    return { measure, what: `a Gaussian in ${d} dimension${d > 1 ? "s" : ""}`, rounding: 0 };
  }
  const n = law.points?.n ?? options.count;
  const measure: As<"particles"> = { rep: "particles", space: makeFree(d), n, x: new Float64Array(d * n), weight: new Float64Array(n) };
  storeParticles(law, n, options.seed, measure.x, measure.weight);
  return { measure, what: `${n} points drawn from a law in ${d} dimension${d > 1 ? "s" : ""}`, rounding: law.points ? 0 : Number.NaN };
}

/** Mass of a side. */
export function massOf(m: Measure): number {
  if (m.rep === "particles") return exactSum(m.weight);
  if (m.rep === "cells") return exactSum(Array.from(m.rho, (r, i) => r * m.space.cells!.volume[i]));
  return m.mass;
}
/** The side divided by its mass. */
export function normalised(m: Measure): Measure {
  const mass = massOf(m);
  if (m.rep === "particles") return { ...m, weight: Float64Array.from(m.weight, (w) => w / mass) };
  if (m.rep === "cells") return { ...m, rho: Float64Array.from(m.rho, (r) => r / mass) };
  return { ...m, mass: 1 };
}
