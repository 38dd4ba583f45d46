/** Numbers and texts of a spec. */
import { specError } from "../errors.ts";
import { show } from "./check.ts";

export function number(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw specError(path, `got ${show(value)} when expected a number.`);
  return value;
}
export function text(value: unknown, path: string): string {
  if (value === undefined) return "";
  if (typeof value !== "string" || value.length > 5000) throw specError(path, `got ${show(value)} when expected a text.`);
  return value;
}

/** What only readers read is checked too: a spec that resolves is sound. */
export function readWords(spec: Readonly<Record<string, unknown>>): void {
  for (const key of ["$schema", "title", "summary", "watch"]) text(spec[key], key);
  const { tags } = spec;
  if (tags !== undefined && (!Array.isArray(tags) || tags.length > 100 || tags.some((tag) => typeof tag !== "string" || tag.length > 100)))
    throw specError("tags", `got ${show(tags)} when expected a list of at most 100 short texts.`);
}
export function readSeed(value: unknown): number {
  const seed = number(value ?? 1, "seed");
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) throw specError("seed", `got ${seed} when expected a whole number from 0 to 4294967295.`);
  return seed;
}
