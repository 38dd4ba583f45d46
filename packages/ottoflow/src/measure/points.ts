import type { Law, Rows } from "../contract.ts";
import { defineLaw, type Unit } from "../define.ts";
import { expectLength, specError } from "../errors.ts";
import { factorTex, pointTex } from "../formula/numerals.ts";
import { type Shared, shared, sharedOf } from "./law.ts";

/**
 * A sum of atoms, mass * sum_i w_i delta(x_i) with w normalised to sum one. Quantiles on the line, moments, draws (an atom by its weight).
 * Boxes are half-open, [lo, hi).
 * @param x [dim * n]
 * @param weight [n] relative weights, equal unless given
 * @throws {SpecError} on points that are not finite and on weights that are negative or sum to nothing
 */
export function pointsLaw(dim: number, n: number, x: Rows, weight?: ArrayLike<number>, values: Shared = {}): Law {
  expectLength("points", x.length, dim * n);
  if (n < 1) throw specError("points", "got no points; give at least one.");
  const bad = x.findIndex((v: number) => !Number.isFinite(v));
  if (bad >= 0) throw specError("points", `coordinate ${Math.floor(bad / n)} of point ${bad % n} is ${x[bad]}; give finite numbers.`);
  const base = sharedOf(values);
  const w = weightsOf(n, weight, base.mass);
  const order = once(() => Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => x[i]! - x[j]! || i - j));
  const cumulative = once(() => runningSums(n, (i) => w[i]! / base.mass));
  return {
    ...base,
    tex: atomsTex(dim, n, x, w, base.mass),
    dim,
    points: { n, x, weight: w },
    moments: pointMoments(dim, n, x, w, base.mass),
    boxMass: (m, lo, hi, out) => {
      for (let j = 0; j < m; j++) out[j] = slabMass(dim, n, x, w, order(), m, j, lo, hi);
    },
    draw: {
      uniforms: 1,
      map: (m, u, out) => {
        for (let j = 0; j < m; j++) {
          const i = Math.min(upperBound(cumulative(), u[j]!) - 1, n - 1);
          for (let k = 0; k < dim; k++) out[k * m + j] = x[k * n + i]!;
        }
      },
    },
    ...(dim === 1 ? { quantile: stepQuantile(n, x, w, base.mass, order) } : {}),
  };
}

/** Up to three atoms are written out, as parts of the normalised law. */
function atomsTex(dim: number, n: number, x: Rows, w: Rows, mass: number): string {
  const share = (i: number): number => w[i]! / mass;
  let equal = true;
  for (let i = 1; i < n; i++) equal &&= Math.abs(w[i]! - w[0]!) <= 1e-12 * w[0]!;
  if (n > 3) return equal ? `\\tfrac{1}{${n}} \\sum_{i=1}^{${n}} \\delta_{x_i}` : `\\sum_{i=1}^{${n}} w_i\\, \\delta_{x_i}`;
  const at = (i: number): string => `\\delta_{${pointTex(Array.from({ length: dim }, (_, k) => x[k * n + i]!))}}`;
  return Array.from({ length: n }, (_, i) => `${n === 1 ? "" : equal ? `\\tfrac{1}{${n}}` : factorTex(share(i))}${at(i)}`).join(" + ");
}

/** Built on first use: a million particles are stored without being sorted. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
/** [n + 1], from 0 */
function runningSums(n: number, term: (i: number) => number): Float64Array {
  const out = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) out[i + 1] = out[i]! + term(i);
  return out;
}

function weightsOf(n: number, weight: ArrayLike<number> | undefined, mass: number): Float64Array {
  if (!weight) return new Float64Array(n).fill(mass / n);
  expectLength("weights", weight.length, n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(weight[i]! >= 0 && weight[i]! < Number.POSITIVE_INFINITY)) throw specError("weights", `weight ${i} is ${weight[i]}; give finite numbers >= 0.`);
    total += weight[i]!;
  }
  if (!(total > 0)) throw specError("weights", "the weights sum to 0; give at least one positive weight.");
  return Float64Array.from(weight, (v) => (mass * v) / total);
}

/** First index whose value exceeds v. */
export function upperBound(sorted: ArrayLike<number>, v: number): number {
  let a = 0;
  let b = sorted.length;
  while (a < b) {
    const mid = (a + b) >>> 1;
    if (sorted[mid]! <= v) a = mid + 1;
    else b = mid;
  }
  return a;
}

/** Atoms in one half-open box: those of its first side by bisection, the other sides one by one. */
function slabMass(d: number, n: number, x: Rows, w: Float64Array, order: Uint32Array, m: number, j: number, lo: Rows, hi: Rows): number {
  let a = 0;
  let b = n;
  while (a < b) {
    const mid = (a + b) >>> 1;
    if (x[order[mid]!]! < lo[j]!) a = mid + 1;
    else b = mid;
  }
  let s = 0;
  for (let r = a; r < n; r++) {
    const i = order[r]!;
    if (x[i]! >= hi[j]!) break;
    let inside = true;
    for (let k = 1; k < d; k++) inside &&= x[k * n + i]! >= lo[k * m + j]! && x[k * n + i]! < hi[k * m + j]!;
    if (inside) s += w[i]!;
  }
  return s;
}

function stepQuantile(n: number, x: Rows, w: Float64Array, mass: number, order: () => Uint32Array): NonNullable<Law["quantile"]> {
  const sorted = once(() => runningSums(n, (r) => w[order()[r]!]! / mass).subarray(1));
  return (m, a, out) => {
    for (let j = 0; j < m; j++) out[j] = x[order()[Math.min(upperBound(sorted(), a[j]!), n - 1)]!]!;
  };
}

function pointMoments(d: number, n: number, x: Rows, w: Float64Array, mass: number): { mean: number[]; cov: number[] } {
  const mean = new Array<number>(d).fill(0);
  const cov = new Array<number>(d * d).fill(0);
  for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) mean[k]! += (w[i]! / mass) * x[k * n + i]!;
  for (let k = 0; k < d; k++)
    for (let l = 0; l <= k; l++) {
      let s = 0;
      for (let i = 0; i < n; i++) s += (w[i]! / mass) * (x[k * n + i]! - mean[k]!) * (x[l * n + i]! - mean[l]!);
      cov[k * d + l] = cov[l * d + k] = s;
    }
  return { mean, cov };
}

export const points: Unit<"law"> = defineLaw({
  kind: "points",
  title: "points with weights",
  tex: "\\sum_i w_i\\, \\delta_{x_i}",
  summary:
    "Atoms at given places. Particles take them as they are; cells count them, with half-open cells; the weights are relative and normalised to the mass.",
  refs: ["villani2003"],
  params: {
    points: { type: "points", doc: "one row of coordinates per point, or plain numbers on the line" },
    weights: { type: "numbers", optional: true, doc: "relative weights >= 0, equal unless given" },
    ...shared,
  },
  examples: [
    { dim: 1, params: { points: [-0.5, 0.1, 0.75] } },
    {
      dim: 2,
      params: {
        points: [
          [-0.5, 0],
          [0.4, 0.3],
          [0.2, -0.6],
        ],
        weights: [1, 2, 1],
      },
    },
  ],
  build: (values, { dim }) => {
    if (values.points.x.length !== dim * values.points.n)
      throw specError("points", `got ${values.points.x.length / values.points.n} coordinates per point when the space has ${dim}.`);
    return pointsLaw(dim, values.points.n, values.points.x, values.weights, values);
  },
});
