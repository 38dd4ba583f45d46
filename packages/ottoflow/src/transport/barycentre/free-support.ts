/** Barycentres on a free support: points move to the mean of where their mass goes, with exact couplings in between. [cuturi2014, alvarez2016] */
import type { As, Coupling, Measure } from "../../contract.ts";
import { expectLength, expectNames, OttoflowError, specError } from "../../errors.ts";
import { massOf } from "../../measure/rows.ts";
import { barycentric, entriesOf } from "../plan.ts";
import { expectSound } from "../sound.ts";
import { barycentreWeights, commonMass, expectMeasures } from "./weights.ts";

export interface FreeSupportOptions {
  /** exact couplings for |x - y|^2 between two measures: what `solve` gives, or any solver */
  readonly couple: (from: Measure, to: Measure) => Coupling | Promise<Coupling>;
  readonly weights?: ArrayLike<number>;
  /** where the points start, with their weights, which stay */
  readonly start: As<"particles">;
  /** stop when a round lowers the value by less than this fraction of it; 1e-9 unless said */
  readonly tolerance?: number;
  readonly maxRounds?: number;
  /** also couple all pairs of measures, for the lower bound */
  readonly bound?: boolean;
  readonly signal?: { readonly aborted: boolean };
}
export interface FreeSupportBarycentre {
  readonly measure: As<"particles">;
  /** sum_k w_k W_2^2(measure, measures[k]), of exact couplings */
  readonly value: number;
  /** no measure on any support does better: half of sum_kl w_k w_l W_2^2(measures[k], measures[l]); null unless asked for. Met on the line and for two measures. */
  readonly lower: number | null;
  /** root mean square distance from the points to the mean of where their mass goes: 0 at a stationary support */
  readonly stationarity: number;
  /** value before each round: it never rises */
  readonly history: readonly number[];
  readonly status: "stationary" | "max-rounds" | "aborted" | "failed";
  readonly notes: readonly string[];
}

const names = ["couple", "weights", "start", "tolerance", "maxRounds", "bound", "signal"] satisfies (keyof FreeSupportOptions)[];

/**
 * A stationary point of sum_k w_k W_2^2(., measures[k]) among measures of `start.n` points with given weights. The problem is not convex: other starts may
 * end lower; `lower` says how far at most.
 * @throws tagged errors on unequal masses, dimensions, weights that are none
 */
export async function freeSupportBarycentre(measures: readonly Measure[], options: FreeSupportOptions): Promise<FreeSupportBarycentre> {
  expectNames("a barycentre on a free support", options, names);
  const { couple, start, tolerance = 1e-9, maxRounds = 200, bound = false } = options;
  if (typeof couple !== "function") throw specError("couple", "is missing: exact couplings for |x - y|^2, such as (from, to) => solve({ from, to }).");
  if (!(tolerance >= 0)) throw specError("tolerance", `got ${tolerance} when expected a number of at least 0.`);
  if (!(maxRounds >= 1)) throw specError("maxRounds", `got ${maxRounds} when expected a number of at least 1.`);
  expectMeasures(measures);
  expectSound("start", start);
  if (start.rep !== "particles") throw specError("start", `is stored as ${(start as Measure).rep} when expected points.`);
  const w = barycentreWeights(measures.length, options.weights);
  commonMass([start, ...measures].map(massOf));
  const d = start.space.dim;
  for (const [k, m] of measures.entries()) expectLength(`dimension of measures[${k}]`, m.space.dim, d);
  const points = measures.map((m, k) => pointsOf(m, k));
  const lower = bound ? await pairBound(measures, points, w, couple) : null;
  const history: number[] = [];
  let x = Float64Array.from(start.x);
  for (;;) {
    const measure: As<"particles"> = { ...start, x };
    const next = new Float64Array(d * start.n);
    let value = 0;
    for (const [k, m] of measures.entries()) {
      if (w[k] === 0) continue;
      const c = await couple(measure, m);
      if (c.status !== "optimal" || !c.plan)
        return {
          measure,
          value: Number.NaN,
          lower,
          stationarity: Number.NaN,
          history,
          status: "failed",
          notes: [`The coupling with measures[${k}] ended ${c.status}.`, ...c.notes],
        };
      expectSquares(c, d, x, points[k]!);
      value += w[k]! * c.value;
      const target = barycentric(c.plan, d, points[k]!);
      for (let e = 0; e < next.length; e++) next[e] = next[e]! + w[k]! * target[e]!;
    }
    for (let i = 0; i < start.n; i++) if (start.weight[i] === 0) for (let k = 0; k < d; k++) next[k * start.n + i] = x[k * start.n + i]!;
    const stationarity = distanceBetween(d, start, x, next);
    const last = history.at(-1) ?? Number.POSITIVE_INFINITY;
    history.push(value);
    const result = { measure, value, lower, stationarity, history, notes: [] };
    if (last - value <= tolerance * value || stationarity === 0) return { ...result, status: "stationary" };
    if (history.length >= maxRounds) return { ...result, status: "max-rounds" };
    if (options.signal?.aborted) return { ...result, status: "aborted" };
    x = next;
  }
}
function pointsOf(m: Measure, k: number): Float64Array {
  if (m.rep === "particles") return Float64Array.from(m.x);
  if (m.rep === "cells") return Float64Array.from(m.space.cells!.centre);
  throw specError(`measures[${k}]`, `is stored as ${m.rep} when expected points or cells.`);
}
/** @throws {UnsupportedError} on a coupling for another cost than |x - y|^2, or with entropy: value and bound would be of another problem */
function expectSquares(c: Coupling, d: number, x: Float64Array, y: Float64Array): void {
  if (!c.plan) return;
  const { from, to, mass } = entriesOf(c.plan);
  let s = 0;
  for (let k = 0; k < d; k++)
    for (let e = 0; e < mass.length; e++) {
      const z = x[(k * x.length) / d + from[e]!]! - y[(k * y.length) / d + to[e]!]!;
      s += mass[e]! * z * z;
    }
  const plain = c.regularised === c.value;
  // between densities the value is not that of a plan between the centres of cells
  if (plain && (c.certifies === "continuous" || Math.abs(c.value - s) <= 1e-6 * Math.max(s, Math.abs(c.value)) + 1e-300)) return;
  const why = plain ? `says its plan costs ${c.value} when |x - y|^2 along it is ${s}` : "carries entropy or bends its marginals";
  throw new OttoflowError("UnsupportedError", `couple: a coupling by ${c.solver} ${why}. Give exact couplings for |x - y|^2.`, { missing: ["|x - y|^2"] });
}
function distanceBetween(d: number, start: As<"particles">, x: Float64Array, y: Float64Array): number {
  let [s, mass] = [0, 0];
  for (let i = 0; i < start.n; i++) {
    mass += start.weight[i]!;
    for (let k = 0; k < d; k++) s += start.weight[i]! * (x[k * start.n + i]! - y[k * start.n + i]!) * (x[k * start.n + i]! - y[k * start.n + i]!);
  }
  return Math.sqrt(s / mass);
}
/** sum w_k |x - y_k|^2 >= sum w_k |mean - y_k|^2 = half of sum w_k w_l |y_k - y_l|^2 along any gluing of the couplings. */
async function pairBound(
  measures: readonly Measure[],
  points: readonly Float64Array[],
  w: Float64Array,
  couple: FreeSupportOptions["couple"],
): Promise<number | null> {
  let s = 0;
  for (let k = 0; k < measures.length; k++)
    for (let l = 0; l < k; l++) {
      if (w[k] === 0 || w[l] === 0) continue;
      const c = await couple(measures[k]!, measures[l]!);
      expectSquares(c, measures[k]!.space.dim, points[k]!, points[l]!);
      if (!Number.isFinite(c.dual)) return null;
      s += w[k]! * w[l]! * c.dual;
    }
  return s;
}
