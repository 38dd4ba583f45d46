/**
 * Derivatives of balanced entropic transport. Of the value: by the envelope theorem, from plan and potentials alone. Of the potentials and the plan, where
 * asked: by implicit differentiation of both marginal conditions, a linear system with the Hessian of the dual, for one direction at a time. [eisenberger2022]
 */
import type { Coupling, Plan, Transport } from "../contract.ts";
import { expectLength, OttoflowError, specError } from "../errors.ts";
import { slopes } from "./entropic/slopes.ts";
import { marginalsOf } from "./plan.ts";
import { type Atoms, atomsOf } from "./problem.ts";

export interface EntropicGradient {
  /** of the regularised value in the positions of both sides, [d * n] and [d * m] */
  readonly positions: readonly [Float64Array, Float64Array];
  /** of the regularised value in the weights: f and g; masses must agree, so only differences within a side count */
  readonly weights: readonly [Float64Array, Float64Array];
}
/** @throws {UnsupportedError} where points were left out, where the cost has no gradient, or there are no entropic potentials */
export function entropicGradient(p: Transport, found: Coupling): EntropicGradient {
  const { a, b, f, g } = smooth(p, found);
  return { positions: [slopes(p.cost, a, b, f, g, p.epsilon), slopes(p.cost, b, a, g, f, p.epsilon)], weights: [f.slice(), g.slice()] };
}
function smooth(p: Transport, found: Coupling): { a: Atoms; b: Atoms; f: Float64Array; g: Float64Array } {
  const [a, b] = [atomsOf(p.from, "from"), atomsOf(p.to, "to")];
  const missing = [
    ...(found.potentials?.kind === "entropic" ? [] : ["entropic potentials"]),
    ...(a.index || b.index ? ["weights that are all positive"] : []),
    ...(p.marginals.every((m) => m.kind === "equal") ? [] : ["equal marginals"]),
  ];
  if (missing.length > 0) throw new OttoflowError("UnsupportedError", `Derivatives of entropic transport: need ${missing.join(" and ")}.`, { missing });
  return { a, b, f: found.potentials!.f, g: found.potentials!.g };
}

/** A direction in which the problem changes; what is left out stays. */
export interface Direction {
  /** [d * n] and [d * m] */
  readonly from?: Float64Array;
  readonly to?: Float64Array;
  /** [n] and [m]; the changes of both masses must agree */
  readonly fromWeight?: Float64Array;
  readonly toWeight?: Float64Array;
}
export interface PotentialDerivative {
  /** change of the potentials per unit of the direction; sum b g' = 0 fixes the constant */
  readonly f: Float64Array;
  readonly g: Float64Array;
  /** row(i, out): change of P_ij */
  readonly plan: Pick<Plan, "n" | "m" | "row">;
  readonly iterations: number;
  /** residual of the linear system, sums of |.| over both sides */
  readonly residual: number;
}
/**
 * Jacobian times vector: with C' the change of costs, a f' + P g' = (P o C') 1 - epsilon P (b'/b) and its mirror image, by conjugate gradients on
 * the Schur complement diag(b) - P' diag(1/a) P.
 * @throws {UnsupportedError | ShapeError | SpecError}
 */
export function potentialDerivative(p: Transport, found: Coupling, direction: Direction, tolerance = 1e-12): PotentialDerivative {
  const { a, b } = smooth(p, found);
  const plan = found.plan!;
  const [n, m] = [a.n, b.n];
  checkDirection(a, b, direction);
  const change = costChange(p, a, b, direction);
  const [ua, ub] = [relative(direction.fromWeight, a), relative(direction.toWeight, b)];
  const [rows, columns] = marginalsOf(plan);
  const right = rightSides(plan, change, ua, ub, p.epsilon);
  // eliminate f' = (r - P g') / rows
  const [u, v] = [new Float64Array(n), new Float64Array(m)];
  const apply = (g: Float64Array, out: Float64Array): void => {
    plan.push(1, g, u);
    for (let i = 0; i < n; i++) u[i] = u[i]! / rows[i]!;
    plan.pull(1, u, v);
    for (let j = 0; j < m; j++) out[j] = columns[j]! * g[j]! - v[j]!;
  };
  for (let i = 0; i < n; i++) u[i] = right.rows[i]! / rows[i]!;
  plan.pull(1, u, v);
  const s = right.columns.map((t, j) => t - v[j]!);
  const { x: g, iterations } = conjugateGradients(m, apply, s, columns, tolerance);
  let mean = 0;
  for (let j = 0; j < m; j++) mean += (b.weight[j]! * g[j]!) / b.mass;
  for (let j = 0; j < m; j++) g[j] = g[j]! - mean;
  plan.push(1, g, u);
  const f = right.rows.map((r, i) => (r - u[i]!) / rows[i]!);
  plan.pull(1, f, v);
  const residual = right.columns.reduce((t, r, j) => t + Math.abs(r - v[j]! - columns[j]! * g[j]!), 0);
  const costs = new Float64Array(m);
  return {
    f,
    g,
    plan: {
      n,
      m,
      row(i, out) {
        plan.row(i, out);
        change(i, costs);
        for (let j = 0; j < m; j++) out[j] = out[j]! * (ua[i]! + ub[j]! + (f[i]! + g[j]! - costs[j]!) / p.epsilon);
      },
    },
    iterations,
    residual,
  };
}
function checkDirection(a: Atoms, b: Atoms, { from, to, fromWeight, toWeight }: Direction): void {
  if (from) expectLength("direction of the first points", from.length, a.d * a.n);
  if (to) expectLength("direction of the second points", to.length, b.d * b.n);
  if (fromWeight) expectLength("direction of the first weights", fromWeight.length, a.n);
  if (toWeight) expectLength("direction of the second weights", toWeight.length, b.n);
  const sum = (w?: Float64Array): number => w?.reduce((s, v) => s + v, 0) ?? 0;
  if (Math.abs(sum(fromWeight) - sum(toWeight)) > 1e-10 * a.mass)
    throw specError("direction", `changes the masses by ${sum(fromWeight)} and ${sum(toWeight)} when expected by the same: the problem would have no plan.`);
}
const relative = (w: Float64Array | undefined, a: Atoms): Float64Array => Float64Array.from({ length: a.n }, (_, i) => (w ? w[i]! / a.weight[i]! : 0));

/** change(i, out): derivative of the costs of row i */
function costChange({ cost }: Transport, a: Atoms, b: Atoms, { from, to }: Direction): (i: number, out: Float64Array) => void {
  if (!from && !to) return (_, out) => void out.fill(0);
  if (!cost.gradient) throw new OttoflowError("UnsupportedError", `The cost ${cost.tex} has no gradient.`, { missing: ["gradient of the cost"] });
  const slope = new Float64Array(a.d * b.n);
  // costs of differences: the gradient in y is minus the one in x
  if (to && cost.power === undefined) throw new OttoflowError("UnsupportedError", "Moving the second points needs a cost |x - y|^p.", { missing: ["power"] });
  return (i, out) => {
    cost.gradient!(i, a.n, a.x, b.n, b.x, slope);
    out.fill(0);
    for (let k = 0; k < a.d; k++)
      for (let j = 0; j < b.n; j++) out[j] = out[j]! + slope[k * b.n + j]! * ((from ? from[k * a.n + i]! : 0) - (to ? to[k * b.n + j]! : 0));
  };
}
function rightSides(
  plan: Plan,
  change: (i: number, out: Float64Array) => void,
  ua: Float64Array,
  ub: Float64Array,
  epsilon: number,
): { rows: Float64Array; columns: Float64Array } {
  const { n, m } = plan;
  const [rows, columns] = [new Float64Array(n), new Float64Array(m)];
  const [p, c] = [new Float64Array(m), new Float64Array(m)];
  for (let i = 0; i < n; i++) {
    plan.row(i, p);
    change(i, c);
    for (let j = 0; j < m; j++) {
      const moved = p[j]! * c[j]!;
      rows[i] = rows[i]! + moved - epsilon * p[j]! * ub[j]!;
      columns[j] = columns[j]! + moved - epsilon * p[j]! * ua[i]!;
    }
  }
  return { rows, columns };
}
/** Preconditioned by the diagonal; the system is singular along constants and consistent. */
function conjugateGradients(
  m: number,
  apply: (x: Float64Array, out: Float64Array) => void,
  right: Float64Array,
  diagonal: Float64Array,
  tolerance: number,
): { x: Float64Array; iterations: number } {
  const x = new Float64Array(m);
  // rounding may leave a part along the constants, which no x can meet
  const excess = right.reduce((s, v) => s + v, 0) / diagonal.reduce((s, v) => s + v, 0);
  const r = right.map((v, j) => v - excess * diagonal[j]!);
  const z = r.map((v, j) => v / diagonal[j]!);
  const s = z.slice();
  const out = new Float64Array(m);
  const dot = (p: Float64Array, q: Float64Array): number => p.reduce((t, v, j) => t + v * q[j]!, 0);
  let rz = dot(r, z);
  const enough = tolerance * tolerance * rz;
  let iterations = 0;
  while (rz > enough && iterations < 4 * m + 100) {
    iterations++;
    apply(s, out);
    const curvature = dot(s, out);
    if (!(curvature > 0)) break;
    const alpha = rz / curvature;
    for (let j = 0; j < m; j++) {
      x[j] = x[j]! + alpha * s[j]!;
      r[j] = r[j]! - alpha * out[j]!;
      z[j] = r[j]! / diagonal[j]!;
    }
    const next = dot(r, z);
    for (let j = 0; j < m; j++) s[j] = z[j]! + (next / rz) * s[j]!;
    rz = next;
  }
  return { x, iterations };
}
