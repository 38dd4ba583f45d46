/** Which stored frame each picture of a film shows: even times of the flow, so that the film runs like the clock of the flow does. */
import type { PlainFrame } from "../engine/messages.ts";

export interface Film {
  /** pictures per second */
  readonly rate: number;
  /** times of the stored frames, one per picture */
  readonly times: readonly number[];
}

/** @param seconds how long the film takes; the last picture is the last frame */
export function filmOf(frames: readonly PlainFrame[], seconds: number, rate: number): Film {
  const [first, last] = [frames[0], frames.at(-1)];
  if (!first || !last) return { rate, times: [] };
  const count = Math.max(1, Math.round(seconds * rate));
  const times: number[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const t = count === 1 ? last.t : first.t + ((last.t - first.t) * i) / (count - 1);
    while (at + 1 < frames.length && Math.abs(frames[at + 1]!.t - t) <= Math.abs(frames[at]!.t - t)) at++;
    times.push(frames[at]!.t);
  }
  return { rate, times };
}

/** GIF counts hundredths of a second: delays that add up to the film, whatever the rate. */
export function delaysOf(count: number, rate: number): readonly number[] {
  const until = (i: number): number => Math.round((100 * i) / rate);
  return Array.from({ length: count }, (_, i) => 10 * (until(i + 1) - until(i)));
}

/** Encoders take even numbers of pixels only. */
export const even = (v: number): number => Math.max(2, 2 * Math.floor(v / 2));
