/**
 * Of all optimal potentials of a plan, ones away from the border. A simplex ends in a corner, where pairs that carry no mass hold with equality too, and
 * a point can then not be told from its neighbour's partner. Points that share mass may only move together: each such part is put in the middle of what
 * the others leave it, part after part, to and fro. Pairs stay equal where no optimal potentials tell them apart.
 */
import type { Cost, Plan } from "../contract.ts";
import { entriesOf } from "./plan.ts";
import type { Atoms } from "./problem.ts";

const SWEEPS = 12;

/**
 * Optimal potentials (f, g) of an optimal plan, moved inside. Work 2 n m a sweep.
 * f + g <= c must hold, with equality where the plan has mass; rounding below zero counts as equality.
 */
export function centralPotentials(
  cost: Cost,
  a: Atoms,
  b: Atoms,
  plan: Plan,
  f: Float64Array,
  g: Float64Array,
): { readonly f: Float64Array; readonly g: Float64Array } {
  const [u, v] = [f.slice(), g.slice()];
  const parts = partsOf(a.n, b.n, plan);
  const row = new Float64Array(b.n);
  const roomAbove = (rows: readonly number[], part: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (const i of rows) {
      cost.row(i, a.n, a.x, b.n, b.x, row);
      for (let j = 0; j < b.n; j++) if (parts.ofColumn[j] !== part) least = Math.min(least, row[j]! - u[i]! - v[j]!);
    }
    return Math.max(0, least);
  };
  const roomBelow = (columns: readonly number[], part: number): number => {
    let least = Number.POSITIVE_INFINITY;
    for (const j of columns)
      for (let i = 0; i < a.n; i++) if (parts.ofRow[i] !== part) least = Math.min(least, cost.at(i, j, a.n, a.x, b.n, b.x) - u[i]! - v[j]!);
    return Math.max(0, least);
  };
  if (parts.count === 1) return { f: u, g: v };
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    for (let k = 0; k < parts.count; k++) {
      const part = sweep % 2 === 0 ? k : parts.count - 1 - k;
      const [rows, columns] = [parts.rows[part]!, parts.columns[part]!];
      const shift = 0.5 * (roomAbove(rows, part) - roomBelow(columns, part));
      if (!Number.isFinite(shift)) continue;
      for (const i of rows) u[i] = u[i]! + shift;
      for (const j of columns) v[j] = v[j]! - shift;
    }
  return { f: u, g: v };
}

interface Parts {
  readonly count: number;
  readonly ofRow: Int32Array;
  readonly ofColumn: Int32Array;
  readonly rows: readonly (readonly number[])[];
  readonly columns: readonly (readonly number[])[];
}
/** The points that mass joins, numbered by their first row. */
function partsOf(n: number, m: number, plan: Plan): Parts {
  const { from, to } = entriesOf(plan);
  const of = new Int32Array(n + m).fill(-1);
  const next = Array.from({ length: n + m }, (): number[] => []);
  for (let e = 0; e < from.length; e++) {
    next[from[e]!]!.push(n + to[e]!);
    next[n + to[e]!]!.push(from[e]!);
  }
  let count = 0;
  for (let start = 0; start < n + m; start++) {
    if (of[start]! >= 0) continue;
    const waiting = [start];
    of[start] = count;
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
      for (const other of next[at]!)
        if (of[other]! < 0) {
          of[other] = count;
          waiting.push(other);
        }
    count++;
  }
  const rows = Array.from({ length: count }, (): number[] => []);
  const columns = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < n; i++) rows[of[i]!]!.push(i);
  for (let j = 0; j < m; j++) columns[of[n + j]!]!.push(j);
  return { count, ofRow: of.subarray(0, n), ofColumn: of.subarray(n), rows, columns };
}
