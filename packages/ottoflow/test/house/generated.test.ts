import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const root = new URL("../../../..", import.meta.url).pathname;

test("registry, catalogue, schema and reference pages are what the units say: else `npm run gen`", () => {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/gen.mjs", "--verify"], { cwd: root, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
