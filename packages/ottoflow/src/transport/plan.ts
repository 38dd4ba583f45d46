/** Plans: sparse lists of moves, and dense plans of which only rows are known. */
import type { Plan, Rows } from "../contract.ts";
import { OttoflowError } from "../errors.ts";

/**
 * The plan with mass[e] moving from point from[e] to point to[e]; entries in any order, repeated pairs are added, zeros are left out.
 * @throws {ShapeError} for indices outside n x m
 */
export function sparsePlan(
  n: number,
  m: number,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  mass: ArrayLike<number>,
): Plan & { readonly sparse: NonNullable<Plan["sparse"]> } {
  const sparse = sorted(n, m, from, to, mass);
  const start = new Int32Array(n + 1);
  for (let e = 0; e < sparse.from.length; e++) start[sparse.from[e]! + 1] = start[sparse.from[e]! + 1]! + 1;
  for (let i = 0; i < n; i++) start[i + 1] = start[i + 1]! + start[i]!;
  return {
    n,
    m,
    sparse,
    row(i, out) {
      out.fill(0, 0, m);
      for (let e = start[i]!; e < start[i + 1]!; e++) out[sparse.to[e]!] = sparse.mass[e]!;
    },
    push(d, v, out) {
      out.fill(0, 0, d * n);
      for (let k = 0; k < d; k++)
        for (let e = 0; e < sparse.from.length; e++) out[k * n + sparse.from[e]!] = out[k * n + sparse.from[e]!]! + sparse.mass[e]! * v[k * m + sparse.to[e]!]!;
    },
    pull(d, v, out) {
      out.fill(0, 0, d * m);
      for (let k = 0; k < d; k++)
        for (let e = 0; e < sparse.from.length; e++) out[k * m + sparse.to[e]!] = out[k * m + sparse.to[e]!]! + sparse.mass[e]! * v[k * n + sparse.from[e]!]!;
    },
  };
}
/** Two stable counting sorts, by column and then by row; equal neighbours are merged. */
function sorted(n: number, m: number, from: ArrayLike<number>, to: ArrayLike<number>, mass: ArrayLike<number>): NonNullable<Plan["sparse"]> {
  const count = mass.length;
  for (let e = 0; e < count; e++)
    if (!(from[e]! >= 0 && from[e]! < n && to[e]! >= 0 && to[e]! < m))
      throw new OttoflowError("ShapeError", `plan: entry ${e} joins point ${from[e]} and point ${to[e]} when there are ${n} and ${m}.`, {
        got: from[e]!,
        want: n,
      });
  const byColumn = countingSort(
    Int32Array.from({ length: count }, (_, e) => e),
    to,
    m,
  );
  const order = countingSort(byColumn, from, n);
  const out = { from: new Int32Array(count), to: new Int32Array(count), mass: new Float64Array(count) };
  let top = 0;
  for (const e of order) {
    if (mass[e]! === 0) continue;
    if (top > 0 && out.from[top - 1] === from[e] && out.to[top - 1] === to[e]) out.mass[top - 1] = out.mass[top - 1]! + mass[e]!;
    else {
      out.from[top] = from[e]!;
      out.to[top] = to[e]!;
      out.mass[top++] = mass[e]!;
    }
  }
  return { from: out.from.slice(0, top), to: out.to.slice(0, top), mass: out.mass.slice(0, top) };
}
function countingSort(items: Int32Array, key: ArrayLike<number>, keys: number): Int32Array {
  const start = new Int32Array(keys + 1);
  for (const e of items) start[key[e]! + 1] = start[key[e]! + 1]! + 1;
  for (let k = 0; k < keys; k++) start[k + 1] = start[k + 1]! + start[k]!;
  const out = new Int32Array(items.length);
  for (const e of items) {
    const k = key[e]!;
    out[start[k]!] = e;
    start[k] = start[k]! + 1;
  }
  return out;
}

/** A dense plan of which rows are computed when asked for. */
export function densePlan(n: number, m: number, row: (i: number, out: Float64Array) => void): Plan {
  const room = new Float64Array(m);
  return {
    n,
    m,
    row,
    push(d, v, out) {
      out.fill(0, 0, d * n);
      for (let i = 0; i < n; i++) {
        row(i, room);
        for (let k = 0; k < d; k++) {
          let s = 0;
          for (let j = 0; j < m; j++) s += room[j]! * v[k * m + j]!;
          out[k * n + i] = s;
        }
      }
    },
    pull(d, v, out) {
      out.fill(0, 0, d * m);
      for (let i = 0; i < n; i++) {
        row(i, room);
        for (let k = 0; k < d; k++) {
          const vi = v[k * n + i]!;
          for (let j = 0; j < m; j++) out[k * m + j] = out[k * m + j]! + room[j]! * vi;
        }
      }
    },
  };
}

/** The plan as a list: what it has if it is sparse, else the entries above `least`, with the mass that was left out. */
export function entriesOf(
  plan: Plan,
  least = 0,
): { readonly from: Int32Array; readonly to: Int32Array; readonly mass: Float64Array; readonly dropped: number } {
  if (plan.sparse && least === 0) return { ...plan.sparse, dropped: 0 };
  const from: number[] = [];
  const to: number[] = [];
  const mass: number[] = [];
  let dropped = 0;
  const room = new Float64Array(plan.m);
  for (let i = 0; i < plan.n; i++) {
    plan.row(i, room);
    for (let j = 0; j < plan.m; j++) {
      if (room[j]! > least) {
        from.push(i);
        to.push(j);
        mass.push(room[j]!);
      } else dropped += room[j]!;
    }
  }
  return { from: Int32Array.from(from), to: Int32Array.from(to), mass: Float64Array.from(mass), dropped };
}

/** Marginals of the plan. */
export function marginalsOf(plan: Plan): readonly [Float64Array, Float64Array] {
  const first = new Float64Array(plan.n);
  const second = new Float64Array(plan.m);
  plan.push(1, new Float64Array(plan.m).fill(1), first);
  plan.pull(1, new Float64Array(plan.n).fill(1), second);
  return [first, second];
}

/** Barycentric projection T(x_i) = sum_j P_ij y_j / sum_j P_ij, [d * n]; NaN where nothing leaves a point. */
export function barycentric(plan: Plan, d: number, y: Rows): Float64Array {
  const out = new Float64Array(d * plan.n);
  plan.push(d, y, out);
  const [mass] = marginalsOf(plan);
  for (let k = 0; k < d; k++) for (let i = 0; i < plan.n; i++) out[k * plan.n + i] = out[k * plan.n + i]! / mass[i]!;
  return out;
}

/** The plan seen from the second side. */
export function transposed(plan: Plan): Plan {
  if (plan.sparse) return sparsePlan(plan.m, plan.n, plan.sparse.to, plan.sparse.from, plan.sparse.mass);
  return {
    n: plan.m,
    m: plan.n,
    row(j, out) {
      const unit = new Float64Array(plan.m);
      unit[j] = 1;
      plan.push(1, unit, out);
    },
    push: (d, v, out) => plan.pull(d, v, out),
    pull: (d, v, out) => plan.push(d, v, out),
  };
}
