import { defineDrift, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { factorTex, shiftedTex } from "../formula/numerals.ts";

export const rotation: Unit<"drift"> = defineDrift({
  kind: "rotation",
  title: "rotation",
  tex: "v(x) = \\omega J (x - c), \\qquad J = \\begin{pmatrix} 0 & -1 \\\\ 1 & 0 \\end{pmatrix}",
  summary:
    "Turns the plane about a centre at a constant rate, anticlockwise where the rate is positive. The field is free of divergence: added to a flow whose energy is radial about the same centre it changes no energy and leaves the stationary law as it is, though the motion is no longer reversible.",
  refs: ["hwang2005"],
  params: {
    rate: { type: "number", default: 1, unit: "1/time", doc: "angle per unit time" },
    centre: { type: "vector", optional: true, unit: "length", doc: "the fixed point; the origin when left out" },
  },
  examples: [
    { dim: 2, params: { rate: 2 } },
    { dim: 2, params: { rate: -1, centre: [0.5, 0] } },
  ],
  build: ({ rate, centre }, { dim }) => {
    if (dim !== 2)
      throw specError(
        "drift.rotation",
        `the space has ${dim} dimension${dim === 1 ? "" : "s"} when a rotation needs 2; use "advection" with a formula per axis.`,
      );
    const [a, b] = centre ? [centre[0]!, centre[1]!] : [0, 0];
    return {
      label: "rotation",
      tex: `v = ${factorTex(rate)}\\begin{pmatrix} 0 & -1 \\\\ 1 & 0 \\end{pmatrix} ${a === 0 && b === 0 ? "x" : `(${shiftedTex("x", [a!, b!])})`}`,
      velocity(_m, n, x, _t, out) {
        for (let i = 0; i < n; i++) {
          const [u, v] = [x[i]! - a, x[n + i]! - b];
          out[i] = -rate * v;
          out[n + i] = rate * u;
        }
      },
      divergenceFree: { value: true, how: "proved", because: "the matrix omega J has trace 0" },
    };
  },
});
