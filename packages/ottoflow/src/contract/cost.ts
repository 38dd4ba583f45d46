import type { Rows } from "./rows.ts";

/**
 * What it costs to move a unit of mass from x to y. Pairs that must not be used cost +Infinity: solvers leave them out, they never add to it.
 * Points are rows of the two sides (coordinate-major), so a cost may also look up a table by the index of the points.
 */
export interface Cost {
  readonly tex: string;
  /** out[j] = c(x_i, y_j) for all m points y */
  row(i: number, n: number, x: Rows, m: number, y: Rows, out: Float64Array): void;
  /** c(x_i, y_j) */
  at(i: number, j: number, n: number, x: Rows, m: number, y: Rows): number;
  /** c = |x - y|^power with the Euclidean distance; Infinity: a coupling costs its largest distance (bottleneck) */
  readonly power?: number;
  /** c is a metric to this power, so value^(1/metric) is a Wasserstein distance */
  readonly metric?: number;
  /** points are angles on a circle of this length and c = h(arc length), h convex and increasing */
  readonly circle?: { readonly length: number; readonly h: (r: number) => number };
  /** on the line c = h(x - y) with h convex: the monotone coupling is optimal */
  readonly line?: { readonly h: (r: number) => number };
  /** c(i, j) is the length of the shortest path between vertices i and j of this undirected graph, edge e joining from[e] and to[e] */
  readonly graph?: { readonly n: number; readonly from: Int32Array; readonly to: Int32Array; readonly length: Float64Array };
  /** some pairs cost +Infinity */
  readonly forbids?: boolean;
  /** sizes the cost is a table for; points then only count */
  readonly table?: { readonly n: number; readonly m: number; readonly values?: Float64Array };
  /** the only pairs that may be used, by rows: row i may go to to[start[i]] .. to[start[i + 1] - 1], rising; `at` tells what they cost */
  readonly listed?: { readonly n: number; readonly m: number; readonly start: Int32Array; readonly to: Int32Array };
  /** costs that know points by their index: the same cost where only these points of the two sides are left (null: all) */
  kept?(from: Int32Array | null, to: Int32Array | null): Cost;
  /** throws where points [d * n] are none that the cost knows: off the sphere */
  check?(name: string, n: number, x: Rows): void;
  /** out[k * m + j] = d/dx_k c(x_i, y_j) */
  gradient?(i: number, n: number, x: Rows, m: number, y: Rows, out: Float64Array): void;
}
