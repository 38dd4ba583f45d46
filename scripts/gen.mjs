// npm run gen [-- --verify]: writes every list that follows from the units: registry, catalogue, JSON Schema, types, reference pages.
// --verify writes nothing and fails when a file is not what would be written.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bibModule, bibText, readBib } from "./gen/bib.mjs";
import { catalogue, registry } from "./gen/lists.mjs";
import { gallery, indexPage, pageOf, rolePage, roles } from "./gen/pages.mjs";
import { pathSchema, schema } from "./gen/schema.mjs";
import { specTypes } from "./gen/types.mjs";
import { loadUnits, root } from "./gen/units.mjs";

const verify = process.argv.includes("--verify");
const { units, broken } = await loadUnits();
const problems = broken.map(({ file, why }) => `${file}: ${why}`);
const bib = bibliography();

function bibliography() {
  try {
    return readBib();
  } catch (error) {
    console.error(`gen: ${error.message}`);
    process.exit(1);
  }
}

const wanted = new Map([
  ["references.bib", () => bibText(bib)],
  ["packages/ottoflow/src/spec/registry.gen.ts", () => registry(units)],
  ["packages/ottoflow/src/spec/catalogue.gen.ts", () => catalogue(units)],
  ["packages/ottoflow/flow.schema.json", () => schema(units)],
  ["packages/ottoflow/path.schema.json", () => pathSchema(units)],
  ["packages/ottoflow/src/spec/types.gen.ts", () => specTypes(units)],
  ["packages/cli/src/references.gen.ts", () => bibModule(bib)],
  ["docs/reference/index.md", () => indexPage(units)],
  ["docs/reference/gallery.md", () => gallery()],
  ...roles.map((role) => [pageOf(role), () => rolePage(role, units, bib)]),
]);

function current(path) {
  try {
    return readFileSync(join(root, path), "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return null;
    throw error;
  }
}

const stale = [];
for (const [path, make] of wanted) {
  let text;
  try {
    text = make();
  } catch (error) {
    problems.push(`${path}: ${error.message}`);
    continue;
  }
  if (current(path) === text) continue;
  stale.push(path);
  if (verify) continue;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
const pages = join(root, "docs/reference");
for (const name of current("docs/reference/index.md") === null ? [] : readdirSync(pages)) {
  const path = `docs/reference/${name}`;
  if (!name.endsWith(".md") || wanted.has(path)) continue;
  stale.push(path);
  if (!verify) rmSync(join(pages, name));
}

for (const problem of problems) console.error(`gen: ${problem}`);
if (verify && stale.length > 0) console.error(`gen: not fresh: ${stale.join(", ")}. Run: npm run gen`);
if (problems.length > 0) console.error(`gen: ${problems.length} to mend, then run: npm run gen`);
if (problems.length > 0 || (verify && stale.length > 0)) process.exitCode = 1;
else
  console.log(`gen: ${units.length} units, ${wanted.size} files ${verify ? "fresh" : stale.length === 0 ? "fresh already" : `written: ${stale.join(", ")}`}`);
