/** States as named rows: copies, checkpoints and resumption, on top of the rows of measures. */
import type { Host, Rows, State } from "../contract.ts";
import { OttoflowError } from "../errors.ts";
import { cloneMeasure, rowsOf as rowsOfMeasure } from "../measure/rows.ts";

type NamedRows = readonly (readonly [string, Rows])[];

export function rowsOf(s: State): NamedRows {
  const measure = Object.entries(rowsOfMeasure(s.measure)).map(([name, rows]) => [`measure.${name}`, rows] as const);
  return [...measure, ...Object.entries(s.memory).map(([name, rows]) => [`memory.${name}`, rows] as const)];
}

/** A second state of the same layout in the run's memory, with the same values. */
export function cloneState(s: State, host: Host): State {
  const copy = (r: Rows): Rows => {
    const out = r instanceof Float32Array ? host.alloc32(r.length) : host.alloc(r.length);
    out.set(r);
    return out;
  };
  return { measure: cloneMeasure(s.measure, host), memory: Object.fromEntries(Object.entries(s.memory).map(([k, r]) => [k, copy(r)])) };
}

export function copyRows(s: State): Record<string, Rows> {
  return Object.fromEntries(rowsOf(s).map(([name, r]) => [name, r.slice()]));
}

/** Puts saved rows back. @throws {RunError} when the layout differs */
export function restore(s: State, saved: Readonly<Record<string, Rows>>): void {
  for (const [name, r] of rowsOf(s)) {
    const from = saved[name];
    if (!from || from.length !== r.length)
      throw new OttoflowError(
        "RunError",
        `The checkpoint does not fit this run: row ${name} has ${from?.length ?? "no"} values when expected ${r.length}. Was the spec changed?`,
        { path: name },
      );
    r.set(from);
  }
}

export function isFiniteState(s: State): boolean {
  for (const [, r] of rowsOf(s)) for (let i = 0; i < r.length; i++) if (!Number.isFinite(r[i]!)) return false;
  return true;
}
