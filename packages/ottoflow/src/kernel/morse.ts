import type { Fact, Map1, Rows } from "../contract.ts";
import { defineKernel, type Unit } from "../define.ts";
import { numberTex } from "../formula/numerals.ts";
import { exp, log } from "../kernels/math.ts";
import { expRows } from "../kernels/rows.ts";
import { pairSums } from "./pair-laws.ts";
import { coefficient, factorParam, radialKernel, sumRows } from "./radial-sum.ts";

const over = (length: number): string => (length === 1 ? "" : ` / ${numberTex(length)}`);

export const morse: Unit<"kernel"> = defineKernel({
  kind: "morse",
  title: "Morse potential",
  tex: "k(x, y) = C_r e^{-|x - y| / \\ell_r} - C_a e^{-|x - y| / \\ell_a}",
  summary:
    "Repulsion and attraction of finite range, as in models of swarms. With repulsion strong and short (C_r > C_a, ℓ_r < ℓ_a) flocks have a size of their own; whether that size stays bounded as particles are added depends on C_r/C_a against (ℓ_a/ℓ_r)^d.",
  refs: ["dorsogna2006", "carrillo2013"],
  params: {
    repulsion: { type: "number", default: 2, min: 0, doc: "strength C_r" },
    "repulsion-length": { type: "number", default: 0.5, above: 0, unit: "length", doc: "range ℓ_r" },
    attraction: { type: "number", default: 1, min: 0, doc: "strength C_a" },
    "attraction-length": { type: "number", default: 1, above: 0, unit: "length", doc: "range ℓ_a" },
    factor: factorParam,
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { repulsion: 1, "repulsion-length": 1, attraction: 0.5, "attraction-length": 2 } },
  ],
  build: (values, { dim, space }) => {
    const { factor } = values;
    const [c, a] = [factor * values.repulsion, -factor * values.attraction];
    const [p, q] = [1 / values["repulsion-length"], 1 / values["attraction-length"]];
    const least = smallestCurvature(c, p, a, q);
    const convex: Fact<number> | undefined =
      -c * p - a * q >= 0 ? { value: least, how: "proved", because: "k'(0) >= 0 and the smallest value of k'', which bounds k'/r too" } : undefined;
    return radialKernel(
      {
        tex: `${coefficient(c)}e^{-|x - y|${over(values["repulsion-length"])}} ${a < 0 ? "-" : "+"} ${coefficient(Math.abs(a))}e^{-|x - y|${over(values["attraction-length"])}}`,
        value: sumRows(decay(c, p), decay(a, q)),
        slope: sumRows(decay(-c * p, p), decay(-a * q, q)),
        curvature: sumRows(decay(c * p * p, p), decay(a * q * q, q)),
        finite: true,
        sums: pairSums(dim, [
          { law: { law: "exponential", rate: p }, factor: c },
          { law: { law: "exponential", rate: q }, factor: a },
        ]),
        convex,
        convexOnHalfLine: { value: least >= 0, how: "proved", because: "the smallest value of k''" },
      },
      space,
    );
  },
});

/** factor * e^(-rate r) */
function decay(factor: number, rate: number): Map1 {
  return (n: number, r: Rows, out: Rows): void => {
    for (let i = 0; i < n; i++) out[i] = -rate * r[i]!;
    expRows(n, out, out);
    for (let i = 0; i < n; i++) out[i] = out[i]! * factor;
  };
}

/** min over r >= 0 of c p^2 e^(-p r) + a q^2 e^(-q r): at 0, at infinity (0), or where the third derivative vanishes */
function smallestCurvature(c: number, p: number, a: number, q: number): number {
  const at = (r: number): number => c * p * p * exp(-p * r) + a * q * q * exp(-q * r);
  const ratio = -(c * p * p * p) / (a * q * q * q);
  const r = ratio > 0 && p !== q ? log(ratio) / (p - q) : 0;
  return Math.min(at(0), 0, r > 0 ? at(r) : 0);
}
