/** The sources of a chapter, from references.bib. */
import { citation, readBib } from "../../../scripts/gen/bib.mjs";

type Entry = Readonly<Record<string, string>>;
const bib = (): ReadonlyMap<string, Entry> => readBib() as ReadonlyMap<string, Entry>;

/** "Jordan et al. 1998" */
export function citer(): (key: string) => string | null {
  const entries = bib();
  return (key) => {
    const entry = entries.get(key);
    if (!entry) return null;
    const names = entry.author.split(" and ").map((name) => name.split(", ")[0]);
    return `${names.length > 2 ? `${names[0]} et al.` : names.join(" and ")} ${entry.year}`;
  };
}
/** One line of Markdown for each key, in the order of authors and years. */
export function lines(keys: readonly string[]): readonly (readonly [key: string, markdown: string])[] {
  const entries = bib();
  const order = (key: string): string => `${entries.get(key)!.author} ${entries.get(key)!.year}`;
  return [...keys].sort((a, b) => (order(a) < order(b) ? -1 : 1)).map((key) => [key, citation(entries.get(key)!)] as const);
}
