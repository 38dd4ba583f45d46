import type { Fact, Map1 } from "../contract.ts";
import { defineKernel, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { sumTex } from "../formula/numerals.ts";
import { pow } from "../kernels/math.ts";
import { pairSums, powerTerm } from "./pair-laws.ts";
import { distancePower, factorParam, logarithmRows, powerRows, radialKernel, sumRows } from "./radial-sum.ts";

export const attractionRepulsion: Unit<"kernel"> = defineKernel({
  kind: "attraction-repulsion",
  title: "attraction and repulsion by powers",
  tex: "k(x, y) = \\frac{|x - y|^a}{a} - \\frac{|x - y|^b}{b}",
  summary:
    "Attracts beyond distance 1 and repels within it. The exponents decide the shape of the minimiser: two points on the line for a = 4, b = 2, the uniform law for a = 2, b = 1, rings and disks in the plane. The exponent 0 stands for the logarithm: r^0 / 0 is read as log r.",
  refs: ["balague2013", "carrillo2014"],
  params: {
    a: { type: "number", default: 4, doc: "exponent of the attraction, larger than b" },
    b: { type: "number", default: 2, doc: "exponent of the repulsion, larger than minus the dimension" },
    factor: factorParam,
  },
  examples: [
    { dim: 1, params: { a: 4, b: 2 } },
    { dim: 1, params: { a: 2, b: 1 } },
    { dim: 2, params: { a: 2, b: 0 }, note: "logarithmic repulsion" },
  ],
  build: ({ a, b, factor }, { dim, space }) => {
    if (!(b > -dim)) throw specError("b", `got ${b} when expected more than ${-dim}: in dimension ${dim} lower powers are not integrable.`);
    if (!(a > b)) throw specError("a", `got a = ${a}, b = ${b} when expected a > b: otherwise particles repel without end.`);
    return radialKernel(
      {
        tex: sumTex([distancePower(a, factor), distancePower(b, -factor)]),
        value: sumRows(term(factor, a), term(-factor, b)),
        slope: sumRows(powerRows(factor, a - 1), powerRows(-factor, b - 1)),
        curvature: sumRows(powerRows(factor * (a - 1), a - 2), powerRows(-factor * (b - 1), b - 2)),
        finite: b > 0,
        sums: pairSums(dim, [powerTerm(factor, a), powerTerm(-factor, b)]),
        logGas: a === 2 && b === 0 && factor > 0 ? { attraction: factor, repulsion: factor } : undefined,
        convex: modulus(a, b, factor),
        convexOnHalfLine: {
          value: factor >= 0 && a >= 1 && b <= 1,
          how: "proved",
          because: "k'' = factor ((a - 1) r^(a - 2) + (1 - b) r^(b - 2)), each term of one sign",
        },
      },
      space,
    );
  },
});

const term = (factor: number, p: number): Map1 => (p === 0 ? logarithmRows(factor) : powerRows(factor / p, p));
/** For b >= 2 the force vanishes at 0, so k'/r is at least the smallest k'', which calculus gives; for b < 2 the repulsion is not bounded below by a parabola. */
function modulus(a: number, b: number, factor: number): Fact<number> | undefined {
  if (b < 2 || factor < 0) return undefined;
  const because = "the smallest value of k'' = (a - 1) r^(a - 2) - (b - 1) r^(b - 2), which bounds k'/r too";
  if (b === 2) return { value: -factor, how: "proved", because };
  const z = ((b - 1) * (b - 2)) / ((a - 1) * (a - 2));
  const least = (a - 1) * pow(z, (a - 2) / (a - b)) - (b - 1) * pow(z, (b - 2) / (a - b));
  return { value: factor * least, how: "proved", because };
}
