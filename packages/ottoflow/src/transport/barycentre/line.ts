/** Barycentres on the line: quantile functions are averaged. [agueh2011] */
import type { As, Measure } from "../../contract.ts";
import { OttoflowError, specError } from "../../errors.ts";
import { type Pieces, piecesOf } from "../../measure/line.ts";
import { massOf } from "../../measure/rows.ts";
import { makeFree } from "../../space/euclidean.ts";
import { valueAt } from "../pieces.ts";
import { barycentreWeights, commonMass, expectMeasures } from "./weights.ts";

export interface LineBarycentre {
  /** atoms where all measures are atoms, quantile nodes where the average has no jump, a Gaussian of Gaussians; null where it has both densities and gaps: see `pieces` */
  readonly measure: As<"particles"> | As<"quantiles"> | As<"gaussian"> | null;
  /** its quantile function, except of Gaussians */
  readonly pieces: Pieces | null;
  /** sum_k w_k W_2^2(barycentre, measure_k): the least over all measures, by theorem */
  readonly value: number;
}

/**
 * The Wasserstein barycentre (p = 2) of measures on the line, exact in O(total nodes): Q = sum_k w_k Q_k. Weights default to equal.
 * @throws tagged errors on other dimensions, unequal masses, weights that are none, and Gaussians mixed with other storages
 */
export function barycentreOnLine(measures: readonly Measure[], weights?: ArrayLike<number>): LineBarycentre {
  expectMeasures(measures);
  const w = barycentreWeights(measures.length, weights);
  for (const [k, m] of measures.entries())
    if (m.space.dim !== 1) throw specError(`measures[${k}]`, `lives in dimension ${m.space.dim} when expected the line.`);
  const mass = commonMass(measures.map(massOf));
  if (measures.every((m) => m.rep === "gaussian")) return ofGaussians(measures, w, mass);
  const pieces = measures.map((m, k) => {
    const p = piecesOf(m);
    if (!p)
      throw new OttoflowError("UnsupportedError", `measures[${k}] is a Gaussian among other storages: store it on cells or quantile nodes first.`, {
        missing: ["pieces"],
      });
    return p;
  });
  const { average, value } = averaged(pieces, w);
  return { measure: stored(average, mass), pieces: average, value: mass * value };
}
function ofGaussians(measures: readonly As<"gaussian">[], w: Float64Array, mass: number): LineBarycentre {
  let [m, s, value] = [0, 0, 0];
  for (const [k, g] of measures.entries()) {
    m += w[k]! * g.mean[0]!;
    s += w[k]! * Math.sqrt(g.cov[0]!);
  }
  for (const [k, g] of measures.entries()) {
    const [dm, ds] = [g.mean[0]! - m, Math.sqrt(g.cov[0]!) - s];
    value += w[k]! * (dm * dm + ds * ds);
  }
  return {
    measure: { rep: "gaussian", space: measures[0]!.space, mean: Float64Array.of(m), cov: Float64Array.of(s * s), mass },
    pieces: null,
    value: mass * value,
  };
}

/** The weighted mean of piecewise linear quantile functions, and the weighted mean of squared distances to it. */
function averaged(all: readonly Pieces[], w: Float64Array): { average: Pieces; value: number } {
  const at = new Int32Array(all.length);
  const [level, left, right]: [number[], number[], number[]] = [[0], [], []];
  let value = 0;
  for (let from = 0; from < 1; ) {
    let to = 1;
    for (const [k, p] of all.entries()) {
      while (p.level[at[k]! + 1]! <= from) at[k] = at[k]! + 1;
      to = Math.min(to, p.level[at[k]! + 1]!);
    }
    const [l, r] = [all.map((p, k) => valueAt(p, at[k]!, from)), all.map((p, k) => valueAt(p, at[k]!, to))];
    const [ml, mr] = [mean(l, w), mean(r, w)];
    level.push(to);
    left.push(ml);
    right.push(mr);
    for (let k = 0; k < all.length; k++) {
      const [u, v] = [l[k]! - ml, r[k]! - mr];
      value += (w[k]! * (to - from) * (u * u + u * v + v * v)) / 3;
    }
    from = to;
  }
  return { average: { n: left.length, level: Float64Array.from(level), left: Float64Array.from(left), right: Float64Array.from(right) }, value };
}
const mean = (values: readonly number[], w: Float64Array): number => values.reduce((s, v, k) => s + w[k]! * v, 0);
function stored(p: Pieces, mass: number): LineBarycentre["measure"] {
  const space = makeFree(1);
  const atoms = p.left.every((v, i) => v === p.right[i]);
  if (atoms)
    return { rep: "particles", space, n: p.n, x: p.left, weight: Float64Array.from({ length: p.n }, (_, i) => mass * (p.level[i + 1]! - p.level[i]!)) };
  const scale = p.right[p.n - 1]! - p.left[0]!;
  for (let i = 1; i < p.n; i++) if (p.left[i]! - p.right[i - 1]! > 1e-14 * scale) return null;
  const x = new Float64Array(p.n + 1);
  x.set(p.left);
  x[p.n] = p.right[p.n - 1]!;
  return { rep: "quantiles", space, x, level: p.level, mass };
}
