/** Which runs of columns each group of rows looks at: boxes of far points are left out as a whole, with a bound of their mass. [schmitzer2019] */
import type { Cost } from "../../contract.ts";
import { exp, log } from "../../kernels/math.ts";
import { type Boxes, boxesOf, type Ordered, tops } from "./order.ts";
import type { PairRows } from "./pair-rows.ts";

/** how far exponents may grow before pairs are chosen afresh */
const MARGIN = 3;

export interface Choice {
  count: number;
  readonly start: Int32Array;
  left(f: Float64Array, g: Float64Array, epsilon: number): number;
  select(f: Float64Array, g: Float64Array, epsilon: number, theta: number): void;
  /** chooses the largest entries, at most `most` pairs; false where they are not known */
  largest(f: Float64Array, g: Float64Array, epsilon: number, theta: number, most: number): boolean;
}
/** Which runs of columns each group of rows looks at. */
export function openChoice(cost: Cost, form: number, a: Ordered, b: Ordered, block: number, rows: PairRows): Choice {
  const groups = a.padded / block;
  const { start, from, to } = rows;
  const all = (): void => {
    for (let q = 0; q < groups; q++) {
      start[q] = q;
      from[q] = 0;
      to[q] = b.padded;
    }
    start[groups] = groups;
  };
  all();
  const choice: Choice = { count: a.padded * b.padded, start, left: () => 0, select: () => {}, largest: () => false };
  if (form === 2 || a.d > 6) return choice;
  const [p, q] = [boxesOf(a, block), boxesOf(b, block)];
  let [heldF, heldG] = [new Float64Array(0), new Float64Array(0)];
  let held = { epsilon: 0, theta: 0, left: 0, dense: true };
  const drift = (f: Float64Array, g: Float64Array): number => {
    let [u, v] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < a.n; i++) u = Math.max(u, f[i]! - heldF[i]!);
    for (let j = 0; j < b.n; j++) v = Math.max(v, g[j]! - heldG[j]!);
    return u + v;
  };
  choice.left = (f, g, epsilon) => (held.dense ? 0 : epsilon === held.epsilon ? held.left * exp(drift(f, g) / epsilon) : Number.POSITIVE_INFINITY);
  choice.select = (f, g, epsilon, theta) => {
    if (held.epsilon === epsilon && held.theta === theta && heldF.length > 0 && drift(f, g) <= MARGIN * epsilon) return;
    heldF = f.slice();
    heldG = g.slice();
    const found = chooseRuns(cost, a, b, p, q, f, g, epsilon, theta * exp(-MARGIN), rows, Number.POSITIVE_INFINITY);
    choice.count = found.count;
    held = { epsilon, theta, left: found.left, dense: found.count === a.padded * b.padded };
  };
  choice.largest = (f, g, epsilon, theta, most) => {
    if (rows.nearFrom.length === 0) return false;
    const runs = { start: rows.nearStart, from: rows.nearFrom, to: rows.nearTo };
    for (let t = Math.max(theta, 1e-8); t < 1e6; t *= 3) if (chooseRuns(cost, a, b, p, q, f, g, epsilon, t, runs, most).count <= most) return true;
    return false;
  };
  return choice;
}
/** Goes down the boxes of the columns for every group of rows; what is far enough is left out as a whole. */
function chooseRuns(
  cost: Cost,
  a: Ordered,
  b: Ordered,
  p: Boxes,
  q: Boxes,
  f: Float64Array,
  g: Float64Array,
  epsilon: number,
  theta: number,
  { start, from, to }: Pick<PairRows, "start" | "from" | "to">,
  most: number,
): { count: number; left: number } {
  const F = tops(f, a.n, p)[0]!;
  const G = tops(g, b.n, q);
  const d = a.d;
  const lowest = epsilon * log(theta);
  const { count: groups, lower, upper, mass } = p.levels[0]!;
  const nearest = new Float64Array(d);
  const origin = new Float64Array(d);
  const squared = cost.power === 2;
  let [top, pairs, left] = [0, 0, 0];
  const leastCost = (I: number, l: number, J: number): number => {
    const level = q.levels[l]!;
    let s = 0;
    for (let k = 0; k < d; k++) {
      const r = Math.max(0, lower[k * groups + I]! - level.upper[k * level.count + J]!, level.lower[k * level.count + J]! - upper[k * groups + I]!);
      nearest[k] = r;
      s += r * r;
    }
    return squared ? s : cost.at(0, 0, 1, nearest, 1, origin);
  };
  const visit = (I: number, l: number, J: number): void => {
    const height = F[I]! + G[l]![J]! - leastCost(I, l, J);
    if (height < lowest) {
      left += mass[I]! * q.levels[l]!.mass[J]! * exp(height / epsilon);
      return;
    }
    if (l === 0) {
      if (top > start[I]! && to[top - 1] === J * q.block) to[top - 1] = (J + 1) * q.block;
      else {
        from[top] = J * q.block;
        to[top++] = (J + 1) * q.block;
      }
      pairs += p.block * q.block;
      return;
    }
    visit(I, l - 1, 2 * J);
    if (2 * J + 1 < q.levels[l - 1]!.count) visit(I, l - 1, 2 * J + 1);
  };
  for (let I = 0; I < groups && pairs <= most; I++) {
    start[I] = top;
    visit(I, q.levels.length - 1, 0);
  }
  start[groups] = top;
  return { count: pairs, left };
}
