import type { Kernel } from "../contract.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { bracketedTex } from "../formula/numerals.ts";
import { radialFormulaKernel } from "../kernel/radial.ts";
import { twoPointFormulaKernel } from "../kernel/two-point.ts";

export const interaction: Unit<"energy"> = defineEnergy({
  kind: "interaction",
  title: "interaction energy",
  tex: "\\tfrac12 \\iint W(x, y) \\, d\\rho \\, d\\rho",
  summary:
    "Pairs of points attract or repel through a symmetric kernel: a named one, a formula in the distance r, or a formula in two points. Grids convolve radial kernels by FFT, particles sum over all pairs, logarithms over many points by multipoles; kernels singular at 0 enter grids by their cell average and skip i = j on particles.",
  refs: ["mccann1997", "carrillo2003"],
  params: {
    kernel: { type: "unit", role: "kernel", optional: true, doc: "a named kernel" },
    formula: { type: "formula", of: "r", optional: true, doc: "W as a function of the distance r, for example r^2/2 - log(r)" },
    "two-point": { type: "formula", of: "xy", optional: true, doc: "W as a symmetric function of two points" },
    precision: {
      type: "choice",
      of: ["double", "single"],
      default: "double",
      doc: "of the forces between particles; single sums them faster, to about six digits, for the named kernels that are powers ±1, logarithms or Gaussians in up to three dimensions",
    },
  },
  examples: [
    { dim: 1, params: { kernel: { kind: "power", p: 2 } } },
    { dim: 2, params: { kernel: { kind: "gaussian", width: 0.5 } } },
    { dim: 1, params: { formula: "r^2/2 - r" } },
    { dim: 2, params: { kernel: { kind: "logarithmic", factor: -1 }, precision: "single" } },
  ],
  build: (values, { dim, space }) => {
    const given = [values.kernel, values.formula, values["two-point"]].filter((v) => v !== undefined);
    if (given.length !== 1) throw specError("kernel", `got ${given.length} of kernel, formula and two-point when expected exactly one.`);
    const W: Kernel = values.kernel ?? (values.formula ? radialFormulaKernel(values.formula, space) : twoPointFormulaKernel(values["two-point"]!, dim));
    return [
      {
        form: "pair",
        label: "interaction",
        tex: `\\tfrac12 \\iint ${bracketedTex(W.tex)}\\, d\\rho\\, d\\rho`,
        variation: `\\int \\bigl(${W.tex}\\bigr) \\rho(dy)`,
        W: values.precision === "single" ? inSingle(W) : W,
      },
    ];
  },
});

function inSingle(W: Kernel): Kernel {
  if (W.singleDx) return { ...W, dx: W.singleDx };
  throw specError(
    "precision",
    'got "single", which the kernels power (p = ±1), logarithmic, newtonian, energy-distance and gaussian have, in free space of up to three dimensions; use "double".',
  );
}
