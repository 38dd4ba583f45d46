/**
 * The hot loops of the explicit scheme on plain rows with offsets: a run is `length` faces (or cells) that follow each other in
 * memory. The readable reference is explicit.ts on edges; both agree up to the order in which a cell adds its faces.
 */
import type { Rows } from "../../contract.ts";
import type { Mesh } from "./mesh.ts";

/**
 * flow_j = g (drop_j edge_j + noise (rho_l - rho_r)) for the faces between cells l + j and r + j, with neighbours ll + j and rr + j
 * beyond them (equal to l, r at a wall); drop = phi_l - phi_r; edge is the limited value on the side that is left.
 */
export function upwindRun(
  length: number,
  rho: Rows,
  ll: number,
  l: number,
  r: number,
  rr: number,
  phi: Rows,
  noise: number,
  g: number,
  theta: number,
  flow: Rows,
): void {
  for (let j = 0; j < length; j++) {
    const a = rho[l + j]!;
    const b = rho[r + j]!;
    const drop = phi[l + j]! - phi[r + j]!;
    const across = b - a;
    const behind = drop > 0 ? a - rho[ll + j]! : rho[rr + j]! - b;
    let slope = 0;
    if (across * behind > 0) {
      const middle = 0.5 * (across + behind);
      slope = across > 0 ? Math.min(theta * across, theta * behind, middle) : Math.max(theta * across, theta * behind, middle);
    }
    const edge = drop > 0 ? a + 0.5 * slope : b - 0.5 * slope;
    flow[j] = g * (edge * drop + noise * (a - b));
  }
}

/** out_{l + j} -= factor flow_j, out_{r + j} += factor flow_j */
export function spreadRun(length: number, flow: Rows, factor: number, l: number, r: number, out: Rows): void {
  for (let j = 0; j < length; j++) out[l + j] = out[l + j]! - factor * flow[j]!;
  for (let j = 0; j < length; j++) out[r + j] = out[r + j]! + factor * flow[j]!;
}

/** rate_{i + j} += 2 g max(0, phi_i - phi_lower, phi_i - phi_upper) + faces g (noise + rho stiff) for the cells i + j */
export function rateRun(
  length: number,
  phi: Rows,
  rho: Rows,
  stiff: Rows,
  lower: number,
  i: number,
  upper: number,
  g: number,
  noise: number,
  faces: number,
  rate: Rows,
): void {
  for (let j = 0; j < length; j++) {
    const here = phi[i + j]!;
    const fall = Math.max(0, here - phi[lower + j]!, here - phi[upper + j]!);
    const density = rho[i + j]!;
    rate[i + j] = rate[i + j]! + g * (2 * fall + faces * (noise + (density > 0 ? density * stiff[i + j]! : 0)));
  }
}

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
