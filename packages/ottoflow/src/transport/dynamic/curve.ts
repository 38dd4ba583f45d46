/** A curve of measures over [0, 1], as functions of time. */
import type { Measure } from "../../contract.ts";
import { specError } from "../../errors.ts";

export interface Curve {
  /** what the curve is, in words */
  readonly label: string;
  /** the measure at time t in [0, 1] */
  at(t: number): Measure;
  /** the velocity that carries it, at the n points x [d * n] of the returned rows */
  velocity?(t: number): { readonly n: number; readonly x: Float64Array; readonly v: Float64Array };
}
export function checkTime(t: number): number {
  if (!(t >= 0 && t <= 1)) throw specError("t", `got ${t} when expected a time between 0 and 1.`);
  return t;
}
/** k + 1 times from 0 to 1. */
export const evenTimes = (k: number): Float64Array => Float64Array.from({ length: k + 1 }, (_, i) => i / k);
