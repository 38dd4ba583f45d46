import type { Host, Particles, Problem, ProximalStepper, Space, State, Takes } from "../contract.ts";
import { defineProximal, type Unit } from "../define.ts";
import { OttoflowError } from "../errors.ts";
import { particleCount } from "../measure/law.ts";
import { storeParticles } from "../measure/store.ts";
import { expectCarried } from "../takes.ts";
import { certifiedStep } from "./certified-step.ts";
import type { Scratch } from "./descend.ts";
import { gapTolerance } from "./params.ts";
import { openCloudProblem } from "./particle-step.ts";
import { fieldTerm } from "./particle-terms/field.ts";
import { majorisedTerm } from "./particle-terms/majorised.ts";
import { pairTerm } from "./particle-terms/pair.ts";
import type { Cloud, ParticleTerm } from "./particle-terms/term.ts";

const takes: Takes = {
  rep: "particles",
  carries: ["field", "pair", "general", "transport"],
  needs: [],
  refuses: ({ space, parts }) => {
    if (space.points || space.grid?.periodic.some(Boolean)) return { trait: "transport", why: "needs flat space without periodic axes" };
    const foreign = parts.find((part) => part.form === "general" && !(part.on.particles && part.concave));
    return foreign ? { trait: "general", why: `cannot carry "${foreign.label}", whose curvature on particles has no known bound` } : null;
  },
};

/**
 * JKO step over atoms of fixed weight, each of which moves as a whole:
 *
 *     min_x F(sum w_i delta_{x_i}) + sum_i w_i |x_i - x_i^k|^2 / (2 tau).
 *
 * The sum is the cost of carrying atom i to atom i. It is W2^2 where that assignment is optimal: always on the line while the
 * order is kept, and in every dimension for moves shorter than half the least distance between atoms; else it lies above.
 * Convexity along x is convexity along this assignment, so with a modulus lambda of V and W the problem is
 * (1/tau + lambda)-strongly convex in sum w |v|^2 and its gap is at most sum |g_i|^2 / w_i / (2 (1/tau + lambda)).
 */
export const particles: Unit<"proximal"> = defineProximal({
  kind: "particles",
  title: "particles",
  tex: "\\min_x F\\bigl(\\textstyle\\sum_i w_i \\delta_{x_i}\\bigr) + \\frac{1}{2\\tau} \\sum_i w_i |x_i - x_i^k|^2",
  summary:
    "The step over sums of atoms for potentials and interactions, in any dimension: implicit Euler for the particles, by Newton's method with exact second derivatives and a certified gap where the energy is convex enough. Steps may be huge, so equilibria are found in a few. On the line particles keep their order wherever the interaction is singular or only convex on each side. Energies of the density have no value on atoms and are refused.",
  refs: ["jko1998", "ags2008", "carrillo2011"],
  params: {
    tolerance: gapTolerance(1e-24),
    iterations: { type: "integer", min: 1, default: 200, doc: "most Newton iterations of a step" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: {} },
  ],
  build: ({ tolerance, iterations }) => ({
    label: "particles",
    tex: "\\min_x F(x) + \\tfrac{1}{2\\tau} \\sum_i w_i |x_i - x_i^k|^2",
    takes,
    open: (p, host) => openParticles(p, host, { fine: tolerance, most: iterations }),
  }),
});

function openParticles(p: Problem, host: Host, aim: { fine: number; most: number }): ProximalStepper {
  expectCarried("particles", takes, p);
  const d = p.space.dim;
  const n = particleCount(p.initial);
  const at = host.alloc(d * n);
  const share = host.alloc(n);
  storeParticles(p.initial, n, p.seed, at, share, p.space);
  const cloud: Cloud = { d, n, mass: share.reduce((s, w) => s + w, 0), weight: share };
  const problem = openCloudProblem(
    cloud,
    p.parts.map((part) => termOf(part, cloud, p.space)),
  );
  const row = (): Float64Array => new Float64Array(d * n);
  const x = row();
  const scratch: Scratch = { g: row(), d: row(), trial: row(), best: row() };
  const keep = (s: State): Particles => s.measure as Particles;
  return {
    start() {
      const nodes = host.alloc(d * n);
      nodes.set(at);
      return { measure: { rep: "particles", space: p.space, n, x: nodes, weight: share }, memory: {} };
    },
    prox(from, to, tau, t = 0) {
      x.set(keep(from).x);
      const { posterior, ...info } = certifiedStep(problem, x, tau, problem.begin(x, tau, t), aim.fine, aim.most, scratch);
      if (!info.ok) return info;
      const gone = outside(p, n, x);
      if (gone >= 0)
        return { ...info, ok: false, reason: `particle ${gone} leaves the box, and this step knows no walls: use the scheme "particles", or free space` };
      keep(to).x.set(x);
      return { ...info, posterior };
    },
    energy: (s, t) => {
      x.set(keep(s).x);
      return problem.energies(x, t);
    },
  };
}

function termOf(part: Problem["parts"][number], cloud: Cloud, space: Space): ParticleTerm {
  if (part.form === "field") return fieldTerm(part, cloud);
  if (part.form === "pair") return pairTerm(part, cloud);
  if (part.form === "general" && part.on.particles && part.concave) return majorisedTerm(part.on.particles, part.concave.value, cloud, space);
  throw new OttoflowError(
    "UnsupportedError",
    `particles: cannot carry "${part.label}"; only potentials and interactions have a value on atoms. On the line use "quantile", for Gaussians "gaussian".`,
    {
      missing: [part.form],
    },
  );
}

/** first particle outside a bounded box, or -1 */
function outside(p: Problem, n: number, x: Float64Array): number {
  const g = p.space.grid;
  if (!g || !p.space.bounded) return -1;
  for (let k = 0; k < g.shape.length; k++)
    for (let i = 0; i < n; i++) if (!(x[k * n + i]! >= g.lower[k]! && x[k * n + i]! <= g.lower[k]! + g.h[k]! * g.shape[k]!)) return i;
  return -1;
}
