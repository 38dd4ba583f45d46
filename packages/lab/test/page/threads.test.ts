/// <reference lib="dom" />
/** Where a page may share memory, a run that can use several threads does; its numbers are those of one. */
import { expect, test } from "vitest";
import { linkOf } from "./flows.ts";
import { onSite } from "./site.ts";
import { type Reading, reading } from "./visit.ts";

const spec = {
  version: 1,
  energy: [{ kind: "entropy" }, { kind: "double-well" }],
  space: { kind: "free", dimension: 2 },
  initial: { kind: "gaussian", deviation: [0.3], count: 40_000 },
  scheme: { kind: "langevin", step: 0.01 },
  until: 0.5,
};
onSite("threads of the page", (site) => {
  /** the reading of the flow on a machine of so many cores */
  async function run(address: string, cores: number): Promise<{ threads: number; seen: Reading }> {
    let found: { threads: number; seen: Reading } | null = null;
    await site.on("about:blank", async ({ page }) => {
      await page.addInitScript((n) => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => n }), cores);
      await page.goto(address + (await linkOf(spec)));
      const seen = await reading(page);
      found = { threads: Number(await page.locator("[data-threads]").getAttribute("data-threads")), seen };
    });
    return found!;
  }
  test("one core is left to the page, and the digits are those of one thread, isolated or not", async () => {
    const one = await run(site.address, 2);
    const many = await run(site.address, 4);
    const outside = await run(site.plain, 4);
    expect([one.threads, many.threads, outside.threads]).toEqual([1, 3, 1]);
    expect(many.seen).toEqual(one.seen);
    expect(outside.seen).toEqual(one.seen);
  });
});
