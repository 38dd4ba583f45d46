/** What page and engine say to each other. Everything crosses by structured clone; rows of frames are transferred. */
import type { Check, Rep, Status } from "ottoflow/contract";

/** A stored measure without its space: what a stage draws. */
export interface PlainMeasure {
  readonly rep: Rep;
  readonly rows: Readonly<Record<string, Float64Array>>;
  /** number of particles */
  readonly n?: number;
  readonly mass?: number;
}
export interface PlainFrame {
  readonly t: number;
  readonly index: number;
  readonly measure: PlainMeasure;
}
/** What stays the same over a run. */
export interface Opening {
  readonly title: string;
  readonly dim: number;
  readonly grid: {
    readonly shape: readonly number[];
    readonly lower: readonly number[];
    readonly h: readonly number[];
    readonly periodic: readonly boolean[];
  } | null;
  readonly start: number;
  readonly until: number;
  readonly law: PlainLaw;
  /** the spec with every default filled in */
  readonly resolved: unknown;
  /** lines of the law that theory knows to hold: an exact solution, a modulus of convexity */
  readonly known: { readonly exact: string | null; readonly modulus: { readonly value: number; readonly how: string; readonly because: string } | null };
}
/** The equation in TeX, part by part. */
export interface PlainLaw {
  readonly equation: string;
  /** F(rho) = … */
  readonly energy: string;
  readonly parts: readonly { readonly label: string; readonly tex: string; readonly variation: string }[];
  readonly geometry: string;
  readonly drift: readonly string[];
  readonly initial: string;
  readonly scheme: { readonly label: string; readonly tex: string; readonly order: number; readonly step: number };
}
export interface TraceRow {
  readonly t: number;
  readonly step: number;
  readonly energy: number | null;
  readonly parts: readonly (number | null)[];
  readonly dissipation: number | null;
  readonly mass: number;
  readonly minimum: number;
}
export interface Ending {
  readonly status: Status;
  readonly reason: string;
  readonly holds: boolean;
  readonly time: number;
  readonly steps: number;
  readonly rejected: number;
  readonly seconds: number;
  readonly checks: readonly Check[];
}
export interface Fault {
  readonly tag: string;
  readonly message: string;
  /** place in the spec, where the fault has one */
  readonly path: string | null;
}
export type ToEngine =
  | {
      readonly type: "run";
      readonly id: number;
      readonly spec: unknown;
      readonly files: Readonly<Record<string, Uint8Array>>;
      readonly frames: number;
      readonly bytes: number;
    }
  | { readonly type: "hold"; readonly id: number; readonly held: boolean }
  | { readonly type: "stop"; readonly id: number };
export type FromEngine =
  | { readonly type: "opened"; readonly id: number; readonly opening: Opening }
  | {
      readonly type: "progress";
      readonly id: number;
      readonly frames: readonly PlainFrame[];
      readonly trace: readonly TraceRow[];
      readonly t: number;
      readonly step: number;
    }
  | { readonly type: "ended"; readonly id: number; readonly ending: Ending; readonly frames: readonly PlainFrame[]; readonly trace: readonly TraceRow[] }
  | { readonly type: "fault"; readonly id: number; readonly fault: Fault };
