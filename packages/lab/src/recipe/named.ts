/** The parameters of a spec as sliders, and the numbers that texts like "=2*noise" stand for. */
import { readNumberFormula } from "ottoflow/formula/number";
import { type Parameter, readParameters, valuesOf } from "ottoflow/spec/parameters";
import { valuePlace } from "../state/parameters.ts";
import { get } from "../state/path.ts";
import { readNumber, sliderOf } from "./controls.ts";

type Spec = Readonly<Record<string, unknown>>;

export interface Knob {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** null where it cannot be worked out */
  readonly value: number | null;
  /** as it is written, where it follows from others */
  readonly formula: string | null;
  readonly range: { readonly min: number; readonly max: number; readonly step: number };
  /** what it was when the flow was opened */
  readonly given: unknown;
}
export interface Knobs {
  readonly knobs: readonly Knob[];
  /** what is wrong with them, in words */
  readonly wrong: string;
}

/** @param first the spec as it was opened: where reset leads, and the measure of a slider without a range */
export function knobsOf(spec: Spec, first: Spec): Knobs {
  const { parameters } = spec;
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) return { knobs: [], wrong: "" };
  const [found, wrong] = attempt(parameters);
  return {
    knobs: Object.keys(parameters).map((name) => {
      const known = found.find((p) => p.name === name);
      const own: Partial<Parameter> = known ?? readable((parameters as Spec)[name]);
      const given = get(first, valuePlace(first, name));
      const start = typeof given === "number" ? given : (own.value ?? 1);
      const { min, max, step } = own;
      const usual = sliderOf({ type: "number", doc: "", ...(min !== undefined && { min }), ...(max !== undefined && { max }) }, start);
      return {
        name,
        title: own.title || name,
        summary: own.summary ?? "",
        value: own.value ?? null,
        formula: own.formula ?? null,
        range: { ...usual, ...(step !== undefined && { step }) },
        given: typeof given === "string" ? bare(given) : given,
      };
    }),
    wrong,
  };
}
const bare = (formula: string): string => formula.replace(/^\s*=/, "");
function attempt(parameters: unknown): readonly [readonly Parameter[], string] {
  try {
    return [readParameters(parameters), ""];
  } catch (error) {
    return [[], error instanceof Error ? error.message : String(error)];
  }
}
/** What can still be shown of a parameter while something is wrong with one of them. */
function readable(given: unknown): Partial<Parameter> {
  const fields = (typeof given === "object" && given !== null ? given : { value: given }) as Spec;
  const number = (key: string): number | undefined => (typeof fields[key] === "number" ? fields[key] : undefined);
  const text = (key: string): string => (typeof fields[key] === "string" ? fields[key] : "");
  return {
    value: number("value"),
    formula: typeof fields.value === "string" ? bare(fields.value) : null,
    min: number("min"),
    max: number("max"),
    step: number("step"),
    title: text("title"),
    summary: text("summary"),
  };
}

/** What a person typed for a parameter: a number within its range, a formula of the others, or what is wrong with it. */
export function readKnob(text: string, knob: Knob, spec: Spec): { readonly value: number | string } | { readonly wrong: string } {
  const number = readNumber(text);
  const value = number ?? text.trim();
  const { parameters } = spec as { parameters: Spec };
  const place = valuePlace(spec, knob.name);
  const next = { ...parameters, [knob.name]: place.length === 3 ? { ...(parameters[knob.name] as Spec), value } : value };
  const [, before] = attempt(parameters);
  const [, wrong] = attempt(next);
  // what was wrong before is not this text's fault
  return wrong && !before ? { wrong: wrong.split("\n")[0]! } : { value };
}

export const isWorkedOut = (value: unknown): value is string => typeof value === "string" && value.trimStart().startsWith("=");

/** The number that "=2*noise" stands for in this spec, or null. */
export function numberAt(text: string, spec: Spec): number | null {
  try {
    const values = valuesOf(readParameters(spec.parameters));
    const value = readNumberFormula(text.trim().slice(1), values, "").value(values);
    return Number.isFinite(value) ? value : null;
  } catch {
    return null;
  }
}

/** "= 0.5", "= 0.5, 1" for what has texts that are worked out in it; empty for what has none. */
export function workedOutWords(value: unknown, spec: Spec): string {
  const list = Array.isArray(value) ? value.flat() : [value];
  if (!list.some(isWorkedOut)) return "";
  return `= ${list.map((v) => (isWorkedOut(v) ? (numberAt(v, spec) ?? "?") : v)).join(", ")}`;
}

/** "1, =a/2" as numbers and texts to be worked out, or null. Commas inside parentheses are of their formula. */
export function readMixed(text: string): readonly (number | string)[] | null {
  const parts: string[] = [];
  let depth = 0;
  let part = "";
  for (const c of text.replace(/^\s*\[|\]\s*$/g, "")) {
    if (c === "(") depth++;
    else if (c === ")") depth--;
    if ((c === "," || c === ";") && depth <= 0) {
      parts.push(part);
      part = "";
    } else part += c;
  }
  const values = [...parts, part].map((one) => (isWorkedOut(one) ? one.trim().replaceAll('"', "") : readNumber(one)));
  return values.every((v) => v !== null) ? (values as (number | string)[]) : null;
}
