/**
 * What an embedding page may say to a flow, and what it hears. Messages come from strangers' pages: everything is checked before it is believed.
 * Each message carries `ottoflow: 1`, so that other traffic of the page is let go.
 */
import { isDeep } from "../link/depth.ts";
import type { Path } from "../state/path.ts";

export type Command =
  | {
      readonly type: "open";
      readonly spec: Readonly<Record<string, unknown>>;
      readonly files: Readonly<Record<string, Uint8Array>>;
      readonly hide: readonly string[] | null;
    }
  | { readonly type: "set"; readonly path: Path; readonly value: unknown }
  | { readonly type: "seek"; readonly t: number }
  /** `id` comes back with the answer */
  | { readonly type: "get"; readonly id: string | number | null }
  | { readonly type: "play" | "pause" | "reset" };
export type Said =
  | { readonly type: "ready" }
  | { readonly type: "opened"; readonly title: string; readonly start: number; readonly until: number }
  | { readonly type: "ended"; readonly status: string; readonly holds: boolean; readonly time: number; readonly reason: string }
  | { readonly type: "fault"; readonly message: string; readonly path: string | null }
  /** with the `id` of a `get` that has no answer */
  | { readonly type: "refused"; readonly message: string; readonly id?: string | number | null }
  | ({ readonly type: "state"; readonly id: string | number | null } & State);
/** What `get` is answered with: the numbers as they are, not their rounded texts. */
export interface State {
  readonly title: string;
  readonly spec: unknown;
  readonly start: number;
  readonly until: number;
  /** where the playhead is */
  readonly t: number;
  readonly playing: boolean;
  /** how far the engine is */
  readonly reached: number;
  readonly steps: number;
  readonly phase: string;
  readonly energy: number | null;
  readonly dissipation: number | null;
  readonly mass: number | null;
  /** null until the run has ended */
  readonly status: string | null;
  readonly holds: boolean | null;
}
export const PROTOCOL = 1;

const most = { spec: 2_000_000, value: 200_000, files: 64 * 1024 * 1024, depth: 12 };
const isRecord = (v: unknown): v is Record<string, unknown> => typeof v === "object" && v !== null && !Array.isArray(v);

/** "energy.0.temperature" or "noise" as a place in a spec; null for what is none. */
export function readPath(text: unknown): Path | null {
  if (typeof text !== "string" || text.length > 300 || !/^[A-Za-z$][\w$-]*(\.[\w$-]+)*$/.test(text)) return null;
  const keys = text.split(".");
  if (keys.length > most.depth || keys.some((key) => ["__proto__", "constructor", "prototype"].includes(key))) return null;
  return keys.map((key) => (/^\d{1,4}$/.test(key) ? Number(key) : key));
}
/** Plain JSON within a size and depth, as a copy of its own; undefined for anything else. */
function plainJson(value: unknown, size: number): unknown {
  try {
    const text = JSON.stringify(value);
    if (text === undefined || text.length > size) return undefined;
    const copy: unknown = JSON.parse(text);
    return isDeep(copy) ? undefined : copy;
  } catch {
    return undefined;
  }
}
function readFiles(value: unknown): Record<string, Uint8Array> | null {
  if (value === undefined) return {};
  if (!isRecord(value)) return null;
  let size = 0;
  const files: Record<string, Uint8Array> = {};
  for (const [name, bytes] of Object.entries(value)) {
    if (!(bytes instanceof Uint8Array)) return null;
    size += bytes.length;
    files[name] = bytes;
  }
  return size <= most.files ? files : null;
}

/** A message of ours as a command; a text that says what is wrong with it; null for what is no message of ours. */
export function readCommand(data: unknown): Command | string | null {
  if (!isRecord(data) || data.ottoflow !== PROTOCOL) return null;
  switch (data.type) {
    case "play":
    case "pause":
    case "reset":
      return { type: data.type };
    case "seek":
      return typeof data.t === "number" && Number.isFinite(data.t) ? { type: "seek", t: data.t } : "seek needs a finite t";
    case "get": {
      const { id = null } = data;
      return id === null || (typeof id === "number" && Number.isFinite(id)) || (typeof id === "string" && id.length <= 100)
        ? { type: "get", id }
        : "the id of get is a number or a short text";
    }
    case "set": {
      const path = readPath(data.path);
      if (!path) return 'set needs a path like "energy.0.temperature"';
      const value = plainJson(data.value, most.value);
      return value === undefined ? "set needs a value of plain JSON" : { type: "set", path, value };
    }
    case "open": {
      const spec = plainJson(data.spec, most.spec);
      if (!isRecord(spec)) return "open needs a spec, an object of plain JSON";
      const files = readFiles(data.files);
      if (!files) return "files are Uint8Arrays by the paths that the spec names, 64 MiB together at most";
      return { type: "open", spec, files, hide: data.hide === undefined ? null : readWords(data.hide) };
    }
    default:
      return `there is no command ${String(data.type).slice(0, 40)}; there are open, set, get, seek, play, pause, reset`;
  }
}
/** Names from an attribute ("initial scheme", with commas or not) or a list. */
export function readWords(value: unknown): readonly string[] {
  const words = typeof value === "string" ? value.split(/[\s,]+/) : Array.isArray(value) ? value.filter((v): v is string => typeof v === "string") : [];
  return words.filter((w) => /^[\w-]{1,40}$/.test(w)).slice(0, 100);
}

export const parts = ["law", "time", "parameters", "recipe", "ledger"] as const;
export type PartName = (typeof parts)[number];
/** Which parts stand around the stage: law and time unless said; "none" for the stage alone. */
export function readControls(value: string | null): readonly PartName[] {
  if (value === null || value.trim() === "") return ["law", "time"];
  if (value.trim() === "all") return parts;
  return parts.filter((part) => readWords(value).includes(part));
}

/** Whose messages are heard: the page around, and of the origin that the address names where it names one. */
export function isHeard(event: { readonly origin: string; readonly source: unknown }, around: unknown, origin: string | null): boolean {
  return event.source === around && (origin === null || event.origin === origin);
}
