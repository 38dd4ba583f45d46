import type { Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { barenblattEnergy, barenblattFlow, powerProblem } from "./porous-medium.ts";

export const confinedPorousMedium: Unit<"exact"> = defineExact({
  kind: "confined-porous-medium",
  title: "Barenblatt profiles in a quadratic trap",
  tex: "\\partial_t \\rho = \\Delta \\rho^m + \\lambda\\, \\mathrm{div}((x - b) \\rho)",
  summary:
    "The power energy with an isotropic quadratic potential or attraction, started from a Barenblatt profile: a change of time and scale turns it into the free flow, so it stays a Barenblatt profile and relaxes to the one that is at rest.",
  refs: ["carrillo2000", "otto2001"],
  params: {},
  examples: [],
  fits: { parts: ["local", "field", "pair"], start: "barenblatt" },
  build: () => (p: Problem) => {
    const q = powerProblem(p);
    if (!q || (q.lam === 0 && q.kappa === 0 && Array.from(q.g).every((g) => g === 0))) return null;
    return {
      label: "confined-porous-medium",
      title: "Barenblatt profile in a potential of second degree",
      refs: ["carrillo2000", "otto2001"],
      law: (t) => barenblattFlow(p.initial, q, t - p.start),
      energy: (t) => barenblattEnergy(p.initial, q, t - p.start),
    };
  },
});
