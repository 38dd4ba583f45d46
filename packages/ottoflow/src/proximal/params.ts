/** Parameters that several proximal steps share. */
import type { NumberParam } from "../params.ts";

/** When a step is done: its certified gap, as a fraction of the energy scale. */
export function gapTolerance(fraction: number): NumberParam & { readonly default: number } {
  return {
    type: "number",
    above: 0,
    below: 1,
    default: fraction,
    doc: "a step ends when its certified gap is below this fraction of the energy scale, or where rounding stops the decrease",
  };
}
