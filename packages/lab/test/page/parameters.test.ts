/// <reference lib="dom" />
/** Named parameters in the page: sliders that move the flow, with the numbers of the command. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { command as commanded, linkOf, type Numbers, numbers, specs } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, next, reading, soon } from "./visit.ts";

const spec = {
  ...JSON.parse(readFileSync(join(specs, "double-well-grid.json"), "utf8")),
  parameters: { noise: { value: 1, min: 0.1, max: 2, step: 0.1, title: "noise", summary: "how hot" }, start_width: "noise/20" },
  initial: { kind: "gaussian", mean: [0], deviation: ["=start_width"] },
  until: 0.5,
  observe: undefined,
  quick: undefined,
};

/** What `ottoflow run` makes of it with these settings. */
const command = (...settings: string[]): Promise<Numbers> => commanded({ "spec.json": JSON.stringify(spec) }, ...settings.flatMap((s) => ["--set", s]));
const knob = (page: Page, name: string) => page.locator(`[data-parameter="${name}"]`);

onSite("parameters in the page", (site) => {
  const on = (act: (page: Page) => Promise<void>): Promise<void> => site.ended(spec, act);

  test("a slider moves the flow by its keys, with the numbers of `ottoflow run --set`; what follows from it follows; undo and reset lead back", () =>
    on(async (page) => {
      const first = await reading(page);
      expect(numbers(first)).toEqual(await command());
      const slider = knob(page, "noise").getByRole("slider");
      expect(await slider.getAttribute("aria-label")).toBe("noise, slider");
      expect(await knob(page, "start_width").locator("output").textContent()).toBe("= 0.05");
      const moved = await next(page, async () => {
        await slider.focus();
        await page.keyboard.press("ArrowRight");
      });
      expect(await page.locator("#parameter-noise").inputValue()).toBe("1.1");
      expect(await knob(page, "start_width").locator("output").textContent()).toBe("= 0.055");
      expect(numbers(moved)).toEqual(await command("noise=1.1"));
      expect(moved.energy).not.toBe(first.energy);
      expect(await next(page, () => page.keyboard.press("Control+z"))).toEqual(first);
      await next(page, async () => {
        await page.locator("#parameter-noise").fill("0.7");
        await page.keyboard.press("Enter");
      });
      expect(await next(page, () => button(page, "Reset noise").click())).toEqual(first);
      expect(await button(page, "Reset noise").count()).toBe(0);
    }));

  test("what does not fit is said beside its field, and the flow stays", () =>
    on(async (page) => {
      const first = await reading(page);
      for (const [name, text, says] of [
        ["noise", "9", "got 9 when expected 0.1 to 2"],
        ["noise", "start_width", "start_width -> noise"],
        ["start_width", "nois/2", "Did you mean `noise`?"],
      ] as const) {
        await page.locator(`#parameter-${name}`).fill(text);
        await page.keyboard.press("Enter");
        await soon(() => knob(page, name).getByRole("alert").textContent()).toContain(says);
      }
      expect(await reading(page)).toEqual(first);
      expect(
        numbers(
          await next(page, async () => {
            await page.locator("#parameter-start_width").fill("noise/10");
            await page.keyboard.press("Enter");
          }),
        ),
      ).toEqual(await command("start_width=noise/10"));
    }));

  test("a number of the recipe that is worked out shows its text and its value, and takes others", () =>
    on(async (page) => {
      const temperature = page.locator("#control-energy-0-temperature");
      expect(await temperature.inputValue()).toBe("=noise");
      expect(await temperature.locator("xpath=following-sibling::output").textContent()).toBe("= 1");
      expect(await page.locator("#control-initial-deviation").inputValue()).toBe("=start_width");
      const half = await next(page, async () => {
        await temperature.fill("=noise/2");
        await temperature.press("Enter");
      });
      expect(numbers(half)).toEqual(await command("energy[0].temperature==noise/2"));
      const number = await next(page, async () => {
        await temperature.fill("0.5");
        await temperature.press("Enter");
      });
      expect(number).toEqual(half);
      expect(await page.getByRole("slider", { name: "temperature, slider" }).count()).toBe(1);
    }));

  test("a name that nobody knows is added as a parameter by a button, on the stage and in the text", () =>
    on(async (page) => {
      const first = await reading(page);
      const formula = page.locator("#control-energy-1-formula");
      await formula.fill("k*(x^2 - 1)^2");
      await formula.press("Enter");
      expect(numbers(await next(page, () => page.locator(".fault").getByRole("button", { name: "Add k as a parameter" }).click()))).toEqual(numbers(first));
      expect(await page.locator("#parameter-k").inputValue()).toBe("1");
      await formula.fill("k*(x^2 - depth)^2");
      await formula.press("Enter");
      await page.locator(".fault").waitFor();
      await page.getByRole("button", { name: "JSON" }).click();
      await page.locator(".cm-lintRange-error").first().hover();
      expect(numbers(await next(page, () => page.locator(".cm-diagnosticAction", { hasText: "Add depth as a parameter" }).click()))).toEqual(numbers(first));
      await soon(() => page.locator(".cm-content").textContent()).toMatch(/"depth": 1/);
    }));

  test("in a frame: sliders under the stage, and `set` takes the name of a parameter", async () => {
    const body = `<script type="module" src="element.js"></script><ottoflow-flow link="${await linkOf(spec)}" controls="parameters time"></ottoflow-flow>`;
    await site.around(body, async (page) => {
      const frame = page.frameLocator("iframe");
      await frame.locator("#parameter-noise").waitFor();
      await page.evaluate(() => {
        const flow = document.querySelector("ottoflow-flow") as HTMLElement & { set(path: string, value: unknown): void };
        return new Promise<void>((resolve) => {
          flow.addEventListener("ended", () => resolve(), { once: true });
          flow.set("noise", 0.5);
        });
      });
      await soon(() => frame.locator("#parameter-noise").inputValue()).toBe("0.5");
      expect(await frame.getByRole("slider", { name: "noise, slider" }).inputValue()).toBe("0.5");
    });
  });
});
