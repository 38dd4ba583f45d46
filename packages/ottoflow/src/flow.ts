import type { Check, Measure, Problem, Scheme, State, Status } from "./contract.ts";

/** A copy of the measure at a time. */
export interface Frame {
  readonly t: number;
  readonly index: number;
  readonly measure: Measure;
}
/** Scalars against time, sampled on one schedule; column names are stable: t, step, energy, energy:<i>:<label>, mass, minimum, dissipation. */
export type Trace = Readonly<Record<string, Float64Array>>;
export interface Progress {
  readonly t: number;
  readonly until: number;
  readonly index: number;
  readonly energy: number | null;
}
/** Plain data from which a run goes on to the same bits. Rows by name: `measure.<row>`, `memory.<row>`. */
export interface Checkpoint {
  readonly version: 1;
  readonly t: number;
  readonly dt: number;
  readonly index: number;
  readonly rows: Readonly<Record<string, Float64Array | Float32Array>>;
  /** memory of each watcher, in order: JSON-like data with typed arrays */
  readonly watchers: readonly unknown[];
}
export interface Run {
  readonly status: Status;
  /** one sentence: why it ended as it did */
  readonly reason: string;
  readonly problem: Problem;
  readonly scheme: Scheme;
  readonly time: number;
  readonly steps: number;
  readonly rejected: number;
  readonly frames: readonly Frame[];
  readonly trace: Trace;
  readonly checks: readonly Check[];
  /** status is good and no hard check failed */
  readonly holds: boolean;
  readonly last: State;
}
