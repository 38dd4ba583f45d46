/** Colour transfer: the colours of one photograph carried to those of another, at full resolution. */
import { encode } from "fast-png";
import type { Picture } from "ottoflow/data/image";
import { type Recoloured, recolour } from "ottoflow/transport/palette";
import type { Pair } from "./pair.ts";

export interface Transfer extends Recoloured {
  readonly width: number;
  readonly height: number;
}

/** Each atom of the palette goes to the mean of where its mass goes; each pixel moves with its atom. */
export function transferColours(pair: Pair): Transfer | null {
  const { picture, palette } = pair.from;
  if (!picture || !palette || !pair.target) return null;
  return { width: picture.width, height: picture.height, ...recolour(picture.rgba, palette, pair.target) };
}

/** 8-bit PNG. */
export function pngOf({ width, height, rgba }: Pick<Picture, "width" | "height" | "rgba">): Uint8Array {
  return new Uint8Array(encode({ width, height, channels: 4, depth: 8, data: Uint8Array.from(rgba, (v) => Math.round(255 * v)) }));
}
