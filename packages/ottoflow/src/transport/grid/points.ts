/** Cells of a grid as points, for the judge. */
import type { Plan } from "../../contract.ts";
import { componentsOf } from "../certificate.ts";
import type { Atoms } from "../problem.ts";
import type { GridMass } from "./density.ts";

/** All cells as atoms at their centres, empty ones too. */
export function atoms({ lattice, mass, total }: GridMass): Atoms {
  const [n0, n1] = lattice.shape;
  const n = n0 * n1;
  const x = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    x[i] = lattice.origin[0] + Math.floor(i / n1) * lattice.h[0];
    x[n + i] = lattice.origin[1] + (i % n1) * lattice.h[1];
  }
  return { n, d: 2, x, weight: mass, mass: total, index: null, of: n };
}
/** Parts that the used pairs join the cells with mass into. */
export function partsWithMass(plan: Plan, a: Atoms, b: Atoms): number {
  let empty = 0;
  for (const side of [a, b]) for (let i = 0; i < side.n; i++) if (side.weight[i] === 0) empty++;
  return componentsOf(plan) - empty;
}
