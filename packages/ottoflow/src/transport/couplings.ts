/** Couplings to show beside optimal ones: all have the right marginals, none is chosen for its cost. [villani2003] */
import type { Plan } from "../contract.ts";
import { expectLength, specError } from "../errors.ts";
import { densePlan, entriesOf, sparsePlan } from "./plan.ts";
import { exactSum } from "./problem.ts";
import { staircase } from "./staircase.ts";

function equalMasses(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [p, q] = [exactSum(a), exactSum(b)];
  for (const [name, w] of [
    ["a", a],
    ["b", b],
  ] as const)
    for (let i = 0; i < w.length; i++)
      if (!(w[i]! >= 0 && w[i]! < Number.POSITIVE_INFINITY)) throw specError(`${name}[${i}]`, `got ${w[i]} when expected a mass.`);
  if (!(p > 0 && Math.abs(p - q) <= 1e-9 * Math.max(p, q))) throw specError("b", `has the mass ${q} when a has ${p}: a coupling needs equal positive masses.`);
  return p;
}
/** P_ij = a_i b_j / mass: every point sends its mass everywhere. The plan of infinite entropy; rows on demand. */
export function productCoupling(a: ArrayLike<number>, b: ArrayLike<number>): Plan {
  const mass = equalMasses(a, b);
  return densePlan(a.length, b.length, (i, out) => {
    for (let j = 0; j < b.length; j++) out[j] = (a[i]! * b[j]!) / mass;
  });
}
/** Point i to point i: between two measures with the same weights. @throws {SpecError} where they are not */
export function diagonalCoupling(a: ArrayLike<number>, b: ArrayLike<number> = a): Plan & { readonly sparse: NonNullable<Plan["sparse"]> } {
  expectLength("b", b.length, a.length);
  const mass = equalMasses(a, b);
  const at = Int32Array.from({ length: a.length }, (_, i) => i);
  for (let i = 0; i < a.length; i++)
    if (!(Math.abs(a[i]! - b[i]!) <= 1e-12 * mass)) throw specError(`b[${i}]`, `got ${b[i]} when a[${i}] is ${a[i]}: the diagonal needs equal weights.`);
  return sparsePlan(a.length, b.length, at, at, a);
}
/** The first points serve the first: at most n + m - 1 moves. Optimal on the line when both sides are sorted, and nowhere else. */
export function northWestCoupling(a: ArrayLike<number>, b: ArrayLike<number>): Plan & { readonly sparse: NonNullable<Plan["sparse"]> } {
  equalMasses(a, b);
  const { i, j, mass } = staircase(
    a.length,
    (k) => a[k]!,
    b.length,
    (k) => b[k]!,
  );
  return sparsePlan(a.length, b.length, i, j, mass);
}

/** Points of the first side whose mass the plan sends to several points, with how many: where the plan is no map. */
export function splitsOf(plan: Plan): readonly { readonly point: number; readonly targets: number }[] {
  const count = new Int32Array(plan.n);
  for (const i of entriesOf(plan).from) count[i] = count[i]! + 1;
  return Array.from(count, (targets, point) => ({ point, targets })).filter((s) => s.targets > 1);
}
/** Points of the first side heavier than every point of the second: no map pushes a to b, each of these must split whatever the cost. */
export function mustSplit(a: ArrayLike<number>, b: ArrayLike<number>): readonly number[] {
  const mass = equalMasses(a, b);
  const most = Array.from(b).reduce((s, v) => Math.max(s, v), 0);
  return Array.from(a, (_, i) => i).filter((i) => a[i]! > most + 1e-12 * mass);
}
