/// <reference lib="dom" />
/** Links hold what is seen and hide what shall not be; whatever strangers write into them, the page goes on. */
import { deflateRawSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import { unzipSync } from "fflate";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { decodeLink } from "../../src/link/codec.ts";
import { linkOf, well } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, goTo, next, opened, reading, saved, shared, soon } from "./visit.ts";

onSite("links", ({ on }) => {
  test("bring the view along: what is laid over, the part that is seen, two runs, the speed, a playhead at rest; and the page that opens makes the same link", async () => {
    let link = "";
    await on(linkOf(well), async ({ page }) => {
      await reading(page);
      await opened(page);
      expect((await decodeLink(await shared(page))).view).toBeUndefined();
      await page.getByLabel("compare with").selectOption("variant:coarse");
      await page.locator(".pair.two").waitFor();
      await button(page, "quantile fan").first().click();
      await page.locator("footer .speed select").selectOption("0.5");
      await page.locator(".stage canvas").first().focus();
      for (const key of ["+", "+", "Home", "ArrowRight", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
      await soon(() => page.locator("output[title]").textContent()).toContain("=");
      link = await shared(page);
    });
    const { view } = (await decodeLink(link)) as { view: { at: number; zoom: { x: { lo: number; hi: number } } } };
    expect(view).toMatchObject({ beside: { variant: "coarse" }, marks: { fan: true }, speed: 0.5 });
    // twice nearer by 1.4: the box of length 6 about its middle
    expect(view.zoom.x.hi - view.zoom.x.lo).toBeCloseTo(6 / 1.96, 9);
    expect(view.at).toBeGreaterThan(0);
    await on(link, async ({ page }) => {
      await page.locator(".pair.two").waitFor();
      await reading(page);
      expect(await button(page, "quantile fan").first().getAttribute("aria-pressed")).toBe("true");
      expect(await page.locator("footer .speed select").inputValue()).toBe("0.5");
      expect(await button(page, "Play").count()).toBe(1);
      expect(Number(/t = ([\d.]+)/.exec((await page.locator("footer output").textContent())!)![1])).toBeCloseTo(view.at, 3);
      await opened(page);
      expect(await shared(page)).toBe(link);
    });
  });

  test("bring the step along that is taken apart, with its length: the same numbers", async () => {
    let [link, words] = ["", ""];
    const said = (page: Page): Promise<string> => page.locator(".scope .words").innerText();
    await on(linkOf(well), async ({ page }) => {
      await reading(page);
      await opened(page);
      await button(page, "one step, taken apart").click();
      await page.locator(".scope .words").waitFor();
      const before = await said(page);
      await page.getByLabel("τ").fill("0.2");
      await page.keyboard.press("Enter");
      await soon(() => said(page)).not.toBe(before);
      words = await said(page);
      link = await shared(page);
    });
    await on(link, async ({ page }) => {
      await page.locator(".scope .words").waitFor();
      expect(await said(page)).toBe(words);
      expect(await page.getByLabel("τ").inputValue()).toBe("0.2");
    });
  });

  test("bring a tool along with its sliders; one that it does not have, or a slider beyond its end, is said", async () => {
    let link = "";
    await on(linkOf(well), async ({ page }) => {
      await reading(page);
      await button(page, "Gallery").click();
      await page.getByRole("button", { name: /^Two masses part/ }).click();
      const slider = page.getByLabel("farthest separation");
      await slider.focus();
      for (let k = 0; k < 5; k++) await page.keyboard.press("ArrowLeft");
      await soon(() => page.locator("dialog output").nth(1).textContent()).toBe("3.5");
      link = await shared(page);
      expect(((await decodeLink(link)).view as { tool: unknown }).tool).toEqual({ name: "parting", values: { deviation: 0.3, most: 3.5 } });
    });
    await on(link, async ({ page }) => {
      await page.locator("dialog li").first().waitFor();
      expect(await page.locator("dialog output").nth(1).textContent()).toBe("3.5");
    });
    await on(linkOf(well, { view: { tool: { name: "parting", values: { most: 1e9 } } } }), async ({ page }) => {
      await soon(() => page.locator("dialog [role=alert]").textContent()).toContain("it stands at 4");
    });
    await on(linkOf(well, { view: { tool: { name: "nonsense", values: {} } } }), async ({ page }) => {
      await soon(() => page.locator(".notice").textContent()).toContain('the tool "nonsense"');
      expect((await reading(page)).certified).toBe(true);
    });
  });

  test("hide what the panel says they shall, on a telephone as well", async () => {
    let link = "";
    await on(linkOf(well), async ({ page }) => {
      await reading(page);
      await opened(page);
      await button(page, "Share").click();
      const panel = page.getByRole("dialog", { name: "Share" });
      await panel.getByText("Hide parts").click();
      for (const name of ["ledger", "gallery", "the spec as text", "scheme", "comparison and microscope", "opening of files"])
        await panel.getByRole("region", { name: "Hidden" }).getByLabel(name, { exact: true }).check();
      await panel.locator('section[aria-label="Link"][aria-busy="false"]').waitFor();
      link = new URL(page.url()).hash;
      expect((await decodeLink(link)).hide).toHaveLength(6);
      expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
      // what is pasted elsewhere holds the same link
      const frame = await panel.getByLabel("The frame", { exact: true }).inputValue();
      expect(frame).toContain(`embed.html?controls=law+time${link}"`);
      expect(await panel.getByLabel("The element", { exact: true }).inputValue()).toContain(`link="${link}"`);
    });
    const gone = async (page: Page): Promise<void> => {
      for (const name of ["Gallery", "JSON", "Open", "one step, taken apart"]) expect([name, await button(page, name).count()]).toEqual([name, 0]);
      expect(await page.locator(".ledger").count()).toBe(0);
      expect(await page.getByRole("heading", { name: "Scheme" }).count()).toBe(0);
      expect(await page.getByRole("heading", { name: "Space" }).count()).toBe(1);
    };
    await on(link, async ({ page }) => {
      await opened(page);
      await gone(page);
      await page.keyboard.press("g");
      expect(await page.locator("dialog").count()).toBe(0);
      // the recipe that is left still works
      await page.locator("#control-energy-0-temperature").fill("0.7");
      await page.keyboard.press("Enter");
      await soon(() => page.locator("footer").textContent()).toContain("computed");
    });
    await on(
      link,
      async ({ page }) => {
        await opened(page);
        expect(await page.locator(".tabs button").allTextContents()).toEqual(["Recipe", "Stage"]);
        await page.locator(".tabs").getByRole("button", { name: "Recipe" }).tap();
        await gone(page);
      },
      { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true },
    );
  });

  test("of version 1 are read", async () => {
    const old = `#1.${deflateRawSync(JSON.stringify({ spec: well, hide: ["scheme"] })).toString("base64url")}`;
    await on(old, async ({ page }) => {
      expect((await reading(page)).certified).toBe(true);
      await opened(page);
      expect(await page.getByRole("heading", { name: "Scheme" }).count()).toBe(0);
    });
  });

  describe("from strangers", () => {
    const refused: readonly (readonly [view: unknown, says: RegExp])[] = [
      [7, /view = 7 when an object/],
      [{ marks: { fan: "<img src=x onerror=alert(1)>" } }, /view\.marks\.fan = "<img/],
      [{ marks: { __proto__: null, constructor: true } }, /view\.marks\.constructor/],
      [{ zoom: { x: { lo: 0, hi: 1e300 }, y: { lo: 0, hi: 1 } } }, /view\.zoom\.x\.hi/],
      [{ at: [[]] }, /view\.at/],
      [{ beside: { title: "x", scheme: 5 } }, /view\.beside\.scheme/],
      [{ from: "a later version" }, /does not know/],
    ];
    test("with a view that nobody wrote: it is said, and the flow is seen as usual", () =>
      on("", async ({ page }) => {
        await opened(page);
        for (const [view, says] of refused) {
          const link = await linkOf(well, { view });
          const found = await next(page, () => goTo(page, link));
          expect(found.certified).toBe(true);
          await soon(() => page.locator(".notice").textContent()).toMatch(says);
          expect(await page.locator(".notice img").count()).toBe(0);
          await button(page, "Dismiss").click();
        }
      }));
    test("that look into the void or beside the run: drawn, and back by one button", () =>
      on("", async ({ page }) => {
        await opened(page);
        for (const zoom of [
          { x: { lo: 0.5, hi: 0.5000001 }, y: { lo: 0, hi: 1 } },
          { x: { lo: -1e12, hi: 1e12 }, y: { lo: -1e12, hi: 1e12 } },
          { x: { lo: 900, hi: 901 }, y: { lo: 0, hi: 1 } },
        ]) {
          const link = await linkOf(well, { view: { zoom, at: 1e9 } });
          expect((await next(page, () => goTo(page, link))).certified).toBe(true);
          expect(await page.locator("footer output").textContent()).toContain("t = 0.5 / 0.5");
          await button(page, "fit").click();
          await soon(() => button(page, "fit").count()).toBe(0);
        }
      }));
    test("with a second run that cannot be: its stage says so, the first goes on", () =>
      on(linkOf(well, { view: { beside: { title: "x", scheme: { kind: "nonsense" } } } }), async ({ page }) => {
        expect((await reading(page)).certified).toBe(true);
        await soon(() => page.locator(".pair > div:nth-child(2) [role=alert]").textContent()).toMatch(/scheme/);
      }));
    test("with a flow that is refused, or that cannot be read: the one before is there, and back by one button", () =>
      on(linkOf(well), async ({ page }) => {
        const first = await reading(page);
        await opened(page);
        const deep = `#2.${deflateRawSync(`{"spec":{"energy":${"[".repeat(300_000)}${"]".repeat(300_000)}}}`).toString("base64url")}`;
        for (const hash of [deep, "#2.AAAA", "#99.AAAA"]) {
          await goTo(page, hash);
          await soon(() => page.locator(".notice").textContent()).toContain("The link could not be opened");
          await button(page, "Dismiss").click();
          expect(await page.locator("#control-energy-0-temperature").inputValue()).toBe("1");
        }
        const link = await linkOf(well, { view: { variant: "nope" } });
        await goTo(page, link);
        await page.locator(".stage [role=alert]").waitFor();
        expect(await next(page, () => button(page, "Back to it").click())).toEqual(first);
        await opened(page);
        const bad = await linkOf({ ...well, energy: [{ kind: "__proto__" }] });
        await goTo(page, bad);
        await soon(() => page.locator(".stage [role=alert]").textContent()).toContain("energy");
        expect(await next(page, () => button(page, "Back to it").click())).toEqual(first);
      }));
  });

  test("that would be too long are not made: the bundle is offered, and opens again", () =>
    on(linkOf(well), async ({ page }) => {
      await reading(page);
      await opened(page);
      // a painting whose strokes have every digit
      let seed = 1;
      const digits = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
      const points = Array.from({ length: 19_000 }, () => `${digits()} ${digits()}`);
      const long = {
        version: 1,
        energy: [{ kind: "entropy" }],
        space: { kind: "box", lower: [0, 0], upper: [1, 1], cells: [16, 16] },
        initial: { kind: "strokes", pixels: [16], strokes: [`paint soft 0.1 1: ${points.join(", ")}`] },
        scheme: { kind: "finite-volume", step: 0.01 },
        until: 0.05,
      };
      const input = page.locator("header input[type=file]");
      const first = await next(page, () => input.setInputFiles({ name: "long.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(long)) }));
      await button(page, "Share").click();
      const panel = page.getByRole("dialog", { name: "Share" });
      await soon(() => panel.textContent()).toMatch(/the link would have \d+ characters/);
      const { bytes } = await saved(page, () => panel.getByRole("button", { name: "Save the bundle" }).click());
      const buffer = Buffer.from(bytes);
      expect(JSON.parse(new TextDecoder().decode(unzipSync(bytes)["spec.json"]))).toEqual(long);
      expect(await next(page, () => input.setInputFiles({ name: "b.zip", mimeType: "application/zip", buffer }))).toEqual(first);
    }));
});
