/**
 * Reads untrusted JSON values against parameter descriptors. What comes out is plain and complete (defaults filled in);
 * what does not fit throws a SpecError that says what came, what was expected and how to mend it.
 */
import { OttoflowError, specError } from "../errors.ts";
import type { Param, Params } from "../params.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A short rendering of any value for messages. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "number" || typeof value === "boolean" || value === null) return String(value);
  if (typeof value === "function") return "a function";
  const text = written(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** What JSON cannot write (circles, depths beyond the stack, big integers) is called by its type: a message never fails. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value) ?? `a ${typeof value}`;
  } catch {
    return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
  }
}

/** Levels of lists and objects in a spec. Units nest at most twelve deep, two levels each. */
const MAX_LEVELS = 64;

/**
 * Refuses values nested deeper than 64 levels (and circles, which are), level by level: what comes later may recurse safely.
 * @throws {SpecError}
 */
export function expectShallow(value: unknown, path: string): void {
  let level = new Set<object>();
  const into = (child: unknown, set: Set<object>): void => {
    if (typeof child === "object" && child !== null && !ArrayBuffer.isView(child)) set.add(child);
  };
  into(value, level);
  for (let depth = 1; level.size > 0; depth++) {
    if (depth > MAX_LEVELS) throw specError(path, `is nested deeper than ${MAX_LEVELS} levels of lists and objects. Flatten it, or put data into files.`);
    const next = new Set<object>();
    for (const node of level) for (const child of Array.isArray(node) ? node : Object.values(node)) into(child, next);
    level = next;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

export function asObject(value: unknown, path: string, what: string): Record<string, unknown> {
  if (!isObject(value)) throw specError(path, `got ${show(value)} when expected ${what}.`);
  return value;
}

/** The candidate closest to a misspelt word, or undefined. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const d = editDistance(word.slice(0, 40), candidate.slice(0, 40));
    if (d < least) [best, least] = [candidate, d];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

export function unknownKey(path: string, key: string, allowed: readonly string[]): OttoflowError<"SpecError"> {
  const close = nearest(key, allowed);
  return specError(path === "" ? key : `${path}.${key}`, `is not a known key. ${close ? `Did you mean "${close}"? ` : ""}Known keys: ${allowed.join(", ")}.`);
}

function asNumber(value: unknown, path: string, p: Extract<Param, { type: "number" | "integer" }>): number {
  const want = p.type === "integer" ? "a whole number" : "a number";
  if (typeof value !== "number" || !Number.isFinite(value)) throw specError(path, `got ${show(value)} when expected ${want}${range(p)}.`);
  if (p.type === "integer" && !Number.isSafeInteger(value)) throw specError(path, `got ${value} when expected ${want}${range(p)}.`);
  const fits =
    (p.min === undefined || value >= p.min) &&
    (p.max === undefined || value <= p.max) &&
    (p.above === undefined || value > p.above) &&
    (p.below === undefined || value < p.below) &&
    value !== p.not;
  if (!fits) throw specError(path, `got ${value} when expected ${want}${range(p)}. ${meaning(p)}`);
  return value;
}

/** What a parameter stands for, as a sentence: descriptions are phrases, some with a full stop. */
function meaning(p: Param): string {
  return `Meaning: ${p.doc}${/[.!?]$/.test(p.doc) ? "" : "."}`;
}

function range(p: Extract<Param, { type: "number" | "integer" }>): string {
  const parts: string[] = [];
  if (p.min !== undefined) parts.push(`>= ${p.min}`);
  if (p.above !== undefined) parts.push(`> ${p.above}`);
  if (p.max !== undefined) parts.push(`<= ${p.max}`);
  if (p.below !== undefined) parts.push(`< ${p.below}`);
  if (p.not !== undefined) parts.push(`!= ${p.not}`);
  return parts.length ? ` ${parts.join(" and ")}` : "";
}

function asNumbers(value: unknown, path: string, length?: number): readonly number[] {
  if (!Array.isArray(value)) throw specError(path, `got ${show(value)} when expected a list of ${length ?? ""} numbers.`.replace("  ", " "));
  if (length !== undefined && value.length !== length) throw specError(path, `got ${value.length} numbers when expected ${length}, one per axis of the space.`);
  value.forEach((v, i) => {
    if (typeof v !== "number" || !Number.isFinite(v)) throw specError(`${path}[${i}]`, `got ${show(v)} when expected a number.`);
  });
  return value as number[];
}

const MAX_POINTS = 1_000_000;

function asPoints(value: unknown, path: string, dim: number): { n: number; x: Float64Array } {
  if (!Array.isArray(value) || value.length === 0) throw specError(path, `got ${show(value)} when expected a list of at least one point.`);
  if (value.length > MAX_POINTS)
    throw specError(
      path,
      `got ${value.length} points when at most ${MAX_POINTS} fit in a spec. Put them into a CSV or NPY file and use the measure "samples".`,
    );
  const n = value.length;
  const x = new Float64Array(dim * n);
  value.forEach((point, i) => {
    const row = dim === 1 && typeof point === "number" ? [point] : asNumbers(point, `${path}[${i}]`, dim);
    row.forEach((c, k) => {
      if (!Number.isFinite(c)) throw specError(`${path}[${i}]`, `got ${show(c)} when expected a number.`);
      x[k * n + i] = c;
    });
  });
  return { n, x };
}

function asMatrix(value: unknown, path: string, dim: number, definite: boolean): readonly number[] {
  const rows = typeof value === "number" ? identity(dim, value) : asRows(value, path, dim);
  for (let i = 0; i < dim; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [rows[i * dim + j]!, rows[j * dim + i]!];
      if (Math.abs(a - b) > 1e-12 * (Math.abs(a) + Math.abs(b)))
        throw specError(path, `is not symmetric: entry [${i}][${j}] is ${a} and [${j}][${i}] is ${b}.`);
    }
  if (definite && !isDefinite(rows, dim)) throw specError(path, `got ${show(value)} when expected a positive definite matrix (all eigenvalues > 0).`);
  return rows;
}

function identity(dim: number, factor: number): number[] {
  return Array.from({ length: dim * dim }, (_, i) => (i % (dim + 1) === 0 ? factor : 0));
}

function asRows(value: unknown, path: string, dim: number): number[] {
  if (!Array.isArray(value) || value.length !== dim) throw specError(path, `got ${show(value)} when expected a number or ${dim} rows of ${dim} numbers.`);
  return value.flatMap((row, i) => [...asNumbers(dim === 1 && typeof row === "number" ? [row] : row, `${path}[${i}]`, dim)]);
}

/** Cholesky without square roots; a matrix is positive definite exactly when all pivots are positive. */
function isDefinite(a: readonly number[], d: number): boolean {
  const m = [...a];
  for (let k = 0; k < d; k++) {
    const pivot = m[k * d + k]!;
    if (!(pivot > 0)) return false;
    for (let i = k + 1; i < d; i++) {
      const f = m[i * d + k]! / pivot;
      for (let j = k; j < d; j++) m[i * d + j]! -= f * m[k * d + j]!;
    }
  }
  return true;
}

/** Values that need nothing but themselves and the dimension; formulas, files, measures and units are the resolver's. */
export function readPlain(p: Param, value: unknown, path: string, dim: number): unknown {
  switch (p.type) {
    case "number":
    case "integer":
      return asNumber(value, path, p);
    case "boolean":
      if (typeof value !== "boolean") throw specError(path, `got ${show(value)} when expected true or false.`);
      return value;
    case "choice":
      if (typeof value !== "string" || !p.of.includes(value))
        throw specError(path, `got ${show(value)} when expected one of ${p.of.map((o) => `"${o}"`).join(", ")}.`);
      return value;
    case "choices":
      return asChoices(value, path, p);
    case "text":
      if (typeof value !== "string" || value.length > 1000) throw specError(path, `got ${show(value)} when expected a text of at most 1000 characters.`);
      return value;
    case "texts":
      if (!Array.isArray(value) || value.length > 1000 || value.some((v) => typeof v !== "string"))
        throw specError(path, `got ${show(value)} when expected a list of texts.`);
      return value;
    case "vector":
      return asVector(value, path, dim, p);
    case "numbers":
      return asNumbers(value, path);
    case "matrix":
      return asMatrix(value, path, dim, p.definite ?? false);
    case "points":
      return asPoints(value, path, dim);
    default:
      throw specError(path, `cannot be read without a resolver (${p.type}).`);
  }
}

function asChoices(value: unknown, path: string, p: Extract<Param, { type: "choices" }>): readonly string[] {
  const list = typeof value === "string" ? [value] : value;
  const words = p.of.map((o) => `"${o}"`).join(", ");
  if (!Array.isArray(list) || list.length === 0 || list.length > 100)
    throw specError(path, `got ${show(value)} when expected one of ${words}, or a list of them.`);
  list.forEach((v, i) => {
    if (typeof v !== "string" || !p.of.includes(v)) throw specError(`${path}[${i}]`, `got ${show(v)} when expected one of ${words}.`);
  });
  return list;
}

function asVector(value: unknown, path: string, dim: number, p: Extract<Param, { type: "vector" }>): readonly number[] {
  const single = typeof value === "number" ? value : p.broadcast && Array.isArray(value) && value.length === 1 ? value[0] : undefined;
  const list =
    single !== undefined && (p.broadcast || dim === 1)
      ? Array.from({ length: Math.max(1, dim) }, () => single as number)
      : asNumbers(value, path, dim === 0 ? undefined : dim);
  list.forEach((v, i) => {
    const fits = p.integer ? Number.isSafeInteger(v) : Number.isFinite(v);
    if (!fits || (p.above !== undefined && !(v > p.above)))
      throw specError(
        `${path}[${i}]`,
        `got ${show(v)} when expected a ${p.integer ? "whole " : ""}number${p.above !== undefined ? ` > ${p.above}` : ""}. ${meaning(p)}`,
      );
  });
  return list;
}

/** Keys that are no parameters, and parameters that have neither a value nor a default. */
export function checkKeys(params: Params, given: Record<string, unknown>, path: string, extra: readonly string[] = ["kind"]): void {
  const allowed = [...extra, ...Object.keys(params)];
  for (const key of Object.keys(given)) if (!allowed.includes(key)) throw unknownKey(path, key, allowed);
  for (const [key, p] of Object.entries(params)) {
    if (given[key] === undefined && !("default" in p && p.default !== undefined) && !p.optional) throw specError(`${path}.${key}`, `is missing. ${meaning(p)}`);
  }
}

/** RFC 7396 merge-patch, as `quick` and `variants` use it; never touches its arguments, which are shallow. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const out: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === "__proto__" || key === "constructor" || key === "prototype") throw specError(key, "is not a key a patch may set.");
    if (value === null) delete out[key];
    else out[key] = mergePatch(out[key], value);
  }
  return out;
}

/** Sets `a.b[2].c` in a copy of a JSON object, as `--set path=value` does. */
export function setPath(target: unknown, path: string, value: unknown): unknown {
  const keys = path
    .replace(/\[(\d+)\]/g, ".$1")
    .split(".")
    .filter((k) => k !== "");
  if (keys.length === 0 || keys.length > 20)
    throw new OttoflowError("SpecError", `--set: got the path ${show(path)} when expected something like scheme.step or energy[0].temperature.`, { path });
  const put = (node: unknown, at: number): unknown => {
    if (at === keys.length) return value;
    const key = keys[at]!;
    if (key === "__proto__" || key === "constructor" || key === "prototype") throw specError(path, `"${key}" is not a key that can be set.`);
    if (Array.isArray(node)) {
      const index = Number(key);
      if (!Number.isInteger(index) || index < 0 || index > node.length) throw specError(path, `"${key}" is not an index into a list of ${node.length}.`);
      const copy = [...node];
      copy[index] = put(copy[index], at + 1);
      return copy;
    }
    if (node !== undefined && !isObject(node)) throw specError(path, `cannot go into ${show(node)} at "${key}".`);
    return { ...(node as object), [key]: put((node as Record<string, unknown> | undefined)?.[key], at + 1) };
  };
  return put(target, 0);
}
