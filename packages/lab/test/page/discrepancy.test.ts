/// <reference lib="dom" />
/** Flows to a target on the built page: the numbers of the library, and the target beside what moves. */
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { type Resolved, resolveSpec, runFlow } from "ottoflow";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { encodeLink } from "../../src/link/codec.ts";
import { addressOf, launch, plainServer, reading, specs, visit } from "./visit.ts";

const chromium = findChromium();
let browser: Browser;
let server: Server;

const resolved = (name: string, variant: string): Promise<Resolved> =>
  resolveSpec(JSON.parse(readFileSync(join(specs, `${name}.json`), "utf8")), { variant, quick: true });

/** Pixels of the stage in the colour of the target, on light ground. */
const bluePixels = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const canvas = document.querySelector(".holder canvas") as HTMLCanvasElement;
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 3]! > 100 && data[i + 2]! - data[i]! > 60) count++;
    return count;
  });

describe.skipIf(chromium === null)("flows to a target on the built page", () => {
  beforeAll(async () => {
    buildLab();
    browser = await launch(chromium as string);
    server = await plainServer();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  test.each([
    ["discrepancy-geometry", "straight transport"],
    ["discrepancy-geometry", "Sinkhorn divergence"],
    ["discrepancy-geometry", "energy distance"],
    ["mmd-two-gaussians", "50 particles"],
  ])("%s, %s: certified, with the energy of the library to the last bit; the points of the target are drawn and can be left out", async (name, variant) => {
    const flow = await resolved(name, variant);
    const run = await runFlow(flow);
    const { page, context, faults } = await visit(
      browser,
      `${addressOf(server)}some/folder/${await encodeLink({ spec: JSON.parse(JSON.stringify(flow.spec)) })}`,
    );
    try {
      const seen = await reading(page);
      expect([seen.certified, run.holds]).toEqual([true, true]);
      expect(seen.energy).toBe(run.trace.energy!.at(-1));
      // ways are blue at their end too, points alone are dark
      await page.locator(".marks button", { hasText: "ways" }).click();
      await expect.poll(() => bluePixels(page)).toBeGreaterThan(200);
      await page.locator(".marks button", { hasText: "target" }).click();
      await expect.poll(() => bluePixels(page)).toBe(0);
      expect(faults).toEqual([]);
    } finally {
      await context.close();
    }
  });
});
