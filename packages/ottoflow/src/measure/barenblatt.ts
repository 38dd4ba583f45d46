import type { Law } from "../contract.ts";
import { defineLaw, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { factorTex, numberTex, shiftedTex } from "../formula/numerals.ts";
import { exp, expm1, lgamma, log, log1p, pow } from "../kernels/math.ts";
import { ballBoxMass, type RadialDensity } from "./ball-mass.ts";
import { betaQuantile, betaRatio } from "./beta.ts";
import { massBetween, perAxis, type Shared, shared, sharedOf } from "./law.ts";
import { drawRadial, type RadialMass, radialBoxMass } from "./radial.ts";

const logPi = 1.1447298858494002;

/**
 * Numbers of the Barenblatt profile t^-alpha (C - k |x|^2 t^-2beta)_+^{1/(m-1)} of d_t rho = Lap rho^m in R^d with a given mass;
 * for m < 1 the profile is t^-alpha (C + k |x|^2 t^-2beta)^{-1/(1-m)} without a front (`radius` is then infinite). [barenblatt1952, vazquez2007]
 */
export interface BarenblattShape {
  readonly m: number;
  readonly d: number;
  readonly mass: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
  readonly C: number;
  /** at time 1; at time t times t^beta */
  readonly radius: number;
  /** density at the centre at time 1; at time t times t^-alpha */
  readonly peak: number;
  /** int |x - centre|^2 at time 1; at time t times t^{2 beta} */
  readonly secondMoment: number;
  /** int rho^m at time 1; at time t times t^{-d beta (m - 1)} */
  readonly powerIntegral: number;
}

/**
 * @throws {SpecError} for m = 1 and for m <= d / (d + 2), where the second moment is infinite and no W2 gradient flow starts
 */
export function barenblattShape(m: number, d: number, mass = 1): BarenblattShape {
  if (!(m > 0) || m === 1) throw specError("m", `got ${m}; give a positive exponent other than 1 (for m = 1 the profile is a Gaussian).`);
  if (m <= d / (d + 2))
    throw specError(
      "m",
      `got ${m} in dimension ${d}: for m <= d/(d+2) = ${d / (d + 2)} the second moment is infinite, so the profile is outside the Wasserstein space; take m above.`,
    );
  const alpha = d / (d * (m - 1) + 2);
  const beta = alpha / d;
  const k = (beta * Math.abs(m - 1)) / (2 * m);
  const logMass = log(mass);
  let logC: number;
  if (m > 1) {
    const q = 1 / (m - 1);
    logC = (logMass + 0.5 * d * log(k) + lgamma(q + 1 + d / 2) - lgamma(q + 1) - 0.5 * d * logPi) / (q + d / 2);
  } else {
    const p = 1 / (1 - m);
    logC = -(logMass + 0.5 * d * log(k) + lgamma(p) - lgamma(p - d / 2) - 0.5 * d * logPi) / (p - d / 2);
  }
  const C = exp(logC);
  const radius = m > 1 ? Math.sqrt(C / k) : Number.POSITIVE_INFINITY;
  const peak = exp(logC / (m - 1));
  const spread = m > 1 ? 1 / (m - 1) + 1 + d / 2 : 1 / (1 - m) - d / 2 - 1;
  const secondMoment = (mass * (C / k) * (d / 2)) / spread;
  return { m, d, mass, alpha, beta, k, C, radius, peak, secondMoment, powerIntegral: (beta * secondMoment) / d };
}

/**
 * The Barenblatt profile of mass `mass` at `time`. Exact densities, moments and radial draws in every dimension; masses of intervals and quantiles on the line
 * through the incomplete beta function, masses of boxes in the plane (and in space where m > 1) by Gauss's theorem.
 * @throws {SpecError} see `barenblattShape`; also for times that are not positive
 */
export function barenblattLaw(m: number, time: number, centre: readonly number[], values: Shared = {}): Law {
  if (!(time > 0)) throw specError("time", `got ${time}; the profile is a Dirac at time 0, give a positive time.`);
  const base = sharedOf(values);
  const d = centre.length;
  const shape = barenblattShape(m, d, base.mass);
  // radial law: r = scale * sqrt(z) for m > 1, scale * sqrt(z / (1 - z)) for m < 1, z ~ Beta(d/2, b)
  const scale = Math.sqrt(shape.C / shape.k) * pow(time, shape.beta);
  const b = m > 1 ? 1 / (m - 1) + 1 : 1 / (1 - m) - d / 2;
  const variance = (shape.secondMoment * pow(time, 2 * shape.beta)) / (base.mass * d);
  return {
    ...base,
    tex: profileTex(shape, time, centre),
    dim: d,
    barenblatt: { m, time, centre },
    moments: { mean: centre, cov: Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? variance : 0)) },
    density: barenblattDensity(shape, time, centre),
    draw: { uniforms: d + 1, map: (n, u, out) => drawRadial(n, d, centre, u, (p) => radiusAt(m, scale, d / 2, b, p), out) },
    ...(d === 1 ? onLine(m, scale, b, centre[0]!, base.mass) : {}),
    ...(d === 3 && m > 1 ? { boxMass: ballBoxMass(centre, inSpace(shape, time)) } : {}),
    ...(d === 2 ? { boxMass: radialBoxMass(centre, base.mass, inPlane(m, scale, b)) } : {}),
  };
}

/** The profile at its time, with its numbers: height (C - s |x - c|^2)_+^p. */
function profileTex(s: BarenblattShape, time: number, centre: readonly number[]): string {
  const square = `${factorTex(s.k * pow(time, -2 * s.beta))}${s.d === 1 ? `(${shiftedTex("x", centre)})^2` : `|${shiftedTex("x", centre)}|^2`}`;
  const power = numberTex(1 / (s.m - 1));
  return `${factorTex(pow(time, -s.alpha))}\\bigl(${numberTex(s.C)} ${s.m > 1 ? "-" : "+"} ${square.replace("(x)^2", "x^2")}\\bigr)${s.m > 1 ? "_+" : ""}${power === "1" ? "" : `^{${power}}`}`;
}

function barenblattDensity(s: BarenblattShape, time: number, centre: readonly number[]): NonNullable<Law["density"]> {
  const height = pow(time, -s.alpha);
  const shrink = s.k * pow(time, -2 * s.beta);
  const power = 1 / (s.m - 1);
  const sign = s.m > 1 ? -1 : 1;
  return (n, x, out) => {
    for (let i = 0; i < n; i++) {
      let r2 = 0;
      for (let k = 0; k < s.d; k++) {
        const y = x[k * n + i]! - centre[k]!;
        r2 += y * y;
      }
      const core = s.C + sign * shrink * r2;
      out[i] = core > 0 ? height * pow(core, power) : 0;
    }
  };
}

function radiusAt(m: number, scale: number, a: number, b: number, p: number): number {
  const { z, y } = betaQuantile(a, b, p);
  return scale * Math.sqrt(m > 1 ? z : z / y);
}

/** In the plane z = r^2 / scale^2 (or its fast-diffusion twin) is Beta(1, b): the mass beyond r is (1 - z)^b. */
function inPlane(m: number, scale: number, b: number): RadialMass {
  const s2 = scale * scale;
  const logRest = (r2: number): number => (m > 1 ? log1p(-Math.min(r2 / s2, 1)) : -log1p(r2 / s2));
  return {
    beyond: (r2) => exp(b * logRest(r2)),
    within: (r2) => -expm1(b * logRest(r2)),
    radius: m > 1 ? scale : Number.POSITIVE_INFINITY,
    scale,
  };
}

/** In space with u = r^2: f(u) = height (C - shrink u)^q, so int_u^inf f / 2 = height (C - shrink u)^{q+1} / (2 (q + 1) shrink). */
function inSpace(s: BarenblattShape, time: number): RadialDensity {
  const height = pow(time, -s.alpha);
  const shrink = s.k * pow(time, -2 * s.beta);
  const q = 1 / (s.m - 1);
  const core = (u: number): number => Math.max(0, s.C - shrink * u);
  return {
    density: (u) => height * pow(core(u), q),
    tail: (u) => (height * pow(core(u), q + 1)) / (2 * (q + 1) * shrink),
    radius: s.radius * pow(time, s.beta),
  };
}

/** Half of I_z(1/2, b) lies on each side of the centre. */
function onLine(m: number, scale: number, b: number, centre: number, mass: number): Pick<Law, "boxMass" | "quantile"> {
  // mass above distance r >= 0 on one side, relative
  const beyond = (r: number): number => {
    if (r === Number.POSITIVE_INFINITY) return 0;
    const s = (r / scale) * (r / scale);
    const z = m > 1 ? Math.min(s, 1) : s / (1 + s);
    const y = m > 1 ? Math.max((1 - r / scale) * (1 + r / scale), 0) : 1 / (1 + s);
    return 0.5 * betaRatio(b, 0.5, y, z);
  };
  const above = (x: number): number => (x >= 0 ? beyond(x) : 1 - beyond(-x));
  const below = (x: number): number => above(-x);
  return {
    boxMass: (n, lo, hi, out) => {
      for (let i = 0; i < n; i++) out[i] = mass * massBetween(below, above, 0, lo[i]! - centre, hi[i]! - centre);
    },
    quantile: (n, a, out) => {
      for (let i = 0; i < n; i++) {
        const level = a[i]!;
        const tail = Math.min(level, 1 - level);
        // 2 tail = I_y(b, 1/2) with y = 1 - z
        const { z: y, y: z } = betaQuantile(b, 0.5, 2 * tail);
        const r = scale * Math.sqrt(m > 1 ? z : z / y);
        out[i] = level < 0.5 ? centre - r : centre + r;
      }
    },
  };
}

export const barenblatt: Unit<"law"> = defineLaw({
  kind: "barenblatt",
  title: "Barenblatt profile",
  tex: "t^{-\\alpha}\\bigl(C - k |x|^2 t^{-2\\beta}\\bigr)_+^{1/(m-1)}",
  summary:
    "The self-similar solution of the porous medium equation (m > 1, compact support) or of fast diffusion (m < 1, power tails) at a given time, with the constant C fixed by the mass. Fast diffusion is refused for m <= d/(d+2), where the second moment is infinite.",
  refs: ["barenblatt1952", "vazquez2007", "otto2001"],
  params: {
    m: { type: "number", above: 0, not: 1, default: 2, doc: "exponent of d_t rho = Lap rho^m" },
    time: { type: "number", above: 0, default: 1, unit: "time", doc: "time since the mass sat in one point" },
    centre: { type: "vector", broadcast: true, default: [0], unit: "length", doc: "centre, one number per axis" },
    ...shared,
  },
  examples: [
    { dim: 1, params: { m: 2, time: 0.1 } },
    { dim: 2, params: { m: 3, time: 0.05, centre: [0.1, 0] } },
  ],
  build: (values, { dim }) => barenblattLaw(values.m, values.time, perAxis("centre", values.centre, dim, 0), values),
});
