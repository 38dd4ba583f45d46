import { defineGeometry, type Unit } from "../define.ts";
import { factorTex } from "../formula/numerals.ts";
import { wassersteinGeometry } from "./wasserstein.ts";

export const wassersteinFisherRao: Unit<"geometry"> = defineGeometry({
  kind: "wasserstein-fisher-rao",
  title: "Wasserstein–Fisher–Rao",
  tex: "\\partial_t \\rho = \\nabla\\cdot\\bigl(\\rho \\nabla \\tfrac{\\delta F}{\\delta\\rho}\\bigr) - r \\rho \\tfrac{\\delta F}{\\delta\\rho}",
  summary:
    "Mass may be carried and may also grow and decay in place: the sum of Wasserstein and Fisher–Rao, also called Hellinger–Kantorovich. Mass changes unless the mean of the first variation is taken off the reaction.",
  refs: ["chizat2018", "liero2018", "kondratyev2016"],
  params: {
    rate: { type: "number", above: 0, default: 1, doc: "weight r of the reaction against the transport", unit: "1/length²" },
    "keeps-mass": { type: "boolean", default: false, doc: "subtract the mean of the first variation from the reaction, so that mass is kept" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { rate: 2, "keeps-mass": true } },
  ],
  build: (values) => {
    const keepsMass = values["keeps-mass"];
    return {
      label: "wasserstein-fisher-rao",
      tex: `\\partial_t \\rho = \\nabla\\cdot\\bigl(\\rho \\nabla \\tfrac{\\delta F}{\\delta\\rho}\\bigr) - ${factorTex(values.rate)}\\rho \\bigl(\\tfrac{\\delta F}{\\delta\\rho}${keepsMass ? " - \\langle \\tfrac{\\delta F}{\\delta\\rho} \\rangle_\\rho" : ""}\\bigr)`,
      transport: wassersteinGeometry.transport,
      reaction: { rate: values.rate, keepsMass },
      promises: keepsMass ? ["mass", "positivity"] : ["positivity"],
    };
  },
});
