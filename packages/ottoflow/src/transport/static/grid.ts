/** Exact transport between images. */
import type { Coupling, Transport, TransportOptions, TransportProgress, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { conventionOf, costOf, defectOf, dot } from "../certificate.ts";
import { powerCost } from "../cost.ts";
import { type BoxMasses, boxLattice, checkedMass, equalMasses, type GridMass, gridMass, refusesBetweenGrids } from "../grid/density.ts";
import { feasible } from "../grid/feasible.ts";
import { sizeOf } from "../grid/lattice.ts";
import { atoms, partsWithMass } from "../grid/points.ts";
import { type GridOptimum, gridSimplex } from "../grid/simplex.ts";
import { inUnits, WHOLE } from "../grid/whole.ts";
import { sparsePlan } from "../plan.ts";

export const grid: Unit<"transport"> = defineTransport({
  kind: "grid",
  title: "exact transport between images",
  tex: String.raw`\min_P \sum_{ij} |x_i - y_j|^2 P_{ij}`,
  summary:
    "Exact W_2^2 between masses at the points of two grids with one or two axes, empty points among them: the network simplex from coarse grids to fine. The plan of a coarse grid is handed down as a forest; arcs enter by reduced cost, found over all pairs of points at once by c-transforms in linear time, whose last run is the proof of optimality. Masses are rounded to multiples of 2^-50 of their sum, so flows are exact.",
  refs: ["schmitzer2016", "orlin1997", "lucet1997"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: () => ({ label: "grid", answer: "exact", refuses: refusesBetweenGrids, estimate, solve }),
});

function estimate(p: Transport): { work: number; bytes: number } {
  const n = 0.5 * (p.from.space.cells!.n + p.to.space.cells!.n);
  return { work: 400 * n * Math.sqrt(n), bytes: 500 * n };
}

function* solve(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling> {
  return yield* between(gridMass(p.from, "from"), gridMass(p.to, "to"), options);
}
function* between(from: GridMass, to: GridMass, options: TransportOptions): Work<TransportProgress, Coupling> {
  const units = inUnits(from, to);
  const found = yield* gridSimplex(units.X, units.Y, options.maxIterations ?? Number.POSITIVE_INFINITY);
  const { f, g } = feasible(units.X, units.Y, found.f);
  const scale = units.unit * units.unit;
  return coupling(
    from,
    to,
    found,
    f.map((v) => scale * v),
    g.map((v) => scale * v),
  );
}
function coupling(from: GridMass, to: GridMass, found: GridOptimum, f: Float64Array, g: Float64Array): Coupling {
  const [a, b] = [atoms(from), atoms(to)];
  const { count } = found.forest;
  const plan = sparsePlan(
    sizeOf(from.lattice),
    sizeOf(to.lattice),
    found.forest.from.subarray(0, count),
    found.forest.to.subarray(0, count),
    found.forest.mass.subarray(0, count).map((m) => (m / WHOLE) * from.total),
  );
  const value = costOf(plan, powerCost(2), a, b);
  const dual = dot(a.weight, f) + dot(b.weight, g);
  const components = partsWithMass(plan, a, b);
  const notes = found.optimal ? [] : [`It stopped after ${found.pivots} pivots before the optimum: value and dual bracket it.`];
  if (components > 1)
    notes.push(
      `The used pairs fall into ${components} parts: potentials are unique up to one constant in each, and a gradient in the weights is one of several.`,
    );
  return {
    solver: "grid",
    status: found.optimal ? "optimal" : found.aborted ? "aborted" : "max-iterations",
    value,
    regularised: value,
    dual,
    gap: value - dual,
    certifies: "discrete",
    unregularised: { lower: dual, upper: value },
    defect: defectOf(plan, a.weight, b.weight),
    potentials: { f, g, components, kind: "feasible" },
    plan,
    iterations: found.pivots,
    convention: conventionOf(powerCost(2), 0),
    notes,
    figures: { pivots: found.pivots, "searches over all pairs": found.searches, levels: found.levels, bytes: found.bytes },
  };
}

/**
 * Exact W_2^2 between two images: masses at the centres of the cells of a box (first axis slowest).
 *
 * @example
 * const { value, gap } = imageDistance(a, b, { shape: [64, 64] });
 * console.log(Math.sqrt(value), gap);
 * @throws {ShapeError | SpecError} on sizes and masses that do not fit; masses must sum to the same
 */
export function imageDistance(a: ArrayLike<number>, b: ArrayLike<number>, options: BoxMasses & TransportOptions): Coupling {
  const lattice = boxLattice(options);
  const [from, to] = [checkedMass(lattice, a, "from"), checkedMass(lattice, b, "to")];
  equalMasses(from, to);
  const steps = between(from, to, options);
  let next = steps.next();
  while (!next.done) next = steps.next(options.signal?.aborted ? "stop" : undefined);
  return next.value;
}
