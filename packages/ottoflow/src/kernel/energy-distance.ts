import { defineKernel, type Unit } from "../define.ts";
import { pairSums, powerTerm } from "./pair-laws.ts";
import { coefficient, factorParam, powerRows, radialKernel } from "./radial-sum.ts";

export const energyDistance: Unit<"kernel"> = defineKernel({
  kind: "energy-distance",
  title: "energy distance",
  tex: "k(x, y) = -|x - y|",
  summary:
    "Conditionally positive definite: its maximum mean discrepancy is half the energy distance of Székely and Rizzo, which on the line is the squared L² distance of the distribution functions. Finite, with a kink at 0; repels for a positive factor.",
  refs: ["szekely2013", "hertrich2024"],
  params: { factor: factorParam },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { factor: 2 } },
  ],
  build: ({ factor }, { dim, space }) =>
    radialKernel(
      {
        tex: `${coefficient(-factor)}|x - y|`,
        value: powerRows(-factor, 1),
        slope: powerRows(-factor, 0),
        curvature: powerRows(0, 0),
        finite: true,
        sums: pairSums(dim, [powerTerm(-factor, 1)]),
        convex: factor <= 0 ? { value: 0, how: "proved", because: "|x| is convex" } : undefined,
        concave: factor >= 0 ? { value: 0, how: "proved", because: "|x| is convex" } : undefined,
        definite: factor > 0 ? { value: "conditionally", how: "proved", because: "the Fourier transform of -|x| is positive off 0 [szekely2013]" } : undefined,
        convexOnHalfLine: { value: true, how: "proved", because: "the kernel is linear on each side" },
        parabola: { constant: 0, linear: -factor, square: 0 },
      },
      space,
    ),
});
