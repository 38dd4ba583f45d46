/** Who takes what: the density's pixels shared among the cells of a power diagram, as a plan and as moments of the cells. */
import type { Plan } from "../../contract.ts";
import type { GridMass } from "../grid/density.ts";
import { sizeOf } from "../grid/lattice.ts";
import { sparsePlan } from "../plan.ts";
import type { Atoms } from "../problem.ts";
import { eachOverlap, momentsOf } from "./overlap.ts";

/** Atoms at one place become one. */
export interface Merged {
  readonly at: readonly [Float64Array, Float64Array];
  readonly weight: Float64Array;
  /** place among these of every atom */
  readonly of: Int32Array;
}
/** A density and the diagram that shares it out. */
export interface Shared {
  readonly density: GridMass;
  readonly atoms: Atoms;
  readonly merged: Merged;
  /** corners of the cell of each place, in the library's axes */
  readonly cells: () => readonly Float64Array[];
}
export interface CellMoments {
  /** [atoms] */
  readonly mass: Float64Array;
  /** [2 * atoms]: where it comes from on average, NaN without mass */
  readonly centre: Float64Array;
  /** [3 * atoms]: mean of (x - c)^2, (x - c)(y - c), (y - c)^2 about that centre: how far an atom's mass is spread */
  readonly spread: Float64Array;
}

/** Each pixel's part in the cell of each place. */
function eachPart(s: Shared, visit: (pixel: number, place: number, part: readonly number[]) => void): void {
  for (const [k, cell] of s.cells().entries()) if (cell.length >= 6) eachOverlap(s.density.lattice, cell, (pixel, part) => visit(pixel, k, part));
}
/** Atoms of every place, with their shares of it. */
function sharesOf({ atoms, merged }: Shared): readonly (readonly [atom: number, share: number])[][] {
  const out: [number, number][][] = Array.from(merged.weight, () => []);
  for (let i = 0; i < atoms.n; i++) out[merged.of[i]!]!.push([atoms.index ? atoms.index[i]! : i, atoms.weight[i]! / merged.weight[merged.of[i]!]!]);
  return out;
}
/** How much of each pixel goes to which atom; written out when first asked for. */
export function planOf(s: Shared): Plan {
  let made: ReturnType<typeof sparsePlan> | null = null;
  const plan = (): ReturnType<typeof sparsePlan> => {
    made ??= written(s);
    return made;
  };
  return {
    n: sizeOf(s.density.lattice),
    m: s.atoms.of,
    get sparse() {
      return plan().sparse;
    },
    row: (i, out) => plan().row(i, out),
    push: (d, v, out) => plan().push(d, v, out),
    pull: (d, v, out) => plan().pull(d, v, out),
  };
}
function written(s: Shared): ReturnType<typeof sparsePlan> {
  const { density, atoms } = s;
  const shares = sharesOf(s);
  const pixel = density.lattice.h[0] * density.lattice.h[1];
  const [from, to, mass]: number[][] = [[], [], []];
  eachPart(s, (i, k, part) => {
    const m = (density.mass[i]! / pixel) * momentsOf(part, part[0]!, part[1]!).area;
    if (!(m > 0)) return;
    for (const [j, share] of shares[k]!) {
      from!.push(i);
      to!.push(j);
      mass!.push(share * m);
    }
  });
  return sparsePlan(sizeOf(density.lattice), atoms.of, from!, to!, mass!);
}
/** What each atom takes. */
export function moments(s: Shared): CellMoments {
  const { density, atoms, merged } = s;
  const n = merged.weight.length;
  const pixel = density.lattice.h[0] * density.lattice.h[1];
  const [mass, x, y, xx, xy, yy] = Array.from({ length: 6 }, () => new Float64Array(n)) as Float64Array[];
  // about the place of the atom
  eachPart(s, (i, k, part) => {
    const rho = density.mass[i]! / pixel;
    if (rho === 0) return;
    const m = momentsOf(part, merged.at[0][k]!, merged.at[1][k]!);
    for (const [row, v] of [
      [mass!, m.area],
      [x!, m.x],
      [y!, m.y],
      [xx!, m.xx],
      [xy!, m.xy],
      [yy!, m.yy],
    ] as const)
      row[k] = row[k]! + rho * v;
  });
  const out = {
    mass: new Float64Array(atoms.of),
    centre: new Float64Array(2 * atoms.of).fill(Number.NaN),
    spread: new Float64Array(3 * atoms.of).fill(Number.NaN),
  };
  for (const [k, list] of sharesOf(s).entries()) {
    const [cx, cy] = [x![k]! / mass![k]!, y![k]! / mass![k]!];
    for (const [j, share] of list) {
      out.mass[j] = share * mass![k]!;
      out.centre[j] = merged.at[0][k]! + cx;
      out.centre[atoms.of + j] = merged.at[1][k]! + cy;
      out.spread[j] = xx![k]! / mass![k]! - cx * cx;
      out.spread[atoms.of + j] = xy![k]! / mass![k]! - cx * cy;
      out.spread[2 * atoms.of + j] = yy![k]! / mass![k]! - cy * cy;
    }
  }
  return out;
}
