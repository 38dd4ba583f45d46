/** Masses that a law gives to the cells of a grid, and how well they are known. Laws wrap around periodic axes (nearest images). */
import type { Grid, Law, Rows } from "../contract.ts";
import { specError } from "../errors.ts";
import { axpy, scale } from "../kernels/reductions.ts";
import { cellOf } from "./grid-law.ts";
import { integrateBoxes } from "./quadrature.ts";

export interface Masses {
  readonly how: "proved" | "estimated";
  readonly because: string;
  /** how far all masses together may be off, where quadrature found them */
  readonly quadrature?: number;
}
const exactly: Masses = { how: "proved", because: "exact mass of every cell" };
const integrated = (quadrature: number): Masses => ({
  how: "estimated",
  because: `masses of cells by Gauss quadrature, rules of different order agree to ${quadrature.toExponential(1)} in total`,
  quadrature,
});
/** boxes that a law is asked for at once */
const block = 4096;

/** Masses of all cells, by the best that the law knows; those of a mixture whose components know different things, component by component. */
export function cellMasses(law: Law, grid: Grid, out: Rows): Masses {
  if (law.points) return binPoints(law, grid, out);
  if (law.boxMass) return (law.sideMass ? productMasses : boxMasses)(law, grid, out);
  return law.mixture ? mixedMasses(law, law.mixture, grid, out) : densityMasses(law, grid, out);
}

function mixedMasses(law: Law, { components, weights }: NonNullable<Law["mixture"]>, grid: Grid, out: Rows): Masses {
  const part = new Float64Array(out.length);
  let quadrature = 0;
  out.fill(0);
  components.forEach((component, k) => {
    const share = (law.mass * weights[k]!) / component.mass;
    quadrature += share * (cellMasses(component, grid, part).quadrature ?? 0);
    axpy(out.length, share, part, out);
  });
  return quadrature > 0 ? integrated(quadrature) : exactly;
}

/** Calls `each` for every image of the grid's cells under the translations of its periodic axes (-1, 0, 1 periods), in blocks. */
function overCells(grid: Grid, each: (first: number, count: number, lo: Float64Array, hi: Float64Array) => void): void {
  const d = grid.shape.length;
  const n = grid.shape.reduce((a, b) => a * b, 1);
  const images = grid.periodic.reduce((m, p) => m * (p ? 3 : 1), 1);
  for (let first = 0; first < n; first += block) {
    const count = Math.min(block, n - first);
    for (let image = 0; image < images; image++) {
      const lo = new Float64Array(d * count);
      const hi = new Float64Array(d * count);
      let stride = n;
      let code = image;
      for (let k = 0; k < d; k++) {
        const size = grid.shape[k]!;
        stride /= size;
        let shift = 0;
        if (grid.periodic[k]) {
          shift = ((code % 3) - 1) * size;
          code = Math.floor(code / 3);
        }
        const h = grid.h[k]!;
        const lower = grid.lower[k]!;
        let at = Math.floor(first / stride) % size;
        let left = stride - (first % stride);
        for (let i = 0; i < count; i++) {
          lo[k * count + i] = lower + h * (at + shift);
          hi[k * count + i] = lower + h * (at + shift + 1);
          if (--left > 0) continue;
          left = stride;
          at = at + 1 === size ? 0 : at + 1;
        }
      }
      each(first, count, lo, hi);
    }
  }
}

/** Outer product of the masses along each axis, from the last axis to the first; images of periodic axes add up on their axis. */
function productMasses(law: Law, grid: Grid, out: Rows): Masses {
  const sides = grid.shape.map((_, k) => sideMasses(law, grid, k));
  const last = grid.shape.length - 1;
  const row = sides[last]!;
  for (let base = 0; base < out.length; base += row.length) {
    let factor = law.mass;
    for (let k = 0, rest = base, stride = out.length; k < last; k++) {
      stride /= grid.shape[k]!;
      factor *= sides[k]![Math.floor(rest / stride)]!;
      rest %= stride;
    }
    const part = out.subarray(base, base + row.length);
    part.set(row);
    scale(row.length, factor, part);
  }
  return exactly;
}

function sideMasses(law: Law, grid: Grid, k: number): Float64Array {
  const size = grid.shape[k]!;
  const [h, lower] = [grid.h[k]!, grid.lower[k]!];
  const [all, part, lo, hi] = [new Float64Array(size), new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  for (let image = grid.periodic[k] ? -1 : 0; image <= (grid.periodic[k] ? 1 : 0); image++) {
    for (let i = 0; i < size; i++) {
      lo[i] = lower + h * (i + image * size);
      hi[i] = lower + h * (i + image * size + 1);
    }
    law.sideMass!(k, size, lo, hi, part);
    for (let i = 0; i < size; i++) all[i] = all[i]! + part[i]!;
  }
  return all;
}

function boxMasses(law: Law, grid: Grid, out: Rows): Masses {
  out.fill(0);
  const mass = new Float64Array(block);
  overCells(grid, (first, count, lo, hi) => {
    law.boxMass!(count, lo, hi, mass);
    for (let i = 0; i < count; i++) out[first + i] = out[first + i]! + mass[i]!;
  });
  if (law.quadrature !== undefined) return integrated(law.quadrature);
  return exactly;
}

function densityMasses(law: Law, grid: Grid, out: Rows): Masses {
  if (!law.density) throw specError("initial", `${law.tex} has neither density, masses of boxes nor atoms; cells cannot store it.`);
  out.fill(0);
  const n = out.length;
  const d = grid.shape.length;
  const mass = new Float64Array(block);
  const share = Math.max(1, Math.ceil(n / block));
  const budget = (2e6 + 256 * n) / share;
  let error = 0;
  overCells(grid, (first, count, lo, hi) => {
    error += integrateBoxes(d, count, lo, hi, law.density!, mass, (1e-13 * law.mass) / Math.sqrt(n), budget).error;
    for (let i = 0; i < count; i++) out[first + i] = out[first + i]! + mass[i]!;
  });
  return integrated(error);
}

function binPoints(law: Law, grid: Grid, out: Rows): Masses {
  const { n, x, weight } = law.points!;
  out.fill(0);
  const at = new Float64Array(grid.shape.length);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < at.length; k++) {
      const v = x[k * n + i]!;
      const period = grid.h[k]! * grid.shape[k]!;
      at[k] = grid.periodic[k] ? v - period * Math.floor((v - grid.lower[k]!) / period) : v;
    }
    const cell = cellOf(grid, 1, at, 0);
    if (cell >= 0) out[cell] = out[cell]! + (weight ? weight[i]! : law.mass / n);
  }
  return { how: "proved", because: `${n} atoms counted in cells` };
}
