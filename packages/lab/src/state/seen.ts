/** How a flow is seen, apart from what it is: what a link carries beside the spec. What is not said is as usual. */
import type { View } from "../stage/view.ts";
import type { Zoom } from "../stage/zoom.ts";

/** What a second stage runs: a variant of the spec, or its problem with another scheme. */
export type Comparison = { readonly variant: string } | { readonly title: string; readonly scheme: unknown };

/** The step that the microscope takes apart. */
export interface Scope {
  /** its length; 0: as the scheme has it */
  readonly tau: number;
  /** which Newton iterate is shown; -1: the last */
  readonly iterate: number;
  /** set from outside, not by the microscope itself */
  readonly given?: boolean;
}
export interface ToolSeen {
  readonly name: string;
  /** by names of its sliders */
  readonly values: Readonly<Record<string, number>>;
}
export interface Seen {
  readonly variant?: string;
  readonly marks?: Partial<View>;
  readonly zoom?: Zoom;
  readonly beside?: Comparison;
  readonly zoomBeside?: Zoom;
  /** where the playhead rests; without it the flow plays */
  readonly at?: number;
  readonly speed?: number;
  readonly scope?: Scope;
  readonly tool?: ToolSeen;
}
export const speeds: readonly number[] = [0.25, 0.5, 1, 2, 4];
