/** The gap of an answer in words. */
import type { Coupling } from "ottoflow/contract";
import { formatNumber } from "ottoflow/io/figure/number";

/** A gap that rounding may have made, of either sign, is none: "0 (rounding −2e−18)". */
export function gapWords(answer: Coupling, digits: number): string {
  const { gap, rounding } = answer;
  return rounding !== undefined && gap !== 0 && Math.abs(gap) <= rounding ? `0 (rounding ${formatNumber(gap, 1)})` : formatNumber(gap, digits);
}
