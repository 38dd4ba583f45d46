/** Potentials of points with mass carried to all points of two grids: two c-transforms over all pairs, in linear time. */
import { conjugateOn } from "./conjugate.ts";
import type { Whole } from "./forest.ts";
import { halfSquares } from "./legendre.ts";

/** f + g <= |x - y|^2 between all points of both grids, from any f on the points of X with mass; the dual is not less than that of f. */
export function feasible(X: Whole, Y: Whole, f: Float64Array): { readonly f: Float64Array; readonly g: Float64Array } {
  const [x2, y2] = [halfSquares(X.lattice), halfSquares(Y.lattice)];
  const u = x2.map((v, i) => (X.mass[i]! > 0 ? v - 0.5 * f[i]! : Number.POSITIVE_INFINITY));
  const w = conjugateOn(X.lattice, u, Y.lattice);
  const back = conjugateOn(Y.lattice, w, X.lattice);
  return { f: back.map((v, i) => 2 * (x2[i]! - v)), g: w.map((v, j) => 2 * (y2[j]! - v)) };
}
