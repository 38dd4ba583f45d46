import type { Problem } from "./problem.ts";
import type { State, StepInfo, Turn } from "./scheme.ts";

/** How a run ended. */
export type Status = "reached-end" | "stationary" | "max-steps" | "step-underflow" | "energy-rose" | "no-minimiser" | "not-finite" | "aborted" | "stopped";
/** What watchers see of the run at one look. */
export interface Tick {
  readonly t: number;
  readonly dt: number;
  readonly index: number;
  readonly state: State;
  readonly info: StepInfo | null;
  /** the run ends here */
  readonly final: boolean;
  /** computed at most once per tick, shared by all watchers */
  energy(): { readonly total: number | null; readonly parts: readonly (number | null)[] };
  dissipation(): number | null;
  /** how the velocity turns along a step, where the scheme tells */
  turn?(): Turn | null;
}
/** Frames, traces, certificates, stop rules. `memory` is plain data (numbers, strings, arrays, typed arrays): a checkpoint holds it. A returned string stops the run. */
export interface Watcher<A = unknown> {
  /** `trace`: whenever the run writes a row of its trace */
  readonly every:
    | { readonly steps: number }
    | { readonly time: number /** false: look at the first step after the time instead of shortening a step to land on it */; readonly land?: false }
    | "trace";
  begin(p: Problem): A;
  see(memory: A, tick: Tick, p: Problem): string | undefined;
}
