import { parquetReadObjects } from "hyparquet";
import { describe, expect, test } from "vitest";
import * as zarrita from "zarrita";
import { exporterKinds, openExporter } from "../src/export/exporters.ts";
import { exportedRun } from "../src/folder/result.ts";
import { gaussianDensity, run } from "./made-run.ts";

const made = exportedRun("by hand", run);
const file = async (kind: string, name: string): Promise<Uint8Array> => (await (await openExporter(kind)).write(made)).find((f) => f.name === name)!.bytes;

describe("zarr", () => {
  test("reads back to the same bits, with named axes", async () => {
    const files = await (await openExporter("zarr")).write(made);
    const store = new Map(files.map((f) => [f.name.replace("frames.zarr", ""), f.bytes] as const));
    const density = await zarrita.open(zarrita.root(store).resolve("density"), { kind: "array" });
    expect(density.shape).toEqual([11, 80]);
    expect(JSON.parse(new TextDecoder().decode(store.get("/density/zarr.json")))).toMatchObject({
      zarr_format: 3,
      data_type: "float64",
      dimension_names: ["t", "x"],
    });
    const { data } = await zarrita.get(density as zarrita.Array<"float64", Map<string, Uint8Array>>, null);
    expect(data).toEqual(Float64Array.from(run.frames.flatMap((f) => [...(f.measure as { rho: Float64Array }).rho])));
  });
});
describe("parquet", () => {
  test("an independent reader gets the trace to the same bits", async () => {
    const bytes = await file("parquet", "trace.parquet");
    const rows = await parquetReadObjects({ file: bytes.slice().buffer });
    expect(rows.length).toBe(101);
    expect(rows[100]).toMatchObject({ t: 1, mass: 1, energy: run.trace.energy[100], "energy:0:entropy": run.trace.energy[100] });
  });
  test("frames in long form", async () => {
    const rows = await parquetReadObjects({ file: (await file("parquet", "frames.parquet")).slice().buffer });
    expect(rows.length).toBe(11 * 80);
    expect(rows[80].t).toBe(0.1);
    expect(rows[80].density).toBeCloseTo(gaussianDensity(rows[80].x, 0.1), 14);
  });
});
test("png: pictures twice as fine as the drawing, with letters from the package's own font", async () => {
  const bytes = await file("png", "densities.png");
  expect([...bytes.subarray(1, 4)]).toEqual([80, 78, 71]);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  expect([view.getUint32(16), view.getUint32(20)]).toEqual([1520, 760]);
});
test("formats of the command: the library's and its own", () => expect(exporterKinds).toEqual(["csv", "npz", "parquet", "png", "svg", "zarr"]));
test("an unknown format says which there are", async () => await expect(openExporter("xlsx")).rejects.toThrow(/"xlsx" is not a format. Formats: csv, npz/));
