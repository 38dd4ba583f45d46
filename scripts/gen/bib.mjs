// references.bib: one field a line, values in braces, UTF-8 instead of accents in TeX. `npm run gen` sorts it and sets it evenly.
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
    const opening = /^@([a-z]+)\{([a-z0-9-]+),\s*$/i.exec(line);
    const field = /^\s*([a-z]+)\s*=\s*\{(.+)\},?\s*$/i.exec(line);
    if (line.trim() === "" || line.startsWith("%")) continue;
    if (opening && entry === null) entry = { type: opening[1].toLowerCase(), key: opening[2] };
    else if (field && entry !== null) entry[field[1].toLowerCase()] = field[2].replace(/[{}]/g, "");
    else if (line.trim() === "}" && entry !== null) {
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

const order = ["author", "title", "year", "journal", "booktitle", "publisher", "howpublished", "school", "volume", "number", "pages", "doi", "eprint"];

function entryText({ type, key, ...fields }) {
  const rank = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  const lines = Object.entries(fields)
    .sort(([a], [b]) => rank(a) - rank(b))
    .map(([name, value]) => `  ${name} = {${value}},\n`);
  return `@${type}{${key},\n${lines.join("")}}`;
}
const sorted = (bib) => [...bib.values()].sort((a, b) => (a.key < b.key ? -1 : 1));

/** references.bib itself, sorted by key and evenly set. */
export function bibText(bib) {
  return `% The sources that units and doc comments name by key. One field a line; UTF-8 instead of accents in TeX.\n\n${sorted(bib).map(entryText).join("\n\n")}\n`;
}

/** The entries for programs that cite without reading files. */
export function bibModule(bib) {
  const rows = sorted(bib).map((entry) => `  ${JSON.stringify(entry.key)}: ${JSON.stringify(entryText(entry))},\n`);
  return `// Written from references.bib by npm run gen. Do not edit.\n\n/** BibTeX of every source, by its key. */\nexport const references: Readonly<Record<string, string>> = {\n${rows.join("")}};\n`;
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
