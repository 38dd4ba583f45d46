import type { Law } from "../contract.ts";
import { type Picture, readImage } from "../data/image.ts";
import { defineLaw, type Unit } from "../define.ts";
import { dataError, specError } from "../errors.ts";
import { gridLaw } from "./grid-law.ts";
import { perAxis, type Shared, shared } from "./law.ts";

export type Channel = "darkness" | "lightness" | "alpha";

/** How much mass a pixel has: luma Y' of Rec. 709 on the coded values, over white for darkness and over black for lightness; or the opacity. */
function pixelMass(p: Picture, channel: Channel, at: number): number {
  const alpha = p.rgba[at + 3]!;
  if (channel === "alpha") return alpha;
  const luma = 0.2126 * p.rgba[at]! + 0.7152 * p.rgba[at + 1]! + 0.0722 * p.rgba[at + 2]!;
  return channel === "lightness" ? alpha * luma : alpha * Math.max(0, 1 - luma);
}

/** Where the picture lies and which of its pixels count. */
export interface Laid extends Shared {
  /** what a pixel must exceed to carry mass, from 0 to below 1: the level of the paper; it carries what it has above that */
  readonly floor?: number;
}

/**
 * The density that is constant on each pixel of a picture laid over [lower, upper], the top row at the upper end of the second axis:
 * proportional to max(0, mass of the pixel - floor). Cells of any size then receive exact averages, and draws are uniform inside pixels.
 * @throws {DataError} where no pixel carries mass
 */
export function imageLaw(picture: Picture, channel: Channel, lower: readonly number[], upper: readonly number[], values: Laid = {}, file = "image"): Law {
  const { width, height } = picture;
  const floor = values.floor ?? 0;
  const mass = new Float64Array(width * height);
  for (let i = 0; i < width; i++)
    for (let j = 0; j < height; j++) mass[i * height + j] = Math.max(0, pixelMass(picture, channel, 4 * ((height - 1 - j) * width + i)) - floor);
  if (mass.every((m) => m === 0))
    throw dataError(file, `carries no mass in the channel "${channel}"${floor > 0 ? ` above the floor ${floor}; lower it or` : ";"} choose another channel.`);
  const h = [(upper[0]! - lower[0]!) / width, (upper[1]! - lower[1]!) / height];
  return { ...gridLaw({ lower, h, shape: [width, height] }, mass, values), tex: "\\rho_{\\text{image}}" };
}

/** The largest rectangle of the picture's proportions in the middle of a box. */
function contained(picture: Picture, lower: readonly number[], upper: readonly number[]): [number[], number[]] {
  const side = [upper[0]! - lower[0]!, upper[1]! - lower[1]!];
  const scale = Math.min(side[0]! / picture.width, side[1]! / picture.height);
  const half = [0.5 * scale * picture.width, 0.5 * scale * picture.height];
  const middle = [0.5 * (lower[0]! + upper[0]!), 0.5 * (lower[1]! + upper[1]!)];
  return [
    [middle[0]! - half[0]!, middle[1]! - half[1]!],
    [middle[0]! + half[0]!, middle[1]! + half[1]!],
  ];
}

export const image: Unit<"law"> = defineLaw({
  kind: "image",
  title: "density from an image",
  tex: "\\rho(x) \\propto \\text{darkness of the pixel at } x",
  summary:
    "A PNG or JPEG as a density in the plane: dark, light or opaque pixels carry mass. The picture keeps its proportions in the middle of the box unless it is told to fill it; the second axis points up. Cells receive exact averages of the pixels.",
  refs: [],
  params: {
    file: { type: "file", formats: ["png", "jpg", "jpeg"], doc: "the picture, at most 2048 x 2048 pixels" },
    channel: {
      type: "choice",
      of: ["darkness", "lightness", "alpha"],
      default: "darkness",
      doc: "what carries mass: dark pixels (over white), light pixels (over black), or opacity",
    },
    floor: {
      type: "number",
      min: 0,
      below: 1,
      default: 0,
      doc: "level of the paper: subtracted from every pixel, from 0 to 1 in the channel; pixels that do not exceed it carry nothing",
    },
    fit: { type: "choice", of: ["contain", "stretch"], default: "contain", doc: "keep the proportions inside the rectangle, or stretch to fill it" },
    lower: {
      type: "vector",
      broadcast: true,
      optional: true,
      unit: "length",
      doc: "lower corner of the rectangle for the picture; that of the space's box unless given",
    },
    upper: { type: "vector", broadcast: true, optional: true, unit: "length", doc: "upper corner of the rectangle for the picture" },
    ...shared,
  },
  examples: [
    { dim: 2, params: { file: "data/allium.jpg" }, note: "a photograph" },
    { dim: 2, params: { file: "data/allium.jpg", channel: "lightness", floor: 0.6 }, note: "its bright parts on empty paper" },
  ],
  build: (values, { dim, space }) => {
    if (dim !== 2) throw specError("kind", `an image is a density in the plane when the space has ${dim} axes.`);
    const grid = space.grid;
    const lower = values.lower ? perAxis("lower", values.lower, 2, 0) : grid?.lower;
    const upper = values.upper ? perAxis("upper", values.upper, 2, 0) : grid?.lower.map((a, k) => a + grid.h[k]! * grid.shape[k]!);
    if (!lower || !upper) throw specError("lower", "an image in free space needs its rectangle: give lower and upper.");
    const picture = readImage(values.file);
    const [a, b] = values.fit === "stretch" ? [lower, upper] : contained(picture, lower, upper);
    return imageLaw(picture, values.channel, a, b, values, values.file.path);
  },
});
