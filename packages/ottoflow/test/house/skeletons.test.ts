import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { skeleton } from "../../../../scripts/new.mjs";
import { roles } from "../../src/params.ts";

/** What `npm run new` writes and what CONTRIBUTING.md shows compiles, is found by `npm run gen`, and its tests hold: tried in a copy of the library. */
const root = new URL("../../../..", import.meta.url).pathname;
const library = "packages/ottoflow";
let tree = "";

/** path from src/ to text */
function added(): Map<string, string> {
  const guide = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  const blocks = [...guide.matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map((match) => [match[1]!, match[2]!] as const);
  return new Map([...roles.flatMap((role) => [...skeleton(role, `fresh-${role}`)]), ...blocks]);
}
const copied = [
  "package.json",
  "tsconfig.base.json",
  `${library}/package.json`,
  `${library}/tsconfig.json`,
  "biome.json",
  ".gitignore",
  "scripts",
  "references.bib",
  "specs",
];

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "skeletons-"));
  for (const name of copied) cpSync(join(root, name), join(tree, name), { recursive: true });
  cpSync(join(root, library, "src"), join(tree, library, "src"), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
  symlinkSync(join(root, "node_modules"), join(tree, "node_modules"));
  for (const [path, text] of added()) {
    mkdirSync(dirname(join(tree, library, "src", path)), { recursive: true });
    writeFileSync(join(tree, library, "src", path), text);
  }
}, 60_000);
afterAll(() => rmSync(tree, { recursive: true, force: true }));

const tool = (name: string, ...args: string[]): { status: number | null; output: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [isAbsolute(name) ? name : join(root, "node_modules", name), ...args], {
    cwd: tree,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", VITEST: "" },
  });
  return { status, output: `${stdout}${stderr}` };
};

test("they are found", () => {
  const { output } = tool(join(tree, "scripts/gen.mjs"));
  const registry = readFileSync(join(tree, library, "src/spec/registry.gen.ts"), "utf8");
  for (const path of added().keys()) if (!path.endsWith(".test.ts")) expect(registry, output).toContain(`import("../${path}")`);
});
test("they compile", () => {
  const { output } = tool("typescript/bin/tsc", "-p", `${library}/tsconfig.json`, "--noEmit", "--composite", "false");
  const names = [...added().keys()];
  expect(output.split("\n").filter((line) => names.some((name) => line.includes(name)))).toEqual([]);
}, 120_000);
test("they keep the lint rules", () => {
  const files = [...added().keys()].map((path) => join(library, "src", path));
  const { status, output } = tool("@biomejs/biome/bin/biome", "lint", "--max-diagnostics=20", ...files);
  expect(output).toMatch(/Checked \d+ files/);
  expect(status, output).toBe(0);
});
test("their tests hold", () => {
  const { status, output } = tool("vitest/vitest.mjs", "run", "--root", tree);
  expect(output).toMatch(new RegExp(`Test Files +${roles.length + 1} passed`));
  expect(status, output).toBe(0);
}, 120_000);
test.each([
  ["enrgy", "a", "There is no role"],
  ["energy", "Bad Name", "lower-case-with-dashes"],
  ["energy", undefined, "lower-case-with-dashes"],
])("npm run new %s %s is refused", (role, name, why) => expect(() => skeleton(role, name as string)).toThrow(why));
