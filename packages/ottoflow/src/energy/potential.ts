import { defineEnergy, type Unit } from "../define.ts";
import { fieldOfFormula } from "./forms/potential.ts";

export const potential: Unit<"energy"> = defineEnergy({
  kind: "potential",
  title: "potential energy of a formula",
  tex: "\\int V \\rho \\, dx",
  summary:
    "Any potential written as a formula in x, y, z (or x1, x2, …) and t. Gradient and Hessian are derived symbolically; on a box a lower bound of the Hessian is proved by interval arithmetic and gives the modulus of convexity. With t in the formula the energy is no Lyapunov function and certificates of descent do not apply.",
  refs: ["jko1998", "ags2008"],
  params: { formula: { type: "formula", of: "x", time: true, doc: "V(x), for example (x^2 - 1)^2" } },
  examples: [
    { dim: 1, params: { formula: "(x^2 - 1)^2" } },
    { dim: 2, params: { formula: "x^2 + 0.5*y^2 + 0.3*x*y" } },
  ],
  build: ({ formula }, { space }) => [fieldOfFormula(formula, space, "potential")],
});
