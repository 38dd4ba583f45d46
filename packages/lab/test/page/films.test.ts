/// <reference lib="dom" />
/** Films of the stage, opened by readers that are not ours: every picture in its place and for its time. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GifReader } from "omggif";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filmOf } from "../../src/export/film.ts";
import { type Contained, readMp4, readWebm } from "./containers.ts";
import { linkOf } from "./flows.ts";
import { apart, cellsOf, filmPixels, nearestOf, type Pixels, stagePixels } from "./pixels.ts";
import { onSite } from "./site.ts";
import { button, opened, reading, type Visit, visit } from "./visit.ts";
import { arraysOf, exported, key, size, wandering } from "./wandering.ts";

const RATE = 12;
const SECONDS = 2;
const ffmpeg = spawnSync("ffmpeg", ["-version"]).status === 0;

onSite("films", (site) => {
  let visitor: Visit | null = null;
  let page: Page;
  /** times of the frames, and their pictures made small */
  let frames: readonly number[];
  let pictures: readonly Float64Array[];
  beforeAll(async () => {
    visitor = await visit(site.browser, site.address + (await linkOf(wandering)), size);
    page = visitor.page;
    await reading(page);
    await opened(page);
    // the last that comes to the stage
    await button(page, "equilibrium").waitFor();
    await button(page, "Export").click();
    frames = (await arraysOf(page)).t!.values;
    await key(page, "Home");
    const seen: Float64Array[] = [];
    for (let k = 0; k < frames.length; k++) {
      seen.push(cellsOf(await stagePixels(page)));
      await key(page, "ArrowRight");
    }
    pictures = seen;
  }, 300_000);
  afterAll(async () => {
    await visitor?.context.close();
    expect(visitor?.faults).toEqual([]);
  }, 60_000);

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
    const gif = new GifReader(Buffer.from(await exported(page, "GIF")));
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
    const bytes = await exported(page, button);
    const said = (await page.getByRole("dialog", { name: "Export" }).locator(".status").textContent()) ?? "";
    const film: Contained = read(bytes);
    const stage = await stagePixels(page);
    expect(film.tracks).toBe(1);
    expect(film.codec).toMatch(letters[/as (\w+),/.exec(said)![1]!]!);
    expect([film.width, film.height]).toEqual([stage.width, stage.height].map((v) => v - (v % 2)));
    expect(film.duration).toBeCloseTo(SECONDS, 2);
    expect(film.times.length).toBe(SECONDS * RATE);
    // WebM counts milliseconds
    for (const [i, t] of film.times.entries()) expect(Math.abs(t - i / RATE)).toBeLessThan(1.01e-3);
    const fresh = await site.browser.newPage();
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
