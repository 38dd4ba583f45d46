/** From convex potentials of centred grids back to potentials of |x - y|^2 on all cells as they came, feasible between all pairs of centres. */
import { conjugateOn } from "./conjugate.ts";
import type { Centred, GridMass } from "./density.ts";
import { type Lattice, sizeOf } from "./lattice.ts";

/** f(x) = |x|^2 - 2 u(x) + shift . x and so on for points x of a grid around its mean */
function squared(l: Lattice, u: Float64Array, shift: readonly [number, number], sign: number): Float64Array {
  const constant = 0.5 * (shift[0] * shift[0] + shift[1] * shift[1]);
  const out = new Float64Array(sizeOf(l));
  for (let i = 0; i < l.shape[0]; i++) {
    const x = l.origin[0] + i * l.h[0];
    for (let j = 0; j < l.shape[1]; j++) {
      const y = l.origin[1] + j * l.h[1];
      const at = i * l.shape[1] + j;
      out[at] = x * x + y * y - 2 * u[at]! + 2 * sign * (shift[0] * x + shift[1] * y) + constant;
    }
  }
  return out;
}
const around = (l: Lattice, mean: readonly [number, number]): Lattice => ({ ...l, origin: [l.origin[0] - mean[0], l.origin[1] - mean[1]] });

/** The potentials that the convex potential w on points of the second side stands for: two conjugates over all cells make them feasible. */
export function potentialsOf(
  from: GridMass,
  X: Centred,
  to: GridMass,
  Y: Centred,
  points: Lattice,
  w: Float64Array,
): { readonly f: Float64Array; readonly g: Float64Array } {
  const [all, others] = [around(from.lattice, X.mean), around(to.lattice, Y.mean)];
  const u = conjugateOn(points, w, all);
  const back = conjugateOn(all, u, others);
  const shift = [X.mean[0] - Y.mean[0], X.mean[1] - Y.mean[1]] as const;
  return { f: squared(all, u, shift, 1), g: squared(others, back, shift, -1) };
}
