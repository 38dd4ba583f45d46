import { existsSync } from "node:fs";
import { join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { describe, expect, test } from "vitest";

const root = new URL("../../../..", import.meta.url).pathname;

describe("as they would be published", () => {
  test.each(["packages/ottoflow", "packages/cli"])("%s: every export, type and binary of package.json is there and is what it says", async (folder) => {
    expect(existsSync(join(root, folder, "dist")), "Run first: npm run build").toBe(true);
    const { messages, pkg } = await publint({ pkgDir: join(root, folder), strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });
});
