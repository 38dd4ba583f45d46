/** Two frames that are compared. */
import type { Opening, PlainFrame, Stored } from "../engine/messages.ts";

export const storedOf = ({ measure }: PlainFrame, { dim, grid }: Opening): Stored => ({ measure, dim, grid: measure.rep === "cells" ? grid : null });

/** The frame nearest in time; frames rise in time. */
export function nearest(frames: readonly PlainFrame[], t: number): PlainFrame | null {
  let [lo, hi] = [0, frames.length - 1];
  if (hi < 0) return null;
  while (hi - lo > 1) {
    const middle = (lo + hi) >> 1;
    if (frames[middle]!.t <= t) lo = middle;
    else hi = middle;
  }
  return Math.abs(frames[lo]!.t - t) <= Math.abs(frames[hi]!.t - t) ? frames[lo]! : frames[hi]!;
}

/** When the distance was taken; schemes whose steps differ have frames at differing times, and it says so. */
export function apartness(a: number, b: number): string {
  const short = (t: number): string => String(Number(t.toPrecision(4)));
  return short(a) === short(b) ? `at t = ${short(a)}` : `between t = ${short(a)} and ${short(b)}`;
}
