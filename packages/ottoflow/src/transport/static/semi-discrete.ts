/** Transport between a density and atoms. */
import type { Coupling, Measure, Transport, TransportOptions, TransportProgress, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { specError } from "../../errors.ts";
import { type BoxMasses, boxLattice, checkedMass, type GridMass, gridMass, noGrid } from "../grid/density.ts";
import { type Lattice, sizeOf } from "../grid/lattice.ts";
import { transposed } from "../plan.ts";
import { assemble, distinct, type LaguerreCoupling, middleOf } from "../power/answer.ts";
import { totals } from "../power/density.ts";
import { mixed, newton } from "../power/newton.ts";
import { atomsOf, cloud, exactSum } from "../problem.ts";

export const semiDiscrete: Unit<"transport"> = defineTransport({
  kind: "semi-discrete",
  title: "density to atoms by power diagrams",
  tex: String.raw`\max_\psi \int \min_i \big( |x - y_i|^2 - \psi_i \big)\, d\mu + \sum_i b_i \psi_i`,
  summary:
    "Transport between a density in the plane, constant on the cells of a box, and atoms: the power diagram whose cells hold the masses of the atoms, by damped Newton. Triangulations are kept by flips with exact orientations, masses and their derivatives are integrated along the edges of the diagram without error but rounding. The answer is of the density itself, not of its cell centres; the cells come for drawing. Empty pixels are met through densities without any.",
  refs: ["kitagawa2019", "aurenhammer1987", "shewchuk1997"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  // exact for the density, which is another problem than that of atoms at the centres of its cells: taken when asked for by name
  build: () => ({ label: "semi-discrete", answer: "other-distance", refuses, estimate, solve }),
});

function refuses(p: Transport): string | null {
  if (p.epsilon > 0) return "knows no entropy";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  if (p.cost.power !== 2) return "takes the cost |x - y|^2 only";
  const sides = [p.from, p.to];
  const cells = sides.filter((m) => m.rep === "cells");
  if (cells.length !== 1 || !sides.some((m) => m.rep === "particles")) return "needs a density on cells on one side and particles on the other";
  if (sides.some((m) => m.space.dim !== 2)) return "works in the plane";
  return noGrid(cells[0]!);
}
function estimate(p: Transport): { work: number; bytes: number } {
  const n = [p.from, p.to].reduce((s, m) => s + (m.rep === "particles" ? m.n : 0), 0);
  const cells = [p.from, p.to].reduce((s, m) => s + (m.rep === "cells" ? m.space.cells!.n : 0), 0);
  return { work: 2000 * n * Math.sqrt(n) + 200 * Math.sqrt(n * cells) + 100 * cells, bytes: 1000 * n + 80 * cells };
}

function* solve(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling> {
  const turned = p.from.rep === "particles";
  const [density, points] = turned ? [p.to, p.from] : [p.from, p.to];
  const found = yield* between(gridMass(density, turned ? "to" : "from"), points, turned ? "from" : "to", options);
  if (!turned) return found;
  // an atom that must split has no map, but a cell
  const { map: _, plan, potentials, defect, ...rest } = found;
  return {
    ...rest,
    plan: plan && transposed(plan),
    defect: [defect[1], defect[0]],
    potentials: potentials && { ...potentials, f: potentials.g, g: potentials.f },
  };
}

function* between(density: GridMass, points: Measure, name: string, options: TransportOptions): Work<TransportProgress, LaguerreCoupling> {
  const atoms = atomsOf(points, name);
  const merged = distinct(atoms);
  const { lattice } = density;
  const cell = lattice.h[0] * lattice.h[1];
  // around the middles of the box and of the atoms: x . y of the rest differs from the cost by what is linear
  const box = ([0, 1] as const).map((k) => lattice.origin[k] + 0.5 * (lattice.shape[k] - 1) * lattice.h[k]) as [number, number];
  const middle = ([0, 1] as const).map((k) => middleOf(merged.at[k])) as [number, number];
  const local: Lattice = { ...lattice, origin: [lattice.origin[0] - box[0], lattice.origin[1] - box[1]] };
  const rho = density.mass.map((m) => m / density.total / cell);
  const target = merged.weight.map((w) => w / atoms.mass);
  // the library's first axis is the diagram's y
  const [x, y] = [merged.at[1].map((v) => v - middle[1]), merged.at[0].map((v) => v - middle[0])];
  const enough = options.defect ?? Math.min(options.tolerance ?? 1e-10, 1e-2);
  const density0 = mixed(local, rho);
  const found = yield* newton(x, y, target, density0, { defect: enough, most: options.maxIterations ?? 500 });
  return assemble({
    density,
    atoms,
    points: points.rep === "particles" ? points.x : atoms.x,
    merged,
    box,
    middle,
    local,
    found,
    x,
    y,
    target,
    all: totals(density0(0)),
  });
}

/** A density given by the masses of the cells of a box; one cell is the uniform density. */
export interface BoxDensity extends BoxMasses {
  /** masses, first axis slowest; uniform unless given */
  readonly masses?: ArrayLike<number>;
}
/**
 * W_2^2 between a density on a box in the plane and weighted atoms, with the power diagram: potentials, cells and their centroids.
 * The derivative of the value in the weight of an atom is its potential (up to one constant), in its place 2 b_i (y_i - centroid_i).
 *
 * @example
 * const r = laguerre({ shape: [1, 1] }, [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]);
 * console.log(r.value, r.cells()); // 1/24
 * @param weights masses of the atoms, equal unless given; they must sum to that of the density (1 for the uniform one)
 * @throws {ShapeError | SpecError} on sizes, masses and points that do not fit
 */
export function laguerre(
  density: BoxDensity,
  points: readonly (readonly number[])[] | ArrayLike<number>,
  options: TransportOptions & { readonly weights?: ArrayLike<number> } = {},
): LaguerreCoupling {
  const lattice = boxLattice(density);
  if (density.shape.length !== 2) throw specError("shape", `got [${density.shape.join(", ")}] when expected two numbers of cells: the box lies in the plane.`);
  const n = sizeOf(lattice);
  const mass = checkedMass(lattice, density.masses ?? new Float64Array(n).fill(1 / n), "masses");
  const atoms = cloud(points, { dim: 2, ...(options.weights && { weights: options.weights }) });
  if (atoms.space.dim !== 2) throw specError("points", `got points of ${atoms.space.dim} coordinates when expected 2.`);
  const sum = exactSum(atoms.weight);
  if (!(Math.abs(sum - mass.total) <= 1e-9 * mass.total)) throw specError("weights", `sum to ${sum} when the density has the mass ${mass.total}.`);
  const steps = between(mass, atoms, "points", options);
  let next = steps.next();
  while (!next.done) next = steps.next(options.signal?.aborted ? "stop" : undefined);
  return next.value;
}
