import type { Local, Rows, Space } from "../contract.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { numberTex, ratioTex } from "../formula/numerals.ts";
import { pow } from "../kernels/math.ts";

/** factor * int rho^m / (m - 1) */
export function powerPart(m: number, factor = 1): Local {
  const rows =
    (c: number, e: number) =>
    (n: number, a: Rows, out: Rows): void => {
      if (e === 0) for (let i = 0; i < n; i++) out[i] = c;
      else if (e === 1) for (let i = 0; i < n; i++) out[i] = c * a[i]!;
      else if (e === 2) for (let i = 0; i < n; i++) out[i] = c * a[i]! * a[i]!;
      else for (let i = 0; i < n; i++) out[i] = c * pow(a[i]!, e);
    };
  const slope = (factor * m) / (m - 1);
  const inverse = rows(1, 1 / (m - 1));
  return {
    form: "local",
    label: "power",
    tex: `${ratioTex(factor, m - 1)}\\int \\rho^{${numberTex(m)}}`,
    U: rows(factor / (m - 1), m),
    dU: rows(slope, m - 1),
    d2U: rows(factor * m, m - 2),
    inverse: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! / slope;
      inverse(n, out, out);
    },
    power: { m, factor },
    mccann: (d) => ({ value: m >= 1 - 1 / d, how: "proved", because: `McCann's condition m >= 1 - 1/d with m = ${m}, d = ${d} [mccann1997]` }),
    refuses: (space: Space) => secondMoment(m, space),
  };
}

/** On R^d the Barenblatt profile of m <= d/(d+2) has infinite second moment: W2 and the flow make no sense there. */
function secondMoment(m: number, space: Space): string | null {
  const critical = space.dim / (space.dim + 2);
  const wholeSpace = space.cells === undefined || space.bounded === false;
  if (m > critical || !wholeSpace) return null;
  return `power with m = ${m} on R^${space.dim}: for m <= d/(d+2) = ${critical} the solutions have infinite second moment, so the Wasserstein distance is infinite. Use m > ${critical}, or a bounded box that stands for itself.`;
}

export const power: Unit<"energy"> = defineEnergy({
  kind: "power",
  title: "power of the density",
  tex: "\\frac{1}{m-1} \\int \\rho^m \\, dx",
  summary:
    "Its Wasserstein gradient flow is d_t rho = Lap rho^m: the porous medium equation for m > 1, with compact support and finite speed, and fast diffusion for m < 1. Displacement convex exactly when m >= 1 - 1/d.",
  refs: ["otto2001", "vazquez2007", "mccann1997"],
  params: { m: { type: "number", above: 0, not: 1, default: 2, doc: "exponent; m = 1 is the entropy" } },
  examples: [
    { dim: 1, params: { m: 2 } },
    { dim: 2, params: { m: 3 } },
    { dim: 1, params: { m: 0.75 }, note: "fast diffusion" },
  ],
  build: ({ m }) => [powerPart(m)],
});
