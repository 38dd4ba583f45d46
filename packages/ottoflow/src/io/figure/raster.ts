/** A grid of values as an indexed PNG inside the figure: 256 colours, deflated, one pixel per cell. */
import { zlibSync } from "fflate";
import { viridis } from "./colour.ts";

const signature = [137, 80, 78, 71, 13, 10, 26, 10];
const table: Int32Array = Int32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** CRC-32 of a PNG chunk (ISO 3309). */
function crc(bytes: Uint8Array): number {
  let c = -1;
  for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8);
  return (c ^ -1) >>> 0;
}
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/**
 * PNG of palette indices.
 * @param index [rows * columns], row by row from the top
 */
export function indexedPng(columns: number, rows: number, index: Uint8Array): Uint8Array {
  const head = new Uint8Array(13);
  const view = new DataView(head.buffer);
  view.setUint32(0, columns);
  view.setUint32(4, rows);
  head.set([8, 3, 0, 0, 0], 8);
  const palette = new Uint8Array(768);
  for (let k = 0; k < 256; k++) palette.set(viridis(k / 255), 3 * k);
  const lines = new Uint8Array(rows * (columns + 1));
  for (let r = 0; r < rows; r++) lines.set(index.subarray(r * columns, (r + 1) * columns), r * (columns + 1) + 1);
  const parts = [
    Uint8Array.from(signature),
    chunk("IHDR", head),
    chunk("PLTE", palette),
    chunk("IDAT", zlibSync(lines, { level: 6 })),
    chunk("IEND", new Uint8Array(0)),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** data: address of bytes. */
export function dataAddress(type: string, bytes: Uint8Array): string {
  let binary = "";
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return `data:${type};base64,${btoa(binary)}`;
}
