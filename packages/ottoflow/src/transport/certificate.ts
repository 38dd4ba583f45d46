/**
 * The judge of discrete transport: knows nothing of how a plan was found. A plan is judged by its marginals and its cost, potentials by what they
 * prove: f_i + g_j <= c_ij everywhere makes sum a f + sum b g a lower bound of every plan. Float64, the dual made feasible first. [villani2003]
 */

import type { Cost, Coupling, Marginal, Plan, Potentials, Transport, TransportStatus } from "../contract.ts";
import { openParts } from "../numeric/parts.ts";
import { eachPair } from "./pair-list.ts";
import { entriesOf, marginalsOf } from "./plan.ts";
import { type Atoms, exactSum } from "./problem.ts";

/** g_j = min_i c_ij - f_i over allowed pairs: the largest g that is feasible with f. All pairs are looked at; -Infinity where a point has no allowed pair. */
export function cTransform(cost: Cost, a: Atoms, b: Atoms, f: Float64Array): Float64Array {
  const g = new Float64Array(b.n).fill(Number.POSITIVE_INFINITY);
  if (cost.listed) {
    eachPair(cost, a.n, a.x, b.n, b.x, (i, j, c) => {
      g[j] = Math.min(g[j]!, c - f[i]!);
    });
    return g;
  }
  const row = new Float64Array(b.n);
  for (let i = 0; i < a.n; i++) {
    cost.row(i, a.n, a.x, b.n, b.x, row);
    const fi = f[i]!;
    for (let j = 0; j < b.n; j++) {
      const v = row[j]! - fi;
      if (v < g[j]!) g[j] = v;
    }
  }
  return g;
}
/** f_i = min_j c_ij - g_j. */
export function cTransformBack(cost: Cost, a: Atoms, b: Atoms, g: Float64Array): Float64Array {
  const f = new Float64Array(a.n);
  const row = new Float64Array(b.n);
  for (let i = 0; i < a.n; i++) {
    cost.row(i, a.n, a.x, b.n, b.x, row);
    let least = Number.POSITIVE_INFINITY;
    for (let j = 0; j < b.n; j++) least = Math.min(least, row[j]! - g[j]!);
    f[i] = least;
  }
  return f;
}

/** <C, P> by a compensated sum over the plan's entries. */
export function costOf(plan: Plan, cost: Cost, a: Atoms, b: Atoms): number {
  const { from, to, mass } = entriesOf(plan);
  const terms = new Float64Array(mass.length);
  for (let e = 0; e < mass.length; e++) terms[e] = mass[e]! * cost.at(from[e]!, to[e]!, a.n, a.x, b.n, b.x);
  return exactSum(terms);
}
/** sum |P_1 - a| and sum |P_2 - b|. */
export function defectOf(plan: Plan, a: Float64Array, b: Float64Array): readonly [number, number] {
  const [p, q] = marginalsOf(plan);
  return [exactSum(p.map((v, i) => Math.abs(v - a[i]!))), exactSum(q.map((v, j) => Math.abs(v - b[j]!)))];
}
export const dot = (a: Float64Array, b: Float64Array): number => exactSum(a.map((v, i) => v * b[i]!));

/** How many parts the used pairs join the points into: 1 means potentials are unique up to one constant. */
export function componentsOf(plan: Plan): number {
  const { from, to } = entriesOf(plan);
  const parts = openParts(plan.n + plan.m);
  for (let e = 0; e < from.length; e++) parts.join(from[e]!, plan.n + to[e]!);
  return parts.count();
}

/**
 * How far from its exact value a gap may be computed. Costs count as float64 gives them; products, compensated sums and f + g = c each round once, and a
 * plan whose marginals are off by rounding pays for that at the potentials. What a gap has within this, of either sign, is no gap; it is reported as computed.
 */
export function gapRounding(plan: Plan, value: number, a: Atoms, b: Atoms, f: Float64Array, g: Float64Array): number {
  const [p, q] = marginalsOf(plan);
  const side = ({ n, weight, mass }: Atoms, potential: Float64Array, moved: Float64Array): number => {
    let s = 0;
    for (let i = 0; i < n; i++) {
      const off = Math.min(Math.abs(moved[i]! - weight[i]!), OFF * mass);
      const size = Math.abs(potential[i]!);
      if (size < Number.POSITIVE_INFINITY) s += size * (4 * Number.EPSILON * weight[i]! + off);
    }
    return s;
  };
  return 4 * Number.EPSILON * Math.abs(value) + side(a, f, p) + side(b, g, q);
}

/** A marginal that is off by more of the mass is off indeed. */
const OFF = 1e-12;

export interface Found {
  readonly solver: string;
  readonly status: TransportStatus;
  readonly plan: Plan;
  readonly f: Float64Array;
  readonly iterations: number;
  readonly notes?: readonly string[];
  readonly figures?: Readonly<Record<string, number>>;
  /** a faster c-transform than over all pairs, that finds the same minima */
  readonly transform?: (f: Float64Array) => Float64Array;
}
/**
 * The certified coupling of an exact solver with equal marginals: the second potential is computed afresh as the c-transform of the first,
 * so the dual is feasible whatever the solver did. gap >= 0 up to rounding, and bounds the distance to the optimum.
 */
export function certified(cost: Cost, a: Atoms, b: Atoms, found: Found): Coupling {
  const { plan, f } = found;
  const g = found.transform ? found.transform(f) : cTransform(cost, a, b, f);
  const value = costOf(plan, cost, a, b);
  const dual = dot(a.weight, f) + dot(b.weight, g);
  const potentials: Potentials = { f, g, components: componentsOf(plan), kind: "feasible" };
  const notes = [...(found.notes ?? [])];
  if (potentials.components > 1)
    notes.push(
      `The used pairs fall into ${potentials.components} parts: potentials are unique up to one constant in each, and a gradient in the weights is one of several.`,
    );
  return {
    solver: found.solver,
    status: found.status,
    value,
    regularised: value,
    dual,
    gap: value - dual,
    rounding: gapRounding(plan, value, a, b, f, g),
    certifies: "discrete",
    unregularised: { lower: dual, upper: value },
    defect: defectOf(plan, a.weight, b.weight),
    potentials,
    plan,
    iterations: found.iterations,
    convention: conventionOf(cost, 0),
    notes,
    figures: found.figures ?? {},
  };
}

/** The conventions of a problem whose marginals bend, in words. */
export function bentConvention({ cost, epsilon, marginals, mass }: Transport): string {
  const words = (m: Marginal, k: number): string =>
    m.kind === "kl" ? ` + ${m.weight} KL(P_${k} | ${k === 1 ? "a" : "b"})` : m.kind === "at-most" ? `, P_${k} <= ${k === 1 ? "a" : "b"}` : "";
  return `${leastOf(cost, epsilon)}${words(marginals[0], 1)}${words(marginals[1], 2)}${mass === undefined ? "" : `, mass ${mass}`}`;
}
/** The conventions of an answer in words. */
export function conventionOf(cost: Cost, epsilon: number): string {
  if (cost.power === Number.POSITIVE_INFINITY) return "min over plans of the largest |x - y| that mass moves; W_inf = value";
  const least = leastOf(cost, epsilon);
  // the cost of an entropic plan is no distance to a power
  if (epsilon > 0 || cost.metric === undefined) return least;
  return `${least}; W_${cost.metric} = value${cost.metric === 1 ? "" : `^(1/${cost.metric})`}`;
}
/** What is minimised, without what its value means. */
export const leastOf = (cost: Cost, epsilon: number): string => `min <C, P>${epsilon > 0 ? ` + ${epsilon} KL(P | a x b)` : ""}, C = ${cost.tex} (not halved)`;
