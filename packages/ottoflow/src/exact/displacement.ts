/** The flow of rate W2^2(., target) / 2: displacement interpolation towards the target, X_t = e^{-rate t} X_0 + (1 - e^{-rate t}) T(X_0). */
import type { ExactFlow, General, Law, Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { exp } from "../kernels/math.ts";
import { affineLaw } from "../measure/affine.ts";
import { gaussianMap, gaussianW2 } from "../measure/bures.ts";
import { bisect } from "../measure/invert.ts";
import { particleCount } from "../measure/law.ts";
import { pointsLaw } from "../measure/points.ts";
import { storeParticles } from "../measure/store.ts";
import { transportProblem } from "../transport/problem.ts";
import { networkSimplexMany } from "../transport/static/network-simplex.ts";
import { isOpen, isTransport, sharedOf } from "./match.ts";

/** How much of the way is left after a time. */
const remaining = (rate: number, t: number): number => exp(-rate * t);

type Pull = General & { readonly towards: NonNullable<General["towards"]>; readonly target: NonNullable<General["target"]> };
function pullOf(p: Problem): Pull | null {
  const part = p.parts[0];
  if (p.parts.length !== 1 || part?.form !== "general" || !part.towards || !part.target) return null;
  return p.drift.length === 0 && isTransport(p) && isOpen(p) ? (part as Pull) : null;
}

interface Motion extends Pick<ExactFlow, "law" | "energy"> {
  /** of the points as they are stored, from the first on */
  readonly stored?: true;
}

/** Between Gaussians T is affine, and so is the motion. */
function betweenGaussians(p: Problem, to: Law, rate: number): Motion | null {
  const [a, b] = [p.initial.gaussian, to.gaussian];
  if (!a || !b) return null;
  const d = p.space.dim;
  const T = gaussianMap(d, a.cov, b.cov);
  const w = gaussianW2(d, a.mean, a.cov, b.mean, b.cov);
  return {
    law: (t) => {
      const keep = remaining(rate, t);
      const M = Array.from(T, (v, e) => (1 - keep) * v + (e % (d + 1) === 0 ? keep : 0));
      // m_0 goes to keep m_0 + (1 - keep) m_1
      const shift = b.mean.map((m, k) => (1 - keep) * m + keep * a.mean[k]! - a.mean.reduce((s, x, l) => s + M[k * d + l]! * x, 0));
      return affineLaw(p.initial, M, shift);
    },
    energy: (t) => 0.5 * rate * p.initial.mass * w * w * remaining(2 * rate, t),
  };
}

/** On the line T is the rearrangement in order: quantile functions are mixed level by level. */
function onLine(p: Problem, to: Law, rate: number): Motion | null {
  const [from, goal] = [p.initial.quantile, to.quantile];
  if (p.space.dim !== 1 || !from || !goal || p.initial.points) return null;
  return {
    law: (t) => {
      const keep = remaining(rate, t);
      const quantile: NonNullable<Law["quantile"]> = (n, level, out) => {
        const y = new Float64Array(n);
        goal(n, level, y);
        from(n, level, out);
        for (let i = 0; i < n; i++) out[i] = keep * out[i]! + (1 - keep) * y[i]!;
      };
      const [s, x] = [new Float64Array(1), new Float64Array(1)];
      const below = (at: number): number =>
        bisect(
          (level) => {
            s[0] = level;
            quantile(1, s, x);
            return x[0]! < at;
          },
          [Number.MIN_VALUE, 1 - Number.EPSILON / 2],
        );
      const mass = p.initial.mass;
      return {
        ...sharedOf(p.initial),
        tex: "e^{-t} X_0 + (1 - e^{-t}) Y",
        dim: 1,
        quantile,
        draw: { uniforms: 1, map: quantile },
        boxMass: (n, lo, hi, out) => {
          for (let i = 0; i < n; i++) out[i] = mass * (below(hi[i]!) - below(lo[i]!));
        },
      };
    },
  };
}

/** most points of a cloud whose plan is looked for before a run */
const MOST = 2000;

/** Between clouds as they are stored, where the plan sends each point to one place: it stays optimal on the way. */
function betweenClouds(p: Problem, { target, towards: { rate } }: Pull): Motion | null {
  const d = p.space.dim;
  const n = particleCount(p.initial);
  const to = target.points;
  if (!to || n > MOST || to.n > MOST || p.space.cells || !(p.initial.points || p.initial.draw)) return null;
  const [x, weight] = [new Float64Array(d * n), new Float64Array(n)];
  storeParticles(p.initial, n, p.seed, x, weight, p.space);
  const found = networkSimplexMany([
    transportProblem({
      from: { rep: "particles", space: p.space, n, x, weight },
      to: { rep: "particles", space: p.space, n: to.n, x: to.x, weight: to.weight },
    }),
  ])[0]!;
  const plan = found.plan?.sparse;
  if (found.status !== "optimal" || plan?.mass.length !== n) return null;
  const image = new Float64Array(d * n);
  for (let k = 0; k < d; k++) for (let e = 0; e < n; e++) image[k * n + plan.from[e]!] = to.x[k * to.n + plan.to[e]!]!;
  return {
    stored: true,
    law: (t) => {
      const keep = remaining(rate, t);
      return pointsLaw(
        d,
        n,
        x.map((v, e) => keep * v + (1 - keep) * image[e]!),
        weight,
        sharedOf(p.initial),
      );
    },
    energy: (t) => 0.5 * rate * found.value * remaining(2 * rate, t),
  };
}

export const displacement: Unit<"exact"> = defineExact({
  kind: "displacement",
  title: "displacement towards a target",
  tex: "X_t = e^{-t} X_0 + (1 - e^{-t})\\, T(X_0)",
  summary:
    "Half the squared Wasserstein distance to a target pulls every point along its straight transport ray: the flow is the geodesic to the target, of which e^{-t} is left, and its energy falls like e^{-2t} exactly. Between Gaussians, on the line by quantile functions, and between clouds of points whose plan splits none.",
  refs: ["ags2008", "mccann1997"],
  params: {},
  examples: [],
  fits: { parts: ["general"] },
  build: () => (p: Problem) => {
    const part = pullOf(p);
    if (!part) return null;
    const { rate } = part.towards;
    const motion = betweenGaussians(p, part.target.law, rate) ?? onLine(p, part.target.law, rate) ?? betweenClouds(p, part);
    if (!motion) return null;
    const { law, energy, stored } = motion;
    return {
      label: "displacement",
      title: `displacement interpolation ${stored ? "between the clouds as they are stored" : "towards the target"}`,
      refs: ["ags2008", "mccann1997"],
      law: (t) => (t === p.start && !stored ? p.initial : law(t - p.start)),
      ...(energy && { energy: (t: number) => energy(t - p.start) }),
    };
  },
});
