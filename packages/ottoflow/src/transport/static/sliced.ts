/** Sliced Wasserstein: the mean over directions of the transport between projections. */
import type { Coupling, Measure, Transport, TransportProgress, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { specError } from "../../errors.ts";
import { type Atoms, atomsOf, type TransportInput, transportProblem } from "../problem.ts";
import { directionsOf, slicer } from "../slices.ts";

export const sliced: Unit<"transport"> = defineTransport({
  kind: "sliced",
  title: "sliced Wasserstein",
  tex: String.raw`\mathrm{SW}_p^p = \int_{S^{d-1}} W_p^p(\theta_\# \mu, \theta_\# \nu)\, d\theta`,
  summary:
    "The mean over directions of W_p^p between the projections on the line, each by sorting. Another distance than W_p: never larger. The value carries the standard error over the directions; the largest slice is a lower bound of W_p^p.",
  refs: ["rabin2011", "bonneel2015"],
  params: {
    slices: { type: "integer", default: 256, min: 2, max: 1000000, doc: "directions" },
    seed: { type: "integer", default: 1, doc: "of the directions" },
  },
  examples: [{ dim: 2, params: {} }],
  build: ({ slices, seed }) => ({
    label: "sliced",
    answer: "other-distance",
    refuses: refusesSlices,
    estimate: (p) => {
      const n = sizeOf(p.from) + sizeOf(p.to);
      return { work: slices * n * (30 + 3 * p.from.space.dim), bytes: 60 * n };
    },
    *solve(p) {
      const a = atomsOf(p.from, "from");
      const b = atomsOf(p.to, "to");
      return answerOf(p, a, yield* slicesOf(a, b, p.cost.power!, slices, seed));
    },
  }),
});
/** Why points cannot be projected for this problem, or null. */
export function refusesSlices(p: Transport): string | null {
  const power = p.cost.power;
  if (power === undefined || !Number.isFinite(power)) return "takes powers |x - y|^p of the Euclidean distance";
  if (p.epsilon > 0) return "knows no entropy";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  for (const m of [p.from, p.to]) {
    if (m.rep !== "particles" && m.rep !== "cells") return `takes atoms, not ${m.rep}`;
    if (m.space.grid?.periodic.some((v) => v)) return "projects points of R^d; an axis here is periodic";
  }
  return null;
}
export const sizeOf = (m: Measure): number => (m.rep === "particles" ? m.n : (m.space.cells?.n ?? 0));

export interface Slices {
  /** SW_p^p */
  readonly value: number;
  /** of the value over independent directions; the directions here are spread more evenly in up to 12 dimensions, so the error is rather smaller */
  readonly standardError: number;
  /** W_p^p of each slice */
  readonly costs: Float64Array;
  /** [d * slices] */
  readonly directions: Float64Array;
  readonly largest: number;
}
function* slicesOf(a: Atoms, b: Atoms, p: number, slices: number, seed: number): Work<TransportProgress, Slices> {
  const { d } = a;
  const K = d === 1 ? 1 : slices;
  const directions = d === 1 ? Float64Array.of(1) : directionsOf(d, K, seed);
  const room = slicer(a, b, p);
  const costs = new Float64Array(K);
  const theta = new Float64Array(d);
  let done = 0;
  while (done < K) {
    for (let k = 0; k < d; k++) theta[k] = directions[k * K + done]!;
    costs[done++] = room.cost(theta);
    if ((done * (a.n + b.n)) % 100000 < a.n + b.n && done > 1)
      if ((yield { stage: "slices", iteration: done, gap: null, defect: null, fraction: done / K }) === "stop") break;
  }
  const seen = costs.subarray(0, done);
  const value = seen.reduce((s, v) => s + v, 0) / done;
  const variance = seen.reduce((s, v) => s + (v - value) * (v - value), 0) / Math.max(1, done - 1);
  return { value, standardError: Math.sqrt(variance / done), costs: seen.slice(), directions, largest: seen.reduce((s, v) => Math.max(s, v), 0) };
}

function answerOf(p: Transport, a: Atoms, s: Slices): Coupling {
  const power = p.cost.power!;
  const gap = a.d === 1 ? 0 : 3 * s.standardError;
  return {
    solver: "sliced",
    status: "optimal",
    value: s.value,
    regularised: s.value,
    dual: s.value - gap,
    gap,
    certifies: "discrete",
    unregularised: { lower: s.largest, upper: Number.POSITIVE_INFINITY },
    defect: [0, 0],
    potentials: null,
    plan: null,
    iterations: s.costs.length,
    convention: `SW_${power}^${power}: mean of W_${power}^${power} over directions of the unit sphere (not halved, not multiplied by the dimension); SW_${power} = value^(1/${power})`,
    notes: [
      `The sliced distance, not W_${power}: the gap is three standard errors over ${s.costs.length} directions, statistical and no bound. W_${power}^${power} itself is at least the largest slice, ${s.largest}.`,
    ],
    figures: { standardError: s.standardError, largest: s.largest, slices: s.costs.length },
  };
}

export interface SlicedOptions extends Pick<TransportInput, "from" | "to"> {
  /** 2 unless said */
  readonly p?: number;
  readonly slices?: number;
  readonly seed?: number;
}
/**
 * Sliced Wasserstein distance to the power p between two clouds, with its standard error.
 * @throws {SpecError | UnsupportedError} as `solve` does
 */
export function slicedTransport({ from, to, p = 2, slices = 256, seed = 1 }: SlicedOptions): Slices {
  const { a, b } = sides(from, to, p, slices);
  const work = slicesOf(a, b, p, slices, seed);
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
/** Gradient of SW_p^p in the positions of the first cloud's points with mass, [d * n]: exact for the directions used. */
export function slicedGradient({ from, to, p = 2, slices = 256, seed = 1 }: SlicedOptions): { readonly value: number; readonly gradient: Float64Array } {
  const { a, b } = sides(from, to, p, slices);
  const K = a.d === 1 ? 1 : slices;
  const directions = a.d === 1 ? Float64Array.of(1) : directionsOf(a.d, K, seed);
  const room = slicer(a, b, p);
  const gradient = new Float64Array(a.d * a.n);
  const theta = new Float64Array(a.d);
  let value = 0;
  for (let j = 0; j < K; j++) {
    for (let k = 0; k < a.d; k++) theta[k] = directions[k * K + j]!;
    value += room.alongPoints(theta, 1 / K, gradient) / K;
  }
  return { value, gradient };
}
function sides(from: Measure, to: Measure, p: number, slices: number): { a: Atoms; b: Atoms } {
  if (!(Number.isInteger(slices) && slices >= 1)) throw specError("slices", `got ${slices} when expected a whole number of at least 1.`);
  const problem = transportProblem({ from, to, p });
  const refuses = refusesSlices(problem);
  if (refuses !== null) throw specError("from", `slicing ${refuses}.`);
  return { a: atomsOf(from, "from"), b: atomsOf(to, "to") };
}
