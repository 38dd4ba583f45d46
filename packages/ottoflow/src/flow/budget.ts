/** Memory for the frames of a run, reckoned before anything is computed. */
import type { Measure, Problem, Rep, Scheme, Watcher } from "../contract.ts";
import { limitError } from "../errors.ts";
import { particleCount } from "../measure/law.ts";
import { rowsOf } from "../measure/rows.ts";

/** All frames of a run together. */
export const MOST_FRAME_BYTES: number = 2 ** 31;
/** Frames of a run that does not say how many it wants, besides the first. */
export const USUAL_FRAMES = 20;

/** Bytes of one stored measure before anything is opened: from below where the scheme chooses the number of nodes itself. */
export function frameBytes({ space, initial }: Problem, rep: Rep): number {
  const d = space.dim;
  const values: Record<Rep, () => number> = {
    cells: () => space.cells?.n ?? 0,
    particles: () => (d + 1) * particleCount(initial),
    quantiles: () => initial.count ?? 2,
    gaussian: () => d + d * d,
  };
  return 8 * values[rep]();
}
/** Bytes of a frame of this measure, as it is stored; quantile levels are shared by all frames, but copied with each. */
export function measureBytes(m: Measure): number {
  return Object.values(rowsOf(m)).reduce((sum, rows) => sum + rows.byteLength, 0);
}

/** How long a run is, for counting its looks. */
export interface Span {
  readonly time: number;
  readonly step: number;
  readonly maxSteps: number;
}
export const spanOf = (p: Problem, scheme: Scheme, until: number, maxSteps: number): Span => ({ time: until - p.start, step: scheme.step, maxSteps });

/**
 * Refuses more frames than memory holds, the first and the last one among them, with the interval that would fit. Steps between frames are
 * reckoned from the step asked for, which explicit runs may shorten.
 * @throws {LimitError} above 2 GiB
 */
export function expectFramesFit(every: Watcher["every"], span: Span, bytesPerFrame: number): void {
  if (every === "trace") return;
  const whole = "time" in every ? span.time : Math.min(span.time / span.step, span.maxSteps);
  const interval = "time" in every ? every.time : every.steps;
  const frames = 1 + Math.ceil((whole / interval) * (1 - 1e-12));
  const bytes = frames * bytesPerFrame;
  if (bytes <= MOST_FRAME_BYTES) return;
  const hold = Math.floor(MOST_FRAME_BYTES / bytesPerFrame);
  const asked = `About ${frames} frames of ${bytesPerFrame} bytes are asked for:`;
  throw limitError(
    "bytes of all frames",
    bytes,
    MOST_FRAME_BYTES,
    `${asked} ${hold < 2 ? "" : `look less often (${wider("time" in every, whole, hold)} would fit), or `}store smaller measures.`,
  );
}
/** The interval with which the first frame and those after it are no more than memory holds. */
function wider(inTime: boolean, whole: number, hold: number): string {
  const interval = whole / (hold - 1);
  return inTime ? `observe.frames.every of ${Number((1.05 * interval).toPrecision(2))}` : `observe.frames.steps of ${Math.ceil(interval)}`;
}
