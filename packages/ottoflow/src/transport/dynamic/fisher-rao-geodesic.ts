/** Fisher and Rao: mass changes where it stands, no point moves. Geodesics are arcs of great circles of the square roots of densities. [atkinson1981, chizat2018, liero2018] */
import type { As, Measure } from "../../contract.ts";
import { expectLength, expectNames, OttoflowError, specError } from "../../errors.ts";
import { acosh, atan2, exp, sin } from "../../kernels/math.ts";
import { massOf } from "../../measure/rows.ts";
import { cholesky, logDeterminant } from "../../numeric/dense.ts";
import { checkCovariance, expectSound } from "../sound.ts";
import { type Curve, checkTime } from "./curve.ts";
import { alongQuantiles, type Geodesic } from "./displacement.ts";

export interface FisherRao extends Curve {
  /** int sqrt(rho_0 rho_1): Bhattacharyya's coefficient times the mass */
  readonly affinity: number;
  /** length of the arc among measures of this mass: 2 sqrt(mass) arccos(affinity / mass), for the speed int (d_t rho)^2 / rho */
  readonly arc: number;
  /** int (sqrt(rho_0) - sqrt(rho_1))^2, the squared chord: Hellinger's distance without factors; where mass may change, 2 of it is the length */
  readonly hellinger2: number;
}
type Stored = As<"cells"> | As<"particles">;

/**
 * The geodesic of constant mass between two densities on the same cells, or weights on the same points:
 * sqrt(rho_t) = [sin((1 - t) theta) sqrt(rho_0) + sin(t theta) sqrt(rho_1)] / sin(theta). `straight` lets the mass dip along the chord instead:
 * sqrt(rho_t) = (1 - t) sqrt(rho_0) + t sqrt(rho_1).
 * @throws {UnsupportedError} for other storages, different points or masses (unless straight)
 */
export function fisherRaoGeodesic(from: Measure, to: Measure, options: { readonly straight?: boolean } = {}): FisherRao {
  expectNames("the Fisher-Rao geodesic", options, ["straight"]);
  const [a, b] = sameSupport(from, to);
  const [p, q] = [massesOf(a), massesOf(b)];
  const [ma, mb] = [massOf(a), massOf(b)];
  const straight = options.straight ?? false;
  if (!straight && !(ma > 0)) throw specError("from", "has no mass: among measures of one mass there must be some.");
  if (!straight && !(Math.abs(ma - mb) <= 1e-9 * Math.max(ma, mb)))
    throw new OttoflowError(
      "UnsupportedError",
      `masses are ${ma} and ${mb}: among measures of one mass they must be equal. Give { straight: true } to let it change.`,
      {
        missing: ["equal masses"],
      },
    );
  let [affinity, hellinger2] = [0, 0];
  for (let i = 0; i < p.length; i++) {
    const [u, v] = [Math.sqrt(p[i]!), Math.sqrt(q[i]!)];
    affinity += u * v;
    hellinger2 += (u - v) * (u - v);
  }
  const mass = 0.5 * (ma + mb);
  // half chord over radius: keeps the digits of small angles, where arccos loses half of them
  const half = 0.5 * Math.sqrt(hellinger2 / mass);
  const theta = 2 * atan2(half, Math.sqrt(Math.max(0, 1 - half * half)));
  const shares = (t: number): readonly [number, number] => {
    if (straight || theta < 1e-8) return [1 - t, t];
    return [sin((1 - t) * theta) / sin(theta), sin(t * theta) / sin(theta)];
  };
  return {
    label: straight ? "Hellinger chord" : "Fisher-Rao geodesic",
    affinity,
    arc: straight ? 2 * Math.sqrt(hellinger2) : 2 * Math.sqrt(mass) * theta,
    hellinger2,
    at(t) {
      const [s, r] = shares(checkTime(t));
      const mix = (x: ArrayLike<number>, y: ArrayLike<number>): Float64Array =>
        Float64Array.from({ length: x.length }, (_, i) => {
          const root = s * Math.sqrt(x[i]!) + r * Math.sqrt(y[i]!);
          return root * root;
        });
      return a.rep === "cells" ? { ...a, rho: mix(a.rho, (b as As<"cells">).rho) } : { ...a, weight: mix(a.weight, (b as As<"particles">).weight) };
    },
  };
}
function sameSupport(from: Measure, to: Measure): readonly [Stored, Stored] {
  expectSound("from", from, true);
  expectSound("to", to, true);
  if (from.rep === "cells" && to.rep === "cells") {
    expectLength("cells of the second measure", to.rho.length, from.rho.length);
    const [p, q] = [from.space.cells!, to.space.cells!];
    if (from.space !== to.space && !p.centre.every((c, e) => c === q.centre[e])) throw specError("to", "lives on other cells than the first measure.");
    return [from, to];
  }
  if (from.rep === "particles" && to.rep === "particles") {
    expectLength("points of the second measure", to.n, from.n);
    if (!from.x.every((c, e) => c === to.x[e])) throw specError("to", "has other points than the first measure: nothing moves in this geometry.");
    return [from, to];
  }
  throw new OttoflowError("UnsupportedError", `needs densities on the same cells or weights on the same points, got ${from.rep} and ${to.rep}.`, {
    missing: ["cells"],
  });
}
function massesOf(m: Stored): Float64Array {
  return m.rep === "cells" ? Float64Array.from(m.rho, (r, i) => r * m.space.cells!.volume[i]!) : Float64Array.from(m.weight);
}

/** Vertical against horizontal: between two densities on a line's cells, mass that changes where it stands beside mass that moves. Both geodesics, both lengths. */
export function verticalAndHorizontal(
  from: As<"cells">,
  to: As<"cells">,
): { readonly vertical: FisherRao; readonly horizontal: Geodesic; readonly arc: number; readonly w2: number } {
  const vertical = fisherRaoGeodesic(from, to);
  const horizontal = alongQuantiles(from, to);
  return { vertical, horizontal, arc: vertical.arc, w2: Math.sqrt(horizontal.value) };
}

/** int sqrt(N(m1, A) N(m2, B)) = det(A)^{1/4} det(B)^{1/4} det(M)^{-1/2} exp(-dm' M^{-1} dm / 8), M = (A + B) / 2. */
export function bhattacharyya(m1: ArrayLike<number>, A: ArrayLike<number>, m2: ArrayLike<number>, B: ArrayLike<number>): number {
  const d = m1.length;
  expectLength("second mean", m2.length, d);
  for (let k = 0; k < d; k++) if (!Number.isFinite(m1[k]! - m2[k]!)) throw specError(`mean[${k}]`, `got ${m1[k]} and ${m2[k]} when expected finite numbers.`);
  checkCovariance("first covariance", d, A);
  checkCovariance("second covariance", d, B);
  const M = Float64Array.from({ length: d * d }, (_, e) => 0.5 * (A[e]! + B[e]!));
  const L = cholesky(d, M);
  const u = new Float64Array(d);
  let square = 0;
  for (let i = 0; i < d; i++) {
    let s = m1[i]! - m2[i]!;
    for (let k = 0; k < i; k++) s -= L[i * d + k]! * u[k]!;
    u[i] = s / L[i * d + i]!;
    square += u[i]! * u[i]!;
  }
  return exp(0.25 * (logDeterminant(d, A) + logDeterminant(d, B)) - 0.5 * logDeterminant(d, M) - square / 8);
}
/** Rao's distance within the family of Gaussians on the line, N(m1, s1^2) to N(m2, s2^2): hyperbolic, never shorter than the arc through all densities. [atkinson1981] */
export function raoDistance(m1: number, s1: number, m2: number, s2: number): number {
  if (!(s1 > 0 && s2 > 0 && s1 + s2 < Number.POSITIVE_INFINITY)) throw specError("deviation", `got ${s1} and ${s2} when expected positive numbers.`);
  if (!Number.isFinite(m1 - m2)) throw specError("mean", `got ${m1} and ${m2} when expected finite numbers.`);
  const [dm, ds] = [m1 - m2, s1 - s2];
  return Math.SQRT2 * acosh(1 + (0.5 * dm * dm + ds * ds) / (2 * s1 * s2));
}
