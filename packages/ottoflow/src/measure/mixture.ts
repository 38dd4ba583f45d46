import type { Law, Rows } from "../contract.ts";
import { defineLaw, type Unit } from "../define.ts";
import { expectLength, specError } from "../errors.ts";
import { factorTex } from "../formula/numerals.ts";
import { exp, log } from "../kernels/math.ts";
import { invertCdf } from "./invert.ts";
import { type Shared, shared, sharedOf } from "./law.ts";

/**
 * mass * sum_k w_k p_k with w normalised to sum one and p_k the normalised components. It knows what all its components know;
 * on the line its quantiles come from inverting the exact distribution function.
 * @param weights relative weights; the masses of the components unless given
 * @throws {SpecError} on an empty list, weights that are not positive, components of different dimension
 */
export function mixtureLaw(components: readonly Law[], weights?: readonly number[], values: Shared = {}): Law {
  const first = components[0];
  if (!first) throw specError("components", "got an empty list; give at least one law.");
  const raw = weights ?? components.map((law) => law.mass);
  expectLength("weights", raw.length, components.length);
  if (!raw.every((w) => w > 0 && Number.isFinite(w))) throw specError("weights", `got [${raw}]; give positive numbers.`);
  if (!components.every((law) => law.dim === first.dim))
    throw specError("components", `got dimensions [${components.map((law) => law.dim)}]; they must agree.`);
  const base = sharedOf(values);
  const total = raw.reduce((a, b) => a + b, 0);
  const w = raw.map((v) => v / total);
  // component k contributes share_k times its own (mass-carrying) density
  const share = components.map((law, k) => (base.mass * w[k]!) / law.mass);
  const density = summedDensity(components, share);
  const boxMass = summed(
    components.map((law) => law.boxMass),
    share,
  );
  return {
    ...base,
    tex: mixtureTex(components, w),
    dim: first.dim,
    mixture: { weights: w, components },
    ...density,
    ...mixedScore(components, share),
    ...(boxMass ? { boxMass } : {}),
    ...(components.some((law) => law.quadrature !== undefined)
      ? { quadrature: components.reduce((e, law, k) => e + share[k]! * (law.quadrature ?? 0), 0) }
      : {}),
    ...(boxMass && first.dim === 1 ? { quantile: invertCdf(boxMass, base.mass, components, density.density) } : {}),
    ...mixedDraw(components, w),
    ...mixedPoints(components, share),
    ...mixedMoments(components, w),
  };
}

/** Up to four components are written out, as far as they are short. */
function mixtureTex(components: readonly Law[], w: readonly number[]): string {
  const whole = components.map((law, k) => `${factorTex(w[k]!)}${law.mixture ? `\\bigl(${law.tex}\\bigr)` : law.tex}`).join(" + ");
  return components.length <= 4 && whole.length <= 400 ? whole : `\\sum_{k=1}^{${components.length}} w_k\\, \\mu_k`;
}

type BoxMass = NonNullable<Law["boxMass"]>;

function summed(masses: readonly (BoxMass | undefined)[], share: readonly number[]): BoxMass | undefined {
  if (!masses.every((f): f is BoxMass => f !== undefined)) return undefined;
  return (n, lo, hi, out) => {
    const one = new Float64Array(n);
    out.fill(0, 0, n);
    for (let k = 0; k < masses.length; k++) {
      masses[k]!(n, lo, hi, one);
      for (let i = 0; i < n; i++) out[i] = out[i]! + share[k]! * one[i]!;
    }
  };
}

function summedDensity(components: readonly Law[], share: readonly number[]): Pick<Law, "density"> {
  const densities = components.map((law) => law.density);
  if (!densities.every((f) => f !== undefined)) return {};
  return {
    density: (n, x, out) => {
      const one = new Float64Array(n);
      out.fill(0, 0, n);
      for (let k = 0; k < densities.length; k++) {
        densities[k]!(n, x, one);
        for (let i = 0; i < n; i++) out[i] = out[i]! + share[k]! * one[i]!;
      }
    },
  };
}

/** log sum_k exp(l_k) and its gradient sum_k p_k grad l_k with the responsibilities p_k, safe where all densities underflow. */
function mixedScore(components: readonly Law[], share: readonly number[]): Pick<Law, "score" | "logDensity"> {
  const logs = components.map((law) => law.logDensity);
  const scores = components.map((law) => law.score);
  if (!logs.every((f) => f !== undefined)) return {};
  const d = components[0]!.dim;
  const weigh = (n: number, x: Rows): { each: Float64Array[]; top: Float64Array; sum: Float64Array } => {
    const each = logs.map((f, k) => {
      const l = new Float64Array(n);
      f!(n, x, l);
      return l.map((v) => v + log(share[k]!));
    });
    const top = new Float64Array(n).map((_, i) => each.reduce((m, l) => Math.max(m, l[i]!), Number.NEGATIVE_INFINITY));
    const sum = new Float64Array(n).map((_, i) => each.reduce((s, l) => s + exp(l[i]! - top[i]!), 0));
    return { each, top, sum };
  };
  const logDensity: Law["logDensity"] = (n, x, out) => {
    const { top, sum } = weigh(n, x);
    for (let i = 0; i < n; i++) out[i] = top[i]! + log(sum[i]!);
  };
  if (!scores.every((f) => f !== undefined)) return { logDensity };
  return {
    logDensity,
    score: (n, x, out) => {
      const { each, top, sum } = weigh(n, x);
      const one = new Float64Array(d * n);
      out.fill(0);
      for (let k = 0; k < each.length; k++) {
        scores[k]!(n, x, one);
        for (let c = 0; c < d; c++) for (let i = 0; i < n; i++) out[c * n + i] = out[c * n + i]! + (exp(each[k]![i]! - top[i]!) / sum[i]!) * one[c * n + i]!;
      }
    },
  };
}

/** The first uniform picks the component, the others draw from it. */
function mixedDraw(components: readonly Law[], w: readonly number[]): Pick<Law, "draw"> {
  const draws = components.map((law) => law.draw);
  if (!draws.every((f) => f !== undefined)) return {};
  const d = components[0]!.dim;
  const most = Math.max(...draws.map((f) => f!.uniforms));
  const map = (n: number, u: Rows, out: Rows): void => {
    const one = new Float64Array(d);
    const v = new Float64Array(most);
    for (let i = 0; i < n; i++) {
      let k = 0;
      for (let left = u[i]!; k + 1 < w.length && left >= w[k]!; k++) left -= w[k]!;
      const draw = draws[k]!;
      for (let c = 0; c < draw.uniforms; c++) v[c] = u[(c + 1) * n + i]!;
      draw.map(1, v, one);
      for (let c = 0; c < d; c++) out[c * n + i] = one[c]!;
    }
  };
  return { draw: { uniforms: 1 + most, map } };
}

function mixedPoints(components: readonly Law[], share: readonly number[]): Pick<Law, "points"> {
  const sets = components.map((law) => law.points);
  if (!sets.every((p) => p !== undefined)) return {};
  const d = components[0]!.dim;
  const n = sets.reduce((sum, p) => sum + p!.n, 0);
  const x = new Float64Array(d * n);
  const weight = new Float64Array(n);
  let at = 0;
  for (let k = 0; k < sets.length; k++) {
    const p = sets[k]!;
    for (let i = 0; i < p.n; i++, at++) {
      for (let c = 0; c < d; c++) x[c * n + at] = p.x[c * p.n + i]!;
      weight[at] = share[k]! * (p.weight?.[i] ?? components[k]!.mass / p.n);
    }
  }
  return { points: { n, x, weight } };
}

function mixedMoments(components: readonly Law[], w: readonly number[]): Pick<Law, "moments"> {
  const moments = components.map((law) => law.moments);
  if (!moments.every((f) => f !== undefined)) return {};
  const d = components[0]!.dim;
  const mean = new Array<number>(d).fill(0);
  const cov = new Array<number>(d * d).fill(0);
  for (let k = 0; k < w.length; k++) for (let a = 0; a < d; a++) mean[a]! += w[k]! * moments[k]!.mean[a]!;
  for (let k = 0; k < w.length; k++)
    for (let a = 0; a < d; a++)
      for (let b = 0; b < d; b++)
        cov[a * d + b]! += w[k]! * (moments[k]!.cov[a * d + b]! + (moments[k]!.mean[a]! - mean[a]!) * (moments[k]!.mean[b]! - mean[b]!));
  return { moments: { mean, cov } };
}

export const mixture: Unit<"law"> = defineLaw({
  kind: "mixture",
  title: "mixture of laws",
  tex: "\\sum_k w_k\\, \\mu_k",
  summary:
    "A weighted sum of other laws: Gaussians, boxes, samples, in any number and nested if need be. The weights are relative; they are normalised to the mass of the mixture.",
  refs: ["villani2003"],
  params: {
    components: { type: "units", role: "law", doc: "the laws that are mixed" },
    weights: { type: "numbers", optional: true, doc: "relative weights, one per component; the masses of the components unless given" },
    ...shared,
  },
  examples: [
    {
      dim: 1,
      params: {
        components: [
          { kind: "gaussian", mean: [-0.8], deviation: [0.3] },
          { kind: "gaussian", mean: [0.7], deviation: [0.2] },
        ],
        weights: [0.3, 0.7],
      },
    },
    {
      dim: 2,
      params: {
        components: [
          { kind: "gaussian", mean: [-0.5, 0], deviation: [0.2] },
          { kind: "gaussian", mean: [0.5, 0.3], deviation: [0.25] },
        ],
      },
    },
  ],
  build: (values) => mixtureLaw(values.components, values.weights, values),
});
