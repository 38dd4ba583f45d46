import type { Law, Map1, Rows } from "../contract.ts";
import { specError } from "../errors.ts";
import { gridLaw, type Lattice } from "./grid-law.ts";
import { bisect } from "./invert.ts";
import { type Shared, sharedOf } from "./law.ts";
import { upperBound } from "./points.ts";
import { gauss5, integrateBoxes } from "./quadrature.ts";

type Density = NonNullable<Law["density"]>;
/** Least number of table cells per axis, by dimension. */
const tableCells = [0, 1024, 128, 32];

/**
 * The law with an unnormalised density on a box, normalised there to `mass`; zero outside. Its integral comes from adaptive Gauss quadrature over a table of cells.
 * Masses of boxes made of whole table cells are sums of the table, others are integrated anew; quantiles on the line invert the integral;
 * draws in more dimensions are uniform inside the table's cells, so a draw is off by at most their diagonal.
 * @param shape cells of the space's grid: the table refines them, so that cells and normalisation agree to rounding
 * @throws {SpecError} where the density is negative or not a number, with the point; where it vanishes
 */
export function densityLaw(
  lower: readonly number[],
  upper: readonly number[],
  raw: Density,
  values: Shared = {},
  tex = "\\rho",
  shape?: readonly number[],
): Law {
  const base = sharedOf(values);
  const d = lower.length;
  if (d < 1 || d > 3) throw specError("formula", `a density by formula needs a box of one to three axes, got ${d}.`);
  const cells = lower.map((_, k) => (shape ? shape[k]! * Math.max(1, Math.ceil(tableCells[d]! / shape[k]!)) : tableCells[d]!));
  const grid: Lattice = { lower, h: lower.map((a, k) => (upper[k]! - a) / cells[k]!), shape: cells };
  const { masses, error } = tabulate(grid, raw);
  const total = masses.reduce((s, v) => s + v, 0);
  if (!(total > 0 && total < Number.POSITIVE_INFINITY))
    throw specError("formula", `the density integrates to ${total} over the box; it must be positive and finite.`);
  const factor = base.mass / total;
  const density: Density = (n, x, out) => {
    raw(n, x, out);
    for (let i = 0; i < n; i++) {
      let inside = true;
      for (let k = 0; k < d; k++) inside &&= x[k * n + i]! >= lower[k]! && x[k * n + i]! <= upper[k]!;
      out[i] = inside ? factor * out[i]! : 0;
    }
  };
  const table = gridLaw(grid, masses, { mass: base.mass });
  const quantile = d === 1 ? densityQuantile(grid, masses, total, raw) : undefined;
  const line = quantile && { quantile, draw: { uniforms: 1, map: quantile } };
  return { ...base, tex, dim: d, density, quadrature: factor * error, boxMass: boxMasses(grid, table.boxMass!, density), draw: table.draw!, ...line };
}

function tabulate(grid: Lattice, raw: Density): { masses: Float64Array; error: number } {
  const d = grid.shape.length;
  const n = grid.shape.reduce((a, b) => a * b, 1);
  const lo = new Float64Array(d * n);
  const hi = new Float64Array(d * n);
  for (let k = 0, stride = n; k < d; k++) {
    stride /= grid.shape[k]!;
    for (let i = 0; i < n; i++) {
      const index = Math.floor(i / stride) % grid.shape[k]!;
      lo[k * n + i] = grid.lower[k]! + grid.h[k]! * index;
      hi[k * n + i] = grid.lower[k]! + grid.h[k]! * (index + 1);
    }
  }
  const out = new Float64Array(n);
  // first pass tells the size of the integral, the second its digits
  integrateBoxes(d, n, lo, hi, raw, out, Number.POSITIVE_INFINITY, 0);
  const rough = out.reduce((s, v) => s + v, 0);
  const { error } = integrateBoxes(d, n, lo, hi, raw, out, Math.max(1e-14 * rough, 1e-300) / Math.sqrt(n), 1e6 + 100 * n);
  return { masses: out, error };
}

/** Boxes whose faces lie on the table's are sums of it (to rounding of the faces); others, cut to the table's box, are integrated. */
function boxMasses(grid: Lattice, sums: NonNullable<Law["boxMass"]>, density: Density): NonNullable<Law["boxMass"]> {
  const d = grid.shape.length;
  return (n, lo, hi, out) => {
    sums(n, lo, hi, out);
    const a = new Float64Array(d);
    const b = new Float64Array(d);
    const one = new Float64Array(1);
    for (let i = 0; i < n; i++) {
      let aligned = true;
      let empty = false;
      for (let k = 0; k < d; k++) {
        const top = grid.lower[k]! + grid.h[k]! * grid.shape[k]!;
        a[k] = Math.min(Math.max(lo[k * n + i]!, grid.lower[k]!), top);
        b[k] = Math.min(Math.max(hi[k * n + i]!, grid.lower[k]!), top);
        aligned &&= onFace(grid, k, a[k]!) && onFace(grid, k, b[k]!);
        empty ||= !(a[k]! < b[k]!);
      }
      if (aligned || empty) continue;
      integrateBoxes(d, 1, a, b, density, one, 1e-15, 20000);
      out[i] = one[0]!;
    }
  };
}
function onFace(grid: Lattice, k: number, x: number): boolean {
  const s = (x - grid.lower[k]!) / grid.h[k]!;
  return Math.abs(s - Math.round(s)) < 1e-9;
}

/**
 * Finds the table's cell, then the point inside it where the integral of the density fills up: Newton's steps on a five-point rule, kept in their bracket,
 * where that rule gives the cell's mass; bisection on refined integrals where it does not (jumps and kinks).
 */
function densityQuantile(grid: Lattice, masses: Float64Array, total: number, raw: Density): Map1 {
  const n = masses.length;
  const cumulative = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) cumulative[i + 1] = cumulative[i]! + masses[i]! / total;
  const x = new Float64Array(6);
  const f = new Float64Array(6);
  /** integral over [a, b] by one rule; f[5] is then the density at b */
  const rule = (a: number, b: number): number => {
    for (let q = 0; q < 5; q++) x[q] = a + (b - a) * 0.5 * (1 + gauss5.x[q]!);
    x[5] = b;
    raw(6, x, f);
    let s = 0;
    for (let q = 0; q < 5; q++) s += gauss5.w[q]! * f[q]!;
    return (s * (b - a)) / total;
  };
  const one = new Float64Array(1);
  const refined = (a: number, b: number): number => {
    integrateBoxes(1, 1, [a], [b], raw, one, 1e-16 * total, 4000);
    return one[0]! / total;
  };
  const solve = (a: number, b: number, want: number, mass: number): number => {
    if (Math.abs(rule(a, b) - mass) > 1e-14 + 1e-9 * mass) return bisect((v) => refined(a, v) < want, [a, b]);
    let [lo, hi] = [a, b];
    let at = a + (b - a) * Math.min(1, Math.max(0, want / mass));
    for (let k = 0; k < 60; k++) {
      const gap = rule(a, at) - want;
      if (gap < 0) lo = at;
      else hi = at;
      let next = at - (gap * total) / f[5]!;
      if (!(next > lo && next < hi)) next = 0.5 * (lo + hi);
      if (Math.abs(next - at) <= 2e-16 * (Math.abs(at) + (b - a)) || next === lo || next === hi) return next;
      at = next;
    }
    return at;
  };
  return (m: number, a: Rows, out: Rows) => {
    for (let j = 0; j < m; j++) {
      let i = Math.max(0, Math.min(upperBound(cumulative, a[j]!) - 1, n - 1));
      while (i > 0 && masses[i] === 0) i--;
      const x0 = grid.lower[0]! + grid.h[0]! * i;
      out[j] = solve(x0, x0 + grid.h[0]!, a[j]! - cumulative[i]!, masses[i]! / total);
    }
  };
}
