import type { Check } from "./certificate.ts";
import type { Work } from "./host.ts";
import type { Law } from "./law.ts";
import type { Measure } from "./measure.ts";
import type { Space } from "./space.ts";

/** A curve of measures between two given ones that costs least: Benamou–Brenier, bridges, growth, mean-field games. Time runs from 0 to 1. */
export interface PathProblem {
  readonly space: Space;
  readonly from: Law;
  readonly to: Law;
  /** times in [0, 1] at which frames are wanted, rising */
  readonly times: readonly number[];
  readonly seed: number;
}
/** How the search for a path ended. */
export type PathStatus = "optimal" | "max-iterations" | "stalled" | "aborted" | "not-finite";
/** Where the search for a path stands. */
export interface PathProgress {
  readonly iteration: number;
  /** bounds of the least action so far */
  readonly upper: number | null;
  readonly lower: number | null;
  /** 0..1 where known */
  readonly fraction: number | null;
}
/** The curve at one time. */
export interface PathFrame {
  readonly t: number;
  readonly measure: Measure;
  /** [d * n] at the points or cells of the measure, 0 where there is no mass */
  readonly velocity?: Float64Array;
}
/** Bounds that hold for the problem on the continuum, between the measures as stored, whatever the solver did. */
export interface PathBounds {
  readonly lower: number | null;
  readonly upper: number | null;
  readonly because: string;
}
/** A certified curve. */
export interface PathResult {
  readonly status: PathStatus;
  readonly frames: readonly PathFrame[];
  /** action of the curve found: an upper bound of the discrete problem's */
  readonly action: number;
  /** a lower bound of the discrete problem's least action, null where there is none */
  readonly dual: number | null;
  /** action - dual */
  readonly gap: number | null;
  readonly continuous: PathBounds | null;
  /** action per unit of time in each interval; constant along a shortest path. `times` are the middles of the intervals. */
  readonly kinetic: { readonly times: Float64Array; readonly value: Float64Array };
  /** total mass at `times` of the solver's own */
  readonly mass: { readonly times: Float64Array; readonly value: Float64Array };
  readonly checks: readonly Check[];
  readonly iterations: number;
  /** conventions in words: what the action is, what its root is, which length parameter */
  readonly convention: string;
  /** anything a reader must know */
  readonly notes: readonly string[];
  /** further numbers by name */
  readonly figures: Readonly<Record<string, number>>;
}
/** One file, one kind of path. */
export interface PathSolver {
  readonly label: string;
  /** the problem it solves */
  readonly tex: string;
  /** why it cannot take this problem (goes on from "the path …"), or null */
  refuses(p: PathProblem): string | null;
  solve(p: PathProblem): Work<PathProgress, PathResult>;
}
