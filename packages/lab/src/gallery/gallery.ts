/** The flows of specs/ as cards. Titles are here from the start; a spec and its files are fetched when it is chosen. */
import index from "virtual:gallery";
import { filesOf } from "./files.ts";
import { opening, type ToolName, tools } from "./tools.ts";

export interface Card {
  readonly name: string;
  readonly title: string;
  /** the variant that is seen beside it from the start */
  readonly beside?: string;
}
export { opening, type ToolName, tools };
export const gallery: readonly Card[] = index.cards;

export interface Loaded {
  readonly spec: Record<string, unknown>;
  readonly files: Record<string, Uint8Array>;
}
/** The spec that `ottoflow lab SPEC` was called with. */
export async function loadGiven(): Promise<Loaded> {
  const spec = (await (await found("./given/spec.json")).json()) as Record<string, unknown>;
  return { spec, files: await fetchFiles(spec, "./given/files/") };
}
export async function loadCard(name: string): Promise<Loaded> {
  const spec = (name === opening ? index.opening : await (await found(`./specs/${name}.json`)).json()) as Record<string, unknown>;
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
async function found(address: string): Promise<Response> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return answer;
}
async function fetchFiles(spec: unknown, from: string): Promise<Record<string, Uint8Array>> {
  // the engine names a file that is not there
  const fetched = [...filesOf(spec)].map(async (path) => {
    const answer = await fetch(from + encodeURI(path));
    return answer.ok ? [[path, new Uint8Array(await answer.arrayBuffer())] as const] : [];
  });
  return Object.fromEntries((await Promise.all(fetched)).flat());
}
