/// <reference lib="dom" />
/** What comes between two paintings, between a change and its run, between a question and its answer: the page goes by what is, not by what it showed last. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { decodeLink } from "../../src/link/codec.ts";
import { linkOf, plane, well } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, goTo, next, opened, reading, rested, saved, shared, soon } from "./visit.ts";

/** a flow on another line than that of `well` */
const wide = {
  ...well,
  title: "Elsewhere",
  space: { kind: "box", lower: [0], upper: [20], cells: [200] },
  initial: { kind: "gaussian", mean: [10], deviation: [2] },
};
const playhead = (page: Page): Promise<number> => page.locator("footer input[type=range]").evaluate((input) => Number((input as HTMLInputElement).value));
const viewOf = async (link: string): Promise<Record<string, unknown>> => ((await decodeLink(link)).view ?? {}) as Record<string, unknown>;

onSite("what comes in between", (site) => {
  describe("two paintings", () => {
    /** Lets a page be told whether it paints. */
    const painted = async (page: Page): Promise<(on: boolean) => Promise<void>> => {
      await page.addInitScript(() => {
        const usual = requestAnimationFrame;
        const waiting: FrameRequestCallback[] = [];
        const stand = { still: false };
        Object.assign(globalThis, {
          paintings: (on: boolean) => {
            stand.still = !on;
            if (on) for (const act of waiting.splice(0)) usual(act);
          },
          requestAnimationFrame: (act: FrameRequestCallback) => usual((t) => (stand.still ? void waiting.push(act) : act(t))),
        });
      });
      return (on) => page.evaluate((to) => (globalThis as unknown as { paintings(on: boolean): void }).paintings(to), on);
    };
    const nearer = (page: Page, times: number): Promise<void> =>
      page.evaluate((n) => {
        const canvas = document.querySelector(".stage canvas") as HTMLElement;
        for (let k = 0; k < n; k++) canvas.dispatchEvent(new KeyboardEvent("keydown", { key: "+", bubbles: true }));
      }, times);
    const zoomOf = async (page: Page): Promise<{ lo: number; hi: number }> =>
      ((await viewOf(await shared(page))) as { zoom: { x: { lo: number; hi: number } } }).zoom.x;

    test("the zoom of a run that nobody has painted yet is a part of its own scene", () =>
      site.on("about:blank", async ({ page }) => {
        const paintings = await painted(page);
        await page.goto(site.address + (await linkOf(well)));
        await reading(page);
        await opened(page);
        await paintings(false);
        await next(page, () => goTo(page, linkOf(wide)));
        await nearer(page, 2);
        await paintings(true);
        const { lo, hi } = await zoomOf(page);
        // the box of length 20 about its middle
        expect(hi - lo).toBeCloseTo(20 / 1.96, 9);
        expect(hi + lo).toBeCloseTo(20, 9);
      }));

    test("a second run that has as many frames as the one that it takes the place of has its own room in the scene", () =>
      site.on("about:blank", async ({ page }) => {
        const paintings = await painted(page);
        const far = { space: { upper: [9], cells: [400] } };
        await page.goto(site.address + (await linkOf({ ...well, variants: { same: {}, far } }, { view: { beside: { variant: "same" } } })));
        await reading(page);
        await opened(page);
        const second = page.locator(".ledger .judged", { hasText: "far:" });
        await soon(() => page.locator(".ledger .judged").count()).toBe(2);
        await paintings(false);
        await page.getByLabel("compare with").selectOption("variant:far");
        await second.waitFor({ state: "attached" });
        await paintings(true);
        await nearer(page, 2);
        const { lo, hi } = await zoomOf(page);
        // both boxes together: from -3 to 9
        expect(hi - lo).toBeCloseTo(12 / 1.96, 9);
        expect(hi + lo).toBeCloseTo(6, 9);
      }));

    test("who drags the stage while another flow opens does not drag that one along", () =>
      site.ended(well, async (page) => {
        const box = (await page.locator(".stage canvas").boundingBox())!;
        await page.mouse.move(box.x + 0.5 * box.width, box.y + 0.5 * box.height);
        await page.mouse.down();
        await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.5 * box.height, { steps: 3 });
        await soon(() => button(page, "fit").count()).toBe(1);
        await next(page, () => goTo(page, linkOf(wide)));
        await page.mouse.move(box.x + 0.7 * box.width, box.y + 0.5 * box.height, { steps: 3 });
        expect(await button(page, "fit").count()).toBe(0);
        await page.mouse.up();
      }));

    test("a stroke is where it was seen, though the stage is zoomed before it ends", () =>
      site.ended(plane, async (page) => {
        await button(page, "Paint").click();
        const box = (await page.getByRole("application").boundingBox())!;
        const stroke = async (meanwhile: () => Promise<void>): Promise<void> => {
          await page.mouse.move(box.x + 0.35 * box.width, box.y + 0.4 * box.height);
          await page.mouse.down();
          await meanwhile();
          await page.mouse.up();
        };
        await next(page, () => stroke(async () => undefined));
        await next(page, () => stroke(() => page.evaluate(() => (document.querySelector('[aria-label="Nearer"]') as HTMLElement).click())));
        await button(page, "Done").click();
        const { spec } = (await decodeLink(await shared(page))) as { spec: { initial: { strokes: string[] } } };
        const [still, zoomed] = spec.initial.strokes.map((text) => text.split(": ")[1]!.split(/[ ,]+/).map(Number));
        expect(zoomed!.length).toBe(2);
        for (const [k, v] of zoomed!.entries()) expect(v).toBeCloseTo(still![k]!, 1);
      }));

    test("a stroke that begins on one flow does not end on another", () =>
      site.ended(plane, async (page) => {
        await button(page, "Paint").click();
        const box = (await page.getByRole("application").boundingBox())!;
        await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.4 * box.height);
        await page.mouse.down();
        const other = { ...plane, title: "Another plane", until: 0.1 };
        const found = await next(page, () => goTo(page, linkOf(other)));
        await page.mouse.up();
        // what the stroke would have begun would be waiting by now
        expect(await page.locator(".lab").getAttribute("data-phase")).toBe("ended");
        expect(await reading(page)).toEqual(found);
        expect(await button(page, "Undo").isDisabled()).toBe(true);
      }));

    test("a picture has the size that the stage has now", () =>
      site.ended(well, async (page) => {
        await button(page, "Export").click();
        const panel = page.getByRole("dialog", { name: "Export" });
        await panel.getByRole("button", { name: "PNG" }).waitFor();
        const { bytes } = await saved(page, () =>
          page.evaluate(() => {
            (document.querySelector(".stages") as HTMLElement).style.width = "300px";
            ([...document.querySelectorAll("[role=dialog] button")].find((b) => b.textContent === "PNG") as HTMLElement).click();
          }),
        );
        expect(new DataView(bytes.buffer).getUint32(16)).toBe(300);
      }));
  });

  describe("a change and its run", () => {
    test("the distance of two runs is that of the runs that stand, though they took the place of others between two looks", () =>
      site.on(
        "about:blank",
        async ({ page }) => {
          // whoever looks from time to time looks when the test says so
          await page.addInitScript(() => {
            const usual = setInterval;
            const stand = { still: false };
            Object.assign(globalThis, { stand, setInterval: (act: () => void, ms: number) => usual(() => stand.still || act(), ms) });
          });
          const still = (is: boolean): Promise<void> =>
            page.evaluate((to) => void ((globalThis as unknown as { stand: { still: boolean } }).stand.still = to), is);
          const distance = (): Promise<string | null> => page.locator("output[title] b").textContent();
          await page.goto(site.address + (await linkOf(well, { view: { beside: { variant: "coarse" } } })));
          await reading(page);
          await page.locator(".recipe fieldset").first().waitFor({ state: "attached" });
          await soon(() => page.locator(".ledger .judged").count()).toBe(2);
          const before = await rested(distance, page);
          await still(true);
          await next(page, async () => {
            await page.locator("#control-energy-0-temperature").fill("3");
            await page.keyboard.press("Enter");
          });
          await soon(() => page.locator(".ledger .judged").count()).toBe(2);
          await still(false);
          await soon(distance).not.toBe(before);
        },
        // each run is seen where it has come to: at the same time as the one before
        { reducedMotion: "reduce" },
      ));

    /** Presses keys in one task, and says where the playhead rests once the run that they ask for has ended. */
    const pressed = async (page: Page, ...names: string[]): Promise<{ t: number; playing: boolean }> => {
      await next(page, () =>
        page.evaluate((keys) => {
          for (const key of keys) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        }, names),
      );
      return { t: await playhead(page), playing: (await button(page, "Pause").count()) === 1 };
    };
    test("what is asked of the playhead before a run opens holds for that run; what was asked before the run does not", () =>
      site.ended(well, async (page) => {
        // long enough to be seen playing
        await page.locator("footer .speed select").selectOption("0.25");
        // to the end of the last run, which is the end of this one as well
        expect(await pressed(page, "r", "End")).toEqual({ t: 0.5, playing: false });
        expect(await pressed(page, "r", "Home")).toEqual({ t: 0, playing: false });
        // it rests: play, and pause again
        expect(await pressed(page, "r", " ", " ")).toEqual({ t: 0, playing: false });
        expect((await pressed(page, "Home", "r")).playing).toBe(true);
      }));

    test("a film of a flow that is changed meanwhile is not made of both", () =>
      site.ended({ ...plane, initial: { kind: "gaussian", deviation: [0.35] } }, async (page) => {
        const panel = page.getByRole("dialog", { name: "Export" });
        await page.locator("footer .speed select").selectOption("0.25");
        await button(page, "Export").click();
        await panel.getByLabel("seconds").fill("60");
        await panel.getByRole("button", { name: "GIF" }).click();
        await panel.getByRole("progressbar", { name: "Film" }).waitFor();
        await next(page, () => goTo(page, linkOf(plane)));
        await soon(() => panel.getByRole("status").textContent()).toBe("The flow was changed while it was filmed.");
        await panel.getByRole("progressbar").waitFor({ state: "detached" });
        // and the new flow plays on
        expect(await button(page, "Pause").count()).toBe(1);
      }));

    test("a film goes on when its panel is closed, and is the only one: opened again, the panel has its progress and its end", () =>
      site.ended(plane, async (page) => {
        const panel = page.getByRole("dialog", { name: "Export" });
        const gif = panel.getByRole("button", { name: "GIF" });
        await button(page, "Export").click();
        await panel.getByLabel("seconds").fill("60");
        await gif.click();
        await panel.getByRole("progressbar", { name: "Film" }).waitFor();
        await button(page, "Export").click();
        await panel.waitFor({ state: "detached" });
        await button(page, "Export").click();
        await panel.getByRole("progressbar", { name: "Film" }).waitFor();
        expect(await gif.isDisabled()).toBe(true);
        await panel.getByRole("button", { name: "Stop" }).click();
        await soon(() => panel.getByRole("status").textContent()).toBe("Stopped.");
        expect(await gif.isDisabled()).toBe(false);
      }));

    test("what is exported is what is shown when it is asked for", () =>
      site.ended(well, async (page) => {
        await button(page, "Export").click();
        const panel = page.getByRole("dialog", { name: "Export" });
        await panel.getByRole("button", { name: "NPY" }).waitFor();
        const { name } = await saved(page, () =>
          page.evaluate(() => {
            const press = (key: string): boolean => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            press("Home");
            ([...document.querySelectorAll("[role=dialog] button")].find((b) => b.textContent === "NPY") as HTMLElement).click();
            for (let k = 0; k < 5; k++) press("ArrowRight");
          }),
        );
        expect(name).toMatch(/-t0\.npy$/);
      }));
  });
});
