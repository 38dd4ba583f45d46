import type { Map1 } from "../contract.ts";
import { defineKernel, type Unit } from "../define.ts";
import { gamma, pow, powi } from "../kernels/math.ts";
import { pairSums, powerTerm } from "./pair-laws.ts";
import { coefficient, factorParam, logarithmRows, powerRows, radialKernel } from "./radial-sum.ts";

export const newtonian: Unit<"kernel"> = defineKernel({
  kind: "newtonian",
  title: "Newtonian potential",
  tex: "-\\Delta_x k(x, y) = \\delta_y",
  summary:
    "The fundamental solution of -Δ: -|x|/2 on the line, -log|x|/(2π) in the plane, 1/(4π|x|) in space. A positive factor repels like charges, a negative one attracts as gravity and chemotaxis do; a ball acts outside itself like a point, and inside a shell there is no force.",
  refs: ["blanchet2006", "bertozzi2012"],
  params: { factor: { ...factorParam, doc: "multiplies the kernel: positive repels, negative attracts (Keller–Segel with sensitivity χ: -χ)" } },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { factor: -1 }, note: "attractive" },
    { dim: 3, params: {} },
  ],
  build: ({ factor }, { dim, space }) => {
    // k' = -1 / |unit sphere| r^(1 - d), so the flux through every sphere is -1
    const c = factor / sphereArea(dim);
    const value: Map1 = dim === 2 ? logarithmRows(-c) : powerRows(c / (dim - 2), 2 - dim);
    const tex =
      dim === 1
        ? `${coefficient(-factor)}\\tfrac12|x - y|`
        : dim === 2
          ? `${coefficient(-factor)}\\tfrac{1}{2\\pi}\\log|x - y|`
          : `${coefficient(factor)}c_{${dim}}|x - y|^{${2 - dim}}`;
    return radialKernel(
      {
        tex,
        value,
        slope: powerRows(-c, 1 - dim),
        curvature: powerRows(c * (dim - 1), -dim),
        finite: dim === 1,
        sums: pairSums(dim, [powerTerm(-c, 2 - dim)]),
        convex: dim === 1 && factor <= 0 ? { value: 0, how: "proved", because: "|x| is convex" } : undefined,
        convexOnHalfLine: dim === 1 ? { value: true, how: "proved", because: "the kernel is linear on each side" } : undefined,
      },
      space,
    );
  },
});

/** 2 pi^(d/2) / Gamma(d/2) */
const sphereArea = (d: number): number => (d % 2 === 0 ? (2 * powi(Math.PI, d / 2)) / gamma(d / 2) : (2 * pow(Math.PI, d / 2)) / gamma(d / 2));
