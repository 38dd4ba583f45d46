import { defineEnergy, type Unit } from "../define.ts";
import { entropyPart } from "./entropy.ts";
import { crossEntropy } from "./forms/cross-entropy.ts";

export const relativeEntropy: Unit<"energy"> = defineEnergy({
  kind: "relative-entropy",
  title: "relative entropy",
  tex: "\\varepsilon \\int \\rho \\log \\frac{\\rho}{\\pi} \\, dx",
  summary:
    "The Kullback–Leibler divergence from a target measure, as the sum of entropy and cross entropy. Its Wasserstein flow is the Fokker–Planck equation with stationary law pi, its Fisher–Rao flow moves along the exponential arc towards pi.",
  refs: ["jko1998", "ags2008"],
  params: {
    to: { type: "measure", doc: 'the target pi, in place or as "$name"; it needs a density' },
    temperature: { type: "number", above: 0, default: 1, doc: "factor eps", unit: "energy" },
  },
  examples: [
    { dim: 1, params: { to: { kind: "gaussian", mean: [0], deviation: [1] } } },
    { dim: 2, params: { to: { kind: "gaussian", mean: [0, 0], deviation: [1] } } },
  ],
  build: ({ to, temperature }) => [entropyPart(temperature, "relative-entropy"), crossEntropy(to, temperature, "relative-entropy")],
});
