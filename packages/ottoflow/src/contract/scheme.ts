import type { Host } from "./host.ts";
import type { Measure } from "./measure.ts";
import type { Problem, Takes } from "./problem.ts";
import type { Rows } from "./rows.ts";

/** What the variant of a scheme declares; contract suites and certificates read it. */
export interface Promises {
  /** global order in the step */
  readonly order: number;
  /** the order is weak: of expectations */
  readonly weak?: boolean;
  /** order in the cell width on smooth data, for schemes on cells */
  readonly spaceOrder?: number;
  readonly mass: boolean;
  readonly positivity: boolean;
  /** the energy never rises at a step within the bound: false, or why */
  readonly decay: false | string;
  /** the step minimises F + d^2 / 2 tau, so the JKO inequality holds */
  readonly proximal?: true;
  /** what a step must not exceed: false, or the rule in words */
  readonly stepBound: false | string;
  /** explicit steps of a length that is given: step * L at which they become unstable, L the slope of a velocity that points back */
  readonly reach?: number;
}
/** Opened once per run: plans, sampled potentials, scratch live in the closure; State is only rows, so shared code copies, stores, resumes. */
export interface Scheme {
  readonly label: string;
  readonly tex: string;
  readonly promises: Promises;
  /** fixed: t = k dt exactly; free: the loop may shorten dt to land on times */
  readonly clock: "fixed" | "free";
  readonly step: number;
  readonly takes: Takes;
  /** the energy of the run is not F but its discrete or regularised form; or it has none: why */
  readonly noLedger?: string;
  /** why the run follows a closure of the flow and not the flow itself, or null */
  closure?(p: Problem): string | null;
  open(p: Problem, host: Host): Stepper;
}
/** All that a step reads and writes: the measure, and rows that the scheme carries along by name. */
export interface State {
  readonly measure: Measure;
  readonly memory: Readonly<Record<string, Rows>>;
}
/** Where in time a step starts. */
export interface At {
  readonly t: number;
  readonly dt: number;
  readonly index: number;
  /** how many steps of dt to take in this call */
  readonly count: number;
}
/** A scheme opened for one run. */
export interface Stepper {
  start(): State;
  /** `count` steps of dt; reads `from`, writes `to`, nothing else: to reject is not to swap. */
  step(from: State, to: State, at: At): StepInfo;
  /** the step cannot fail and works with to = from */
  readonly inPlace?: boolean;
  /** largest step this state allows, with the rule */
  bound?(s: State, t: number): readonly [number, string];
  /** values per part of the energy this scheme descends, where it is not the one of energy/total.ts (blob, closures) */
  energy?(s: State, t: number): readonly (number | null)[];
  /** -dF/dt along the semi-discrete flow at this state, +inf where it is infinite, null where not known (a minimising scheme before its first step): the rate of the dissipation ledger */
  dissipation?(s: State, t: number): number | null;
  /** how the velocity turns along a step: the one that led to this state (null before the first), or one that it would take. Costs at most two evaluations of the velocity */
  turn?(s: State, at: At): Turn | null;
}
/** How far a step leads and how much the velocity changes on the way, as means over the measure. */
export interface Turn {
  readonly dt: number;
  /** mean of |x' - x|^2, x' where the step leads */
  readonly way: number;
  /** mean of |v(x') - v(x)|^2 */
  readonly change: number;
  /** share of the mass that has dt |v(x') - v(x)| > |x' - x| */
  readonly share: number;
  /** mean of |x'|^2, for rounding */
  readonly size: number;
}
/** How a step went. */
export interface StepInfo {
  readonly ok: boolean;
  readonly reason?: string;
  /** the status a fixed clock ends with when ok is false; `no-minimiser` unless said */
  readonly failure?: "no-minimiser" | "not-finite" | "step-underflow";
  /** local error over tolerance: the loop accepts below 1 and adapts dt */
  readonly error?: number;
  /** d^2(rho_k, rho_{k+1}) / (2 tau) of a proximal step */
  readonly cost?: number;
  /** certified bound on how far the step is from its minimiser, in energy units */
  readonly gap?: number;
  readonly iterations?: number;
  /** tau^2 E_n of the a-posteriori bound, E_n = (F_{n-1} - F_n) / tau - d^2 / tau^2 */
  readonly posterior?: number;
}
