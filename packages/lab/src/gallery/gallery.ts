/** The flows of specs/ as cards. Titles are here from the start; a spec and its files are fetched when it is chosen. */
import index from "virtual:gallery";

export interface Card {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly watch: string;
}
export const gallery: readonly Card[] = index.cards;
/** What a first visitor sees. */
export const opening = "double-well-grid";

export interface Loaded {
  readonly spec: Record<string, unknown>;
  readonly files: Record<string, Uint8Array>;
}
/** The spec that `ottoflow lab SPEC` was called with. */
export async function loadGiven(): Promise<Loaded> {
  const spec = (await (await fetch("./given/spec.json")).json()) as Record<string, unknown>;
  return { spec, files: await fetchFiles(spec, "./given/files/") };
}
export async function loadCard(name: string): Promise<Loaded> {
  const spec = (name === opening ? index.opening : await (await fetch(`./specs/${name}.json`)).json()) as Record<string, unknown>;
  return { spec, files: await fetchFiles(spec, "./specs/") };
}
async function fetchFiles(spec: unknown, from: string): Promise<Record<string, Uint8Array>> {
  const fetched = [...filesOf(spec)].map(async (path) => [path, new Uint8Array(await (await fetch(from + encodeURI(path))).arrayBuffer())] as const);
  return Object.fromEntries(await Promise.all(fetched));
}
function filesOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (key === "file" && typeof inner === "string") found.add(inner);
      else filesOf(inner, found);
    }
  return found;
}
