import type { As, Field, Kernel, Target } from "../contract.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { bracketedTex } from "../formula/numerals.ts";
import { cloudParams, storeCloud } from "./forms/target.ts";

/** -iint k rho pi + 1/2 iint k pi pi: the potential of the target, and the constant, which mass M of the measure turns into 1 / (2 M) of the potential. */
function targetPotential(k: Kernel, cloud: As<"particles">, target: Target): Field {
  const { n: m, x: y, weight } = cloud;
  const mass = target.law.mass;
  const row = new Float64Array(m);
  k.sum(m, y, m, y, weight, row);
  const constant = row.reduce((s, v, j) => s + weight[j]! * v, 0) / (2 * mass);
  return {
    form: "field",
    label: "mmd",
    tex: `-\\iint ${bracketedTex(k.tex)}\\, d\\rho\\, d\\pi + \\tfrac12 \\iint ${bracketedTex(k.tex)}\\, d\\pi\\, d\\pi`,
    variation: `-\\int \\bigl(${k.tex}\\bigr) \\pi(dy)`,
    target,
    value(n, x, _t, out) {
      k.sum(n, x, m, y, weight, out);
      for (let i = 0; i < n; i++) out[i] = constant - out[i]!;
    },
    gradient(n, x, _t, out) {
      k.dx(n, x, m, y, weight, out);
      for (let i = 0; i < out.length; i++) out[i] = -out[i]!;
    },
    convex: k.concave && { value: -mass * k.concave.value, how: k.concave.how, because: `minus a mean of kernels: ${k.concave.because}` },
  };
}

export const mmd: Unit<"energy"> = defineEnergy({
  kind: "mmd",
  title: "maximum mean discrepancy to a target",
  tex: "\\tfrac12 \\iint k \\, d(\\rho - \\pi) \\, d(\\rho - \\pi)",
  summary:
    "Half the squared distance in the space of a positive definite kernel: points repel each other by the kernel and are drawn to the target by the same kernel. It is the interaction energy plus the potential of the target plus a constant, and runs wherever those do. With the energy distance -|x - y| no width is to be chosen, and on the line every point moves by twice its level less that of the target.",
  refs: ["gretton2012", "szekely2013", "arbel2019", "hertrich2024"],
  params: {
    to: { type: "measure", doc: 'the target pi, in place or as "$name"; of the mass of the measure that flows' },
    kernel: { type: "unit", role: "kernel", default: "energy-distance", doc: "finite at 0; a discrepancy only where it is (conditionally) positive definite" },
    points: { ...cloudParams.points, default: 1000 },
    seed: cloudParams.seed,
  },
  examples: [
    { dim: 1, params: { to: { kind: "gaussian", mean: [0.5], deviation: [0.3] }, points: 50 } },
    { dim: 2, params: { to: { kind: "gaussian", mean: [0.5, 0], deviation: [0.3] }, kernel: { kind: "gaussian", width: 0.5 }, points: 50 } },
  ],
  build: ({ to, kernel, points, seed }, { space }) => {
    if (!kernel.finite)
      throw specError("kernel", `${kernel.tex} is infinite at 0: a discrepancy to points needs a finite kernel, for example energy-distance or gaussian.`);
    const cloud = storeCloud(to, space, { points, seed });
    const target: Target = {
      law: to,
      points: cloud,
      ...(kernel.definite && { least: { value: true, how: kernel.definite.how, because: kernel.definite.because } }),
    };
    return [
      {
        form: "pair",
        label: "mmd",
        tex: `\\tfrac12 \\iint ${bracketedTex(kernel.tex)}\\, d\\rho\\, d\\rho`,
        variation: `\\int \\bigl(${kernel.tex}\\bigr) \\rho(dy)`,
        target,
        W: kernel,
      },
      targetPotential(kernel, cloud, target),
    ];
  },
});
