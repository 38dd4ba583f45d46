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

export async function loadCard(name: string): Promise<{ spec: Record<string, unknown>; files: Record<string, Uint8Array> }> {
  const spec = (name === opening ? index.opening : await (await fetch(`./specs/${name}.json`)).json()) as Record<string, unknown>;
  const wanted = filesOf(spec);
  const files = Object.fromEntries(
    await Promise.all([...wanted].map(async (path) => [path, new Uint8Array(await (await fetch(`./specs/${path}`)).arrayBuffer())] as const)),
  );
  return { spec, files };
}
function filesOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      if (key === "file" && typeof inner === "string") found.add(inner);
      else filesOf(inner, found);
    }
  return found;
}
