/** The energy of the measure at which a flow comes to rest: what is left of F above it is the distance to equilibrium. */
import type { Measure, Problem, Rep } from "ottoflow/contract";
import { openFunctional } from "ottoflow/energy/total";
import { plainHost } from "ottoflow/kernels/host";
import { exp } from "ottoflow/kernels/math";
import type { Answers } from "./messages.ts";
import { restingOf } from "./resting.ts";

/** Least value of F among the measures of this storage: of the numbers that a run computes, not only of their limit. Null where it is not known without running. */
export function restOf(p: Problem, rep: Rep): Answers["rest"] {
  const found = restingOf(p);
  if (!found) return null;
  if (found.temperature === undefined) return { energy: 0, because: "a discrepancy is least, and zero, at its target" };
  if (rep !== "cells" || !p.space.cells) return null;
  const energy = leastOnCells(p, found.temperature);
  return energy === null ? null : { energy, because: `F of ${found.because} on the cells of this run` };
}
/** The slope of T rho log rho + V rho is T log rho + T + V: at a constant density it tells V, and so Gibbs' measure of the very sums that the run makes. */
function leastOnCells(p: Problem, temperature: number): number | null {
  const { n, volume } = p.space.cells!;
  const total = openFunctional(p.parts, p.space, plainHost());
  const rho = new Float64Array(n);
  const measure: Measure = { rep: "cells", space: p.space, rho };
  let size = 0;
  for (let i = 0; i < n; i++) size += volume[i]!;
  rho.fill(p.initial.mass / size);
  const slope = new Float64Array(n);
  total.slope(measure, p.start, slope);
  const least = slope.reduce((s, v) => Math.min(s, v), Number.POSITIVE_INFINITY);
  let mass = 0;
  for (let i = 0; i < n; i++) {
    rho[i] = exp((least - slope[i]!) / temperature);
    mass += rho[i]! * volume[i]!;
  }
  for (let i = 0; i < n; i++) rho[i] = (rho[i]! * p.initial.mass) / mass;
  const values = total.values(measure, p.start);
  const sum = values.reduce<number>((s, v) => s + (v ?? Number.NaN), 0);
  return Number.isFinite(sum) ? sum : null;
}
