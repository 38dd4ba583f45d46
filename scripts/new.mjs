// npm run new ROLE NAME: a unit that works as it stands, and its test, from the templates in scripts/new/; then the lists.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { camel, rooms, source } from "./gen/units.mjs";
import { main, root, run, started, tool } from "./shell.mjs";

const room = Object.fromEntries(Object.entries(rooms).map(([folder, role]) => [role, folder]));

/** The two files of a new unit: path from src/ to text. */
export function skeleton(role, kind) {
  if (!room[role]) throw new Error(`There is no role "${role}". Roles: ${Object.keys(room).join(", ")}.`);
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(kind ?? ""))
    throw new Error(`Got the name "${kind ?? ""}" when expected lower-case-with-dashes, as in: npm run new energy fisher-information`);
  const fill = (ending) =>
    readFileSync(join(root, "scripts/new", `${role}.${ending}.txt`), "utf8")
      .replaceAll("__KIND__", kind)
      .replaceAll("__NAME__", camel(kind))
      .replaceAll("__TITLE__", kind.replaceAll("-", " "));
  return new Map(["ts", "test.ts"].map((ending) => [`${room[role]}/${kind}.${ending}`, fill(ending)]));
}

if (started(import.meta))
  await main(([role, kind]) => {
    const files = skeleton(role, kind);
    for (const path of files.keys()) if (existsSync(join(source, path))) throw new Error(`packages/ottoflow/src/${path} is there already.`);
    for (const [path, text] of files) {
      mkdirSync(dirname(join(source, path)), { recursive: true });
      writeFileSync(join(source, path), text);
      console.log(`wrote packages/ottoflow/src/${path}`);
    }
    run(tool("biome"), ["format", "--write", ...[...files.keys()].map((path) => join(source, path))]);
    run(process.execPath, [join(root, "scripts/gen.mjs")]);
    console.log(`Next: make it yours, name its sources in references.bib, then: npm run test ${[...files.keys()][0].replace(/\.ts$/, "")}`);
  });
