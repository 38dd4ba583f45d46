/// <reference lib="dom" />
/** What the page exports, opened by readers that are not ours. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { readImage } from "ottoflow/data/image";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linkOf } from "./flows.ts";
import { stagePixels } from "./pixels.ts";
import { onSite } from "./site.ts";
import { button, opened, type Reading, reading, type Visit, visit } from "./visit.ts";
import { arraysOf, exported, key, type Npy, readNpy, size, wandering } from "./wandering.ts";

/** The program if there is one that knows NumPy. */
const python = [process.env.OTTOFLOW_PYTHON, new URL("../../../../.cache/python/bin/python", import.meta.url).pathname, "python3"].find(
  (program) => program && (!program.startsWith("/") || existsSync(program)) && spawnSync(program, ["-c", "import numpy"]).status === 0,
);

onSite("exports", (site) => {
  let visitor: Visit | null = null;
  let page: Page;
  let ledger: Reading;
  /** times of the frames */
  let frames: readonly number[];
  let arrays: Readonly<Record<string, Npy>>;
  beforeAll(async () => {
    visitor = await visit(site.browser, site.address + (await linkOf(wandering)), size);
    page = visitor.page;
    ledger = await reading(page);
    await opened(page);
    // the last that comes to the stage
    await button(page, "equilibrium").waitFor();
    await button(page, "Export").click();
    arrays = await arraysOf(page);
    frames = arrays.t!.values;
  }, 300_000);
  afterAll(async () => {
    await visitor?.context.close();
    expect(visitor?.faults).toEqual([]);
  }, 60_000);

  test("arrays hold the run: its frames, its masses, the energy that the ledger shows", () => {
    expect(frames.length).toBeGreaterThan(8);
    expect(frames.at(-1)).toBe(ledger.time);
    expect(arrays.density!.shape).toEqual([frames.length, 24, 20]);
    const cell = (4 / 24) * (4 / 20);
    for (let k = 0; k < frames.length; k++) {
      const mass = arrays.density!.values.slice(480 * k, 480 * (k + 1)).reduce((a, b) => a + b) * cell;
      expect(mass).toBeCloseTo(ledger.mass, 12);
    }
    expect(arrays.trace_energy!.values.at(-1)).toBe(ledger.energy);
    // the centre of mass goes where the well is: axes are not turned
    const mean = (k: number): number[] => {
      let [x, y] = [0, 0];
      for (let i = 0; i < 24; i++)
        for (let j = 0; j < 20; j++) {
          const m = arrays.density!.values[480 * k + 20 * i + j]! * cell;
          x += m * (-2 + ((i + 0.5) * 4) / 24);
          y += m * (-2 + ((j + 0.5) * 4) / 20);
        }
      return [x, y];
    };
    expect(mean(0)[0]).toBeCloseTo(-1, 1);
    expect(mean(0)[1]).toBeCloseTo(-0.8, 1);
    expect(mean(frames.length - 1)[0]!).toBeGreaterThan(0.3);
  });

  test.skipIf(!python)("NumPy reads the same arrays to the last bit", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ottoflow-npz-"));
    try {
      writeFileSync(join(folder, "run.npz"), await exported(page, "NPZ"));
      writeFileSync(join(folder, "one.npy"), await exported(page, "NPY"));
      const read = `import json, numpy, sys
run = numpy.load(sys.argv[1] + "/run.npz", allow_pickle=False)
found = {name: run[name] for name in run.files}
found["one"] = numpy.load(sys.argv[1] + "/one.npy", allow_pickle=False)
print(json.dumps({name: {"dtype": str(a.dtype), "shape": a.shape, "values": [v.hex() for v in a.ravel().tolist()]} for name, a in found.items()}))`;
      const { stdout, stderr } = spawnSync(python as string, ["-c", read, folder], { encoding: "utf8", maxBuffer: 1e9 });
      expect(stderr).toBe("");
      const { one, ...found } = JSON.parse(stdout) as Record<string, { dtype: string; shape: number[]; values: string[] }>;
      expect(Object.keys(found).sort()).toEqual(Object.keys(arrays).sort());
      const real = (hex: string): number => {
        const [, sign, head, tail, power] = /^(-?)0x(\d)\.([\da-f]*)p([+-]\d+)$/.exec(hex)!;
        return (sign ? -1 : 1) * (Number.parseInt(head!, 16) + Number.parseInt(tail!, 16) / 16 ** tail!.length) * 2 ** Number(power);
      };
      for (const [name, array] of Object.entries(found)) {
        expect([name, array.dtype, array.shape]).toEqual([name, "float64", arrays[name]!.shape]);
        expect(array.values.map((v) => (v === "nan" ? Number.NaN : real(v)))).toEqual(arrays[name]!.values);
      }
      expect(one!.shape).toEqual([24, 20]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("NPY is the frame that is shown", async () => {
    await key(page, "Home");
    for (let k = 0; k < 3; k++) await key(page, "ArrowRight");
    const one = readNpy(await exported(page, "NPY"));
    expect(one.shape).toEqual([24, 20]);
    expect(one.values).toEqual(arrays.density!.values.slice(480 * 3, 480 * 4));
  });

  test("tables, read by d3-dsv: a line per cell and frame with the numbers of the arrays, the trace in full digits", async () => {
    const table = csvParse(new TextDecoder().decode(await exported(page, "CSV of frames")));
    expect(table.columns).toEqual(["t", "x", "y", "density"]);
    expect(table.length).toBe(480 * frames.length);
    expect(table.map((row) => Number(row.density))).toEqual(arrays.density!.values);
    expect([...new Set(table.map((row) => Number(row.t)))]).toEqual(frames);
    expect([Number(table[0]!.x), Number(table[0]!.y), Number(table[1]!.y)].map((v) => v.toFixed(9))).toEqual(["-1.916666667", "-1.900000000", "-1.700000000"]);
    const trace = csvParse(new TextDecoder().decode(await exported(page, "CSV of the trace")));
    expect(trace.map((row) => Number(row.energy))).toEqual(arrays.trace_energy!.values);
    expect(Number(trace.at(-1)!.energy)).toBe(ledger.energy);
  });

  test("PNG has the pixels of the stage", async () => {
    await key(page, "Home");
    const bytes = await exported(page, "PNG");
    const { width, height, rgba } = readImage({ path: "stage.png", bytes });
    const stage = await stagePixels(page);
    expect([width, height]).toEqual([stage.width, stage.height]);
    let most = 0;
    for (const [i, v] of rgba.entries()) most = Math.max(most, Math.abs(255 * v - stage.rgba[i]!));
    expect(most).toBeLessThan(0.5);
  });

  test("SVG is well-formed, brings nothing from elsewhere, and a browser draws the mass where it is", async () => {
    await key(page, "End");
    const text = new TextDecoder().decode(await exported(page, "SVG"));
    const bare = await site.browser.newPage();
    const { fault, foreign, title, ink } = await bare.evaluate(async (text) => {
      const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
      const all = [...parsed.querySelectorAll("*")];
      const picture = new Image();
      picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
      await picture.decode();
      const canvas = new OffscreenCanvas(400, Math.round((400 * picture.height) / picture.width));
      const c = canvas.getContext("2d")!;
      c.fillStyle = "#fff";
      c.fillRect(0, 0, canvas.width, canvas.height);
      c.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const { data } = c.getImageData(0, 0, canvas.width, canvas.height);
      // viridis ends in yellow: where it is, most of the mass is
      let [x, y, n] = [0, 0, 0];
      for (let i = 0; i < data.length; i += 4)
        if (data[i]! > 180 && data[i + 1]! > 180 && data[i + 2]! < 110) {
          x += ((i / 4) % canvas.width) / canvas.width;
          y += Math.floor(i / 4 / canvas.width) / canvas.height;
          n++;
        }
      return {
        fault: parsed.querySelector("parsererror")?.textContent ?? null,
        foreign: all.filter(
          (e) => e.localName === "script" || [...e.attributes].some((a) => /^on|^(?:xlink:)?href$/.test(a.name) && !/^(?:#|data:image\/png)/.test(a.value)),
        ).length,
        title: parsed.querySelector("title")?.textContent ?? "",
        ink: n > 0 ? [x / n, y / n] : null,
      };
    }, text);
    await bare.close();
    expect(fault).toBeNull();
    expect(foreign).toBe(0);
    expect(title).toContain("A wandering <mass> & more");
    // right of the middle, as the last frame is
    expect(ink![0]!).toBeGreaterThan(0.5);
  });
});
