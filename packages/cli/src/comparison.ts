/** What a comparison finds, and its tables. */
import type { Run } from "ottoflow/flow";
import type { Distance } from "ottoflow/measure/distance";
import type { Resolved } from "ottoflow/spec/resolve";
import type { ErrorPart, ExactError } from "./members.ts";
import type { TableOf } from "./tables.ts";

export interface Member {
  readonly name: string;
  readonly resolved: Resolved;
  readonly run: Run;
  readonly parts: readonly ErrorPart[];
  /** sum of the parts; null where none was asked for or none could be had */
  readonly error: number | null;
  readonly exact: ExactError | null;
}
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly distance: Distance;
  /** errors of both members and of the distance itself */
  readonly bar: number | null;
  readonly agree: boolean | null;
  /** largest distance at a time that both have, and when */
  readonly worst: { readonly t: number; readonly value: number } | null;
}
/** One that cannot run the problem. */
export interface Refused {
  readonly name: string;
  readonly because: string;
}

export function pairTable(pairs: readonly Pair[]): TableOf {
  return {
    columns: ["pair", "distance", "kind", "error bar", "verdict", "largest", "at t"],
    rows: pairs.map((p) => [
      `${p.a} – ${p.b}`,
      p.distance.value,
      p.distance.name,
      p.bar,
      p.agree === null ? "no error bar" : p.agree ? "agree" : "differ",
      p.worst?.value ?? null,
      p.worst?.t ?? null,
    ]),
  };
}
export function memberTable(members: readonly Member[]): TableOf {
  return {
    columns: ["scheme", "final energy", "steps", "own error", "to the exact solution", "certificate"],
    rows: members.map((m) => [m.name, m.run.trace.energy?.at(-1) ?? null, m.run.steps, m.error, m.exact?.value ?? null, m.run.holds ? "holds" : "fails"]),
  };
}
