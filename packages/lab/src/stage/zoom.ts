/** What part of a scene is seen. */
import type { Range, Scene } from "./scene.ts";

export interface Zoom {
  readonly x: Range;
  readonly y: Range;
}
/** A place among the values of a scene. */
export interface Place {
  readonly x: number;
  readonly y: number;
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

/** On the line only x is a place: y is how dense it is, or the time. */
const hasHeight = ({ opening }: Scene): boolean => opening.dim > 1;

/** What is seen nearer by a factor, around a place or the middle. */
export function nearerTo(seen: Scene, whole: Scene, factor: number, at?: Place): Zoom {
  const { x, y } = at ?? { x: 0.5 * (seen.x.lo + seen.x.hi), y: 0.5 * (seen.y.lo + seen.y.hi) };
  return { x: nearer(seen.x, whole.x, x, factor), y: hasHeight(seen) ? nearer(seen.y, whole.y, y, factor) : seen.y };
}
/** What is seen after a way. */
export const panned = (seen: Scene, dx: number, dy: number): Zoom => ({ x: moved(seen.x, dx), y: hasHeight(seen) ? moved(seen.y, dy) : seen.y });
