/** Masses on a grid, cut to where they are and centred: what the solvers of grids begin with. */
import type { Measure, Transport } from "../../contract.ts";
import { expectLength, OttoflowError, specError } from "../../errors.ts";
import { exactSum } from "../problem.ts";
import { type Lattice, sizeOf } from "./lattice.ts";

/** Masses of all cells of a grid of one or two axes. */
export interface GridMass {
  readonly lattice: Lattice;
  readonly mass: Float64Array;
  readonly total: number;
}

/** Why a measure does not stand on a grid of one or two axes, or null. */
export function noGrid(m: Measure): string | null {
  if (m.rep !== "cells" || !m.space.grid) return "needs both measures on cells of a regular grid";
  if (m.space.dim > 2) return "knows grids of one or two axes";
  if (m.space.grid.periodic.some(Boolean)) return "knows no periodic axes";
  return null;
}

/** Why a solver between two grids with squared distances cannot take this problem, or null. */
export function refusesBetweenGrids(p: Transport): string | null {
  const none = noGrid(p.from) ?? noGrid(p.to);
  if (none) return none;
  if (p.from.space.dim !== p.to.space.dim) return "needs grids of one dimension";
  if (p.cost.power !== 2) return "takes the cost |x - y|^2 only";
  if (p.epsilon > 0) return "knows no entropy";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  return null;
}

/** The masses of a measure stored on cells. @throws {SpecError | ShapeError} on bad numbers */
export function gridMass(m: Measure, name: string): GridMass {
  const grid = m.space.grid;
  if (m.rep !== "cells" || !grid)
    throw new OttoflowError("UnsupportedError", `${name}: expected a measure on cells of a regular grid, got one stored as ${m.rep}.`, { missing: ["grid"] });
  const two = grid.shape.length > 1;
  const lattice: Lattice = {
    shape: [grid.shape[0]!, two ? grid.shape[1]! : 1],
    origin: [grid.lower[0]! + 0.5 * grid.h[0]!, two ? grid.lower[1]! + 0.5 * grid.h[1]! : 0],
    h: [grid.h[0]!, two ? grid.h[1]! : 1],
  };
  const { volume } = m.space.cells!;
  return checkedMass(
    lattice,
    Float64Array.from(m.rho, (r, i) => r * volume[i]!),
    name,
  );
}
/** @throws {SpecError} for NaN, negative masses, or none at all; {ShapeError} for a wrong number of them */
export function checkedMass(lattice: Lattice, values: ArrayLike<number>, name: string): GridMass {
  expectLength(name, values.length, sizeOf(lattice));
  const mass = Float64Array.from(values);
  for (let i = 0; i < mass.length; i++)
    if (!(mass[i]! >= 0 && mass[i]! < Number.POSITIVE_INFINITY))
      throw specError(`${name}[${Math.floor(i / lattice.shape[1])}][${i % lattice.shape[1]}]`, `got ${mass[i]} when expected a finite mass of at least 0.`);
  const total = exactSum(mass);
  if (total === 0) throw specError(name, "all cells are empty: there is no mass to move.");
  return { lattice, mass, total };
}

/** Both densities on the cells of one box. */
export interface BoxMasses {
  /** cells per axis, one or two */
  readonly shape: readonly number[];
  /** lower and upper corner; the unit square unless said */
  readonly lower?: readonly number[];
  readonly upper?: readonly number[];
}
/** Cell centres of a box. @throws {SpecError} on shapes and corners that make no box */
export function boxLattice({ shape, lower = [0, 0], upper = [1, 1] }: BoxMasses): Lattice {
  if (shape.length < 1 || shape.length > 2 || shape.some((n) => !(Number.isInteger(n) && n > 0)))
    throw specError("shape", `got [${shape.join(", ")}] when expected one or two positive whole numbers.`);
  for (const k of shape.keys())
    if (!(upper[k]! > lower[k]!)) throw specError("upper", `got [${upper.join(", ")}] when every number must be above that of lower, [${lower.join(", ")}].`);
  const h = shape.map((n, k) => (upper[k]! - lower[k]!) / n);
  return { shape: [shape[0]!, shape[1] ?? 1], origin: [lower[0]! + 0.5 * h[0]!, h.length > 1 ? lower[1]! + 0.5 * h[1]! : 0], h: [h[0]!, h[1] ?? 1] };
}
/** @throws {SpecError} where masses differ */
export function equalMasses(from: GridMass, to: GridMass): void {
  if (!(Math.abs(from.total - to.total) <= 1e-9 * Math.max(from.total, to.total)))
    throw specError("to", `has the mass ${to.total} when the first has ${from.total}. Divide each by its mass.`);
}

/** A mass of one, cut to the rectangle that holds it, around its own mean. */
export interface Centred {
  readonly lattice: Lattice;
  readonly mass: Float64Array;
  readonly mean: readonly [number, number];
  /** first row and column of the rectangle among the cells as they came */
  readonly first: readonly [number, number];
  /** standard deviations per axis */
  readonly deviation: readonly [number, number];
}
export function centred({ lattice, mass, total }: GridMass): Centred {
  const [n0, n1] = lattice.shape;
  const rows = new Float64Array(n0);
  const columns = new Float64Array(n1);
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      const m = mass[i * n1 + j]!;
      rows[i] = rows[i]! + m;
      columns[j] = columns[j]! + m;
    }
  const [a, b] = [spanOf(rows), spanOf(columns)];
  const [p, q] = [momentsOf(rows, total, lattice.origin[0], lattice.h[0]), momentsOf(columns, total, lattice.origin[1], lattice.h[1])];
  const shape = [a[1] - a[0] + 1, b[1] - b[0] + 1] as const;
  const cut = new Float64Array(shape[0] * shape[1]);
  for (let i = 0; i < shape[0]; i++) for (let j = 0; j < shape[1]; j++) cut[i * shape[1] + j] = mass[(a[0] + i) * n1 + b[0] + j]! / total;
  return {
    lattice: { shape, h: lattice.h, origin: [lattice.origin[0] + a[0] * lattice.h[0] - p.mean, lattice.origin[1] + b[0] * lattice.h[1] - q.mean] },
    mass: cut,
    mean: [p.mean, q.mean],
    first: [a[0], b[0]],
    deviation: [p.deviation, q.deviation],
  };
}
function spanOf(m: Float64Array): readonly [number, number] {
  let a = 0;
  let b = m.length - 1;
  while (m[a] === 0) a++;
  while (m[b] === 0) b--;
  // an axis that has a width keeps two cells: a single one stands for a line
  if (a === b && m.length > 1) return b + 1 < m.length ? [a, b + 1] : [a - 1, b];
  return [a, b];
}
function momentsOf(m: Float64Array, total: number, x0: number, h: number): { mean: number; deviation: number } {
  let s = 0;
  for (let i = 0; i < m.length; i++) s += i * m[i]!;
  const place = s / total;
  let v = 0;
  for (let i = 0; i < m.length; i++) v += m[i]! * (i - place) * (i - place);
  return { mean: x0 + h * place, deviation: h * Math.sqrt(v / total) };
}
