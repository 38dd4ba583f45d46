import type { Fact, Kernel, Space } from "../contract.ts";
import { defineKernel, type Unit } from "../define.ts";
import { functionsText, makeFormula } from "../formula/formula.ts";
import { factorTex } from "../formula/numerals.ts";
import type { Formula } from "../params.ts";
import { factorParam, powerRows, radialKernel } from "./radial-sum.ts";

export const radial: Unit<"kernel"> = defineKernel({
  kind: "radial",
  title: "formula in the distance",
  tex: "k(x, y) = f(|x - y|)",
  summary:
    "Any function of the distance r, differentiated symbolically. Convexity is looked for by interval arithmetic over all r ≥ 0. Where f(0) is not finite, pairs at one place are left out.",
  refs: ["mccann1997"],
  params: { formula: { type: "formula", of: "r", doc: "f(r), for example r^4/4 - r^2/2" }, factor: factorParam },
  examples: [
    { dim: 1, params: { formula: "r^4/4 - r^2/2" } },
    { dim: 2, params: { formula: "exp(-r) - 0.5*exp(-r/2)" } },
    { dim: 2, params: { formula: "-log(r)" }, note: "singular at 0" },
  ],
  build: ({ formula, factor }, { space }) => radialFormulaKernel(formula, space, factor),
});

/** k(x, y) = factor * f(|x - y|) for a formula in r. Without a space no axis is periodic. */
export function radialFormulaKernel(f: Formula, space?: Space, factor = 1): Kernel {
  const at0 = new Float64Array(1);
  f.value(1, at0, 0, at0);
  const finite = Number.isFinite(at0[0]!);
  const q = f.quadratic();
  const isQuadratic = q !== null && q.b[0] === 0 && q.c === 0;
  const times = (g: Formula["value"]): Formula["value"] => {
    const scale = powerRows(factor, 1);
    return (n, r, t, out) => {
      g(n, r, t, out);
      scale(n, out, out);
    };
  };
  const [value, slope, curvature] = factor === 1 ? [f.value, f.gradient, f.hessian] : [times(f.value), times(f.gradient), times(f.hessian)];
  const tex = factor === 1 ? f.tex : `${factorTex(factor)}\\left(${f.tex}\\right)`;
  return radialKernel(
    {
      tex: tex.replaceAll(/(?<![A-Za-z\\])r(?![A-Za-z])/g, "|x - y|"),
      value: (n, r, out) => value(n, r, 0, out),
      slope: (n, r, out) => slope(n, r, 0, out),
      curvature: f.text === functionsText ? undefined : (n, r, out) => curvature(n, r, 0, out),
      finite,
      ...(f.text === functionsText ? {} : facts(f.text, factor, finite)),
      quadratic: isQuadratic ? factor * q.A[0]! : undefined,
      parabola: q ? { constant: factor * q.c, linear: factor * q.b[0]!, square: factor * q.A[0]! } : undefined,
    },
    space,
  );
}

/** Read as a potential on the line, f(|x|) carries its kink at 0; what holds there holds in every dimension (formula/convexity.ts). */
function facts(text: string, factor: number, finite: boolean): { convex?: Fact<number>; convexOnHalfLine?: Fact<boolean> } {
  const signed = factor === 1 ? text : `(${factor})*(${text})`;
  const line = makeFormula(signed, { of: "x", dim: 1 });
  const infinity = Number.POSITIVE_INFINITY;
  const all = finite ? line.convexity([-infinity], [infinity]) : -infinity;
  // singular formulas: beyond every r > 0, down to where doubles end
  const half = makeFormula(signed, { of: "r", dim: 1 }).convexity([finite ? 0 : 1e-100], [infinity]);
  return {
    convex: Number.isFinite(all) ? { value: all, how: "checked", because: "interval arithmetic on k'' over all distances, and k'(0) >= 0" } : undefined,
    convexOnHalfLine:
      half >= 0
        ? { value: true, how: "checked", because: `interval arithmetic on k'' over ${finite ? "all distances" : "all distances above 1e-100"}` }
        : undefined,
  };
}
