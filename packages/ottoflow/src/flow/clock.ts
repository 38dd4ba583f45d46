/** When watchers are due, and how long the next step may be. Pure functions of plain numbers. */
import type { Watcher } from "../contract.ts";

export type Every = Watcher["every"];
/** A watcher with its memory and the number of the next scheduled time. */
export interface Slot {
  readonly watcher: Watcher;
  readonly every: Exclude<Every, "trace">;
  memory: unknown;
  next: number;
  seen: number;
}

const SLACK = 1e-9;

export function isDue(slot: Slot, index: number, t: number, start: number): boolean {
  if ("steps" in slot.every) return index % slot.every.steps === 0;
  return t >= start + slot.next * slot.every.time - SLACK * slot.every.time;
}

/** After a look at time t: the first scheduled time that lies ahead. */
export function advance(slot: Slot, t: number, start: number): void {
  if ("time" in slot.every) while (start + slot.next * slot.every.time <= t + SLACK * slot.every.time) slot.next++;
}

/** The nearest time on which a free clock must land. */
export function landing(slots: readonly Slot[], start: number, until: number): number {
  let t = until;
  for (const s of slots) if ("time" in s.every && s.every.land !== false) t = Math.min(t, start + s.next * s.every.time);
  return t;
}

/** Steps of a fixed clock that may be taken in one call before somebody looks. */
export function stride(slots: readonly Slot[], index: number, dt: number, last: number, most: number): number {
  let n = Math.min(most, last - index);
  for (const s of slots) {
    const ahead = "steps" in s.every ? s.every.steps - (index % s.every.steps) : Math.ceil((s.next * s.every.time) / dt - SLACK) - index;
    n = Math.min(n, Math.max(1, ahead));
  }
  return Math.max(1, n);
}

/** The step of a free clock: as long as wanted, shortened so that equal steps land on the next time. */
export function freeStep(t: number, wanted: number, land: number): number {
  const left = land - t;
  return left / Math.max(1, Math.ceil(left / wanted - SLACK));
}

/** Index of the last step of a fixed clock: the first that reaches the end. */
export function lastIndex(start: number, until: number, dt: number): number {
  return Math.max(1, Math.ceil((until - start) / dt - SLACK));
}
