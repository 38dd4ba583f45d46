/// <reference lib="dom" />
/** What goes in and out of the built page: painted and dropped measures, exports, and the page inside other pages. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { readNpz } from "ottoflow/data/npy";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { main } from "../../../cli/src/main.ts";
import { testTerminal } from "../../../cli/test/terminal.ts";
import { decodeLink, encodeLink } from "../../src/link/codec.ts";
import { addressOf, built, launch, opened, plainServer, reading, visit } from "./visit.ts";

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

/** What `ottoflow run` makes of a spec with its files. */
async function command(files: Readonly<Record<string, string | Uint8Array>>): Promise<{ energy: number; mass: number; steps: number }> {
  const cwd = mkdtempSync(join(tmpdir(), "ottoflow-exchange-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  const terminal = testTerminal(cwd);
  await main(["run", "spec.json", "--json", "--quiet"], terminal);
  rmSync(cwd, { recursive: true, force: true });
  const { energy, mass, steps } = JSON.parse(terminal.said());
  return { energy, mass, steps };
}
async function seen(page: Page): Promise<{ energy: number; mass: number; steps: number }> {
  const { energy, mass, steps } = await reading(page);
  return { energy, mass, steps };
}
/** The next run, begun by `act`, to its end. */
async function after(page: Page, act: () => Promise<unknown>): Promise<void> {
  await page.evaluate(() => document.querySelector(".verdict")?.setAttribute("data-old", ""));
  await act();
  await page.locator(".verdict:not([data-old])").waitFor({ state: "attached" });
}
const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();
async function download(page: Page, name: string): Promise<Uint8Array> {
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: 40_000 }), press(page, name)]);
  return new Uint8Array(readFileSync(await file.path()));
}

describe.skipIf(chromium === null)("what goes in and out of the page", () => {
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
      await after(page, async () => {
        await page.mouse.move(box.x + 0.4 * box.width, box.y + 0.4 * box.height);
        await page.mouse.down();
        await page.mouse.move(box.x + 0.6 * box.width, box.y + 0.6 * box.height, { steps: 5 });
        await page.mouse.up();
      });
      // by keys as well
      await after(page, async () => {
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
      await after(page, () => input.setInputFiles({ name: "my points.csv", mimeType: "text/csv", buffer: Buffer.from(`x,y,name\n${points}\n`) }));
      const found = await seen(page);
      const bundle = await download(page, "Share");
      expect(await page.locator(".notice").textContent()).toContain("A link cannot hold dropped/my-points.csv");
      expect(found).toEqual(await command(unzipSync(bundle)));
      await after(page, () => input.setInputFiles({ name: "b.zip", mimeType: "application/zip", buffer: Buffer.from(bundle) }));
      expect(await seen(page)).toEqual(found);
    }));

  test("exports: arrays with the last frame, a drawing, a film with every picture", () =>
    at(async (page) => {
      await press(page, "Export");
      const arrays = readNpz({ path: "run.npz", bytes: await download(page, "NPZ") });
      expect(arrays.t!.values.at(-1)).toBeCloseTo(0.05, 12);
      expect(arrays.density!.shape.slice(1)).toEqual([24, 24]);
      expect(new TextDecoder().decode(await download(page, "SVG"))).toMatch(/^<\?xml/);
      expect([...(await download(page, "PNG")).subarray(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
      await page.getByLabel("seconds").fill("1");
      await page.getByLabel("pictures a second").selectOption("12");
      const gif = await download(page, "GIF");
      expect(new TextDecoder().decode(gif.subarray(0, 6))).toBe("GIF89a");
      expect(await page.locator(".export .status").textContent()).toContain("12 pictures");
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
});
