import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import type { Cells, Particles, Quantiles } from "../contract.ts";
import type { ExportedRun } from "../define.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { blocksOf, traceName } from "./blocks.ts";
import { npyBytes } from "./npy.ts";
import { npzBytes } from "./npz.ts";

/** Reads the format from its published layout, apart from our writer. */
function readNpy(bytes: Uint8Array): { header: string; offset: number; values: Float64Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint16(8, true);
  const header = new TextDecoder("latin1").decode(bytes.subarray(10, 10 + length));
  const body = bytes.slice(10 + length);
  return { header, offset: 10 + length, values: new Float64Array(body.buffer, 0, body.byteLength / 8) };
}
const trace = { t: Float64Array.of(0, 1), "energy:0:entropy": Float64Array.of(2, 1) };
const run = (frames: ExportedRun["frames"]): ExportedRun => ({ title: "by hand", times: frames.map((_, i) => i), frames, trace });

describe("NPY", () => {
  test("format 1.0: magic, aligned header that ends in a newline, C order, little-endian doubles", () => {
    const bytes = npyBytes([2, 3], Float64Array.of(1, 2, 3, 4, 5, 6));
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, 78, 85, 77, 80, 89, 1, 0]);
    const { header, offset, values } = readNpy(bytes);
    expect(offset % 64).toBe(0);
    expect(header.trimEnd()).toBe("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }");
    expect(header.endsWith("\n")).toBe(true);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
  });
  test("one axis is a tuple of one, floats say so", () => {
    expect(readNpy(npyBytes([3], new Float32Array(3))).header).toContain("'<f4', 'fortran_order': False, 'shape': (3,)");
  });
});

describe("blocks of a run", () => {
  test("cells of a box: density [frames, nx, ny], the first axis slowest, and centres of the cells", () => {
    const space = makeBox({ lower: [0, -1], upper: [1, 1], cells: [2, 4], periodic: [false, false] });
    const frame = (k: number): Cells => ({ rep: "cells", space, rho: Float64Array.from({ length: 8 }, (_, i) => 10 * k + i) });
    const blocks = blocksOf(run([frame(0), frame(1)]));
    expect(blocks.map((b) => [b.name, b.shape])).toEqual([
      ["t", [2]],
      ["density", [2, 2, 4]],
      ["x", [2]],
      ["y", [4]],
      ["trace_t", [2]],
      ["trace_energy_0_entropy", [2]],
    ]);
    expect([...blocks[1].values.subarray(8)]).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
    expect([...blocks[2].values]).toEqual([0.25, 0.75]);
    expect([...blocks[3].values]).toEqual([-0.75, -0.25, 0.25, 0.75]);
  });
  test("particles: positions [frames, n, d] from coordinate-major rows; weights once unless they change", () => {
    const space = makeFree(2);
    const frame = (w: number): Particles => ({ rep: "particles", space, n: 3, x: Float64Array.of(1, 2, 3, 10, 20, 30), weight: Float64Array.of(w, 1, 1) });
    const [, positions, weights] = blocksOf(run([frame(1), frame(1)]));
    expect([...positions.values.subarray(0, 6)]).toEqual([1, 10, 2, 20, 3, 30]);
    expect(positions.shape).toEqual([2, 3, 2]);
    expect(weights.shape).toEqual([3]);
    expect(blocksOf(run([frame(1), frame(2)]))[2].shape).toEqual([2, 3]);
  });
  test("quantiles: positions [frames, n] and their levels", () => {
    const level = Float64Array.of(0, 0.5, 1);
    const frame: Quantiles = { rep: "quantiles", space: makeFree(1), x: Float64Array.of(-1, 0, 1), level, mass: 1 };
    const blocks = blocksOf(run([frame, frame]));
    expect(blocks.slice(1, 4).map((b) => [b.name, b.shape])).toEqual([
      ["positions", [2, 3]],
      ["levels", [3]],
      ["mass", [2]],
    ]);
  });
  test("frames of different sizes are refused with both numbers", () => {
    const space = makeBox({ lower: [0], upper: [1], cells: [2], periodic: [false] });
    const frame = (n: number): Cells => ({ rep: "cells", space, rho: new Float64Array(n) });
    expect(() => blocksOf(run([frame(2), frame(3)]))).toThrow(/3 values when 2/);
  });
  test("trace columns become array names", () => expect(traceName("energy:1:relative-entropy")).toBe("trace_energy_1_relative_entropy"));
});

test("NPZ: the same run gives the same bytes, and each entry is an NPY", () => {
  const blocks = blocksOf(run([{ rep: "gaussian", space: makeFree(1), mean: Float64Array.of(3), cov: Float64Array.of(4), mass: 1 }]));
  const bytes = npzBytes(blocks);
  expect(npzBytes(blocks)).toEqual(bytes);
  const files = unzipSync(bytes);
  expect(Object.keys(files)).toEqual(["t.npy", "mean.npy", "covariance.npy", "mass.npy", "trace_t.npy", "trace_energy_0_entropy.npy"]);
  expect([...readNpy(files["covariance.npy"]).values]).toEqual([4]);
  expect(readNpy(files["covariance.npy"]).header).toContain("(1, 1, 1)");
});
