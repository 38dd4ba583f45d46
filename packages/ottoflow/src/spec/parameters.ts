/**
 * Named numbers of a spec, under `parameters`: each a number, a formula of others as text, or an object with one of these as its value and the
 * range and the words of its slider. Formulas are read by the parser of all formulas, never evaluated as code.
 */
import { type OttoflowError, specError } from "../errors.ts";
import { parameterName, takenAs } from "../formula/names.ts";
import { type NumberFormula, readNumberFormula } from "../formula/number.ts";
import { asObject, isObject, nearest, show, unknownKey } from "./check.ts";
import { pathKeys, specKeys } from "./keys.ts";

export interface Parameter {
  readonly name: string;
  readonly value: number;
  /** as it is written, where it follows from others */
  readonly formula: string | null;
  /** the value must lie between these */
  readonly min?: number;
  readonly max?: number;
  /** of a slider */
  readonly step?: number;
  readonly title: string;
  readonly summary: string;
}

const most = 100;
/** Formulas of formulas of formulas: deeper than anybody can follow. */
const deepest = 32;
const fields = ["value", "min", "max", "step", "title", "summary"] as const;

/** `1` and `"2*a"` are short for `{ "value": … }`: opened before a patch is merged into them, which then changes the value and keeps the range. */
export function opened<T>(spec: T): T {
  if (!isObject(spec) || !isObject(spec.parameters)) return spec;
  const entries = Object.entries(spec.parameters).map(([name, v]) => [name, typeof v === "number" || typeof v === "string" ? { value: v } : v]);
  return { ...spec, parameters: Object.fromEntries(entries) };
}

/** Where `--set PATH=value` leads: a bare name of a parameter is its value, and so is `parameters.NAME`. */
export function settingPlace(spec: unknown, path: string, value: unknown, keys: readonly string[]): string {
  const names = isObject(spec) && isObject(spec.parameters) ? Object.keys(spec.parameters) : [];
  const [, name = ""] = /^(?:parameters\.)?(\w+)$/.exec(path) ?? [];
  if (names.includes(name) && (path !== name || !keys.includes(name)))
    return isObject(value) || value === null ? `parameters.${name}` : `parameters.${name}.value`;
  if (names.length > 0 && path === name && !keys.includes(name))
    throw unknownName(path, name, [...names, ...keys], `a key of a spec nor a parameter of this one`, names);
  return path;
}

/** The parameters with their values, in the order in which they are written. @throws {SpecError} | {FormulaError} */
export function readParameters(given: unknown): readonly Parameter[] {
  if (given === undefined) return [];
  const all = asObject(given, "parameters", 'an object of named numbers, like { "noise": 1 }');
  const names = Object.keys(all);
  if (names.length > most) throw specError("parameters", `got ${names.length} of them when at most ${most} are read.`);
  for (const name of names) expectName(name);
  const entries = new Map(names.map((name) => [name, readEntry(all[name], name, all)]));
  const values = new Map<string, number>();
  for (const name of names) find(name, entries, values, []);
  return names.map((name) => {
    const { rule, min, max, step, title, summary } = entries.get(name)!;
    return {
      name,
      value: values.get(name)!,
      formula: typeof rule === "number" ? null : rule.text,
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(step === undefined ? {} : { step }),
      title,
      summary,
    };
  });
}

/** The values by their names, as formulas take them. */
export const valuesOf = (parameters: readonly Parameter[]): ReadonlyMap<string, number> => new Map(parameters.map(({ name, value }) => [name, value]));

/** "with n = 3 and tau = 0.1": the numbers behind a formula; empty where it has no names. */
export function withNames(uses: readonly string[], values: ReadonlyMap<string, number>): string {
  return uses.length === 0 ? "" : ` with ${uses.map((name) => `${name} = ${values.get(name)}`).join(", ")}`;
}

interface Entry {
  readonly rule: number | NumberFormula;
  readonly min?: number;
  readonly max?: number;
  readonly step?: number;
  readonly title: string;
  readonly summary: string;
}

function expectName(name: string): void {
  const path = `parameters.${name.slice(0, 40)}`;
  if (!parameterName.test(name) || ["constructor", "prototype"].includes(name))
    throw specError(path, `${show(name)} is no name for a parameter: letters, digits and _ after a first letter, 40 at most.`);
  const taken = takenAs(name);
  if (taken) throw specError(path, `"${name}" is a ${taken} of formulas already. Call the parameter otherwise, such as "${name}_0".`);
  if (specKeys.includes(name) || pathKeys.includes(name))
    throw specError(path, `"${name}" is a key of specs already, which --set could not tell apart. Call the parameter otherwise, such as "${name}_0".`);
}

function readEntry(raw: unknown, name: string, all: Readonly<Record<string, unknown>>): Entry {
  const path = `parameters.${name}`;
  const given =
    typeof raw === "number" || typeof raw === "string"
      ? { value: raw }
      : asObject(raw, path, 'a number, a formula of other parameters as a text, or { "value": … }');
  for (const key of Object.keys(given)) if (!(fields as readonly string[]).includes(key)) throw unknownKey(path, key, fields);
  if (given.value === undefined) throw specError(`${path}.value`, "is missing. Give a number, or a formula of other parameters as a text.");
  const [min, max, step] = (["min", "max", "step"] as const).map((key) => optionalNumber(given[key], `${path}.${key}`));
  if (min !== undefined && max !== undefined && !(min < max)) throw specError(`${path}.max`, `got ${max} when expected more than the least value ${min}.`);
  if (step !== undefined && !(step > 0)) throw specError(`${path}.step`, `got ${step} when expected a number > 0.`);
  const [title, summary] = (["title", "summary"] as const).map((key) => optionalText(given[key], `${path}.${key}`));
  return { rule: readRule(given.value, path, all), min, max, step, title: title!, summary: summary! };
}

function readRule(value: unknown, path: string, all: Readonly<Record<string, unknown>>): number | NumberFormula {
  if (typeof value === "string") return readNumberFormula(value.replace(/^\s*=/, ""), new Map(Object.entries(all)), path);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw specError(path, `got ${show(value)} when expected a number, or a formula of other parameters as a text.`);
}

function optionalNumber(value: unknown, path: string): number | undefined {
  if (value !== undefined && (typeof value !== "number" || !Number.isFinite(value))) throw specError(path, `got ${show(value)} when expected a number.`);
  return value as number | undefined;
}
function optionalText(value: unknown, path: string): string {
  if (value !== undefined && (typeof value !== "string" || value.length > 5000)) throw specError(path, `got ${show(value)} when expected a text.`);
  return (value as string | undefined) ?? "";
}

/** Puts the value of a parameter, and of those it follows from, among `values`. */
function find(name: string, entries: ReadonlyMap<string, Entry>, values: Map<string, number>, open: readonly string[]): void {
  if (values.has(name)) return;
  const path = `parameters.${name}`;
  if (open.includes(name))
    throw specError(
      path,
      `the parameters ${shortened([...open.slice(open.indexOf(name)), name]).join(" -> ")} refer to each other in a circle. Give one of them a number.`,
    );
  if (open.length >= deepest)
    throw specError(`parameters.${open[0]}`, `follows from a chain of more than ${deepest} others (${shortened(open).join(" -> ")}). Shorten it.`);
  const { rule, min, max } = entries.get(name)!;
  const uses = typeof rule === "number" ? [] : rule.uses;
  for (const other of uses) find(other, entries, values, [...open, name]);
  const value = typeof rule === "number" ? rule : rule.value(values);
  const origin = typeof rule === "number" ? "" : ` (${show(rule.text)}${withNames(uses, values)})`;
  if (!Number.isFinite(value)) throw specError(path, `got ${value}${origin} when expected a finite number.`);
  if ((min !== undefined && value < min) || (max !== undefined && value > max))
    throw specError(path, `got ${value}${origin} when expected ${rangeOf(min, max)}, the range that the spec gives it.`);
  values.set(name, value);
}
const rangeOf = (min: number | undefined, max: number | undefined): string =>
  min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `${min} to ${max}`;
const shortened = (names: readonly string[]): readonly string[] => (names.length <= 8 ? names : [...names.slice(0, 4), "…", ...names.slice(-3)]);

/** A name that should be a parameter and is none. */
export function unknownName(path: string, name: string, candidates: readonly string[], what: string, names: readonly string[]): OttoflowError<"SpecError"> {
  const close = nearest(name, candidates);
  const list = names.length === 0 ? "it has none" : names.slice(0, 20).join(", ");
  return specError(path, `"${name}" is ${what.includes(" nor ") ? "neither " : "not "}${what} (${list}).${close ? ` Did you mean "${close}"?` : ""}`);
}
