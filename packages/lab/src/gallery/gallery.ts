/** The flows of specs/ as cards. Titles are here from the start; a spec and its files are fetched when it is chosen. */
import index from "virtual:gallery";
import { filesOf } from "./files.ts";

export interface Card {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly watch: string;
  /** the variant that is seen beside it from the start */
  readonly beside?: string;
}
/** Pictures of transport that are no spec: each asks the engine one question. */
export const tools = [
  {
    name: "parting",
    title: "Two masses part: three distances",
    summary: "Two equal Gaussians move apart. W₂ measures how far; L² and Fisher–Rao only see that they overlap less.",
    watch:
      "W₂ goes on growing in proportion. The other two reach their ceiling once the masses no longer touch: from there on they are blind, and their gradients vanish.",
  },
  {
    name: "directions",
    title: "Which way transport points",
    summary:
      "A red cloud, a blue one, and for each red point the way it is sent: straight along the optimal plan, and down the slope of the Sinkhorn divergence.",
    watch: "With little smoothing both agree arrow by arrow. With much, the slope of the divergence only knows means and spreads: the arrows turn alike.",
  },
] as const;
export type ToolName = (typeof tools)[number]["name"];
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
/** What of a spec from elsewhere is in the gallery: links hold no files. */
export async function galleryFiles(spec: unknown): Promise<Record<string, Uint8Array>> {
  const known = [...filesOf(spec)].filter((path) => /^data\/[\w.-]+$/.test(path));
  const found = await Promise.all(
    known.map(async (path) => {
      const answer = await fetch(`./specs/${path}`).catch(() => null);
      return answer?.ok ? [[path, new Uint8Array(await answer.arrayBuffer())] as const] : [];
    }),
  );
  return Object.fromEntries(found.flat());
}
async function fetchFiles(spec: unknown, from: string): Promise<Record<string, Uint8Array>> {
  const fetched = [...filesOf(spec)].map(async (path) => [path, new Uint8Array(await (await fetch(from + encodeURI(path))).arrayBuffer())] as const);
  return Object.fromEntries(await Promise.all(fetched));
}
