/** The built page for the tests of a file: built where it has changed, served from a copy that no later build touches, and a browser to visit it with. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium as browsers, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { findChromium } from "../../../../scripts/chromium.mjs";
import { buildLab } from "../../../../scripts/setup.mjs";
import { serveLab } from "../../../cli/src/commands/lab.ts";
import { linkOf } from "./flows.ts";
import { opened, reading, type Visit, visit } from "./visit.ts";

const built = fileURLToPath(new URL("../../dist", import.meta.url));
const lock = fileURLToPath(new URL("../../../../.cache/page-build.lock", import.meta.url));
const chromium = findChromium();
/** Milliseconds: for a test, and for all that comes before and after the tests of a file. */
const TEST = 300_000;
const AROUND = 600_000;

export interface Site {
  readonly browser: Browser;
  /** as the command serves it */
  readonly address: string;
  /** the same files in a folder of any static host */
  readonly plain: string;
  /** a server of its own, as the command starts it, for a test that ends it */
  serve(): Promise<{ readonly address: string; close(): Promise<void> }>;
  /** Visits a path or an address, acts, and expects that the page had nothing to complain of. */
  on(path: string | Promise<string>, act: (v: Visit) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  /** On a flow whose run has ended. */
  ended(spec: object, act: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  /** The address of a page of somebody's own beside the built files of the static host. */
  beside(body: string): string;
  /** Visits such a page. */
  around(body: string, act: (page: Page) => Promise<void>): Promise<void>;
}

/** Tests on the built page; left out where there is no Chromium. */
export function onSite(title: string, tests: (site: Site) => void): void {
  const words = chromium === null ? `${title} (left out: there is no Chromium here; CHROMIUM_PATH names one)` : title;
  describe.skipIf(chromium === null)(words, { timeout: TEST }, () => {
    let stands: (Site & { close(): Promise<void> }) | null = null;
    const site = (): Site => {
      if (!stands) throw new Error("the page stands while tests run");
      return stands;
    };
    beforeAll(async () => {
      stands = await open(chromium as string);
    }, AROUND);
    afterAll(() => stands?.close(), AROUND);
    tests({
      get browser() {
        return site().browser;
      },
      get address() {
        return site().address;
      },
      get plain() {
        return site().plain;
      },
      serve: () => site().serve(),
      on: (...args) => site().on(...args),
      ended: (...args) => site().ended(...args),
      beside: (body) => site().beside(body),
      around: (...args) => site().around(...args),
    });
  });
}

async function open(executablePath: string): Promise<Site & { close(): Promise<void> }> {
  const folder = await copyOfBuilt();
  // by their names in the folder
  const pages = new Map<string, string>();
  const [commanded, host] = [await serveLab(folder, null, 0, false), await staticHost(folder, pages)];
  const browser = await browsers.launch({ executablePath, args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"] });
  const [address, plain] = [addressOf(commanded), `${addressOf(host)}some/folder/`];
  const on: Site["on"] = async (path, act, options = {}) => {
    const visitor = await visit(browser, new URL(await path, address).href, options);
    try {
      await act(visitor);
      // what was asked for by the test is no fault of the page
      if (options.serviceWorkers === "block")
        visitor.faults.splice(0, visitor.faults.length, ...visitor.faults.filter((f) => !f.startsWith("Service Worker registration blocked")));
      expect(visitor.faults).toEqual([]);
    } finally {
      await visitor.context.close();
    }
  };
  const beside = (body: string): string => {
    const name = `around-${pages.size}.html`;
    pages.set(name, `<!doctype html><title>Around</title><link rel="icon" href="data:,">${body}`);
    return plain + name;
  };
  return {
    browser,
    address,
    plain,
    on,
    async serve() {
      const server = await serveLab(folder, null, 0, false);
      return { address: addressOf(server), close: () => stopped(server) };
    },
    ended: (spec, act, options) =>
      on(
        linkOf(spec),
        async ({ page }) => {
          await reading(page);
          await opened(page);
          await act(page);
        },
        options,
      ),
    beside,
    around: (body, act) => on(beside(body), ({ page }) => act(page)),
    async close() {
      await browser.close();
      await Promise.all([stopped(commanded), stopped(host)]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Two files of tests do not build at the same time, and a file sees one build from its first test to its last. */
async function copyOfBuilt(): Promise<string> {
  const release = await locked();
  try {
    buildLab();
    const folder = mkdtempSync(join(tmpdir(), "ottoflow-page-"));
    cpSync(built, folder, { recursive: true });
    return folder;
  } finally {
    release();
  }
}
async function locked(): Promise<() => void> {
  mkdirSync(dirname(lock), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: "wx" });
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    if (!holderLives()) rmSync(lock, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
/** A process that was ended while it built does not stop all others. */
function holderLives(): boolean {
  try {
    const holder = Number(readFileSync(lock, "utf8"));
    // written a moment after it was made
    if (holder > 0) process.kill(holder, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json" };
/** Any static host: the files in a folder of their own, no headers beyond their type. */
async function staticHost(folder: string, pages: ReadonlyMap<string, string>): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? "").split(/[?#]/)[0].replace("/some/folder/", "") || "index.html";
    const own = pages.get(path);
    (own === undefined ? readFile(join(folder, path)) : Promise.resolve(own)).then(
      (bytes) => response.writeHead(200, { "Content-Type": types[extname(path)] ?? "application/octet-stream" }).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
