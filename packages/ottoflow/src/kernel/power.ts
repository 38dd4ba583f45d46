import { defineKernel, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { pairSums, powerTerm } from "./pair-laws.ts";
import { distancePower, factorParam, powerRows, radialKernel } from "./radial-sum.ts";

export const power: Unit<"kernel"> = defineKernel({
  kind: "power",
  title: "power of the distance",
  tex: "k(x, y) = \\frac{|x - y|^p}{p}",
  summary:
    "Attracts for a positive factor: the force is factor · r^(p - 1) towards each other. p = 2 is the quadratic kernel of McKean and Vlasov, p = 3 that of granular media on the line; p ≥ 1 is convex. For p < 0 it is singular but integrable as long as p > -d.",
  refs: ["carrillo2003", "mccann1997"],
  params: {
    p: { type: "number", default: 2, not: 0, doc: "exponent, larger than minus the dimension; 0 stands for the logarithm, which is a kernel of its own" },
    factor: factorParam,
  },
  examples: [
    { dim: 1, params: { p: 3 } },
    { dim: 2, params: { p: 2, factor: 0.5 } },
    { dim: 2, params: { p: -0.5, factor: -1 }, note: "repulsive and singular" },
  ],
  build: ({ p, factor }, { dim, space }) => {
    if (!(p > -dim)) throw specError("p", `got ${p} when expected more than ${-dim}: in dimension ${dim} lower powers are not integrable.`);
    if (p === 0) throw specError("p", "got 0; the limit is the logarithm: use the kernel logarithmic, factor -1 for log|x - y|.");
    const convex =
      p === 2
        ? { value: factor, how: "proved" as const, because: "the kernel is quadratic" }
        : p >= 1 && factor >= 0
          ? { value: 0, how: "proved" as const, because: "|x|^p is convex for p >= 1" }
          : undefined;
    return radialKernel(
      {
        tex: distancePower(p, factor),
        value: powerRows(factor / p, p),
        slope: powerRows(factor, p - 1),
        curvature: powerRows(factor * (p - 1), p - 2),
        finite: p > 0,
        sums: pairSums(dim, [powerTerm(factor, p)]),
        convex,
        concave:
          p === 2
            ? { value: factor, how: "proved", because: "the kernel is quadratic" }
            : p >= 1 && factor <= 0
              ? { value: 0, how: "proved", because: "|x|^p is convex for p >= 1" }
              : undefined,
        definite:
          p > 0 && p < 2 && factor < 0
            ? { value: "conditionally", how: "proved", because: "-|x|^p has a positive Fourier transform off 0 for 0 < p < 2 [szekely2013]" }
            : undefined,
        convexOnHalfLine: { value: factor * (p - 1) >= 0, how: "proved", because: "k'' = factor (p - 1) r^(p - 2)" },
        quadratic: p === 2 ? factor : undefined,
        parabola: p === 1 ? { constant: 0, linear: factor, square: 0 } : undefined,
      },
      space,
    );
  },
});
