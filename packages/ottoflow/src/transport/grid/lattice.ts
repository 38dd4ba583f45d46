/** Points of a regular grid in the plane: the first axis varies slowest, a line is a grid of one column. */
export interface Lattice {
  readonly shape: readonly [number, number];
  /** first point per axis */
  readonly origin: readonly [number, number];
  /** spacing per axis */
  readonly h: readonly [number, number];
}
export const sizeOf = (l: Lattice): number => l.shape[0] * l.shape[1];

/** The corners of the cells around the points, `refine` times as fine. */
export function cornersOf(l: Lattice, refine = 1): Lattice {
  const [h0, h1] = [l.h[0] / refine, l.h[1] / refine];
  return {
    shape: [l.shape[0] * refine + 1, l.shape[1] * refine + 1],
    origin: [l.origin[0] - 0.5 * l.h[0], l.origin[1] - 0.5 * l.h[1]],
    h: [h0, h1],
  };
}
/** Two by two cells become one; an odd last row becomes half of one. */
export function coarser(l: Lattice): Lattice {
  const half = (n: number): number => (n > 1 ? Math.ceil(n / 2) : 1);
  const wide = (k: 0 | 1): number => (l.shape[k] > 1 ? 2 : 1);
  return {
    shape: [half(l.shape[0]), half(l.shape[1])],
    origin: [l.origin[0] + 0.5 * (wide(0) - 1) * l.h[0], l.origin[1] + 0.5 * (wide(1) - 1) * l.h[1]],
    h: [wide(0) * l.h[0], wide(1) * l.h[1]],
  };
}
/** Masses of the cells of `coarser(l)`. */
export function coarserMass(l: Lattice, mass: Float64Array): Float64Array {
  const c = coarser(l);
  const out = new Float64Array(sizeOf(c));
  const [s0, s1] = [l.shape[0] > 1 ? 1 : 0, l.shape[1] > 1 ? 1 : 0];
  for (let i = 0; i < l.shape[0]; i++)
    for (let j = 0; j < l.shape[1]; j++) {
      const at = (i >> s0) * c.shape[1] + (j >> s1);
      out[at] = out[at]! + mass[i * l.shape[1] + j]!;
    }
  return out;
}
