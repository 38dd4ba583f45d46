import { encode as encodePng } from "fast-png";
import { zipSync } from "fflate";
import { encode as encodeJpeg } from "jpeg-js";
import { describe, expect, test } from "vitest";
import { readColumns } from "./columns.ts";
import { readCsv } from "./csv.ts";
import { readImage } from "./image.ts";
import { readNpy, readNpz } from "./npy.ts";

const text = (s: string, path = "data.csv") => ({ path, bytes: new TextEncoder().encode(s) });
/** A version 1 .npy file as numpy.save writes it: header padded with spaces to a multiple of 64, newline at its end. */
function npy(descr: string, shape: string, data: ArrayBufferView, fortran = false, path = "a.npy") {
  const head = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': ${shape}, }`;
  const padded = `${head.padEnd(117)}\n`;
  const bytes = new Uint8Array(10 + padded.length + data.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length);
  return { path, bytes };
}

describe("CSV", () => {
  test("header, quoted fields with separators and line breaks, blank lines, comments, CRLF, BOM", () => {
    const t = readCsv(text('\ufeff# made by hand\r\nx,"a ""b"", c",w\r\n1,2.5e-3,"3"\r\n\r\n-4,+5,6\r\n'));
    expect(t.names).toEqual(["x", 'a "b", c', "w"]);
    expect(t.columns.map((c) => [...c])).toEqual([
      [1, -4],
      [0.0025, 5],
      [3, 6],
    ]);
  });
  test("semicolons, tabs, spaces (numpy.savetxt), no header", () => {
    expect([...readCsv(text("a;b\n1;2\n")).columns[1]!]).toEqual([2]);
    expect([...readCsv(text("1\t2\n3\t4")).columns[0]!]).toEqual([1, 3]);
    const t = readCsv(text("  1.000e+00   2.000e+00\n3 4\n"));
    expect([t.names, [...t.columns[1]!]]).toEqual([
      ["0", "1"],
      [2, 4],
    ]);
    expect([...readCsv(text("7\n8\n9\n")).columns[0]!]).toEqual([7, 8, 9]);
  });
  test.each([
    ["x,y\n1,2\n3,\n", /line 3, column "y": the value is missing/],
    ["x,y\n1,NaN\n", /line 2, column "y": the value is missing/],
    ['x,"two\nlines"\n1,2\nfoo,4\n', /line 4, column "x": got "foo"/],
    ["x,y\n1,2\n3\n", /line 3 has 1 fields when the header has 2/],
    ["x;y\n1,5;2\n", /write decimals with a point/],
    ['x,y\n1,"2\n3,4\n', /line 2 opens a quote/],
    ["x,x\n1,2\n", /"x" twice/],
    ["# nothing\n\n", /no rows/],
    ["x,y\n", /no rows of numbers/],
    ["x\n1e999\n", /expected a finite number/],
  ])("%j is refused with its place", (s, message) => {
    expect(() => readCsv(text(s))).toThrow(message);
  });
  test("bytes that are no UTF-8", () => {
    expect(() => readCsv({ path: "b.csv", bytes: Uint8Array.of(0x31, 0xff, 0xfe) })).toThrow(/not UTF-8/);
  });
});

describe("NPY", () => {
  test("types, byte orders, memory orders", () => {
    expect([...readNpy(npy("<f8", "(3,)", Float64Array.of(1, -2, 0.5))).values]).toEqual([1, -2, 0.5]);
    expect([...readNpy(npy("<f4", "(2,)", Float32Array.of(0.5, 3))).values]).toEqual([0.5, 3]);
    expect([...readNpy(npy(">i2", "(2,)", Uint8Array.of(0, 5, 255, 255))).values]).toEqual([5, -1]);
    expect([...readNpy(npy("<i8", "(2,)", BigInt64Array.of(7n, -9n))).values]).toEqual([7, -9]);
    expect([...readNpy(npy("|u1", "(2,)", Uint8Array.of(200, 3))).values]).toEqual([200, 3]);
    const f = readNpy(npy("<f8", "(2, 3)", Float64Array.of(1, 4, 2, 5, 3, 6), true));
    expect([f.shape, [...f.values]]).toEqual([
      [2, 3],
      [1, 2, 3, 4, 5, 6],
    ]);
    expect(readNpy(npy("<f8", "()", Float64Array.of(4))).values[0]).toBe(4);
  });
  test("truncated, wrong, not finite, beyond 2^53", () => {
    const good = npy("<f8", "(3,)", Float64Array.of(1, 2, 3));
    expect(() => readNpy({ path: "a.npy", bytes: good.bytes.subarray(0, good.bytes.length - 1) })).toThrow(
      /truncated: shape \(3\) needs 24 bytes of data when 23/,
    );
    expect(() => readNpy({ path: "a.npy", bytes: good.bytes.subarray(0, 40) })).toThrow(/truncated inside its header/);
    expect(() => readNpy(text("hello, this is text", "a.npy"))).toThrow(/no NumPy array/);
    expect(() => readNpy(npy("|O", "(1,)", new Uint8Array(8)))).toThrow(/not a plain array/);
    expect(() => readNpy(npy("<c16", "(1,)", new Uint8Array(16)))).toThrow(/type c16/);
    expect(() => readNpy(npy("<f8", "(1,)", Float64Array.of(Number.NaN)))).toThrow(/entry 0 is NaN/);
    expect(() => readNpy(npy("<i8", "(1,)", BigInt64Array.of(2n ** 60n)))).toThrow(/beyond 2\^53/);
    // a header that promises more than memory allows is refused before allocation
    expect(() => readNpy(npy("<f8", "(99999999, 9999)", new Uint8Array(8)))).toThrow(/at most 50000000/);
  });
  test("NPZ: names, frames, arrays of other lengths left out", () => {
    const zip = zipSync({
      "positions.npy": npy("<f8", "(2, 3, 2)", Float64Array.of(0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6)).bytes,
      "weights.npy": npy("<f8", "(3,)", Float64Array.of(1, 1, 2)).bytes,
      "t.npy": npy("<f8", "(2,)", Float64Array.of(0, 1)).bytes,
    });
    const file = { path: "run.npz", bytes: zip };
    expect(Object.keys(readNpz(file)).sort()).toEqual(["positions", "t", "weights"]);
    const t = readColumns(file);
    expect(t.names).toEqual(["positions.0", "positions.1", "weights"]);
    expect([...t.columns[1]!]).toEqual([2, 4, 6]);
    expect(() => readNpz({ path: "run.npz", bytes: zip.subarray(0, 50) })).toThrow(/no readable zip/);
    expect(() => readColumns(text("", "x.xls"))).toThrow(/ending "xls"/);
  });
});

describe("images", () => {
  const png = (options: object) => ({ path: "p.png", bytes: encodePng(options as never) });
  test("grey, RGB, RGBA, 16 bit", () => {
    const grey = readImage(png({ width: 2, height: 1, data: Uint8Array.of(0, 255), depth: 8, channels: 1 }));
    expect([...grey.rgba]).toEqual([0, 0, 0, 1, 1, 1, 1, 1]);
    const rgba = readImage(png({ width: 1, height: 2, data: Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 0), depth: 8, channels: 4 }));
    expect([...rgba.rgba]).toEqual([1, 0, 0, 1, 0, 1, 0, 0]);
    const deep = readImage(png({ width: 1, height: 1, data: Uint16Array.of(32768, 0, 65535), depth: 16, channels: 3 }));
    expect(deep.rgba[0]).toBeCloseTo(32768 / 65535, 6);
  });
  test("JPEG: a flat grey stays grey, a black and white half stays that", () => {
    const data = new Uint8Array(4 * 16 * 8);
    for (let i = 0; i < 16 * 8; i++) data.set(i % 16 < 8 ? [0, 0, 0, 255] : [255, 255, 255, 255], 4 * i);
    const p = readImage({ path: "p.jpg", bytes: new Uint8Array(encodeJpeg({ width: 16, height: 8, data }, 95).data) });
    expect([p.width, p.height]).toEqual([16, 8]);
    expect(p.rgba[0]).toBeLessThan(0.03);
    expect(p.rgba[4 * 15]).toBeGreaterThan(0.97);
  });
  test("other bytes, damage, and sizes beyond the limit are refused, the last from the header alone", () => {
    expect(() => readImage(text("GIF89a", "p.png"))).toThrow(/neither PNG nor JPEG/);
    const good = png({ width: 8, height: 8, data: new Uint8Array(64), depth: 8, channels: 1 });
    expect(() => readImage({ path: "p.png", bytes: good.bytes.subarray(0, 40) })).toThrow(/damaged PNG/);
    const huge = good.bytes.slice();
    new DataView(huge.buffer).setUint32(16, 100000);
    new DataView(huge.buffer).setUint32(20, 100000);
    expect(() => readImage({ path: "p.png", bytes: huge })).toThrow(/got 10000000000 when at most 4194304/);
    expect(() => readImage({ path: "p.jpg", bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9) })).toThrow(/without a frame header/);
  });
});
