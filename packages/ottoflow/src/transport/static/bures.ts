/** Gaussians: Bures' formula, with the linear map, the quadratic potentials and the dual value they prove. */
import type { As, Coupling, Transport } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { expectLength } from "../../errors.ts";
import { bures2, gaussianMap, product } from "../../measure/bures.ts";
import { functionOf } from "../../numeric/dense.ts";
import { conventionOf } from "../certificate.ts";
import { powerOfFour, spanOf } from "../definite.ts";
import { checkCovariance } from "../sound.ts";

type Entries = ArrayLike<number>;

export const bures: Unit<"transport"> = defineTransport({
  kind: "bures",
  title: "Gaussians by Bures' formula",
  tex: String.raw`|m_1 - m_2|^2 + \operatorname{tr} S_1 + \operatorname{tr} S_2 - 2 \operatorname{tr} \big(S_1^{1/2} S_2 S_1^{1/2}\big)^{1/2}`,
  summary:
    "Transport between Gaussians for the squared distance in closed form: value, linear map T, quadratic potentials x^2 - x'Tx and y^2 - y'T^{-1}y. The dual value is computed from the potentials on its own, a lower bound whatever T is; the gap is rounding.",
  refs: ["gelbrich1990", "takatsu2011", "bhatia2019"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: () => ({
    label: "bures",
    answer: "exact",
    refuses,
    estimate: (p) => {
      const d = p.from.space.dim;
      return { work: 60 * d * d * d + 100, bytes: 100 * d * d };
    },
    // biome-ignore lint/correctness/useYield: one formula, nothing to wait for
    *solve(p) {
      return coupling(p);
    },
  }),
});
function refuses(p: Transport): string | null {
  if (p.from.rep !== "gaussian" || p.to.rep !== "gaussian") return "takes two Gaussians";
  if (p.cost.power !== 2) return "takes the squared distance only";
  if (p.epsilon > 0) return "knows no entropy";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  return null;
}

/** Where more of the value, or of the traces, may be rounding, the answer is not called optimal. */
const LOOSE = 1e-6;

/** A quadratic function x'Ax + 2 b'x + c. */
export interface Quadratic {
  readonly A: Float64Array;
  readonly b: Float64Array;
  readonly c: number;
}
/** Everything about the optimal transport of N(m1, S1) to N(m2, S2) for |x - y|^2. */
export interface GaussianTransport {
  readonly d: number;
  /** W_2^2 */
  readonly value: number;
  /** the part of the covariances: the squared Bures distance */
  readonly bures: number;
  /** a lower bound of W_2^2 from the potentials; -Infinity where rounding left the map of nearly singular covariances indefinite */
  readonly dual: number;
  /** what float64 can have done to value and dual */
  readonly rounding: number;
  /** symmetric positive definite; x goes to m2 + T (x - m1) */
  readonly T: Float64Array;
  /** f(x) + g(y) <= |x - y|^2 for all x and y */
  readonly potentials: readonly [Quadratic, Quadratic];
  /** largest entry of T S1 T - S2: how exactly the map hits its target */
  readonly miss: number;
  /** mean and covariance at time s of the geodesic, 0 <= s <= 1 */
  at(s: number): { readonly mean: Float64Array; readonly cov: Float64Array };
}

/**
 * W_2 between Gaussians, with all that belongs to it. Matrices [d * d] row by row, symmetric positive definite.
 * @throws {ShapeError | SpecError} on sizes that do not fit, and covariances that are not positive definite
 */
export function transportGaussians(m1: Entries, S1: Entries, m2: Entries, S2: Entries): GaussianTransport {
  const d = m1.length;
  expectLength("second mean", m2.length, d);
  for (const [name, S] of [
    ["first", S1],
    ["second", S2],
  ] as const)
    checkCovariance(`${name} covariance`, d, S);
  const unit = powerOfFour(0.5 * (traceOf(d, S1) + traceOf(d, S2)));
  const [A, B] = [S1, S2].map((S) => Float64Array.from(S, (v) => v / unit)) as [Float64Array, Float64Array];
  const T = gaussianMap(d, A, B);
  const span = spanOf(d, T);
  const definite = span < Number.POSITIVE_INFINITY;
  const back = definite ? functionOf(d, T, (v) => 1 / v) : gaussianMap(d, B, A);
  const gap = unit * bures2(d, A, B);
  let shift = 0;
  for (let k = 0; k < d; k++) shift += (m1[k]! - m2[k]!) * (m1[k]! - m2[k]!);
  const reached = product(d, T, product(d, S1, T));
  return {
    d,
    value: shift + gap,
    bures: gap,
    dual: definite ? shift + unit * (productTrace(d, residual(d, T), A) + productTrace(d, residual(d, back), B)) : Number.NEGATIVE_INFINITY,
    rounding:
      16 *
      d *
      Number.EPSILON *
      (shift + unit * ((1 + spanOf(d, A)) * (traceOf(d, A) + traceOf(d, B)) + span * Math.abs(productTrace(d, back, B)) + traceOf(d, back) * traceOf(d, B))),
    T,
    potentials: [quadratic(d, T, m1, m2), quadratic(d, back, m2, m1)],
    miss: reached.reduce((s, v, k) => Math.max(s, Math.abs(v - S2[k]!)), 0),
    at: (s) => between(d, m1, S1, m2, T, s),
  };
}
/** I - T */
function residual(d: number, T: Entries): Float64Array {
  return Float64Array.from({ length: d * d }, (_, e) => (e % (d + 1) === 0 ? 1 : 0) - T[e]!);
}
function traceOf(d: number, A: Entries): number {
  let s = 0;
  for (let k = 0; k < d; k++) s += A[k * d + k]!;
  return s;
}
/** tr(A B) of symmetric matrices */
function productTrace(d: number, A: Entries, B: Entries): number {
  let s = 0;
  for (let e = 0; e < d * d; e++) s += A[e]! * B[e]!;
  return s;
}
/** |x|^2 - (x - m)'T(x - m) - 2 other'(x - m) - m'other: the potential of the side with mean m; on the graph of the map both sum to |x - y|^2. */
function quadratic(d: number, T: Entries, m: Entries, other: Entries): Quadratic {
  const A = residual(d, T);
  const b = new Float64Array(d);
  let c = 0;
  for (let k = 0; k < d; k++) {
    let Tm = 0;
    for (let l = 0; l < d; l++) Tm += T[k * d + l]! * m[l]!;
    b[k] = Tm - other[k]!;
    c += m[k]! * other[k]! - m[k]! * Tm;
  }
  return { A, b, c };
}
/** (1 - s) id + s T pushed forward. */
function between(d: number, m1: Entries, S1: Entries, m2: Entries, T: Entries, s: number): { mean: Float64Array; cov: Float64Array } {
  const M = Float64Array.from({ length: d * d }, (_, e) => (e % (d + 1) === 0 ? 1 - s : 0) + s * T[e]!);
  return { mean: Float64Array.from({ length: d }, (_, k) => (1 - s) * m1[k]! + s * m2[k]!), cov: product(d, M, product(d, S1, M)) };
}

/** tr (A^{1/2} B A^{1/2})^{1/2} = sqrt(tr AB + 2 sqrt(det A det B)) of 2 x 2 matrices: a second route to Bures' distance. [bhatia2019] */
export function fidelity2(A: Entries, B: Entries): number {
  const det = (M: Entries): number => M[0]! * M[3]! - M[1]! * M[2]!;
  return Math.sqrt(productTrace(2, A, B) + 2 * Math.sqrt(Math.max(0, det(A) * det(B))));
}

function coupling(p: Transport): Coupling {
  const [a, b] = [p.from as As<"gaussian">, p.to as As<"gaussian">];
  const d = a.mean.length;
  const t = transportGaussians(a.mean, a.cov, b.mean, b.cov);
  const mass = 0.5 * (a.mass + b.mass);
  const value = mass * t.value;
  const dual = mass * t.dual;
  const rounding = mass * t.rounding;
  const size = Math.max(value, mass * (traceOf(d, a.cov) + traceOf(d, b.cov)));
  const known = rounding <= LOOSE * size && value - dual <= rounding + 1e-9 * size;
  return {
    solver: "bures",
    status: known ? "optimal" : "stalled",
    value,
    regularised: value,
    dual,
    gap: value - dual,
    rounding,
    certifies: "continuous",
    unregularised: { lower: dual, upper: value },
    defect: [0, mass * t.miss],
    potentials: null,
    plan: null,
    map: (n, x, out) => {
      for (let k = 0; k < d; k++)
        for (let i = 0; i < n; i++) {
          let y = b.mean[k]!;
          for (let l = 0; l < d; l++) y += t.T[k * d + l]! * (x[l * n + i]! - a.mean[l]!);
          out[k * n + i] = y;
        }
    },
    iterations: 1,
    convention: conventionOf(p.cost, 0),
    notes: [
      "The defect of the second side is the largest entry of T S1 T - S2. The potentials are quadratic functions: transportGaussians gives them.",
      ...(known ? [] : ["The covariances are so nearly singular that float64 leaves a map which proves no more than `dual`."]),
    ],
    figures: { bures: mass * t.bures },
  };
}
