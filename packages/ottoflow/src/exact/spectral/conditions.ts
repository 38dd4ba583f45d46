/** What the spectral reference asks of a potential and a start on the line. */
import type { Law, Map1 } from "../../contract.ts";
import { log } from "../../kernels/math.ts";
import { least } from "../../kernels/reductions.ts";
import { gauss5 } from "../../measure/quadrature.ts";

/** A window around the places where V is low and the initial law sits: outside, exp(-V / 2 eps) and the initial density are below 1e-16 of their peaks. */
export function windowOf(V: Map1, eps: number, initial: Law): [number, number] | null {
  const step = 1 / 16;
  const x = Float64Array.from({ length: 2 * 1024 + 1 }, (_, i) => (i - 1024) * step);
  const v = new Float64Array(x.length);
  const r = new Float64Array(x.length);
  V(x.length, x, v);
  initial.density!(x.length, x, r);
  const low = least(v.length, v);
  const peak = r.reduce((a, b) => Math.max(a, b), 0);
  const matters = (i: number): boolean => v[i]! - low < 78 * eps || r[i]! > 1e-17 * peak;
  let [a, b] = [0, x.length - 1];
  while (a < b && !matters(a)) a++;
  while (b > a && !matters(b)) b--;
  return a === 0 || b === x.length - 1 || !(peak > 0) ? null : [x[a]! - step, x[b]! + step];
}

/**
 * Rounding of u comes back in rho times exp(-V / 2 eps): for eleven digits rho_0 exp((V - min V) / 2 eps) may be 1e5 times the peak of rho_0 and no more.
 * Laws with tails far above those of Gibbs' measure, or far out where V is high, are not for this method.
 */
export function startsTame(V: Map1, eps: number, initial: Law, [a, b]: readonly [number, number]): boolean {
  const n = 513;
  const x = Float64Array.from({ length: n }, (_, i) => a + ((b - a) * i) / (n - 1));
  const [v, r] = [new Float64Array(n), new Float64Array(n)];
  V(n, x, v);
  initial.density!(n, x, r);
  const low = least(v.length, v);
  const peak = r.reduce((s, w) => Math.max(s, w), 0);
  return r.every((w, i) => w === 0 || log(w / peak) + (v[i]! - low) / (2 * eps) < 11.5);
}
/** Where V' jumps, as at the kink of |x|, V'' has an atom that its values do not show: then V'' does not integrate to V' over some panel. */
export function isSmooth(dV: Map1, d2V: Map1, [a, b]: readonly [number, number]): boolean {
  const panels = 1024;
  const at = (i: number): number => a + ((b - a) * i) / panels;
  const ends = Float64Array.from({ length: panels + 1 }, (_, i) => at(i));
  const inner = Float64Array.from({ length: 5 * panels }, (_, q) => at(Math.floor(q / 5)) + ((b - a) / panels) * 0.5 * (1 + gauss5.x[q % 5]!));
  const [d1, d2] = [new Float64Array(ends.length), new Float64Array(inner.length)];
  dV(ends.length, ends, d1);
  d2V(inner.length, inner, d2);
  const size = d1.reduce((s, v) => Math.max(s, Math.abs(v)), 0);
  for (let i = 0; i < panels; i++) {
    let gain = 0;
    for (let q = 0; q < 5; q++) gain += gauss5.w[q]! * d2[5 * i + q]! * ((b - a) / panels);
    if (!(Math.abs(d1[i + 1]! - d1[i]! - gain) <= 1e-10 * size)) return false;
  }
  return true;
}
/** A bounded box must not cut the Gibbs measure: its density at the walls is below 1e-13 of its peak. */
export function wallsBeyond(V: Map1, eps: number, a: number, b: number): boolean {
  const x = Float64Array.from({ length: 513 }, (_, i) => a + ((b - a) * i) / 512);
  const v = new Float64Array(513);
  V(513, x, v);
  const low = least(v.length, v);
  return Math.min(v[0]!, v[512]!) - low > 30 * eps;
}
