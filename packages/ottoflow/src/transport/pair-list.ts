/** Costs of which only listed pairs may be used: sparse tables, near pairs, known partners. All other pairs are forbidden and never looked at. */
import type { Cost, Rows } from "../contract.ts";
import { expectLength, specError } from "../errors.ts";

type PairList = NonNullable<Cost["listed"]>;

/** The pairs by rows, columns rising, and where each stood among those that came. @throws {SpecError | ShapeError} */
function byRows(n: number, m: number, from: ArrayLike<number>, to: ArrayLike<number>): { readonly list: PairList; readonly place: Int32Array } {
  expectLength("to", to.length, from.length);
  const start = new Int32Array(n + 1);
  for (let e = 0; e < from.length; e++) {
    const [i, j] = [from[e]!, to[e]!];
    if (!(Number.isInteger(i) && i >= 0 && i < n)) throw specError(`from[${e}]`, `got ${i} when expected the number of one of ${n} points, from 0.`);
    if (!(Number.isInteger(j) && j >= 0 && j < m)) throw specError(`to[${e}]`, `got ${j} when expected the number of one of ${m} points, from 0.`);
    start[i + 1] = start[i + 1]! + 1;
  }
  for (let i = 0; i < n; i++) start[i + 1] = start[i + 1]! + start[i]!;
  const place = Int32Array.from({ length: from.length }, (_, e) => e).sort((p, q) => from[p]! - from[q]! || to[p]! - to[q]!);
  const columns = place.map((e) => to[e]!);
  for (let k = 1; k < place.length; k++)
    if (columns[k] === columns[k - 1] && from[place[k]!] === from[place[k - 1]!])
      throw specError(`from[${place[k]}]`, `lists the pair ${from[place[k]!]}, ${columns[k]} a second time.`);
  return { list: { n, m, start, to: columns }, place };
}
/** Place of the pair in the list, or -1. */
function find({ start, to }: PairList, i: number, j: number): number {
  let lo = start[i]!;
  let hi = start[i + 1]! - 1;
  while (lo <= hi) {
    const k = (lo + hi) >> 1;
    if (to[k]! < j) lo = k + 1;
    else if (to[k]! > j) hi = k - 1;
    else return k;
  }
  return -1;
}
/** The pairs between the points that are left, with new numbers, and their places among all. */
function between(list: PairList, from: Int32Array | null, to: Int32Array | null): { readonly list: PairList; readonly place: Int32Array } {
  const column = to && new Int32Array(list.m).fill(-1);
  if (column) for (let j = 0; j < to!.length; j++) column[to![j]!] = j;
  const n = from ? from.length : list.n;
  const start = new Int32Array(n + 1);
  const [left, place]: number[][] = [[], []];
  for (let i = 0; i < n; i++) {
    const row = from ? from[i]! : i;
    for (let e = list.start[row]!; e < list.start[row + 1]!; e++) {
      const j = column ? column[list.to[e]!]! : list.to[e]!;
      if (j < 0) continue;
      left!.push(j);
      place!.push(e);
    }
    start[i + 1] = left!.length;
  }
  return { list: { n, m: to ? to.length : list.m, start, to: Int32Array.from(left!) }, place: Int32Array.from(place!) };
}

/**
 * A sparse table of costs: pair (from[e], to[e]) costs values[e], all other pairs are forbidden. Points only count: give `placeholders`.
 *
 * @example
 * const cost = pairCost(2, 2, [0, 0, 1], [0, 1, 1], [1, 5, 2]);
 * const answer = await solve({ from: placeholders(2), to: placeholders(2), cost });
 * @throws {SpecError | ShapeError} on pairs that do not exist or come twice, on values that are no finite numbers
 */
export function pairCost(n: number, m: number, from: ArrayLike<number>, to: ArrayLike<number>, values: ArrayLike<number>, tex = "C"): Cost {
  expectLength("values", values.length, from.length);
  for (let e = 0; e < values.length; e++)
    if (!Number.isFinite(values[e]!))
      throw specError(`values[${e}]`, `got ${values[e]} when expected a finite number: pairs that are not listed are forbidden.`);
  const { list, place } = byRows(n, m, from, to);
  return sparseTable(
    list,
    Float64Array.from(place, (e) => values[e]!),
    tex,
  );
}
function sparseTable(list: PairList, values: Float64Array, tex: string): Cost {
  return {
    tex,
    forbids: true,
    table: { n: list.n, m: list.m },
    listed: list,
    at(i, j) {
      const e = find(list, i, j);
      return e < 0 ? Number.POSITIVE_INFINITY : values[e]!;
    },
    row(i, _n, _x, _m, _y, out) {
      out.fill(Number.POSITIVE_INFINITY, 0, list.m);
      for (let e = list.start[i]!; e < list.start[i + 1]!; e++) out[list.to[e]!] = values[e]!;
    },
    kept(from, to) {
      const left = between(list, from, to);
      return sparseTable(
        left.list,
        Float64Array.from(left.place, (e) => values[e]!),
        tex,
      );
    },
  };
}

/**
 * The same cost for the listed pairs of n and m points; all others are forbidden. For few allowed pairs among many points, where `allowOnly` would look at all.
 * @throws {SpecError | ShapeError} on pairs that do not exist or come twice
 */
export function allowPairs(cost: Cost, n: number, m: number, from: ArrayLike<number>, to: ArrayLike<number>): Cost {
  return restricted(cost, byRows(n, m, from, to).list);
}
function restricted(cost: Cost, list: PairList): Cost {
  const { gradient: _, line: __, circle: ___, power: ____, graph: _____, ...rest } = cost;
  return {
    ...rest,
    forbids: true,
    listed: list,
    at: (i, j, n, x, m, y) => (find(list, i, j) < 0 ? Number.POSITIVE_INFINITY : cost.at(i, j, n, x, m, y)),
    row(i: number, n: number, x: Rows, m: number, y: Rows, out: Float64Array) {
      out.fill(Number.POSITIVE_INFINITY, 0, m);
      for (let e = list.start[i]!; e < list.start[i + 1]!; e++) out[list.to[e]!] = cost.at(i, list.to[e]!, n, x, m, y);
    },
    kept: (from, to) => restricted(cost.kept ? cost.kept(from, to) : cost, between(list, from, to).list),
  };
}

/** Visits every allowed pair of a listed cost with its cost. */
export function eachPair(cost: Cost, n: number, x: Rows, m: number, y: Rows, visit: (i: number, j: number, c: number) => void): void {
  const { start, to } = cost.listed!;
  for (let i = 0; i < start.length - 1; i++) for (let e = start[i]!; e < start[i + 1]!; e++) visit(i, to[e]!, cost.at(i, to[e]!, n, x, m, y));
}
