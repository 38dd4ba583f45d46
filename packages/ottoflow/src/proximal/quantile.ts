import type { Host, Problem, ProximalStepper, Quantiles, Rows, State, StepInfo, Takes } from "../contract.ts";
import { defineProximal, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { gradedLevels, storeQuantiles } from "../measure/store.ts";
import { expectCarried } from "../takes.ts";
import { descend, type Scratch } from "./descend.ts";
import type { LineDescent } from "./line-newton.ts";
import { openLineProblem } from "./quantile-step.ts";

const takes: Takes = {
  rep: "quantiles",
  carries: ["local", "noise", "field", "pair", "general", "transport"],
  needs: ["line"],
  refuses({ space, parts }) {
    if (space.grid?.periodic[0]) return { trait: "line", why: "has no quantile function on a circle; use walls, free space or a scheme on cells" };
    const odd = parts.find((part) => part.form === "pair" && part.W.quadratic === undefined && !part.W.radial);
    if (odd) return { trait: "pair", why: `needs interactions that are functions of |x - y|, which "${odd.label}" is not` };
    const foreign = parts.find((part) => part.form === "general" && !(part.towards && part.target?.line));
    return foreign ? { trait: "general", why: `cannot carry "${foreign.label}", which is no function of neighbouring quantiles` } : null;
  },
};

/**
 * Exact JKO step on the line over the measures whose quantile function X is linear between n nodes at given levels:
 *
 *     min_x F(x) + |x - x_k|_B^2 / (2 tau),   |v|_B^2 = mass * int_0^1 v(s)^2 ds = sum share (a^2 + a b + b^2) / 3.
 *
 * |x - y|_B is W2 itself between two such measures, so x -> X embeds them as a convex set of L2(0, 1) and F, written out
 * exactly, keeps its displacement convexity: the problem is (1/tau + lambda)-strongly convex and its gap is at most
 * |gradient|_{B^-1}^2 / (2 (1/tau + lambda)). Walls of a bounded box hold the outermost nodes.
 */
export const quantile: Unit<"proximal"> = defineProximal({
  kind: "quantile",
  title: "quantile functions",
  tex: "\\min_X F(X_\\# \\mathrm{ds}) + \\frac{1}{2\\tau} \\int_0^1 |X - X_k|^2 \\mathrm{d}s",
  summary:
    "On the line the Wasserstein distance is the L2 distance of quantile functions, so a step is a convex problem in the positions of the quantiles. They are joined linearly (the density is constant between neighbours) and found by Newton's method with a tridiagonal Hessian, O(n) per iteration; interactions other than parabolas in the distance cost O(n^2). The step stops on a certified gap of this finite-dimensional problem.",
  refs: ["jko1998", "ags2008", "mccann1997", "blanchet2008"],
  params: {
    levels: {
      type: "integer",
      min: 3,
      max: 10_000_000,
      default: 2000,
      refines: { by: 2, order: "seen", unless: "initial.count" },
      doc: "number of quantile nodes, where the initial measure does not say",
    },
    grading: {
      type: "choice",
      of: ["tails", "uniform"],
      default: "tails",
      doc: "levels that crowd towards 0 and 1, so that tails and fronts are resolved, or levels at equal distances (first order for Gaussians)",
    },
    tolerance: { type: "number", above: 0, below: 1, default: 1e-20, doc: "a step ends when its certified gap is below this fraction of the energy scale" },
    iterations: { type: "integer", min: 1, default: 200, doc: "most Newton iterations of a step" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 1, params: { levels: 500, grading: "uniform" } },
  ],
  build: ({ levels, grading, tolerance, iterations }) => ({
    label: "quantile",
    tex: "\\min_X F(X) + \\tfrac{1}{2\\tau} \\|X - X_k\\|^2",
    takes,
    open(p, host) {
      expectCarried("quantile", takes, p);
      const n = p.initial.count ?? levels;
      if (n < 3) throw specError("initial.count", `got ${n} quantile nodes; give at least 3.`);
      const level = host.alloc(n);
      if (grading === "tails") gradedLevels(n, level, 3);
      else for (let i = 0; i < n; i++) level[i] = i / (n - 1);
      return openQuantile(p, host, level, { fine: tolerance, most: iterations });
    },
  }),
});

function openQuantile(p: Problem, host: Host, level: Float64Array, aim: { fine: number; most: number }): ProximalStepper {
  const n = level.length;
  const { mass } = p.initial;
  const [lower, upper] = walls(p);
  const problem = openLineProblem(p.parts, mass, level, lower, upper, host);
  const x = new Float64Array(n);
  const scratch: Scratch = { g: new Float64Array(n), d: new Float64Array(n), trial: new Float64Array(n), best: new Float64Array(n) };
  const keep = (s: State): Quantiles => s.measure as Quantiles;
  const general = (from: Rows, tau: number, t: number, modulus: number | null): LineDescent => {
    x.set(from);
    const begun = problem.begin(x, tau, t);
    const out = descend(problem, x, { ...begun, ...aim, coarse, modulus, stiffness: 1 / tau, value: begun.before }, scratch);
    const cost = problem.cost(x);
    return { out, terms: begun.terms, cost, drop: begun.before - out.value + cost };
  };
  return {
    start() {
      const nodes = host.alloc(n);
      storeQuantiles(p.initial, level, nodes);
      holdEnds(nodes, lower, upper);
      return { measure: { rep: "quantiles", space: p.space, x: nodes, level, mass }, memory: {} };
    },
    prox(from, to, tau, t = 0) {
      const start = keep(from).x;
      const mu = problem.modulus === null ? null : 1 / tau + problem.modulus;
      const { out, drop, terms, cost } = problem.fused?.(start, tau, { ...aim, coarse }, x) ?? general(start, tau, t, mu);
      const gap = mu !== null && mu > 0 ? { gap: out.residual / (2 * mu) } : {};
      const info: StepInfo = { ok: out.ok, reason: out.reason, failure: out.failure, cost, iterations: out.iterations, ...gap };
      const posterior = tau * drop - 2 * tau * cost;
      if (!out.ok) return merged(x) ? { ...info, reason: atom } : info;
      if (cost - drop > 1e-12 * terms) return { ...info, ok: false, reason: `F + d^2 / 2 tau rose by ${cost - drop} in the step` };
      keep(to).x.set(x);
      return { ...info, posterior };
    },
    energy: (s, t) => problem.energies(keep(s).x, t),
  };
}

/** a step that rounding ends is accepted with a gap below this fraction of the energy scale */
const coarse = 1e-9;
const atom =
  'the minimiser has an atom: quantiles of different levels meet, which a density between them cannot show; use the proximal "particles", or add some entropy';

/** Nothing kept two neighbours apart. */
function merged(x: Float64Array): boolean {
  for (let i = 1; i < x.length; i++) if (x[i]! <= x[i - 1]!) return true;
  return false;
}

/** A bounded box has walls at its ends; a box that stands for the line has none. */
function walls(p: Problem): readonly [number, number] {
  const g = p.space.grid;
  if (!p.space.bounded || !g) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [g.lower[0]!, g.lower[0]! + g.h[0]! * g.shape[0]!];
}

/**
 * The end cells are stored so that their mean is the law's, which can put the end node a little beyond the wall that the law
 * reaches; the quantile of level 0 or 1 is then the wall itself.
 * @throws {SpecError} when more than that lies outside
 */
function holdEnds(x: Float64Array, lower: number, upper: number): void {
  const n = x.length;
  if (x[1]! <= lower || x[n - 2]! >= upper)
    throw specError("initial", `its quantiles reach from ${x[0]} to ${x[n - 1]}, outside the box [${lower}, ${upper}]; widen the box or cut the measure.`);
  x[0] = Math.max(lower, x[0]!);
  x[n - 1] = Math.min(upper, x[n - 1]!);
}
