/** What figures draw: frames over time, scalars over time, and the exact solution where one is known. */
import type { Law, Measure } from "../../contract.ts";

export interface Picture {
  readonly title: string;
  readonly times: readonly number[];
  readonly frames: readonly Measure[];
  readonly trace: Readonly<Record<string, Float64Array>>;
  /** closed-form solution of the same problem */
  readonly exact?: (t: number) => Law;
}

/** At most `most` indices out of n, evenly spread, first and last included. */
export function spread(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  const chosen: number[] = [];
  for (let k = 0; k < most; k++) chosen.push(Math.round((k * (n - 1)) / (most - 1)));
  return chosen;
}

/** Place of frame i among the frames, from 0 to 1, by time. */
export function timeShare(times: readonly number[], i: number): number {
  const length = times[times.length - 1] - times[0];
  return length > 0 ? (times[i] - times[0]) / length : 1;
}

export const axisNames = (dim: number): readonly string[] => (dim <= 3 ? ["x", "y", "z"].slice(0, dim) : Array.from({ length: dim }, (_, k) => `x${k + 1}`));
