import { decode as decodePng } from "fast-png";
import { decode as decodeJpeg } from "jpeg-js";
import { dataError, limitError } from "../errors.ts";
import type { FileData } from "../params.ts";

/** Pixels an image may have; checked from its header before it is decoded. */
export const maxPixels: number = 2048 * 2048;

/** Red, green, blue and opacity in [0, 1], rows from the top, `rgba[4 * (row * width + column)]`. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Float32Array;
}

/**
 * A PNG (any depth and colour type) or a JPEG.
 * @throws {DataError} where the bytes are neither, or damaged
 * @throws {LimitError} above 2048 x 2048 pixels
 */
export function readImage(file: FileData): Picture {
  const { bytes } = file;
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return readPng(file);
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return readJpeg(file);
  throw dataError(file.path, "is neither PNG nor JPEG by its first bytes.");
}

function checkPixels(file: FileData, width: number, height: number): void {
  if (width * height > maxPixels) throw limitError(`${file.path}: pixels`, width * height, maxPixels, "Scale the image down; cells are coarser anyway.");
  if (!(width > 0 && height > 0)) throw dataError(file.path, `says it has ${width} x ${height} pixels.`);
}

function readPng(file: FileData): Picture {
  const { bytes } = file;
  if (bytes.length < 33) throw dataError(file.path, "is truncated inside the PNG header.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkPixels(file, view.getUint32(16), view.getUint32(20));
  let png: ReturnType<typeof decodePng>;
  try {
    png = decodePng(bytes, { checkCrc: true });
  } catch (cause) {
    throw dataError(file.path, `is a damaged PNG (${cause instanceof Error ? cause.message : "unreadable"}).`, cause);
  }
  const { width, height, depth, channels, data, palette, transparency } = png;
  const top = (1 << depth) - 1;
  const perRow = depth < 8 ? Math.ceil((width * channels * depth) / 8) : width * channels;
  const sample = (row: number, i: number): number => {
    if (depth >= 8) return data[row * perRow + i]!;
    const bit = i * depth;
    return (data[row * perRow + (bit >> 3)]! >> (8 - depth - (bit & 7))) & top;
  };
  const rgba = new Float32Array(4 * width * height);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const at = 4 * (row * width + column);
      const v = Array.from({ length: channels }, (_, c) => sample(row, column * channels + c));
      const colour = palette ? palette[v[0]!]!.map((p) => p / 255) : v.map((p) => p / top);
      const grey = colour.length < 3;
      for (let c = 0; c < 3; c++) rgba[at + c] = colour[grey ? 0 : c]!;
      const clear = !palette && transparency && transparency.length === v.length && v.every((p, c) => p === transparency[c]);
      rgba[at + 3] = clear ? 0 : grey ? (colour[1] ?? 1) : (colour[3] ?? 1);
    }
  return { width, height, rgba };
}

/** Width and height from the frame header, by walking the segments. */
function jpegSize(file: FileData): [number, number] {
  const { bytes } = file;
  for (let i = 2; i + 9 < bytes.length && bytes[i] === 0xff; ) {
    const marker = bytes[i + 1]!;
    if (marker === 0xff) {
      i++;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return [bytes[i + 7]! * 256 + bytes[i + 8]!, bytes[i + 5]! * 256 + bytes[i + 6]!];
    i += 2 + bytes[i + 2]! * 256 + bytes[i + 3]!;
  }
  throw dataError(file.path, "is a JPEG without a frame header.");
}

function readJpeg(file: FileData): Picture {
  const [w, h] = jpegSize(file);
  checkPixels(file, w, h);
  try {
    const { width, height, data } = decodeJpeg(file.bytes, {
      useTArray: true,
      formatAsRGBA: true,
      tolerantDecoding: false,
      maxResolutionInMP: maxPixels / 1e6,
      maxMemoryUsageInMB: 1024,
    });
    return { width, height, rgba: Float32Array.from(data, (v) => v / 255) };
  } catch (cause) {
    throw dataError(file.path, `is a damaged JPEG (${cause instanceof Error ? cause.message : "unreadable"}).`, cause);
  }
}
