import { defineEnergy, type Unit } from "../define.ts";
import { quadraticField } from "./forms/quadratic.ts";

export const quadratic: Unit<"energy"> = defineEnergy({
  kind: "quadratic",
  title: "quadratic potential",
  tex: "\\int \\tfrac12 (x-b)^{\\top} A (x-b)\\, \\rho \\, dx",
  summary:
    "With entropy it gives the Ornstein–Uhlenbeck flow, which keeps Gaussians Gaussian and is known in closed form for every symmetric matrix. Its modulus of convexity is the smallest eigenvalue of the matrix.",
  refs: ["risken1996"],
  params: {
    matrix: { type: "matrix", doc: "A, symmetric: d rows of d numbers, or one number times the identity" },
    centre: { type: "vector", broadcast: true, default: [0], doc: "b, where the potential is lowest", unit: "length" },
  },
  examples: [
    { dim: 1, params: { matrix: 1 } },
    {
      dim: 2,
      params: {
        matrix: [
          [2, 1],
          [1, 2],
        ],
        centre: [1, -1],
      },
    },
  ],
  build: ({ matrix, centre }, { dim }) => [quadraticField(dim, matrix, centre.length === dim ? centre : Array.from({ length: dim }, () => centre[0] ?? 0))],
});
