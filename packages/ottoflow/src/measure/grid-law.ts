import type { Law, Rows } from "../contract.ts";
import { expectLength, specError } from "../errors.ts";
import { type Shared, sharedOf } from "./law.ts";
import { upperBound } from "./points.ts";

export interface Lattice {
  readonly lower: readonly number[];
  readonly h: readonly number[];
  readonly shape: readonly number[];
}

/**
 * Constant density on each cell of a regular grid, by the cells' masses: what an image, a histogram or a stored density is.
 * Exact masses of boxes, exact quantiles on the line; draws go through the conditional distribution of one axis after the other, so low-discrepancy sets stay spread.
 * @param cellMass relative masses, first axis slowest; normalised to the mass of the law
 * @throws {SpecError} when a cell mass is negative or all vanish
 */
export function gridLaw(grid: Lattice, cellMass: ArrayLike<number>, values: Shared = {}): Law {
  const { h, shape } = grid;
  const d = shape.length;
  const n = shape.reduce((a, b) => a * b, 1);
  expectLength("cell masses", cellMass.length, n);
  const base = sharedOf(values);
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!(cellMass[i]! >= 0 && cellMass[i]! < Number.POSITIVE_INFINITY))
      throw specError("initial", `cell ${i} has mass ${cellMass[i]}; give finite numbers >= 0.`);
    total += cellMass[i]!;
  }
  if (!(total > 0)) throw specError("initial", "all cells are empty; a measure needs mass.");
  const p = Float64Array.from(cellMass, (v) => v / total);
  const volume = h.reduce((a, b) => a * b, 1);
  const tables = conditionals(shape, p);
  const draw = (m: number, u: Rows, out: Rows): void => drawCells(m, grid, tables, u, out);
  return {
    ...base,
    tex: "\\sum_i \\rho_i \\mathbf 1_{C_i}",
    dim: d,
    density: (m, x, out) => {
      for (let j = 0; j < m; j++) {
        const i = cellOf(grid, m, x, j);
        out[j] = i < 0 ? 0 : (base.mass * p[i]!) / volume;
      }
    },
    boxMass: (m, lo, hi, out) => {
      for (let j = 0; j < m; j++) out[j] = base.mass * overlapMass(grid, p, m, lo, hi, j, 0, 0, 1);
    },
    moments: gridMoments(grid, p),
    draw: { uniforms: d, map: draw },
    ...(d === 1 ? { quantile: draw } : {}),
  };
}

/** Index of the half-open cell that holds point j, or -1; the far face belongs to the last cell. */
export function cellOf(grid: Lattice, m: number, x: Rows, j: number): number {
  let index = 0;
  for (let k = 0; k < grid.shape.length; k++) {
    const count = grid.shape[k]!;
    const s = (x[k * m + j]! - grid.lower[k]!) / grid.h[k]!;
    if (!(s >= 0 && s <= count)) return -1;
    index = index * count + Math.min(Math.floor(s), count - 1);
  }
  return index;
}

/** Mass of p in box j: overlaps of intervals, axis by axis; a sum of positive terms, so nothing cancels. */
function overlapMass(grid: Lattice, p: Float64Array, m: number, lo: Rows, hi: Rows, j: number, axis: number, offset: number, part: number): number {
  if (axis === grid.shape.length) return part * p[offset]!;
  const count = grid.shape[axis]!;
  const a = (lo[axis * m + j]! - grid.lower[axis]!) / grid.h[axis]!;
  const b = (hi[axis * m + j]! - grid.lower[axis]!) / grid.h[axis]!;
  const first = Math.max(0, Math.floor(a));
  const last = Math.min(count, Math.ceil(b));
  let s = 0;
  for (let i = first; i < last; i++) {
    const share = Math.min(b, i + 1) - Math.max(a, i);
    if (share > 0) s += overlapMass(grid, p, m, lo, hi, j, axis + 1, offset * count + i, part * share);
  }
  return s;
}

/** Per axis k the cumulative distribution of index k given the indices before it, one row of shape[k] + 1 for each of them. */
function conditionals(shape: readonly number[], p: Float64Array): readonly Float64Array[] {
  const d = shape.length;
  const tables = new Array<Float64Array>(d);
  let marginal = p;
  for (let k = d - 1; k >= 0; k--) {
    const count = shape[k]!;
    const rows = marginal.length / count;
    const table = new Float64Array(rows * (count + 1));
    const next = new Float64Array(rows);
    for (let r = 0; r < rows; r++) {
      let s = 0;
      for (let i = 0; i < count; i++) table[r * (count + 1) + i + 1] = s += marginal[r * count + i]!;
      next[r] = s;
      if (s > 0) for (let i = 1; i <= count; i++) table[r * (count + 1) + i]! /= s;
    }
    tables[k] = table;
    marginal = next;
  }
  return tables;
}

function drawCells(m: number, grid: Lattice, tables: readonly Float64Array[], u: Rows, out: Rows): void {
  for (let j = 0; j < m; j++) {
    let row = 0;
    for (let k = 0; k < grid.shape.length; k++) {
      const count = grid.shape[k]!;
      const table = tables[k]!.subarray(row * (count + 1), (row + 1) * (count + 1));
      const v = u[k * m + j]!;
      let i = Math.min(upperBound(table, v) - 1, count - 1);
      while (i > 0 && table[i + 1]! <= table[i]!) i--;
      const step = table[i + 1]! - table[i]!;
      out[k * m + j] = grid.lower[k]! + grid.h[k]! * (i + (step > 0 ? Math.min(1, (v - table[i]!) / step) : 0));
      row = row * count + i;
    }
  }
}

function gridMoments(grid: Lattice, p: Float64Array): { mean: number[]; cov: number[] } {
  const d = grid.shape.length;
  const n = p.length;
  const centre = (k: number, i: number): number => {
    let stride = 1;
    for (let l = k + 1; l < d; l++) stride *= grid.shape[l]!;
    return grid.lower[k]! + grid.h[k]! * ((Math.floor(i / stride) % grid.shape[k]!) + 0.5);
  };
  const mean = Array.from({ length: d }, (_, k) => p.reduce((s, v, i) => s + v * centre(k, i), 0));
  const cov = new Array<number>(d * d).fill(0);
  for (let k = 0; k < d; k++)
    for (let l = 0; l <= k; l++) {
      let s = k === l ? (grid.h[k]! * grid.h[k]!) / 12 : 0;
      for (let i = 0; i < n; i++) s += p[i]! * (centre(k, i) - mean[k]!) * (centre(l, i) - mean[l]!);
      cov[k * d + l] = cov[l * d + k] = s;
    }
  return { mean, cov };
}
