/** Maps between densities on grids. */
import type { Coupling, Plan, Rows, Transport, TransportOptions, TransportProgress, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { conventionOf, costOf, defectOf } from "../certificate.ts";
import { powerCost } from "../cost.ts";
import { type Ascent, ascend } from "../grid/ascend.ts";
import { continuousBound, finestCut } from "../grid/bound.ts";
import { type BoxMasses, boxLattice, type Centred, centred, checkedMass, equalMasses, type GridMass, gridMass, refusesBetweenGrids } from "../grid/density.ts";
import { type Lattice, sizeOf } from "../grid/lattice.ts";
import { atoms, partsWithMass } from "../grid/points.ts";
import { potentialsOf } from "../grid/potentials.ts";
import { cornerGradients } from "../grid/push.ts";
import { planOfMap } from "../grid/round.ts";
import { gridSimplex } from "../grid/simplex.ts";
import { inUnits, WHOLE } from "../grid/whole.ts";
import { sparsePlan } from "../plan.ts";
import { exactSum } from "../problem.ts";

export const backAndForth: Unit<"transport"> = defineTransport({
  kind: "back-and-forth",
  title: "back-and-forth method between densities on grids",
  tex: String.raw`\sup_{\varphi(x) + \psi(y) \le |x - y|^2} \int \varphi\, d\mu + \int \psi\, d\nu`,
  summary:
    "The dual of transport between two densities that are constant on the cells of grids with one or two axes, climbed in H^-1 by turns in either potential from coarse grids to fine, with c-transforms in linear time. The answer is a bracket of W_2^2 between the densities themselves: a lower bound from potentials that are feasible at every point of the plane, and the cost of a plan made from the map, both certified. The map is the gradient of a convex function. Cells are not atoms here: what the exact solvers find between cell centres lies inside the bracket's error in the square of the cell width.",
  refs: ["jacobs2020", "lucet1997", "villani2003"],
  params: {
    turns: { type: "integer", min: 1, default: 40, doc: "most steps in each potential on the finest grid" },
    residual: {
      type: "number",
      min: 0,
      default: 0,
      doc: "stop when the squared H^-1 norm of what the maps miss is below this on both sides, for a mass of one",
    },
    gain: { type: "number", min: 0, default: 1e-8, doc: "stop when a turn gains less than this part of the value" },
    plan: {
      type: "choice",
      of: ["map", "exact"],
      default: "map",
      doc: "where the upper bound comes from: a plan rounded from the map, off by the width of a cell, or the exact plan between cell centres, off by its square and slower",
    },
  },
  examples: [{ dim: 2, params: {} }],
  build: (values) => ({
    label: "back-and-forth",
    // bounds between densities, which atoms at the centres of cells do not have to obey to rounding
    answer: "other-distance",
    refuses: refusesBetweenGrids,
    estimate,
    solve: (p, options) => work(p, options, { most: values.turns, residual: values.residual, gain: values.gain, exact: values.plan === "exact" }),
  }),
});

const cellsOf = (p: Transport): number => p.from.space.cells!.n + p.to.space.cells!.n;
function estimate(p: Transport): { work: number; bytes: number } {
  const n = cellsOf(p);
  return { work: 2e4 * n, bytes: 300 * n };
}

/**
 * W_2^2 between two densities given by the masses of the cells of a box (first axis slowest), bracketed, with the map.
 *
 * @example
 * const answer = mapBetween(imageA, imageB, { shape: [256, 256] });
 * console.log(answer.dual, answer.value, answer.map);
 * @throws {ShapeError | SpecError} on sizes and masses that do not fit; masses must sum to the same
 */
export function mapBetween(a: ArrayLike<number>, b: ArrayLike<number>, options: BoxMasses & TransportOptions & Partial<Settings>): Coupling {
  const lattice = boxLattice(options);
  const [from, to] = [checkedMass(lattice, a, "from"), checkedMass(lattice, b, "to")];
  equalMasses(from, to);
  const settings = {
    most: options.maxIterations ?? options.most ?? 40,
    residual: options.residual ?? 0,
    gain: options.gain ?? 1e-8,
    exact: options.exact ?? false,
  };
  const steps = between(from, to, settings, options.tolerance ?? 1e-2);
  let next = steps.next();
  while (!next.done) next = steps.next(options.signal?.aborted ? "stop" : undefined);
  return next.value;
}

interface Settings {
  readonly most: number;
  readonly residual: number;
  readonly gain: number;
  /** the upper bound by the exact plan between cell centres */
  readonly exact: boolean;
}
function* work(p: Transport, options: TransportOptions, settings: Settings): Work<TransportProgress, Coupling> {
  const [from, to] = [gridMass(p.from, "from"), gridMass(p.to, "to")];
  return yield* between(from, to, { ...settings, most: options.maxIterations ?? settings.most }, options.tolerance ?? 1e-2);
}

/** The whole method between two masses on grids. */
function* between(from: GridMass, to: GridMass, settings: Settings, tolerance: number): Work<TransportProgress, Coupling> {
  const [X, Y] = [centred(from), centred(to)];
  const stretch = ([0, 1] as const).map((k) => (X.deviation[k] > 0 && Y.deviation[k] > 0 ? Y.deviation[k] / X.deviation[k] : 1));
  const found = yield* ascend(X, Y, stretch as [number, number], settings);
  const stop = yield { stage: "certificate", iteration: found.iterations, gap: null, defect: 2 * Math.max(...found.missed), fraction: 0.9 };
  const exact = settings.exact && stop !== "stop" ? yield* exactPlan(from, to) : null;
  return certify(from, X, to, Y, found, tolerance, stop === "stop", exact);
}

function certify(from: GridMass, X: Centred, to: GridMass, Y: Centred, found: Ascent, tolerance: number, stopped: boolean, exact: Plan | null): Coupling {
  const [x, y] = found.pair.sides;
  const cut = finestCut(sizeOf(x.lattice) + sizeOf(y.lattice));
  const [s, t] = [X.mean[0] - Y.mean[0], X.mean[1] - Y.mean[1]];
  const between = s * s + t * t;
  // any cut gives a true bound: the finer is the better one but for noise in the potentials
  const bounds = [1, cut].map((r) => continuousBound(x, y, y.u, r) + between);
  const dual = from.total * Math.max(...bounds, 0);
  const { f, g } = potentialsOf(from, X, to, Y, y.lattice, y.u);
  const [a, b] = [atoms(from), atoms(to)];
  const plan = exact ?? placed(planOfMap(x, x.u, y), from, X, x.lattice, to, Y, y.lattice);
  const value = costOf(plan, powerCost(2), a, b);
  const upper = value + stretching(from.lattice, to.lattice) * from.total;
  const gap = upper - dual;
  const met = gap <= tolerance * Math.max(upper, 1e-300);
  return {
    solver: "back-and-forth",
    status: met ? "optimal" : stopped || found.stopped === "aborted" ? "aborted" : found.stopped === "max-iterations" ? "max-iterations" : "stalled",
    value: upper,
    regularised: upper,
    dual,
    gap,
    certifies: "continuous",
    unregularised: { lower: dual, upper },
    defect: defectOf(plan, a.weight, b.weight),
    potentials: { f, g, components: partsWithMass(plan, a, b), kind: "feasible" },
    plan,
    map: mapOf(X, x.lattice, x.u, Y),
    iterations: found.iterations,
    convention: `${conventionOf(powerCost(2), 0)}; densities constant on cells`,
    notes: notesOf(found, met),
    figures: {
      "dual between cell centres": exactSum(f.map((v, i) => v * a.weight[i]!)) + exactSum(g.map((v, j) => v * b.weight[j]!)),
      "squared H^-1 residual, first": found.residual[0],
      "squared H^-1 residual, second": found.residual[1],
      "mass that the maps misplace": Math.max(...found.missed) * from.total,
      levels: found.levels,
      "cut of the cells in the bound": bounds[1]! >= bounds[0]! ? cut : 1,
      bytes: found.pair.bytes,
    },
  };
}
function notesOf(found: Ascent, met: boolean): string[] {
  const notes = [`Potentials are feasible between cell centres; value and dual bound the densities on the cells. It stopped for ${found.stopped}.`];
  if (!met)
    notes.push("The bracket is wider than the tolerance: finer cells narrow it with the square of their width, more turns where maps still misplace mass.");
  return notes;
}
/** A cell stretched onto a cell of another size costs this beyond the squared distance of their centres. */
function stretching(a: Lattice, b: Lattice): number {
  let s = 0;
  for (const k of [0, 1] as const) {
    const width = (l: Lattice): number => (l.shape[k] > 1 ? l.h[k] : 0);
    s += ((width(a) - width(b)) * (width(a) - width(b))) / 12;
  }
  return s;
}

function* exactPlan(from: GridMass, to: GridMass): Work<TransportProgress, Plan> {
  const { X, Y } = inUnits(from, to);
  const { forest } = yield* gridSimplex(X, Y, Number.POSITIVE_INFINITY);
  const mass = forest.mass.subarray(0, forest.count).map((m) => (m / WHOLE) * from.total);
  return sparsePlan(sizeOf(from.lattice), sizeOf(to.lattice), forest.from.subarray(0, forest.count), forest.to.subarray(0, forest.count), mass);
}
function placed(
  moves: { readonly from: Int32Array; readonly to: Int32Array; readonly mass: Float64Array },
  from: GridMass,
  X: Centred,
  x: Lattice,
  to: GridMass,
  Y: Centred,
  y: Lattice,
): Plan {
  const old = (at: number, cut: Lattice, c: Centred, all: Lattice): number =>
    (Math.floor(at / cut.shape[1]) + c.first[0]) * all.shape[1] + (at % cut.shape[1]) + c.first[1];
  return sparsePlan(
    sizeOf(from.lattice),
    sizeOf(to.lattice),
    moves.from.map((i) => old(i, x, X, from.lattice)),
    moves.to.map((j) => old(j, y, Y, to.lattice)),
    moves.mass.map((m) => m * from.total),
  );
}

/** T(x) = gradient of the convex potential, bilinear between corners of cells; outside the rectangle of the mass, the value at its rim. */
function mapOf(X: Centred, l: Lattice, u: Float64Array, Y: Centred): (n: number, x: Rows, out: Float64Array) => void {
  const [n0, n1] = l.shape;
  const corners = (n0 + 1) * (n1 + 1);
  const grad = new Float64Array(2 * corners);
  cornerGradients(l, u, grad);
  return (n, x, out) => {
    const d = x.length / n;
    for (let i = 0; i < n; i++) {
      const [a, s] = cellOf(x[i]! - X.mean[0], l, 0);
      const [b, t] = d > 1 ? cellOf(x[n + i]! - X.mean[1], l, 1) : [0, 0.5];
      for (let k = 0; k < d; k++) {
        const p = k * corners + a * (n1 + 1) + b;
        const q = p + n1 + 1;
        out[k * n + i] = Y.mean[k]! + (1 - s) * ((1 - t) * grad[p]! + t * grad[p + 1]!) + s * ((1 - t) * grad[q]! + t * grad[q + 1]!);
      }
    }
  };
}
function cellOf(x: number, l: Lattice, k: 0 | 1): readonly [number, number] {
  const p = Math.min(Math.max((x - l.origin[k]) / l.h[k] + 0.5, 0), l.shape[k]);
  const at = Math.min(Math.floor(p), l.shape[k] - 1);
  return [at, p - at];
}
