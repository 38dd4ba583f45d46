import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { afterAll, describe, expect, test } from "vitest";

/** The import order on small trees with one offence each. */
const root = new URL("../../../..", import.meta.url).pathname;
const src = "packages/ottoflow/src";
const trees: string[] = [];

async function broken(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { default: config } = await import(join(root, ".dependency-cruiser.mjs"));
  const tree = mkdtempSync(join(tmpdir(), "imports-"));
  trees.push(tree);
  for (const [file, text] of Object.entries({ "package.json": "{}", "packages/ottoflow/package.json": '{ "name": "ottoflow" }', ...files })) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), text);
  }
  const { tsConfig, ...options } = config.options;
  const { output } = await cruise(["packages"], { ...options, ruleSet: { forbidden: config.forbidden }, validate: true, baseDir: tree });
  return (output as ICruiseResult).summary.violations.map((v) => v.rule.name).sort();
}
afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});
const a = "export const a = 1;\n";

describe("import order", () => {
  test("downwards is fine: a scheme may use an energy, a certificate the loop", async () =>
    expect(
      await broken({
        [`${src}/energy/a.ts`]: a,
        [`${src}/scheme/b.ts`]: 'export { a } from "../energy/a.ts";\n',
        [`${src}/flow.ts`]: 'export { a } from "./scheme/b.ts";\n',
        [`${src}/certify/c.ts`]: 'export { a } from "../flow.ts";\n',
      }),
    ).toEqual([]));
  test.each([
    ["kernels/a.ts", "numeric/b.ts", "order-kernels"],
    ["contract.ts", "kernels/b.ts", "order-contract"],
    ["space/a.ts", "measure/b.ts", "order-space"],
    ["energy/a.ts", "scheme/b.ts", "order-energy"],
    ["geometry/a.ts", "proximal/b.ts", "order-energy"],
    ["scheme/a.ts", "flow.ts", "order-scheme"],
    ["scheme/a.ts", "exact/b.ts", "order-scheme"],
    ["certify/a.ts", "spec/b.ts", "order-exact"],
    ["io/a.ts", "index.ts", "order-io"],
  ])("upwards is not: %s may not import %s", async (from, to, rule) =>
    expect(
      await broken({ [`${src}/${to}`]: a, [`${src}/${from}`]: `export { a } from "${"../".repeat(from.split("/").length - 1) || "./"}${to}";\n` }),
    ).toEqual([rule]),
  );
  test("types count as imports", async () =>
    expect(
      await broken({
        [`${src}/scheme/b.ts`]: "export type B = 1;\n",
        [`${src}/energy/a.ts`]: 'import type { B } from "../scheme/b.ts";\nexport const a: B = 1;\n',
      }),
    ).toEqual(["order-energy"]));
  test("tests may look down", async () =>
    expect(await broken({ [`${src}/scheme/b.ts`]: a, [`${src}/energy/a.test.ts`]: 'import "../scheme/b.ts";\n' })).toEqual([]));
  test("no cycles", async () =>
    expect(
      await broken({
        [`${src}/energy/a.ts`]: 'export { b } from "./b.ts";\nexport const a = 1;\n',
        [`${src}/energy/b.ts`]: 'import { a } from "./a.ts";\nexport const b = a;\n',
      }),
    ).toEqual(["no-circular"]));
  test("the nouns come by their door", async () => {
    const nouns = { [`${src}/contract/a.ts`]: "export type A = 1;\n", [`${src}/contract.ts`]: 'export type { A } from "./contract/a.ts";\n' };
    expect(await broken({ ...nouns, [`${src}/energy/b.ts`]: 'import type { A } from "../contract.ts";\nexport const b: A = 1;\n' })).toEqual([]);
    expect(await broken({ ...nouns, [`${src}/energy/b.ts`]: 'import type { A } from "../contract/a.ts";\nexport const b: A = 1;\n' })).toEqual([
      "contract-door",
    ]);
  });
  test("no Node in the library", async () =>
    expect(await broken({ [`${src}/io/a.ts`]: 'import { readFileSync } from "node:fs";\nexport const a = readFileSync;\n' })).toEqual(["no-node-in-library"]));
  test("no file outside the rooms", async () =>
    expect(await broken({ [`${src}/utils/b.ts`]: a, [`${src}/energy/a.ts`]: 'export { a } from "../utils/b.ts";\n' })).toEqual(["known-room"]));
  test("others import the library by its name", async () =>
    expect(
      await broken({
        [`${src}/flow.ts`]: a,
        "packages/cli/package.json": '{ "name": "ottoflow-cli" }',
        "packages/cli/src/a.ts": 'export { a } from "../../ottoflow/src/flow.ts";\n',
      }),
    ).toEqual(["library-from-outside"]));
  test("the library does not import its users", async () =>
    expect(await broken({ "packages/cli/src/a.ts": a, [`${src}/io/b.ts`]: 'export { a } from "../../../cli/src/a.ts";\n' })).toEqual(["library-knows-no-one"]));
  test("the guides list the rooms as the rules have them", async () => {
    const { order }: { order: readonly (readonly string[])[] } = await import(join(root, ".dependency-cruiser.mjs"));
    expect(readFileSync(join(root, "CONTRIBUTING.md"), "utf8")).toContain(`\n${order.map((line) => line.join(", ")).join(" → ")}\n`);
    const table = readFileSync(join(root, "docs/architecture.md"), "utf8").matchAll(/^\| (`[^|]+) \|/gm);
    const rooms = [...table].flatMap(([, cell]) => [...cell!.matchAll(/`([\w-]+)(?:\.ts|\/)`/g)].map(([, room]) => room!));
    expect([...new Set(rooms)]).toEqual(order.flat());
  });
});
