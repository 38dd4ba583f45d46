import type { Law } from "../contract.ts";
import { expectLength, specError } from "../errors.ts";
import { powi } from "../kernels/math.ts";
import type { ChoiceParam, NumberParam } from "../params.ts";

/** Parameters every law takes: spread into `params`. */
export const shared: {
  readonly mass: NumberParam & { readonly default: number };
  readonly count: NumberParam & { readonly optional: true };
  readonly placement: ChoiceParam & { readonly of: readonly ["random", "low-discrepancy"]; readonly default: "random" };
  readonly cut: NumberParam & { readonly default: number };
} = {
  mass: { type: "number", above: 0, default: 1, doc: "total mass" },
  count: {
    type: "integer",
    min: 1,
    max: 50_000_000,
    optional: true,
    refines: { by: 2, order: "seen", under: ["particles", "quantiles"] },
    doc: "number of particles, quantile nodes or levels that store the measure",
  },
  placement: {
    type: "choice",
    of: ["random", "low-discrepancy"],
    default: "random",
    under: ["particles"],
    doc: "particles as independent draws, or as a scrambled low-discrepancy set whose means converge almost as 1/n",
  },
  cut: {
    type: "number",
    min: 0,
    below: 1,
    default: 1e-5,
    under: ["cells"],
    doc: "largest fraction of the mass that may lie outside the box; what lies outside is left out, never scaled away",
  },
};

/** Particles of a law that names no count. */
const usual = 1000;

/** How many particles store a law, where its space has no better idea. */
export function particleCount(law: Law): number {
  return law.points?.n ?? law.count ?? usual;
}

/** What `shared` gives to every law. */
export interface Shared {
  readonly mass?: number;
  readonly count?: number;
  readonly placement?: "random" | "low-discrepancy";
  readonly cut?: number;
}

/** The shared members of a law, with their defaults. */
export function sharedOf(values: Shared): { mass: number; count?: number; placement: "random" | "low-discrepancy"; cut?: number } {
  const mass = values.mass ?? 1;
  if (!(mass > 0 && mass < Number.POSITIVE_INFINITY)) throw specError("mass", `got ${mass}; give a positive finite number.`);
  const out: ReturnType<typeof sharedOf> = { mass, placement: values.placement ?? "random" };
  if (values.count !== undefined) out.count = values.count;
  if (values.cut !== undefined) out.cut = values.cut;
  return out;
}

/** The same law with other shared members, as after `"$name"` with its own `count`. */
export function withShared(law: Law, values: Omit<Shared, "mass">): Law {
  return { ...law, ...values };
}

/** One number for all axes, or one per axis. */
export function perAxis(name: string, values: readonly number[] | undefined, dim: number, missing: number): readonly number[] {
  if (values === undefined) return new Array<number>(dim).fill(missing);
  if (values.length === 1) return new Array<number>(dim).fill(values[0]!);
  expectLength(name, values.length, dim);
  return values;
}

/** Volume of the unit ball of R^d, by omega_d = omega_{d-2} 2 pi / d. */
export function ballVolume(d: number): number {
  let v = d % 2 === 0 ? 1 : 2;
  for (let k = d % 2 === 0 ? 2 : 3; k <= d; k += 2) v *= (2 * Math.PI) / k;
  return v;
}

/** Volume of the ball of radius r in R^d. */
export function ballMass(d: number, r: number): number {
  return ballVolume(d) * powi(r, d);
}

/** The same law on a line through a function of the distribution: mass of [lo, hi] by F(hi) - F(lo), taken on the side where F is small. */
export function massBetween(below: (x: number) => number, above: (x: number) => number, middle: number, lo: number, hi: number): number {
  if (!(lo < hi)) return 0;
  if (hi <= middle) return below(hi) - below(lo);
  if (lo >= middle) return above(lo) - above(hi);
  return 1 - below(lo) - above(hi);
}
