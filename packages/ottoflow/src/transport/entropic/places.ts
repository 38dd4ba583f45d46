/**
 * Where entries of the Gibbs kernel and sums over its blocks stand in memory: group of rows by group, in the order of the runs of columns that the group
 * looks at.
 */
import type { PairRows } from "./pair-rows.ts";

/** Sums over blocks of rows and columns, as a sparse matrix by rows. */
export interface BlockSums {
  readonly size: number;
  readonly start: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}
export interface Places {
  /** places of the entries of all pairs that are looked at, or of the nearest only */
  entries(nearest: boolean): void;
  /** places of the sums over blocks */
  blocks(): void;
  pattern(): BlockSums;
  /** groups from `q` to the one returned hold about that many pairs */
  slice(q: number, most: number): number;
  /** visits the runs of columns below m that each of n rows looks at */
  eachRun(n: number, m: number, visit: (i: number, first: number, last: number) => void): void;
}

export function openPlaces(rows: PairRows, groups: number, block: number): Places {
  return {
    entries(nearest) {
      const [start, from, to] = nearest ? [rows.nearStart, rows.nearFrom, rows.nearTo] : [rows.start, rows.from, rows.to];
      let s = 0;
      for (let q = 0; q < groups; q++) {
        rows.offset[q] = s;
        let width = 0;
        for (let r = start[q]!; r < start[q + 1]!; r++) width += to[r]! - from[r]!;
        s += width * block;
      }
    },
    blocks() {
      let s = 0;
      for (let q = 0; q < groups; q++) {
        rows.coarseStart[q] = s;
        for (let r = rows.start[q]!; r < rows.start[q + 1]!; r++) s += (rows.to[r]! - rows.from[r]!) / block;
      }
      rows.coarseStart[groups] = s;
    },
    pattern() {
      const total = rows.coarseStart[groups]!;
      const column = new Int32Array(total);
      for (let q = 0; q < groups; q++) {
        let at = rows.coarseStart[q]!;
        for (let r = rows.start[q]!; r < rows.start[q + 1]!; r++) for (let j = rows.from[r]! / block; j < rows.to[r]! / block; j++) column[at++] = j;
      }
      return { size: block, start: rows.coarseStart, column, value: rows.coarse.subarray(0, total) };
    },
    slice(q, most) {
      let next = q;
      for (let pairs = 0; next < groups && pairs < most; next++)
        for (let r = rows.start[next]!; r < rows.start[next + 1]!; r++) pairs += block * (rows.to[r]! - rows.from[r]!);
      return next;
    },
    eachRun(n, m, visit) {
      for (let i = 0; i < n; i++) {
        const q = Math.floor(i / block);
        for (let r = rows.start[q]!; r < rows.start[q + 1]!; r++) visit(i, rows.from[r]!, Math.min(m, rows.to[r]!));
      }
    },
  };
}
