/** Gradients weighted by a density on a grid: -div(rho grad phi) = rate, what no flux can bring taken out first. */

import type { Space } from "../../contract.ts";
import { expectLength, OttoflowError, specError } from "../../errors.ts";
import { type AxisTransform, openAxis } from "../../numeric/axis-transform.ts";
import { numbered, openParts } from "../../numeric/parts.ts";
import { powerOfFour } from "../definite.ts";
import { conjugateGradients } from "./balance.ts";

/** A motion on a grid, through the faces above each cell: one row [n] per axis, 0 at walls. */
export type FaceRows = readonly Float64Array[];

/** Cells of a grid with a density at the faces between them. */
export interface Mesh {
  readonly n: number;
  readonly volume: number;
  readonly shape: readonly number[];
  readonly h: readonly number[];
  readonly periodic: readonly boolean[];
  readonly up: readonly Int32Array[];
  /** rho at the faces, 0 at walls */
  readonly theta: FaceRows;
}

/** Parts of what rho joins: cells of one part exchange mass. */
function partsOf({ n, up, theta }: Mesh): { part: Int32Array; parts: number } {
  const joined = openParts(n);
  for (const [k, row] of theta.entries()) for (let i = 0; i < n; i++) if (row[i]! > 0) joined.join(i, up[k]![i]!);
  return numbered(joined, n);
}

export function meshOf(space: Space, rho: ArrayLike<number>, obstacle?: ArrayLike<number>): Mesh {
  const grid = space.grid;
  if (!grid) throw new OttoflowError("UnsupportedError", `A ${space.kind} has no grid; metric derivatives of densities need a box.`, { missing: ["grid"] });
  const n = space.cells!.n;
  expectLength("rho", rho.length, n);
  for (let i = 0; i < n; i++)
    if (!(rho[i]! >= 0 && rho[i]! < Number.POSITIVE_INFINITY))
      throw specError("rho", `cell ${i} has the density ${rho[i]} when expected a finite number of at least 0.`);
  if (obstacle) expectLength("obstacle", obstacle.length, n);
  const up: Int32Array[] = [];
  const theta: Float64Array[] = [];
  for (let k = 0, stride = n; k < grid.shape.length; k++) {
    const count = grid.shape[k]!;
    stride /= count;
    const above = new Int32Array(n).fill(-1);
    const at = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const c = Math.floor(i / stride) % count;
      const j = c + 1 < count ? i + stride : grid.periodic[k] && count > 1 ? i - stride * (count - 1) : -1;
      if (j < 0) continue;
      above[i] = j;
      if (!obstacle?.[i] && !obstacle?.[j]) at[i] = (rho[i]! + rho[j]!) / 2;
    }
    up.push(above);
    theta.push(at);
  }
  return { n, volume: grid.h.reduce((a, b) => a * b, 1), shape: grid.shape, h: grid.h, periodic: grid.periodic, up, theta };
}

/** out = what flows out of each cell, per volume */
export function divergence({ n, up, h }: Mesh, flux: FaceRows, out: Float64Array): void {
  out.fill(0);
  for (const [k, row] of flux.entries())
    for (let i = 0; i < n; i++) {
      const f = row[i]! / h[k]!;
      if (f === 0) continue;
      out[i] = out[i]! + f;
      const j = up[k]![i]!;
      out[j] = out[j]! - f;
    }
}

/** Takes from the rate what no flux can bring, per part, in proportion to rho; returns how much per volume. */
export function makeCompatible(mesh: Mesh, rho: ArrayLike<number>, rate: Float64Array): number {
  const { part, parts } = partsOf(mesh);
  const excess = new Float64Array(parts);
  const mass = new Float64Array(parts);
  const cells = new Float64Array(parts);
  for (let i = 0; i < mesh.n; i++) {
    excess[part[i]!] = excess[part[i]!]! + rate[i]!;
    mass[part[i]!] = mass[part[i]!]! + rho[i]!;
    cells[part[i]!] = cells[part[i]!]! + 1;
  }
  for (let i = 0; i < mesh.n; i++) {
    const p = part[i]!;
    rate[i] = rate[i]! - excess[p]! * (mass[p]! > 0 ? rho[i]! / mass[p]! : 1 / cells[p]!);
  }
  return excess.reduce((s, v) => s + Math.abs(v), 0);
}

/** phi with -div(theta grad phi) = rate: by sums on the line, by conjugate gradients elsewhere. */
export function solveGradient(mesh: Mesh, rate: Float64Array): Float64Array {
  if (mesh.shape.length === 1) return onLine(mesh, rate);
  const { n, up, h } = mesh;
  // squares of tiny densities leave float64
  const unit = powerOfFour(mesh.theta.reduce((top, row) => row.reduce((s, v) => Math.max(s, v), top), 0) || 1);
  const theta = mesh.theta.map((row) => row.map((v) => v / unit));
  const phi = new Float64Array(n);
  const scale = new Float64Array(n);
  const open = new Uint8Array(n);
  for (const [k, row] of theta.entries())
    for (let i = 0; i < n; i++) {
      if (!(row[i]! > 0)) continue;
      const j = up[k]![i]!;
      scale[i] = scale[i]! + row[i]! / (2 * theta.length);
      scale[j] = scale[j]! + row[i]! / (2 * theta.length);
      open[i] = 1;
      open[j] = 1;
    }
  for (let i = 0; i < n; i++) scale[i] = open[i] ? 1 / Math.sqrt(scale[i]!) : 0;
  const helmholtz = openHelmholtz(mesh);
  conjugateGradients(
    (x, y) => {
      y.fill(0);
      for (const [k, row] of theta.entries()) {
        const c = 1 / (h[k]! * h[k]!);
        for (let i = 0; i < n; i++) {
          if (!(row[i]! > 0)) continue;
          const j = up[k]![i]!;
          const f = c * row[i]! * (x[i]! - x[j]!);
          y[i] = y[i]! + f;
          y[j] = y[j]! - f;
        }
      }
    },
    (x) => {
      for (let i = 0; i < n; i++) x[i] = x[i]! * scale[i]!;
      helmholtz(x);
      for (let i = 0; i < n; i++) x[i] = x[i]! * scale[i]!;
    },
    rate.map((v) => v / unit),
    phi,
    1e-13,
    4 * n + 200,
  );
  return phi;
}

/** x = (1 / L^2 - Lap)^-1 x over the box, L a quarter of its size: the shape of the preconditioner where rho is smooth. [concus1973] */
function openHelmholtz({ n, shape, h, periodic }: Mesh): (x: Float64Array) => void {
  const axes: readonly AxisTransform[] = shape.map((count, k) => openAxis(count, periodic[k]!));
  const size = shape.reduce((s, count, k) => s + count * h[k]! * count * h[k]!, 0);
  const inverse = Float64Array.from({ length: n }, (_, q) => {
    let mu = 16 / size;
    for (let k = axes.length - 1, rest = q; k >= 0; k--) {
      mu += axes[k]!.eigenvalue[rest % shape[k]!]! / (h[k]! * h[k]!);
      rest = Math.floor(rest / shape[k]!);
    }
    return 1 / mu;
  });
  const work = new Float64Array(n);
  const transform = (x: Float64Array, back: boolean): void => {
    let lanes = n;
    for (const axis of axes) {
      const length = lanes;
      lanes /= axis.n;
      if (axis.n > 1) for (let at = 0; at < n; at += length) back ? axis.inverse(x, at, lanes, work) : axis.forward(x, at, lanes, work);
    }
  };
  return (x) => {
    transform(x, false);
    for (let q = 0; q < n; q++) x[q] = x[q]! * inverse[q]!;
    transform(x, true);
  };
}

/** On the line the flux is the sum of the rate from the end of its part; on a circle without a gap one constant is free and the gradient fixes it. */
function onLine({ n, h, periodic, theta }: Mesh, rate: Float64Array): Float64Array {
  const row = theta[0]!;
  const phi = new Float64Array(n);
  const gap = periodic[0] ? row.findIndex((v) => !(v > 0)) : n - 1;
  const start = gap < 0 ? 0 : (gap + 1) % n;
  const flux = new Float64Array(n);
  let sum = 0;
  let around = 0;
  let conductance = 0;
  for (let q = 0; q < n; q++) {
    const i = (start + q) % n;
    sum -= rate[i]! * h[0]!;
    if (!(row[i]! > 0)) sum = 0; // the end of a part, whose rates sum to zero
    flux[i] = sum;
    if (row[i]! > 0) {
      around += sum / row[i]!;
      conductance += 1 / row[i]!;
    }
  }
  const constant = gap < 0 ? -around / conductance : 0;
  for (let q = 1; q < n; q++) {
    const before = (start + q - 1) % n;
    phi[(start + q) % n] = phi[before]! + (row[before]! > 0 ? (h[0]! * (flux[before]! + constant)) / row[before]! : 0);
  }
  return phi;
}

/** Differences of phi at the faces, 0 where there is no density. */
export function gradient({ n, up, h, theta }: Mesh, phi: Float64Array): Float64Array[] {
  return theta.map((row, k) => Float64Array.from({ length: n }, (_, i) => (row[i]! > 0 ? (phi[up[k]![i]!]! - phi[i]!) / h[k]! : 0)));
}
