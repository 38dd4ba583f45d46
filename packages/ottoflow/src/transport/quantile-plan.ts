/** Measures on the line that have densities: the monotone plan between them by their quantile functions, exact for linear pieces and powers of the distance. [villani2003] */
import type { As, Coupling, Measure, Potentials, Rows, Transport } from "../contract.ts";
import { erf, exp, pow } from "../kernels/math.ts";
import { distanceOnLine } from "../measure/distance.ts";
import { type Pieces, piecesOf } from "../measure/line.ts";
import { gauss5 } from "../measure/quadrature.ts";
import { massOf } from "../measure/rows.ts";
import { conventionOf } from "./certificate.ts";
import { onCommonPieces, valueAt } from "./pieces.ts";
import { sparsePlan } from "./plan.ts";
import { linePotentials } from "./quantile-potentials.ts";

/** Mean of |r|^p over r linear from u to v; p = Infinity: the largest. */
export function meanPower(p: number, u: number, v: number): number {
  if (p === Number.POSITIVE_INFINITY) return Math.max(Math.abs(u), Math.abs(v));
  if (p === 2) return (u * u + u * v + v * v) / 3;
  const [small, large] = [Math.min(Math.abs(u), Math.abs(v)), Math.max(Math.abs(u), Math.abs(v))];
  if (large === 0) return 0;
  if (p === 1) return u * v >= 0 ? 0.5 * (small + large) : (u * u + v * v) / (2 * (small + large));
  if (u * v >= 0 && small > 0.9 * large) {
    let s = 0;
    for (let g = 0; g < gauss5.x.length; g++) s += gauss5.w[g]! * pow(Math.abs(u + (v - u) * 0.5 * (1 + gauss5.x[g]!)), p);
    return s;
  }
  // antiderivative r |r|^p / (p + 1): no cancellation unless both ends are close
  return (v * pow(Math.abs(v), p) - u * pow(Math.abs(u), p)) / ((p + 1) * (v - u));
}

/** The monotone coupling of two measures of which at least one is no sum of atoms. */
export function quantileCoupling(p: Transport, power: number): Coupling {
  const mass = 0.5 * (massOf(p.from) + massOf(p.to));
  const a = piecesOf(p.from);
  const b = piecesOf(p.to);
  if (!a || !b) return withGaussian(p, power as 1 | 2, mass);
  let value = 0;
  const entry = { from: [] as number[], to: [] as number[], mass: [] as number[] };
  onCommonPieces(a, b, (i, j, from, to) => {
    const mean = meanPower(power, valueAt(a, i, from) - valueAt(b, j, from), valueAt(a, i, to) - valueAt(b, j, to));
    value = power === Number.POSITIVE_INFINITY ? Math.max(value, mean) : value + mass * (to - from) * mean;
    entry.from.push(i);
    entry.to.push(j);
    entry.mass.push(mass * (to - from));
  });
  const far = Math.max(Math.abs(a.right[a.n - 1]! - b.left[0]!), Math.abs(b.right[b.n - 1]! - a.left[0]!));
  const rounding = 8 * Number.EPSILON * (power === Number.POSITIVE_INFINITY ? far : mass * pow(far, power));
  return {
    ...answer(p, value, Math.min(value, rounding)),
    plan: sparsePlan(a.n, b.n, entry.from, entry.to, entry.mass),
    map: mapBetween(a, b),
    potentials: Number.isFinite(power) ? potentialsAt(p, a, b, power, entry) : null,
    notes: [
      "Cells and quantile nodes stand for densities here: the plan says how much of each piece goes to which, the value is that of the densities. The monotone coupling is optimal by theorem; the gap is rounding.",
    ],
  };
}
/** At the centres of cells, at quantile nodes, at atoms. */
function potentialsAt(p: Transport, a: Pieces, b: Pieces, power: number, entry: { from: number[]; to: number[] }): Potentials {
  const { f, g } = linePotentials(a, b, power);
  let components = 1;
  for (let e = 1; e < entry.from.length; e++) if (entry.from[e] !== entry.from[e - 1] && entry.to[e] !== entry.to[e - 1]) components++;
  return { f: Float64Array.from(nodesOf(p.from), f), g: Float64Array.from(nodesOf(p.to), g), components, kind: "feasible" };
}
function nodesOf(m: Measure): Rows {
  if (m.rep === "cells") return m.space.cells!.centre;
  return (m as As<"particles"> | As<"quantiles">).x;
}
function answer(p: Transport, value: number, gap: number): Coupling {
  return {
    solver: "line",
    status: "optimal",
    value,
    regularised: value,
    dual: value - gap,
    gap,
    certifies: "continuous",
    unregularised: { lower: value - gap, upper: value },
    defect: [0, 0],
    potentials: null,
    plan: null,
    iterations: 1,
    convention: conventionOf(p.cost, 0),
    notes: [],
    figures: {},
  };
}
function withGaussian(p: Transport, power: 1 | 2, mass: number): Coupling {
  if (p.from.rep === "gaussian" && p.to.rep === "gaussian") {
    const dm = p.from.mean[0]! - p.to.mean[0]!;
    const ds = Math.sqrt(p.from.cov[0]!) - Math.sqrt(p.to.cov[0]!);
    const value = mass * (power === 2 ? dm * dm + ds * ds : meanDistance(dm, Math.abs(ds)));
    return {
      ...answer(p, value, 8 * Number.EPSILON * value),
      map: gaussianMap(p.from, p.to),
      notes: ["Two Gaussians on the line: X - Y is Gaussian along the monotone coupling."],
    };
  }
  const d = distanceOnLine(power, p.from, p.to);
  const value = power === 1 ? d.value : d.value * d.value;
  const upper = power === 1 ? d.value + d.error : (d.value + d.error) * (d.value + d.error);
  const lower = power === 1 ? Math.max(0, d.value - d.error) : Math.max(0, d.value - d.error) * Math.max(0, d.value - d.error);
  return {
    ...answer(p, value, value - lower),
    regularised: value,
    unregularised: { lower, upper },
    notes: [`Quantile functions: ${d.because}. The gap is the estimate of the quadrature's error, not a bound.`],
    figures: { mass, error: d.error },
  };
}

/** E|N(m, s^2)| */
export function meanDistance(m: number, s: number): number {
  if (s === 0) return Math.abs(m);
  const z = m / (s * Math.SQRT2);
  return s * Math.sqrt(2 / Math.PI) * exp(-z * z) + m * erf(z);
}
function gaussianMap(a: As<"gaussian">, b: As<"gaussian">): NonNullable<Coupling["map"]> {
  const scale = Math.sqrt(b.cov[0]! / a.cov[0]!);
  return (n, x, out) => {
    for (let q = 0; q < n; q++) out[q] = b.mean[0]! + scale * (x[q]! - a.mean[0]!);
  };
}

/** T = G^{-1} o F: atoms of the first side take the middle of their levels. */
function mapBetween(a: Pieces, b: Pieces): NonNullable<Coupling["map"]> {
  return (n, x, out) => {
    for (let q = 0; q < n; q++) out[q] = quantileAt(b, levelAt(a, x[q]!));
  };
}
function levelAt(a: Pieces, x: number): number {
  let lo = 0;
  let hi = a.n; // pieces before lo end left of x, pieces from hi on begin right of it
  while (lo < hi) {
    const k = (lo + hi) >> 1;
    if (a.right[k]! < x) lo = k + 1;
    else hi = k;
  }
  if (lo === a.n) return 1;
  const [l, r] = [a.left[lo]!, a.right[lo]!];
  if (x < l) return a.level[lo]!;
  if (l < r) return a.level[lo]! + ((a.level[lo + 1]! - a.level[lo]!) * (x - l)) / (r - l);
  let end = lo;
  while (end < a.n && a.right[end]! === x && a.left[end]! === x) end++;
  return 0.5 * (a.level[lo]! + a.level[end]!);
}
function quantileAt(b: Pieces, level: number): number {
  let lo = 0;
  let hi = b.n - 1;
  while (lo < hi) {
    const k = (lo + hi) >> 1;
    if (b.level[k + 1]! < level) lo = k + 1;
    else hi = k;
  }
  return valueAt(b, lo, level);
}

/** Why these measures on the line have no monotone plan here (goes on from "the solver …"), or null. */
export function refusesQuantiles(p: Transport): string | null {
  const power = p.cost.power;
  if (power === undefined) return "integrates powers of the distance between densities; store both measures as particles for another convex cost";
  const gaussian = p.from.rep === "gaussian" || p.to.rep === "gaussian";
  if (gaussian && power !== 1 && power !== 2) return "integrates the quantiles of a Gaussian for p = 1 and p = 2 only";
  for (const m of [p.from, p.to]) if (periodic(m)) return "takes the line; this axis is periodic. Take a circle cost";
  return null;
}
const periodic = (m: Measure): boolean => m.space.grid?.periodic[0] === true;
