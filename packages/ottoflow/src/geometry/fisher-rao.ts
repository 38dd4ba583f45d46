import { defineGeometry, type Unit } from "../define.ts";

export const fisherRao: Unit<"geometry"> = defineGeometry({
  kind: "fisher-rao",
  title: "Fisher–Rao",
  tex: "\\partial_t \\rho = -\\rho \\bigl(\\tfrac{\\delta F}{\\delta\\rho} - \\langle \\tfrac{\\delta F}{\\delta\\rho} \\rangle_\\rho\\bigr)",
  summary:
    "Mass grows and decays in place and never moves: where there is none at the start there is none later. The mean of the first variation is taken off, so that the total mass stays; without it the flow is the unnormalised one, whose mass changes.",
  refs: ["chizat2018", "liero2018", "lu2019"],
  params: {
    "keeps-mass": { type: "boolean", default: true, doc: "subtract the mean of the first variation, so that mass is kept" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { "keeps-mass": false } },
  ],
  build: (values) => {
    const keepsMass = values["keeps-mass"];
    return {
      label: "fisher-rao",
      tex: keepsMass
        ? "\\partial_t \\rho = -\\rho \\bigl(\\tfrac{\\delta F}{\\delta\\rho} - \\langle \\tfrac{\\delta F}{\\delta\\rho} \\rangle_\\rho\\bigr)"
        : "\\partial_t \\rho = -\\rho \\tfrac{\\delta F}{\\delta\\rho}",
      reaction: { rate: 1, keepsMass },
      promises: keepsMass ? ["mass", "positivity"] : ["positivity"],
    };
  },
});
