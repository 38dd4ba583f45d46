import type { General, Law, Space, Target } from "../contract.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { cloudParams, expectSecondMoment, refusesBend, storeCloud } from "./forms/target.ts";
import { particlesToCloud } from "./forms/to-cloud.ts";
import { gaussianToGaussian } from "./forms/to-gaussian.ts";
import { cellsToLine, particlesToLine, pieceTarget, quantilesToLine } from "./forms/to-line.ts";

const least: Target["least"] = { value: true, how: "proved", because: "W2 is a distance" };

/** What the line and higher dimensions do differently: who stands for the target, and the code by storage. */
function formOf(to: Law, space: Space, drawn: { readonly points: number; readonly seed: number }): Pick<General, "on" | "target" | "towards" | "convex"> {
  const gaussian = to.gaussian && { gaussian: gaussianToGaussian(space.dim, to.gaussian.mean, to.gaussian.cov) };
  if (space.dim > 1) {
    const cloud = storeCloud(to, space, drawn);
    return { on: { particles: particlesToCloud(cloud), ...gaussian }, target: { law: to, points: cloud, least }, towards: { rate: 1 } };
  }
  const line = pieceTarget(to, space);
  return {
    on: { particles: particlesToLine(line), quantiles: quantilesToLine(line), ...(space.grid ? { cells: cellsToLine(line) } : {}), ...gaussian },
    target: { law: to, line, least },
    towards: { rate: 1 },
    convex: { value: 1, how: "proved", because: "on the line W2 is the distance of quantile functions in L2(0, 1), whose half square is 1-convex [ags2008]" },
  };
}

export const wasserstein: Unit<"energy"> = defineEnergy({
  kind: "wasserstein",
  title: "squared Wasserstein distance to a target",
  tex: "\\tfrac12 W_2^2(\\rho, \\pi)",
  summary:
    "Each point is drawn straight to its image T(x) under optimal transport, x' = T(x) - x, so the flow is the displacement interpolation run at the rate e^{-t}: X_t = e^{-t} X_0 + (1 - e^{-t}) T(X_0). On the line through quantile functions, exact for particles, quantiles and cells; in more dimensions particles by the exact plan to points of the target, and Gaussians in closed form. Along generalised geodesics from the target it is 1-convex in every dimension; along ordinary ones only on the line, beyond it is 1-concave.",
  refs: ["ags2008", "mccann1997", "villani2003"],
  params: { to: { type: "measure", doc: 'the target pi, in place or as "$name"; of the mass of the measure that flows' }, ...cloudParams },
  examples: [
    { dim: 1, params: { to: { kind: "gaussian", mean: [0.5], deviation: [0.3] } } },
    { dim: 2, params: { to: { kind: "gaussian", mean: [0.5, 0], deviation: [0.3] }, points: 60 } },
    { dim: 1, params: { to: { kind: "points", points: [-0.5, 0.25, 1], weights: [1, 2, 1] } }, note: "a sum of atoms" },
  ],
  build: ({ to, points, seed }, { space }) => {
    expectSecondMoment(to);
    return [
      {
        form: "general",
        label: "wasserstein",
        tex: `\\tfrac12 W_2^2\\bigl(\\rho, ${to.tex}\\bigr)`,
        variation: "\\varphi_{\\rho \\to \\pi}(x)",
        refuses: refusesBend,
        concave: { value: 1, how: "proved", because: "a minimum over plans of quadratic functions of that curvature" },
        ...formOf(to, space, { points, seed }),
      },
    ];
  },
});
