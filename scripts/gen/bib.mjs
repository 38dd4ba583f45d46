// references.bib, read strictly: one field a line, values in braces, UTF-8 instead of accents in TeX.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./units.mjs";

export const bibFile = join(root, "references.bib");
const needed = ["author", "title", "year"];

export function parseBib(text) {
  const entries = new Map();
  let entry = null;
  for (const [i, line] of text.split("\n").entries()) {
    const where = `references.bib:${i + 1}`;
    const opening = /^@([a-z]+)\{([a-z0-9-]+),$/.exec(line);
    const field = /^ {2}([a-z]+) = \{(.+)\},?$/.exec(line);
    if (line === "" || line.startsWith("%")) continue;
    if (opening && entry === null) entry = { type: opening[1], key: opening[2] };
    else if (field && entry !== null) entry[field[1]] = field[2].replace(/[{}]/g, "");
    else if (line === "}" && entry !== null) {
      for (const name of needed) if (!entry[name]) throw new Error(`${where}: the entry ${entry.key} has no ${name}.`);
      if (!/^\d{4}$/.test(entry.year)) throw new Error(`${where}: the entry ${entry.key} has the year "${entry.year}".`);
      if (entries.has(entry.key)) throw new Error(`${where}: the key ${entry.key} is there twice.`);
      entries.set(entry.key, entry);
      entry = null;
    } else throw new Error(`${where}: cannot read "${line}". Write "@type{key,", then "  field = {value}," lines, then "}".`);
  }
  return entries;
}

export const readBib = () => parseBib(readFileSync(bibFile, "utf8"));

/** The entries as they stand in the file, for programs that cite without reading files. */
export function bibModule() {
  const rows = readFileSync(bibFile, "utf8")
    .split(/\n(?=@)/)
    .map((entry) => entry.replace(/\n%.*$/gm, "").trim())
    .filter((entry) => entry.startsWith("@"))
    .map((entry) => `  ${JSON.stringify(/^@[a-z]+\{([^,]+),/.exec(entry)[1])}: ${JSON.stringify(entry)},\n`);
  return `// Written by \`npm run gen\` from references.bib. Do not edit.\n\n/** BibTeX of every source, by its key. */\nexport const references: Readonly<Record<string, string>> = {\n${rows.join("")}};\n`;
}

/** One line of Markdown for an entry. */
export function citation(e) {
  const where = [
    e.journal ?? e.booktitle ?? e.publisher ?? e.howpublished ?? e.school,
    e.volume && (e.number ? `${e.volume}(${e.number})` : e.volume),
    e.pages?.replace("--", "–"),
  ].filter(Boolean);
  const authors = e.author.split(" and ").map((name) => name.split(", ").reverse().join(" "));
  const names = authors.length > 1 ? `${authors.slice(0, -1).join(", ")} and ${authors.at(-1)}` : authors[0];
  const link = e.doi ? `[doi:${e.doi}](https://doi.org/${e.doi})` : e.eprint ? `[arXiv:${e.eprint}](https://arxiv.org/abs/${e.eprint})` : null;
  return `${names} (${e.year}). *${e.title}.* ${[...where].join(", ")}.${link ? ` ${link}` : ""}`.replace(" .", "");
}
