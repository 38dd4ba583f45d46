import type { Local } from "../../contract.ts";
import { exp, log, pow } from "../../kernels/math.ts";
import { inner, times } from "../matrix.ts";
import type { Base, GaussianTerm } from "./term.ts";

/**
 * int U(rho) of a Gaussian as a function f of log det(cov): for temperature eps (U = eps r log r + c r)
 * f = eps M (log M - d log(2 pi e) / 2 - log det / 2) + c M, for powers f ~ exp(-(m - 1) log det / 2).
 * null for other U, which have no closed form.
 */
export function localTerm(part: Local, base: Base): GaussianTerm | null {
  const f = part.noise !== undefined ? noiseOf(part, base, part.noise) : part.power ? powerOf(base, part.power.m, part.power.factor) : null;
  if (!f) return null;
  const { d } = base;
  const a = new Float64Array(d * d);
  const b = new Float64Array(d * d);
  const fact = part.noise !== undefined ? part.noise >= 0 : part.mccann?.(d).value === true;
  const level = (logDetZ: number): number => base.logDet + 2 * logDetZ;
  return {
    modulus: fact ? 0 : null,
    closure: part.noise !== undefined ? null : `${part.label} does not keep Gaussians Gaussian`,
    value: (p) => f.value(level(p.logDet)),
    gradient(p, _mean, G) {
      const c = 2 * f.slope(level(p.logDet));
      for (let i = 0; i < d * d; i++) G[i] = G[i]! + c * p.inverse[i]!;
    },
    apply(p, _u, D, _mean, G) {
      const l = level(p.logDet);
      times(d, p.inverse, D, a);
      times(d, a, p.inverse, b);
      const c = 4 * f.curvature(l) * inner(d, p.inverse, D);
      const e = 2 * f.slope(l);
      for (let i = 0; i < d * d; i++) G[i] = G[i]! + c * p.inverse[i]! - e * b[i]!;
    },
  };
}

interface OfLogDet {
  value(l: number): number;
  slope(l: number): number;
  curvature(l: number): number;
}

function noiseOf(part: Local, { d, mass }: Base, eps: number): OfLogDet {
  const at = Float64Array.of(1);
  part.U(1, at, at);
  const fixed = eps * mass * (log(mass) - 0.5 * d * (log(2 * Math.PI) + 1)) + at[0]! * mass;
  return { value: (l) => fixed - 0.5 * eps * mass * l, slope: () => -0.5 * eps * mass, curvature: () => 0 };
}

function powerOf({ d, mass }: Base, m: number, factor: number): OfLogDet {
  const e = -0.5 * (m - 1);
  const front = (factor / (m - 1)) * pow(mass, m) * pow(2 * Math.PI, d * e) * pow(m, -0.5 * d);
  const value = (l: number): number => front * exp(e * l);
  return { value, slope: (l) => e * value(l), curvature: (l) => e * e * value(l) };
}
