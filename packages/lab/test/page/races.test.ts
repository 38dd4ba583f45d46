/// <reference lib="dom" />
/** What comes between two paintings, between a change and its run, between a question and its answer: the page goes by what is, not by what it showed last. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { decodeLink } from "../../src/link/codec.ts";
import { linkOf, plane, well } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, next, opened, reading, saved, shared, soon } from "./visit.ts";

/** a flow on another line than that of `well` */
const wide = {
  ...well,
  title: "Elsewhere",
  space: { kind: "box", lower: [0], upper: [20], cells: [200] },
  initial: { kind: "gaussian", mean: [10], deviation: [2] },
};
const goTo = async (page: Page, link: Promise<string>): Promise<void> => page.evaluate((to) => location.assign(to), await link);
const playhead = (page: Page): Promise<number> => page.locator("footer input[type=range]").evaluate((input) => Number((input as HTMLInputElement).value));
const viewOf = async (link: string): Promise<Record<string, unknown>> => ((await decodeLink(link)).view ?? {}) as Record<string, unknown>;

onSite("what comes in between", (site) => {
  /** On a flow whose run has ended. */
  const at = (spec: object, act: (page: Page) => Promise<void>): Promise<void> =>
    site.on(linkOf(spec), async ({ page }) => {
      await reading(page);
      await opened(page);
      await act(page);
    });
  /** Holds back what is asked for by an address. Returns how to let it go. */
  const hold = async (page: Page, address: RegExp): Promise<() => Promise<void>> => {
    let release = (): void => {};
    const free = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = page.waitForRequest(address);
    await page.route(address, async (route) => {
      await free;
      await route.continue();
    });
    return async () => {
      const answered = asked.then((request) => request.response());
      release();
      await (await answered)?.finished();
      // and whoever waited for it has had its turn
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    };
  };

  describe("two paintings", () => {
    test("the zoom of a run that nobody has painted yet is a part of its own scene", async () => {
      await site.on("about:blank", async ({ page }) => {
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
        const paintings = (on: boolean): Promise<void> => page.evaluate((to) => (globalThis as unknown as { paintings(on: boolean): void }).paintings(to), on);
        await page.goto(site.address + (await linkOf(well)));
        await reading(page);
        await opened(page);
        await paintings(false);
        await next(page, () => goTo(page, linkOf(wide)));
        await page.evaluate(() => {
          const canvas = document.querySelector(".stage canvas") as HTMLElement;
          for (const key of ["+", "+"]) canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        });
        await paintings(true);
        const { zoom } = (await viewOf(await shared(page))) as { zoom: { x: { lo: number; hi: number } } };
        // the box of length 20 about its middle
        expect(zoom.x.hi - zoom.x.lo).toBeCloseTo(20 / 1.96, 9);
        expect(zoom.x.hi + zoom.x.lo).toBeCloseTo(20, 9);
      });
    });

    test("who drags the stage while another flow opens does not drag that one along", () =>
      at(well, async (page) => {
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

    test("a picture has the size that the stage has now", () =>
      at(well, async (page) => {
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
      at(well, async (page) => {
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
      at({ ...plane, initial: { kind: "gaussian", deviation: [0.35] } }, async (page) => {
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

    test("what is exported is what is shown when it is asked for", () =>
      at(well, async (page) => {
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

  describe("a question and its answer", () => {
    /** what is asked for is not answered from what the page keeps */
    const direct = { serviceWorkers: "block" } as const;
    test("of two flows that are chosen, the later one stands, whichever comes first", () =>
      site.on(
        "",
        async ({ page }) => {
          await opened(page);
          const release = await hold(page, /fisher-rao\.json/);
          const pick = page.getByRole("combobox", { name: "Flow", exact: true });
          await pick.selectOption("fisher-rao");
          await next(page, () => pick.selectOption("heat-gaussian"));
          const law = await page.locator(".law").textContent();
          await release();
          expect(await page.locator(".law").textContent()).toBe(law);
          expect(await pick.inputValue()).toBe("heat-gaussian");
          expect((await reading(page)).certified).toBe(true);
        },
        direct,
      ));

    test("a card that comes late does not take the place of a link", () =>
      site.on(
        "",
        async ({ page }) => {
          await opened(page);
          const release = await hold(page, /fisher-rao\.json/);
          await page.getByRole("combobox", { name: "Flow", exact: true }).selectOption("fisher-rao");
          const found = await next(page, () => goTo(page, linkOf(well)));
          await release();
          expect(await reading(page)).toEqual(found);
          expect(await page.locator("#control-energy-1-formula").inputValue()).toBe("(x^2 - 1)^2");
        },
        direct,
      ));

    test("in a frame, neither", () =>
      site.on(
        site.plain,
        async ({ page }) => {
          const release = await hold(page, /fisher-rao\.json/);
          await page.evaluate(async (spec) => {
            document.body.innerHTML = '<iframe src="embed.html?flow=fisher-rao" style="position:fixed;inset:0;width:600px;height:400px"></iframe>';
            const frame = document.querySelector("iframe") as HTMLIFrameElement;
            await new Promise<void>((resolve) => {
              addEventListener("message", (event) => event.data?.type === "ready" && resolve());
            });
            frame.contentWindow!.postMessage({ ottoflow: 1, type: "open", spec }, "*");
          }, well);
          const law = page.frameLocator("iframe").getByRole("region", { name: "The law of the flow" });
          await soon(() => law.textContent()).toContain("sdirk2");
          const before = await law.textContent();
          await release();
          expect(await law.textContent()).toBe(before);
        },
        direct,
      ));

    test("the brush that is laid down before it has come stays away", () =>
      at(plane, async (page) => {
        await page.evaluate(() => {
          const paint = [...document.querySelectorAll("button")].find((b) => b.textContent === "Paint") as HTMLElement;
          paint.click();
          paint.click();
        });
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
        expect(await page.getByRole("application").count()).toBe(0);
        await button(page, "Paint").click();
        await page.getByRole("application").waitFor();
      }));

    test("the link that is copied is of what is chosen now", () =>
      at(well, async (page) => {
        await page.keyboard.press("End");
        await page.keyboard.press("ArrowLeft");
        await page.evaluate(() =>
          Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text: string) => void Object.assign(globalThis, { copied: text }) } }),
        );
        await button(page, "Share").click();
        await page.locator('section[aria-label="Link"][aria-busy="false"]').waitFor();
        await page.evaluate(() => {
          (document.querySelector('section[aria-label="Link"] input[type=checkbox]') as HTMLElement).click();
          (document.querySelector('[aria-label="Copy: The link"]') as HTMLElement).click();
        });
        const copied = (): Promise<string> => page.evaluate(() => (globalThis as unknown as { copied?: string }).copied ?? "");
        await soon(copied).toContain("#");
        expect((await decodeLink(new URL(await copied()).hash)).view).toBeUndefined();
      }));
  });
});
