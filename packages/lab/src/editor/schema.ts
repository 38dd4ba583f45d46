/** What a JSON schema says about a place of a document: keys and values that fit there, and what does not fit. As much of JSON Schema as the schemas of specs use. */

export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly pattern?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
}
export type Place = readonly (string | number)[];
export interface Offer {
  readonly label: string;
  readonly info: string;
  /** JSON text to put there */
  readonly text: string;
}
export interface Mistake {
  readonly path: Place;
  readonly message: string;
  /** the key is wrong, not its value */
  readonly key?: boolean;
}
type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null && !Array.isArray(value);

/** The schemas that a value may follow, references and alternatives resolved; a stated kind leaves only its own. */
function expand(root: Schema, schema: Schema, value: unknown): readonly Schema[] {
  if (schema.$ref !== undefined) {
    const { $ref, ...own } = schema;
    const target = root.$defs?.[$ref.replace(/^#\/\$defs\//, "")];
    return target ? expand(root, { ...target, ...own }, value) : [];
  }
  const inner = schema.oneOf ?? schema.anyOf;
  const outer = { ...(schema.description ? { description: schema.description } : {}), ...(schema.default === undefined ? {} : { default: schema.default }) };
  const all = inner ? inner.flatMap((one) => expand(root, { ...outer, ...one }, value)) : [schema];
  if (!isFields(value) || typeof value.kind !== "string") return all;
  const own = all.filter((one) => one.properties?.kind?.const === value.kind);
  return own.length > 0 ? own : all;
}
function inside(schemas: readonly Schema[], step: string | number): readonly Schema[] {
  return schemas.flatMap((one) => {
    if (typeof step === "number") return one.items ? [one.items] : [];
    const own = one.properties && Object.hasOwn(one.properties, step) ? one.properties[step] : undefined;
    return own ? [own] : typeof one.additionalProperties === "object" ? [one.additionalProperties] : [];
  });
}
export function schemasAt(root: Schema, document: unknown, path: Place): readonly Schema[] {
  let value = document;
  let here = expand(root, root, value);
  for (const step of path) {
    value = isFields(value) || Array.isArray(value) ? (value as Fields)[step] : undefined;
    const now = value;
    here = inside(here, step).flatMap((one) => expand(root, one, now));
  }
  return here;
}

/** Keys that may be added to the object at `path`. */
export function keysAt(root: Schema, document: unknown, path: Place, present: Fields): readonly Offer[] {
  const offers = new Map<string, Offer>();
  for (const one of schemasAt(root, document, path))
    for (const [label, inner] of Object.entries(one.properties ?? {}))
      if (!Object.hasOwn(present, label) && !offers.has(label))
        offers.set(label, { label, info: inner.description ?? "", text: inner.default === undefined ? "" : JSON.stringify(inner.default) });
  return [...offers.values()];
}
/** Values that are named in the schema at `path`: words, yes and no, objects by their kind. */
export function valuesAt(root: Schema, document: unknown, path: Place): readonly Offer[] {
  const offers = new Map<string, Offer>();
  const add = (value: unknown, info: string | undefined): void => {
    const text = JSON.stringify(value);
    const label = isFields(value) ? `{ ${String(value.kind)} }` : text;
    if (!offers.has(label)) offers.set(label, { label, info: info ?? "", text });
  };
  // asked without what stands there, so that another kind is offered too
  const above = path.slice(0, -1);
  const step = path[path.length - 1];
  const schemas =
    step === undefined ? expand(root, root, undefined) : inside(schemasAt(root, document, above), step).flatMap((one) => expand(root, one, undefined));
  for (const one of schemas) {
    if (one.const !== undefined) add(one.const, one.description);
    for (const value of one.enum ?? []) add(value, one.description);
    if (one.type === "boolean") for (const value of [true, false]) add(value, one.description);
    if (typeof one.properties?.kind?.const === "string") add({ kind: one.properties.kind.const }, one.description);
    if (one.default !== undefined) add(one.default, one.description);
    if (one.pattern === "^=") for (const { label, info } of namesIn(document)) add(`=${label}`, info);
  }
  return [...offers.values()];
}

/** The parameters of a spec, as what may stand in a formula. */
export function namesIn(document: unknown): readonly Offer[] {
  const parameters = isFields(document) && isFields(document.parameters) ? document.parameters : {};
  return Object.entries(parameters).map(([name, given]) => {
    const { value, title } = isFields(given) ? given : { value: given, title: undefined };
    return { label: name, info: [typeof title === "string" ? title : "", `= ${String(value)}`].filter(Boolean).join(" "), text: name };
  });
}
/** Whether a text there is a formula: one of the coordinates, or a number that is worked out. */
export function isFormulaPlace(root: Schema, document: unknown, path: Place, text: string): boolean {
  if (text.startsWith('"=')) return true;
  return schemasAt(root, document, path).some(({ type }) => Array.isArray(type) && type.includes("string") && type.includes("number"));
}

const typeOf = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
function typesOf(one: Schema): readonly string[] {
  if (one.type !== undefined) return typeof one.type === "string" ? [one.type] : one.type;
  if (one.enum) return one.enum.map(typeOf);
  return one.const !== undefined ? [typeOf(one.const)] : [];
}
const fitsType = (one: Schema, value: unknown): boolean => {
  if (typeof value === "string" && one.pattern !== undefined && !new RegExp(one.pattern).test(value)) return false;
  const types = typesOf(one);
  return types.length === 0 || types.includes(typeOf(value)) || (types.includes("integer") && Number.isInteger(value));
};
function outOfRange(one: Schema, v: number): string | null {
  if (one.minimum !== undefined && v < one.minimum) return `must be at least ${one.minimum}`;
  if (one.exclusiveMinimum !== undefined && v <= one.exclusiveMinimum) return `must be greater than ${one.exclusiveMinimum}`;
  if (one.maximum !== undefined && v > one.maximum) return `must be at most ${one.maximum}`;
  return one.exclusiveMaximum !== undefined && v >= one.exclusiveMaximum ? `must be less than ${one.exclusiveMaximum}` : null;
}
const named = (one: Schema): readonly unknown[] | null => one.enum ?? (one.const === undefined ? null : [one.const]);

/** Where a document departs from its schema. */
export function mistakesOf(root: Schema, document: unknown): readonly Mistake[] {
  const found: Mistake[] = [];
  const look = (given: readonly Schema[], value: unknown, path: Place): void => {
    const schemas = given.flatMap((one) => expand(root, one, value));
    if (schemas.length === 0) return;
    const fitting = schemas.filter((one) => fitsType(one, value));
    if (fitting.length === 0) {
      const types = [
        ...new Set(schemas.flatMap((one) => (one.pattern === undefined ? typesOf(one) : [one.title ?? `a text that matches ${one.pattern}`]))),
      ].join(" or ");
      found.push({ path, message: `${typeOf(value)} when ${types} is expected` });
    } else if (isFields(value)) fields(fitting, value, path);
    else if (Array.isArray(value)) for (const [i, item] of value.entries()) look(inside(fitting, i), item, [...path, i]);
    else plain(fitting, value, path);
  };
  const plain = (schemas: readonly Schema[], value: unknown, path: Place): void => {
    if (!schemas.every((one) => named(one) && !named(one)?.includes(value))) {
      const wrong = typeof value === "number" ? schemas.map((one) => outOfRange(one, value)) : [];
      if (wrong.length > 0 && wrong.every((w) => w !== null)) found.push({ path, message: wrong[0] ?? "" });
    } else
      found.push({
        path,
        message: `${JSON.stringify(value)} is none of ${schemas
          .flatMap((one) => named(one) ?? [])
          .map((v) => JSON.stringify(v))
          .join(", ")}`,
      });
  };
  const fields = (schemas: readonly Schema[], value: Fields, path: Place): void => {
    const kinds = schemas.flatMap((one) => (one.properties?.kind?.const === undefined ? [] : [String(one.properties.kind.const)]));
    if (kinds.length > 0 && !kinds.includes(String(value.kind))) {
      const [at, what] = value.kind === undefined ? [path, "the kind is missing"] : [[...path, "kind"], `there is no kind ${JSON.stringify(value.kind)} here`];
      found.push({ path: at, message: `${what}; there are ${kinds.join(", ")}` });
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      const here = inside(schemas, key);
      if (here.length > 0) look(here, item, [...path, key]);
      else if (schemas.every((one) => one.additionalProperties === false))
        found.push({
          path: [...path, key],
          message: `there is no "${key}" here; there are ${[...new Set(schemas.flatMap((one) => Object.keys(one.properties ?? {})))].join(", ")}`,
          key: true,
        });
    }
    if (schemas.length === 1) for (const key of schemas[0].required ?? []) if (!Object.hasOwn(value, key)) found.push({ path, message: `"${key}" is missing` });
  };
  look([root], document, []);
  return found;
}

/** `energy[1].formula` as steps. */
export const placeOf = (path: string): Place => [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map((m) => (m[2] === undefined ? m[1] : Number(m[2])));

/** The place that a fault of the engine speaks of: stated, or named at the head of its words. */
export const faultPath = (path: string | null, message: string): string => path ?? /^([\w$-]+(?:\.[\w$-]+|\[\d+\])*):/.exec(message)?.[1] ?? "";

/** JSON as people write it: what fits on a line stays on it. */
export function pretty(value: unknown, indent = ""): string {
  const line =
    JSON.stringify(value, null, 1)
      ?.replace(/\n\s*/g, " ")
      .replace(/\[ | \]/g, (b) => b.trim()) ?? "null";
  if (typeof value !== "object" || value === null || (line.length + indent.length <= 72 && indent !== "")) return line;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) return value.length === 0 ? "[]" : `[\n${value.map((v) => deeper + pretty(v, deeper)).join(",\n")}\n${indent}]`;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return entries.length === 0 ? "{}" : `{\n${entries.map(([k, v]) => `${deeper}${JSON.stringify(k)}: ${pretty(v, deeper)}`).join(",\n")}\n${indent}}`;
}
