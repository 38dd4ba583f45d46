import type { Problem } from "../contract.ts";

/** Measures in a watcher's memory point to the space, which holds functions: a checkpoint leaves it out and resuming puts it back. */
export function stripSpaces(memory: unknown): unknown {
  return mapMeasures(memory, (m) => ({ ...m, space: null }));
}
export function attachSpaces(memory: unknown, p: Problem): unknown {
  return mapMeasures(memory, (m) => ({ ...m, space: p.space }));
}
function mapMeasures(value: unknown, f: (m: Record<string, unknown>) => unknown): unknown {
  if (Array.isArray(value)) return value.map((v) => mapMeasures(v, f));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if ("rep" in value) return f(value as Record<string, unknown>);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, mapMeasures(v, f)]));
}
