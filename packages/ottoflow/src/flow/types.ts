/** What a run takes and gives. */
import type { Certificate, Check, Known, Measure, Problem, Rows, Scheme, State, Status, Watcher } from "../contract.ts";

/** A copy of the measure at a time. */
export interface Frame {
  readonly t: number;
  readonly index: number;
  readonly measure: Measure;
}
/** Scalars against time on one schedule: t, step, dt, energy, energy:<i>:<label>, mass, minimum, dissipation. */
export type Trace = Readonly<Record<string, Float64Array>>;
export interface Progress {
  readonly t: number;
  readonly until: number;
  readonly index: number;
  readonly energy: number | null;
}
/** What the loop yields: the driver may draw, wait, save a checkpoint, or answer "stop". */
export interface Beat extends Progress {
  checkpoint(): Checkpoint;
}
/** Plain data from which a run goes on to the same bits. */
export interface Checkpoint {
  readonly version: 2;
  readonly t: number;
  readonly dt: number;
  readonly index: number;
  readonly rejected: number;
  readonly energy: number | null;
  readonly rows: Readonly<Record<string, Rows>>;
  /** the frames so far, without their space. They never change, and their rows are those of the run: keep them, do not write to them */
  readonly frames: readonly SavedFrame[];
  /** per watcher, in order: its memory (JSON-like data with typed arrays; null for the one of the frames, which stand above) and its place in the schedule */
  readonly watchers: readonly { readonly memory: unknown; readonly next: number; readonly seen: number }[];
}
export interface SavedFrame extends Omit<Frame, "measure"> {
  readonly measure: Omit<Measure, "space">;
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
  /** the status is good and no hard check failed */
  readonly holds: boolean;
  readonly last: State;
}
export interface FlowOptions {
  readonly until: number;
  readonly frames: Watcher["every"];
  readonly trace: Watcher["every"];
  readonly certificates: readonly Certificate[];
  readonly known: Known;
  readonly watchers?: readonly Watcher[];
  /** stop as `stationary` below this dissipation */
  readonly dissipation?: number;
  readonly maxSteps: number;
  readonly resume?: Checkpoint;
}
