/// <reference lib="dom" />
/** A visitor of the built page: fresh browser profiles on a page served as the command serves it, with every fault of the page on record. */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { expect } from "vitest";

export const built: string = fileURLToPath(new URL("../../dist", import.meta.url));
export const specs: string = fileURLToPath(new URL("../../../../specs", import.meta.url));

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"] });

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** what the page said went wrong */
  readonly faults: string[];
}
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => (message.type() === "error" || message.type() === "warning") && faults.push(message.text()));
  await page.goto(address);
  return { page, context, faults };
}
export const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };
/** Any static host: the files in a folder of their own, no headers beyond their type. */
export async function plainServer(): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split(/[?#]/)[0].replace(/^\/some\/folder\/$/, "/some/folder/index.html");
    readFile(join(built, path.replace("/some/folder/", ""))).then(
      (bytes) => response.writeHead(200, { "Content-Type": types[extname(path)] ?? "application/octet-stream" }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

export interface Reading {
  readonly certified: boolean;
  readonly energy: number;
  readonly mass: number;
  readonly time: number;
  readonly steps: number;
  readonly checks: readonly { readonly kind: string; readonly value: number | null; readonly verdict: string }[];
}
/** What the ledger says once the run has ended: the numbers themselves, not their rounded texts. */
export async function reading(page: Page): Promise<Reading> {
  await page.locator(".verdict").waitFor({ state: "attached" });
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
/** The first frames have been drawn and the controls are there. */
export async function opened(page: Page): Promise<void> {
  await page.waitForFunction(() => document.documentElement.dataset.moving === "true");
  await page.locator(".recipe fieldset").first().waitFor({ state: "attached" });
}
/** Asserts what comes true in a while, however busy the machine is. */
export const soon = <T>(what: () => Promise<T>, message?: string) => expect.poll(what, { timeout: 15_000, message });
/** The next run, begun by `act`, to its end. */
export async function next(page: Page, act: () => Promise<unknown>): Promise<Reading> {
  await page.evaluate(() => document.querySelector(".verdict")?.setAttribute("data-old", ""));
  await act();
  await page.locator(".verdict:not([data-old])").waitFor({ state: "attached" });
  return reading(page);
}
