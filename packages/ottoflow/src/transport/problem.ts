/** The front door of transport: measures and options come in as people have them, and leave checked, as atoms with positive weights. */
import type { Cost, Marginal, Measure, Rows, Transport } from "../contract.ts";
import { expectLength, expectNames, OttoflowError, specError } from "../errors.ts";
import { makeFree } from "../space/euclidean.ts";
import { powerCost } from "./cost.ts";
import { checkPoints, checkWeights, expectSound } from "./sound.ts";

/** Points with positive weights: what discrete solvers work on. */
export interface Atoms {
  readonly n: number;
  readonly d: number;
  /** [d * n] */
  readonly x: Float64Array;
  /** [n], all positive */
  readonly weight: Float64Array;
  readonly mass: number;
  /** place of each atom among the points as they came; null where none was left out */
  readonly index: Int32Array | null;
  /** how many points came */
  readonly of: number;
}

/**
 * A cloud as a measure. `points` is one array per point, or numbers for points of the line, or flat coordinate-major rows with `dim`.
 * Weights default to 1/n each.
 * @throws {SpecError | ShapeError} on empty clouds, ragged points, NaN, negative or all-zero weights
 */
export function cloud(
  points: readonly (readonly number[])[] | ArrayLike<number>,
  options: { readonly weights?: ArrayLike<number>; readonly dim?: number; readonly name?: string } = {},
): Extract<Measure, { rep: "particles" }> {
  const name = options.name ?? "points";
  const { n, d, x } = coordinates(points, options.dim, name);
  checkPoints(name, n, d, x);
  if (options.weights) expectLength(`weights of ${name}`, options.weights.length, n);
  const weight = options.weights ? Float64Array.from(options.weights) : new Float64Array(n).fill(1 / n);
  checkWeights(weight, `weights of ${name}`);
  return { rep: "particles", space: makeFree(d), n, x, weight };
}
function coordinates(
  points: readonly (readonly number[])[] | ArrayLike<number>,
  dim: number | undefined,
  name: string,
): { n: number; d: number; x: Float64Array } {
  if (points.length === 0) throw specError(name, "got no points when expected at least one.");
  const first = points[0];
  if (typeof first === "number") {
    const d = dim ?? 1;
    if (points.length % d !== 0) throw specError(name, `got ${points.length} numbers when expected a multiple of the dimension ${d}.`);
    return { n: points.length / d, d, x: Float64Array.from(points as ArrayLike<number>) };
  }
  const d = (first as readonly number[]).length;
  const n = points.length;
  if (d === 0) throw specError(`${name}[0]`, "got a point without coordinates.");
  const x = new Float64Array(d * n);
  for (let i = 0; i < n; i++) {
    const p = (points as readonly (readonly number[])[])[i]!;
    expectLength(`${name}[${i}]`, p.length, d);
    for (let k = 0; k < d; k++) x[k * n + i] = p[k]!;
  }
  return { n, d, x };
}
/**
 * The atoms of a measure: particles as they are, cells as atoms at their centres. Points without mass are left out and remembered.
 * @throws {UnsupportedError} for storages that are no atoms; {SpecError} on bad numbers
 */
export function atomsOf(m: Measure, name: string): Atoms {
  if (m.rep === "particles") return positive(name, m.n, m.space.dim, m.x, m.weight);
  if (m.rep === "cells") {
    const { n, volume, centre } = m.space.cells!;
    return positive(
      name,
      n,
      m.space.dim,
      centre,
      Float64Array.from({ length: n }, (_, i) => m.rho[i]! * volume[i]!),
    );
  }
  throw new OttoflowError("UnsupportedError", `${name}: a measure stored as ${m.rep} has no atoms. Store it as particles or on cells.`, { missing: ["atoms"] });
}
function positive(name: string, n: number, d: number, x: Rows, weight: Rows): Atoms {
  expectLength(`weights of ${name}`, weight.length, n);
  checkWeights(weight, `weights of ${name}`);
  checkPoints(name, n, d, x);
  const kept: number[] = [];
  for (let i = 0; i < n; i++) if (weight[i]! > 0) kept.push(i);
  const all = kept.length === n;
  const count = kept.length;
  const points = all ? Float64Array.from(x) : new Float64Array(d * count);
  const w = all ? Float64Array.from(weight) : Float64Array.from(kept, (i) => weight[i]!);
  if (!all) for (let k = 0; k < d; k++) for (let i = 0; i < count; i++) points[k * count + i] = x[k * n + kept[i]!]!;
  return { n: count, d, x: points, weight: w, mass: exactSum(w), index: all ? null : Int32Array.from(kept), of: n };
}

/** Some of the atoms, as if only they had come with mass. */
export function someAtoms(a: Atoms, places: Int32Array): Atoms {
  const n = places.length;
  const x = new Float64Array(a.d * n);
  for (let k = 0; k < a.d; k++) for (let i = 0; i < n; i++) x[k * n + i] = a.x[k * a.n + places[i]!]!;
  const weight = Float64Array.from(places, (i) => a.weight[i]!);
  return { n, d: a.d, x, weight, mass: exactSum(weight), index: places.map((i) => (a.index ? a.index[i]! : i)), of: a.of };
}

/** Sum with a running compensation (Neumaier): right to a rounding of the result for numbers of one sign. [higham2002] */
export function exactSum(a: ArrayLike<number>): number {
  let s = 0;
  let c = 0;
  for (let i = 0; i < a.length; i++) {
    const v = a[i]!;
    const t = s + v;
    c += Math.abs(s) >= Math.abs(v) ? s - t + v : v - t + s;
    s = t;
  }
  return s + c;
}

export interface TransportInput {
  readonly from: Measure;
  readonly to: Measure;
  /** |x - y|^2 unless said */
  readonly cost?: Cost;
  /** exponent of |x - y|^p where no cost is given */
  readonly p?: number;
  readonly epsilon?: number;
  /** one for both sides or one each; equal unless said, and at most the measures where a mass is given */
  readonly marginals?: Marginal | readonly [Marginal, Marginal];
  /** mass that a partial plan moves, each marginal at most its measure */
  readonly mass?: number;
}
const fields: readonly string[] = ["from", "to", "cost", "p", "epsilon", "marginals", "mass"];
const equal: Marginal = { kind: "equal" };
const atMost: Marginal = { kind: "at-most" };
const isPair = (m: Marginal | readonly [Marginal, Marginal]): m is readonly [Marginal, Marginal] => Array.isArray(m);

/**
 * A checked problem.
 * @throws {SpecError} on what does not fit together: unequal masses under equal marginals (they say the ratio and what to do), dimensions, epsilon, names
 *   that mean nothing here
 */
export function transportProblem(input: TransportInput): Transport {
  const { from, to, epsilon = 0 } = input;
  expectNames("a transport problem", input, fields);
  if (input.cost !== undefined && input.p !== undefined) throw specError("p", `got ${input.p} beside a cost. Give one of the two: p stands for powerCost(p).`);
  expectSound("from", from);
  expectSound("to", to);
  const cost = input.cost ?? powerCost(input.p ?? 2);
  if (!(epsilon >= 0 && Number.isFinite(epsilon))) throw specError("epsilon", `got ${epsilon} when expected a finite number of at least 0.`);
  const marginals = marginalsFor(input);
  if (!cost.table && from.space.dim !== to.space.dim)
    throw specError("to", `lives in ${to.space.dim} dimensions when the first measure lives in ${from.space.dim}. Give both the same, or a table of costs.`);
  const [a, b] = [massOfSide(from), massOfSide(to)];
  checkTable(cost, from, to);
  for (const [name, side] of Object.entries({ from, to })) if (side.rep === "particles") cost.check?.(name, side.n, side.x);
  if (marginals.every((m) => m.kind === "equal") && !(Math.abs(a - b) <= 1e-9 * Math.max(a, b)))
    throw specError(
      "to",
      `has the mass ${b} when the first measure has ${a}. Divide each by its mass, or let marginals bend: { kind: "kl", weight } or { kind: "at-most" }.`,
    );
  if (input.mass !== undefined && !(input.mass >= 0 && input.mass <= Math.min(a, b) * (1 + 1e-12)))
    throw specError("mass", `got ${input.mass} when expected between 0 and the smaller mass, ${Math.min(a, b)}.`);
  return { from, to, cost, epsilon, marginals, ...(input.mass !== undefined && { mass: input.mass }) };
}
function marginalsFor({ marginals: given, mass }: TransportInput): readonly [Marginal, Marginal] {
  const one = given ?? (mass === undefined ? equal : atMost);
  const marginals = isPair(one) ? one : ([one, one] as const);
  if (marginals.length !== 2) throw specError("marginals", `got ${marginals.length} when expected one for both sides or one each.`);
  for (const [k, m] of marginals.entries()) {
    if (m.kind !== "equal" && m.kind !== "kl" && m.kind !== "at-most")
      throw specError(`marginals[${k}].kind`, `got ${JSON.stringify((m as { kind?: unknown }).kind)} when expected "equal", "kl" or "at-most".`);
    if (m.kind === "kl" && !(m.weight > 0 && Number.isFinite(m.weight)))
      throw specError(`marginals[${k}].weight`, `got ${m.weight} when expected a positive number.`);
  }
  if (mass !== undefined && marginals.some((m) => m.kind !== "at-most")) throw specError("mass", "needs both marginals to be at most the measures.");
  return marginals;
}
function checkTable(cost: Cost, from: Measure, to: Measure): void {
  const known = cost.table ?? cost.listed;
  if (!known) return;
  const sizes = [from, to].map((m) => (m.rep === "particles" ? m.n : m.rep === "cells" ? m.space.cells!.n : -1));
  expectLength("rows of the cost", known.n, sizes[0]!);
  expectLength("columns of the cost", known.m, sizes[1]!);
}
function massOfSide(m: Measure): number {
  if (m.rep === "gaussian" || m.rep === "quantiles") return m.mass;
  if (m.rep === "particles") return exactSum(m.weight);
  const { volume } = m.space.cells!;
  return exactSum(Array.from(m.rho, (r, i) => r * volume[i]!));
}

/** Points that only count, for costs that are tables: place i is the number i. */
export function placeholders(n: number, weights?: ArrayLike<number>): Extract<Measure, { rep: "particles" }> {
  return cloud(
    Float64Array.from({ length: n }, (_, i) => i),
    { ...(weights && { weights }) },
  );
}
