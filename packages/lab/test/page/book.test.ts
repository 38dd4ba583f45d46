/// <reference lib="dom" />
/** The built book in a browser: it is read whole without scripts, its panels run one at a time, and everyone can use it. */
import type { Server } from "node:http";
import { AxeBuilder } from "@axe-core/playwright";
import { decode } from "fast-png";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { chapterNames } from "../../book/chapters.ts";
import { addressOf, built, launch, visit } from "./visit.ts";

const chromium = findChromium();
const FIRST = "book/01-gradient-flows.html";
let browser: Browser;
let server: Server;
let address: string;

async function on(path: string, options: Parameters<typeof visit>[2], act: (page: Page) => Promise<void>): Promise<void> {
  const { page, context, faults } = await visit(browser, address + path, options);
  try {
    await act(page);
    expect(faults).toEqual([]);
  } finally {
    await context.close();
  }
}
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
const running = (page: Page): Promise<boolean[]> =>
  page.locator("ottoflow-flow").evaluateAll((flows) => flows.map((flow) => flow.querySelector("iframe") !== null));

describe.skipIf(chromium === null)("the built book", () => {
  beforeAll(async () => {
    buildLab();
    browser = await launch(chromium as string);
    server = await serveLab(built, null, 4450, true);
    address = addressOf(server);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  test("without scripts the text and every picture stand there", () =>
    on(FIRST, { javaScriptEnabled: false }, async (page) => {
      const pictures = page.locator("figure img");
      expect(await pictures.count()).toBeGreaterThan(2);
      for (const picture of await pictures.all()) {
        await picture.scrollIntoViewIfNeeded();
        await expect.poll(async () => (await picture.boundingBox())?.height ?? 0).toBeGreaterThan(150);
      }
      expect(await page.locator("main").textContent()).toContain("continuity equation");
      expect(await page.locator("main math").count()).toBeGreaterThan(50);
      expect(await page.locator("iframe").count()).toBe(0);
    }));

  test("the first panel runs when the reader stays at it, and a second one takes its place", () =>
    on(FIRST, {}, async (page) => {
      expect(await running(page)).toEqual([false, false, false]);
      await panel(page, 0).scrollIntoViewIfNeeded();
      const frame = panel(page, 0).locator("iframe").contentFrame();
      await expect.poll(() => frame.locator("output").first().textContent(), { timeout: 20_000 }).toMatch(/t = \S*[1-9]/);
      expect(await running(page)).toEqual([true, false, false]);
      // the link below it opens the same flow in the lab
      const link = await page.locator("figure.live figcaption a").first().getAttribute("href");
      expect(`${link?.slice(3)}`).toBe(`#${new URL(page.frames()[1]!.url()).hash.slice(1)}`);
      await panel(page, 2).scrollIntoViewIfNeeded();
      await expect.poll(() => running(page)).toEqual([false, false, true]);
      expect(await panel(page, 0).locator("img").count()).toBe(1);
      await expect.poll(() => panel(page, 2).locator("iframe").contentFrame().locator("canvas").count(), { timeout: 20_000 }).toBe(2);
    }));

  test("who wants less motion starts a panel by its button", () =>
    on(FIRST, { reducedMotion: "reduce" }, async (page) => {
      await panel(page, 1).scrollIntoViewIfNeeded();
      await page.waitForTimeout(1200);
      expect(await running(page)).toEqual([false, false, false]);
      const button = panel(page, 1).getByRole("button");
      expect(await button.getAttribute("aria-label")).toContain("Two masses part");
      await button.focus();
      await page.keyboard.press("Enter");
      const frame = panel(page, 1).locator("iframe").contentFrame();
      await expect.poll(() => frame.locator("li").count(), { timeout: 20_000 }).toBeGreaterThan(2);
    }));

  test.each(["index", ...chapterNames()])("%s: axe finds nothing, and nothing is wider than a telephone", (name) =>
    on(`book/${name}.html`, { viewport: { width: 390, height: 780 } }, async (page) => {
      await page.getByRole("button", { name: "Dark" }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    }),
  );
  test("dark by choice, for this page and the next: pictures too, and everything can be read", () =>
    on(FIRST, {}, async (page) => {
      expect(await faultsOf(page, colours)).toEqual([]);
      await page.getByRole("button", { name: "Dark" }).click();
      await page.locator("nav.turn a[rel=next]").click();
      await page.getByRole("button", { name: "Light" }).waitFor();
      expect(await faultsOf(page, colours)).toEqual([]);
      const picture = page.locator("figure img").first();
      await picture.scrollIntoViewIfNeeded();
      const pixel = await picture.screenshot({ scale: "css" });
      expect(corner(pixel)).toBe("#14171c");
    }));

  test("the lab leads to the book, and the book from chapter to chapter", () =>
    on("book/", {}, async (page) => {
      await page.getByRole("link", { name: "What a Wasserstein gradient flow is" }).first().click();
      await page.locator("nav.turn a[rel=next]").click();
      expect(await page.title()).toContain("The JKO scheme");
      await page.getByRole("link", { name: "The lab", exact: true }).click();
      await page.getByRole("button", { name: "Gallery" }).click();
      await page.getByRole("link", { name: "Read the book" }).click();
      await page.waitForURL(/book\/index\.html$/);
    }));
});
