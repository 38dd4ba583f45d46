/// <reference lib="dom" />
/** A visitor of the built page: fresh browser profiles, with every fault of the page on record. Whatever is waited for is a condition, however busy the machine is. */
import { readFileSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** Milliseconds that a condition may take to come true. */
export const PATIENCE = 60_000;

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** what the page said went wrong */
  readonly faults: string[];
}
/** @param address nothing is opened where it is empty */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => (message.type() === "error" || message.type() === "warning") && faults.push(message.text()));
  if (address) await page.goto(address);
  return { page, context, faults };
}

export interface Reading {
  readonly certified: boolean;
  readonly energy: number;
  readonly mass: number;
  readonly time: number;
  readonly steps: number;
  readonly checks: readonly { readonly kind: string; readonly value: number | null; readonly verdict: string }[];
}
/** Whoever waited in vain is told what the page shows. */
export async function awaited<T>(page: Page, what: string, come: Promise<T>): Promise<T> {
  try {
    return await come;
  } catch (error) {
    const looks = page.evaluate(() => {
      const text = (selector: string): string => document.querySelector(selector)?.textContent?.replace(/\s+/g, " ").trim() ?? "-";
      return `phase ${document.querySelector<HTMLElement>(".lab")?.dataset.phase}, moving ${document.documentElement.dataset.moving}, ${text("footer output")}, ${text("footer > span:last-child")}, notice ${text(".notice")}, alert ${text("[role=alert]")}, at ${location.href.slice(0, 120)}`;
    });
    const mute = new Promise<string>((resolve) => setTimeout(() => resolve("the page does not answer"), 15_000));
    throw new Error(`${what} did not come: ${await Promise.race([looks, mute]).catch(String)}`, { cause: error });
  }
}
/** The last change has been run, to its end or to a fault. */
const settled = (page: Page): Promise<unknown> =>
  awaited(
    page,
    "the end of the run",
    page.locator(["ended", "fault", "idle"].map((phase) => `.lab[data-phase="${phase}"]`).join(", ")).waitFor({ state: "attached" }),
  );

/** What the ledger says once the run has ended: the numbers themselves, not their rounded texts. */
export async function reading(page: Page): Promise<Reading> {
  const fault = page.locator('.lab[data-phase="fault"] .stage [role=alert]').first();
  await awaited(page, "a verdict or a fault", page.locator('.lab[data-phase="ended"] .verdict').or(fault).first().waitFor({ state: "attached" }));
  if ((await fault.count()) > 0) throw new Error(`The flow does not run: ${await fault.textContent()}`);
  return page.evaluate(() => {
    const value = (element: Element | null | undefined): number | null => {
      const text = (element as HTMLDataElement | null)?.value ?? "";
      return text === "" ? null : Number(text);
    };
    const named = Object.fromEntries(
      [...document.querySelectorAll(".ledger dt")].map((dt) => [dt.textContent, value(dt.nextElementSibling?.querySelector("data"))]),
    );
    return {
      certified: document.querySelector(".verdict")?.textContent?.includes("✓ Certified") ?? false,
      energy: named.energy as number,
      mass: named.mass as number,
      time: named.time as number,
      steps: named.step as number,
      checks: [...document.querySelectorAll<HTMLElement>(".ledger [data-check]")].map((check) => ({
        kind: check.dataset.check ?? "",
        value: value(check.querySelector("data")),
        verdict: check.classList[0],
      })),
    };
  });
}
/** To another address of the page, as by a link in it. */
export const goTo = async (page: Page, hash: string | Promise<string>): Promise<void> => page.evaluate((to) => location.assign(to), await hash);
/** What the ledger says now of what has this name, for a run that goes on. */
export const told = (page: Page, name: string): Promise<string | null> =>
  page
    .locator(".ledger dl > div", { has: page.locator("dt", { hasText: new RegExp(`^${name}$`) }) })
    .locator("data")
    .first()
    .textContent();
/** The first frames have been drawn and the controls are there. */
export async function opened(page: Page): Promise<void> {
  await awaited(page, "a frame that moves", page.locator('html[data-moving="true"]').waitFor({ state: "attached" }));
  await awaited(page, "the recipe", page.locator(".recipe fieldset").first().waitFor({ state: "attached" }));
}
/** Asserts what comes true in a while. */
export const soon = <T>(what: () => Promise<T>, message?: string) => expect.poll(what, { timeout: PATIENCE, message });
/** The next run, begun by `act`, to its end; the one before is awaited first, so that its verdict is not taken for the next. */
export async function next(page: Page, act: () => Promise<unknown>): Promise<Reading> {
  await settled(page);
  await page.evaluate(() => document.querySelector(".verdict")?.setAttribute("data-old", ""));
  await act();
  await awaited(page, "another verdict", page.locator(".verdict:not([data-old])").waitFor({ state: "attached" }));
  return reading(page);
}
/** What no longer changes: the same twice, so many milliseconds apart. */
export async function rested<T>(what: () => Promise<T>, page: Page, apart = 300): Promise<T> {
  let now = await what();
  await soon(async () => {
    const before = now;
    await page.waitForTimeout(apart);
    now = await what();
    return JSON.stringify(now) === JSON.stringify(before);
  }).toBe(true);
  return now;
}

export const button = (page: Page, name: string): Locator => page.getByRole("button", { name, exact: true });
/** The file that pressing something gives. */
export async function saved(page: Page, press: () => Promise<unknown>): Promise<{ readonly name: string; readonly bytes: Uint8Array }> {
  const [file] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: file.suggestedFilename(), bytes: new Uint8Array(readFileSync(await file.path())) };
}
/** The link that the page makes of what is seen now. */
export async function shared(page: Page): Promise<string> {
  await button(page, "Share").click();
  await awaited(page, "a link", page.locator('section[aria-label="Link"][aria-busy="false"]').waitFor());
  const link = await page.evaluate(() => location.hash);
  await page.keyboard.press("Escape");
  return link;
}
