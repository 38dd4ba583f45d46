/** The faces and cells of a box as runs: stretches that follow each other in memory, for the loops of kernels/stencil.ts. The readable reference is explicit.ts on edges; both agree up to the order in which a cell adds its faces. */
import type { Mesh } from "./mesh.ts";

export interface Runs {
  /** largest length of a run of faces */
  readonly longest: number;
  /** per axis, five numbers a run: length, ll, l, r, rr */
  readonly faces: readonly Int32Array[];
  /** per axis, five numbers a run: length, lower, cell, upper, faces of the cell on this axis */
  readonly cells: readonly Int32Array[];
}

/** Runs of a box: whole rows of cells across the leading axes; along the last axis the inside of each row, and its ends one by one. */
export function openRuns(mesh: Mesh): Runs {
  const axes = mesh.shape.map((count, k) =>
    axisRuns(
      mesh.n,
      count,
      mesh.shape.slice(k + 1).reduce((a, b) => a * b, 1),
      mesh.periodic[k]!,
    ),
  );
  const faces = axes.map((axis) => Int32Array.from(axis.faces.flat()));
  return {
    faces,
    cells: axes.map((axis) => Int32Array.from(axis.cells.flat())),
    longest: Math.max(1, ...faces.map((list) => list.reduce((most, v, i) => (i % 5 === 0 && v > most ? v : most), 0))),
  };
}

function axisRuns(n: number, count: number, stride: number, periodic: boolean): { faces: number[][]; cells: number[][] } {
  const faces: number[][] = [];
  const cells: number[][] = [];
  const wrap = periodic && count > 1;
  /** coordinate moved onto the axis, or null beyond a wall */
  const inside = (c: number): number | null => (c >= 0 && c < count ? c : wrap ? (c + count) % count : null);
  for (let base = 0; base < n; base += stride * count) {
    const at = (c: number | null, otherwise: number): number => base + stride * (c ?? otherwise);
    const face = (c: number, length: number): void => {
      const next = inside(c + 1)!;
      faces.push([length, at(inside(c - 1), c), at(c, c), at(next, next), at(inside(c + 2), next)]);
    };
    const cell = (c: number, length: number): void => {
      const lower = inside(c - 1);
      const upper = inside(c + 1);
      cells.push([length, at(lower, c), at(c, c), at(upper, c), (lower === null ? 0 : 1) + (upper === null ? 0 : 1)]);
    };
    const last = wrap ? count : count - 1;
    if (stride === 1 && count > 4) {
      face(0, 1);
      face(1, count - 3);
      for (let c = count - 2; c < last; c++) face(c, 1);
      cell(0, 1);
      cell(1, count - 2);
      cell(count - 1, 1);
    } else {
      for (let c = 0; c < last; c++) face(c, stride);
      for (let c = 0; c < count; c++) cell(c, stride);
    }
  }
  return { faces, cells };
}
