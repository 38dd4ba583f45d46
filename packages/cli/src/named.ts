/** The parameters of a spec in words. */
import { formatNumber } from "ottoflow/io/figure/number";
import type { Parameter } from "ottoflow/spec/parameters";
import { safe } from "./terminal.ts";

/** "noise = 0.5, a = 2\n"; nothing where there are none. */
export function valuesLine(parameters: readonly Parameter[]): string {
  return parameters.length === 0 ? "" : `${parameters.map(({ name, value }) => `${name} = ${formatNumber(value, 12)}`).join(", ")}\n`;
}

/** For JSON answers; nothing where there are none. */
export function plainValues(parameters: readonly Parameter[]): { readonly parameters?: Readonly<Record<string, number>> } {
  return parameters.length === 0 ? {} : { parameters: Object.fromEntries(parameters.map(({ name, value }) => [name, value])) };
}

/** "0.1 to 4 by 0.1", as far as the spec says; for a formula, how it follows from others. */
export function ruleOf({ min, max, step, formula }: Parameter): string {
  const range = min !== undefined && max !== undefined ? `${min} to ${max}` : min !== undefined ? `at least ${min}` : max !== undefined ? `at most ${max}` : "";
  return [formula === null ? "" : `= ${formula.trim()}`, range, step === undefined ? "" : `by ${step}`].filter(Boolean).join(formula === null ? " " : ", ");
}

/** One line each, for `derive` and `explain`. */
export function parameterLines(parameters: readonly Parameter[]): string[] {
  const width = Math.max(0, ...parameters.map(({ name }) => name.length));
  return parameters.map((p) => {
    const rule = ruleOf(p);
    return safe(
      `  ${p.name.padEnd(width)} = ${formatNumber(p.value, 12)}${rule === "" ? "" : `  (${rule})`}${p.title ? `  ${p.title}` : ""}${p.summary ? `: ${p.summary}` : ""}`,
    );
  });
}
