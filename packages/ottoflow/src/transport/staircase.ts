/**
 * The monotone staircase: what optimal plans between two sorted lists look like when the cost is Monge,
 * c(i, j) + c(i + 1, j + 1) <= c(i, j + 1) + c(i + 1, j), as every convex h(x - y) is between sorted points. [villani2003, burkard1996]
 */
import type { Rows } from "../contract.ts";

export interface Staircase {
  /** places in the sorted lists, from (0, 0) to (n - 1, m - 1); each step moves on in one of the lists, so there are n + m - 1 */
  readonly i: Int32Array;
  readonly j: Int32Array;
  /** mass of each step, 0 at corners where both lists run out at once */
  readonly mass: Float64Array;
}

/** North-west rule: serves both lists in order. What rounding leaves over at the end goes to the last step. */
export function staircase(n: number, a: (i: number) => number, m: number, b: (j: number) => number): Staircase {
  const size = n + m - 1;
  const out = { i: new Int32Array(size), j: new Int32Array(size), mass: new Float64Array(size) };
  let [i, j] = [0, 0];
  let [left, right] = [a(0), b(0)];
  for (let e = 0; e < size; e++) {
    out.i[e] = i;
    out.j[e] = j;
    const lastRow = i === n - 1;
    const lastColumn = j === m - 1;
    if (lastRow && lastColumn) {
      out.mass[e] = Math.max(left, right);
      break;
    }
    if (lastColumn || (!lastRow && left <= right)) {
      out.mass[e] = left;
      right = Math.max(0, right - left);
      left = a(++i);
    } else {
      out.mass[e] = right;
      left = Math.max(0, left - right);
      right = b(++j);
    }
  }
  return out;
}

/** f of the sorted first list from f_i + g_j = c_ij along the staircase, f_0 = 0: with a Monge cost f + g <= c everywhere. */
export function staircasePotential(s: Staircase, n: number, cost: (i: number, j: number) => number): Float64Array {
  const f = new Float64Array(n);
  let [fi, gj] = [0, cost(0, 0)];
  for (let e = 1; e < s.i.length; e++) {
    const [i, j] = [s.i[e]!, s.j[e]!];
    if (i !== s.i[e - 1]!) {
      fi = cost(i, j) - gj;
      f[i] = fi;
    } else gj = cost(i, j) - fi;
  }
  return f;
}

/** g_j = min_i c_ij - f_i of a Monge cost: the least row of each column never moves back, so O((n + m) log m) costs are read. */
export function monotoneMinima(n: number, f: Rows, m: number, cost: (i: number, j: number) => number): Float64Array {
  const g = new Float64Array(m);
  const range: number[] = [0, m - 1, 0, n - 1];
  while (range.length > 0) {
    const last = range.pop()!;
    const first = range.pop()!;
    const to = range.pop()!;
    const from = range.pop()!;
    const j = (from + to) >> 1;
    let least = Number.POSITIVE_INFINITY;
    let at = first;
    for (let i = first; i <= last; i++) {
      const v = cost(i, j) - f[i]!;
      if (v < least) [least, at] = [v, i];
    }
    g[j] = least;
    if (from < j) range.push(from, j - 1, first, at);
    if (j < to) range.push(j + 1, to, at, last);
  }
  return g;
}
