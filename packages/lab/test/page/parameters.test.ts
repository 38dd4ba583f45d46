/// <reference lib="dom" />
/** Named parameters in the page: sliders that move the flow, with the numbers of the command. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { main } from "../../../cli/src/main.ts";
import { testTerminal } from "../../../cli/test/terminal.ts";
import { encodeLink } from "../../src/link/codec.ts";
import { addressOf, built, launch, opened, plainServer, type Reading, reading, specs, visit } from "./visit.ts";

const chromium = findChromium();
const spec = {
  ...JSON.parse(readFileSync(join(specs, "double-well-grid.json"), "utf8")),
  parameters: { noise: { value: 1, min: 0.1, max: 2, step: 0.1, title: "noise", summary: "how hot" }, start_width: "noise/20" },
  initial: { kind: "gaussian", mean: [0], deviation: ["=start_width"] },
  until: 0.5,
  observe: undefined,
  quick: undefined,
};

let browser: Browser;
let server: Server;
let address: string;

/** Energy, mass and steps of `ottoflow run` with these settings. */
async function command(...settings: string[]): Promise<{ energy: number; mass: number; steps: number }> {
  const cwd = mkdtempSync(join(tmpdir(), "ottoflow-parameters-"));
  writeFileSync(join(cwd, "spec.json"), JSON.stringify(spec));
  const terminal = testTerminal(cwd);
  await main(["run", "spec.json", "--json", "--quiet", ...settings.flatMap((s) => ["--set", s])], terminal);
  rmSync(cwd, { recursive: true, force: true });
  const { energy, mass, steps } = JSON.parse(terminal.said());
  return { energy, mass, steps };
}
const numbers = ({ energy, mass, steps }: Reading): { energy: number; mass: number; steps: number } => ({ energy, mass, steps });
async function on(given: object, act: (page: Page) => Promise<void>): Promise<void> {
  const visitor = await visit(browser, address + (await encodeLink({ spec: JSON.parse(JSON.stringify(given)) })));
  try {
    await act(visitor.page);
    expect(visitor.faults).toEqual([]);
  } finally {
    await visitor.context.close();
  }
}
/** The next run, begun by `act`, to its end. */
async function after(page: Page, act: () => Promise<unknown>): Promise<Reading> {
  await page.evaluate(() => document.querySelector(".verdict")?.setAttribute("data-old", ""));
  await act();
  await page.locator(".verdict:not([data-old])").waitFor({ state: "attached", timeout: 60_000 });
  return reading(page);
}
const knob = (page: Page, name: string) => page.locator(`[data-parameter="${name}"]`);

describe.skipIf(chromium === null)("parameters in the page", () => {
  beforeAll(async () => {
    buildLab();
    browser = await launch(chromium as string);
    server = await serveLab(built, null, 4530, true);
    address = addressOf(server);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  test("a slider moves the flow by its keys, with the numbers of `ottoflow run --set`; what follows from it follows; undo and reset lead back", () =>
    on(spec, async (page) => {
      const first = await reading(page);
      await opened(page);
      expect(numbers(first)).toEqual(await command());
      const slider = knob(page, "noise").getByRole("slider");
      expect(await slider.getAttribute("aria-label")).toBe("noise, slider");
      expect(await knob(page, "start_width").locator("output").textContent()).toBe("= 0.05");
      const moved = await after(page, async () => {
        await slider.focus();
        await page.keyboard.press("ArrowRight");
      });
      expect(await page.locator("#parameter-noise").inputValue()).toBe("1.1");
      expect(await knob(page, "start_width").locator("output").textContent()).toBe("= 0.055");
      expect(numbers(moved)).toEqual(await command("noise=1.1"));
      expect(moved.energy).not.toBe(first.energy);
      expect(await after(page, () => page.keyboard.press("Control+z"))).toEqual(first);
      await after(page, async () => {
        await page.locator("#parameter-noise").fill("0.7");
        await page.keyboard.press("Enter");
      });
      expect(await after(page, () => page.getByRole("button", { name: "Reset noise" }).click())).toEqual(first);
      expect(await page.getByRole("button", { name: "Reset noise" }).count()).toBe(0);
    }));

  test("what does not fit is said beside its field, and the flow stays", () =>
    on(spec, async (page) => {
      const first = await reading(page);
      await opened(page);
      for (const [name, text, says] of [
        ["noise", "9", "got 9 when expected 0.1 to 2"],
        ["noise", "start_width", "start_width -> noise"],
        ["start_width", "nois/2", "Did you mean `noise`?"],
      ] as const) {
        await page.locator(`#parameter-${name}`).fill(text);
        await page.keyboard.press("Enter");
        await expect.poll(() => knob(page, name).getByRole("alert").textContent()).toContain(says);
      }
      expect(await reading(page)).toEqual(first);
      expect(
        numbers(
          await after(page, async () => {
            await page.locator("#parameter-start_width").fill("noise/10");
            await page.keyboard.press("Enter");
          }),
        ),
      ).toEqual(await command("start_width=noise/10"));
    }));

  test("a number of the recipe that is worked out shows its text and its value, and takes others", () =>
    on(spec, async (page) => {
      await reading(page);
      await opened(page);
      const temperature = page.locator("#control-energy-0-temperature");
      expect(await temperature.inputValue()).toBe("=noise");
      expect(await temperature.locator("xpath=following-sibling::output").textContent()).toBe("= 1");
      expect(await page.locator("#control-initial-deviation").inputValue()).toBe("=start_width");
      const half = await after(page, async () => {
        await temperature.fill("=noise/2");
        await temperature.press("Enter");
      });
      expect(numbers(half)).toEqual(await command("energy[0].temperature==noise/2"));
      const number = await after(page, async () => {
        await temperature.fill("0.5");
        await temperature.press("Enter");
      });
      expect(number).toEqual(half);
      expect(await page.getByRole("slider", { name: "temperature, slider" }).count()).toBe(1);
    }));

  test("a name that nobody knows is added as a parameter by a button, on the stage and in the text", () =>
    on(spec, async (page) => {
      const first = await reading(page);
      await opened(page);
      const formula = page.locator("#control-energy-1-formula");
      await formula.fill("k*(x^2 - 1)^2");
      await formula.press("Enter");
      expect(numbers(await after(page, () => page.locator(".fault").getByRole("button", { name: "Add k as a parameter" }).click()))).toEqual(numbers(first));
      expect(await page.locator("#parameter-k").inputValue()).toBe("1");
      await formula.fill("k*(x^2 - depth)^2");
      await formula.press("Enter");
      await page.locator(".fault").waitFor();
      await page.getByRole("button", { name: "JSON" }).click();
      await page.locator(".cm-lintRange-error").first().hover();
      expect(numbers(await after(page, () => page.locator(".cm-diagnosticAction", { hasText: "Add depth as a parameter" }).click()))).toEqual(numbers(first));
      await expect.poll(() => page.locator(".cm-content").textContent()).toMatch(/"depth": 1/);
    }));

  test("in a frame: sliders under the stage, and `set` takes the name of a parameter", async () => {
    const plain = await plainServer();
    const home = `${addressOf(plain)}some/folder/`;
    const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
    const page = await context.newPage();
    const link = await encodeLink({ spec: JSON.parse(JSON.stringify(spec)) });
    const body = `<!doctype html><title>Around</title><script type="module" src="element.js"></script><ottoflow-flow link="${link}" controls="parameters time"></ottoflow-flow>`;
    await page.route(`${home}around.html`, (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto(`${home}around.html`);
    const frame = page.frameLocator("iframe");
    await frame.locator("#parameter-noise").waitFor();
    await page.evaluate(() => {
      const flow = document.querySelector("ottoflow-flow") as HTMLElement & { set(path: string, value: unknown): void };
      return new Promise<void>((resolve) => {
        flow.addEventListener("ended", () => resolve(), { once: true });
        flow.set("noise", 0.5);
      });
    });
    await expect.poll(() => frame.locator("#parameter-noise").inputValue()).toBe("0.5");
    expect(await frame.getByRole("slider", { name: "noise, slider" }).inputValue()).toBe("0.5");
    await context.close();
    plain.closeAllConnections();
    plain.close();
  });
});
