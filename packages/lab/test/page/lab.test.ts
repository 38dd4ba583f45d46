/// <reference lib="dom" />
/** The built page in a browser: what it computes, what it keeps and what it refuses. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { linkOf, ran, specs } from "./flows.ts";
import { onSite } from "./site.ts";
import { button, goTo, next, opened, type Reading, reading, shared, soon } from "./visit.ts";

const opening = readFileSync(join(specs, "double-well-grid.json"), "utf8");
/** the opening flow for a twentieth of its time */
const short = { ...JSON.parse(opening), until: 0.5, observe: undefined };
/** the same in few words: an editor holds only the lines that are seen */
const terse = { ...short, watch: undefined, parameters: undefined, energy: [{ kind: "entropy", temperature: 1 }, short.energy[1]] };

/** What `ottoflow run` makes of the opening flow, as the ledger says it. */
async function commandReading(): Promise<Reading> {
  const { energy, mass, time, steps, certificate } = (await ran({ "spec.json": opening })).said as unknown as Reading & {
    certificate: { holds: boolean; checks: Reading["checks"] };
  };
  const checks = certificate.checks.filter((c) => c.verdict !== "not-applicable").map(({ kind, value, verdict }) => ({ kind, value, verdict }));
  return { certified: certificate.holds, energy, mass, time, steps, checks };
}
const sorted = (r: Reading): Reading => ({ ...r, checks: [...r.checks].sort((a, b) => (a.kind < b.kind ? -1 : 1)) });

onSite("the built page", (site) => {
  const { on } = site;
  let command: Reading;
  beforeAll(async () => {
    command = await commandReading();
  }, 120_000);

  test("opens on a flow that runs, is certified, and has the numbers of `ottoflow run` to the last bit", () =>
    on("", async ({ page }) => {
      const seen = await reading(page);
      expect(command.certified).toBe(true);
      expect(seen.checks.length).toBeGreaterThan(3);
      expect(sorted(seen)).toEqual(sorted(command));
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    }));

  test("computes the same without isolation, in a folder of any static host", () =>
    on(site.plain, async ({ page }) => {
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
      expect(sorted(await reading(page))).toEqual(sorted(command));
    }));

  test("what is changed is undone and redone, and a link replays it in another profile", async () => {
    let link = "";
    let changed: Reading | undefined;
    await on(linkOf(short), async ({ page }) => {
      const first = await reading(page);
      await opened(page);
      const temperature = page.locator("#parameter-noise");
      changed = await next(page, async () => {
        await temperature.fill("0.7");
        await temperature.press("Enter");
      });
      expect(changed.energy).not.toBe(first.energy);
      link = await shared(page);
      expect(await next(page, () => button(page, "Undo").click())).toEqual(first);
      expect(await temperature.inputValue()).toBe("1");
      expect(await next(page, () => button(page, "Redo").click())).toEqual(changed);
    });
    await on(link, async ({ page }) => expect(await reading(page)).toEqual(changed));
  });

  test("goes on when the network has gone: other units, other specs, the text, and a visit anew", async () => {
    const gone = await site.serve();
    await on(gone.address, async ({ page, context, faults }) => {
      await opened(page);
      // the page is kept, and answered from what is kept
      await page.waitForFunction(async () => (await navigator.serviceWorker.ready) && navigator.serviceWorker.controller !== null);
      await gone.close();
      await context.setOffline(true);
      await page.getByRole("combobox", { name: "Flow", exact: true }).selectOption("fisher-rao");
      await soon(() => page.locator(".law .name").textContent()).toContain("Fisher");
      const there = await reading(page);
      expect(there.certified).toBe(true);
      await page.getByRole("button", { name: "JSON" }).click();
      await page.locator(".cm-content").waitFor();
      await page.reload();
      expect(await reading(page)).toEqual(there);
      // the browser notes that its question whether the page has changed found nobody
      faults.splice(0, faults.length, ...faults.filter((fault) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED/.test(fault)));
    });
  });

  test("the spec as text: words of the schema are offered, mistakes and what the engine refuses are marked at their place", async () =>
    on(linkOf(terse), async ({ page }) => {
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
      await soon(() => marked.allTextContents()).toEqual(['"untill"']);
      await button(page, "Discard").click();
      await soon(() => marked.count()).toBe(0);
      expect(await next(page, () => button(page, "Undo").click())).toEqual(first);
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
      on("", async ({ page }) => {
        await opened(page);
        for (const [what, hash, says] of broken) {
          await goTo(page, hash);
          await soon(() => page.locator(".notice").textContent(), what).toMatch(says);
          await button(page, "Dismiss").click();
        }
        expect((await reading(page)).certified).toBe(true);
      }));

    test("bring no code along: forbidden formulas, giant grids and foreign kinds are refused at their place", () =>
      on("", async ({ page }) => {
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
          await goTo(page, link);
          const alert = page.locator(".stage [role=alert]:not([data-old])");
          await soon(() => alert.textContent(), link.slice(0, 60)).toMatch(at);
          // the next one is another element
          await page.evaluate(() => document.querySelector(".stage [role=alert]")?.setAttribute("data-old", ""));
        }
      }));

    test("with markup for a title show it as text", () =>
      on(
        linkOf({
          ...short,
          title: "<img src=x onerror='globalThis.struck=1'>",
          summary: "<script>globalThis.struck=1</script>",
          watch: "<svg onload='globalThis.struck=1'>",
        }),
        async ({ page }) => {
          expect((await reading(page)).certified).toBe(true);
          await opened(page);
          await button(page, "JSON").click();
          await page.locator(".cm-content").waitFor();
          expect(await page.evaluate(() => "struck" in globalThis)).toBe(false);
          expect(await page.locator("img[src=x], .lab svg[onload]").count()).toBe(0);
        },
      ));
  });
});
