/**
 * Derivatives of exact transport by the envelope theorem [danskin1966]: at the optimum, the plan and the potentials may be held fixed.
 * Where several plans or potentials are optimal the value has a kink, and these are one of its one-sided slopes.
 */
import type { Coupling, Plan, Rows, Transport } from "../contract.ts";
import { OttoflowError } from "../errors.ts";
import { expm1, pow } from "../kernels/math.ts";
import { exactSum } from "./problem.ts";

export interface ExactGradient {
  /** of the value in the positions of both sides, [d * n] and [d * m]: sum_j P_ij dc(x_i, y_j)/dx_i and its mirror image */
  readonly positions: readonly [Float64Array, Float64Array];
  /**
   * of what is minimised, in the weights of both sides: f and g where both marginals are equal, and only differences within a side count, since both masses
   * must change alike; lambda (1 - e^(-f / lambda)) where KL draws a side by lambda; f + the price of mass where a given mass is moved
   */
  readonly weights: readonly [Float64Array, Float64Array];
  /** the potentials are unique up to one constant; else `weights` is one of several subgradients (the note says so) */
  readonly unique: boolean;
  readonly notes: readonly string[];
}
/**
 * Gradient of what p minimises, at the coupling that was found. Points without mass move freely and have the potential of their c-transform.
 * @throws {UnsupportedError} without plan or feasible potentials, where a side is at most its measure and all of it moves (the value has a kink there), and for
 *   costs other than |x - y|^p with p finite
 */
export function exactGradient(p: Transport, found: Coupling): ExactGradient {
  const { plan, potentials } = found;
  const missing = [...(plan?.sparse ? [] : ["a sparse plan"]), ...(potentials?.kind === "feasible" ? [] : ["feasible potentials"])];
  if (!plan || !potentials || missing.length > 0)
    throw new OttoflowError("UnsupportedError", `Derivatives of exact transport: need ${missing.join(" and ")}.`, { missing });
  // a side that is drawn by KL has the potential that its mass asks for, and the other side follows
  const drawn = p.marginals.some((m) => m.kind === "kl");
  const unique = drawn || potentials.components === 1;
  return {
    positions: positionGradient(p, plan),
    weights: [weightGradient(p, found, 0), weightGradient(p, found, 1)],
    unique,
    notes: unique
      ? []
      : [
          `The used pairs fall into ${potentials.components} parts: the gradient in the weights is one subgradient, exact for changes that keep the mass of every part.`,
        ],
  };
}

function weightGradient(p: Transport, { potentials, figures }: Coupling, side: 0 | 1): Float64Array {
  const potential = side === 0 ? potentials!.f : potentials!.g;
  const bound = p.marginals[side]!;
  if (bound.kind === "equal") return potential.slice();
  if (bound.kind === "kl") return potential.map((f) => -bound.weight * expm1(-f / bound.weight));
  const masses = massesOf(side === 0 ? p.from : p.to);
  if (!(exactSum(masses) > (figures.moved ?? Number.NaN) * (1 + 1e-12)))
    throw new OttoflowError("UnsupportedError", "Derivatives of partial transport: need mass that stays on every side that is at most its measure.", {
      missing: ["mass that stays"],
    });
  // some point keeps mass, and its potential is minus the price of staying: the largest there is
  const price = potential.reduce((s, v, i) => (masses[i]! > 0 ? Math.max(s, v) : s), Number.NEGATIVE_INFINITY);
  return potential.map((v) => Math.min(0, v - price));
}
function massesOf(m: Transport["from"]): ArrayLike<number> {
  if (m.rep === "particles") return m.weight;
  if (m.rep === "cells") return Float64Array.from(m.rho, (r, i) => r * m.space.cells!.volume[i]!);
  throw new OttoflowError("UnsupportedError", `Derivatives of exact transport: a ${m.rep} has no weights.`, { missing: ["points"] });
}
const pointsOf = (m: Transport["from"]): { n: number; x: Rows } => {
  if (m.rep === "particles") return { n: m.n, x: m.x };
  if (m.rep === "cells") return { n: m.space.cells!.n, x: m.space.cells!.centre };
  throw new OttoflowError("UnsupportedError", `Derivatives of transport: a measure stored as ${m.rep} has no points.`, { missing: ["points"] });
};
/**
 * sum_j P_ij p |x_i - y_j|^(p - 2) (x_i - y_j), and minus that summed over i: over the pairs that are used. Where two points coincide, p = 1 has a cone of
 * slopes, of which 0 is taken.
 */
export function positionGradient(p: Transport, plan: Plan): readonly [Float64Array, Float64Array] {
  const { power } = p.cost;
  if (power === undefined || !Number.isFinite(power) || !plan.sparse)
    throw new OttoflowError("UnsupportedError", "Derivatives in the positions need a cost |x - y|^p with p finite, and a sparse plan.", { missing: ["power"] });
  const [{ n, x }, { n: m, x: y }] = [pointsOf(p.from), pointsOf(p.to)];
  const d = p.from.space.dim;
  const [gx, gy] = [new Float64Array(d * n), new Float64Array(d * m)];
  const { from, to, mass } = plan.sparse;
  const r = new Float64Array(d);
  for (let e = 0; e < from.length; e++) {
    const [i, j] = [from[e]!, to[e]!];
    let r2 = 0;
    for (let k = 0; k < d; k++) {
      r[k] = x[k * n + i]! - y[k * m + j]!;
      r2 += r[k]! * r[k]!;
    }
    const s = mass[e]! * slope(power, r2);
    for (let k = 0; k < d; k++) {
      gx[k * n + i] = gx[k * n + i]! + s * r[k]!;
      gy[k * m + j] = gy[k * m + j]! - s * r[k]!;
    }
  }
  return [gx, gy];
}
/** p |r|^(p - 2) */
function slope(p: number, r2: number): number {
  if (p === 2) return 2;
  if (r2 === 0) return 0;
  return p === 1 ? 1 / Math.sqrt(r2) : p * pow(r2, 0.5 * (p - 2));
}
