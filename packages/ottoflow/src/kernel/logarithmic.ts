import { defineKernel, type Unit } from "../define.ts";
import { pairSums, powerTerm } from "./pair-laws.ts";
import { coefficient, factorParam, logarithmRows, powerRows, radialKernel } from "./radial-sum.ts";

export const logarithmic: Unit<"kernel"> = defineKernel({
  kind: "logarithmic",
  title: "logarithmic repulsion",
  tex: "k(x, y) = -\\log|x - y|",
  summary:
    "Repels for a positive factor, as the eigenvalues of random matrices do (on the line) and charges in the plane; a negative factor attracts. The drift of Keller and Segel with sensitivity χ in the plane is factor = -χ / (2π). Singular: pairs at one place are left out.",
  refs: ["blanchet2006", "carrillo2003"],
  params: { factor: { ...factorParam, doc: "k = -factor log|x - y|: positive repels, negative attracts" } },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { factor: -0.5 }, note: "attractive" },
  ],
  build: ({ factor }, { dim, space }) =>
    radialKernel(
      {
        tex: `${coefficient(-factor)}\\log|x - y|`,
        value: logarithmRows(-factor),
        slope: powerRows(-factor, -1),
        curvature: powerRows(factor, -2),
        finite: false,
        sums: pairSums(dim, [powerTerm(-factor, 0)]),
        convexOnHalfLine: { value: factor >= 0, how: "proved", because: "k'' = factor / r^2" },
      },
      space,
    ),
});
