import type { Map1, Rows } from "../contract.ts";
import { defineKernel, type Unit } from "../define.ts";
import { numberTex } from "../formula/numerals.ts";
import { exp } from "../kernels/math.ts";
import { expRows } from "../kernels/rows.ts";
import { pairSums } from "./pair-laws.ts";
import { coefficient, factorParam, radialKernel } from "./radial-sum.ts";

export const gaussian: Unit<"kernel"> = defineKernel({
  kind: "gaussian",
  title: "Gaussian",
  tex: "k(x, y) = e^{-|x - y|^2 / 2 h^2}",
  summary:
    "Smooth and of short range: repels for a positive factor. Positive definite, so it makes a maximum mean discrepancy; also the usual kernel of Stein variational descent and of blob methods.",
  refs: ["gretton2012", "liuwang2016"],
  params: {
    width: { type: "number", default: 1, above: 0, unit: "length", doc: "the standard deviation h" },
    factor: factorParam,
  },
  examples: [
    { dim: 1, params: { width: 0.5 } },
    { dim: 2, params: { width: 1, factor: -1 }, note: "attractive" },
  ],
  build: ({ width, factor }, { dim, space }) => {
    const s = 1 / (width * width);
    const bell = (n: number, r: Rows, out: Rows): void => {
      for (let i = 0; i < n; i++) out[i] = -0.5 * s * r[i]! * r[i]!;
      expRows(n, out, out);
    };
    // r is read again after the bell is written, and a map may work in place
    let room = new Float64Array(256);
    const times =
      (f: (r: number, g: number) => number): Map1 =>
      (n, r, out) => {
        if (room.length < n) room = new Float64Array(n);
        bell(n, r, room);
        for (let i = 0; i < n; i++) out[i] = f(r[i]!, room[i]!);
      };
    return radialKernel(
      {
        tex: `${coefficient(factor)}e^{-|x - y|^2 / ${numberTex(2 * width * width)}}`,
        value: times((_, g) => factor * g),
        slope: times((r, g) => -factor * s * r * g),
        curvature: times((r, g) => factor * s * (s * r * r - 1) * g),
        finite: true,
        sums: pairSums(dim, [{ law: { law: "gaussian", rate: s }, factor }]),
        // k'' = factor (u^2 - 1) e^(-u^2/2) / h^2 runs from -1 at u = 0 to 2 e^(-3/2) at u^2 = 3; k'/r is no lower, since k'(0) = 0
        convex: { value: factor >= 0 ? -factor * s : 2 * exp(-1.5) * factor * s, how: "proved", because: "the smallest value of k'', which bounds k'/r too" },
        concave: { value: factor >= 0 ? 2 * exp(-1.5) * factor * s : -factor * s, how: "proved", because: "the largest value of k'', which bounds k'/r too" },
        definite: factor > 0 ? { value: "positive", how: "proved", because: "its Fourier transform is a Gaussian, positive everywhere" } : undefined,
      },
      space,
    );
  },
});
