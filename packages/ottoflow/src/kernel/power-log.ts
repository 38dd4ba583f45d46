import { defineKernel, type Unit } from "../define.ts";
import { sumTex } from "../formula/numerals.ts";
import { pairSums, powerTerm } from "./pair-laws.ts";
import { distancePower, factorParam, logarithmRows, powerRows, radialKernel, sumRows } from "./radial-sum.ts";

export const powerLog: Unit<"kernel"> = defineKernel({
  kind: "power-log",
  title: "quadratic attraction, logarithmic repulsion",
  tex: "k(x, y) = \\frac{\\kappa}{2}|x - y|^2 - c \\log|x - y|",
  summary:
    "The log gas in its own quadratic trap. On the line the minimiser is the semicircle of radius √(2c/κ) and N equal particles rest at scaled Hermite zeros; in the plane it is the uniform disk of radius √(c/κ).",
  refs: ["carrillo2003", "saff1997"],
  params: {
    kappa: { type: "number", default: 1, above: 0, doc: "strength of the attraction κ" },
    c: { type: "number", default: 1, above: 0, doc: "strength of the repulsion" },
    factor: factorParam,
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { kappa: 2, c: 0.5 } },
  ],
  build: ({ kappa, c, factor }, { dim, space }) =>
    radialKernel(
      {
        tex: sumTex([distancePower(2, factor * kappa), distancePower(0, -factor * c)]),
        value: sumRows(powerRows((factor * kappa) / 2, 2), logarithmRows(-factor * c)),
        slope: sumRows(powerRows(factor * kappa, 1), powerRows(-factor * c, -1)),
        curvature: sumRows(powerRows(factor * kappa, 0), powerRows(factor * c, -2)),
        finite: false,
        sums: pairSums(dim, [powerTerm(factor * kappa, 2), powerTerm(-factor * c, 0)]),
        logGas: factor > 0 ? { attraction: factor * kappa, repulsion: factor * c } : undefined,
        convexOnHalfLine: { value: factor >= 0, how: "proved", because: "k'' = factor (kappa + c / r^2)" },
      },
      space,
    ),
});
