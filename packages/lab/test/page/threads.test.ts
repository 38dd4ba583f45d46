/// <reference lib="dom" />
/** Where a page may share memory, a run that can use several threads does; its numbers are those of one. */
import type { Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { encodeLink } from "../../src/link/codec.ts";
import { addressOf, built, launch, plainServer, type Reading, reading, visit } from "./visit.ts";

const chromium = findChromium();
const spec = {
  version: 1,
  energy: [{ kind: "entropy" }, { kind: "double-well" }],
  space: { kind: "free", dimension: 2 },
  initial: { kind: "gaussian", deviation: [0.3], count: 40_000 },
  scheme: { kind: "langevin", step: 0.01 },
  until: 0.5,
};
describe.skipIf(chromium === null)(`threads of the page${chromium === null ? " (left out: there is no Chromium here; CHROMIUM_PATH names one)" : ""}`, () => {
  let browser: Browser;
  let isolated: Server;
  let plain: Server;
  let link: string;
  beforeAll(async () => {
    buildLab();
    browser = await launch(chromium as string);
    isolated = await serveLab(built, null, 4460, true);
    plain = await plainServer();
    link = await encodeLink({ spec });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    for (const server of [isolated, plain]) {
      server?.closeAllConnections();
      server?.close();
    }
  });

  /** the reading of the flow on a machine of so many cores */
  async function on(address: string, cores: number): Promise<{ threads: number; seen: Reading }> {
    const { page, context, faults } = await visit(browser, "about:blank");
    await page.addInitScript((n) => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => n }), cores);
    await page.goto(address + link);
    const seen = await reading(page);
    const threads = Number(await page.locator("[data-threads]").getAttribute("data-threads"));
    expect(faults).toEqual([]);
    await context.close();
    return { threads, seen };
  }
  test("one core is left to the page, and the digits are those of one thread, isolated or not", async () => {
    const one = await on(addressOf(isolated), 2);
    const many = await on(addressOf(isolated), 4);
    const outside = await on(`${addressOf(plain)}some/folder/`, 4);
    expect([one.threads, many.threads, outside.threads]).toEqual([1, 3, 1]);
    expect(many.seen).toEqual(one.seen);
    expect(outside.seen).toEqual(one.seen);
  }, 120_000);
});
