/**
 * Space and time of a dynamic problem: n cells of a box and `steps` intervals of [0, 1]. Numbers of intervals stand at i * steps + k,
 * numbers of instants at i * (steps + 1) + k: time is contiguous. Potentials live at instants, densities and fluxes in intervals.
 */

import type { Grid, Space } from "../../contract.ts";
import { expectLength, specError } from "../../errors.ts";
import { type AxisTransform, openAxis } from "../../numeric/axis-transform.ts";
import { numbered, openParts } from "../../numeric/parts.ts";

export interface Lattice {
  readonly dim: number;
  readonly shape: readonly number[];
  /** widths of cells in units of `unit` */
  readonly h: readonly number[];
  readonly periodic: readonly boolean[];
  /** what a length of one stands for */
  readonly unit: number;
  readonly n: number;
  readonly steps: number;
  readonly dt: number;
  /** volume of a cell in units */
  readonly volume: number;
  /** 1 where mass may be */
  readonly free: Uint8Array;
  readonly freeCells: number;
  /** per axis: the cell above, -1 behind a wall of the box */
  readonly up: readonly Int32Array[];
  readonly down: readonly Int32Array[];
  /** per axis: mass may pass from the cell to the one above */
  readonly open: readonly Uint8Array[];
  /** part of space that mass can reach from a cell: a number from 0, -1 in obstacles */
  readonly part: Int32Array;
  readonly parts: number;
}

export function openLattice(space: Space, steps: number, unit: number, blocked?: Uint8Array): Lattice {
  const grid = space.grid;
  if (!grid) throw specError("space", `${space.kind} has no grid; dynamic transport needs a box.`);
  if (!Number.isInteger(steps) || steps < 2) throw specError("steps", `got ${steps} when expected a whole number of at least 2.`);
  const n = space.cells!.n;
  const free = new Uint8Array(n).fill(1);
  if (blocked) {
    expectLength("obstacle", blocked.length, n);
    for (let i = 0; i < n; i++) free[i] = blocked[i] ? 0 : 1;
  }
  const { up, down } = neighbours(grid, n);
  const open = up.map((row) => Uint8Array.from(row, (j, i) => (j >= 0 && j !== i && free[i] && free[j] ? 1 : 0)));
  const { part, parts } = partsOf(n, free, up, open);
  const h = grid.h.map((v) => v / unit);
  return {
    dim: grid.shape.length,
    shape: grid.shape,
    h,
    periodic: grid.periodic,
    unit,
    n,
    steps,
    dt: 1 / steps,
    volume: h.reduce((a, b) => a * b, 1),
    free,
    freeCells: free.reduce((a, b) => a + b, 0),
    up,
    down,
    open,
    part,
    parts,
  };
}

function neighbours(grid: Grid, n: number): { up: Int32Array[]; down: Int32Array[] } {
  const up: Int32Array[] = [];
  const down: Int32Array[] = [];
  for (let k = 0, stride = n; k < grid.shape.length; k++) {
    const count = grid.shape[k]!;
    stride /= count;
    const above = new Int32Array(n).fill(-1);
    const below = new Int32Array(n).fill(-1);
    for (let i = 0; i < n; i++) {
      const c = Math.floor(i / stride) % count;
      const j = c + 1 < count ? i + stride : grid.periodic[k] && count > 1 ? i - stride * (count - 1) : -1;
      above[i] = j;
      if (j >= 0) below[j] = i;
    }
    up.push(above);
    down.push(below);
  }
  return { up, down };
}

function partsOf(n: number, free: Uint8Array, up: readonly Int32Array[], open: readonly Uint8Array[]): { part: Int32Array; parts: number } {
  const joined = openParts(n);
  for (let k = 0; k < up.length; k++) for (let i = 0; i < n; i++) if (open[k]![i]) joined.join(i, up[k]![i]!);
  return numbered(joined, n, (i) => free[i] === 1);
}

/**
 * The operator D'D - A'A Lap + reaction^2 A'A on potentials at instants, D the difference in time over dt, A the mean of neighbouring
 * instants, Lap the five-point Laplacian over all cells, obstacles or not: cosines in space, then one tridiagonal system in time per mode.
 */
export interface SpaceTimePoisson {
  /** x: right-hand side in, solution out. Without reaction the sum of the right-hand side must be zero; the solution is one of those that differ by constants. */
  solve(x: Float64Array): void;
}

export function openPoisson(l: Lattice, reaction: number): SpaceTimePoisson {
  const { n, steps, dt } = l;
  const instants = steps + 1;
  const axes = l.shape.map((count, k) => openAxis(count, l.periodic[k]!));
  const work = new Float64Array(n * instants);
  const { pivot, off } = factor(l, axes, reaction);
  const singular = reaction === 0;
  const transform = (x: Float64Array, inverse: boolean): void => {
    let lanes = n * instants;
    for (const axis of axes) {
      const length = lanes;
      lanes /= axis.n;
      if (axis.n === 1) continue;
      for (let at = 0; at < x.length; at += length) inverse ? axis.inverse(x, at, lanes, work) : axis.forward(x, at, lanes, work);
    }
  };
  return {
    solve(x) {
      transform(x, false);
      for (let q = 0; q < n; q++) {
        const at = q * instants;
        const o = off[q]!;
        for (let k = 1; k < instants; k++) x[at + k] = x[at + k]! - o * pivot[at + k - 1]! * x[at + k - 1]!;
        x[at + steps] = singular && q === 0 ? 0 : x[at + steps]! * pivot[at + steps]!;
        for (let k = steps - 1; k >= 0; k--) x[at + k] = (x[at + k]! - o * x[at + k + 1]!) * pivot[at + k]!;
      }
      transform(x, true);
    },
  };
  function factor(lattice: Lattice, list: readonly AxisTransform[], reach: number): { pivot: Float64Array; off: Float64Array } {
    const inverse = new Float64Array(n * instants);
    const beside = new Float64Array(n);
    const square = 1 / (dt * dt);
    for (let q = 0; q < n; q++) {
      let mu = reach * reach;
      for (let k = list.length - 1, rest = q; k >= 0; k--) {
        const count = list[k]!.n;
        const h = lattice.h[k]!;
        mu += list[k]!.eigenvalue[rest % count]! / (h * h);
        rest = Math.floor(rest / count);
      }
      const o = mu / 4 - square;
      beside[q] = o;
      let before = 0;
      for (let k = 0; k < instants; k++) {
        const ends = k === 0 || k === steps ? 1 : 2;
        const d = ends * (square + mu / 4) - o * o * before;
        before = 1 / d;
        inverse[q * instants + k] = before;
      }
    }
    return { pivot: inverse, off: beside };
  }
}
