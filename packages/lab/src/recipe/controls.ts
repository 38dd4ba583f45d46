/** From parameters as data to controls: what kind of control, its range, and how its text is read. A new unit appears here without a line of lab code. */

import type { NumberParam, Param, Role } from "ottoflow/params";
import type { CatalogueEntry } from "ottoflow/spec/catalogue.gen";

/** Units of a role, in the order of their titles. Loaded when the recipe is first shown. */
export async function loadCatalogue(): Promise<readonly CatalogueEntry[]> {
  return (await import("ottoflow/spec/catalogue.gen")).catalogue;
}
export const kindsOf = (catalogue: readonly CatalogueEntry[], role: Role): readonly CatalogueEntry[] => catalogue.filter((u) => u.role === role);

/** `"entropy"` and `{ kind: "entropy", temperature: 2 }` name the same kind. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "object" && value !== null && typeof (value as { kind?: unknown }).kind === "string" ? (value as { kind: string }).kind : "";
}
export const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : { kind: value };

/** A sensible slider around a value: the whole range where both limits are stated, else from a tenth to thrice of what is there, in round numbers. */
export function sliderOf(p: NumberParam, value: number): { readonly min: number; readonly max: number; readonly step: number } {
  const low = p.min ?? p.above;
  const high = p.max ?? p.below;
  const base = Math.max(Math.abs(value), Math.abs(p.default ?? 0)) || 1;
  const max = high ?? nice(3 * base);
  const min = low ?? -max;
  const step = p.type === "integer" ? 1 : nice((max - min) / 400);
  return { min: p.above !== undefined && min === p.above ? min + step : min, max: p.below !== undefined && max === p.below ? max - step : max, step };
}
function nice(v: number): number {
  const power = 10 ** Math.floor(Math.log10(v));
  const head = v / power;
  return (head <= 1 ? 1 : head <= 2 ? 2 : head <= 5 ? 5 : 10) * power;
}

/** A number as a person writes it, or null. */
export function readNumber(text: string): number | null {
  const trimmed = text.trim().replace(",", ".");
  if (trimmed === "" || !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(trimmed)) return null;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : null;
}
/** "1, 2" or "[1, 2]" or "1" as numbers, or null. */
export function readNumbers(text: string): readonly number[] | null {
  const parts = text
    .replace(/^\s*\[|\]\s*$/g, "")
    .split(/[,;\s]+/)
    .filter(Boolean);
  const values = parts.map(readNumber);
  return values.length > 0 && values.every((v) => v !== null) ? (values as number[]) : null;
}
export const writeNumbers = (value: unknown): string => (Array.isArray(value) ? value.flat().join(", ") : value === undefined ? "" : String(value));

/** What stands there when the spec says nothing. */
export const defaultOf = (p: Param): unknown => ("default" in p ? p.default : undefined);

/** A unit with the parameters of its first example that fits the dimension, or of its first. */
export function freshUnit(entry: CatalogueEntry, dim: number): Readonly<Record<string, unknown>> {
  const example = entry.examples.find((e) => e.dim === dim) ?? entry.examples[0];
  return { kind: entry.kind, ...(example?.params ?? {}) };
}
