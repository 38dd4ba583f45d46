import { defineEnergy, type Unit } from "../define.ts";
import { crossEntropy } from "./forms/cross-entropy.ts";

export const negativeLog: Unit<"energy"> = defineEnergy({
  kind: "negative-log",
  title: "negative log density as a potential",
  tex: "-\\int \\log \\pi \\, \\rho \\, dx",
  summary:
    "The potential V = -log pi of any measure with a density, such as a mixture of Gaussians. With entropy its stationary law is pi itself; alone it moves mass to the modes of pi.",
  refs: ["jko1998"],
  params: { of: { type: "measure", doc: 'the measure pi, in place or as "$name"' } },
  examples: [
    {
      dim: 2,
      params: {
        of: {
          kind: "mixture",
          components: [
            { kind: "gaussian", mean: [-1, 0], deviation: [0.5] },
            { kind: "gaussian", mean: [1, 0], deviation: [0.7] },
          ],
        },
      },
    },
  ],
  build: ({ of }) => [crossEntropy(of, 1, "negative-log")],
});
