/** Memory for the frames of a run, reckoned before anything is computed. */
import type { Problem, Rep } from "../contract.ts";
import { limitError } from "../errors.ts";

/** All frames of a run together. */
export const MOST_FRAME_BYTES: number = 2 ** 31;

/** Bytes of one stored measure, from below where the scheme chooses the number of particles or nodes itself. */
export function frameBytes({ space, initial }: Problem, rep: Rep): number {
  const d = space.dim;
  const points = initial.points?.n ?? initial.count ?? 1;
  const values: Record<Rep, () => number> = {
    cells: () => space.cells?.n ?? 0,
    particles: () => (d + 1) * points,
    quantiles: () => points,
    gaussian: () => d + d * d,
  };
  return 8 * values[rep]();
}

/**
 * Refuses more frames than memory holds, with the interval that would fit.
 * @param path of the schedule in the spec
 * @param every its number: time or steps between two frames
 * @throws {LimitError} above 2 GiB
 */
export function frameBudget(frames: number, bytesPerFrame: number, path: string, every: number): void {
  const bytes = frames * bytesPerFrame;
  if (bytes <= MOST_FRAME_BYTES) return;
  const enough = every * (bytes / MOST_FRAME_BYTES);
  const fits = path.endsWith("steps") ? Math.ceil(enough) : Number((1.1 * enough).toPrecision(2));
  const mend = `About ${Math.ceil(frames)} frames of ${bytesPerFrame} bytes are asked for: look less often (${path} of ${fits} would fit), or store smaller measures.`;
  throw limitError("bytes of all frames", bytes, MOST_FRAME_BYTES, mend);
}
