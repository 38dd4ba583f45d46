/** What of a run is shown, and in which part of the plane. */
import type { Answers, PlainFrame } from "../engine/messages.ts";

export interface View {
  /** quantiles over time beneath densities on the line */
  readonly fan: boolean;
  /** lines of equal density in the plane */
  readonly contours: boolean;
  readonly trails: boolean;
  /** the exact solution, where known */
  readonly exact: boolean;
  readonly equilibrium: boolean;
  /** the points that a discrepancy is measured to */
  readonly target: boolean;
  readonly velocity: boolean;
}
export const usualView: View = { fan: false, contours: true, trails: true, exact: true, equilibrium: true, target: true, velocity: true };

/** What belongs to a run beside its frames, for drawing. */
export interface Around {
  readonly view: View;
  /** all frames of the run so far: for trails and fans */
  readonly run: readonly PlainFrame[];
  readonly equilibrium: Answers["equilibrium"];
  /** no frames will come any more */
  readonly ended: boolean;
  /** nothing may be left for the next picture to draw */
  readonly whole: boolean;
}
/** Every so many frames of a run, the first and the last among them. */
export function some(frames: readonly PlainFrame[], most: number): readonly PlainFrame[] {
  if (frames.length <= most) return frames;
  return Array.from({ length: most }, (_, k) => frames[Math.round((k * (frames.length - 1)) / (most - 1))]!);
}
