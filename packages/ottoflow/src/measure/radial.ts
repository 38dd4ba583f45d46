import type { Law, Rows } from "../contract.ts";
import { normalQuantile } from "../kernels/math.ts";
import { gaussLegendre } from "../numeric/quadrature.ts";

/** Points centre + r e with e uniform on the sphere (from d uniforms by normal quantiles) and r from the last uniform. */
export function drawRadial(n: number, d: number, centre: readonly number[], u: Rows, radius: (p: number) => number, out: Rows): void {
  for (let i = 0; i < n; i++) {
    let r2 = 0;
    for (let k = 0; k < d; k++) {
      const z = normalQuantile(u[k * n + i]!);
      out[k * n + i] = z;
      r2 += z * z;
    }
    // u = 1/2 in all coordinates has no direction: the centre itself stands for it
    const f = r2 > 0 ? radius(u[d * n + i]!) / Math.sqrt(r2) : 0;
    for (let k = 0; k < d; k++) out[k * n + i] = centre[k]! + f * out[k * n + i]!;
  }
}

const rule = gaussLegendre(12);

/** A radial law in the plane through its masses within and beyond a radius, as functions of r^2, relative. */
export interface RadialMass {
  within(r2: number): number;
  beyond(r2: number): number;
  /** radius of the support, or infinity */
  readonly radius: number;
  /** typical length, where the two forms change places */
  readonly scale: number;
}

/**
 * Masses of boxes under a radial law in the plane, by Gauss's theorem: the field x G(r) / (2 pi r^2) has the law as its divergence when G is the mass within r, and so has
 * -x (1 - G) / (2 pi r^2) away from 0. The edge integrals are one-dimensional, broken where the front crosses; the second form keeps relative accuracy out in the tail.
 */
export function radialBoxMass(centre: readonly number[], mass: number, law: RadialMass): NonNullable<Law["boxMass"]> {
  return (n, lo, hi, out) => {
    for (let i = 0; i < n; i++) {
      const flux = planeFlux(law, lo[i]! - centre[0]!, hi[i]! - centre[0]!, lo[n + i]! - centre[1]!, hi[n + i]! - centre[1]!);
      out[i] = (mass * flux) / (2 * Math.PI);
    }
  };
}

/** 2 pi times the relative mass of the box [x0, x1] x [y0, y1] about the centre; exactly 0 beyond the front. */
export function planeFlux(law: RadialMass, x0: number, x1: number, y0: number, y1: number): number {
  const nearest = square(Math.max(x0, -x1, 0)) + square(Math.max(y0, -y1, 0));
  if (nearest >= law.radius * law.radius) return 0;
  const inner = nearest <= 0.25 * law.scale * law.scale;
  const flux = edge(law, inner, x1, y0, y1) - edge(law, inner, x0, y0, y1) + edge(law, inner, y1, x0, x1) - edge(law, inner, y0, x0, x1);
  // what flows in flows out where there is no mass, to rounding: no box holds less than nothing
  return Math.max(0, flux);
}
const square = (v: number): number => v * v;

/** int_a^b X g(X^2 + s^2) / (X^2 + s^2) ds along the line at distance X, g = G or -(1 - G). */
function edge(law: RadialMass, inner: boolean, X: number, a: number, b: number): number {
  if (X === 0) return 0;
  const chord = Math.abs(X) < law.radius && law.radius < Number.POSITIVE_INFINITY ? Math.sqrt((law.radius - X) * (law.radius + X)) : Number.NaN;
  const cuts = [a, b];
  for (const c of [-chord, chord, -Math.abs(X), Math.abs(X), 0]) if (c > a && c < b) cuts.push(c);
  cuts.sort((p, q) => p - q);
  let s = 0;
  for (let j = 1; j < cuts.length; j++) s += piece(law, inner, X, cuts[j - 1]!, cuts[j]!, chord);
  return s;
}

/** One smooth piece; steps shrink quadratically towards a front at its end, where the mass vanishes like a power. */
function piece(law: RadialMass, inner: boolean, X: number, a: number, b: number, chord: number): number {
  const front = b === chord ? 1 : a === -chord ? -1 : 0;
  let s = 0;
  for (let q = 0; q < rule.n; q++) {
    const v = rule.at[q]!;
    const t = front === 1 ? 1 - v * v : front === -1 ? v * v : v;
    const w = front === 0 ? 1 : 2 * v;
    const y = a + (b - a) * t;
    const r2 = X * X + y * y;
    s += (rule.weight[q]! * w * (inner ? law.within(r2) : -law.beyond(r2))) / r2;
  }
  return X * (b - a) * s;
}
