/** One side of the static problem of growth on a grid: its cells with mass, and multipliers u at their corners. */
import type { Grid } from "../../contract.ts";

/** Beyond this squared distance no mass is carried, in the lengths of cos |x - y|. */
export const REACH: number = (Math.PI / 2) * (Math.PI / 2);
/** u and v are kept within this and its inverse: mass that dies or is born has next to nothing. */
export const LEAST = 1e-9;

/** Cells with mass, and their corners. */
export interface Side {
  readonly dim: number;
  readonly h: readonly number[];
  readonly rho: Float64Array;
  /** numbers of the cells with mass; their centres [dim][cells] */
  readonly cells: Int32Array;
  readonly centre: readonly Float64Array[];
  /** [cells * 2^dim]: places among the corners; bit k of the side is set above along axis k */
  readonly corner: Int32Array;
  /** coordinates [dim][corners] */
  readonly corners: { readonly length: number; readonly x: readonly Float64Array[] };
  /** u at the corners */
  readonly values: Float64Array;
  /** values at corners from values at all cells: means of those with mass around */
  set(cells: Float64Array): void;
  /** sum over cells of density times the mean of the values at their corners: no less than the integral of u, over the volume of a cell */
  integral(): number;
}
/** Lengths are those of cos |x - y|. */
export function openSide(grid: Grid, rho: Float64Array): Side {
  const dim = grid.shape.length;
  const sides = 1 << dim;
  const cells = Int32Array.from(rho.keys()).filter((i) => rho[i]! > 0);
  const place = new Map<number, number>();
  const corner = new Int32Array(cells.length * sides);
  const centre = Array.from({ length: dim }, () => new Float64Array(cells.length));
  const x: number[][] = Array.from({ length: dim }, () => []);
  for (const [c, i] of cells.entries()) {
    const at = placesOf(grid.shape, i);
    for (let k = 0; k < dim; k++) centre[k]![c] = grid.lower[k]! + grid.h[k]! * (at[k]! + 0.5);
    for (let s = 0; s < sides; s++) {
      let key = 0;
      for (let k = 0; k < dim; k++) key = key * (grid.shape[k]! + 1) + at[k]! + ((s >> k) & 1);
      let p = place.get(key);
      if (p === undefined) {
        p = place.size;
        place.set(key, p);
        for (let k = 0; k < dim; k++) x[k]!.push(grid.lower[k]! + grid.h[k]! * (at[k]! + ((s >> k) & 1)));
      }
      corner[c * sides + s] = p;
    }
  }
  const values = new Float64Array(place.size).fill(1);
  const density = Float64Array.from(cells, (i) => rho[i]!);
  return {
    dim,
    h: grid.h,
    rho: density,
    cells,
    centre,
    corner,
    corners: { length: place.size, x: x.map((row) => Float64Array.from(row)) },
    values,
    set(all) {
      const around = new Float64Array(place.size);
      values.fill(0);
      for (const [e, p] of corner.entries()) {
        const w = all[cells[Math.floor(e / sides)]!]!;
        values[p] = values[p]! + (Number.isFinite(w) ? Math.min(Math.max(w, LEAST), 1 / LEAST) : 1);
        around[p] = around[p]! + 1;
      }
      for (let p = 0; p < values.length; p++) values[p] = values[p]! / around[p]!;
    },
    integral() {
      let s = 0;
      for (let c = 0; c < cells.length; c++) for (let k = 0; k < sides; k++) s += (density[c]! / sides) * values[corner[c * sides + k]!]!;
      return s;
    },
  };
}
function placesOf(shape: readonly number[], i: number): number[] {
  const out = new Array<number>(shape.length);
  for (let k = shape.length - 1, rest = i; k >= 0; k--) {
    out[k] = rest % shape[k]!;
    rest = Math.floor(rest / shape[k]!);
  }
  return out;
}
/** By how much points may be shifted to be the same point again: none, or a turn either way along periodic axes. */
export function shiftsOf(grid: Grid): readonly (readonly number[])[] {
  let out: number[][] = [[]];
  for (const [k, periodic] of grid.periodic.entries()) {
    const turn = grid.h[k]! * grid.shape[k]!;
    out = out.flatMap((s) => (periodic ? [-turn, 0, turn] : [0]).map((by) => [...s, by]));
  }
  return out;
}
