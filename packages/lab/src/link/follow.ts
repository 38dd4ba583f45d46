/** A link as a flow and how it is seen. Loaded when one is followed: most visitors come without. */
import { galleryFiles, type ToolName, tools } from "../gallery/gallery.ts";
import type { Spec } from "../state/lab.svelte.ts";
import type { Seen } from "../state/seen.ts";
import { decodeLink, LinkError } from "./codec.ts";
import { readSeen } from "./seen.ts";

export interface Followed {
  readonly spec: Spec;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly seen: Seen;
  /** parts of the page that it leaves out */
  readonly hide: readonly string[];
  /** the tool that stands open, where this version has it */
  readonly tool: ToolName | null;
  /** what is to be said of it */
  readonly words: string;
}

/** @throws {LinkError} */
export async function follow(hash: string): Promise<Followed> {
  const { spec, view, hide = [] } = await decodeLink(hash);
  const files = await galleryFiles(spec);
  const [seen, words] = view === undefined ? [{}, ""] : seenBy(view);
  const tool = tools.find(({ name }) => name === seen.tool?.name)?.name ?? null;
  return {
    spec,
    files,
    seen,
    hide,
    tool,
    words: seen.tool && tool === null ? `The link names the tool "${seen.tool.name}", which this version does not have.` : words,
  };
}
/** The view of a link, and what is to be said of it: where it cannot be read, the flow is seen as usual. */
function seenBy(view: unknown): readonly [Seen, string] {
  try {
    return [readSeen(view), ""];
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return [{}, `${error.message[0]?.toUpperCase()}${error.message.slice(1)}; the flow is seen as usual.`];
  }
}
export const whyNot = (error: unknown): string =>
  error instanceof LinkError ? `The link could not be opened: ${error.message}.` : "The link could not be opened.";
