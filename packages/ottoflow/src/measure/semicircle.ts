import type { Law } from "../contract.ts";
import { defineLaw, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { numberTex, shiftedTex } from "../formula/numerals.ts";
import { asin } from "../kernels/math.ts";
import { bisect } from "./invert.ts";
import { massBetween, perAxis, type Shared, shared, sharedOf } from "./law.ts";

/**
 * Wigner's semicircle 2 sqrt(R^2 - (x - c)^2) / (pi R^2) on the line: the equilibrium of the logarithmic repulsion with quadratic confinement. [wigner1955]
 * Exact masses of intervals, quantiles by their inversion, moments (variance R^2/4).
 */
export function semicircleLaw(radius: number, centre = 0, values: Shared = {}): Law {
  if (!(radius > 0 && radius < Number.POSITIVE_INFINITY)) throw specError("radius", `got ${radius}; give a positive finite number.`);
  const base = sharedOf(values);
  // mass below u R, u in [-1, 1]; near -1 the two terms cancel, so a series takes over
  const below = (x: number): number => {
    const u = Math.max(-1, Math.min(1, x / radius));
    const v = 1 + u;
    if (v < 1e-3) return Math.sqrt(2 * v) * v * (2 / 3 - v * (1 / 10 + v * (1 / 112 + v / 576))) * (2 / Math.PI);
    return 0.5 + (u * Math.sqrt(v * (1 - u)) + asin(u)) / Math.PI;
  };
  const above = (x: number): number => below(-x);
  const at = (level: number): number => {
    const tail = Math.min(level, 1 - level);
    const x = bisect((v) => below(v) < tail, [-radius, 0]);
    return level < 0.5 ? centre + x : centre - x;
  };
  return {
    ...base,
    tex: `\\frac{2}{${radius === 1 ? "\\pi" : `\\pi\\, ${numberTex(radius)}^2`}} \\sqrt{${radius === 1 ? "1" : `${numberTex(radius)}^2`} - ${centre === 0 ? "x^2" : `(${shiftedTex("x", [centre])})^2`}}`,
    dim: 1,
    semicircle: { centre, radius },
    moments: { mean: [centre], cov: [(radius * radius) / 4] },
    density: (n, x, out) => {
      for (let i = 0; i < n; i++) {
        const y = x[i]! - centre;
        out[i] = Math.abs(y) < radius ? (2 * base.mass * Math.sqrt((radius - y) * (radius + y))) / (Math.PI * radius * radius) : 0;
      }
    },
    boxMass: (n, lo, hi, out) => {
      for (let i = 0; i < n; i++) out[i] = base.mass * massBetween(below, above, 0, lo[i]! - centre, hi[i]! - centre);
    },
    quantile: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = at(a[i]!);
    },
    draw: {
      uniforms: 1,
      map: (n, u, out) => {
        for (let i = 0; i < n; i++) out[i] = at(u[i]!);
      },
    },
  };
}

export const semicircle: Unit<"law"> = defineLaw({
  kind: "semicircle",
  title: "semicircle law",
  tex: "\\frac{2}{\\pi R^2}\\sqrt{R^2 - x^2}",
  summary:
    "Wigner's semicircle on the line. Under logarithmic repulsion and quadratic attraction semicircles stay semicircles, and their radius relaxes exponentially.",
  refs: ["wigner1955"],
  params: {
    radius: { type: "number", above: 0, default: 1, unit: "length", doc: "half width of the support" },
    centre: { type: "vector", broadcast: true, default: [0], unit: "length", doc: "centre" },
    ...shared,
  },
  examples: [{ dim: 1, params: { radius: 0.8 } }],
  build: (values, { dim }) => {
    if (dim !== 1) throw specError("kind", `the semicircle law lives on the line when the space has ${dim} axes.`);
    return semicircleLaw(values.radius, perAxis("centre", values.centre, 1, 0)[0], values);
  },
});
