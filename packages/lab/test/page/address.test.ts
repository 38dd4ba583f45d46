/// <reference lib="dom" />
/** Where a visitor is: the address, what the ledger says of the moment that is seen, and the focus of who reads. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { decodeLink } from "../../src/link/codec.ts";
import { onSite } from "./site.ts";
import { button, next, opened, reading, soon } from "./visit.ts";

const hash = (page: Page): Promise<string> => page.evaluate(() => location.hash);
const chosen = (page: Page): Promise<string> => page.getByRole("combobox", { name: "Flow", exact: true }).inputValue();
const choose = (page: Page, card: string): Promise<unknown> => next(page, () => page.getByRole("combobox", { name: "Flow", exact: true }).selectOption(card));
const noise = (page: Page) => page.locator("#parameter-noise");

onSite("a visitor", ({ on }) => {
  test("goes back to the flow before, and finds after loading again what had been changed", () =>
    on("#double-well-grid", async ({ page }) => {
      await opened(page);
      const first = await reading(page);
      expect(await chosen(page)).toBe("double-well-grid");
      await choose(page, "heat-gaussian");
      expect(await hash(page)).toBe("#heat-gaussian");
      expect(await next(page, () => page.goBack())).toEqual(first);
      expect([await hash(page), await chosen(page)]).toEqual(["#double-well-grid", "double-well-grid"]);
      const changed = await next(page, async () => {
        await noise(page).fill("0.5");
        await noise(page).press("Enter");
      });
      await soon(() => hash(page)).toMatch(/^#2\./);
      expect(((await decodeLink(await hash(page))).spec as { parameters: { noise: { value: number } } }).parameters.noise.value).toBe(0.5);
      // what is undone is at the address of the card again
      expect(await next(page, () => button(page, "Undo").click())).toEqual(first);
      await soon(() => hash(page)).toBe("#double-well-grid");
      await next(page, () => button(page, "Redo").click());
      await soon(() => hash(page)).toMatch(/^#2\./);
      await page.reload();
      await opened(page);
      expect(await reading(page)).toEqual(changed);
      expect(await noise(page).inputValue()).toBe("0.5");
    }));

  test("reads in the ledger the numbers of the moment that is seen, beside those that the run has come to", () =>
    on("#heat-gaussian", async ({ page }) => {
      await opened(page);
      const { energy, time } = await reading(page);
      const shown = (name: string): Promise<number> =>
        page
          .locator(".ledger dl > div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) })
          .locator(".shown data")
          .evaluate((data) => Number((data as HTMLDataElement).value));
      await page.keyboard.press("Home");
      await soon(() => shown("time")).toBe(0);
      // a Gaussian of deviation 1/2 has the entropy -log(2 pi e / 4) / 2, and in cells a little less than that
      expect(await shown("energy")).toBeCloseTo(-0.5 * Math.log((2 * Math.PI * Math.E) / 4), 3);
      await page.keyboard.press("End");
      await soon(() => shown("time")).toBe(time);
      expect(await shown("energy")).toBe(energy);
      // a second run has its column, its curves and its verdict
      await choose(page, "diffusion-exponents");
      await soon(() => page.locator(".ledger .judged").count()).toBe(2);
      expect(await page.locator(".ledger dd.second").count()).toBeGreaterThan(4);
    }));

  test("sees the stage alone by a key, on a low page as well, and all again by the same", () =>
    on(
      "#heat-gaussian",
      async ({ page }) => {
        await opened(page);
        const room = (): Promise<number> => page.locator(".stage canvas").evaluate((canvas) => canvas.clientHeight);
        const before = await room();
        // half of the page at least is picture
        expect(before).toBeGreaterThan(200);
        await page.keyboard.press("f");
        await soon(room).toBeGreaterThan(before);
        expect(await page.locator(".recipe").isVisible()).toBe(false);
        expect(await button(page, "Present").getAttribute("aria-pressed")).toBe("true");
        await page.keyboard.press("f");
        await soon(room).toBe(before);
      },
      { viewport: { width: 853, height: 480 } },
    ));

  test("keeps the focus while a picture of the book comes alive", () =>
    on("book/01-gradient-flows.html", async ({ page }) => {
      const tool = page.locator("ottoflow-flow").nth(1);
      await tool.scrollIntoViewIfNeeded();
      const frame = tool.locator("iframe").contentFrame();
      await soon(() => frame.locator("li").count()).toBeGreaterThan(0);
      expect(await page.evaluate(() => document.activeElement === document.body)).toBe(true);
    }));
});
