import type { Law, Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { exp, expm1, pow } from "../kernels/math.ts";
import { barenblattLaw, barenblattShape } from "../measure/barenblatt.ts";
import { relaxed } from "./affine.ts";
import { attractionOf, formsOf, isOpen, isTransport, quadraticOf, sharedOf } from "./match.ts";

/** W2 between the Barenblatt profiles of mass one at t0 and t1: a dilation is optimal, |t1^beta - t0^beta| sqrt(M2(1)). */
export function barenblattDistance(m: number, d: number, t0: number, t1: number): number {
  const { beta, secondMoment } = barenblattShape(m, d);
  return Math.abs(pow(t1, beta) - pow(t0, beta)) * Math.sqrt(secondMoment);
}
/** Speed of the front |x| = R(t): beta R / t. */
export function frontSpeed(m: number, d: number, t: number): number {
  const { beta, radius } = barenblattShape(m, d);
  return (beta * radius * pow(t, beta)) / t;
}

/** Steady state of d_t rho = Lap rho^m + div(x rho), mass one. */
export interface ConfinedSteady {
  readonly radius: number;
  readonly peak: number;
  readonly secondMoment: number;
  /** int rho^m / (m - 1) + M2 / 2 */
  readonly energy: number;
  /** the steady state is the Barenblatt profile at this time */
  readonly time: number;
  readonly beta: number;
}
/** The steady state (C - (m - 1)|x|^2 / 2m)_+^{1/(m-1)} is the Barenblatt profile at the time beta, where its spreading balances the drift. */
export function confinedSteady(m: number, d: number): ConfinedSteady {
  const s = barenblattShape(m, d);
  const time = s.beta;
  const scale = pow(time, s.beta);
  const secondMoment = s.secondMoment * scale * scale;
  const power = s.powerIntegral * pow(time, -d * s.beta * (m - 1));
  return { radius: s.radius * scale, peak: s.peak * pow(time, -s.alpha), secondMoment, energy: power / (m - 1) + 0.5 * secondMoment, time, beta: s.beta };
}
/** Inside the family lam^-d rho_inf(x / lam): lam(t)^{1/beta} = 1 + (lam0^{1/beta} - 1) e^{-t/beta}, the distance to rho_inf and the energy above its minimum. */
export function confinedFamily(
  m: number,
  d: number,
  lam0: number,
  t: number,
): { readonly lam: number; readonly radius: number; readonly peak: number; readonly w2: number; readonly excess: number } {
  const s = confinedSteady(m, d);
  const lam = pow(1 + (pow(lam0, 1 / s.beta) - 1) * exp(-t / s.beta), s.beta);
  const internal = s.energy - 0.5 * s.secondMoment;
  const dilate = pow(lam, -d * (m - 1));
  return {
    lam,
    radius: lam * s.radius,
    peak: s.peak * pow(lam, -d),
    w2: Math.abs(1 - lam) * Math.sqrt(s.secondMoment),
    excess: internal * (dilate - 1) + 0.5 * s.secondMoment * (lam * lam - 1),
  };
}

/**
 * d_t rho = f Lap rho^m + lam div((x - b) rho), from the Barenblatt profile at s0 about c0: still a Barenblatt profile. With u the solution without drift,
 * rho(t, x) = e^{d lam t} u(s, b + e^{lam t}(x - b)), s = s0 + f (beta/lam)(e^{lam t / beta} - 1), so the profile's time is s e^{-lam t / beta}.
 */
export function profileTime(beta: number, f: number, lam: number, s0: number, t: number): number {
  if (lam === 0) return s0 + f * t;
  const rate = lam / beta;
  return s0 * exp(-rate * t) - (f * expm1(-rate * t)) / rate;
}

/** The pieces both finders ask for: one power part that fits the profile, the potential lam |x|^2/2 - g'x + c, a quadratic attraction (kappa already times the mass). */
export interface PowerProblem {
  readonly factor: number;
  readonly lam: number;
  readonly kappa: number;
  readonly g: ArrayLike<number>;
  readonly c: number;
}
export function powerProblem(p: Problem): PowerProblem | null {
  const forms = formsOf(p);
  const profile = p.initial.barenblatt;
  const power = forms?.local.length === 1 ? forms.local[0]!.power : undefined;
  if (!forms || !profile || !power || power.m !== profile.m || !isTransport(p) || !isOpen(p)) return null;
  const d = p.space.dim;
  const V = quadraticOf(forms.field, d);
  const kappa = attractionOf(forms.pair);
  if (!V || kappa === null) return null;
  const lam = V.A[0]!;
  if (!V.A.every((a, i) => a === (i % (d + 1) === 0 ? lam : 0))) return null;
  return { factor: power.factor, lam, kappa: kappa * p.initial.mass, g: V.g, c: V.c };
}

/** Centre and profile time after a time t: the centre feels the potential only, the shape also the attraction. */
export function barenblattState(initial: Law, q: PowerProblem, t: number): { readonly time: number; readonly centre: readonly number[] } {
  const { m, time, centre } = initial.barenblatt!;
  const { beta } = barenblattShape(m, centre.length, initial.mass);
  const keep = exp(-q.lam * t);
  return { time: profileTime(beta, q.factor, q.lam + q.kappa, time, t), centre: centre.map((x, k) => keep * x + q.g[k]! * relaxed(q.lam, t)) };
}
export function barenblattFlow(initial: Law, q: PowerProblem, t: number): Law {
  const now = barenblattState(initial, q, t);
  return barenblattLaw(initial.barenblatt!.m, now.time, now.centre, sharedOf(initial));
}
/** Internal energy, spread in trap and attraction, and the potential at the centre. */
export function barenblattEnergy(initial: Law, q: PowerProblem, t: number): number {
  const { m, centre } = initial.barenblatt!;
  const s = barenblattShape(m, centre.length, initial.mass);
  const now = barenblattState(initial, q, t);
  const at = now.centre.reduce((sum, x, k) => sum + 0.5 * q.lam * x * x - q.g[k]! * x, q.c);
  const internal = (q.factor / (m - 1)) * s.powerIntegral * pow(now.time, -s.d * s.beta * (m - 1));
  return internal + 0.5 * (q.lam + q.kappa) * s.secondMoment * pow(now.time, 2 * s.beta) + initial.mass * at;
}

export const porousMedium: Unit<"exact"> = defineExact({
  kind: "porous-medium",
  title: "Barenblatt's solution of porous medium and fast diffusion",
  tex: "\\rho = t^{-\\alpha}\\bigl(C - k |x|^2 t^{-2\\beta}\\bigr)_+^{1/(m-1)}",
  summary: "The power energy alone, started from a Barenblatt profile of the same exponent: the profile at a later time, with its front where m > 1.",
  refs: ["barenblatt1952", "otto2001", "vazquez2007"],
  params: {},
  examples: [],
  fits: { parts: ["local"], start: "barenblatt" },
  build: () => (p: Problem) => {
    const q = powerProblem(p);
    if (q?.lam !== 0 || q.kappa !== 0 || !Array.from(q.g).every((g) => g === 0)) return null;
    return {
      label: "porous-medium",
      title: p.initial.barenblatt!.m > 1 ? "Barenblatt's solution of the porous medium equation" : "Barenblatt's solution of fast diffusion",
      refs: ["barenblatt1952", "otto2001"],
      law: (t) => barenblattFlow(p.initial, q, t - p.start),
      energy: (t) => barenblattEnergy(p.initial, q, t - p.start),
    };
  },
});
