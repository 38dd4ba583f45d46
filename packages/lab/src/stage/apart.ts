/** Two frames that are compared. */
import type { Opening, PlainFrame, Stored } from "../engine/messages.ts";

export const storedOf = ({ measure }: PlainFrame, { dim, grid }: Opening): Stored => ({ measure, dim, grid: measure.rep === "cells" ? grid : null });

/** When the distance was taken; schemes whose steps differ have frames at differing times, and it says so. */
export function apartness(a: number, b: number): string {
  const short = (t: number): string => String(Number(t.toPrecision(4)));
  return short(a) === short(b) ? `at t = ${short(a)}` : `between t = ${short(a)} and ${short(b)}`;
}
