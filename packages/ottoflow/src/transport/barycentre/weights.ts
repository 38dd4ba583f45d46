/** What all barycentres ask of their measures and weights. */
import type { Measure } from "../../contract.ts";
import { expectLength, OttoflowError, specError } from "../../errors.ts";
import { exactSum } from "../problem.ts";
import { expectSound } from "../sound.ts";

/** @throws {SpecError | ShapeError} on what is no list of measures with mass */
export function expectMeasures(measures: unknown): asserts measures is readonly Measure[] {
  if (!Array.isArray(measures) || measures.length === 0)
    throw specError("measures", `got ${Array.isArray(measures) ? "none" : "no list"} when expected at least one in a list.`);
  for (const [k, m] of measures.entries()) expectSound(`measures[${k}]`, m);
}

/** Weights that sum to one: as given, or equal. @throws {SpecError | ShapeError} */
export function barycentreWeights(count: number, weights?: ArrayLike<number>): Float64Array {
  if (!weights) return new Float64Array(count).fill(1 / count);
  expectLength("weights", weights.length, count);
  for (let k = 0; k < count; k++)
    if (!(weights[k]! >= 0 && weights[k]! < Number.POSITIVE_INFINITY)) throw specError(`weights[${k}]`, `got ${weights[k]} when expected at least 0.`);
  const total = exactSum(weights);
  if (!(Math.abs(total - 1) <= 1e-9)) throw specError("weights", `sum to ${total} when expected 1.`);
  return Float64Array.from(weights);
}
/** The common mass of all. @throws {UnsupportedError} */
export function commonMass(masses: readonly number[]): number {
  const first = masses[0]!;
  for (const [k, m] of masses.entries())
    if (!(Math.abs(m - first) <= 1e-9 * first))
      throw new OttoflowError("UnsupportedError", `measures[${k}] has the mass ${m} when measures[0] has ${first}: a barycentre needs equal masses.`, {
        missing: ["equal masses"],
      });
  return first;
}
