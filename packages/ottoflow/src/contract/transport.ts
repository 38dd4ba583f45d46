import type { Cost } from "./cost.ts";
import type { Work } from "./host.ts";
import type { Measure } from "./measure.ts";
import type { Rows } from "./rows.ts";

/**
 * How the mass of the plan on one side is bound to the measure a given there: equal to it, drawn to it by weight * KL(P_1 | a), or at most it.
 * KL(p | a) = sum p log(p / a) - p + a.
 */
export type Marginal = { readonly kind: "equal" } | { readonly kind: "kl"; readonly weight: number } | { readonly kind: "at-most" };
/** min over P >= 0 of <C, P> + epsilon KL(P | a x b) + how the marginals are bound. */
export interface Transport {
  readonly from: Measure;
  readonly to: Measure;
  readonly cost: Cost;
  /** 0: no entropy */
  readonly epsilon: number;
  readonly marginals: readonly [Marginal, Marginal];
  /** total mass of the plan where marginals are `at-most` */
  readonly mass?: number;
}
/** A plan P >= 0 of n x m entries; what it can tell without being written out. */
export interface Plan {
  readonly n: number;
  readonly m: number;
  /** entries that are not zero, sorted by row then column; absent where the plan is dense and only its rows are known */
  readonly sparse?: { readonly from: Int32Array; readonly to: Int32Array; readonly mass: Float64Array };
  /** out[j] = P_ij */
  row(i: number, out: Float64Array): void;
  /** out[k * n + i] = sum_j P_ij v[k * m + j] for k < d: what moves there; d = 1 and v = 1 give the first marginal */
  push(d: number, v: Rows, out: Float64Array): void;
  /** out[k * m + j] = sum_i P_ij v[k * n + i] */
  pull(d: number, v: Rows, out: Float64Array): void;
}
/** Prices f and g of the points of both sides: the dual answer, which bounds the cost from below. */
export interface Potentials {
  /** [n]; -Infinity nowhere */
  readonly f: Float64Array;
  /** [m] */
  readonly g: Float64Array;
  /** the supports fall into this many parts that no used pair joins: potentials are unique up to one constant only where it is 1 */
  readonly components: number;
  /** what holds for them: f + g <= c everywhere (feasible), or the smooth dual of an entropic problem */
  readonly kind: "feasible" | "entropic";
}
/** How the search for a coupling ended. */
export type TransportStatus = "optimal" | "max-iterations" | "stalled" | "aborted" | "not-finite" | "infeasible";
/** A certified answer: what was found, and how far it can be from the best. */
export interface Coupling {
  readonly solver: string;
  readonly status: TransportStatus;
  /** <C, P> of the plan below */
  readonly value: number;
  /** <C, P> + epsilon KL(P | a x b) + penalties of the marginals: what is minimised; equals `value` without them */
  readonly regularised: number;
  /** a lower bound of `regularised` over all plans, from the potentials */
  readonly dual: number;
  /** regularised - dual, of a plan whose equal marginals hold to `defect` */
  readonly gap: number;
  /** by how much float64 may have moved the gap, as the judge bounds it: a gap within it, of either sign, is none */
  readonly rounding?: number;
  /** the problem that the gap is of: between the atoms as given, or between the densities they stand for */
  readonly certifies: "discrete" | "continuous";
  /** bounds of the problem without entropy (equal to value and dual where there is none), where known */
  readonly unregularised?: { readonly lower: number; readonly upper: number };
  /** sum |P_1 - a| and sum |P_2 - b| of the plan below, for equal marginals; else sums of what exceeds */
  readonly defect: readonly [number, number];
  readonly potentials: Potentials | null;
  readonly plan: Plan | null;
  /** y = T(x) at n points [d * n] of the first side, where a map is known (Gaussians, the line, grids) */
  readonly map?: (n: number, x: Rows, out: Float64Array) => void;
  readonly iterations: number;
  /** conventions in words: cost, entropy, what value^(1/p) is */
  readonly convention: string;
  /** anything a reader must know: rounding, what was truncated, why it stopped */
  readonly notes: readonly string[];
  /** further numbers by name (rates, levels, arcs, bytes) */
  readonly figures: Readonly<Record<string, number>>;
}
/** When a solver may stop. */
export interface TransportOptions {
  /** stop when gap <= tolerance * max(|regularised|, scale of the cost * mass); entropic solvers: or when both marginals are within it */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** two-sided marginal defect to reach instead of a gap */
  readonly defect?: number;
  readonly signal?: { readonly aborted: boolean };
}
/** Where the search for a coupling stands. */
export interface TransportProgress {
  readonly stage: string;
  readonly iteration: number;
  readonly gap: number | null;
  readonly defect: number | null;
  /** 0..1 where known */
  readonly fraction: number | null;
}
/** One file, one solver. `solve` of solve.ts asks all, leaves out those that refuse and takes the one with least work that fits in memory. */
export interface TransportSolver {
  readonly label: string;
  /** why it cannot take this problem (goes on from "the solver …"), or null */
  refuses(p: Transport): string | null;
  /** rough number of elementary operations and bytes */
  estimate(p: Transport): { readonly work: number; readonly bytes: number };
  /** its answer is the optimum of the discrete problem to rounding, the optimum to the tolerance, or a bound / another distance */
  readonly answer: "exact" | "to-tolerance" | "other-distance";
  solve(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling>;
}
