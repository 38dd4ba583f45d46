/** Points that take no part in an entropic problem: those without an allowed partner are settled before it, those without mass get their potentials after it. */
import type { Cost, Coupling, Marginal, Measure, Rows, Transport } from "../../contract.ts";
import { exp, log } from "../../kernels/math.ts";
import { eachPair } from "../pair-list.ts";
import { type Atoms, someAtoms } from "../problem.ts";
import { damping, type Rule, type Rules } from "./rules.ts";

function visit(cost: Cost, n: number, x: Rows, m: number, y: Rows, see: (i: number, j: number, c: number) => void): void {
  if (cost.listed) {
    eachPair(cost, n, x, m, y, see);
    return;
  }
  const row = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    cost.row(i, n, x, m, y, row);
    for (let j = 0; j < m; j++) see(i, j, row[j]!);
  }
}

export interface Apart {
  readonly a: Atoms;
  readonly b: Atoms;
  /** how many points were left out for having nobody to go to */
  readonly alone: number;
  /** what the rest of the problem costs more, for certain: KL of their marginals, and epsilon KL of the pairs that are not looked at */
  readonly price: number;
}
/** The atoms with an allowed partner. What is alone dies or is born where it stands, at the weight of the KL term of its side. */
export function withPartners(cost: Cost, a: Atoms, b: Atoms, epsilon: number, marginals: readonly [Marginal, Marginal]): Apart {
  const [row, column] = [new Uint8Array(a.n), new Uint8Array(b.n)];
  visit(cost, a.n, a.x, b.n, b.x, (i, j, c) => {
    if (c === Number.POSITIVE_INFINITY) return;
    row[i] = 1;
    column[j] = 1;
  });
  const kept = (some: Uint8Array): Int32Array => Int32Array.from(some.keys()).filter((i) => some[i] === 1);
  const [rows, columns] = [kept(row), kept(column)];
  const alone = a.n - rows.length + (b.n - columns.length);
  if (alone === 0) return { a, b, alone, price: 0 };
  const [p, q] = [someAtoms(a, rows), someAtoms(b, columns)];
  const [first, second] = marginals.map((m) => (m.kind === "kl" ? m.weight : 0)) as [number, number];
  const price = first * (a.mass - p.mass) + second * (b.mass - q.mass) + epsilon * (a.mass * b.mass - p.mass * q.mass);
  return { a: p, b: q, alone, price };
}

const pointsOf = (m: Measure): Rows => (m.rep === "particles" ? m.x : m.space.cells!.centre);
/**
 * Potentials at points that took no part, NaN so far: what an update of their side would make them, from the potentials of the points with mass.
 * +Infinity where nobody may be met: there the marginal's price is the whole answer.
 */
export function extended(p: Transport, found: Coupling, a: Atoms, b: Atoms, [first, second]: Rules): Coupling {
  const { potentials } = found;
  if (!potentials || (a.index === null && b.index === null)) return found;
  const [x, y] = [pointsOf(p.from), pointsOf(p.to)];
  const [f, g] = [potentials.f.slice(), potentials.g.slice()];
  const rows = openSoftmin(a.of, f, p.epsilon, first);
  const columns = openSoftmin(b.of, g, p.epsilon, second);
  const [u, v] = [massesOf(a), massesOf(b)];
  const both = (see: (i: number, j: number, c: number) => void): void => visit(p.cost, a.of, x, b.of, y, see);
  both((i, j, c) => {
    if (v[j]! > 0) rows.top(i, potentials.g[j]! - c);
    if (u[i]! > 0) columns.top(j, potentials.f[i]! - c);
  });
  both((i, j, c) => {
    if (v[j]! > 0) rows.add(i, v[j]!, potentials.g[j]! - c);
    if (u[i]! > 0) columns.add(j, u[i]!, potentials.f[i]! - c);
  });
  rows.end();
  columns.end();
  return { ...found, potentials: { ...potentials, f, g } };
}
function massesOf(a: Atoms): Float64Array {
  if (!a.index) return a.weight;
  const out = new Float64Array(a.of);
  for (let i = 0; i < a.n; i++) out[a.index[i]!] = a.weight[i]!;
  return out;
}
/** min(cap, -tau epsilon log sum w exp(s / epsilon)) where the potential is NaN. */
function openSoftmin(n: number, potential: Float64Array, epsilon: number, rule: Rule) {
  const most = new Float64Array(n).fill(Number.NEGATIVE_INFINITY);
  const sum = new Float64Array(n);
  return {
    top(i: number, s: number): void {
      if (Number.isNaN(potential[i]!) && s > most[i]!) most[i] = s;
    },
    add(i: number, w: number, s: number): void {
      if (Number.isNaN(potential[i]!) && s > Number.NEGATIVE_INFINITY) sum[i] = sum[i]! + w * exp((s - most[i]!) / epsilon);
    },
    end(): void {
      for (let i = 0; i < n; i++) {
        if (!Number.isNaN(potential[i]!)) continue;
        const value = sum[i]! > 0 ? -damping(rule, epsilon) * (most[i]! + epsilon * log(sum[i]!)) : Number.POSITIVE_INFINITY;
        potential[i] = Math.min(rule.cap, value);
      }
    },
  };
}
