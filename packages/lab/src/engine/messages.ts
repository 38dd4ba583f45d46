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
/** Cells of a regular grid: what a space is to a stage. */
export interface PlainGrid {
  readonly shape: readonly number[];
  readonly lower: readonly number[];
  readonly h: readonly number[];
  readonly periodic: readonly boolean[];
}
/** A density on the cells of its own grid, averages on the line and values at centres in the plane: what is laid over a stage. */
export interface PlainField {
  readonly shape: readonly number[];
  readonly lower: readonly number[];
  readonly h: readonly number[];
  readonly rho: Float64Array;
}
export interface PlainFrame {
  readonly t: number;
  readonly index: number;
  readonly measure: PlainMeasure;
  /** the exact solution at the time of the frame, where theory has one */
  readonly exact?: PlainField;
  /** [d * n] at the points or cells of the measure */
  readonly velocity?: Float64Array;
}
/** What stays the same over a run. */
export interface Opening {
  readonly job: "flow" | "path";
  readonly title: string;
  readonly dim: number;
  readonly grid: PlainGrid | null;
  readonly start: number;
  readonly until: number;
  readonly law: PlainLaw;
  /** the spec with every default filled in */
  readonly resolved: unknown;
  /** [dim * n] points that stand for the target of a discrepancy */
  readonly target?: Float64Array;
  /** lines of the law that theory knows to hold: an exact solution, a modulus of convexity */
  readonly known: { readonly exact: string | null; readonly modulus: { readonly value: number; readonly how: string; readonly because: string } | null };
}
/** The equation in TeX, part by part. */
export interface PlainLaw {
  readonly equation: string;
  /** F(rho) = … */
  readonly energy: string;
  readonly parts: readonly { readonly label: string; readonly tex: string; readonly variation: string }[];
  /** which entry of `energy` in the spec each part comes from; its own number unless said */
  readonly cards?: readonly number[];
  /** the right side of the equation term by term, each with its parts */
  readonly terms?: readonly { readonly tex: string; readonly parts: readonly number[] }[];
  /** what the field calls this flow */
  readonly name?: string | null;
  readonly geometry: string;
  readonly drift: readonly string[];
  readonly initial: string;
  /** null for paths, which name their solver */
  readonly scheme: { readonly label: string; readonly tex: string; readonly order: number; readonly step: number } | null;
  readonly solver?: string;
}
export interface TraceRow {
  readonly t: number;
  readonly step: number;
  readonly energy: number | null;
  readonly parts: readonly (number | null)[];
  readonly dissipation: number | null;
  readonly mass: number;
  readonly minimum: number;
  /** length of the step that led here, and the iterations that its inner solve took, where it has one */
  readonly dt?: number;
  readonly iterations?: number;
}
export interface Ending {
  readonly status: Status;
  readonly reason: string;
  readonly holds: boolean;
  readonly time: number;
  readonly steps: number;
  readonly rejected: number;
  readonly seconds: number;
  /** that computed; the numbers are the same for any */
  readonly threads: number;
  readonly checks: readonly Check[];
}
export interface Fault {
  readonly tag: string;
  readonly message: string;
  /** place in the spec, where the fault has one */
  readonly path: string | null;
  /** a name in a formula that nobody knows yet: it could be a parameter of the spec */
  readonly unknown?: string;
}
export type ToEngine =
  | {
      readonly type: "run";
      readonly id: number;
      readonly spec: unknown;
      readonly files: Readonly<Record<string, Uint8Array>>;
      readonly frames: number;
      readonly bytes: number;
      /** threads to compute with, at most */
      readonly threads: number;
      /** name of the merge-patch of the spec to apply */
      readonly variant?: string;
    }
  /** `of`: the run that the page has open, which the question is about; -1: none */
  | { readonly type: "ask"; readonly id: number; readonly of: number; readonly question: Question }
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
  | { readonly type: "nearing"; readonly id: number; readonly nearing: Nearing }
  | { readonly type: "ended"; readonly id: number; readonly ending: Ending; readonly frames: readonly PlainFrame[]; readonly trace: readonly TraceRow[] }
  | { readonly type: "fault"; readonly id: number; readonly fault: Fault }
  | { readonly type: "answer"; readonly id: number; readonly answer: unknown }
  | { readonly type: "no-answer"; readonly id: number; readonly why: string };

/** How far the search for a path is: its action lies between the bounds, where they are known. */
export interface Nearing {
  readonly iteration: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** What the page may ask beside a run, each answered once. */
export type Question =
  /** where the flow that runs comes to rest, where that is known without running it */
  | { readonly about: "equilibrium" }
  /** the least energy of the flow that runs, among the measures of this storage */
  | { readonly about: "rest"; readonly rep: Rep }
  /** schemes that can run the problem that is open, each as it would stand in its spec */
  | { readonly about: "schemes"; readonly step: number | null }
  | { readonly about: "distance"; readonly a: Stored; readonly b: Stored }
  /** one proximal step of the flow that runs, from this measure, taken apart */
  | { readonly about: "step"; readonly from: Stored; readonly t: number; readonly tau: number; readonly levels: number }
  /** two masses part: what three distances say of it */
  | { readonly about: "parting"; readonly deviation: number; readonly most: number; readonly count: number }
  /** which way each point of one cloud is sent by transport to another */
  | { readonly about: "directions"; readonly points: number; readonly seed: number; readonly epsilon: number };
/** A measure with what is needed of its space. */
export interface Stored {
  readonly measure: PlainMeasure;
  readonly dim: number;
  readonly grid: PlainGrid | null;
}
export interface Answers {
  readonly equilibrium: (PlainField & { readonly because: string }) | null;
  readonly rest: { readonly energy: number; readonly because: string } | null;
  readonly schemes: readonly { readonly title: string; readonly scheme: unknown }[];
  readonly distance: { readonly name: string; readonly value: number; readonly error: number; readonly because: string };
  readonly step: StepApart;
  readonly parting: Parting;
  readonly directions: Directions;
}
/** A JKO step by its Newton iterates: rows of quantile nodes at the same levels. */
export interface StepApart {
  readonly level: Float64Array;
  readonly mass: number;
  readonly tau: number;
  readonly before: Float64Array;
  /** the first is rho_k itself, the last the minimiser */
  readonly iterates: readonly StepIterate[];
  /** both terms along the straight line of quantile functions from rho_k to the minimiser: F, d^2 / 2 tau at `share` */
  readonly line: { readonly share: Float64Array; readonly energy: Float64Array; readonly cost: Float64Array };
  /** F + d^2 / 2 tau of the minimiser is within this of the least, null where no convexity is known */
  readonly gap: number | null;
  readonly ok: boolean;
  readonly reason: string;
}
export interface StepIterate {
  readonly x: Float64Array;
  readonly energy: number;
  readonly cost: number;
  /** middles of the cells between nodes, and phi / tau + dF/drho there, its mean taken off */
  readonly middle: Float64Array;
  readonly condition: Float64Array;
  /** standard deviation of the condition under the measure: 0 at the minimiser of the continuous step */
  readonly uneven: number;
}
export interface Parting {
  readonly separation: Float64Array;
  readonly curves: readonly {
    readonly name: string;
    readonly tex: string;
    /** by a solver or by sums over cells */
    readonly solver: Float64Array;
    readonly how: string;
    /** by its closed form */
    readonly formula: Float64Array;
    /** largest difference of the two */
    readonly apart: number;
  }[];
}
export interface Directions {
  /** [2 * n] each */
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly exact: { readonly arrows: Float64Array; readonly value: number; readonly gap: number; readonly solver: string };
  readonly entropic: { readonly arrows: Float64Array; readonly value: number; readonly error: number; readonly iterations: number };
  /** root of the mean squared difference of the arrows */
  readonly apart: number;
}
