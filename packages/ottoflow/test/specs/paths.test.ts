/** Every spec of a path is a test: it resolves, says itself again, and its quick form certifies, in every variant. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pathHolds, solvePath } from "../../src/run-path.ts";
import { isObject } from "../../src/spec/check.ts";
import { resolvePath } from "../../src/spec/path.ts";
import { parseSpec, resolveSpec } from "../../src/spec/resolve.ts";

const folder = new URL("../../../../specs/paths/", import.meta.url);
const read = async (path: string): Promise<Uint8Array> => new Uint8Array(readFileSync(new URL(path, folder)));
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .flatMap((name) => {
    const raw = parseSpec(readFileSync(new URL(name, folder), "utf8"));
    const variants = isObject(raw) && isObject(raw.variants) ? Object.keys(raw.variants) : [undefined];
    return variants.map((variant) => ({ name: variant ? `${name} (${variant})` : name, raw, variant }));
  });

test.each(cases)("$name", { timeout: 120_000 }, async ({ raw, variant }) => {
  const resolved = await resolvePath(raw, { read, variant, quick: true });
  expect(resolved.title.length).toBeGreaterThan(8);
  expect(resolved.summary.length).toBeGreaterThan(40);
  expect((await resolvePath(resolved.spec, { read })).spec).toEqual(resolved.spec);
  const path = await solvePath(resolved);
  expect(path.checks.filter((c) => c.hard && c.verdict === "fail")).toEqual([]);
  expect([path.status, pathHolds(path)]).toEqual(["optimal", true]);
});
test("a path is no flow, and says so", async () => {
  await expect(resolveSpec(cases[0]!.raw)).rejects.toThrow('The other job is "path"');
  await expect(resolvePath({ job: "path", space: { kind: "box", lower: [0], upper: [1], cells: [4] } })).rejects.toThrow("from: is missing");
});
