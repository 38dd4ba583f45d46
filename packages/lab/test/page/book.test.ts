/// <reference lib="dom" />
/** The built book in a browser: it is read whole without scripts, its panels run one at a time, and everyone can use it. */
import { AxeBuilder } from "@axe-core/playwright";
import { decode } from "fast-png";
import type { Locator, Page } from "playwright-core";
import { expect, test } from "vitest";
import { chapterNames } from "../../book/chapters.ts";
import { onSite } from "./site.ts";
import { soon } from "./visit.ts";

const FIRST = "book/01-gradient-flows.html";
const colours = ["color-contrast", "link-in-text-block"];
const faultsOf = async (page: Page, rules?: string[]): Promise<string[]> => {
  const axe = new AxeBuilder({ page });
  const all = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  // colours are slow to judge and the same in all chapters; a head of a table that is a formula has no text to axe, which does not read MathML
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(all).disableRules([...colours, "empty-table-header"])).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`));
};
/** Colour of a picture's ground. */
function corner(png: Uint8Array): string {
  const { data, channels, width } = decode(png);
  const at = channels * (3 * width + 3);
  return `#${[0, 1, 2].map((k) => data[at + k]!.toString(16).padStart(2, "0")).join("")}`;
}
const panel = (page: Page, k: number) => page.locator("ottoflow-flow").nth(k);
/** To another page: a click does not wait for it. */
async function turned(page: Page, link: Locator, to: RegExp): Promise<void> {
  await link.click();
  await page.waitForURL(to);
}
const running = (page: Page): Promise<boolean[]> =>
  page.locator("ottoflow-flow").evaluateAll((flows) => flows.map((flow) => flow.querySelector("iframe") !== null));

onSite("the built book", ({ on }) => {
  test("without scripts the text and every picture stand there", () =>
    on(
      FIRST,
      async ({ page }) => {
        const pictures = page.locator("figure img");
        expect(await pictures.count()).toBeGreaterThan(2);
        for (const picture of await pictures.all()) {
          await picture.scrollIntoViewIfNeeded();
          await soon(async () => (await picture.boundingBox())?.height ?? 0).toBeGreaterThan(150);
        }
        expect(await page.locator("main").textContent()).toContain("continuity equation");
        expect(await page.locator("main math").count()).toBeGreaterThan(50);
        expect(await page.locator("iframe").count()).toBe(0);
      },
      { javaScriptEnabled: false },
    ));

  test("the first panel runs when the reader stays at it, and a second one takes its place", () =>
    on(FIRST, async ({ page }) => {
      expect(await running(page)).toEqual([false, false, false]);
      await panel(page, 0).scrollIntoViewIfNeeded();
      const frame = panel(page, 0).locator("iframe").contentFrame();
      await soon(() => frame.locator("output").first().textContent()).toMatch(/t = \S*[1-9]/);
      expect(await running(page)).toEqual([true, false, false]);
      // the link below it opens the same flow in the lab
      const link = await page.locator("figure.live figcaption a").first().getAttribute("href");
      expect(`${link?.slice(3)}`).toBe(`#${new URL(page.frames()[1]!.url()).hash.slice(1)}`);
      await panel(page, 2).scrollIntoViewIfNeeded();
      await soon(() => running(page)).toEqual([false, false, true]);
      expect(await panel(page, 0).locator("img").count()).toBe(1);
      await soon(() => panel(page, 2).locator("iframe").contentFrame().locator("canvas").count()).toBe(2);
    }));

  test("who wants less motion starts a panel by its button", () =>
    on(
      FIRST,
      async ({ page }) => {
        await panel(page, 1).scrollIntoViewIfNeeded();
        await page.waitForTimeout(1200);
        expect(await running(page)).toEqual([false, false, false]);
        const button = panel(page, 1).getByRole("button");
        expect(await button.getAttribute("aria-label")).toContain("Two masses part");
        await button.focus();
        await page.keyboard.press("Enter");
        const frame = panel(page, 1).locator("iframe").contentFrame();
        await soon(() => frame.locator("li").count()).toBeGreaterThan(2);
      },
      { reducedMotion: "reduce" },
    ));

  test.each(["index", ...chapterNames()])("%s: axe finds nothing, and nothing is wider than a telephone", (name) =>
    on(
      `book/${name}.html`,
      async ({ page }) => {
        await page.getByRole("button", { name: "Dark" }).waitFor();
        expect(await faultsOf(page)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      },
      { viewport: { width: 390, height: 780 } },
    ),
  );
  test("dark by choice, for this page and the next: pictures too, and everything can be read", () =>
    on(FIRST, async ({ page }) => {
      expect(await faultsOf(page, colours)).toEqual([]);
      await page.getByRole("button", { name: "Dark" }).click();
      await turned(page, page.locator("nav.turn a[rel=next]"), /02-[\w-]+\.html$/);
      await page.getByRole("button", { name: "Light" }).waitFor();
      expect(await faultsOf(page, colours)).toEqual([]);
      const picture = page.locator("figure img").first();
      await picture.scrollIntoViewIfNeeded();
      // pictures come when they are in sight
      await picture.evaluate((image) => (image as HTMLImageElement).decode());
      const pixel = await picture.screenshot({ scale: "css" });
      expect(corner(pixel)).toBe("#14171c");
    }));

  test("the lab leads to the book, and the book from chapter to chapter", () =>
    on("book/", async ({ page }) => {
      await turned(page, page.getByRole("link", { name: "What a Wasserstein gradient flow is" }).first(), /01-[\w-]+\.html$/);
      await turned(page, page.locator("nav.turn a[rel=next]"), /02-[\w-]+\.html$/);
      expect(await page.title()).toContain("The JKO scheme");
      await turned(page, page.getByRole("link", { name: "The lab", exact: true }), /^[^#]*(?<!book)\/(?:index\.html)?$/);
      await page.getByRole("button", { name: "Gallery" }).click();
      await turned(page, page.getByRole("link", { name: "Read the book" }), /book\/index\.html$/);
    }));
});
