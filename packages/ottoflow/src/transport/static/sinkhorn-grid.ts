/** Entropic transport between densities on one grid, by separable convolutions in the log domain. */
import type { Coupling, Grid, Plan, Transport, TransportOptions, TransportProgress, TransportStatus, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { exp, log, pow } from "../../kernels/math.ts";
import { conventionOf } from "../certificate.ts";
import { type GridSolved, type GridState, measuredOf, solveGrid, squaredCost } from "../entropic/grid.ts";
import { boundsOf, type Measured } from "../entropic/measure.ts";
import { VOID } from "../entropic/separable.ts";
import { densePlan } from "../plan.ts";
import { exactSum } from "../problem.ts";

const PASSES = 20_000;
const TOLERANCE = 1e-7;

export const sinkhornGrid: Unit<"transport"> = defineTransport({
  kind: "sinkhorn-grid",
  title: "entropic transport on a grid",
  tex: String.raw`\min_{P \in \Pi(a, b)} \langle C, P \rangle + \varepsilon\, \mathrm{KL}(P \,|\, a \otimes b), \quad e^{-C / \varepsilon} = \textstyle\bigotimes_k e^{-|r_k|^2 / \varepsilon}`,
  summary:
    "Densities on the cells of one regular grid in 1D, 2D or 3D under |x - y|^2 (in 1D any power): the kernel is a product over the axes, so that one iteration on n^2 cells is 4 n^3 products. In the log domain at any epsilon; coarse grids first, over-relaxation by the observed rate. Masses stand at the middles of cells.",
  refs: ["solomon2015", "thibault2021", "altschuler2017"],
  params: { factor: { type: "number", default: 0.25, above: 0, below: 1, doc: "by which epsilon falls on the way" } },
  examples: [{ dim: 2, params: {} }],
  build: ({ factor }) => ({
    label: "sinkhorn-grid",
    answer: "to-tolerance",
    refuses,
    estimate: (p) => {
      const { shape } = gridOf(p.from)!;
      const size = shape.reduce((s, n) => s * n, 1);
      return { work: 400 * size * shape.reduce((s, n) => s + n, 0), bytes: 120 * size };
    },
    solve: (p, options) => solveOnGrid(p, options, factor),
  }),
});
const gridOf = (m: Transport["from"]): Grid | undefined => (m.rep === "cells" ? m.space.grid : undefined);
function refuses(p: Transport): string | null {
  if (!(p.epsilon > 0)) return "needs an epsilon above 0";
  const [a, b] = [gridOf(p.from), gridOf(p.to)];
  if (!a || !b) return "takes densities on the cells of a grid";
  const same = (u: readonly number[], v: readonly number[]): boolean =>
    u.length === v.length && u.every((x, k) => Math.abs(x - v[k]!) <= 1e-12 * (1 + Math.abs(x)));
  if (!same(a.shape, b.shape) || !same(a.lower, b.lower) || !same(a.h, b.h)) return "takes both measures on one grid";
  if (a.periodic.some((v) => v)) return "takes no periodic axes";
  if (a.shape.length > 3) return "takes up to three dimensions";
  if (p.cost.power === undefined || !Number.isFinite(p.cost.power)) return "takes powers of the distance";
  if (p.cost.power !== 2 && a.shape.length > 1) return "takes |x - y|^2, other powers are no sum over axes";
  if (p.marginals.some((m) => m.kind !== "equal") || p.mass !== undefined) return "keeps both marginals as they are";
  return null;
}

function* solveOnGrid(p: Transport, options: TransportOptions, factor: number): Work<TransportProgress, Coupling> {
  const grid = gridOf(p.from)!;
  const power = p.cost.power!;
  const raise = (r: number): number => (power === 2 ? r * r : r === 0 ? 0 : pow(r, power));
  const [a, b] = [massesOf(p.from), massesOf(p.to)];
  const mass = exactSum(a);
  const largest = grid.shape.reduce((s, n, k) => s + raise((n - 1) * grid.h[k]!), 0);
  const wanted = options.defect ?? (options.tolerance ?? TOLERANCE) * mass;
  const enough = (s: GridState): boolean => {
    if (s.defect[0] + s.defect[1] <= wanted) return true;
    if (options.defect !== undefined) return false;
    const { regularised, dual } = boundsOf(measuredOf(s, 0, largest), p.epsilon);
    return regularised - dual <= (options.tolerance ?? TOLERANCE) * Math.max(Math.abs(regularised), largest * mass);
  };
  const solved = yield* solveGrid(grid, a, b, { epsilon: p.epsilon, raise, enough, passes: options.maxIterations ?? PASSES, factor });
  return couplingOf(p, solved, largest, wanted, raise);
}
function massesOf(m: Transport["from"]): Float64Array {
  if (m.rep !== "cells") return new Float64Array(0);
  const { n, volume } = m.space.cells!;
  return Float64Array.from({ length: n }, (_, i) => m.rho[i]! * volume[i]!);
}
function couplingOf(p: Transport, solved: GridSolved, largest: number, wanted: number, raise: (r: number) => number): Coupling {
  const { state } = solved;
  const plan = planOf(state, p.epsilon, raise);
  const value = p.cost.power === 2 ? squaredCost(state, p.epsilon) : lineCostOf(state, plan, raise);
  const measured: Measured = measuredOf(state, value, largest);
  const bounds = boundsOf(measured, p.epsilon);
  return {
    solver: "sinkhorn-grid",
    status: statusOf(solved),
    value,
    regularised: bounds.regularised,
    dual: bounds.dual,
    gap: bounds.regularised - bounds.dual,
    certifies: "discrete",
    unregularised: { lower: unregularisedOn(state, p.epsilon), upper: bounds.cost },
    defect: state.defect,
    potentials: { f: state.f, g: state.g, components: 1, kind: "entropic" },
    plan,
    iterations: solved.passes,
    convention: conventionOf(p.cost, p.epsilon),
    notes: [
      ...(solved.done
        ? []
        : [
            `It ended at a two-sided defect of ${(state.defect[0] + state.defect[1]).toExponential(2)} when ${wanted.toExponential(2)} was asked for; the bounds hold nevertheless.`,
          ]),
      "Masses stand at the middles of cells. `regularised` is a bound of the plan after rounding to exact marginals; `value`, `defect` and `plan` are of the plan before.",
    ],
    figures: { levels: solved.levels, relaxation: solved.relaxation },
  };
}
function statusOf(s: GridSolved): TransportStatus {
  if (s.stopped) return "aborted";
  if (s.done) return "optimal";
  if (!Number.isFinite(s.state.defect[0] + s.state.defect[1])) return "not-finite";
  return s.stalled ? "stalled" : "max-iterations";
}
/** <a, f> + <b, g'>, g' = min c - f over the cells with mass: separable minima. */
function unregularisedOn(s: GridState, epsilon: number): number {
  const size = s.a.length;
  const x = s.f.map((v, i) => (s.a[i]! > 0 ? v / epsilon : VOID));
  const least = new Float64Array(size);
  s.kernel.maxima(x, least);
  let t = 0;
  for (let i = 0; i < size; i++) t += (s.a[i]! > 0 ? s.a[i]! * s.f[i]! : 0) - (s.b[i]! > 0 ? s.b[i]! * epsilon * least[i]! : 0);
  return t;
}
/** Rows by the definition; products by log-sums of the positive and the negative part. */
function planOf(s: GridState, epsilon: number, raise: (r: number) => number): Plan {
  const size = s.a.length;
  const { shape, h } = s.grid;
  const row = (i: number, out: Float64Array): void => {
    for (let j = 0; j < size; j++) {
      let [p, q, c] = [i, j, 0];
      for (let k = shape.length - 1; k >= 0; k--) {
        const n = shape[k]!;
        c += raise(Math.abs((p % n) - (q % n)) * h[k]!);
        [p, q] = [Math.floor(p / n), Math.floor(q / n)];
      }
      out[j] = s.a[i]! > 0 && s.b[j]! > 0 ? s.a[i]! * s.b[j]! * exp((s.f[i]! + s.g[j]! - c) / epsilon) : 0;
    }
  };
  const product = (w: Float64Array, u: Float64Array, z: Float64Array, t: Float64Array, d: number, v: ArrayLike<number>, out: Float64Array): void => {
    const [x, sums] = [new Float64Array(size), new Float64Array(size)];
    out.fill(0, 0, d * size);
    for (let k = 0; k < d; k++)
      for (const sign of [1, -1]) {
        for (let j = 0; j < size; j++) {
          const part = sign * v[k * size + j]! * z[j]!;
          x[j] = part > 0 ? log(part) + t[j]! / epsilon : VOID;
        }
        if (x.every((e) => e === VOID)) continue;
        s.kernel.sums(x, sums);
        for (let i = 0; i < size; i++) if (w[i]! > 0) out[k * size + i] = out[k * size + i]! + sign * w[i]! * exp(u[i]! / epsilon + sums[i]!);
      }
  };
  return {
    ...densePlan(size, size, row),
    push: (d, v, out) => product(s.a, s.f, s.b, s.g, d, v, out),
    pull: (d, v, out) => product(s.b, s.g, s.a, s.f, d, v, out),
  };
}
function lineCostOf(s: GridState, plan: Plan, raise: (r: number) => number): number {
  const n = s.a.length;
  const row = new Float64Array(n);
  let t = 0;
  for (let i = 0; i < n; i++) {
    plan.row(i, row);
    for (let j = 0; j < n; j++) t += row[j]! * raise(Math.abs(i - j) * s.grid.h[0]!);
  }
  return t;
}
