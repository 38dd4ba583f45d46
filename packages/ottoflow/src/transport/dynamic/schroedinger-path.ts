/** The Schrödinger bridge as a path job. */
import type { As, Coupling, PathProblem, PathProgress, PathResult, Work } from "../../contract.ts";
import { definePath, type Unit } from "../../define.ts";
import { log } from "../../kernels/math.ts";
import { gaussianLaw } from "../../measure/gaussian.ts";
import { covOf, meanOf } from "../../measure/rows.ts";
import { storeCells } from "../../measure/store.ts";
import { transportProblem } from "../problem.ts";
import { sinkhornGrid } from "../static/sinkhorn-grid.ts";
import { bridgeOfGaussians } from "./bridge-gaussian.ts";
import type { Curve } from "./curve.ts";
import { storeEnds } from "./ends.ts";
import { atMost, knownPath } from "./known-path.ts";
import { schroedingerBridge } from "./schroedinger.ts";

export const schroedinger: Unit<"path"> = definePath({
  kind: "schroedinger",
  title: "Schrödinger bridge",
  tex: String.raw`\min \int_0^1\!\!\int |v|^2 \rho \, dx \, dt, \quad \partial_t \rho + \nabla\cdot(\rho v) = \tfrac{g}{2} \Delta \rho`,
  summary:
    "How a cloud of Brownian particles most likely went, given where it began and ended: displacement with noise of variance g. Entropic transport at epsilon = 2 g gives potentials, heat kernels of them the density at every time. In closed form between Gaussians; on grids by separable sums in the log domain.",
  refs: ["leonard2014", "janati2020"],
  params: {
    variance: { type: "number", default: 0.1, above: 0, unit: "length^2", doc: "g, variance of the noise per unit of time; epsilon = 2 g" },
    tolerance: { type: "number", default: 1e-7, above: 0, doc: "gap of the entropic transport over the mean cost of the product coupling" },
    closed: { type: "boolean", default: true, doc: "take the closed form between Gaussians; otherwise their cells" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { closed: false, variance: 0.5 } },
  ],
  build: ({ variance, tolerance, closed }) => ({
    label: "schroedinger",
    tex: `\\min \\int_0^1\\!\\!\\int |v|^2 \\rho \\, dx \\, dt, \\quad \\partial_t \\rho + \\nabla\\cdot(\\rho v) = ${0.5 * variance} \\Delta \\rho`,
    refuses: (p) => {
      if (!p.space.grid) return `needs a box of cells, not a ${p.space.kind}`;
      if (closed && p.from.gaussian && p.to.gaussian && !(Math.abs(p.from.mass - p.to.mass) <= 1e-9 * p.from.mass)) return "needs equal masses";
      return p.space.grid.periodic.some((v) => v) ? "takes no periodic axes" : null;
    },
    solve: (p) => bridgeOf(p, variance, tolerance, closed),
  }),
});
const convention = (g: number): string =>
  `action = inf int int |v|^2 rho dx dt with d_t rho + div(rho v) = ${0.5 * g} Lap rho; it is OT_epsilon + epsilon (int b log b + d / 2 log 2 pi g) at epsilon = ${2 * g}, C = |x - y|^2`;

function* bridgeOf(p: PathProblem, g: number, tolerance: number, closed: boolean): Work<PathProgress, PathResult> {
  yield { iteration: 0, upper: null, lower: null, fraction: null };
  if (closed && p.from.gaussian && p.to.gaussian) return betweenGaussians(p, g);
  return yield* onGrid(p, g, tolerance);
}
function betweenGaussians(p: PathProblem, g: number): PathResult {
  const measure = (law: PathProblem["from"]): As<"gaussian"> => ({
    rep: "gaussian",
    space: p.space,
    mean: Float64Array.from(law.gaussian!.mean),
    cov: Float64Array.from(law.gaussian!.cov),
    mass: p.from.mass,
  });
  const bridge = bridgeOfGaussians(measure(p.from), measure(p.to), g);
  const cut = Math.max(p.from.cut ?? 0.01, p.to.cut ?? 0.01);
  const curve: Curve = {
    label: bridge.label,
    at: (t) => {
      const m = bridge.at(t) as As<"gaussian">;
      const rho = new Float64Array(p.space.cells!.n);
      storeCells({ ...gaussianLaw(Array.from(m.mean), Array.from(m.cov), { mass: m.mass }), cut }, p.space, rho);
      return { rep: "cells", space: p.space, rho };
    },
  };
  const action = p.from.mass * bridge.action;
  return knownPath(p, {
    curve,
    action,
    continuous: { lower: action, upper: action, because: "closed form between Gaussians" },
    kinetic: (t) => p.from.mass * bridge.kinetic(t),
    convention: convention(g),
    notes: [
      "The action is that of the Gaussians themselves; the frames are their averages over cells. Kinetic energy is that of the drift and is not constant.",
    ],
    figures: { entropic: bridge.plan.value },
  });
}

function* onGrid(p: PathProblem, g: number, tolerance: number): Work<PathProgress, PathResult> {
  const ends = storeEnds(p, undefined, true);
  const [a, b] = [ends.from, ends.to].map((rho): As<"cells"> => ({ rep: "cells", space: p.space, rho })) as [As<"cells">, As<"cells">];
  const solver = sinkhornGrid.build({ factor: 0.25 } as never, { dim: p.space.dim, space: p.space });
  // the solver's tolerance is a fraction of the largest cost; here it is one of the cost of the product coupling
  const { shape, h } = p.space.grid!;
  const largest = shape.reduce((s, n, k) => s + (n - 1) * (n - 1) * h[k]! * h[k]!, 0);
  const scale = productCost(a, b);
  const work = solver.solve(transportProblem({ from: a, to: b, epsilon: 2 * g }), { tolerance: largest > 0 ? (tolerance * scale) / largest : tolerance });
  let next = work.next();
  while (!next.done) next = work.next(yield { iteration: next.value.iteration, upper: null, lower: null, fraction: next.value.fraction });
  return describe(p, g, tolerance * scale, a, b, next.value, ends.notes);
}
function describe(p: PathProblem, g: number, wanted: number, a: As<"cells">, b: As<"cells">, answer: Coupling, notes: readonly string[]): PathResult {
  const { volume } = p.space.cells!;
  const d = p.space.dim;
  let [mass, entropy] = [0, 0];
  for (let i = 0; i < b.rho.length; i++) {
    mass += b.rho[i]! * volume[i]!;
    if (b.rho[i]! > 0) entropy += b.rho[i]! * volume[i]! * log(b.rho[i]!);
  }
  // epsilon int P log(P / (a heat)) in place of <C, P> + epsilon KL(P | a x b), which counts m^2 - m for the mass m
  const shift = 2 * g * (entropy + mass * 0.5 * d * log(2 * Math.PI * g) - mass * (mass - 1));
  const bridge = schroedingerBridge(a, b, answer.potentials!, 2 * g);
  const curve = bridge.onCells(p.space);
  const drift = p.times.reduce((s, t) => {
    const rho = (curve.at(t) as As<"cells">).rho;
    let m = 0;
    for (let i = 0; i < rho.length; i++) m += rho[i]! * volume[i]!;
    return Math.max(s, Math.abs(m / mass - 1));
  }, 0);
  const status = answer.status === "optimal" ? "optimal" : answer.status === "infeasible" ? "stalled" : answer.status;
  const action = answer.regularised + shift;
  const result = knownPath(p, {
    curve,
    action,
    dual: answer.dual + shift,
    status,
    iterations: answer.iterations,
    tolerance: Math.max(1e-9, (4 * wanted * mass) / Math.max(Number.MIN_VALUE, Math.abs(action))),
    kinetic: kineticOf(p, curve),
    convention: convention(g),
    notes: [
      ...notes,
      ...answer.notes,
      "Masses stand at the middles of cells: the noise must spread over some cells, sqrt(g t (1 - t)) above their width, for the frames to be densities.",
    ],
    figures: { entropic: answer.regularised, transported: answer.value },
  });
  const inside = atMost(
    "mass",
    "drift of the mass, relative",
    drift,
    1e-2,
    "mass of the bridge on the cells",
    "what the noise carries out of the box, and cells that do not resolve it",
  );
  return { ...result, checks: [...result.checks, inside] };
}
/** |difference of means|^2 + both variances: the mean cost of the product coupling. */
function productCost(a: As<"cells">, b: As<"cells">): number {
  const [p, q, P, Q] = [meanOf(a), meanOf(b), covOf(a), covOf(b)];
  const d = p.length;
  return p.reduce((s, m, k) => s + (m - q[k]!) * (m - q[k]!) + P[k * d + k]! + Q[k * d + k]!, 0);
}
/** int |drift|^2 S_t over the cells. */
function kineticOf(p: PathProblem, curve: ReturnType<ReturnType<typeof schroedingerBridge>["onCells"]>): (t: number) => number {
  const { n, volume } = p.space.cells!;
  return (t) => {
    const { rho } = curve.at(t) as As<"cells">;
    const v = curve.drift(t);
    let s = 0;
    for (let k = 0; k < p.space.dim; k++) for (let i = 0; i < n; i++) s += rho[i]! * volume[i]! * v[k * n + i]! * v[k * n + i]!;
    return s;
  };
}
