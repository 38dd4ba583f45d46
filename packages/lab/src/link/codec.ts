/**
 * A link holds the whole state in its hash: `#2.` and the deflated JSON in base64url. It needs no server and says its version first.
 * Links are from strangers: sizes and depth are limited before and while they are unpacked.
 */
import { isDeep } from "./depth.ts";

export interface Shared {
  readonly spec: Readonly<Record<string, unknown>>;
  /** how the flow is seen, as `readView` takes it: not yet believed */
  readonly view?: unknown;
  /** parts of the page that are not shown */
  readonly hide?: readonly string[];
}
export const LINK_VERSION = 2;
export const MOST_TEXT = 1_000_000;
export const MOST_LINK = 200_000;
const most = { view: 20_000, hide: 100, word: 40 };

type Held = Readonly<Record<string, unknown>>;
/** What each version makes of the one before it. Links of every version ever made are read. */
const migrations: Readonly<Record<number, (held: Held) => Held>> = {
  // links of version 1 had no view; a key of that name meant nothing
  1: ({ view: _, ...held }) => held,
};

export class LinkError extends Error {}

async function through(bytes: Uint8Array, stream: CompressionStream | DecompressionStream, most: number): Promise<Uint8Array> {
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(stream as ReadableWritablePair<Uint8Array, Uint8Array<ArrayBuffer>>)
    .getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new LinkError(`the link unpacks to more than ${most} characters`);
    }
    parts.push(value);
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
const toBase64 = (bytes: Uint8Array): string => {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};
function fromBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new LinkError("the link has characters that no link of ours has; it may have been cut");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

export async function encodeLink(shared: Shared): Promise<string> {
  const text = JSON.stringify(shared);
  if (text.length > MOST_TEXT) throw new LinkError(`the state has ${text.length} characters when a link takes ${MOST_TEXT}; save the bundle instead`);
  const packed = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"), MOST_TEXT);
  const link = `#${LINK_VERSION}.${toBase64(packed)}`;
  if (link.length > MOST_LINK)
    throw new LinkError(`the link would have ${link.length} characters when browsers take about ${MOST_LINK}; save the bundle instead`);
  return link;
}

/** @throws {LinkError} in words for anything that is no link of this or an older version */
export async function decodeLink(hash: string): Promise<Shared> {
  const match = /^#(\d{1,4})\.(.*)$/s.exec(hash);
  if (!match) throw new LinkError("this is no link of the lab");
  const version = Number(match[1]);
  if (version < 1) throw new LinkError("this is no link of the lab");
  if (version > LINK_VERSION) throw new LinkError(`the link was made by a newer version (${version}) of the lab; this one reads up to ${LINK_VERSION}`);
  if (match[2]!.length > MOST_LINK) throw new LinkError("the link is too long");
  let shared: unknown;
  try {
    shared = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(await through(fromBase64(match[2]!), new DecompressionStream("deflate-raw"), MOST_TEXT)),
    );
  } catch (error) {
    if (error instanceof LinkError) throw error;
    throw new LinkError("the link is damaged; it may have been cut when it was copied");
  }
  if (isDeep(shared)) throw new LinkError("the link holds lists within lists without end");
  if (!isHeld(shared)) throw new LinkError("the link holds no flow");
  let held = shared;
  for (let v = version; v < LINK_VERSION; v++) held = (migrations[v] ?? ((same) => same))(held);
  return checked(held);
}
const isHeld = (v: unknown): v is Held => typeof v === "object" && v !== null && !Array.isArray(v);

function checked({ spec, view, hide }: Held): Shared {
  if (!isHeld(spec)) throw new LinkError("the link holds no flow");
  if (view !== undefined && JSON.stringify(view).length > most.view) throw new LinkError(`the view in the link has more than ${most.view} characters`);
  if (hide !== undefined && !isWords(hide)) throw new LinkError(`what the link hides is no list of at most ${most.hide} names`);
  return { spec, ...(view !== undefined && { view }), ...(hide !== undefined && { hide }) };
}
const isWords = (v: unknown): v is readonly string[] =>
  Array.isArray(v) && v.length <= most.hide && v.every((w) => typeof w === "string" && w.length <= most.word);
