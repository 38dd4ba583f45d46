import type { Gaussian, Host, Problem, ProximalStepper, State, Takes } from "../contract.ts";
import { defineProximal, type Unit } from "../define.ts";
import { storeGaussian } from "../measure/store.ts";
import { expectCarried } from "../takes.ts";
import { certifiedStep } from "./certified-step.ts";
import type { Scratch } from "./descend.ts";
import { openGaussianProblem } from "./gaussian-step.ts";
import type { Base } from "./gaussian-terms/term.ts";
import { termOf } from "./gaussian-terms/terms.ts";
import { gapTolerance } from "./params.ts";

const takes: Takes = {
  rep: "gaussian",
  carries: ["local", "noise", "field", "pair", "transport"],
  needs: ["gaussian"],
  refuses({ space, parts }) {
    if (space.grid && (space.bounded || space.grid.periodic.some(Boolean)))
      return { trait: "gaussian", why: "needs free space: a Gaussian does not fit between walls or around a circle" };
    for (const part of parts) {
      if (part.form === "local" && part.noise === undefined && !part.power)
        return { trait: "local", why: `knows entropy and powers of the density in closed form, and "${part.label}" is neither` };
      if (part.form === "pair" && part.W.quadratic === undefined && !(part.W.radial && part.W.finite))
        return { trait: "pair", why: `averages interactions that are finite functions of |x - y|, which "${part.label}" is not` };
    }
    return null;
  },
};

/**
 * JKO step restricted to Gaussians, that is on the Bures–Wasserstein space. The optimal map from N(m_k, S_k) to N(m, S) is
 * x -> m + Z (x - m_k) with Z symmetric positive definite and S = Z S_k Z, so the step is
 *
 *     min over m, Z of F(N(m, Z S_k Z)) + mass (|m - m_k|^2 + tr((Z - I) S_k (Z - I))) / (2 tau).
 *
 * Its optimality equation, with G = dF/dS / mass at the new measure and T = Z^-1 the map back, is
 *     (m - m_k) / tau + E grad V = 0,     T = I + 2 tau G,     T S T = S_k;
 * for temperature eps, V = x'Ax/2 and a pair kernel f |x - y|^2 / 2 that is T = I + tau (A + f mass I - eps S^-1).
 *
 * Straight lines of (m, Z) are generalised geodesics based at the old measure, along which entropy, powers with McCann's
 * condition, convex potentials and interactions are convex [ags2008, 9.2]. So the problem is (1/tau + lambda)-strongly convex
 * in mass (|u|^2 + tr(D S_k D)), whatever commutes or not; Newton's method stops on the gap |gradient|_*^2 / (2 (1/tau + lambda)),
 * the dual norm by one Cholesky solve. Where Gaussians do not stay Gaussian the answer is the minimiser among Gaussians only
 * (`closure` says why), and the gap is that of this smaller problem.
 */
export const gaussian: Unit<"proximal"> = defineProximal({
  kind: "gaussian",
  title: "Gaussians",
  tex: "\\min_{m, Z = Z^\\top \\succ 0} F(\\mathcal N(m, Z S_k Z)) + \\frac{1}{2\\tau} \\bigl( |m - m_k|^2 + \\operatorname{tr} (Z - I) S_k (Z - I) \\bigr)",
  summary:
    "The step restricted to Gaussian measures, in any dimension. With entropy, quadratic potentials and quadratic interactions Gaussians stay Gaussian and the step is exact; other potentials are averaged by Gauss–Hermite quadrature and the result is a closure (variational inference), labelled as such. Each step stops on a certified gap.",
  refs: ["jko1998", "ags2008", "lambert2022", "bures1969"],
  params: {
    nodes: {
      type: "integer",
      min: 2,
      max: 200,
      optional: true,
      doc: "Gauss–Hermite nodes per axis for energies that are not quadratic; 40, 20, 12, 8 in dimension 1 to 4 unless given",
    },
    tolerance: gapTolerance(1e-26),
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: {} },
  ],
  build: ({ nodes, tolerance }) => ({
    label: "gaussian",
    tex: "\\min_{m, Z} F(\\mathcal N(m, Z S_k Z)) + \\tfrac{1}{2\\tau} W_2^2",
    takes,
    closure: (p) => closureOf(p, nodes),
    open: (p, host) => openGaussian(p, host, nodes, tolerance),
  }),
});

function baseOf(p: Problem): Base {
  const d = p.space.dim;
  return { d, mass: p.initial.mass, cov: new Float64Array(d * d), root: new Float64Array(d * d), t: 0, logDet: 0 };
}

function closureOf(p: Problem, nodes: number | undefined): string | null {
  if (!p.initial.gaussian) return "the initial measure is not Gaussian: its mean and covariance stand for it";
  for (const part of p.parts) {
    const why = termOf(part, baseOf(p), nodes).closure;
    if (why) return why;
  }
  return null;
}

function openGaussian(p: Problem, host: Host, nodes: number | undefined, fine: number): ProximalStepper {
  expectCarried("gaussian", takes, p);
  const base = baseOf(p);
  const { d, mass } = base;
  const problem = openGaussianProblem(
    base,
    p.parts.map((part) => termOf(part, base, nodes)),
  );
  const row = (): Float64Array => new Float64Array(problem.size);
  const u = row();
  const scratch: Scratch = { g: row(), d: row(), trial: row(), best: row() };
  const keep = (s: State): Gaussian => s.measure as Gaussian;
  return {
    start() {
      const mean = host.alloc(d);
      const cov = host.alloc(d * d);
      storeGaussian(p.initial, mean, cov);
      return { measure: { rep: "gaussian", space: p.space, mean, cov, mass }, memory: {} };
    },
    prox(from, to, tau, t = 0) {
      const begun = problem.begin(keep(from).mean, keep(from).cov, tau, t, u);
      const info = certifiedStep(problem, u, tau, begun, fine, 200, scratch);
      if (info.ok) problem.end(u, keep(to).mean, keep(to).cov);
      return info;
    },
    energy: (s, t) => problem.energies(keep(s).mean, keep(s).cov, t),
  };
}
