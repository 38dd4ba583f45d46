/** The answer of semi-discrete transport: value, bound, map, potentials, and the cells for drawing. */
import type { Coupling, Rows } from "../../contract.ts";
import { conventionOf } from "../certificate.ts";
import { powerCost } from "../cost.ts";
import type { GridMass } from "../grid/density.ts";
import { type Lattice, sizeOf } from "../grid/lattice.ts";
import type { Atoms } from "../problem.ts";
import { alongCurve, polygonsOf } from "./diagram.ts";
import type { NewtonResult } from "./newton.ts";
import { type CellMoments, type Merged, moments, planOf } from "./shares.ts";

/** A semi-discrete answer with its cells. */
export interface LaguerreCoupling extends Coupling {
  /** corners of each atom's cell, x and y by turns, turning left; atoms in the order they came, empty for those without mass */
  cells(): readonly Float64Array[];
  /** [2 * atoms]: where the mass of each atom comes from on average, NaN for those without mass */
  readonly centroids: Float64Array;
  /** what each atom takes from the density, atoms in the order they came; atoms at one place share by weight */
  moments(): CellMoments;
}

/** In the order of a curve through the plane: what works on neighbours then works on near places. */
export function distinct(a: Atoms): Merged {
  const key = new Map<string, number>();
  const of = new Int32Array(a.n);
  const first: number[] = [];
  const weight: number[] = [];
  for (const i of alongCurve(a.x.slice(0, a.n), a.x.slice(a.n))) {
    const k = `${a.x[i]! + 0} ${a.x[a.n + i]! + 0}`;
    const known = key.get(k);
    if (known === undefined) {
      key.set(k, first.length);
      of[i] = first.length;
      first.push(i);
      weight.push(a.weight[i]!);
    } else {
      of[i] = known;
      weight[known] = weight[known]! + a.weight[i]!;
    }
  }
  return { at: [Float64Array.from(first, (i) => a.x[i]!), Float64Array.from(first, (i) => a.x[a.n + i]!)], weight: Float64Array.from(weight), of };
}
export function middleOf(v: Float64Array): number {
  let [a, b] = [v[0]!, v[0]!];
  for (const w of v) [a, b] = [Math.min(a, w), Math.max(b, w)];
  return 0.5 * (a + b);
}

/** What an answer is put together from. */
export interface Parts {
  readonly density: GridMass;
  readonly atoms: Atoms;
  /** all atoms as they came, those without mass too */
  readonly points: Rows;
  readonly merged: Merged;
  readonly box: readonly [number, number];
  readonly middle: readonly [number, number];
  readonly local: Lattice;
  readonly found: NewtonResult;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly target: Float64Array;
  readonly all: { readonly mass: number; readonly x: number; readonly y: number; readonly square: number };
}
export function assemble(s: Parts): LaguerreCoupling {
  const { found, x, y, target, density, all } = s;
  const { mass, mx, my } = found.cells;
  const d = [s.box[1] - s.middle[1], s.box[0] - s.middle[0]] as const;
  const shift2 = d[0] * d[0] + d[1] * d[1];
  // psi of the cost |p - q + d|^2 in terms of h: |q|^2 - 2 d . q + |d|^2 - 2 h
  const psi = x.map((v, i) => v * v + y[i]! * y[i]! - 2 * (d[0] * v + d[1] * y[i]!) + shift2 - 2 * found.lift[i]!);
  let value = all.square + 2 * (d[0] * all.x + d[1] * all.y) + shift2 * all.mass;
  let gap = 0;
  for (let i = 0; i < x.length; i++) {
    value += (x[i]! * x[i]! + y[i]! * y[i]! - 2 * (d[0] * x[i]! + d[1] * y[i]!)) * mass[i]! - 2 * (x[i]! * mx[i]! + y[i]! * my[i]!);
    gap += psi[i]! * (mass[i]! - target[i]!);
  }
  const total = density.total;
  const status = found.stopped === "reached" ? "optimal" : found.stopped;
  return {
    solver: "semi-discrete",
    status,
    value: total * value,
    regularised: total * value,
    dual: total * (value - gap),
    gap: total * gap,
    certifies: "continuous",
    unregularised: { lower: total * (value - gap), upper: total * value },
    defect: [0, total * found.defect],
    potentials: { ...potentialsOf(s, psi), components: 1, kind: "feasible" },
    plan: planOf({ ...s, cells: () => cellsOf(s) }),
    map: mapTo(s),
    iterations: found.iterations,
    convention: `${conventionOf(powerCost(2), 0)}; a density constant on cells against atoms`,
    notes: notesOf(s),
    figures: { "conjugate gradients": found.conjugateGradients, "smallest cell": total * mass.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY) },
    cells: () => polygons(s),
    centroids: centroids(s),
    moments: () => moments({ ...s, cells: () => cellsOf(s) }),
  };
}
function notesOf({ found, atoms, merged }: Parts): string[] {
  const notes = [
    "The value is that of the density itself and needs no centres of pixels; the plan says how much of each pixel goes to which atom, the map where each point goes.",
  ];
  if (merged.weight.length < atoms.n)
    notes.push(`${atoms.n - merged.weight.length} atoms lie where another does: each place has one cell, which they share by weight.`);
  if (atoms.index) notes.push(`${atoms.of - atoms.n} atoms without mass were left out.`);
  if (found.stopped !== "reached") notes.push(`Newton stopped (${found.stopped}) with cells off by ${found.defect} of the mass in all.`);
  return notes;
}

/** f at the centres of cells; g of atoms without mass is the largest that is feasible with it. */
function potentialsOf(s: Parts, psi: Float64Array): { readonly f: Float64Array; readonly g: Float64Array } {
  const { density, atoms, merged } = s;
  const { lattice } = density;
  const n = sizeOf(lattice);
  const nearest = nearestOf(s);
  const f = new Float64Array(n);
  const centre = (k: number): readonly [number, number] => [
    lattice.origin[0] + Math.floor(k / lattice.shape[1]) * lattice.h[0],
    lattice.origin[1] + (k % lattice.shape[1]) * lattice.h[1],
  ];
  const cost = ([a, b]: readonly [number, number], p: number, q: number): number => (a - p) * (a - p) + (b - q) * (b - q);
  for (let k = 0; k < n; k++) {
    const at = centre(k);
    const i = nearest(at[1] - s.box[1], at[0] - s.box[0]);
    f[k] = cost(at, merged.at[0][i]!, merged.at[1][i]!) - psi[i]!;
  }
  const g = new Float64Array(atoms.of).fill(Number.NaN);
  for (let i = 0; i < atoms.n; i++) g[atoms.index ? atoms.index[i]! : i] = psi[merged.of[i]!]!;
  for (let j = 0; j < atoms.of; j++) {
    if (!Number.isNaN(g[j]!)) continue;
    g[j] = Number.POSITIVE_INFINITY;
    for (let k = 0; k < n; k++) g[j] = Math.min(g[j]!, cost(centre(k), s.points[j]!, s.points[atoms.of + j]!) - f[k]!);
  }
  return { f, g };
}
/** The atom whose cell holds a point of the box around its middle: a walk over neighbours that ends, since x . y - h has one top. */
function nearestOf({ found, x, y }: Parts): (px: number, py: number) => number {
  const { from, to } = neighbours(found);
  let at = 0;
  return (px, py) => {
    let best = px * x[at]! + py * y[at]! - found.lift[at]!;
    for (let moved = true; moved; ) {
      moved = false;
      for (let k = from[at]!; k < from[at + 1]!; k++) {
        const j = to[k]!;
        const v = px * x[j]! + py * y[j]! - found.lift[j]!;
        if (v > best) {
          best = v;
          at = j;
          moved = true;
          break;
        }
      }
    }
    return at;
  };
}
/** Neighbours of every site in the triangulation, without the far ones. */
function neighbours({ triangulation: t, sites: { n } }: NewtonResult): { from: Int32Array; to: Int32Array } {
  const pairs: [number, number][] = [];
  for (let e = 0; e < 3 * t.count; e++) {
    const [i, j] = [t.corner[e]!, t.corner[e % 3 === 2 ? e - 2 : e + 1]!];
    if (i < n && j < n) pairs.push([i, j]);
  }
  const from = new Int32Array(n + 1);
  for (const [i] of pairs) from[i + 1] = from[i + 1]! + 1;
  for (let i = 0; i < n; i++) from[i + 1] = from[i + 1]! + from[i]!;
  const at = from.slice();
  const to = new Int32Array(pairs.length);
  for (const [i, j] of pairs) {
    to[at[i]!] = j;
    at[i] = at[i]! + 1;
  }
  return { from, to };
}
function mapTo(s: Parts): (n: number, x: Rows, out: Float64Array) => void {
  const nearest = nearestOf(s);
  return (n, x, out) => {
    for (let k = 0; k < n; k++) {
      const i = nearest(x[n + k]! - s.box[1], x[k]! - s.box[0]);
      out[k] = s.merged.at[0][i]!;
      out[n + k] = s.merged.at[1][i]!;
    }
  };
}
function polygons(s: Parts): Float64Array[] {
  const { atoms, merged } = s;
  const turned = cellsOf(s);
  const none = new Float64Array(0);
  const out = new Array<Float64Array>(atoms.of).fill(none);
  for (let i = 0; i < atoms.n; i++) out[atoms.index ? atoms.index[i]! : i] = turned[merged.of[i]!]!;
  return out;
}
/** The cell of every place, in the library's axes. */
function cellsOf(s: Parts): Float64Array[] {
  const { found, local } = s;
  const [h0, h1] = local.h;
  const pixels = { lower: [local.origin[1] - 0.5 * h1, local.origin[0] - 0.5 * h0], upper: [0, 0] };
  const box = { lower: pixels.lower as [number, number], upper: [-pixels.lower[0]!, -pixels.lower[1]!] as [number, number] };
  const cells = polygonsOf(found.triangulation, found.sites, found.lift, box);
  // back to the library's axes: places exchange, and so does the sense of turning
  return cells.map((c) => {
    const out = new Float64Array(c.length);
    for (let k = 0; k < c.length; k += 2) {
      out[c.length - 2 - k] = c[k + 1]! + s.box[0];
      out[c.length - 1 - k] = c[k]! + s.box[1];
    }
    return out;
  });
}
function centroids({ found, atoms, merged, box }: Parts): Float64Array {
  const { mass, mx, my } = found.cells;
  const out = new Float64Array(2 * atoms.of).fill(Number.NaN);
  for (let i = 0; i < atoms.n; i++) {
    const [at, k] = [atoms.index ? atoms.index[i]! : i, merged.of[i]!];
    out[at] = my[k]! / mass[k]! + box[0];
    out[atoms.of + at] = mx[k]! / mass[k]! + box[1];
  }
  return out;
}
