import type { Host } from "./host.ts";
import type { Problem, Takes } from "./problem.ts";
import type { State, StepInfo } from "./scheme.ts";

/** argmin F + d^2 / 2 tau: the unit behind `jko`, which only iterates it. */
export interface Proximal {
  readonly label: string;
  readonly tex: string;
  readonly takes: Takes;
  /** why its answer is the minimiser over a smaller family of measures only (a closure), or null */
  closure?(p: Problem): string | null;
  open(p: Problem, host: Host): ProximalStepper;
}
/** A proximal opened for one run. */
export interface ProximalStepper {
  start(): State;
  /** `t`: time at the end of the step, for energies that depend on it; 0 unless said. May be called with to = from. */
  prox(from: State, to: State, tau: number, t?: number): StepInfo;
  energy?(s: State, t: number): readonly (number | null)[];
}
