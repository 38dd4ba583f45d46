/** Named parameters of a spec as the page changes them. */
import type { Path } from "./path.ts";

type Spec = Readonly<Record<string, unknown>>;
const isFields = (v: unknown): v is Readonly<Record<string, unknown>> => typeof v === "object" && v !== null && !Array.isArray(v);
const namedIn = ({ parameters }: Spec): Readonly<Record<string, unknown>> => (isFields(parameters) ? parameters : {});

/** Where the value of a parameter stands: `1` and `{ "value": 1, … }` are the same. */
export function valuePlace(spec: Spec, name: string): Path {
  const given = namedIn(spec)[name];
  return isFields(given) ? ["parameters", name, "value"] : ["parameters", name];
}

/** A path as others give it: the bare name of a parameter is its value. */
export function placeIn(spec: Spec, path: Path, value: unknown): Path {
  const name = path.length === 1 ? path[0] : path.length === 2 && path[0] === "parameters" ? path[1] : undefined;
  const plain = typeof value === "number" || typeof value === "string";
  return plain && typeof name === "string" && Object.hasOwn(namedIn(spec), name) && (path.length === 2 || !Object.hasOwn(spec, name))
    ? valuePlace(spec, name)
    : path;
}

/** The spec with one more parameter, whose value is 1, before what may use it. */
export function withParameter(spec: Spec, name: string): Spec {
  const parameters = { ...namedIn(spec), [name]: 1 };
  if ("parameters" in spec) return { ...spec, parameters };
  const entries = Object.entries(spec);
  const head = entries.findLastIndex(([key]) => ["$schema", "version", "job", "title", "summary", "watch", "tags"].includes(key)) + 1;
  return Object.fromEntries([...entries.slice(0, head), ["parameters", parameters], ...entries.slice(head)]);
}
