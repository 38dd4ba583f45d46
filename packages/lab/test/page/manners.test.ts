/// <reference lib="dom" />
/** The page by keys alone, by touch on a telephone, and for those who asked for less motion. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { decodeLink } from "../../src/link/codec.ts";
import { linkOf, plane, slow, well } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, next, opened, reading, rested, saved, shared, soon, told } from "./visit.ts";

const playhead = (page: Page): Promise<number> => page.locator("footer input[type=range]").evaluate((input) => Number((input as HTMLInputElement).value));

onSite("manners", ({ on }) => {
  describe("by keys alone", () => {
    /** What has the focus, by its name. */
    const focused = (page: Page): Promise<string> =>
      page.evaluate(() => {
        const at = document.activeElement as HTMLElement;
        return at.getAttribute("aria-label") ?? (at.textContent || at.tagName).trim().replace(/\s+/g, " ").slice(0, 60);
      });
    /** Tab until something of that name has the focus. */
    const tabTo = async (page: Page, name: RegExp, key = "Tab"): Promise<void> => {
      const passed: string[] = [];
      for (let k = 0; k < 90; k++) {
        const here = await focused(page);
        if (name.test(here)) return;
        passed.push(here);
        await page.keyboard.press(key);
      }
      throw new Error(`no ${name} among ${passed.join(" | ")}`);
    };

    test("a flow is found in the gallery, seen from near, played and stepped", () =>
      on("", async ({ page }) => {
        await opened(page);
        await tabTo(page, /^Gallery$/);
        await page.keyboard.press("Enter");
        await page.locator("dialog").waitFor();
        await tabTo(page, /^Find a card$/);
        await page.keyboard.type("fisher");
        await tabTo(page, /Fisher.Rao/i);
        const found = await next(page, () => page.keyboard.press("Enter"));
        expect(found.certified).toBe(true);
        expect(await page.locator("dialog").count()).toBe(0);
        expect(await focused(page)).toBe("Gallery");
        expect(await page.locator(".law .name").textContent()).toMatch(/fisher/i);
        // the stage: nearer, to the side, and all of it again
        await page.locator(".stage canvas").waitFor();
        await tabTo(page, /particles|density|quantiles|Gaussian|measure that flows/);
        for (const key of ["+", "+", "Shift+ArrowRight"]) await page.keyboard.press(key);
        expect(await button(page, "fit").count()).toBe(1);
        await page.keyboard.press("0");
        await soon(() => button(page, "fit").count()).toBe(0);
        // the time bar by its own controls
        await tabTo(page, /^(Pause|Play)$/);
        if ((await focused(page)) === "Pause") await page.keyboard.press("Enter");
        await page.keyboard.press("Home");
        expect(await playhead(page)).toBe(0);
        await tabTo(page, /^Next frame$/);
        await page.keyboard.press("Enter");
        const one = await playhead(page);
        expect(one).toBeGreaterThan(0);
        await tabTo(page, /^INPUT$/);
        for (let k = 0; k < 20; k++) await page.keyboard.press("ArrowRight");
        expect(await playhead(page)).toBeGreaterThan(one);
        await tabTo(page, /^Run again$/, "Shift+Tab");
        expect((await next(page, () => page.keyboard.press("Enter"))).energy).toBe(found.energy);
      }));

    test("the recipe: another kind, a number, one energy more and away with it, undo", () =>
      on(linkOf(well), async ({ page }) => {
        const first = await reading(page);
        await opened(page);
        await tabTo(page, /^Energy 1$/);
        await tabTo(page, /^temperature, slider$/);
        await page.keyboard.press("Tab");
        await page.keyboard.press("Control+a");
        await page.keyboard.type("0.5");
        expect((await next(page, () => page.keyboard.press("Enter"))).energy).not.toBe(first.energy);
        await tabTo(page, /^Add an energy$/);
        await page.keyboard.type("Quad");
        expect(await page.locator(".card").count()).toBe(2);
        await page.keyboard.press("Enter");
        expect(await page.locator(".card").count()).toBe(3);
        await tabTo(page, /^Remove quad/, "Shift+Tab");
        await page.keyboard.press("Enter");
        expect(await page.locator(".card").count()).toBe(2);
        for (let k = 0; k < 3; k++) await page.keyboard.press("Control+z");
        await soon(() => page.locator("#control-energy-0-temperature").inputValue()).toBe("1");
        await soon(async () => (await reading(page)).energy).toBe(first.energy);
      }));

    test("share and export: open, choose, save, and back to where one was by Escape", () =>
      on(linkOf(well), async ({ page }) => {
        await reading(page);
        await opened(page);
        await page.keyboard.press("s");
        await page.getByLabel("The link", { exact: true }).waitFor();
        expect(await focused(page)).toBe("Share");
        await tabTo(page, /^The link$/);
        await page.keyboard.press("Escape");
        expect(await page.getByRole("dialog").count()).toBe(0);
        expect(await focused(page)).toBe("Share");
        await tabTo(page, /^Export$/);
        await page.keyboard.press("Enter");
        await page.getByRole("dialog", { name: "Export" }).getByRole("button", { name: "PNG" }).waitFor();
        expect(await focused(page)).toBe("Export");
        await tabTo(page, /^CSV of the trace$/);
        const { name } = await saved(page, () => page.keyboard.press("Enter"));
        expect(name).toMatch(/trace\.csv$/);
        await page.keyboard.press("Escape");
        expect(await focused(page)).toBe("Export");
        expect(await page.getByRole("dialog").count()).toBe(0);
        // a click elsewhere closes it as well, and takes the focus along
        await page.keyboard.press("Enter");
        await page.getByRole("dialog", { name: "Export" }).waitFor();
        await page.locator(".stage canvas").click();
        await soon(() => page.getByRole("dialog").count()).toBe(0);
        expect(await button(page, "Export").getAttribute("aria-expanded")).toBe("false");
      }));

    test("a start is painted and rubbed out, and the brush is laid down", () =>
      on(linkOf(plane), async ({ page }) => {
        await reading(page);
        await opened(page);
        await tabTo(page, /^Paint$/);
        await page.keyboard.press("Enter");
        await soon(() => focused(page)).toContain("Canvas to paint");
        await next(page, async () => {
          await page.keyboard.press("ArrowLeft");
          await page.keyboard.press("Enter");
        });
        await tabTo(page, /^Erase$/);
        await page.keyboard.press("Enter");
        await tabTo(page, /^Canvas to paint/, "Shift+Tab");
        await next(page, async () => {
          await page.keyboard.press("ArrowUp");
          await page.keyboard.press("Enter");
        });
        expect(await page.locator(".hint").textContent()).toBe("2 strokes");
        await page.keyboard.press("Escape");
        expect(await page.getByRole("application", { name: /paint/ }).count()).toBe(0);
        expect(await focused(page)).toBe("Paint");
      }));
  });

  describe("on a telephone", () => {
    const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true } as const;
    test("a start is painted with a finger: all of the brush's controls are in reach, nothing lies over another, and the strokes are in the link", () =>
      on(
        linkOf(plane),
        async ({ page, context }) => {
          await reading(page);
          await opened(page);
          await button(page, "Paint").tap();
          const sheet = page.getByRole("application", { name: /paint/ });
          const bar = page.getByRole("toolbar", { name: "Brush" });
          await bar.waitFor();
          const boxOf = async (of: typeof sheet) => (await of.boundingBox())!;
          const [field, tools] = [await boxOf(sheet), await boxOf(bar)];
          expect(tools.x).toBeGreaterThanOrEqual(0);
          expect(tools.x + tools.width).toBeLessThanOrEqual(390);
          // most of the stage is left to paint on
          expect(tools.height).toBeLessThan(110);
          expect(field.height - Math.max(0, tools.y + tools.height - field.y)).toBeGreaterThan(200);
          for (const control of await bar.locator("button, select, input").all()) {
            const box = (await control.boundingBox())!;
            expect(box.height).toBeGreaterThanOrEqual(30);
            expect(box.x + box.width).toBeLessThanOrEqual(390);
            // what is touched there is the control itself
            expect(
              await control.evaluate((own) => {
                const { left, top, width, height } = own.getBoundingClientRect();
                return own.contains(document.elementFromPoint(left + width / 2, top + height / 2));
              }),
            ).toBe(true);
          }
          const touch = await context.newCDPSession(page);
          const finger = (type: string, x?: number, y?: number): Promise<unknown> =>
            touch.send("Input.dispatchTouchEvent", { type: type as "touchStart", touchPoints: x === undefined ? [] : [{ x, y: y! }] });
          const draw = async (from: readonly [number, number], to: readonly [number, number]): Promise<void> => {
            const at = ([u, v]: readonly [number, number]): [number, number] => [field.x + u * field.width, field.y + v * field.height];
            const [a, b] = [at(from), at(to)];
            await finger("touchStart", ...a);
            for (let k = 1; k <= 8; k++) await finger("touchMove", a[0] + ((b[0] - a[0]) * k) / 8, a[1] + ((b[1] - a[1]) * k) / 8);
            await finger("touchEnd");
          };
          await next(page, () => draw([0.35, 0.5], [0.65, 0.6]));
          await bar.getByLabel("Edge of the brush").selectOption("disc");
          const erase = bar.getByRole("button", { name: "Erase" });
          // a touch that a busy machine ends late is a long press, which chooses nothing
          await soon(async () => {
            await erase.tap();
            return erase.getAttribute("aria-pressed");
          }).toBe("true");
          await next(page, () => draw([0.5, 0.45], [0.5, 0.65]));
          expect(await page.locator(".hint").textContent()).toBe("2 strokes");
          // the page did not move under the finger
          expect(await page.evaluate(() => [scrollX, scrollY, document.documentElement.scrollWidth])).toEqual([0, 0, 390]);
          const { violations } = await new AxeBuilder({ page }).analyze();
          expect(violations.map(({ id }) => id)).toEqual([]);
          await bar.getByRole("button", { name: "Done" }).tap();
          const { spec } = (await decodeLink(await shared(page))) as unknown as { spec: { initial: { strokes: string[] } } };
          expect(spec.initial.strokes.map((s) => s.split(" ").slice(0, 2).join(" "))).toEqual(["paint soft", "erase disc"]);
          // a stroke of a finger, not a dot
          expect(spec.initial.strokes[0]).toMatch(/: .+,/);
        },
        phone,
      ));
  });

  describe("less motion", () => {
    test("nothing moves unless it is asked to: the flow is shown where it has come to, and plays when Play is pressed", () =>
      on(
        linkOf(well),
        async ({ page }) => {
          await reading(page);
          await soon(() => playhead(page)).toBe(0.5);
          expect(await button(page, "Play").count()).toBe(1);
          const stage = (): Promise<string> => page.evaluate(() => (document.querySelector(".stage canvas") as HTMLCanvasElement).toDataURL());
          // where it comes to rest is known a while after it runs
          await button(page, "equilibrium").waitFor();
          const still = await rested(stage, page);
          await page.waitForTimeout(700);
          expect(await stage()).toBe(still);
          const animated = await page.evaluate(() => document.getAnimations().length);
          expect(animated).toBe(0);
          await page.keyboard.press("Space");
          await soon(stage).not.toBe(still);
          // a change is run, and again stands still
          const slider = page.locator(".recipe input[type=range]").first();
          await slider.focus();
          await next(page, () => page.keyboard.press("ArrowRight"));
          await soon(() => playhead(page)).toBe(0.5);
        },
        { reducedMotion: "reduce" },
      ));
    test("while it is computed, the picture stands as well", () =>
      on(
        linkOf(slow),
        async ({ page }) => {
          await soon(() => page.locator("footer").textContent()).toContain("computing");
          await soon(() => told(page, "step")).toMatch(/[1-9]/);
          expect(await playhead(page)).toBe(0);
        },
        { reducedMotion: "reduce" },
      ));
    test("with motion as usual it plays by itself", () =>
      on(linkOf(well), async ({ page }) => {
        await opened(page);
        const one = await playhead(page);
        await soon(() => playhead(page)).toBeGreaterThan(one);
      }));
  });
});
