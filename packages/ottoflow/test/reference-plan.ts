/**
 * The transport problem by successive shortest paths, in plain TypeScript and without any cleverness: the oracle of the fast solvers.
 * Every augmentation is one search by Dijkstra over reduced costs c - u - v >= 0, so potentials stay feasible and used pairs tight. [jonkervolgenant1987]
 */

export interface ReferencePlan {
  /** [n * m] */
  readonly flow: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly augmentations: number;
  /** rows whose allowed columns together demand less than the rows supply, and those columns; null where a plan exists */
  readonly violator: { readonly rows: readonly number[]; readonly columns: readonly number[] } | null;
}

/** costs [n * m] row by row, Infinity forbids; supplies and demands are whole numbers of equal sum below 2^53. O(n m) per augmentation. */
export function referencePlan(n: number, m: number, costs: Float64Array, supply: Float64Array, demand: Float64Array): ReferencePlan {
  const flow = new Float64Array(n * m);
  const [u, v] = [new Float64Array(n), new Float64Array(m)];
  const left = demand.slice();
  let augmentations = 0;
  for (let i = 0; i < n; i++) {
    u[i] = Number.POSITIVE_INFINITY;
    for (let j = 0; j < m; j++) u[i] = Math.min(u[i]!, costs[i * m + j]! - v[j]!);
    for (let supplied = supply[i]!; supplied > 0; augmentations++) {
      const path = shortestPath(n, m, costs, flow, u, v, left, i);
      if (path.end < 0) return { flow, u, v, augmentations, violator: { rows: path.rows, columns: path.columns } };
      supplied -= augment(m, flow, left, path, i, supplied);
    }
  }
  return { flow, u, v, augmentations, violator: null };
}

interface Path {
  /** column with demand left, -1 where none can be reached */
  readonly end: number;
  /** row before each reached column, and column before each reached row */
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}
function shortestPath(n: number, m: number, costs: Float64Array, flow: Float64Array, u: Float64Array, v: Float64Array, left: Float64Array, from: number): Path {
  const distance = new Float64Array(m).fill(Number.POSITIVE_INFINITY);
  const reachedAt = new Float64Array(n).fill(Number.NaN);
  const rowOf = new Int32Array(m).fill(-1);
  const columnOf = new Int32Array(n).fill(-1);
  const done = new Uint8Array(m);
  const rows: number[] = [];
  const columns: number[] = [];
  const scan = (i: number, at: number): void => {
    reachedAt[i] = at;
    rows.push(i);
    for (let j = 0; j < m; j++) {
      const d = at + (costs[i * m + j]! - u[i]! - v[j]!);
      if (done[j] || !(d < distance[j]!)) continue;
      distance[j] = d;
      rowOf[j] = i;
    }
  };
  scan(from, 0);
  for (;;) {
    let end = -1;
    for (let j = 0; j < m; j++) if (!done[j] && rowOf[j]! >= 0 && (end < 0 || distance[j]! < distance[end]!)) end = j;
    if (end < 0) return { end, rowOf, columnOf, rows, columns };
    if (left[end]! > 0) {
      for (const i of rows) u[i] = u[i]! + (distance[end]! - reachedAt[i]!);
      for (const j of columns) v[j] = v[j]! - (distance[end]! - distance[j]!);
      return { end, rowOf, columnOf, rows, columns };
    }
    done[end] = 1;
    columns.push(end);
    for (let i = 0; i < n; i++)
      if (flow[i * m + end]! > 0 && Number.isNaN(reachedAt[i]!)) {
        columnOf[i] = end;
        scan(i, distance[end]!);
      }
  }
}
/** Sends as much as the path carries from row `from` to its end; returns how much. */
function augment(m: number, flow: Float64Array, left: Float64Array, path: Path, from: number, supplied: number): number {
  let amount = Math.min(supplied, left[path.end]!);
  for (let i = path.rowOf[path.end]!; i !== from; i = path.rowOf[path.columnOf[i]!]!) amount = Math.min(amount, flow[i * m + path.columnOf[i]!]!);
  left[path.end] = left[path.end]! - amount;
  for (let j = path.end; ; ) {
    const i = path.rowOf[j]!;
    flow[i * m + j] = flow[i * m + j]! + amount;
    if (i === from) return amount;
    j = path.columnOf[i]!;
    flow[i * m + j] = flow[i * m + j]! - amount;
  }
}
