import { readFile } from "node:fs/promises";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type Plugin, type TestProjectConfiguration } from "vitest/config";
import type { BrowserCommand } from "vitest/node";
import { type Digest, digestOf } from "./packages/ottoflow/test/browser/digest.ts";
import { findChromium } from "./scripts/chromium.mjs";

const node: TestProjectConfiguration = {
  extends: true,
  test: {
    name: "node",
    include: ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "docs/**/*.test.ts"],
    exclude: ["packages/*/test/browser/**", "**/node_modules/**"],
    testTimeout: 60_000,
  },
};

/** A flow of the gallery by the built library, for tests in the browser to compare with. */
const runInNode: BrowserCommand<[spec: string]> = async (_, spec): Promise<Digest> => {
  const file = (path: string): URL => new URL(`specs/${path}`, import.meta.url);
  const { run } = await import("ottoflow");
  return digestOf(await run(JSON.parse(await readFile(file(spec), "utf8")), { quick: true, read: (path) => readFile(file(path)) }));
};

/** Pages that share memory between threads must be isolated from other origins: their server says so with each file. */
const isolated: Plugin = {
  name: "isolated",
  enforce: "pre",
  configureServer({ middlewares }) {
    middlewares.use((_request, response, next) => {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      next();
    });
  },
};

/** The same engine where users run it: the tests in test/browser need a Chromium, which `npm test` finds or installs. */
const browser = (executablePath: string): TestProjectConfiguration => ({
  extends: true,
  plugins: [isolated],
  test: {
    name: "browser",
    include: ["packages/*/test/browser/**/*.test.ts"],
    testTimeout: 60_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({
        launchOptions: { executablePath, args: ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--enable-unsafe-webgpu"] },
      }),
      commands: { runInNode },
      instances: [{ browser: "chromium" }],
    },
  },
});

const chromium = findChromium();
if (chromium === null) console.warn("No Chromium: the tests in test/browser are left out. `npm test` would install one; CHROMIUM_PATH names one.");

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: { projects: chromium === null ? [node] : [node, browser(chromium)] },
});
