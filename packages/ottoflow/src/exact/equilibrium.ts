/** The measure at which a flow comes to rest, where the facts of its problem give it in closed form. */
import type { Field, Law, Problem } from "../contract.ts";
import { isOttoflowError } from "../errors.ts";
import { exp } from "../kernels/math.ts";
import { densityLaw } from "../measure/density-law.ts";
import { pointsLaw } from "../measure/points.ts";

export interface Equilibrium {
  readonly law: Law;
  readonly title: string;
  readonly because: string;
  /** T of Gibbs' measure exp(-V / T) / Z; none for the target of discrepancies */
  readonly temperature?: number;
  /** the box of the problem, or one that all but exp(-36) of the density's maximum lies in */
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** Discrepancies to one law and nothing else: they are least there, and there only. */
function atTarget(p: Problem): Equilibrium | null {
  const target = p.parts[0]?.target;
  if (!target?.least?.value || p.parts.some((part) => part.target?.law !== target.law || !part.target.least?.value)) return null;
  const { law, points } = target;
  const moments = law.moments ?? (points && pointsLaw(law.dim, points.n, points.x, points.weight).moments);
  if (!moments) return null;
  const reach = moments.mean.map((_, k) => REACH * Math.sqrt(moments.cov[k * law.dim + k]!));
  const { grid } = p.space;
  return {
    law,
    lower: grid?.lower ?? moments.mean.map((m, k) => m - reach[k]!),
    upper: grid?.lower.map((a, k) => a + grid.h[k]! * grid.shape[k]!) ?? moments.mean.map((m, k) => m + reach[k]!),
    title: "target",
    because: `the energy is least at its target (${target.least.how}: ${target.least.because})`,
  };
}
/** standard deviations of a target that are shown to each side */
const REACH = 4.5;

/**
 * The target of discrepancies; else Gibbs' measure exp(-V / T) / Z of entropies of temperature T and potentials V that stand still, in a geometry that keeps mass and sign: the only
 * critical point of F. Null for other energies, for drifts, above two dimensions, and where V does not confine. [jko1998]
 */
export function equilibriumOf(p: Problem): Equilibrium | null {
  const dim = p.space.dim;
  if (dim > 2 || p.drift.length > 0 || !p.geometry.promises.includes("mass") || !p.geometry.promises.includes("positivity")) return null;
  if (p.space.grid?.periodic.some((wraps) => wraps)) return null;
  const target = atTarget(p);
  if (target) return target;
  let temperature = 0;
  const fields: Field[] = [];
  for (const part of p.parts) {
    if (part.form === "local" && part.noise !== undefined && part.cap === undefined) temperature += part.noise;
    else if (part.form === "field" && !part.moving) fields.push(part);
    else return null;
  }
  if (!(temperature > 0)) return null;
  const potential = (n: number, x: Float64Array, out: Float64Array): void => {
    const own = new Float64Array(n);
    out.fill(0);
    for (const field of fields) {
      field.value(n, x, p.start, own);
      for (let i = 0; i < n; i++) out[i] = out[i]! + own[i]!;
    }
  };
  try {
    const window = windowOf(p, dim, temperature, potential);
    if (!window) return null;
    const { lower, upper, least } = window;
    const law = densityLaw(
      lower,
      upper,
      (n, x, out) => {
        const v = new Float64Array(n);
        potential(n, Float64Array.from(x), v);
        for (let i = 0; i < n; i++) out[i] = exp((least - v[i]!) / temperature);
      },
      { mass: p.initial.mass },
      "e^{-V/T}/Z",
      p.space.grid?.shape,
    );
    return { law, lower, upper, temperature, title: "equilibrium", because: `Gibbs' measure exp(-V/${temperature}) / Z, by quadrature of Z` };
  } catch (error) {
    if (isOttoflowError(error)) return null;
    throw error;
  }
}

interface Window {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** least value of V seen */
  readonly least: number;
}
const GRID = 64;
/** exp of minus this is nothing beside one */
const FALL = 36;

/** The box of the problem; in free space one that grows from the start until V is 36 T above its least value on the whole edge. */
function windowOf(p: Problem, dim: number, temperature: number, potential: (n: number, x: Float64Array, out: Float64Array) => void): Window | null {
  const { grid } = p.space;
  const n = dim === 1 ? GRID : GRID * GRID;
  /** index of point i along axis k */
  const place = (i: number, k: number): number => (k === 0 ? i : Math.floor(i / GRID)) % GRID;
  const look = (lower: readonly number[], upper: readonly number[]): { least: number; edge: number; x: Float64Array; v: Float64Array } => {
    const x = new Float64Array(dim * n);
    const v = new Float64Array(n);
    for (let i = 0; i < n; i++) for (let k = 0; k < dim; k++) x[k * n + i] = lower[k]! + ((upper[k]! - lower[k]!) * place(i, k)) / (GRID - 1);
    potential(n, x, v);
    let [least, edge] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < n; i++) {
      least = Math.min(least, v[i]!);
      for (let k = 0; k < dim; k++) {
        const at = place(i, k);
        if (at === 0 || at === GRID - 1) edge = Math.min(edge, v[i]!);
      }
    }
    return { least, edge, x, v };
  };
  if (grid) {
    const lower = grid.lower;
    const upper = lower.map((a, k) => a + grid.h[k]! * grid.shape[k]!);
    return { lower, upper, least: look(lower, upper).least };
  }
  for (let half = 1; half < 1e9; half *= 1.5) {
    const upper = Array.from({ length: dim }, () => half);
    const lower = upper.map((v) => -v);
    const { least, edge } = look(lower, upper);
    if (edge - least > FALL * temperature) return tightened({ lower, upper, least });
  }
  return null;

  /** without the wide margins where nothing is */
  function tightened(wide: Window): Window {
    let now = wide;
    for (let pass = 0; pass < 6; pass++) {
      const { x, v, least } = look(now.lower, now.upper);
      const ends = now.lower.map((_, k) => {
        const step = (now.upper[k]! - now.lower[k]!) / (GRID - 1);
        let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        for (let i = 0; i < n; i++) {
          if (v[i]! - least > FALL * temperature) continue;
          lo = Math.min(lo, x[k * n + i]! - step);
          hi = Math.max(hi, x[k * n + i]! + step);
        }
        return [Math.max(lo, now.lower[k]!), Math.min(hi, now.upper[k]!)] as const;
      });
      now = { lower: ends.map(([lo]) => lo), upper: ends.map(([, hi]) => hi), least: Math.min(least, now.least) };
    }
    return now;
  }
}
