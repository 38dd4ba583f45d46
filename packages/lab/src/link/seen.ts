/** The view of a link: written from what the page shows, and read from strangers, who may write anything. */
import { usualView, type View } from "../stage/view.ts";
import type { Zoom } from "../stage/zoom.ts";
import { type Comparison, type Scope, type Seen, speeds, type ToolSeen } from "../state/seen.ts";
import { LinkError } from "./codec.ts";

/** What is read of the page. */
export interface Shown {
  readonly view: View;
  readonly variant: string;
  readonly zoom: Zoom | null;
  readonly comparison: Comparison | null;
  readonly other: { readonly zoom: Zoom | null } | null;
  readonly opening: object | null;
  readonly scope: Scope | null;
  readonly speed: number;
  readonly playing: boolean;
  readonly phase: string;
  readonly playhead: number;
  readonly reached: number;
}
/** How the flow is seen now. A playhead that came to rest at the end of the run is no place: whoever opens the link sees the flow run there. */
export function seenOf(lab: Shown, tool: ToolSeen | null): Seen {
  const { view, variant, zoom, comparison, other, opening, scope, speed } = lab;
  const marks = Object.fromEntries(Object.entries(view).filter(([name, on]) => usualView[name as keyof View] !== on));
  // a playhead that moves is not looked at
  const rests = opening !== null && !lab.playing && !(lab.phase === "ended" && lab.playhead >= lab.reached);
  return {
    ...(variant && { variant }),
    ...(Object.keys(marks).length > 0 && { marks }),
    ...(zoom && { zoom }),
    ...(comparison && { beside: comparison }),
    ...(other?.zoom && { zoomBeside: other.zoom }),
    ...(rests && { at: lab.playhead }),
    ...(speed !== 1 && { speed }),
    ...(scope && { scope: { tau: scope.tau, iterate: scope.iterate } }),
    ...(tool && { tool }),
  };
}

const most = { text: 200, sliders: 40, number: 1e12, iterate: 10_000 };
type Read<T> = (value: unknown, path: string) => T;
const wrong = (path: string, value: unknown, wanted: string): LinkError => {
  const text = JSON.stringify(value) ?? String(value);
  return new LinkError(`the view in the link has ${path} = ${text.length > 60 ? `${text.slice(0, 60)}…` : text} when ${wanted} is expected`);
};

/** @throws {LinkError} which says what came, and what was expected, for anything that `seenOf` does not write */
export function readSeen(value: unknown): Seen {
  return record(readers)(value, "view") as Seen;
}

/** An object with these keys and no others, each of which may be missing. */
const record =
  (known: Readonly<Record<string, Read<unknown>>>, needed: readonly string[] = []): Read<Record<string, unknown>> =>
  (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, value, "an object");
    for (const key of needed) if (!Object.hasOwn(value, key)) throw wrong(path, value, `an object with ${needed.join(" and ")}`);
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (!Object.hasOwn(known, key)) throw new LinkError(`the view in the link has ${path}.${key.slice(0, 40)}, which this version does not know`);
        return [key, known[key]!(inner, `${path}.${key}`)];
      }),
    );
  };
const number =
  (lo: number, hi: number, wanted: string): Read<number> =>
  (value, path) => {
    if (typeof value !== "number" || !(value >= lo && value <= hi)) throw wrong(path, value, wanted);
    return value;
  };
const some: Read<number> = number(-most.number, most.number, "a number");
const text: Read<string> = (value, path) => {
  if (typeof value !== "string" || value.length > most.text) throw wrong(path, value, `a text of at most ${most.text} characters`);
  return value;
};
const truth: Read<boolean> = (value, path) => {
  if (typeof value !== "boolean") throw wrong(path, value, "true or false");
  return value;
};
const range: Read<Zoom["x"]> = (value, path) => {
  const { lo, hi } = record({ lo: some, hi: some }, ["lo", "hi"])(value, path) as { lo: number; hi: number };
  // an axis narrower than its own rounding cannot be drawn
  if (!(hi - lo > 1e-9 * Math.max(Math.abs(lo), Math.abs(hi)))) throw wrong(path, value, "lo below hi");
  return { lo, hi };
};
const zoom = record({ x: range, y: range }, ["x", "y"]) as Read<unknown> as Read<Zoom>;
const beside: Read<Comparison> = (value, path) =>
  (typeof value === "object" && value !== null && "variant" in value
    ? record({ variant: text }, ["variant"])(value, path)
    : record({ title: text, scheme: scheme }, ["title", "scheme"])(value, path)) as unknown as Comparison;
/** judged by the engine, like the scheme of the spec */
const scheme: Read<unknown> = (value, path) => {
  if (typeof value !== "string" && (typeof value !== "object" || value === null || Array.isArray(value))) throw wrong(path, value, "a scheme");
  return value;
};
const scope = record(
  {
    tau: number(0, most.number, "a length of time"),
    iterate: (value, path) => {
      if (!Number.isInteger(value)) throw wrong(path, value, "a whole number");
      return number(-1, most.iterate, "an iterate")(value, path);
    },
  },
  ["tau", "iterate"],
) as Read<unknown> as Read<Scope>;
const values: Read<Record<string, number>> = (value, path) => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, value, "an object");
  const entries = Object.entries(value);
  if (entries.length > most.sliders) throw wrong(path, value, `at most ${most.sliders} sliders`);
  return Object.fromEntries(entries.map(([key, inner]) => [text(key, path), some(inner, `${path}.${key.slice(0, 40)}`)]));
};
const readers: Readonly<Record<string, Read<unknown>>> = {
  variant: text,
  marks: record(Object.fromEntries(Object.keys(usualView).map((name) => [name, truth]))),
  zoom,
  beside,
  zoomBeside: zoom,
  at: some,
  speed: (value, path) => {
    if (!speeds.includes(value as number)) throw wrong(path, value, `one of ${speeds.join(", ")}`);
    return value;
  },
  scope,
  tool: record({ name: text, values }, ["name", "values"]),
};
