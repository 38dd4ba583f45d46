/**
 * Schemes that can run a problem: the same scheme with one choice made otherwise, and the other schemes of the registry with the
 * parameters of their first fitting example.
 */
import type { Problem } from "../contract.ts";
import type { Unit } from "../define.ts";
import type { Param } from "../params.ts";
import { Builder, contextOf } from "./build.ts";
import type { Json, JsonObject } from "./check.ts";
import { lacks } from "./lacks.ts";
import { registry } from "./registry.gen.ts";

/** Like `"finite-volume" with time "explicit"`. @param given resolved JSON of a scheme that cannot run the problem */
export async function alternatives(p: Problem, given?: JsonObject): Promise<readonly string[]> {
  const out: string[] = [];
  for (const [kind, load] of Object.entries(registry.scheme as Record<string, () => Promise<Unit<"scheme">>>)) {
    const unit = await load();
    if (kind === given?.kind) out.push(...(await variantsOf(p, unit, given)));
    else {
      const found = await firstExample(p, unit);
      if (found !== null) out.push(found);
    }
  }
  return out;
}

/** The words that a parameter chooses from, where it is a choice. */
function choicesOf(param: Param): readonly string[] {
  return param.type === "choice" ? param.of : param.type === "unit" ? Object.keys(registry[param.role]) : [];
}

async function variantsOf(p: Problem, unit: Unit<"scheme">, given: JsonObject): Promise<readonly string[]> {
  const out: string[] = [];
  for (const [key, param] of Object.entries(unit.params)) {
    const now = word(given[key]);
    for (const other of choicesOf(param)) if (other !== now && (await runs(p, { ...given, [key]: other }))) out.push(`"${unit.kind}" with ${key} "${other}"`);
  }
  return out;
}

async function firstExample(p: Problem, unit: Unit<"scheme">): Promise<string | null> {
  const choices = Object.entries(unit.params).filter(([, param]) => choicesOf(param).length > 0);
  for (const example of unit.examples) {
    const params = example.params as JsonObject;
    // choices are named only where their defaults would not do
    const plain = Object.fromEntries(Object.entries(params).filter(([key]) => !choices.some(([choice]) => choice === key)));
    if (await runs(p, { kind: unit.kind, ...plain })) return `"${unit.kind}"`;
    if (!(await runs(p, { kind: unit.kind, ...params }))) continue;
    const chosen = choices.flatMap(([key]) => (word(params[key]) === undefined ? [] : [`${key} "${word(params[key])}"`]));
    return `"${unit.kind}"${chosen.length === 0 ? "" : ` with ${chosen.join(" and ")}`}`;
  }
  return null;
}

/** `"quantile"` and `{ "kind": "quantile", … }` are the same choice. */
function word(value: Json | undefined): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null && !Array.isArray(value) ? String((value as JsonObject).kind) : undefined;
}

async function runs(p: Problem, scheme: JsonObject): Promise<boolean> {
  const made = await new Builder({}).make("scheme", scheme, "scheme", contextOf(p.space)).catch(() => null);
  return made !== null && lacks(p, made.built.takes).length === 0;
}
