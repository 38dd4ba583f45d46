import { unzipSync } from "fflate";
import { parquetReadObjects } from "hyparquet";
import { readNpy, readNpz } from "ottoflow/data/npy";
import { describe, expect, test } from "vitest";
import * as zarrita from "zarrita";
import type { Opening, PlainFrame } from "../engine/messages.ts";
import { fileName, shellOf, shellWord, typescriptOf } from "./code.ts";
import { delaysOf, even, filmOf } from "./film.ts";
import { exportedRun, framesCsv, npyOf, npzOf, svgOf, traceCsv, zipOf } from "./run.ts";

const at = (t: number): PlainFrame => ({ t, index: 0, measure: { rep: "cells", rows: { rho: Float64Array.of(1 - t, 1, 1 + t, 1) } } });
const opening = {
  job: "flow",
  title: "Four <cells>",
  dim: 1,
  grid: { shape: [4], lower: [0], h: [0.25], periodic: [false] },
  start: 0,
  until: 1,
  law: { equation: "", energy: "", parts: [{ label: "entropy", tex: "", variation: "" }], geometry: "", drift: [], initial: "", scheme: null },
  resolved: {},
  known: { exact: null, modulus: null },
} as Opening;
const trace = [0, 0.5].map((t) => ({ t, step: 2 * t, energy: null, parts: [t], dissipation: 1, mass: 1, minimum: 0 }));

describe("films", () => {
  const frames = [0, 0.1, 0.2, 0.5, 1].map(at);
  test("pictures stand at even times, on the nearest frame; first and last are the run's", () => {
    expect(filmOf(frames, 1, 11).times).toEqual([0, 0.1, 0.2, 0.2, 0.5, 0.5, 0.5, 0.5, 1, 1, 1]);
    expect(filmOf([at(0), at(1)], 0.01, 25).times).toEqual([1]);
    expect(filmOf([], 1, 25).times).toEqual([]);
  });
  test("as many pictures as frames: each frame once", () => {
    const even240 = Array.from({ length: 240 }, (_, i) => at(i / 239));
    expect(filmOf(even240, 8, 30).times).toEqual(even240.map((f) => f.t));
  });
  test("delays of a GIF add up to the film, in whole hundredths", () => {
    const delays = delaysOf(90, 30);
    expect(delays.reduce((a, b) => a + b)).toBe(3000);
    expect(delays.every((d) => d % 10 === 0 && d >= 30 && d <= 40)).toBe(true);
  });
  test("even sizes", () => expect([even(101), even(100.9), even(1)]).toEqual([100, 100, 2]));
});

describe("data", () => {
  const run = exportedRun(opening, [at(0), at(0.5)], trace);
  test("NPZ and NPY read back to the same bits", () => {
    const arrays = readNpz({ path: "run.npz", bytes: npzOf(run) });
    expect([...arrays.t!.values]).toEqual([0, 0.5]);
    expect(arrays.density!.shape).toEqual([2, 4]);
    expect([...arrays.density!.values]).toEqual([1, 1, 1, 1, 0.5, 1, 1.5, 1]);
    expect([...arrays.trace_energy_0_entropy!.values]).toEqual([0, 0.5]);
    const one = readNpy({ path: "a.npy", bytes: npyOf(run, 1) });
    expect(one.shape).toEqual([4]);
    expect([...one.values]).toEqual([0.5, 1, 1.5, 1]);
  });
  test("tables: a line per cell and frame; the trace without columns that nobody knows", () => {
    const lines = new TextDecoder().decode(framesCsv(run)).trim().split("\n");
    expect(lines).toHaveLength(9);
    expect(lines[5]).toBe("0.5,0.125,0.5");
    expect(new TextDecoder().decode(traceCsv(run)).split("\n")[1]).toBe("0,0,0,1,1,0");
  });
  test("Parquet: both tables in one archive, as an independent reader reads them", async () => {
    const files = unzipSync(await zipOf("parquet", run));
    const rows = await parquetReadObjects({ file: files["frames.parquet"]!.slice().buffer });
    expect([rows.length, rows[5]]).toEqual([8, { t: 0.5, x: 0.375, density: 1 }]);
    expect(await parquetReadObjects({ file: files["trace.parquet"]!.slice().buffer })).toHaveLength(2);
  });
  test("Zarr: the group in one archive reads back to the same bits", async () => {
    const store = new Map(Object.entries(unzipSync(await zipOf("zarr", run))).map(([name, bytes]) => [name.replace("frames.zarr", ""), bytes]));
    const density = await zarrita.open(zarrita.root(store).resolve("density"), { kind: "array" });
    expect((await zarrita.get(density as zarrita.Array<"float64", typeof store>, null)).data).toEqual(Float64Array.of(1, 1, 1, 1, 0.5, 1, 1.5, 1));
  });
  test("SVG: escaped title, one drawing of the shown frame and those before", () => {
    const svg = svgOf(run, 1);
    expect(svg).toMatch(/^<\?xml/);
    expect(svg).not.toContain("<cells>");
    expect(svg.length).toBeGreaterThan(1000);
  });
  test("frames of another size are not stacked", () => {
    const grown = { ...at(0), measure: { rep: "cells" as const, rows: { rho: new Float64Array(2) } } };
    expect(exportedRun(opening, [grown, at(1)], []).times).toEqual([1]);
  });
});

describe("code", () => {
  test("file names and shell words", () => {
    expect(fileName("A wave, broken: Über m = 2")).toBe("a-wave-broken-uber-m-2");
    expect(fileName("Ornstein–Uhlenbeck")).toBe("ornstein-uhlenbeck");
    expect(fileName("//")).toBe("flow");
    expect(shellWord("it's")).toBe("'it'\\''s'");
    expect(shellOf("a-flow")).toBe("npx ottoflow run a-flow.json --out runs/a-flow --export npz --export svg");
  });
  test("twelve lines, and files only where the spec names some", () => {
    const plain = typescriptOf({ energy: ["entropy"] }, "a");
    expect(plain.trim().split("\n").length).toBeLessThanOrEqual(12);
    expect(plain).toContain("await run(spec);");
    expect(typescriptOf({ initial: { file: "data/x.csv" } }, "a")).toContain("run(spec, { read: (path) => readFile(path) })");
    expect(typescriptOf({ job: "path" }, "a")).toContain("runPath(spec)");
  });
});
