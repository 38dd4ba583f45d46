/** What the chapters' tests ask of stored measures. */
import type { Measure } from "../../src/contract.ts";
import { covOf, massOf, meanOf as meansOf } from "../../src/measure/rows.ts";

/** The frame of a run or path nearest to a time. */
export const frameAt = <F extends { readonly t: number }>(run: { readonly frames: readonly F[] }, t: number): F =>
  run.frames.reduce((best, frame) => (Math.abs(frame.t - t) < Math.abs(best.t - t) ? frame : best));
/** On the line. */
export const meanOf = (m: Measure): number => meansOf(m)[0]!;
export const varianceOf = (m: Measure): number => covOf(m)[0]!;
export const secondOf = (m: Measure): number => varianceOf(m) + meanOf(m) ** 2;
/** Root mean square distance from the centre of mass, in any dimension. */
export function sizeOf(m: Measure): number {
  const cov = covOf(m);
  const d = m.space.dim;
  return Math.sqrt(Array.from({ length: d }, (_, k) => cov[k * d + k]!).reduce((s, v) => s + v, 0));
}
export { massOf };
