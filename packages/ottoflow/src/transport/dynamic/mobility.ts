/**
 * How much mass may move where the density is r: the flux m costs |m|^p / (p M(r)^(p-1)) with M concave on [0, top]. M(r) = r is
 * optimal transport; a top is a cap on the density; M(r) = r (1 - r / top) is volume exclusion. [dolbeault2009]
 */
import { specError } from "../../errors.ts";

export interface Mobility {
  readonly tex: string;
  /** largest density allowed */
  readonly top: number;
  /** M(r) = r below the top */
  readonly linear: boolean;
  /** M(r) <= r, so that every action is at least that of optimal transport */
  readonly belowIdentity: boolean;
  value(r: number): number;
  slope(r: number): number;
  /** the r in [0, top] with the largest r a + M(r) e, e >= 0; Infinity where there is no bound */
  answer(a: number, e: number): number;
}

/** M(r) = r for r <= cap. */
export function linearMobility(cap: number = Number.POSITIVE_INFINITY): Mobility {
  if (!(cap > 0)) throw specError("cap", `got ${cap} when expected a positive density.`);
  return {
    tex: cap < Number.POSITIVE_INFINITY ? `\\rho,\\ \\rho \\le ${cap}` : "\\rho",
    top: cap,
    linear: true,
    belowIdentity: true,
    value: (r) => r,
    slope: () => 1,
    answer: (a, e) => (a + e > 0 ? cap : 0),
  };
}

/** M(r) = r (1 - r / top). */
export function exclusionMobility(top: number): Mobility {
  if (!(top > 0 && top < Number.POSITIVE_INFINITY)) throw specError("top", `got ${top} when expected a positive density.`);
  return {
    tex: `\\rho (1 - \\rho / ${top})`,
    top,
    linear: false,
    belowIdentity: true,
    value: (r) => r * (1 - r / top),
    slope: (r) => 1 - (2 * r) / top,
    answer: (a, e) => (e > 0 ? Math.min(Math.max((top * (a + e)) / (2 * e), 0), top) : a > 0 ? top : 0),
  };
}

/**
 * Any concave M >= 0 on [0, top], by its value and slope.
 * @throws {SpecError} where M is negative or its slope rises at one of 257 points looked at
 */
export function concaveMobility(m: { readonly tex: string; readonly top: number; value(r: number): number; slope(r: number): number }): Mobility {
  const { top, value, slope } = m;
  if (!(top > 0 && top < Number.POSITIVE_INFINITY)) throw specError("top", `got ${top} when expected a positive density: a mobility of one's own needs one.`);
  let before = Number.POSITIVE_INFINITY;
  let below = true;
  for (let i = 0; i <= 256; i++) {
    const r = (top * i) / 256;
    const s = slope(r);
    if (!(value(r) >= 0)) throw specError("mobility", `is ${value(r)} at the density ${r} when expected a number of at least 0.`);
    if (i > 0 && i < 256 && !(s <= before + 1e-12 * Math.max(1, Math.abs(before))))
      throw specError("mobility", `is not concave: its slope rises to ${s} at the density ${r}.`);
    before = s;
    if (value(r) > r * (1 + 1e-15)) below = false;
  }
  return {
    tex: m.tex,
    top,
    linear: false,
    belowIdentity: below && slope(0) <= 1,
    value,
    slope,
    answer(a, e) {
      let lo = 0;
      let hi = top;
      if (!(a + slope(lo) * e > 0)) return 0;
      if (a + slope(hi) * e >= 0) return top;
      for (let i = 0; i < 200 && hi - lo > 1e-15 * top; i++) {
        const mid = (lo + hi) / 2;
        if (a + slope(mid) * e > 0) lo = mid;
        else hi = mid;
      }
      return (lo + hi) / 2;
    },
  };
}

/** The same mobility for densities in units of `unit`. */
export function inUnits(m: Mobility, unit: number): Mobility {
  return {
    tex: m.tex,
    top: m.top / unit,
    linear: m.linear,
    belowIdentity: m.belowIdentity,
    value: (r) => m.value(r * unit) / unit,
    slope: (r) => m.slope(r * unit),
    answer: (a, e) => m.answer(a, e) / unit,
  };
}

/** sup over r of r a + M(r) e, given the r that attains it. */
export function conjugateAt(m: Mobility, a: number, e: number): number {
  if (m.linear && m.top === Number.POSITIVE_INFINITY) return a + e > 0 ? Number.POSITIVE_INFINITY : 0;
  const r = m.answer(a, e);
  return r * a + m.value(r) * e;
}
