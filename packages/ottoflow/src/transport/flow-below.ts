/** The most mass that pairs below a distance can carry: blocking flows on shortest augmenting paths, for equal weights the method of Hopcroft and Karp. [hopcroftkarp1973] */
import type { Atoms } from "./problem.ts";

/** Pairs (i, column[e]) for start[i] <= e < start[i + 1] that are no further apart than asked, with their distances. */
export interface NearPairs {
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly distance: Float64Array;
}
/** All pairs with |x_i - y_j| <= r, by a sweep along the first axis; null where they are more than `most`. */
export function pairsWithin(a: Atoms, b: Atoms, order: Int32Array, r: number, most: number): NearPairs | null {
  const start = new Int32Array(a.n + 1);
  let column = new Int32Array(16 * (a.n + b.n));
  let distance = new Float64Array(column.length);
  let count = 0;
  const key = (k: number): number => b.x[order[k]!]!;
  for (let i = 0; i < a.n; i++) {
    // wide enough for what the bounds lose by rounding
    const reach = r + 1e-15 * (Math.abs(a.x[i]!) + r);
    for (let k = firstFrom(b.n, key, a.x[i]! - reach); k < b.n && key(k) <= a.x[i]! + reach; k++) {
      const j = order[k]!;
      const d = distanceOf(a, b, i, j);
      if (d > r) continue;
      if (count === most) return null;
      if (count === column.length) {
        [column, distance] = [grown(column, Int32Array), grown(distance, Float64Array)];
      }
      column[count] = j;
      distance[count++] = d;
    }
    start[i + 1] = count;
  }
  return { start, column: column.subarray(0, count), distance: distance.subarray(0, count) };
}
const grown = <T extends Int32Array | Float64Array>(row: T, make: new (n: number) => T): T => {
  const out = new make(2 * row.length);
  out.set(row);
  return out;
};
/** the first place whose key is at least v */
function firstFrom(n: number, key: (k: number) => number, v: number): number {
  let [lo, hi] = [0, n];
  while (lo < hi) {
    const k = (lo + hi) >> 1;
    if (key(k) < v) lo = k + 1;
    else hi = k;
  }
  return lo;
}
export function distanceOf(a: Atoms, b: Atoms, i: number, j: number): number {
  let s = 0;
  for (let k = 0; k < a.d; k++) {
    const r = a.x[k * a.n + i]! - b.x[k * b.n + j]!;
    s += r * r;
  }
  return Math.sqrt(s);
}

export interface FlowBelow {
  /** mass of each pair */
  readonly flow: Float64Array;
  /** rows that could not send all and those that could stand in for them, with every column they reach: all of these are full; null where all mass flows */
  readonly stuck: { readonly rows: Uint8Array; readonly columns: Uint8Array } | null;
}
interface Search {
  readonly n: number;
  readonly m: number;
  readonly pairs: NearPairs;
  readonly flow: Float64Array;
  /** whole numbers that are left */
  readonly left: Float64Array;
  readonly lacks: Float64Array;
  /** pairs by column */
  readonly columnStart: Int32Array;
  readonly pairOf: Int32Array;
  readonly rowOf: Int32Array;
  readonly rowLevel: Int32Array;
  readonly columnLevel: Int32Array;
  readonly nextOfRow: Int32Array;
  readonly nextOfColumn: Int32Array;
}
/** supply and demand: whole numbers below 2^53 in sum, so that nothing is rounded. Up to `slack` of them may be left where they are. */
export function flowBelow(pairs: NearPairs, supply: Float64Array, demand: Float64Array, slack: number): FlowBelow {
  const [n, m] = [supply.length, demand.length];
  const s: Search = {
    n,
    m,
    pairs,
    flow: new Float64Array(pairs.column.length),
    left: supply.slice(),
    lacks: demand.slice(),
    ...byColumn(pairs, n, m),
    rowLevel: new Int32Array(n),
    columnLevel: new Int32Array(m),
    nextOfRow: new Int32Array(n),
    nextOfColumn: new Int32Array(m),
  };
  for (;;) {
    const found = layers(s);
    if (s.left.reduce((sum, v) => sum + v, 0) <= (found ? 0 : slack)) return { flow: s.flow, stuck: null };
    if (!found)
      return {
        flow: s.flow,
        stuck: { rows: Uint8Array.from(s.rowLevel, (l) => Number(l >= 0)), columns: Uint8Array.from(s.columnLevel, (l) => Number(l >= 0)) },
      };
    s.nextOfRow.set(pairs.start.subarray(0, n));
    s.nextOfColumn.set(s.columnStart.subarray(0, m));
    for (let i = 0; i < n; i++) while (s.left[i]! > 0 && sendFrom(s, i)) {}
  }
}
function byColumn({ start, column }: NearPairs, n: number, m: number): Pick<Search, "columnStart" | "pairOf" | "rowOf"> {
  const columnStart = new Int32Array(m + 1);
  for (let e = 0; e < column.length; e++) columnStart[column[e]! + 1] = columnStart[column[e]! + 1]! + 1;
  for (let j = 0; j < m; j++) columnStart[j + 1] = columnStart[j + 1]! + columnStart[j]!;
  const at = columnStart.slice();
  const pairOf = new Int32Array(column.length);
  const rowOf = new Int32Array(column.length);
  for (let i = 0; i < n; i++)
    for (let e = start[i]!; e < start[i + 1]!; e++) {
      rowOf[e] = i;
      const j = column[e]!;
      pairOf[at[j]!] = e;
      at[j] = at[j]! + 1;
    }
  return { columnStart, pairOf, rowOf };
}
/** Breadth first from rows with mass left, along any pair, and back along pairs that carry; stops at the layer of the first column that lacks. */
function layers({ n, m, pairs, flow, left, lacks, columnStart, pairOf, rowOf, rowLevel, columnLevel }: Search): boolean {
  rowLevel.fill(-1);
  columnLevel.fill(-1);
  let rows: number[] = [];
  for (let i = 0; i < n; i++)
    if (left[i]! > 0) {
      rowLevel[i] = 0;
      rows.push(i);
    }
  let found = false;
  for (let level = 0; rows.length > 0 && !found && level <= m; level++) {
    const next: number[] = [];
    const reached: number[] = [];
    for (const i of rows)
      for (let e = pairs.start[i]!; e < pairs.start[i + 1]!; e++) {
        const j = pairs.column[e]!;
        if (columnLevel[j]! >= 0) continue;
        columnLevel[j] = level;
        reached.push(j);
        if (lacks[j]! > 0) found = true;
      }
    if (found) break;
    for (const j of reached)
      for (let k = columnStart[j]!; k < columnStart[j + 1]!; k++) {
        const e = pairOf[k]!;
        const i = rowOf[e]!;
        if (flow[e]! > 0 && rowLevel[i]! < 0) {
          rowLevel[i] = level + 1;
          next.push(i);
        }
      }
    rows = next;
  }
  return found;
}
/** One path through the layers, depth first; every row and column goes on where it stopped last. */
function sendFrom(s: Search, from: number): boolean {
  const { pairs, flow, left, lacks, columnStart, pairOf, rowOf, rowLevel, columnLevel, nextOfRow, nextOfColumn } = s;
  const path: number[] = [];
  for (let i = from; ; ) {
    const e = nextOfRow[i]!;
    if (e === pairs.start[i + 1]!) {
      // a dead end: back over the pair that led here, and past the pair before it
      if (path.length === 0) return false;
      const back = path.pop()!;
      const j = pairs.column[back]!;
      nextOfColumn[j] = nextOfColumn[j]! + 1;
      i = rowOf[path.pop()!]!;
      continue;
    }
    const j = pairs.column[e]!;
    if (columnLevel[j] !== rowLevel[i]) {
      nextOfRow[i] = e + 1;
      continue;
    }
    if (lacks[j]! > 0) {
      path.push(e);
      return carry(s, from, j, path);
    }
    let k = nextOfColumn[j]!;
    while (k < columnStart[j + 1]! && !(flow[pairOf[k]!]! > 0 && rowLevel[rowOf[pairOf[k]!]!] === columnLevel[j]! + 1)) k++;
    nextOfColumn[j] = k;
    if (k === columnStart[j + 1]!) {
      nextOfRow[i] = e + 1;
      continue;
    }
    path.push(e, pairOf[k]!);
    i = rowOf[pairOf[k]!]!;
  }
  // the path holds pairs forth and back by turns
  function carry(t: Search, row: number, end: number, along: readonly number[]): boolean {
    let mass = Math.min(left[row]!, lacks[end]!);
    for (let k = 1; k < along.length; k += 2) mass = Math.min(mass, t.flow[along[k]!]!);
    for (let k = 0; k < along.length; k++) flow[along[k]!] = flow[along[k]!]! + (k % 2 === 0 ? mass : -mass);
    left[row] = left[row]! - mass;
    lacks[end] = lacks[end]! - mass;
    return true;
  }
}
