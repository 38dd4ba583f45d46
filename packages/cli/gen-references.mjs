// node packages/cli/gen-references.mjs: writes src/references.gen.ts from the references.bib of the repository, so that reports cite
// without reading anything at run time. --verify writes nothing and fails when
// it is not fresh. `npm run gen` may call `referencesFile()`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bib = new URL("../../references.bib", import.meta.url);
const target = new URL("src/references.gen.ts", import.meta.url);

/** The text of references.gen.ts. */
export function referencesFile() {
  const entries = readFileSync(bib, "utf8")
    .split(/\n(?=@)/)
    .map((entry) => entry.replace(/\n%.*$/gm, "").trim())
    .filter((entry) => entry.startsWith("@"));
  const rows = entries.map((entry) => `  ${JSON.stringify(/^@[a-z]+\{([^,]+),/.exec(entry)[1])}: ${JSON.stringify(entry)},\n`);
  return `// Written from references.bib by gen-references.mjs. Do not edit.\n\n/** BibTeX of every source, by its key. */\nexport const references: Readonly<Record<string, string>> = {\n${rows.join("")}};\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fresh = referencesFile();
  if (!process.argv.includes("--verify")) writeFileSync(target, fresh);
  else if (readFileSync(target, "utf8") !== fresh) {
    console.error("packages/cli/src/references.gen.ts is not fresh. Run: node packages/cli/gen-references.mjs");
    process.exitCode = 1;
  }
}
