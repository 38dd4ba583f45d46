import type { Measure, Rows } from "../contract.ts";
import { defineDrift, type Unit } from "../define.ts";
import { factorTex } from "../formula/numerals.ts";
import { exp } from "../kernels/math.ts";
import type { Formula } from "../params.ts";
import { atomsOf } from "./weights.ts";

/**
 * Consensus point m_alpha = int x e^{-alpha f} dmu / int e^{-alpha f} dmu, [d]; `f` holds the objective at the points.
 * The least objective is subtracted before the exponential, so no weight overflows and at least one is 1.
 */
function consensusPoint(m: Measure, objective: Formula, alpha: number, t: number, scratch: { f: Float64Array }, out: Float64Array): void {
  const atoms = atomsOf(m, "consensus");
  const { n, x } = atoms;
  if (scratch.f.length !== n) scratch.f = new Float64Array(n);
  const f = scratch.f;
  objective.value(n, x, t, f);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) if (atoms.weight(i) > 0 && f[i]! < least) least = f[i]!;
  let sum = 0;
  out.fill(0);
  for (let i = 0; i < n; i++) {
    const w = atoms.weight(i);
    if (!(w > 0)) continue;
    const g = w * (alpha === 0 ? 1 : exp(-alpha * (f[i]! - least)));
    sum += g;
    for (let k = 0; k < out.length; k++) out[k] = out[k]! + g * x[k * n + i]!;
  }
  for (let k = 0; k < out.length; k++) out[k] = out[k]! / sum;
}

/**
 * Consensus-based optimisation: particles drift to the point where the softened minimum of the objective lies and explore
 * with noise that vanishes there [pinnau2017, carrillo2018]; coordinate-wise noise makes the condition for consensus free of the dimension [carrillo2021].
 */
export const consensus: Unit<"drift"> = defineDrift({
  kind: "consensus",
  title: "consensus-based optimisation",
  tex: "dX = -\\lambda (X - m_\\alpha)\\, dt + \\sigma |X - m_\\alpha|\\, dB, \\quad m_\\alpha = \\frac{\\int x\\, e^{-\\alpha f} d\\mu}{\\int e^{-\\alpha f} d\\mu}",
  summary:
    "Minimises an objective without derivatives: particles move to their mean weighted by exp(-alpha f), and scatter in proportion to their distance from it. In the mean-field limit consensus forms when 2 lambda > d sigma^2 (isotropic noise) or 2 lambda > sigma^2 (noise per coordinate). This is motion that is no gradient flow of an energy.",
  refs: ["pinnau2017", "carrillo2018", "carrillo2021"],
  params: {
    objective: { type: "formula", of: "x", time: true, doc: "the function to minimise" },
    alpha: {
      type: "number",
      min: 0,
      default: 30,
      unit: "1/objective",
      doc: "sharpness of the weights; 0 is the plain mean, large values approach the best particle",
    },
    lambda: { type: "number", min: 0, default: 1, unit: "1/time", doc: "rate of the drift to the consensus point" },
    sigma: { type: "number", min: 0, default: 0.7, unit: "1/sqrt(time)", doc: "strength of the noise" },
    noise: {
      type: "choice",
      of: ["isotropic", "anisotropic"],
      default: "isotropic",
      doc: "noise sigma |X - m| in all directions, or sigma |X_k - m_k| along axis k",
    },
  },
  examples: [
    { dim: 1, params: { objective: "(x^2 - 1)^2 + 0.3*x" } },
    { dim: 2, params: { objective: "x^2 + y^2", alpha: 10, sigma: 0.5, noise: "anisotropic" } },
  ],
  build: ({ objective, alpha, lambda, sigma, noise }, { dim }) => {
    const point = new Float64Array(dim);
    const scratch = { f: new Float64Array(0) };
    return {
      label: "consensus",
      tex: `dX = ${factorTex(-lambda)}(X - m)\\, dt${sigma > 0 ? ` + ${factorTex(sigma)}${noise === "isotropic" ? "|X - m|" : "\\operatorname{diag}(X - m)"}\\, dB` : ""}, \\quad m = \\frac{\\int x\\, e^{-${factorTex(alpha)} f} \\rho}{\\int e^{-${factorTex(alpha)} f} \\rho}, \\quad f = ${objective.tex}`,
      velocity(m, n, x, t, out) {
        consensusPoint(m, objective, alpha, t, scratch, point);
        for (let k = 0; k < dim; k++) for (let i = k * n; i < (k + 1) * n; i++) out[i] = -lambda * (x[i]! - point[k]!);
      },
      ...(sigma > 0
        ? {
            noise(m: Measure, n: number, x: Rows, t: number, out: Rows) {
              consensusPoint(m, objective, alpha, t, scratch, point);
              if (noise === "isotropic") isotropic(dim, n, x, point, sigma, out);
              else for (let k = 0; k < dim; k++) for (let i = k * n; i < (k + 1) * n; i++) out[i] = sigma * Math.abs(x[i]! - point[k]!);
            },
          }
        : {}),
    };
  },
});

function isotropic(dim: number, n: number, x: Rows, point: Rows, sigma: number, out: Rows): void {
  for (let i = 0; i < n; i++) {
    let square = 0;
    for (let k = 0; k < dim; k++) square += (x[k * n + i]! - point[k]!) * (x[k * n + i]! - point[k]!);
    const deviation = sigma * Math.sqrt(square);
    for (let k = 0; k < dim; k++) out[k * n + i] = deviation;
  }
}
