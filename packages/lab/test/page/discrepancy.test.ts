/// <reference lib="dom" />
/** Flows to a target on the built page: the numbers of the library, and the target beside what moves. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Resolved, resolveSpec, runFlow } from "ottoflow";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { linkOf, specs } from "./flows.ts";
import { onSite } from "./site.ts";
import { reading, soon } from "./visit.ts";

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

onSite("flows to a target on the built page", (site) => {
  test.each([
    ["discrepancy-geometry", "straight transport"],
    ["discrepancy-geometry", "Sinkhorn divergence"],
    ["discrepancy-geometry", "energy distance"],
    ["mmd-two-gaussians", "50 particles"],
  ])("%s, %s: certified, with the energy of the library to the last bit; the points of the target are drawn and can be left out", async (name, variant) => {
    const flow = await resolved(name, variant);
    const run = await runFlow(flow);
    await site.on(`${site.plain}${await linkOf(flow.spec)}`, async ({ page }) => {
      const seen = await reading(page);
      expect([seen.certified, run.holds]).toEqual([true, true]);
      expect(seen.energy).toBe(run.trace.energy!.at(-1));
      // ways are blue at their end too, points alone are dark
      await page.locator(".marks button", { hasText: "ways" }).click();
      await soon(() => bluePixels(page)).toBeGreaterThan(200);
      await page.locator(".marks button", { hasText: "target" }).click();
      await soon(() => bluePixels(page)).toBe(0);
    });
  });
});
