/// <reference lib="dom" />
/** The whole way of one flow: painted, run, shared, replayed by somebody else, exported, and run by the command to the same bits. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { readNpy } from "ottoflow/data/npy";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { main } from "../../../cli/src/main.ts";
import { testTerminal } from "../../../cli/test/terminal.ts";
import { encodeLink } from "../../src/link/codec.ts";
import { addressOf, built, launch, opened, reading, visit } from "./visit.ts";

const chromium = findChromium();
/** what the first person starts from: an empty-handed flow in the plane, to be painted over */
const sheet = {
  version: 1,
  title: "A painted flow",
  energy: [
    { kind: "entropy", temperature: 0.1 },
    { kind: "potential", formula: "(x^2 - 1)^2 + y^2" },
  ],
  space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [32, 24] },
  initial: { kind: "gaussian", deviation: [0.3] },
  scheme: { kind: "finite-volume", step: 0.02 },
  until: 0.4,
};
let browser: Browser;
let server: Server;

async function paint(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Paint", exact: true }).click();
  const box = (await page.getByRole("application").boundingBox())!;
  const at = (u: number, v: number): [number, number] => [box.x + u * box.width, box.y + v * box.height];
  await page.evaluate(() => document.querySelector(".verdict")?.setAttribute("data-old", ""));
  await page.mouse.move(...at(0.42, 0.35));
  await page.mouse.down();
  await page.mouse.move(...at(0.5, 0.6), { steps: 6 });
  await page.mouse.move(...at(0.58, 0.4), { steps: 6 });
  await page.mouse.up();
  await page.locator(".verdict:not([data-old])").waitFor({ state: "attached" });
  await page.getByRole("button", { name: "Done", exact: true }).click();
}
async function shared(page: Page): Promise<string> {
  const before = new URL(page.url()).hash;
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await page.waitForFunction((was) => location.hash !== was, before);
  return page.url();
}
async function download(page: Page, name: string): Promise<Uint8Array> {
  const [file] = await Promise.all([
    page.waitForEvent("download", { timeout: 60_000 }),
    page.getByRole("dialog", { name: "Export" }).getByRole("button", { name, exact: true }).click(),
  ]);
  return new Uint8Array(readFileSync(await file.path()));
}
const playing = (page: Page, film: Uint8Array): Promise<{ seconds: number; width: number }> =>
  page.evaluate(async (bytes) => {
    const video = document.createElement("video");
    video.src = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: "video/mp4" }));
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
    });
    return { seconds: video.duration, width: video.videoWidth };
  }, Array.from(film));
/** How many samples the table of sizes in an MP4 file counts [ISO 14496-12, 8.7.3.2]. */
function pictures(film: Uint8Array): number {
  const at = Buffer.from(film).indexOf("stsz");
  return at < 0 ? 0 : new DataView(film.buffer, film.byteOffset).getUint32(at + 12);
}
/** `ottoflow run` in a folder that holds nothing but the spec. */
async function command(spec: Uint8Array): Promise<{ readonly said: Record<string, unknown>; readonly density: ReturnType<typeof readNpy> }> {
  const cwd = mkdtempSync(join(tmpdir(), "ottoflow-journey-"));
  writeFileSync(join(cwd, "spec.json"), spec);
  const terminal = testTerminal(cwd);
  await main(["run", "spec.json", "--json", "--quiet", "--out", "out", "--export", "npz"], terminal);
  const file = readdirSync(join(cwd, "out")).find((name) => name.endsWith(".npz")) as string;
  const bytes = unzipSync(new Uint8Array(readFileSync(join(cwd, "out", file))))["density.npy"]!;
  rmSync(cwd, { recursive: true, force: true });
  return { said: JSON.parse(terminal.said()), density: readNpy({ path: "density.npy", bytes }) };
}

describe.skipIf(chromium === null)("a journey", () => {
  beforeAll(async () => {
    buildLab();
    browser = await launch(chromium as string);
    server = await serveLab(built, null, 4510, true);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  test("painted, run, replayed from its link in another profile, exported as MP4 and NPY, run by the command to the same bits", async () => {
    const one = await visit(browser, addressOf(server) + (await encodeLink({ spec: sheet })));
    const unpainted = await reading(one.page);
    await opened(one.page);
    await paint(one.page);
    const first = await reading(one.page);
    expect(first.certified).toBe(true);
    expect(first.time).toBe(sheet.until);
    expect(first.energy).not.toBe(unpainted.energy);
    const link = await shared(one.page);
    expect(one.faults).toEqual([]);
    await one.context.close();

    const other = await visit(browser, link);
    const { page } = other;
    expect(await reading(page)).toEqual(first);
    await page.keyboard.press("End");
    await page.getByRole("button", { name: "Export", exact: true }).click();
    const last = readNpy({ path: "last.npy", bytes: await download(page, "NPY") });
    await page.getByLabel("seconds").fill("1");
    await page.getByLabel("pictures a second").selectOption("12");
    const film = await download(page, "MP4");
    const spec = await download(page, "Spec");
    // the browser's own player reads the film: it lasts a second, and every picture is in it
    const played = await playing(page, film);
    expect(played.seconds).toBeCloseTo(1, 3);
    expect(played.width).toBeGreaterThan(200);
    expect(pictures(film)).toBe(12);
    expect(other.faults).toEqual([]);
    await other.context.close();

    const { said, density } = await command(spec);
    expect({ energy: said.energy, mass: said.mass, time: said.time, steps: said.steps }).toEqual({
      energy: first.energy,
      mass: first.mass,
      time: first.time,
      steps: first.steps,
    });
    expect(last.shape).toEqual(density.shape.slice(1));
    const size = last.values.length;
    expect(size).toBe(32 * 24);
    expect(Array.from(last.values)).toEqual(Array.from(density.values).slice(-size));
  }, 120_000);
});
