/** Every spec is a test: it resolves, says itself again, and its quick form runs and certifies, in every variant. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { runFlow } from "../../src/run.ts";
import { isObject } from "../../src/spec/check.ts";
import { parseSpec, resolveSpec } from "../../src/spec/resolve.ts";

const folder = new URL("../../../../specs/", import.meta.url);
const read = async (path: string): Promise<Uint8Array> => new Uint8Array(readFileSync(new URL(path, folder)));
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => {
    const raw = parseSpec(readFileSync(new URL(name, folder), "utf8"));
    const variants = isObject(raw) && isObject(raw.variants) ? Object.keys(raw.variants) : [undefined];
    return variants.map((variant) => ({ name: variant ? `${name} (${variant})` : name, raw, variant }));
  });

test.each(cases)("$name", { timeout: 120_000 }, async ({ raw, variant }) => {
  const resolved = await resolveSpec(raw, { read, variant, quick: true });
  expect(resolved.title.length).toBeGreaterThan(8);
  expect(resolved.summary.length).toBeGreaterThan(40);
  const again = await resolveSpec(resolved.spec, { read });
  expect(again.spec).toEqual(resolved.spec);
  const run = await runFlow(resolved);
  expect([run.status, run.reason]).toEqual(["reached-end", expect.anything()]);
  expect(run.checks.filter((c) => c.hard && c.verdict === "fail")).toEqual([]);
  expect(run.holds).toBe(true);
  expect(run.checks.some((c) => c.hard && c.verdict === "pass")).toBe(true);
});
