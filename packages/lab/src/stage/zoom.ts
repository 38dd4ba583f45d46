/** What part of a scene is seen. */
import type { Range } from "./scene.ts";

export interface Zoom {
  readonly x: Range;
  readonly y: Range;
}
/** One axis nearer by a factor, the value under the pointer staying where it is; never wider than 8 times the whole. */
export function nearer(seen: Range, whole: Range, at: number, factor: number): Range {
  const most = 8 * (whole.hi - whole.lo);
  const least = 1e-6 * (whole.hi - whole.lo);
  const width = Math.min(most, Math.max(least, (seen.hi - seen.lo) / factor));
  const share = (at - seen.lo) / (seen.hi - seen.lo);
  return { lo: at - share * width, hi: at + (1 - share) * width };
}
export const moved = (r: Range, by: number): Range => ({ lo: r.lo + by, hi: r.hi + by });
