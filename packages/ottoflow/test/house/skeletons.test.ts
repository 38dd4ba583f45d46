import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { skeleton } from "../../../../scripts/new.mjs";
import { roles } from "../../src/params.ts";

/** What `npm run new` writes and what CONTRIBUTING.md and docs/extending.md show compiles, is found by `npm run gen`, and its tests hold: tried in a copy of the library. */
const root = new URL("../../../..", import.meta.url).pathname;
const library = "packages/ottoflow";
let tree = "";

/** The units that the guides show and their tests: path from src/ to text. */
const shown = new Map(
  ["CONTRIBUTING.md", "docs/extending.md"].flatMap((guide) =>
    [...readFileSync(join(root, guide), "utf8").matchAll(/```ts\n\/\/ (\S+)\n([\s\S]*?)```/g)].map((match) => [match[1]!, match[2]!] as const),
  ),
);
/** path from src/ to text */
const added: ReadonlyMap<string, string> = new Map([...roles.flatMap((role) => [...skeleton(role, `fresh-${role}`)]), ...shown]);
const isTest = (path: string): boolean => path.endsWith(".test.ts");
const units = [...added.keys()].filter((path) => !isTest(path));

/** Every file of the copy and its text. */
function files(folder = tree): Map<string, string> {
  const out = new Map<string, string>();
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === "node_modules") continue;
    if (statSync(path).isDirectory()) for (const [inner, text] of files(path)) out.set(inner, text);
    else out.set(relative(tree, path), readFileSync(path, "latin1"));
  }
  return out;
}
let before = new Map<string, string>();
let after = new Map<string, string>();
let generated = "";

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
  tool(join(tree, "scripts/gen.mjs"));
  before = files();
  for (const [path, text] of added) {
    mkdirSync(dirname(join(tree, library, "src", path)), { recursive: true });
    writeFileSync(join(tree, library, "src", path), text);
  }
  generated = tool(join(tree, "scripts/gen.mjs")).output;
  after = files();
}, 120_000);
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
  const registry = after.get(`${library}/src/spec/registry.gen.ts`);
  for (const path of units) expect(registry, generated).toContain(`import("../${path}")`);
});
test("the guides show one unit of each role, in one file and its test", () => {
  const registry = after.get(`${library}/src/spec/registry.gen.ts`)!;
  const roleOf = (path: string): string =>
    /^ {2}(\w+): \{$/m.exec(
      registry
        .slice(0, registry.indexOf(`import("../${path}")`))
        .split("\n")
        .reverse()
        .join("\n"),
    )![1]!;
  expect(
    [...shown.keys()]
      .filter((path) => !isTest(path))
      .map(roleOf)
      .sort(),
  ).toEqual([...roles].sort());
  expect([...shown.keys()].filter(isTest)).toHaveLength(roles.length);
});
test("the table of CONTRIBUTING.md says of each role what must be true", () => {
  const table = readFileSync(join(root, "CONTRIBUTING.md"), "utf8").matchAll(/^\| (\w+) \| [^|]+ \| [^|]+ \|$/gm);
  expect([...table].map(([, role]) => role).sort()).toEqual(["role", ...roles].sort());
});
test("nothing else is touched: the new files, and the lists and pages that npm run gen writes", () => {
  const changed = [...after].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
  const lists = changed.filter((path) => !added.has(path.slice(`${library}/src/`.length)));
  expect([...before.keys()].filter((path) => !after.has(path))).toEqual([]);
  expect(changed.length - lists.length).toBe(added.size);
  expect(lists.sort()).toEqual(
    [
      "docs/reference/index.md",
      ...roles.map((role) => `docs/reference/${role}.md`),
      `${library}/flow.schema.json`,
      `${library}/path.schema.json`,
      `${library}/src/spec/catalogue.gen.ts`,
      `${library}/src/spec/registry.gen.ts`,
      `${library}/src/spec/types.gen.ts`,
    ].sort(),
  );
});
test("they compile", () => {
  const { output } = tool("typescript/bin/tsc", "-p", `${library}/tsconfig.json`, "--noEmit", "--composite", "false");
  const names = [...added.keys()];
  expect(output.split("\n").filter((line) => names.some((name) => line.includes(name)))).toEqual([]);
}, 120_000);
test("they keep the lint rules", () => {
  const paths = [...added.keys()].map((path) => join(library, "src", path));
  const { status, output } = tool("@biomejs/biome/bin/biome", "lint", "--max-diagnostics=20", ...paths);
  expect(output).toMatch(/Checked \d+ files/);
  expect(status, output).toBe(0);
});
test("their tests hold", () => {
  const { status, output } = tool("vitest/vitest.mjs", "run", "--root", tree);
  expect(output).toMatch(new RegExp(`Test Files +${2 * roles.length} passed`));
  expect(status, output).toBe(0);
}, 120_000);
test.each([
  ["enrgy", "a", "There is no role"],
  ["energy", "Bad Name", "lower-case-with-dashes"],
  ["energy", undefined, "lower-case-with-dashes"],
])("npm run new %s %s is refused", (role, name, why) => expect(() => skeleton(role, name as string)).toThrow(why));
