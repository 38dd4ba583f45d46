/**
 * Hellinger and Kantorovich (Wasserstein, Fisher and Rao): mass moves and changes. Between atoms everything is plane geometry: mass m at x is the point at
 * radius sqrt(m) and angle x / (2 delta) of a cone, and masses farther than pi delta apart do not see each other. [liero2018, chizat2018]
 */
import type { As, Cost, Coupling, Measure, Plan, Rows, Transport } from "../../contract.ts";
import { expectLength, expectNames, OttoflowError, specError } from "../../errors.ts";
import { atan2, cos, expm1, log, sin } from "../../kernels/math.ts";
import { makeFree } from "../../space/euclidean.ts";
import { entriesOf, marginalsOf, sparsePlan } from "../plan.ts";
import { atomsOf, transportProblem } from "../problem.ts";
import { type Curve, checkTime } from "./curve.ts";

const atHalf = Math.PI / 2;
function checkLength(delta: number): number {
  if (!(delta > 0 && Number.isFinite(delta))) throw specError("delta", `got ${delta} when expected a positive length.`);
  return delta;
}
const checkMass = (name: string, m: number): void => {
  if (!(m >= 0 && Number.isFinite(m))) throw specError(name, `got ${m} when expected a mass of at least 0.`);
};

/** HK^2(a delta_x, b delta_y) = a + b - 2 sqrt(ab) cos(min(|x - y|, pi/2)), by the sum of squares that keeps its digits. */
export function hkOfDiracs(a: number, b: number, distance: number): number {
  checkMass("a", a);
  checkMass("b", b);
  if (!(distance >= 0)) throw specError("distance", `got ${distance} when expected at least 0.`);
  const [r, s] = [Math.sqrt(a), Math.sqrt(b)];
  const h = sin(0.5 * Math.min(distance, atHalf));
  return (r - s) * (r - s) + 4 * r * s * h * h;
}
/** WFR_delta^2 with the action 1/2 |v|^2 + delta^2 / 2 g^2: 2 delta^2 HK^2 at distances divided by 2 delta. */
export function wfrOfDiracs(a: number, b: number, distance: number, delta = 1): number {
  return 2 * checkLength(delta) * delta * hkOfDiracs(a, b, distance / (2 * delta));
}

/** Square of cos(min(r, pi/2)) as a cost: -2 log cos r, and +Infinity from pi/2 on: such pairs are forbidden. Distances are divided by `scale`. */
export function hkCost(scale = 1): Cost {
  if (!(scale > 0 && Number.isFinite(scale))) throw specError("scale", `got ${scale} when expected a positive length.`);
  const at = (i: number, j: number, n: number, x: Rows, m: number, y: Rows): number => {
    let s = 0;
    for (let k = 0; k < x.length / n; k++) {
      const z = (x[k * n + i]! - y[k * m + j]!) / scale;
      s += z * z;
    }
    const r = Math.sqrt(s);
    return r < atHalf ? -2 * log(cos(r)) : Number.POSITIVE_INFINITY;
  };
  return {
    tex: scale === 1 ? "-2 \\log \\cos |x - y|" : `-2 \\log \\cos (|x - y| / ${scale})`,
    forbids: true,
    at,
    row: (i, n, x, m, y, out) => {
      for (let j = 0; j < m; j++) out[j] = at(i, j, n, x, m, y);
    },
  };
}
/**
 * HK^2 as an optimal entropy-transport problem: min <C, P> + KL(P_1 | a) + KL(P_2 | b) with C = hkCost. Its value (`Coupling.regularised`) is HK^2; with
 * `delta` it is WFR_delta^2 / (2 delta^2). An epsilon > 0 adds entropy for solvers that need it. [liero2018]
 */
export function hkProblem(from: Measure, to: Measure, options: { readonly delta?: number; readonly epsilon?: number } = {}): Transport {
  expectNames("Hellinger and Kantorovich's problem", options, ["delta", "epsilon", "couple"]);
  const scale = options.delta === undefined ? 1 : 2 * checkLength(options.delta);
  return transportProblem({ from, to, cost: hkCost(scale), marginals: { kind: "kl", weight: 1 }, epsilon: options.epsilon ?? 0 });
}

export interface HkBounds {
  /** HK^2 lies between, by this plan and these potentials */
  readonly lower: number;
  readonly upper: number;
}
/**
 * Judges a plan and a potential of the first side for HK^2, whoever found them: the plan costs <C, P> + KL(P_1 | a) + KL(P_2 | b), the potentials prove
 * sum a (1 - e^{-f}) + sum b (1 - e^{-g}) with g the c-transform of f.
 */
export function hkBounds(p: Transport, plan: Plan, f: Float64Array): HkBounds {
  const [a, b] = [atomsOf(p.from, "from"), atomsOf(p.to, "to")];
  expectLength("rows of the plan", plan.n, a.n);
  expectLength("columns of the plan", plan.m, b.n);
  expectLength("f", f.length, a.n);
  for (const [i, v] of f.entries()) if (!(v > Number.NEGATIVE_INFINITY)) throw specError(`f[${i}]`, `got ${v} when expected a potential.`);
  const [p1, p2] = marginalsOf(plan);
  const { from, to, mass } = entriesOf(plan);
  let upper = relativeEntropy(p1, a.weight) + relativeEntropy(p2, b.weight);
  for (let e = 0; e < mass.length; e++) upper += mass[e]! * p.cost.at(from[e]!, to[e]!, a.n, a.x, b.n, b.x);
  const g = new Float64Array(b.n).fill(Number.POSITIVE_INFINITY);
  const row = new Float64Array(b.n);
  for (let i = 0; i < a.n; i++) {
    p.cost.row(i, a.n, a.x, b.n, b.x, row);
    for (let j = 0; j < b.n; j++) if (row[j]! < Number.POSITIVE_INFINITY) g[j] = Math.min(g[j]!, row[j]! - f[i]!);
  }
  let lower = 0;
  for (let i = 0; i < a.n; i++) lower -= a.weight[i]! * expm1(-f[i]!);
  for (let j = 0; j < b.n; j++) lower -= b.weight[j]! * expm1(-g[j]!);
  return { lower, upper };
}
function relativeEntropy(p: Float64Array, a: Float64Array): number {
  return p.reduce((s, v, i) => s + (v > 0 ? v * log(v / a[i]!) : 0) - v + a[i]!, 0);
}

export interface HkAnswer extends HkBounds {
  /** between the points as they came; none between points without a partner nearer than the angle pi/2 */
  readonly plan: Plan;
  /** points without any partner: their mass dies or is born where it stands */
  readonly alone: readonly [from: number, to: number];
  readonly geodesic: HkGeodesic;
  readonly coupling: Coupling | null;
}
/**
 * HK^2 between clouds by any solver of marginals drawn by KL (`solve` of hkProblem, at a small epsilon), bracketed without entropy; points that reach nobody
 * are settled beforehand. All points need mass.
 */
export async function hellingerKantorovich(
  from: As<"particles">,
  to: As<"particles">,
  options: { readonly couple: (p: Transport) => Coupling | Promise<Coupling>; readonly delta?: number; readonly epsilon?: number },
): Promise<HkAnswer> {
  if (typeof options.couple !== "function") throw specError("couple", "is missing: a solver of marginals drawn by KL, such as (problem) => solve(problem).");
  const whole = hkProblem(from, to, options);
  const [a, b] = [atomsOf(from, "from"), atomsOf(to, "to")];
  if (a.index || b.index) throw specError("weights", "some are zero: leave such points out.");
  const reach = (i: number, j: number): boolean => whole.cost.at(i, j, a.n, a.x, b.n, b.x) < Number.POSITIVE_INFINITY;
  const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
  const rows = indices(a.n).filter((i) => indices(b.n).some((j) => reach(i, j)));
  const columns = indices(b.n).filter((j) => rows.some((i) => reach(i, j)));
  const f = new Float64Array(a.n).fill(Number.POSITIVE_INFINITY);
  let plan: Plan = sparsePlan(a.n, b.n, [], [], []);
  let coupling: Coupling | null = null;
  if (rows.length > 0) {
    coupling = await couple(options.couple, hkProblem(subcloud(from, rows), subcloud(to, columns), options));
    const entries = entriesOf(coupling.plan!);
    plan = sparsePlan(
      a.n,
      b.n,
      entries.from.map((i) => rows[i]!),
      entries.to.map((j) => columns[j]!),
      entries.mass,
    );
    for (const [k, i] of rows.entries()) f[i] = coupling.potentials!.f[k]!;
  }
  const alone = [a.n - rows.length, b.n - columns.length] as const;
  return { ...hkBounds(whole, plan, f), plan, alone, geodesic: hkGeodesic(from, to, plan, options), coupling };
}
async function couple(solver: (p: Transport) => Coupling | Promise<Coupling>, p: Transport): Promise<Coupling> {
  const found = await solver(p);
  if (found.plan && found.potentials) return found;
  throw new OttoflowError("UnsupportedError", `the solver "${found.solver}" ended ${found.status} without a plan and potentials.`, {
    missing: ["plan", "potentials"],
  });
}
function subcloud(m: As<"particles">, keep: readonly number[]): As<"particles"> {
  const d = m.space.dim;
  const n = keep.length;
  const x = new Float64Array(d * n);
  for (let k = 0; k < d; k++) for (const [i, old] of keep.entries()) x[k * n + i] = m.x[k * m.n + old]!;
  return { rep: "particles", space: m.space, n, x, weight: Float64Array.from(keep, (i) => m.weight[i]!) };
}

/** One travelling, growing or shrinking atom of the cone: mass and share of the way at time t. */
function onCone(a: number, b: number, angle: number, t: number): { mass: number; share: number } {
  const [r, s] = [(1 - t) * Math.sqrt(a), t * Math.sqrt(b)];
  const [x, y] = [r + s * cos(angle), s * sin(angle)];
  return { mass: x * x + y * y, share: angle > 0 ? atan2(y, x) / angle : t };
}

export interface HkGeodesic extends Curve {
  /** HK^2 of the plan that the curve follows */
  readonly value: number;
}
/**
 * The curve between atoms that follows a plan of the entropy-transport problem: matched mass travels on straight lines of the cone, a pair of masses
 * a_i P_ij / P_i and b_j P_ij / P_j; mass without partner shrinks as (1 - t)^2 or grows as t^2. A geodesic where the plan is optimal. [liero2018]
 */
export function hkGeodesic(from: Measure, to: Measure, plan: Plan, options: { readonly delta?: number } = {}): HkGeodesic {
  const scale = options.delta === undefined ? 1 : 2 * checkLength(options.delta);
  const [a, b] = [atomsOf(from, "from"), atomsOf(to, "to")];
  const { d } = a;
  expectLength("rows of the plan", plan.n, a.n);
  expectLength("columns of the plan", plan.m, b.n);
  const [p1, p2] = marginalsOf(plan);
  const { from: I, to: J, mass } = entriesOf(plan);
  const angle = Float64Array.from(mass, (_, e) => {
    let s = 0;
    for (let k = 0; k < d; k++) {
      const z = (a.x[k * a.n + I[e]!]! - b.x[k * b.n + J[e]!]!) / scale;
      s += z * z;
    }
    return Math.sqrt(s);
  });
  for (const [e, r] of angle.entries())
    if (!(r < atHalf + 1e-12)) throw specError("plan", `matches points ${I[e]} and ${J[e]} at the angle ${r}: beyond pi/2 mass is not transported.`);
  const starts = Float64Array.from(mass, (m, e) => (a.weight[I[e]!]! * m) / p1[I[e]!]!);
  const ends = Float64Array.from(mass, (m, e) => (b.weight[J[e]!]! * m) / p2[J[e]!]!);
  const dying = Array.from(a.weight, (_, i) => i).filter((i) => p1[i] === 0);
  const born = Array.from(b.weight, (_, j) => j).filter((j) => p2[j] === 0);
  let value = dying.reduce((s, i) => s + a.weight[i]!, 0) + born.reduce((s, j) => s + b.weight[j]!, 0);
  for (let e = 0; e < mass.length; e++) value += hkOfDiracs(starts[e]!, ends[e]!, angle[e]!);
  const n = mass.length + dying.length + born.length;
  return {
    label: "Hellinger-Kantorovich geodesic",
    value,
    at(t): As<"particles"> {
      checkTime(t);
      const x = new Float64Array(d * n);
      const weight = new Float64Array(n);
      for (let e = 0; e < mass.length; e++) {
        const c = onCone(starts[e]!, ends[e]!, angle[e]!, t);
        weight[e] = c.mass;
        for (let k = 0; k < d; k++) x[k * n + e] = (1 - c.share) * a.x[k * a.n + I[e]!]! + c.share * b.x[k * b.n + J[e]!]!;
      }
      let at = mass.length;
      for (const [side, points, factor] of [
        [a, dying, (1 - t) * (1 - t)],
        [b, born, t * t],
      ] as const)
        for (const i of points) {
          weight[at] = factor * side.weight[i]!;
          for (let k = 0; k < d; k++) x[k * n + at] = side.x[k * side.n + i]!;
          at++;
        }
      return { rep: "particles", space: makeFree(d), n, x, weight };
    },
  };
}
