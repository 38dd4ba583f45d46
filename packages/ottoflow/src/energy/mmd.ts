import type { As, Field, Kernel, Law, Space, Target } from "../contract.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { bracketedTex } from "../formula/numerals.ts";
import { distanceToLine } from "./forms/distance-to-line.ts";
import { cloudParams, storeCloud } from "./forms/target.ts";
import { pieceTarget } from "./forms/to-line.ts";

/** -iint k rho pi + 1/2 iint k pi pi: the potential of the target, and the constant, which mass M of the measure turns into 1 / (2 M) of the potential. */
function cloudPotential(k: Kernel, { n: m, x: y, weight }: As<"particles">, mass: number): Pick<Field, "value" | "gradient"> {
  const row = new Float64Array(m);
  k.sum(m, y, m, y, weight, row);
  const constant = row.reduce((s, v, j) => s + weight[j]! * v, 0) / (2 * mass);
  return {
    value(n, x, _t, out) {
      k.sum(n, x, m, y, weight, out);
      for (let i = 0; i < n; i++) out[i] = constant - out[i]!;
    },
    gradient(n, x, _t, out) {
      k.dx(n, x, m, y, weight, out);
      for (let i = 0; i < out.length; i++) out[i] = -out[i]!;
    },
  };
}
/** On the line a multiple of the distance sees the whole quantile function of a law without atoms; all other kernels see points. */
function storedTarget(
  k: Kernel,
  to: Law,
  space: Space,
  drawn: { readonly points: number; readonly seed: number },
): [Pick<Target, "points" | "line">, Pick<Field, "value" | "gradient">] {
  const distance = k.parabola && k.parabola.constant === 0 && k.parabola.square === 0;
  if (space.dim === 1 && distance && to.quantile && !to.points) {
    const line = pieceTarget(to, space);
    return [{ line }, distanceToLine(line, -k.parabola.linear * to.mass)];
  }
  const points = storeCloud(to, space, drawn);
  return [{ points }, cloudPotential(k, points, to.mass)];
}

export const mmd: Unit<"energy"> = defineEnergy({
  kind: "mmd",
  title: "maximum mean discrepancy to a target",
  tex: "\\tfrac12 \\iint k \\, d(\\rho - \\pi) \\, d(\\rho - \\pi)",
  summary:
    "Half the squared distance in the space of a positive definite kernel: points repel each other by the kernel and are drawn to the target by the same kernel. It is the interaction energy plus the potential of the target plus a constant, and runs wherever those do. With the energy distance -|x - y| no width is to be chosen, and on the line every point moves by twice its level less that of the target; there the quantile function of a law stands for it, elsewhere points drawn from it.",
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
    const [stored, potential] = storedTarget(kernel, to, space, { points, seed });
    const { definite, concave } = kernel;
    const target: Target = { law: to, ...stored, ...(definite && { least: { value: true, how: definite.how, because: definite.because } }) };
    const k = bracketedTex(kernel.tex);
    return [
      {
        form: "pair",
        label: "mmd",
        tex: `\\tfrac12 \\iint ${k}\\, d\\rho\\, d\\rho`,
        variation: `\\int \\bigl(${kernel.tex}\\bigr) \\rho(dy)`,
        target,
        W: kernel,
      },
      {
        form: "field",
        label: "mmd",
        tex: `-\\iint ${k}\\, d\\rho\\, d\\pi + \\tfrac12 \\iint ${k}\\, d\\pi\\, d\\pi`,
        variation: `-\\int \\bigl(${kernel.tex}\\bigr) \\pi(dy)`,
        target,
        ...potential,
        convex: concave && { value: -to.mass * concave.value, how: concave.how, because: `minus a mean of kernels: ${concave.because}` },
      },
    ];
  },
});
