import type { Law, Map1, Rows } from "../contract.ts";
import { specError } from "../errors.ts";
import { gridLaw, type Lattice } from "./grid-law.ts";
import { bisect } from "./invert.ts";
import { type Shared, sharedOf } from "./law.ts";
import { upperBound } from "./points.ts";
import { integrateBoxes } from "./quadrature.ts";

type Density = NonNullable<Law["density"]>;
/** Cells per axis of the table behind draws and quantiles, by dimension. */
const tableCells = [0, 4096, 256, 48];

/**
 * The law with an unnormalised density on a box, normalised there to `mass`; zero outside. Its integral comes from adaptive Gauss quadrature.
 * Quantiles on the line invert the integral; draws in more dimensions are uniform inside the cells of a table (256^2, 48^3), so a draw is off by at most their diagonal.
 * @throws {SpecError} where the density is negative or not a number, with the point; where it vanishes
 */
export function densityLaw(lower: readonly number[], upper: readonly number[], raw: Density, values: Shared = {}, tex = "\\rho"): Law {
  const base = sharedOf(values);
  const d = lower.length;
  if (d < 1 || d > 3) throw specError("formula", `a density by formula needs a box of one to three axes, got ${d}.`);
  const count = tableCells[d]!;
  const grid: Lattice = { lower, h: lower.map((a, k) => (upper[k]! - a) / count), shape: new Array<number>(d).fill(count) };
  const masses = tabulate(grid, raw);
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
  return { ...base, tex, dim: d, density, draw: table.draw!, ...line };
}

function tabulate(grid: Lattice, raw: Density): Float64Array {
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
  integrateBoxes(d, n, lo, hi, raw, out, Math.max(1e-14 * rough, 1e-300) / Math.sqrt(n), 2e6 + 200 * n);
  return out;
}

/** Finds the table's cell, then the point inside it where the integral of the density fills up. */
function densityQuantile(grid: Lattice, masses: Float64Array, total: number, raw: Density): Map1 {
  const n = masses.length;
  const cumulative = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) cumulative[i + 1] = cumulative[i]! + masses[i]! / total;
  const one = new Float64Array(1);
  const inCell = (a: number, b: number): number => {
    integrateBoxes(1, 1, [a], [b], raw, one, 1e-16 * total, 4000);
    return one[0]! / total;
  };
  return (m: number, a: Rows, out: Rows) => {
    for (let j = 0; j < m; j++) {
      let i = Math.max(0, Math.min(upperBound(cumulative, a[j]!) - 1, n - 1));
      while (i > 0 && masses[i] === 0) i--;
      const x0 = grid.lower[0]! + grid.h[0]! * i;
      const want = a[j]! - cumulative[i]!;
      out[j] = bisect((x) => inCell(x0, x) < want, [x0, x0 + grid.h[0]!], 1e-14 * grid.h[0]! * n);
    }
  };
}
