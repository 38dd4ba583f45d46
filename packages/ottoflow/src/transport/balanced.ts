/**
 * What exact solvers solve: equal marginals over points with mass. Partial problems become balanced by one more point on either side that
 * takes, at no cost, what stays where it is; the answer is judged as the partial problem that was asked.
 */
import type { Cost, Coupling, Plan, Transport, TransportOptions, TransportProgress, Work } from "../contract.ts";
import { powi } from "../kernels/math.ts";
import { certified, componentsOf, conventionOf, costOf, cTransform, dot, type Found, leastOf } from "./certificate.ts";
import { keptCost, lifted } from "./lift.ts";
import { marginalsOf, sparsePlan } from "./plan.ts";
import { type Atoms, atomsOf, exactSum } from "./problem.ts";

export interface Balanced {
  readonly a: Atoms;
  readonly b: Atoms;
  /** between the kept points */
  readonly cost: Cost;
  /** masses of n points and the further one, if there is one */
  readonly supply: Float64Array;
  readonly demand: Float64Array;
  /** what stays unmatched of the first side goes to a further column, what stays of the second comes from a further row */
  readonly further: { readonly row: boolean; readonly column: boolean };
  /** mass of both sides with the further points */
  readonly mass: readonly [number, number];
}

/** why an exact solver of balanced problems cannot take it, or null */
export function refusesExact(p: Transport): string | null {
  if (p.epsilon > 0) return "carries no entropy: give epsilon 0";
  if (p.marginals.some((m) => m.kind === "kl")) return "has no marginals that bend: they must be equal, or at most the measures";
  if (![p.from, p.to].every((m) => m.rep === "particles" || m.rep === "cells")) return "needs measures made of points: particles or cells";
  if (p.cost.power === Number.POSITIVE_INFINITY) return "minimises a sum of costs, not the largest of them";
  return null;
}
/** why a solver that finds near pairs by trees cannot take it, or null */
export function refusesBetweenPoints(p: Transport): string | null {
  if (!isBalanced(p)) return "needs equal marginals";
  if (!(p.cost.power !== undefined && Number.isFinite(p.cost.power)) || p.cost.forbids)
    return "takes powers of the Euclidean distance only, and no forbidden pairs";
  return refusesExact(p);
}
/** What lists of near pairs cost a point, in nanoseconds as measured: two to three times more with every dimension, up to looking at all. */
export function listing(p: Transport): number {
  const points = sizeOf(p.from) + sizeOf(p.to);
  return Math.min(1500 * powi(2.6, p.from.space.dim), 15 * points + 10_000);
}
/** Pivots of a tree with many points on one side and few on the other move large parts of it: nanoseconds as measured. */
export function lopsided(p: Transport): number {
  const [few, many] = [sizeOf(p.from), sizeOf(p.to)].sort((x, y) => x - y) as [number, number];
  return (30 * many * many) / (1 + (few * few) / 25);
}
export const isBalanced = (p: Transport): boolean => p.marginals.every((m) => m.kind === "equal");
export const sizeOf = (m: Transport["from"]): number => (m.rep === "particles" ? m.n : m.rep === "cells" ? m.space.cells!.n : 0);

/** The balanced problem of p. The mass that a partial plan moves is the smaller of the two unless said. */
export function balancedOf(p: Transport): Balanced {
  const [a, b] = [atomsOf(p.from, "from"), atomsOf(p.to, "to")];
  const cost = keptCost(p.cost, a, b);
  const [first, second] = p.marginals;
  if (isBalanced(p)) return { a, b, cost, supply: a.weight, demand: b.weight, further: { row: false, column: false }, mass: [a.mass, b.mass] };
  const moved = first.kind === "equal" ? a.mass : second.kind === "equal" ? b.mass : (p.mass ?? Math.min(a.mass, b.mass));
  const [stays, comes] = [Math.max(0, a.mass - moved), Math.max(0, b.mass - moved)];
  const further = { row: comes > 0, column: stays > 0 };
  const supply = further.row ? appended(a.weight, comes) : a.weight;
  const demand = further.column ? appended(b.weight, stays) : b.weight;
  return { a, b, cost, supply, demand, further, mass: [exactSum(supply), exactSum(demand)] };
}
function appended(weight: Float64Array, one: number): Float64Array {
  const out = new Float64Array(weight.length + 1);
  out.set(weight);
  out[weight.length] = one;
  return out;
}
/** Row i of the balanced costs, further points included: they cost nothing but between themselves, where no mass may go. */
export function balancedRow({ a, b, cost, further }: Balanced, i: number, out: Float64Array): void {
  if (i < a.n) cost.row(i, a.n, a.x, b.n, b.x, out);
  else out.fill(0, 0, b.n);
  if (further.column) out[b.n] = i < a.n ? 0 : Number.POSITIVE_INFINITY;
}

/** What a solver of the balanced problem found, further points included. */
export interface BalancedFound extends Omit<Found, "plan" | "f"> {
  readonly from: ArrayLike<number>;
  readonly to: ArrayLike<number>;
  readonly mass: ArrayLike<number>;
  readonly f: Float64Array;
  /** needed where there is a further column */
  readonly g: Float64Array;
}
/** The certified answer to p as it was asked, between the points as they came. */
export function answered(p: Transport, balanced: Balanced, found: BalancedFound): Coupling {
  const { a, b, cost } = balanced;
  if (isBalanced(p))
    return lifted(certified(cost, a, b, { ...found, plan: sparsePlan(a.n, b.n, found.from, found.to, found.mass) }), p.cost, p.from, p.to, a, b);
  const kept = Array.from({ length: found.mass.length }, (_, e) => e).filter((e) => found.from[e]! < a.n && found.to[e]! < b.n);
  const of = (row: ArrayLike<number>): number[] => kept.map((e) => row[e]!);
  const plan = sparsePlan(a.n, b.n, of(found.from), of(found.to), of(found.mass));
  return lifted(certifiedPartial(p, balanced, { ...found, plan }), p.cost, p.from, p.to, a, b);
}

/**
 * With alpha and beta the prices of staying, f <= -alpha, g <= -beta and f + g <= c make sum a f + sum b g + alpha (mass left in a) + beta (mass
 * left in b) a lower bound of every plan that moves the mass: the linear program's dual. Both potentials are made feasible here. [caffarellimccann2010]
 */
function certifiedPartial(
  p: Transport,
  { a, b, cost, supply, demand, further }: Balanced,
  found: Omit<BalancedFound, "from" | "to" | "mass"> & Pick<Found, "plan">,
): Coupling {
  const alpha = further.column ? found.g[b.n]! : 0;
  const beta = further.row ? found.f[a.n]! : 0;
  const f = found.f.slice(0, a.n);
  if (further.column) for (let i = 0; i < a.n; i++) f[i] = Math.min(f[i]!, -alpha);
  const g = found.transform ? found.transform(f) : cTransform(cost, a, b, f);
  if (further.row) for (let j = 0; j < b.n; j++) g[j] = Math.min(g[j]!, -beta);
  const value = costOf(found.plan, cost, a, b);
  const dual = exactSum([dot(a.weight, f), dot(b.weight, g), further.column ? alpha * demand[b.n]! : 0, further.row ? beta * supply[a.n]! : 0]);
  const moved = marginalsOf(found.plan);
  const over = [a, b].map((side, k) =>
    exactSum(moved[k]!.map((v, i) => (p.marginals[k]!.kind === "equal" ? Math.abs(v - side.weight[i]!) : Math.max(0, v - side.weight[i]!)))),
  );
  return {
    solver: found.solver,
    status: found.status,
    value,
    regularised: value,
    dual,
    gap: value - dual,
    rounding: partialRounding(found.plan, value, [
      { of: a, potential: f, price: alpha, stays: further.column ? demand[b.n]! : 0 },
      { of: b, potential: g, price: beta, stays: further.row ? supply[a.n]! : 0 },
    ]),
    certifies: "discrete",
    unregularised: { lower: dual, upper: value },
    defect: [over[0]!, over[1]!],
    potentials: { f, g, components: componentsOf(found.plan), kind: "feasible" },
    plan: found.plan,
    iterations: found.iterations,
    // no root of this value is a distance
    convention: `${leastOf(cost, 0)}; mass ${Number(exactSum(moved[0]!).toPrecision(12))} is moved`,
    notes: found.notes ?? [],
    figures: { ...found.figures, moved: exactSum(moved[0]!) },
  };
}

/**
 * gapRounding, where mass that stays is paid at the prices of staying: what exceeds a marginal is rounding, at f + alpha, and so is what stays beyond what
 * should, at alpha.
 */
function partialRounding(
  plan: Plan,
  value: number,
  sides: readonly { readonly of: Atoms; readonly potential: Float64Array; readonly price: number; readonly stays: number }[],
): number {
  const moved = marginalsOf(plan);
  let s = 4 * Number.EPSILON * Math.abs(value);
  for (const [k, { of, potential, price, stays }] of sides.entries()) {
    s += Math.abs(price) * (4 * Number.EPSILON * of.mass + Math.min(Math.abs(of.mass - exactSum(moved[k]!) - stays), 1e-12 * of.mass));
    for (let i = 0; i < of.n; i++) {
      const size = Math.abs(potential[i]!);
      if (!(size < Number.POSITIVE_INFINITY)) continue;
      const over = Math.max(0, moved[k]![i]! - of.weight[i]!);
      s += size * 4 * Number.EPSILON * of.weight[i]! + Math.abs(potential[i]! + price) * Math.min(over, 1e-12 * of.mass);
    }
  }
  return s;
}

/** A side of equal marginal that is heavier than the other can take: null where all fits. */
export function tooHeavy(p: Transport, { a, b, cost }: Pick<Balanced, "a" | "b" | "cost">, solver: string): Coupling | null {
  const [first, second] = p.marginals;
  const over =
    first.kind === "equal" && a.mass > b.mass * (1 + 1e-9)
      ? [0, a.mass, b.mass]
      : second.kind === "equal" && b.mass > a.mass * (1 + 1e-9)
        ? [1, b.mass, a.mass]
        : null;
  if (!over) return null;
  const note = `The ${over[0] === 0 ? "first" : "second"} measure must be moved whole and has the mass ${over[1]}, of which the other side takes at most ${over[2]}.`;
  return { ...unsolved(solver, 0, conventionOf(cost, 0)), status: "infeasible", notes: [note] };
}
/** No plan avoids the forbidden pairs: the answer, with the points that cannot be served. */
export function infeasible(
  { a, b, cost }: Pick<Balanced, "a" | "b" | "cost">,
  solver: string,
  iterations: number,
  violator: { readonly rows: readonly number[]; readonly columns: readonly number[] },
): Coupling {
  const name = (side: Atoms, places: readonly number[]): string => {
    const shown = places
      .filter((i) => i < side.n)
      .slice(0, 12)
      .map((i) => side.index?.[i] ?? i);
    return `${shown.join(", ")}${places.length > shown.length ? ", …" : ""}`;
  };
  const further = violator.rows.some((i) => i >= a.n) || violator.columns.some((j) => j >= b.n);
  const note = further
    ? "The allowed pairs cannot carry the mass that is asked for."
    : `No plan avoids the forbidden pairs: the ${violator.rows.length} points ${name(a, violator.rows)} of the first side may only go to ${violator.columns.length === 0 ? "none" : `the ${violator.columns.length} points ${name(b, violator.columns)}`} of the second, which take less mass.`;
  return {
    ...unsolved(solver, iterations, conventionOf(cost, 0)),
    status: "infeasible",
    notes: [note],
    figures: { violatingRows: violator.rows.length, servingColumns: violator.columns.length },
  };
}
/** An answer without a plan: nothing is known but what its notes say. */
export function unsolved(solver: string, iterations: number, convention: string): Coupling {
  return {
    solver,
    status: "not-finite",
    value: Number.POSITIVE_INFINITY,
    regularised: Number.POSITIVE_INFINITY,
    dual: Number.NEGATIVE_INFINITY,
    gap: Number.POSITIVE_INFINITY,
    certifies: "discrete",
    defect: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    potentials: null,
    plan: null,
    iterations,
    convention,
    notes: [],
    figures: {},
  };
}

/** Points of which a plan of at-most marginals leaves mass where it is, with how much: places among the points as they came. */
export function unmatched(p: Transport, plan: NonNullable<Coupling["plan"]>): readonly { readonly index: Int32Array; readonly mass: Float64Array }[] {
  const moved = marginalsOf(plan);
  return [p.from, p.to].map((side, k) => {
    const { volume } = side.space.cells ?? {};
    const n = sizeOf(side);
    const given = (i: number): number => (side.rep === "particles" ? side.weight[i]! : side.rep === "cells" ? side.rho[i]! * volume![i]! : 0);
    const index = Int32Array.from({ length: n }, (_, i) => i).filter((i) => given(i) - moved[k]![i]! > 1e-12 * given(i));
    return { index, mass: Float64Array.from(index, (i) => given(i) - moved[k]![i]!) };
  });
}

/** The n x m balanced costs row by row; false where a cost that forbids nothing is not finite. */
export function fillTable(balanced: Balanced, costs: Float64Array): boolean {
  const [n, m] = [balanced.supply.length, balanced.demand.length];
  let finite = true;
  for (let i = 0; i < n; i++) {
    const row = costs.subarray(i * m, (i + 1) * m);
    balancedRow(balanced, i, row);
    if (i < balanced.a.n && !balanced.cost.forbids) for (let j = 0; j < balanced.b.n; j++) if (!(Math.abs(row[j]!) < Number.POSITIVE_INFINITY)) finite = false;
  }
  return finite;
}
/** Costs overflow: nothing was solved. */
export function notFinite(solver: string, cost: Cost): Coupling {
  return { ...unsolved(solver, 0, conventionOf(cost, 0)), notes: ["Costs between the points are beyond the numbers of float64. Scale the points."] };
}
/** Searches among pairs of equal cost needed more memory than there is. */
export function outOfRoom(solver: string, cost: Cost): Coupling {
  return {
    ...unsolved(solver, 0, conventionOf(cost, 0)),
    status: "stalled",
    notes: ["Lists of near pairs outgrew the memory. Take the network simplex method."],
  };
}
/** Turns of a kernel as the progress of a solver. */
export function* progressOf<R>(
  turns: Generator<{ readonly stage: string; readonly iteration: number; readonly fraction: number | null }, R, "stop" | undefined>,
): Work<TransportProgress, R> {
  let next = turns.next();
  while (!next.done) next = turns.next(yield { ...next.value, gap: null, defect: null });
  return next.value;
}
/** An exact solver must close its gap up to rounding: otherwise it says that it stalled. */
export function exactStatus(found: Coupling, options: TransportOptions): Coupling {
  if (found.status !== "optimal") return found;
  const scale = Math.max(Math.abs(found.value), Math.abs(found.dual), scaleOf(found));
  if (found.gap <= Math.max((options.tolerance ?? 1e-9) * scale, found.rounding ?? 0)) return found;
  return { ...found, status: Number.isFinite(found.gap) ? "stalled" : "not-finite", notes: [...found.notes, `The gap ${found.gap} is beyond rounding.`] };
}
/** Size of the numbers that were summed up to the value: mass times the largest potential. */
function scaleOf({ potentials, plan }: Coupling): number {
  if (!potentials || !plan) return 0;
  let most = 0;
  for (const row of [potentials.f, potentials.g]) for (let i = 0; i < row.length; i++) most = Math.max(most, Math.abs(row[i]!));
  return most * exactSum(plan.sparse!.mass);
}
