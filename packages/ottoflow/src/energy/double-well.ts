import type { Field, Tape } from "../contract.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { bracketedTex, factorTex, numberTex, ratioTex } from "../formula/numerals.ts";
import { makeTape } from "../kernels/tape.ts";

/** int depth ((x_1/a)^2 - 1)^2 + stiffness (x_2^2 + …)/2 */
function doubleWellPart(d: number, depth: number, a: number, stiffness: number): Field {
  const s = 1 / (a * a);
  const square = `${d === 1 ? "x" : "x_1"}^2${a === 1 ? "" : `/${numberTex(a * a)}`}`;
  const valley = d === 1 || stiffness === 0 ? "" : ` + ${ratioTex(stiffness, 2)}${d === 2 ? "x_2^2" : "\\sum_{k \\ge 2} x_k^2"}`;
  const V = `${factorTex(depth)}\\left(${square} - 1\\right)^2${valley}`;
  return {
    form: "field",
    label: "double-well",
    tex: `\\int ${bracketedTex(V)}\\, \\rho`,
    variation: V,
    value: (n, x, _t, out) => {
      for (let i = 0; i < n; i++) {
        const u = s * x[i]! * x[i]! - 1;
        let v = depth * u * u;
        for (let k = 1; k < d; k++) v += 0.5 * stiffness * x[k * n + i]! * x[k * n + i]!;
        out[i] = v;
      }
    },
    gradient: (n, x, _t, out) => {
      for (let i = 0; i < n; i++) out[i] = 4 * depth * s * x[i]! * (s * x[i]! * x[i]! - 1);
      for (let i = n; i < d * n; i++) out[i] = stiffness * x[i]!;
    },
    gradientTape: () => doubleWellTape(d, depth, s, stiffness),
    hessian: (n, x, _t, out) => {
      out.fill(0);
      for (let i = 0; i < n; i++) out[i] = 4 * depth * s * (3 * s * x[i]! * x[i]! - 1);
      for (let k = 1; k < d; k++) out.fill(stiffness, (k * d + k) * n, (k * d + k + 1) * n);
    },
    convex: {
      value: d > 1 ? Math.min(-4 * depth * s, stiffness) : -4 * depth * s,
      how: "proved",
      because: "V'' is smallest at the saddle, where it is -4 h / a^2",
    },
    confining: { value: d === 1 || stiffness > 0, how: "proved", because: "V grows like x^4 along the first axis" },
  };
}

/** 4 h s x_1 (s x_1^2 - 1), k x_2, …: the operations of `gradient` in their order */
function doubleWellTape(d: number, depth: number, s: number, stiffness: number): Tape {
  const rest = Array.from({ length: d - 1 }, (_, k) => ({ op: "mul", args: [{ constant: stiffness }, { input: k + 1 }] }) as const);
  return makeTape(
    d,
    [
      { op: "mul", args: [{ constant: s }, { input: 0 }] },
      { op: "mul", args: [{ value: 0 }, { input: 0 }] },
      { op: "sub", args: [{ value: 1 }, { constant: 1 }] },
      { op: "mul", args: [{ constant: 4 * depth * s }, { input: 0 }] },
      { op: "mul", args: [{ value: 3 }, { value: 2 }] },
      ...rest,
    ],
    Array.from({ length: d }, (_, k) => ({ value: 4 + k })),
  );
}

export const doubleWell: Unit<"energy"> = defineEnergy({
  kind: "double-well",
  title: "double well",
  tex: "\\int h\\,(x_1^2/a^2 - 1)^2 \\rho \\, dx",
  summary:
    "Two valleys at x = ±a with a barrier of height h between them, and a harmonic valley along further axes. The standard example of a potential that is not convex, of metastability and of slow mixing.",
  refs: ["risken1996"],
  params: {
    depth: { type: "number", above: 0, default: 1, doc: "height h of the barrier", unit: "energy" },
    distance: { type: "number", above: 0, default: 1, doc: "distance a of each well from the saddle", unit: "length" },
    stiffness: { type: "number", min: 0, default: 1, doc: "spring constant along the other axes" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { depth: 2 } },
  ],
  build: ({ depth, distance, stiffness }, { dim }) => [doubleWellPart(dim, depth, distance, stiffness)],
});
