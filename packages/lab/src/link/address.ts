/** What the address bar says: a card of the gallery by its name, anything else as a link, so that going back and loading again lead where one was. */
import { filesOf } from "../gallery/files.ts";
import type { ToolSeen } from "../state/seen.ts";
import type { Shown } from "./seen.ts";

/** The card that a hash names, as in `#heat-gaussian`. */
export function cardIn(hash: string, names: readonly string[]): string | null {
  const name = hash.slice(1).replaceAll("%2F", "/");
  return names.includes(name) ? name : null;
}
/** Two choices within this many milliseconds are one place to go back to: keys pass through a list one by one. */
const PASSING = 1200;
let visited = Number.NEGATIVE_INFINITY;
/** Another card has been chosen: back leads to what was before. */
export function visit(name: string): void {
  const now = performance.now();
  if (now - visited < PASSING) history.replaceState(null, "", `#${name}`);
  else history.pushState(null, "", `#${name}`);
  visited = now;
}

export interface Kept extends Shown {
  readonly spec: Readonly<Record<string, unknown>>;
}
/** The address of the flow as it stands; null where a link cannot hold it. */
export async function addressOf(lab: Kept, hidden: readonly string[], tool: ToolSeen | null = null): Promise<string | null> {
  const spec = JSON.parse(JSON.stringify(lab.spec)) as Record<string, unknown>;
  // files of one's own are in no link
  if ([...filesOf(spec)].some((path) => !path.startsWith("data/"))) return null;
  const [{ encodeLink, LinkError }, { seenOf }] = await Promise.all([import("./codec.ts"), import("./seen.ts")]);
  // the playhead is not written: it would say where one was when something else was changed
  const { at: _, ...view } = seenOf(lab, tool);
  try {
    return await encodeLink({ spec, ...(Object.keys(view).length > 0 && { view }), ...(hidden.length > 0 && { hide: hidden }) });
  } catch (error) {
    if (error instanceof LinkError) return null;
    throw error;
  }
}
