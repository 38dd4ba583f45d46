import { references } from "../references.gen.ts";
import { section, tag, text } from "./html.ts";

interface Source {
  readonly key: string;
  readonly bibtex: string;
  field(name: string): string | undefined;
}
export function sourcesOf(keys: readonly string[]): Source[] {
  return keys
    .filter((key) => Object.hasOwn(references, key))
    .map((key) => ({
      key,
      bibtex: references[key],
      field: (name) => new RegExp(`^\\s*${name}\\s*=\\s*[{"](.*?)[}"],?$`, "m").exec(references[key])?.[1].replace(/[{}]/g, ""),
    }));
}

function line(source: Source): string {
  const people = (source.field("author") ?? "").split(" and ").map((name) => name.split(", ").reverse().join(" "));
  const names = people.length > 3 ? `${people[0]} and others` : people.join(", ");
  const place = [source.field("journal") ?? source.field("booktitle") ?? source.field("publisher"), source.field("volume")].filter(Boolean).join(" ");
  const doi = source.field("doi");
  const link = doi ? ` ${tag("a", { href: `https://doi.org/${encodeURI(doi)}` }, text(`doi:${doi}`))}` : "";
  return tag(
    "li",
    {},
    text(`${names} (${source.field("year") ?? ""}). `),
    tag("cite", {}, text(source.field("title") ?? source.key)),
    text(place ? `. ${place}.` : "."),
    link,
  );
}

/** Every source that a unit of this run names, readable and as BibTeX. */
export function referencesSection(keys: readonly string[]): string {
  const sources = sourcesOf(keys);
  const missing = keys.filter((key) => !Object.hasOwn(references, key));
  if (keys.length === 0) return "";
  return section(
    "references",
    "Sources",
    tag("ul", { class: "small" }, ...sources.map(line), ...missing.map((key) => tag("li", {}, text(key)))),
    sources.length > 0 ? tag("details", {}, tag("summary", {}, "BibTeX"), tag("pre", { tabindex: "0" }, text(sources.map((s) => s.bibtex).join("\n\n")))) : "",
  );
}
