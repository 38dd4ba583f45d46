/// <reference lib="dom" />
/** What goes in and out of the built page: painted and dropped measures, exports, and the page inside other pages. */
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { decodeLink, encodeLink } from "../../src/link/codec.ts";
import { command } from "./command.ts";
import { addressOf, built, launch, next, opened, plainServer, reading, soon, visit } from "./visit.ts";

const chromium = findChromium();
const plane = {
  version: 1,
  title: "A plane",
  energy: [{ kind: "entropy" }],
  space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [24, 24] },
  initial: { kind: "gaussian", deviation: [0.3] },
  scheme: { kind: "finite-volume", step: 0.01 },
  until: 0.05,
};
let browser: Browser;
let server: Server;
let address: string;

async function seen(page: Page): Promise<{ energy: number; mass: number; steps: number }> {
  const { energy, mass, steps } = await reading(page);
  return { energy, mass, steps };
}
const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
async function download(page: Page, name: string): Promise<Uint8Array> {
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: 40_000 }), press(page, name)]);
  return new Uint8Array(readFileSync(await file.path()));
}

describe.skipIf(chromium === null)("what goes in and out of the page", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    buildLab();
    browser = await launch(chromium as string);
    server = await serveLab(built, null, 4430, true);
    address = addressOf(server);
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    server?.close();
  });
  const at = async (act: (page: Page) => Promise<void>): Promise<void> => {
    const { page, context, faults } = await visit(browser, address + (await encodeLink({ spec: plane })));
    try {
      await reading(page);
      await opened(page);
      await act(page);
      expect(faults).toEqual([]);
    } finally {
      await context.close();
    }
  };

  test("a painted flow fits in its link, and the command runs it to the same numbers", () =>
    at(async (page) => {
      await press(page, "Paint");
      const sheet = page.getByRole("application");
      const box = (await sheet.boundingBox())!;
      await next(page, async () => {
        await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.4 * box.height);
        await page.mouse.down();
        await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.6 * box.height, { steps: 5 });
        await page.mouse.up();
      });
      // by keys as well
      await next(page, async () => {
        await sheet.press("ArrowRight");
        await sheet.press("Enter");
      });
      await press(page, "Done");
      const before = new URL(page.url()).hash;
      await press(page, "Share");
      await page.waitForFunction((was) => location.hash !== was, before);
      const { spec } = (await decodeLink(new URL(page.url()).hash)) as { spec: { initial: { kind: string; strokes: string[] } } };
      expect(spec.initial.kind).toBe("strokes");
      expect(spec.initial.strokes).toHaveLength(2);
      expect(await seen(page)).toEqual(await command({ "spec.json": JSON.stringify(spec) }));
    }));

  test("dropped points start the flow; shared as a bundle, the command runs them to the same numbers, and the bundle opens again", () =>
    at(async (page) => {
      const input = page.locator("header input[type=file]");
      const points = Array.from({ length: 40 }, (_, i) => `${Math.cos(i)},${0.9 * Math.sin(3 * i)},p${i}`).join("\n");
      await next(page, () => input.setInputFiles({ name: "my points.csv", mimeType: "text/csv", buffer: Buffer.from(`x,y,name\n${points}\n`) }));
      const found = await seen(page);
      await press(page, "Share");
      await soon(() => page.getByRole("dialog", { name: "Share" }).textContent()).toContain("A link cannot hold dropped/my-points.csv");
      const bundle = await download(page, "Save the bundle");
      expect(found).toEqual(await command(unzipSync(bundle)));
      await next(page, () => input.setInputFiles({ name: "b.zip", mimeType: "application/zip", buffer: Buffer.from(bundle) }));
      expect(await seen(page)).toEqual(found);
    }));

  test("in a frame: messages set, refuse and report; of another origin than the named one they are not heard", async () => {
    // any static host: what the command serves frames nothing
    const plain = await plainServer();
    const { page, context } = await visit(browser, `${addressOf(plain)}some/folder/`);
    const talk = (origin: string): Promise<readonly { type: string; message?: string; holds?: boolean }[]> =>
      page.evaluate(
        async ([spec, from]) => {
          const heard: { type: string }[] = [];
          const frame = document.createElement("iframe");
          // in sight: a frame that nobody sees rests
          frame.style.cssText = "position:fixed;inset:0;width:600px;height:400px;z-index:99";
          const listen = (event: MessageEvent): void => void (event.source === frame.contentWindow && heard.push(event.data));
          addEventListener("message", listen);
          frame.src = `embed.html?controls=none&wait&origin=${encodeURIComponent(from)}`;
          await new Promise((resolve) => {
            frame.onload = resolve;
            document.body.append(frame);
          });
          const say = (message: object): void => frame.contentWindow?.postMessage({ ottoflow: 1, ...message }, "*");
          const until = async (type: string): Promise<void> => {
            for (let k = 0; k < 60 && !heard.some((h) => h.type === type); k++) await new Promise((resolve) => setTimeout(resolve, 100));
          };
          say({ type: "open", spec });
          await until("ended");
          say({ type: "evaluate" });
          await new Promise((resolve) => setTimeout(resolve, 300));
          removeEventListener("message", listen);
          frame.remove();
          return heard;
        },
        [plane, origin] as const,
      );
    const own = await talk(new URL(addressOf(plain)).origin);
    expect(own.find((m) => m.type === "ended")?.holds).toBe(true);
    expect(own.find((m) => m.type === "refused")?.message).toContain("no command evaluate");
    expect(await talk("https://other.example")).toEqual([]);
    await context.close();
    plain.closeAllConnections();
    plain.close();
  });

  describe("in other pages", () => {
    let plain: Server;
    let home: string;
    beforeAll(async () => {
      plain = await plainServer();
      home = `${addressOf(plain)}some/folder/`;
    });
    afterAll(() => {
      plain.closeAllConnections();
      plain.close();
    });
    /** A page of somebody's own beside the built files. */
    const around = async (body: string, act: (page: Page) => Promise<void>): Promise<void> => {
      const context = await browser.newContext({ viewport: { width: 900, height: 600 } });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      await page.route(`${home}around.html`, (route) => route.fulfill({ contentType: "text/html", body: `<!doctype html><title>Around</title>${body}` }));
      await page.goto(`${home}around.html`);
      await act(page);
      expect(faults).toEqual([]);
      await context.close();
    };
    interface Flow extends HTMLElement {
      set(path: string, value: unknown): void;
      get(): Promise<{
        spec: { until: number; energy: { temperature?: number }[] };
        t: number;
        playing: boolean;
        phase: string;
        reached: number;
        status: string | null;
        holds: boolean | null;
        energy: number;
      }>;
      seek(t: number): void;
      play(): void;
      pause(): void;
      reset(): void;
    }
    const slow = { ...plane, space: { ...plane.space, cells: [96, 96] }, scheme: { kind: "finite-volume", step: 0.0005 }, until: 5 };

    test("what is said before the flow runs is done once it does, in its order: set, pause, seek, get, play, reset", async () => {
      const link = await encodeLink({ spec: plane });
      await around(`<script type="module" src="element.js"></script><ottoflow-flow link="${link}" controls="time"></ottoflow-flow>`, async (page) => {
        const said = await page.evaluate(async () => {
          await customElements.whenDefined("ottoflow-flow");
          const flow = document.querySelector("ottoflow-flow") as Flow;
          const heard: string[] = [];
          for (const type of ["opened", "ended", "fault", "refused"]) flow.addEventListener(type, () => heard.push(type));
          // nothing is loaded yet
          flow.set("until", 0.1);
          flow.set("energy.0.temperature", 0.5);
          flow.pause();
          flow.seek(0.03);
          const first = await flow.get();
          flow.set("until", 0.2);
          flow.play();
          const second = await flow.get();
          const end = async (): Promise<Awaited<ReturnType<Flow["get"]>>> => {
            for (let k = 0; k < 100; k++) {
              const state = await flow.get();
              if (state.status !== null) return state;
              await new Promise((resolve) => setTimeout(resolve, 50));
            }
            throw new Error("no end");
          };
          const ended = await end();
          flow.pause();
          flow.seek(0.15);
          const sought = await flow.get();
          flow.reset();
          const again = await flow.get();
          return { first, second, ended, sought, again, heard };
        });
        expect(said.first).toMatchObject({ t: 0.03, playing: false, spec: { until: 0.1, energy: [{ temperature: 0.5 }] } });
        expect(said.second).toMatchObject({ playing: true, spec: { until: 0.2, energy: [{ temperature: 0.5 }] } });
        expect(said.ended).toMatchObject({ phase: "ended", status: "reached-end", holds: true, reached: 0.2 });
        expect(said.ended.energy).toBe(
          (await command({ "spec.json": JSON.stringify({ ...plane, energy: [{ kind: "entropy", temperature: 0.5 }], until: 0.2 }) })).energy,
        );
        expect(said.sought).toMatchObject({ t: 0.15, playing: false });
        expect(said.again.playing).toBe(true);
        expect(said.again.t).toBeLessThan(0.05);
        expect(said.heard).not.toContain("refused");
        expect(said.heard).not.toContain("fault");
      });
    });

    test("a link brings its view along: two runs, at rest where the link says", async () => {
      const spec = { ...plane, variants: { a: {}, b: { scheme: { step: 0.005 } } } };
      const link = await encodeLink({ spec, view: { beside: { variant: "b" }, at: 0.02 } });
      await around(`<iframe src="embed.html?controls=time${link}" width="880" height="560"></iframe>`, async (page) => {
        const inside = page.frameLocator("iframe");
        await inside.locator(".pair.two").waitFor();
        await soon(() => inside.locator("footer output").textContent()).toContain("t = 0.02 / 0.05");
        expect(await inside.getByRole("button", { name: "Play" }).count()).toBe(1);
        // what chooses another run is not the reader's here
        expect(await inside.getByLabel("compare with").count()).toBe(0);
      });
    });

    test("out of sight it rests, and goes on when it is seen again", () =>
      around(
        `<div style="height:3000px"></div><script type="module" src="element.js"></script><ottoflow-flow controls="time"></ottoflow-flow>`,
        async (page) => {
          const reached = (): Promise<{ phase: string; reached: number }> => page.evaluate(() => (document.querySelector("ottoflow-flow") as Flow).get());
          await page.evaluate(async (spec) => {
            await customElements.whenDefined("ottoflow-flow");
            (document.querySelector("ottoflow-flow") as Flow & { spec: object }).spec = spec;
            document.querySelector("iframe")!.loading = "eager";
            // to be in sight once, so that it opens
            scrollTo(0, 5000);
          }, slow);
          await soon(async () => (await reached()).reached).toBeGreaterThan(0);
          await page.evaluate(() => scrollTo(0, 0));
          await soon(async () => (await reached()).phase).toBe("held");
          const rested = (await reached()).reached;
          await page.waitForTimeout(400);
          expect((await reached()).reached).toBe(rested);
          await page.evaluate(() => scrollTo(0, 5000));
          await soon(async () => (await reached()).reached).toBeGreaterThan(rested);
        },
      ));
    test("in a hidden tab the page rests", () =>
      at(async (page) => {
        const phase = page.locator("footer");
        const hide = (hidden: boolean): Promise<void> =>
          page.evaluate((is) => {
            Object.defineProperty(document, "hidden", { configurable: true, get: () => is });
            document.dispatchEvent(new Event("visibilitychange"));
          }, hidden);
        await hide(true);
        await page.evaluate((to) => location.assign(to), await encodeLink({ spec: slow }));
        await soon(() => phase.textContent()).toContain("computing rests");
        // what was on its way when it stopped has come
        await page.waitForTimeout(500);
        const rested = await page.locator(".ledger dd").nth(3).textContent();
        await page.waitForTimeout(300);
        expect(await page.locator(".ledger dd").nth(3).textContent()).toBe(rested);
        await hide(false);
        await soon(() => page.locator(".ledger dd").nth(3).textContent()).not.toBe(rested);
      }));
  });
});
