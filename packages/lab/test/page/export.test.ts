/// <reference lib="dom" />
/** What the page exports, opened by readers that are not ours. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { csvParse } from "d3-dsv";
import { unzipSync } from "fflate";
import { GifReader } from "omggif";
import { readImage } from "ottoflow/data/image";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { filmOf } from "../../src/export/film.ts";
import { encodeLink } from "../../src/link/codec.ts";
import { type Contained, readMp4, readWebm } from "./containers.ts";
import { apart, cellsOf, filmPixels, nearestOf, type Pixels, stagePixels } from "./pixels.ts";
import { addressOf, built, launch, opened, type Reading, reading, visit } from "./visit.ts";

const chromium = findChromium();
/** The mass moves across the stage, so that its frames are told apart. */
const wandering = {
  version: 1,
  title: "A wandering <mass> & more",
  energy: [
    { kind: "entropy", temperature: 0.05 },
    { kind: "potential", formula: "2*(x-1)^2 + (y-0.5)^2" },
  ],
  space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [24, 20] },
  initial: { kind: "gaussian", mean: [-1, -0.8], deviation: [0.2] },
  scheme: { kind: "finite-volume", step: 0.05 },
  until: 0.5,
  observe: { frames: { every: 0.05 } },
};
const RATE = 12;
const SECONDS = 2;

let browser: Browser;
let server: Server;
let context: BrowserContext;
let page: Page;
let faults: string[];
let ledger: Reading;
/** times of the frames, and their pictures made small */
let frames: readonly number[];
let pictures: readonly Float64Array[];
let arrays: Readonly<Record<string, Npy>>;

const press = (name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
async function download(name: string): Promise<Uint8Array> {
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: 60_000 }), press(name)]);
  return new Uint8Array(readFileSync(await file.path()));
}
/** Keys go to the page, not to a control. */
async function key(name: string): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.keyboard.press(name);
}
interface Npy {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
/** NEP 1, by its text: magic, version, length, a Python literal, then the numbers. */
function readNpy(bytes: Uint8Array): Npy {
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 10 + view.getUint16(8, true);
  const head = new TextDecoder().decode(bytes.subarray(10, start));
  const match = /^\{'descr': '<f8', 'fortran_order': False, 'shape': \(([\d, ]*)\), \} *\n$/.exec(head)!;
  expect(match, head).not.toBeNull();
  expect(start % 16).toBe(0);
  const shape = match[1]!
    .split(",")
    .filter((n) => n.trim() !== "")
    .map(Number);
  const values = Array.from({ length: (bytes.length - start) / 8 }, (_, i) => view.getFloat64(start + 8 * i, true));
  expect(values.length).toBe(shape.reduce((a, b) => a * b, 1));
  return { shape, values };
}
/** The program if there is one that knows NumPy. */
const python = [process.env.OTTOFLOW_PYTHON, new URL("../../../../.cache/python/bin/python", import.meta.url).pathname, "python3"].find(
  (program) => program && (!program.startsWith("/") || existsSync(program)) && spawnSync(program, ["-c", "import numpy"]).status === 0,
);
const ffmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;

describe.skipIf(chromium === null)("exports", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    buildLab();
    browser = await launch(chromium as string);
    server = await serveLab(built, null, 4440, true);
    ({ page, context, faults } = await visit(browser, addressOf(server) + (await encodeLink({ spec: wandering })), { viewport: { width: 1000, height: 620 } }));
    ledger = await reading(page);
    await opened(page);
    await press("Export");
    arrays = Object.fromEntries(Object.entries(unzipSync(await download("NPZ"))).map(([name, bytes]) => [name.replace(/\.npy$/, ""), readNpy(bytes)]));
    frames = arrays.t!.values;
    await key("Home");
    const seen: Float64Array[] = [];
    for (let k = 0; k < frames.length; k++) {
      seen.push(cellsOf(await stagePixels(page)));
      await key("ArrowRight");
    }
    pictures = seen;
  }, 180_000);
  afterAll(async () => {
    expect(faults ?? []).toEqual([]);
    await context?.close();
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

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
      writeFileSync(join(folder, "run.npz"), await download("NPZ"));
      writeFileSync(join(folder, "one.npy"), await download("NPY"));
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
    await key("Home");
    for (let k = 0; k < 3; k++) await key("ArrowRight");
    const one = readNpy(await download("NPY"));
    expect(one.shape).toEqual([24, 20]);
    expect(one.values).toEqual(arrays.density!.values.slice(480 * 3, 480 * 4));
  });

  test("tables, read by d3-dsv: a line per cell and frame with the numbers of the arrays, the trace in full digits", async () => {
    const table = csvParse(new TextDecoder().decode(await download("CSV of frames")));
    expect(table.columns).toEqual(["t", "x", "y", "density"]);
    expect(table.length).toBe(480 * frames.length);
    expect(table.map((row) => Number(row.density))).toEqual(arrays.density!.values);
    expect([...new Set(table.map((row) => Number(row.t)))]).toEqual(frames);
    expect([Number(table[0]!.x), Number(table[0]!.y), Number(table[1]!.y)].map((v) => v.toFixed(9))).toEqual(["-1.916666667", "-1.900000000", "-1.700000000"]);
    const trace = csvParse(new TextDecoder().decode(await download("CSV of the trace")));
    expect(trace.map((row) => Number(row.energy))).toEqual(arrays.trace_energy!.values);
    expect(Number(trace.at(-1)!.energy)).toBe(ledger.energy);
  });

  test("PNG has the pixels of the stage", async () => {
    await key("Home");
    const bytes = await download("PNG");
    const { width, height, rgba } = readImage({ path: "stage.png", bytes });
    const stage = await stagePixels(page);
    expect([width, height]).toEqual([stage.width, stage.height]);
    let most = 0;
    for (const [i, v] of rgba.entries()) most = Math.max(most, Math.abs(255 * v - stage.rgba[i]!));
    expect(most).toBeLessThan(0.5);
  });

  test("SVG is well-formed, brings nothing from elsewhere, and a browser draws the mass where it is", async () => {
    await key("End");
    const text = new TextDecoder().decode(await download("SVG"));
    const bare = await browser.newPage();
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

  describe("films", () => {
    /** the stored frame that each picture shows */
    const shown = (seconds = SECONDS): readonly number[] => filmOf(frames.map((t) => ({ t })) as never, seconds, RATE).times.map((t) => frames.indexOf(t));
    const tell = async (): Promise<void> => {
      await page.getByLabel("seconds").fill(String(SECONDS));
      await page.getByLabel("pictures a second").selectOption(String(RATE));
    };
    /** Every picture is nearer to the frame that belongs there than to any other, and near. */
    const follows = (film: readonly Pixels[], near: number): void => {
      const wanted = shown();
      expect(film.length).toBe(wanted.length);
      const found = film.map((picture) => nearestOf(picture, pictures));
      expect(found.map(({ at }) => at)).toEqual(wanted);
      for (const { far, next } of found) {
        expect(far).toBeLessThan(near);
        expect(far).toBeLessThan(0.6 * next);
      }
    };
    test("frames of the stage are told apart by their pixels", () => {
      for (const [i, a] of pictures.entries()) for (const b of pictures.slice(0, i)) expect(apart(a, b)).toBeGreaterThan(1);
      expect(new Set(shown()).size).toBe(frames.length);
    });

    test("GIF, read by omggif: every picture in its place and for its time", async () => {
      await tell();
      const gif = new GifReader(Buffer.from(await download("GIF")));
      const delays = Array.from({ length: gif.numFrames() }, (_, i) => gif.frameInfo(i).delay);
      expect(delays.reduce((a, b) => a + b)).toBe(100 * SECONDS);
      expect(gif.loopCount()).toBe(0);
      const canvas = new Uint8Array(4 * gif.width * gif.height);
      const film = delays.map((_, i) => {
        gif.decodeAndBlitFrameRGBA(i, canvas as unknown as number[]);
        return { width: gif.width, height: gif.height, rgba: Uint8Array.from(canvas) };
      });
      follows(film, 6);
    });

    const letters: Readonly<Record<string, RegExp>> = { avc: /^avc[13]$/, av1: /^av01$|V_AV1/, vp9: /^vp09$|V_VP9/, hevc: /^h(?:vc|ev)1$/, vp8: /V_VP8/ };
    test.each([
      ["MP4", "video/mp4", readMp4],
      ["WEBM", "video/webm", readWebm],
    ] as const)("%s: its container by its bytes, and every picture in its place as another page plays it", async (button, type, read) => {
      await tell();
      const bytes = await download(button);
      const said = (await page.locator(".export .status").textContent()) ?? "";
      const film: Contained = read(bytes);
      const stage = await stagePixels(page);
      expect(film.tracks).toBe(1);
      expect(film.codec).toMatch(letters[/as (\w+),/.exec(said)![1]!]!);
      expect([film.width, film.height]).toEqual([stage.width, stage.height].map((v) => v - (v % 2)));
      expect(film.duration).toBeCloseTo(SECONDS, 2);
      expect(film.times.length).toBe(SECONDS * RATE);
      // WebM counts milliseconds
      for (const [i, t] of film.times.entries()) expect(Math.abs(t - i / RATE)).toBeLessThan(1.01e-3);
      const fresh = await browser.newPage();
      follows(
        await filmPixels(
          fresh,
          bytes,
          type,
          Array.from({ length: SECONDS * RATE }, (_, i) => (i + 0.5) / RATE),
        ),
        8,
      );
      await fresh.close();
      if (ffmpeg) follows(byFfmpeg(bytes, film), 8);
    });
    /** Where the machine has one: a reader that no browser shares code with in the demuxing of either container. */
    function byFfmpeg(bytes: Uint8Array, { width, height }: Contained): readonly Pixels[] {
      const folder = mkdtempSync(join(tmpdir(), "ottoflow-film-"));
      writeFileSync(join(folder, "film"), bytes);
      const { stdout, status } = spawnSync("ffmpeg", ["-v", "error", "-i", join(folder, "film"), "-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"], {
        maxBuffer: 1e9,
      });
      rmSync(folder, { recursive: true });
      expect(status).toBe(0);
      const size = 4 * width * height;
      return Array.from({ length: stdout.length / size }, (_, i) => ({ width, height, rgba: new Uint8Array(stdout.subarray(i * size, (i + 1) * size)) }));
    }
  });
});
