import type { Drift } from "./drift.ts";
import type { Part } from "./energy.ts";
import type { Geometry } from "./geometry.ts";
import type { Law } from "./law.ts";
import type { Rep } from "./measure.ts";
import type { Space } from "./space.ts";

/** The right-hand side of d/dt rho = -K(rho) dF/drho + drift, and where the flow starts. */
export interface Problem {
  readonly space: Space;
  readonly parts: readonly Part[];
  readonly geometry: Geometry;
  readonly drift: readonly Drift[];
  readonly initial: Law;
  readonly seed: number;
  /** time at which the run starts, 0 by default */
  readonly start: number;
}
/** What of a problem a scheme may be able or unable to carry: forms of parts, how mass moves, how space is made. */
export type Trait =
  | Part["form"]
  | "cap"
  | "noise"
  | "transport"
  | "mobility"
  | "reaction"
  | "smoothing"
  | "apply"
  | "drift"
  | "drift-noise"
  | "cells"
  | "grid"
  | "line"
  | "gaussian";
/** What a scheme or proximal can carry of a problem, and what it cannot do without. `lacks` in spec/lacks.ts reads it. */
export interface Takes {
  readonly rep: Rep;
  readonly carries: readonly Trait[];
  readonly needs: readonly Trait[];
  /** what of this problem cannot be carried although its traits one by one can, or null; `why` goes on from "the scheme …" */
  refuses?(p: Problem): { readonly trait: Trait; readonly why: string } | null;
}
