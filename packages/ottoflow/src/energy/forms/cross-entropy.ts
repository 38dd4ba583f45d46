import type { Field, Law } from "../../contract.ts";
import { specError } from "../../errors.ts";
import { factorTex } from "../../formula/numerals.ts";
import { log } from "../../kernels/math.ts";
import { inverse } from "../../numeric/dense.ts";
import { quadraticField } from "./quadratic.ts";

/** -int log pi drho. For Gaussian pi it is quadratic, constants included, so that the sum with the entropy is KL exactly. */
export function crossEntropy(to: Law, temperature: number, label: string): Field {
  const tex = `${factorTex(-temperature)}\\int \\log \\bigl[${to.tex}\\bigr]\\, \\rho`;
  const variation = `${factorTex(-temperature)}\\log \\bigl[${to.tex}\\bigr](x)`;
  const logDensity =
    to.logDensity ??
    (to.density &&
      ((n, x, out) => {
        to.density!(n, x, out);
        for (let i = 0; i < n; i++) out[i] = log(out[i]!);
      }));
  if (!logDensity) throw specError("to", "needs a measure with a density; points have none.");
  const value: Field["value"] = (n, x, _t, out) => {
    logDensity(n, x, out);
    for (let i = 0; i < n; i++) out[i] = -temperature * out[i]!;
  };
  const g = to.gaussian;
  if (g) {
    const d = to.dim;
    const precision = inverse(d, g.cov);
    const q = quadraticField(
      d,
      Array.from(precision, (v) => temperature * v),
      g.mean,
      label,
    );
    const c = new Float64Array(1);
    value(1, Float64Array.from(g.mean), 0, c);
    return { ...q, tex, variation, value, quadratic: { ...q.quadratic!, c: c[0]! } };
  }
  return {
    form: "field",
    label,
    tex,
    variation,
    value,
    gradient: (n, x, _t, out) => {
      if (!to.score)
        throw specError(
          "to",
          "has no formula for the gradient of its log density, which particles need. Use cells, or a Gaussian, mixture or formula as target.",
        );
      to.score(n, x, out);
      for (let i = 0; i < out.length; i++) out[i] = -temperature * out[i]!;
    },
  };
}
