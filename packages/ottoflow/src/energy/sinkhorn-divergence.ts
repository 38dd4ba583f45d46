import type { As, On } from "../contract.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { numberTex } from "../formula/numerals.ts";
import { massOf } from "../measure/rows.ts";
import { type MovingDivergence, openMovingDivergence } from "../transport/entropic/moving.ts";
import { atomsOf } from "../transport/problem.ts";
import { cloudParams, expectMass, expectSecondMoment, refusesBend, storeCloud } from "./forms/target.ts";

/** marginals further off than this are no answer */
const FAR = 1e-6;

/** Half the divergence; its gradient per unit weight is the mean of the own cloud under the plan with itself minus that of the target under the plan to it. */
function onParticles(target: As<"particles">, epsilon: number): On<As<"particles">> {
  let opened: MovingDivergence | null = null;
  const mass = massOf(target);
  const divergence = (m: As<"particles">): MovingDivergence => {
    expectMass(massOf(m), mass);
    opened ??= openMovingDivergence(atomsOf(target, "to"), epsilon);
    return opened;
  };
  return {
    warm: (m) => 1 + target.n + m.n,
    value(m, _t, warm) {
      const { value, defect } = divergence(m).solve(m.n, m.x, m.weight, warm);
      return defect <= FAR ? 0.5 * value : Number.NaN;
    },
    slope(m, _t, out, warm) {
      const { own, other, defect } = divergence(m).solve(m.n, m.x, m.weight, warm, true);
      for (let i = 0; i < out.length; i++) out[i] = defect <= FAR ? own[i]! - other[i]! : Number.NaN;
    },
  };
}

export const sinkhornDivergence: Unit<"energy"> = defineEnergy({
  kind: "sinkhorn-divergence",
  title: "Sinkhorn divergence to a target",
  tex: "\\tfrac12 S_\\varepsilon(\\rho, \\pi), \\quad S_\\varepsilon(\\rho, \\pi) = OT_\\varepsilon(\\rho, \\pi) - \\tfrac12 OT_\\varepsilon(\\rho, \\rho) - \\tfrac12 OT_\\varepsilon(\\pi, \\pi)",
  summary:
    "Transport smoothed by entropy and freed of its bias: points follow the mean of the target under the entropic plan minus the mean of their own cloud. Between half the squared Wasserstein distance for eps to 0 and half the squared distance of the means for eps to infinity, where the cloud only shifts. Zero at the target alone. Potentials are carried from step to step, so that each solve starts near its answer.",
  refs: ["feydy2019", "ramdas2017"],
  params: {
    to: { type: "measure", doc: 'the target pi, in place or as "$name"; of the mass of the measure that flows' },
    epsilon: {
      type: "number",
      above: 0,
      default: 0.1,
      unit: "length^2",
      doc: "smoothing: factor of the relative entropy in <C, P> + eps KL(P | rho x pi), C = |x - y|^2",
    },
    ...cloudParams,
  },
  examples: [
    { dim: 1, params: { to: { kind: "gaussian", mean: [0.5], deviation: [0.3] }, points: 40 } },
    { dim: 2, params: { to: { kind: "gaussian", mean: [0.5, 0], deviation: [0.3] }, epsilon: 0.5, points: 40 } },
  ],
  build: ({ to, epsilon, points, seed }, { space }) => {
    expectSecondMoment(to);
    const cloud = storeCloud(to, space, { points, seed });
    return [
      {
        form: "general",
        label: "sinkhorn-divergence",
        tex: `\\tfrac12 S_{${numberTex(epsilon)}}\\bigl(\\rho, ${to.tex}\\bigr)`,
        variation: "\\tfrac12 (f_{\\rho\\pi} - f_{\\rho\\rho})(x)",
        refuses: refusesBend,
        on: { particles: onParticles(cloud, epsilon) },
        target: {
          law: to,
          points: cloud,
          least: { value: true, how: "proved", because: "e^{-|x - y|^2 / eps} is positive definite, so the divergence is positive off the target [feydy2019]" },
        },
      },
    ];
  },
});
