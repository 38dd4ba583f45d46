/** Runs a job to its end while the engine stays awake: the one place that knows the time, and it never reaches a number. */
import type { Work } from "./contract.ts";

/** Milliseconds of computing between two pauses in which timers, messages and signals are heard. */
const PAUSE_EVERY = 40;

export interface Pace<P> {
  readonly signal?: { readonly aborted: boolean };
  /** called at each pause with the latest progress and the milliseconds since the job began */
  readonly onPause?: (progress: P, elapsed: number) => void | Promise<void>;
}

/** Draws the work to its end, pausing for the engine's other tasks; an aborted signal tells the work to stop at its next yield. */
export async function pace<P, R>(work: Work<P, R>, { signal, onPause }: Pace<P> = {}): Promise<R> {
  const began = performance.now();
  let paused = began;
  let next = work.next();
  while (!next.done) {
    const now = performance.now();
    if (now - paused > PAUSE_EVERY) {
      await onPause?.(next.value, now - began);
      await new Promise((resolve) => setTimeout(resolve));
      paused = performance.now();
    }
    next = work.next(signal?.aborted ? "stop" : undefined);
  }
  return next.value;
}
