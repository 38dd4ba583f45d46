import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
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

/** The same engine where users run it: the tests in test/browser need a Chromium, which `npm test` finds or installs. */
const browser = (executablePath: string): TestProjectConfiguration => ({
  extends: true,
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
