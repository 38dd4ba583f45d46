/**
 * From a spec with named numbers to one without: the one place that knows of `parameters` and of texts like `"=2*noise"` where a number stands.
 * Everything after it reads plain numbers; formulas get the names as constants.
 */
import { isOttoflowError, OttoflowError, specError } from "../errors.ts";
import { type NumberFormula, readNumberFormula } from "../formula/number.ts";
import { isObject } from "./check.ts";
import { type Parameter, readParameters, valuesOf, withNames } from "./parameters.ts";

export interface Named {
  /** without `parameters`, every text that begins with `=` a number */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly parameters: readonly Parameter[];
  readonly values: ReadonlyMap<string, number>;
  /** where a number was worked out, and from what */
  readonly worked: ReadonlyMap<string, NumberFormula>;
}

/** What readers read, and what is not applied: texts there are texts. */
const words: readonly string[] = ["$schema", "version", "job", "title", "summary", "watch", "tags", "parameters", "quick", "variants"];
const mostWorked = 10_000;

/** A spec whose patches have been applied. @throws {SpecError} | {FormulaError} */
export function workedOut(spec: Readonly<Record<string, unknown>>): Named {
  const parameters = readParameters(spec.parameters);
  const values = valuesOf(parameters);
  const worked = new Map<string, NumberFormula>();
  const formulas = new Map<string, NumberFormula>();
  const place: (string | number)[] = [];
  const number = (text: string): number => {
    const path = written(place);
    if (worked.size >= mostWorked)
      throw specError(path, `is one of more than ${mostWorked} numbers to be worked out. Write the numbers, or put them into a file.`);
    const formula = formulas.get(text) ?? readNumberFormula(text.slice(1), values, path);
    formulas.set(text, formula);
    worked.set(path, formula);
    const value = formula.value(values);
    if (!Number.isFinite(value)) throw specError(path, `got ${value} when expected a finite number.${origin(formula, values)}`);
    return value;
  };
  const go = (value: unknown, key: string | number): unknown => {
    if (typeof value === "number") return value;
    if (typeof value !== "string" && !Array.isArray(value) && !isObject(value)) return value;
    place.push(key);
    const out = typeof value === "string" ? (value.startsWith("=") ? number(value) : value) : inside(value);
    place.pop();
    return out;
  };
  /** what has no such text in it stays the object it was: lists may be long */
  const inside = (value: unknown[] | Record<string, unknown>): unknown => {
    if (Array.isArray(value)) {
      let copy: unknown[] | null = null;
      for (let i = 0; i < value.length; i++) {
        const next = go(value[i], i);
        if (!Object.is(next, value[i])) (copy ??= [...value])[i] = next;
      }
      return copy ?? value;
    }
    let copy: Record<string, unknown> | null = null;
    for (const [key, item] of Object.entries(value)) {
      const next = go(item, key);
      if (!Object.is(next, item)) (copy ??= { ...value })[key] = next;
    }
    return copy ?? value;
  };
  // fromEntries keeps a key named __proto__ a key, to be refused as any other
  const plain = Object.entries(spec)
    .filter(([key]) => key !== "parameters")
    .map(([key, value]) => [key, words.includes(key) ? value : go(value, key)]);
  return { spec: Object.fromEntries(plain), parameters, values, worked };
}

function written(place: readonly (string | number)[]): string {
  return place.reduce<string>((path, key) => (typeof key === "number" ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`), "");
}
function origin(formula: NumberFormula, values: ReadonlyMap<string, number>): string {
  const text = formula.text.length > 60 ? `${formula.text.slice(0, 57)}…` : formula.text;
  return ` It is "=${text}"${withNames(formula.uses, values)}.`;
}

/** An error at a number that was worked out says from what. */
export function explained(error: unknown, { worked, values }: Named): unknown {
  if (!isOttoflowError(error, "SpecError") || worked.size === 0) return error;
  const { path } = error.fields;
  // a part of a list is known by its own place or by that of the list, and a single energy is read as the first of a list
  const places = [path, path.replace(/\[\d+\]$/, ""), path.replace(/^(energy|drift)\[0\]/, "$1")];
  const found = places.map((p) => worked.get(p)).find((f) => f !== undefined) ?? [...worked].find(([p]) => p.startsWith(`${path}[`))?.[1];
  if (!found || error.message.includes(`"=${found.text.slice(0, 57)}`)) return error;
  return new OttoflowError("SpecError", `${error.message}${origin(found, values)}`, error.fields, { cause: error });
}
