/** Masses as whole numbers, and grids in units of their cells: then the simplex computes without rounding. */
import type { GridMass } from "./density.ts";
import type { Whole } from "./forest.ts";
import type { Lattice } from "./lattice.ts";

/** All masses together: sums of whole numbers below 2^53 are exact. */
export const WHOLE: number = 2 ** 50;

/** Multiples of total / 2^50, the nearest to each mass; what the sum lacks goes to the largest. */
export function wholeMass(mass: Float64Array, total: number): Float64Array {
  const out = mass.map((m) => Math.round((m / total) * WHOLE));
  let sum = 0;
  let largest = 0;
  for (let i = 0; i < out.length; i++) {
    sum += out[i]!;
    if (out[i]! > out[largest]!) largest = i;
  }
  out[largest] = out[largest]! + (WHOLE - sum);
  return out;
}

/** Both grids with the first axis' spacing of the first as the unit, around the middle of the first: on one grid all squared distances are whole. */
export function inUnits(from: GridMass, to: GridMass): { readonly X: Whole; readonly Y: Whole; readonly unit: number } {
  const unit = from.lattice.h[0];
  const middle = ([0, 1] as const).map((k) => 0.5 * (from.lattice.shape[k] - 1));
  const place = (l: Lattice): Lattice => {
    const h = ([0, 1] as const).map((k) => (l.shape[k] === 1 ? 1 : l.h[k] / unit)) as [number, number];
    const wide = ([0, 1] as const).map((k) => from.lattice.h[k] / unit);
    const origin = ([0, 1] as const).map((k) => (l.origin[k] - from.lattice.origin[k]) / unit - middle[k]! * (from.lattice.shape[k] === 1 ? 0 : wide[k]!));
    return { shape: l.shape, h, origin: origin as [number, number] };
  };
  return {
    unit,
    X: { lattice: place(from.lattice), mass: wholeMass(from.mass, from.total) },
    Y: { lattice: place(to.lattice), mass: wholeMass(to.mass, to.total) },
  };
}
