import type { Geometry } from "../contract.ts";
import { defineGeometry, type Unit } from "../define.ts";

/** Mass moves down the gradient of the first variation: -div(rho grad xi). On an edge the density of the side it leaves is used (upwind). */
export const wassersteinGeometry: Geometry = {
  label: "wasserstein",
  tex: "\\partial_t \\rho = \\nabla\\cdot\\bigl(\\rho \\nabla \\tfrac{\\delta F}{\\delta\\rho}\\bigr)",
  transport: {
    linear: true,
    mobility: (n, a, b, drop, out) => {
      for (let i = 0; i < n; i++) out[i] = drop[i]! > 0 ? a[i]! : b[i]!;
    },
  },
  promises: ["mass", "positivity"],
};

export const wasserstein: Unit<"geometry"> = defineGeometry({
  kind: "wasserstein",
  title: "Wasserstein",
  tex: wassersteinGeometry.tex,
  summary:
    "Mass is carried along the steepest descent of the energy; distance is the least work of transport with squared distance as the cost. Mass and positivity are kept.",
  refs: ["jko1998", "otto2001", "ags2008"],
  params: {},
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: {} },
  ],
  build: () => wassersteinGeometry,
});
