/** Discrepancies: quadratic forms of mu - nu. Energy distance by distribution functions on the line, sums over pairs and slices beyond. [szekely2013, gretton2012] */
import type { As, Coupling, Kernel, Measure, Rows, Sum, Transport } from "../contract.ts";
import { expectLength, OttoflowError, specError } from "../errors.ts";
import { exp, lgamma, log } from "../kernels/math.ts";
import { pairSum } from "../kernels/pairs.ts";
import { type Pieces, piecesOf } from "../measure/line.ts";
import { cholesky } from "../numeric/dense.ts";
import { sortedOrder } from "./order.ts";
import { type Atoms, atomsOf, exactSum } from "./problem.ts";
import { meanDistance } from "./quantile-plan.ts";
import { directionsOf } from "./slices.ts";

/** |x| = c_d E |<x, xi>| for xi uniform on the unit sphere of R^d: c_d = sqrt(pi) Gamma((d + 1) / 2) / Gamma(d / 2). */
export const slicingConstant = (d: number): number => exp(0.5 * log(Math.PI) + lgamma(0.5 * (d + 1)) - lgamma(0.5 * d));

/** sum_ij s_i s_j k(z_i, z_j) over both clouds, s = weights of the first and minus those of the second. */
function quadraticForm(a: Atoms, b: Atoms, sum: Sum): number {
  const { d } = a;
  const n = a.n + b.n;
  const z = new Float64Array(d * n);
  for (let k = 0; k < d; k++) {
    z.set(a.x.subarray(k * a.n, (k + 1) * a.n), k * n);
    z.set(b.x.subarray(k * b.n, (k + 1) * b.n), k * n + a.n);
  }
  const s = new Float64Array(n);
  s.set(a.weight);
  for (let j = 0; j < b.n; j++) s[a.n + j] = -b.weight[j]!;
  const out = new Float64Array(n);
  sum(n, z, n, z, s, out);
  for (let i = 0; i < n; i++) out[i] = out[i]! * s[i]!;
  return exactSum(out);
}

/**
 * Squared maximum mean discrepancy, iint k d(mu - nu) d(mu - nu): a distance squared for positive definite kernels, and for conditionally definite ones
 * between equal masses. All (n + m)^2 pairs. [gretton2012]
 * @throws {SpecError} where dimensions differ or the kernel is infinite at 0
 */
export function mmdSquared(kernel: Kernel, from: Measure, to: Measure): number {
  if (!kernel.finite) throw specError("kernel", `${kernel.tex} is infinite at 0: a discrepancy of atoms needs a finite kernel.`);
  const [a, b] = bothAtoms(from, to);
  return quadraticForm(a, b, kernel.sum);
}
function bothAtoms(from: Measure, to: Measure): readonly [Atoms, Atoms] {
  const [a, b] = [atomsOf(from, "from"), atomsOf(to, "to")];
  if (a.d !== b.d) throw specError("to", `lives in ${b.d} dimensions when the first measure lives in ${a.d}.`);
  return [a, b];
}
/** MMD^2 of the Gaussian kernel exp(-|x - y|^2 / 2 h^2) between atoms, by SIMD sums over all pairs. */
export function gaussianMmd(from: Measure, to: Measure, width: number): number {
  if (!(width > 0 && Number.isFinite(width))) throw specError("width", `got ${width} when expected a positive number.`);
  if (from.rep === "gaussian" && to.rep === "gaussian") return mmdOfGaussians(from, to, width);
  const [a, b] = bothAtoms(from, to);
  const law = { law: "gaussian", rate: 1 / (width * width) } as const;
  return quadraticForm(a, b, (n, x, m, y, w, out) => pairSum(law, 1, a.d, n, x, m, y, w, out));
}
/** E k(X, Y) = h^d det(h^2 + V)^{-1/2} exp(-dm'(h^2 + V)^{-1} dm / 2), V the sum of the covariances. */
function mmdOfGaussians(a: As<"gaussian">, b: As<"gaussian">, h: number): number {
  const d = a.mean.length;
  const mean = (p: As<"gaussian">, q: As<"gaussian">): number => {
    const M = Float64Array.from({ length: d * d }, (_, e) => p.cov[e]! + q.cov[e]! + (e % (d + 1) === 0 ? h * h : 0));
    const L = cholesky(d, M);
    let [det, square] = [1, 0];
    const u = new Float64Array(d);
    for (let i = 0; i < d; i++) {
      let s = p.mean[i]! - q.mean[i]!;
      for (let k = 0; k < i; k++) s -= L[i * d + k]! * u[k]!;
      u[i] = s / L[i * d + i]!;
      square += u[i]! * u[i]!;
      det *= h / L[i * d + i]!;
    }
    return p.mass * q.mass * det * exp(-0.5 * square);
  };
  return mean(a, a) + mean(b, b) - 2 * mean(a, b);
}

export interface EnergyDistance {
  /** 2 E|X - Y| - E|X - X'| - E|Y - Y'| */
  readonly value: number;
  /** over directions, 0 where nothing was sliced */
  readonly standardError: number;
  readonly how: string;
}
/**
 * Energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| (mass enters squared). On the line 2 int (F - G)^2, exact for all storages by sorting; beyond, all
 * pairs, or `slices` > 0 directions by sorting with the slicing constant, O(slices n log n). [szekely2013, hertrich2024]
 */
export function energyDistanceOf(from: Measure, to: Measure, slices = 0, seed = 1): EnergyDistance {
  expectLength("dimension of the second measure", to.space.dim, from.space.dim);
  if (from.space.dim === 1) return { value: onLine(from, to), standardError: 0, how: "2 int (F - G)^2 on the line, exact" };
  const [a, b] = bothAtoms(from, to);
  if (slices > 0) return overSlices(a, b, slices, seed);
  const value = -quadraticForm(a, b, (n, x, m, y, w, out) => pairSum({ law: "power", exponent: 1 }, 1, a.d, n, x, m, y, w, out));
  return { value, standardError: 0, how: `sums over all ${a.n + b.n}^2 pairs, exact` };
}
function onLine(from: Measure, to: Measure): number {
  if (from.rep === "gaussian" && to.rep === "gaussian") {
    const [s, t] = [from.cov[0]!, to.cov[0]!];
    const root = Math.SQRT2;
    const cross = 2 * from.mass * to.mass * meanDistance(from.mean[0]! - to.mean[0]!, Math.sqrt(s + t));
    return cross - from.mass * from.mass * meanDistance(0, root * Math.sqrt(s)) - to.mass * to.mass * meanDistance(0, root * Math.sqrt(t));
  }
  const [a, b] = [piecesOf(from), piecesOf(to)];
  if (!a || !b)
    throw new OttoflowError("UnsupportedError", "the energy distance of a Gaussian has a closed form against another Gaussian only; sample one of them.", {
      missing: ["atoms"],
    });
  const mass = from.rep === "quantiles" ? from.mass : atomsOf(from, "from").mass;
  return 2 * mass * mass * squaredGap(a, b);
}
/** int (F - G)^2 dx of normalised measures with piecewise linear distribution functions. */
export function squaredGap(a: Pieces, b: Pieces): number {
  const [F, G] = [distribution(a), distribution(b)];
  const both = new Float64Array(F.x.length + G.x.length);
  both.set(F.x);
  both.set(G.x, F.x.length);
  both.sort();
  let [s, i, j] = [0, 0, 0];
  for (let k = 1; k < both.length; k++) {
    const [lo, hi] = [both[k - 1]!, both[k]!];
    if (!(hi > lo)) continue;
    while (i < F.x.length && F.x[i]! <= lo) i++;
    while (j < G.x.length && G.x[j]! <= lo) j++;
    const u = levelAt(F, i, lo) - levelAt(G, j, lo);
    const v = levelAt(F, i, hi) - levelAt(G, j, hi);
    s += ((hi - lo) * (u * u + u * v + v * v)) / 3;
  }
  return s;
}
interface Distribution {
  /** [2 n] corners of the graph of F, in order */
  readonly x: Float64Array;
  readonly level: Float64Array;
}
function distribution(a: Pieces): Distribution {
  const x = new Float64Array(2 * a.n);
  const level = new Float64Array(2 * a.n);
  for (let i = 0; i < a.n; i++) {
    x[2 * i] = a.left[i]!;
    x[2 * i + 1] = a.right[i]!;
    level[2 * i] = a.level[i]!;
    level[2 * i + 1] = a.level[i + 1]!;
  }
  return { x, level };
}
/** F on the open segment before corner i. */
function levelAt({ x, level }: Distribution, i: number, at: number): number {
  if (i === 0) return 0;
  if (i === x.length) return 1;
  const width = x[i]! - x[i - 1]!;
  return level[i - 1]! + ((level[i]! - level[i - 1]!) * (at - x[i - 1]!)) / width;
}
function overSlices(a: Atoms, b: Atoms, slices: number, seed: number): EnergyDistance {
  const { d } = a;
  const directions = directionsOf(d, slices, seed);
  const c = slicingConstant(d);
  const each = new Float64Array(slices);
  const u = new Float64Array(a.n);
  const v = new Float64Array(b.n);
  for (let s = 0; s < slices; s++) {
    for (const [side, out] of [
      [a, u],
      [b, v],
    ] as const) {
      out.fill(0);
      for (let k = 0; k < d; k++) for (let i = 0; i < side.n; i++) out[i] = out[i]! + directions[k * slices + s]! * side.x[k * side.n + i]!;
    }
    each[s] = 2 * c * a.mass * a.mass * stepGap(a, u, b, v);
  }
  const value = exactSum(each) / slices;
  const variance = each.reduce((s, e) => s + (e - value) * (e - value), 0) / Math.max(1, slices - 1);
  return { value, standardError: Math.sqrt(variance / slices), how: `${slices} directions by sorting, times ${c}` };
}
/** int (F - G)^2 of atoms, normalised. */
function stepGap(a: Atoms, u: Rows, b: Atoms, v: Rows): number {
  const [r, s] = [sortedOrder(a.n, u), sortedOrder(b.n, v)];
  let [i, j, F, G, total] = [0, 0, 0, 0, 0];
  let at = Math.min(u[r[0]!]!, v[s[0]!]!);
  while (i < a.n || j < b.n) {
    const first = j >= b.n || (i < a.n && u[r[i]!]! <= v[s[j]!]!);
    const next = first ? u[r[i]!]! : v[s[j]!]!;
    total += (F - G) * (F - G) * (next - at);
    at = next;
    if (first) F += a.weight[r[i++]!]! / a.mass;
    else G += b.weight[s[j++]!]! / b.mass;
  }
  return total;
}

/** Why a discrepancy does not stand for this problem, or null. */
export function refusesDiscrepancy(p: Transport): string | null {
  if (p.cost.table || p.cost.circle) return "takes points of R^d, not a table of costs or a circle";
  if (p.epsilon > 0) return "knows no entropy";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  const reps = [p.from.rep, p.to.rep];
  for (const m of [p.from, p.to]) if (m.space.grid?.periodic.some((v) => v)) return "takes points of R^d; an axis here is periodic";
  if (reps.every((r) => r === "gaussian")) return null;
  if (reps.includes("gaussian")) return "takes a Gaussian only against another";
  return null;
}
/** The answer of a unit whose value is another distance. */
export function discrepancyAnswer(solver: string, value: number, error: number, convention: string, notes: readonly string[]): Coupling {
  return {
    solver,
    status: Number.isFinite(value) ? "optimal" : "not-finite",
    value,
    regularised: value,
    dual: value - error,
    gap: error,
    certifies: "discrete",
    defect: [0, 0],
    potentials: null,
    plan: null,
    iterations: 1,
    convention,
    notes,
    figures: {},
  };
}
export const countOf = (m: Measure): number => (m.rep === "particles" ? m.n : m.rep === "cells" ? m.space.cells!.n : m.rep === "quantiles" ? m.x.length : 1);
