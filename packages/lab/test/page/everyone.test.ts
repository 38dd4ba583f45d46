/// <reference lib="dom" />
/** The built page can be used by everyone: by keys, by touch, by those who hear it and by those who see few colours. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { linkOf, specs } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, next, opened, reading, soon } from "./visit.ts";

/** the opening flow for a twentieth of its time */
const short = { ...JSON.parse(readFileSync(join(specs, "double-well-grid.json"), "utf8")), until: 0.5, observe: undefined };

onSite("the built page, for everyone", ({ on }) => {
  const faultsOf = async (page: Page, ...rules: string[]): Promise<string[]> => {
    const axe = new AxeBuilder({ page });
    const { violations } = await (rules.length > 0
      ? axe.withRules(rules)
      : axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    ).analyze();
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`));
  };
  test.each([
    ["light", []],
    ["dark, where only colours differ", ["color-contrast", "link-in-text-block"]],
  ])("axe finds nothing, %s", (name, rules) =>
    on(
      linkOf(short),
      async ({ page }) => {
        await opened(page);
        await reading(page);
        await page.locator(".u-wrap").waitFor();
        expect(await faultsOf(page, ...rules)).toEqual([]);
        await button(page, "JSON").click();
        await button(page, "Keys").click();
        await page.locator("#spec-text, .cm-content").first().waitFor();
        expect(await faultsOf(page, ...rules)).toEqual([]);
      },
      { colorScheme: name === "light" ? "light" : "dark" },
    ),
  );
  test("axe finds nothing on a telephone, and nothing is wider than it", () =>
    on(
      linkOf(short),
      async ({ page }) => {
        await opened(page);
        for (const name of ["Recipe", "Ledger", "Stage"]) {
          await page.locator(".tabs").getByRole("button", { name }).tap();
          expect(await faultsOf(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        }
      },
      { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
    ));

  test("every control is reached by Tab, says its name, and shows that it has the focus", () =>
    on("", async ({ page }) => {
      await opened(page);
      await reading(page);
      const all = await page.evaluate(() => {
        const controls = [
          ...document.querySelectorAll<HTMLElement>("button:not(:disabled), input:not([type=file]), select, textarea, summary, a[href], [tabindex='0']"),
        ];
        const seen = controls.filter((control) => control.checkVisibility({ visibilityProperty: true }) && control.tabIndex >= 0);
        for (const [i, control] of seen.entries()) control.dataset.stop = String(i);
        return seen.length;
      });
      expect(all).toBeGreaterThan(20);
      const reached = new Set<string>();
      for (let k = 0; k < all + 10; k++) {
        await page.keyboard.press("Tab");
        const here = await page.evaluate(() => {
          const at = document.activeElement as HTMLElement;
          const { outlineStyle, boxShadow } = getComputedStyle(at);
          return {
            stop: at.dataset.stop ?? "",
            tag: at.outerHTML.slice(0, 90),
            shown: at === document.body || outlineStyle !== "none" || boxShadow !== "none",
          };
        });
        expect(here.shown, here.tag).toBe(true);
        reached.add(here.stop);
      }
      reached.delete("");
      expect(reached.size).toBe(all);
    }));

  test("keys alone: play, step, go to the ends, the sheet, a slider and back", () =>
    on(linkOf(short), async ({ page }) => {
      const first = await reading(page);
      await opened(page);
      const time = (): Promise<number> => page.locator("footer input[type=range]").evaluate((input) => Number((input as HTMLInputElement).value));
      await page.keyboard.press("End");
      expect(await time()).toBeCloseTo(0.5, 2);
      await page.keyboard.press("Home");
      expect(await time()).toBe(0);
      await page.keyboard.press("ArrowRight");
      const one = await time();
      expect(one).toBeGreaterThan(0);
      await page.keyboard.press("ArrowLeft");
      expect(await time()).toBe(0);
      await page.keyboard.press("?");
      await page.getByRole("region", { name: "Keyboard" }).waitFor();
      await page.keyboard.press("Space");
      await soon(time).toBeGreaterThan(one);
      await page.keyboard.press("Space");
      const slider = page.locator(".recipe input[type=range]").first();
      await slider.focus();
      expect((await next(page, () => page.keyboard.press("ArrowRight"))).energy).not.toBe(first.energy);
      expect(await next(page, () => page.keyboard.press("Control+z"))).toEqual(first);
    }));
});
