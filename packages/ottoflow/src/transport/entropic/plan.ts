/** The plan behind entropic potentials: P_ij = a_i b_j exp((f_i + g_j - c_ij) / epsilon). Rows on demand; products by passes over the pairs; a list where it is short. */
import type { Cost, Plan, Rows } from "../../contract.ts";
import { exp } from "../../kernels/math.ts";
import { sparsePlan } from "../plan.ts";
import type { Atoms } from "../problem.ts";
import { ordered } from "./order.ts";
import { formOf, openPairs, type Pairs } from "./pairs.ts";

export interface Gibbs {
  readonly cost: Cost;
  readonly a: Atoms;
  readonly b: Atoms;
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly epsilon: number;
  /** entries with P_ij / (a_i b_j) below this count as none */
  readonly theta: number;
  /** about how many entries are above */
  readonly entries: number;
}
/** A plan with more entries, or more than this part of all pairs, is not written out. */
const LIST = 4e6;
const PART = 0.3;

export function gibbsPlan(p: Gibbs): Plan {
  const { cost, a, b, f, g, epsilon } = p;
  const row = (i: number, out: Float64Array): void => {
    cost.row(i, a.n, a.x, b.n, b.x, out);
    for (let j = 0; j < b.n; j++) out[j] = a.weight[i]! * b.weight[j]! * exp((f[i]! + g[j]! - out[j]!) / epsilon);
  };
  if (p.theta > 0 && p.entries <= LIST && p.entries <= PART * a.n * b.n) return listed(p, row);
  let forth: Product | null = null;
  let back: Product | null = null;
  return {
    n: a.n,
    m: b.n,
    row,
    push(d, v, out) {
      forth ??= openProduct(p, false);
      forth(d, v, out);
    },
    pull(d, v, out) {
      back ??= openProduct(p, true);
      back(d, v, out);
    },
  };
}
/** Written out when first asked for. */
function listed(p: Gibbs, row: Plan["row"]): Plan {
  let made: ReturnType<typeof sparsePlan> | null = null;
  const list = (): ReturnType<typeof sparsePlan> => {
    made ??= entries(p, row);
    return made;
  };
  return {
    n: p.a.n,
    m: p.b.n,
    get sparse() {
      return list().sparse;
    },
    row: (i, out) => list().row(i, out),
    push: (d, v, out) => list().push(d, v, out),
    pull: (d, v, out) => list().pull(d, v, out),
  };
}
function entries({ cost, a, b, f, g, epsilon, theta }: Gibbs, _row: Plan["row"]): ReturnType<typeof sparsePlan> {
  const pairs = opened(cost, a, b, f, g);
  pairs.select(epsilon, theta);
  const [from, to, mass]: number[][] = [[], [], []];
  pairs.eachRun((i, first, last) => {
    const x = pairs.a.order[i]!;
    for (let j = first; j < last; j++) {
      const share = exp((pairs.f[i]! + pairs.g[j]! - pairs.cost(i, j)) / epsilon);
      if (!(share > theta)) continue;
      from!.push(x);
      to!.push(pairs.b.order[j]!);
      mass!.push(share * pairs.a.weight[i]! * pairs.b.weight[j]!);
    }
  });
  return sparsePlan(a.n, b.n, from!, to!, mass!);
}

type Product = (d: number, v: Rows, out: Float64Array) => void;
function openProduct(p: Gibbs, transposed: boolean): Product {
  const [a, b, f, g] = transposed ? [p.b, p.a, p.g, p.f] : [p.a, p.b, p.f, p.g];
  const pairs = opened(transposed ? turned(p.cost) : p.cost, a, b, f, g);
  if (p.theta > 0) pairs.select(p.epsilon, p.theta);
  return (d, v, out) => {
    const to = pairs.b.padded;
    const from = pairs.a.padded;
    const input = new Float64Array(d * to);
    const means = new Float64Array(d * from);
    for (let k = 0; k < d; k++) for (let j = 0; j < b.n; j++) input[k * to + j] = v[k * b.n + pairs.b.order[j]!]!;
    pairs.means(p.epsilon, d, input, means);
    for (let k = 0; k < d; k++) for (let i = 0; i < a.n; i++) out[k * a.n + pairs.a.order[i]!] = pairs.a.weight[i]! * means[k * from + i]!;
  };
}
/** c(y, x) seen from the other side. */
export function turned(cost: Cost): Cost {
  if (formOf(cost) !== 2) return cost;
  return {
    tex: cost.tex,
    ...(cost.forbids && { forbids: true }),
    at: (j, i, m, y, n, x) => cost.at(i, j, n, x, m, y),
    row(j, m, y, n, x, out) {
      for (let i = 0; i < n; i++) out[i] = cost.at(i, j, n, x, m, y);
    },
  };
}
function opened(cost: Cost, a: Atoms, b: Atoms, f: Float64Array, g: Float64Array): Pairs {
  const sort = formOf(cost) !== 2;
  const block = blockOf(a.n, b.n, sort);
  const pairs = openPairs(cost, ordered(a.n, a.d, a.x, a.weight, block, sort), ordered(b.n, b.d, b.x, b.weight, block, sort), { block });
  for (let i = 0; i < a.n; i++) pairs.f[i] = f[pairs.a.order[i]!]!;
  for (let j = 0; j < b.n; j++) pairs.g[j] = g[pairs.b.order[j]!]!;
  return pairs;
}
/** Small blocks leave out more pairs; large ones cost less to choose. */
export const blockOf = (n: number, m: number, sorted: boolean): number => (!sorted || Math.max(n, m) > 20_000 ? 32 : 8);
