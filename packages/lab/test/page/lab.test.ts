/// <reference lib="dom" />
/** The built page in a browser: what it computes, what it refuses, and that it can be used by everyone. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { main } from "../../../cli/src/main.ts";
import { testTerminal } from "../../../cli/test/terminal.ts";
import { encodeLink } from "../../src/link/codec.ts";
import { addressOf, built, launch, next, opened, plainServer, type Reading, reading, specs, type Visit, visit } from "./visit.ts";

const chromium = findChromium();
const opening = join(specs, "double-well-grid.json");
/** the opening flow for a twentieth of its time */
const short = { ...JSON.parse(readFileSync(opening, "utf8")), until: 0.5, observe: undefined };
/** the same in few words: an editor holds only the lines that are seen */
const terse = { ...short, watch: undefined, parameters: undefined, energy: [{ kind: "entropy", temperature: 1 }, short.energy[1]] };

let browser: Browser;
let server: Server;
let address: string;
/** a link to `short` */
let quick: string;
/** what `ottoflow run` makes of the opening flow */
let command: Reading;

async function commandReading(spec: string): Promise<Reading> {
  const cwd = mkdtempSync(join(tmpdir(), "ottoflow-lab-page-"));
  const terminal = testTerminal(cwd);
  await main(["run", spec, "--json", "--quiet"], terminal);
  rmSync(cwd, { recursive: true, force: true });
  const { energy, mass, time, steps, certificate } = JSON.parse(terminal.said());
  const checks: Reading["checks"] = certificate.checks;
  return {
    certified: certificate.holds,
    energy,
    mass,
    time,
    steps,
    checks: checks.filter((c) => c.verdict !== "not-applicable").map(({ kind, value, verdict }) => ({ kind, value, verdict })),
  };
}
const sorted = (r: Reading): Reading => ({ ...r, checks: [...r.checks].sort((a, b) => (a.kind < b.kind ? -1 : 1)) });
const linkOf = (spec: unknown): Promise<string> => encodeLink({ spec: JSON.parse(JSON.stringify(spec)) });
/** Visits, acts, and expects that the page had nothing to complain of. */
async function on(path: string, options: Parameters<typeof visit>[2], act: (v: Visit) => Promise<void>, base: string = address): Promise<void> {
  const visitor = await visit(browser, base + path, options);
  try {
    await act(visitor);
    expect(visitor.faults).toEqual([]);
  } finally {
    await visitor.context.close();
  }
}
describe.skipIf(chromium === null)(`the built page${chromium === null ? " (left out: there is no Chromium here; CHROMIUM_PATH names one)" : ""}`, () => {
  beforeAll(async () => {
    buildLab();
    browser = await launch(chromium as string);
    server = await serveLab(built, null, 4410, true);
    address = addressOf(server);
    quick = await linkOf(short);
    command = await commandReading(opening);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });

  test("opens on a flow that runs, is certified, and has the numbers of `ottoflow run` to the last bit", () =>
    on("", {}, async ({ page }) => {
      const seen = await reading(page);
      expect(command.certified).toBe(true);
      expect(seen.checks.length).toBeGreaterThan(3);
      expect(sorted(seen)).toEqual(sorted(command));
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    }));

  test("computes the same without isolation, in a folder of any static host", async () => {
    const plain = await plainServer();
    await on(
      "some/folder/",
      {},
      async ({ page }) => {
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
        expect(sorted(await reading(page))).toEqual(sorted(command));
      },
      addressOf(plain),
    );
    plain.closeAllConnections();
    plain.close();
  });

  test("what is changed is undone and redone, and a link replays it in another profile", async () => {
    let link = "";
    let changed: Reading | undefined;
    await on(await linkOf(short), { permissions: ["clipboard-write"] }, async ({ page }) => {
      const first = await reading(page);
      await opened(page);
      const temperature = page.locator("#parameter-noise");
      changed = await next(page, async () => {
        await temperature.fill("0.7");
        await temperature.press("Enter");
      });
      expect(changed.energy).not.toBe(first.energy);
      const before = new URL(page.url()).hash;
      await page.getByRole("button", { name: "Share" }).click();
      await page.waitForFunction((was) => location.hash !== was, before);
      link = new URL(page.url()).hash;
      expect(await next(page, () => page.getByRole("button", { name: "Undo", exact: true }).click())).toEqual(first);
      expect(await temperature.inputValue()).toBe("1");
      expect(await next(page, () => page.getByRole("button", { name: "Redo", exact: true }).click())).toEqual(changed);
    });
    await on(link, {}, async ({ page }) => expect(await reading(page)).toEqual(changed));
  });

  test("goes on when the network has gone: other units, other specs, the text, and a visit anew", async () => {
    const gone = await serveLab(built, null, 4470, true);
    await on(
      "",
      {},
      async ({ page, context, faults }) => {
        await opened(page);
        const first = await reading(page);
        await page.evaluate(async () => {
          await navigator.serviceWorker.ready;
          while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 50));
        });
        gone.closeAllConnections();
        await new Promise((resolve) => gone.close(resolve));
        await context.setOffline(true);
        await page.getByRole("combobox", { name: "Flow", exact: true }).selectOption("fisher-rao");
        await expect.poll(() => page.locator(".law .name").textContent(), { timeout: 15_000 }).toContain("Fisher");
        expect((await reading(page)).certified).toBe(true);
        await page.getByRole("button", { name: "JSON" }).click();
        await page.locator(".cm-content").waitFor();
        await page.reload();
        expect(await reading(page)).toEqual(first);
        // the browser notes that its question whether the page has changed found nobody
        faults.splice(0, faults.length, ...faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED/.test(fault)));
      },
      addressOf(gone),
    );
  });

  test("the spec as text: words of the schema are offered, mistakes and what the engine refuses are marked at their place", async () =>
    on(await linkOf(terse), {}, async ({ page }) => {
      const first = await reading(page);
      await opened(page);
      await page.getByRole("button", { name: "JSON" }).click();
      const marked = page.locator(".cm-lintRange-error");
      const behind = async (text: string): Promise<void> => {
        await page.locator(".cm-line", { hasText: text }).first().click();
        // once for every place where the line is wrapped
        for (let k = 0; k < 4; k++) await page.keyboard.press("End");
      };
      await behind('"temperature"');
      // the line ends with "}," or "}": to stand before the brace
      for (let k = 0; k < 3; k++) await page.keyboard.press("ArrowLeft");
      await page.keyboard.type(', "w');
      await page.keyboard.press("Control+Space");
      await page.locator(".cm-tooltip-autocomplete li", { hasText: '"weight"' }).click();
      const doubled = await next(page, async () => {
        await page.keyboard.press("Backspace");
        await page.keyboard.type("2");
        await page.keyboard.press("Control+Enter");
      });
      expect(doubled.energy).not.toBe(first.energy);
      await behind('"until"');
      await page.keyboard.type(' "untill": 1,');
      await expect.poll(() => marked.allTextContents()).toEqual(['"untill"']);
      await page.getByRole("button", { name: "Discard" }).click();
      await expect.poll(() => marked.count()).toBe(0);
      expect(await next(page, () => page.getByRole("button", { name: "Undo", exact: true }).click())).toEqual(first);
    }));

  describe("links from strangers", () => {
    const packed = (text: string | Buffer): string => deflateRawSync(text, { level: 9 }).toString("base64url");
    const whole = `#1.${packed(JSON.stringify({ spec: short }))}`;
    const broken: readonly (readonly [what: string, hash: string, says: RegExp])[] = [
      ["that unpacks without end", `#1.${packed(Buffer.alloc(40_000_000, 32))}`, /unpacks to more than/],
      ["that was cut", whole.slice(0, -40), /damaged/],
      ["of a newer version", `#77.${whole.slice(3)}`, /newer version/],
      ["that is no link", "#<script>alert(1)</script>", /no link/],
      ["with other characters", `${whole}%00`, /characters|damaged/],
      ["that holds a list", `#1.${packed("[1,2]")}`, /no flow/],
      ["that holds no flow", `#1.${packed('{"spec":7}')}`, /no flow/],
    ];
    const faulty = (change: object): Promise<string> => linkOf({ ...short, ...change });
    const potential = (formula: string): Promise<string> => faulty({ energy: [{ kind: "potential", formula }] });

    test("say what is wrong with them, and the page goes on", () =>
      on("", {}, async ({ page }) => {
        await opened(page);
        for (const [what, hash, says] of broken) {
          await page.evaluate((to) => location.assign(to), hash);
          await expect.poll(() => page.locator(".notice").textContent(), { message: what, timeout: 10_000 }).toMatch(says);
          await page.getByRole("button", { name: "Dismiss" }).click();
        }
        expect((await reading(page)).certified).toBe(true);
      }));

    test("bring no code along: forbidden formulas, giant grids and foreign kinds are refused at their place", () =>
      on("", {}, async ({ page }) => {
        await opened(page);
        const refused: readonly (readonly [link: string, at: RegExp])[] = [
          ...(await Promise.all(
            ["constructor", "x.constructor('alert(1)')()", "globalThis", "x; while(1){}", "import('x')", "`x`", "__proto__"].map(
              async (formula) => [await potential(formula), /formula|energy/] as const,
            ),
          )),
          [await potential(`${"(".repeat(50_000)}x${")".repeat(50_000)}`), /formula|energy/],
          [await faulty({ space: { kind: "box", lower: [0, 0], upper: [1, 1], cells: [100_000, 100_000] } }), /space|cells|memory/],
          [await faulty({ energy: [{ kind: "__proto__" }] }), /energy/],
          [await faulty({ initial: { kind: "samples", file: "../../etc/passwd" } }), /initial|file/],
        ];
        for (const [link, at] of refused) {
          await page.evaluate((to) => location.assign(to), link);
          await expect.poll(() => page.locator(".stage [role=alert]").textContent(), { message: link.slice(0, 60), timeout: 10_000 }).toMatch(at);
          await page.evaluate(() => document.querySelector(".stage [role=alert]")?.replaceChildren());
          await page.evaluate(() => history.replaceState(null, "", "#"));
        }
      }));

    test("with markup for a title show it as text", async () =>
      on(
        await linkOf({
          ...short,
          title: "<img src=x onerror='globalThis.struck=1'>",
          summary: "<script>globalThis.struck=1</script>",
          watch: "<svg onload='globalThis.struck=1'>",
        }),
        {},
        async ({ page }) => {
          expect((await reading(page)).certified).toBe(true);
          await opened(page);
          await page.getByRole("button", { name: "JSON" }).click();
          expect(await page.evaluate(() => "struck" in globalThis)).toBe(false);
          expect(await page.locator("img[src=x], .lab svg[onload]").count()).toBe(0);
        },
      ));
  });

  describe("for everyone", () => {
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
      on(quick, { colorScheme: name === "light" ? "light" : "dark" }, async ({ page }) => {
        await opened(page);
        await reading(page);
        await page.locator(".u-wrap").waitFor();
        expect(await faultsOf(page, ...rules)).toEqual([]);
        await page.getByRole("button", { name: "JSON" }).click();
        await page.getByRole("button", { name: "Keys" }).click();
        await page.locator("#spec-text, .cm-content").first().waitFor();
        expect(await faultsOf(page, ...rules)).toEqual([]);
      }),
    );
    test("axe finds nothing on a telephone, and nothing is wider than it", () =>
      on(quick, { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }, async ({ page }) => {
        await opened(page);
        for (const name of ["Recipe", "Ledger", "Stage"]) {
          await page.locator(".tabs").getByRole("button", { name }).tap();
          expect(await faultsOf(page)).toEqual([]);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        }
      }));

    test("every control is reached by Tab, says its name, and shows that it has the focus", () =>
      on("", {}, async ({ page }) => {
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
      on(quick, {}, async ({ page }) => {
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
        await page.locator(".keys").waitFor();
        await page.keyboard.press("Space");
        await expect.poll(time).toBeGreaterThan(one);
        await page.keyboard.press("Space");
        const slider = page.locator(".recipe input[type=range]").first();
        await slider.focus();
        expect((await next(page, () => page.keyboard.press("ArrowRight"))).energy).not.toBe(first.energy);
        expect(await next(page, () => page.keyboard.press("Control+z"))).toEqual(first);
      }));
  });
});
