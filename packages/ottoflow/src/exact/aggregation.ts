/** Closed forms of aggregation equations d_t rho = div(rho grad(W * rho)), A8: evaluators for tests, figures and benchmarks, and the finder. */
import type { ExactFlow, Law, Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { cos, exp, log, pow } from "../kernels/math.ts";
import { semicircleLaw } from "../measure/semicircle.ts";
import { uniformBall } from "../measure/uniform.ts";
import { relaxed } from "./affine.ts";
import { formsOf, isOpen, isTransport, quadraticOf, sharedOf } from "./match.ts";

/** Two equal atoms at +-r0 under W = |x|^p / p: r' = -(2r)^{p-1} / 2, so r = r0 / (1 + 2 r0 t) for p = 3. They meet in finite time for p < 2. */
export function twoAtoms(p: number, r0: number, t: number): number {
  if (p === 2) return r0 * exp(-t);
  const z = pow(2 * r0, 2 - p) - (2 - p) * t;
  return z <= 0 && p < 2 ? 0 : 0.5 * pow(z, 1 / (2 - p));
}

/** Distance of two equal atoms under W = x^4/4 - x^2/2: z^2 = 1 / (1 + (1/z0^2 - 1) e^{-2t}). */
export function doubleWellPair(z0: number, t: number): number {
  return 1 / Math.sqrt(1 + (1 / (z0 * z0) - 1) * exp(-2 * t));
}

/** Radius of a semicircle under W = kap x^2/2 - c log|x| on the line: R^2 relaxes to 2c/kap at the rate 2 kap. */
export function semicircleRadius(kap: number, c: number, R0: number, t: number): number {
  const rest = (2 * c) / kap;
  return Math.sqrt(rest + (R0 * R0 - rest) * exp(-2 * kap * t));
}
/** Energy of the semicircle of radius R under the same kernel, mass one: kap R^2/8 - (c/2)(log(R/2) - 1/4). */
export function semicircleEnergy(kap: number, c: number, R: number): number {
  return (kap * R * R) / 8 - 0.5 * c * (log(R / 2) - 0.25);
}

/** Zeros of the Hermite polynomial H_N, ascending: Newton on the orthonormal recurrence from the last two zeros. */
export function hermiteZeros(N: number): Float64Array {
  const x = new Float64Array(N);
  const half = (N + 1) >> 1;
  for (let i = 0; i < half; i++) {
    let z: number;
    if (i === 0) z = Math.sqrt(2 * N + 1) - 1.85575 * pow(2 * N + 1, -1 / 6);
    else if (i === 1) z = x[N - 1]! - (1.14 * pow(N, 0.426)) / x[N - 1]!;
    else if (i === 2) z = 1.86 * x[N - 2]! - 0.86 * x[N - 1]!;
    else if (i === 3) z = 1.91 * x[N - 3]! - 0.91 * x[N - 2]!;
    else z = 2 * x[N - i]! - x[N - i + 1]!;
    for (let it = 0; it < 60; it++) {
      let before = 0;
      let now = 1;
      for (let k = 1; k <= N; k++) [before, now] = [now, z * now * Math.sqrt(2 / k) - before * Math.sqrt((k - 1) / k)];
      const step = now / (Math.sqrt(2 * N) * before);
      z -= step;
      if (Math.abs(step) <= 1e-16 * (1 + Math.abs(z))) break;
    }
    x[N - 1 - i] = z;
    x[i] = -z;
  }
  if (N % 2 === 1) x[half - 1] = 0;
  return x;
}
/** Where N equal particles rest under W = kap x^2/2 - c log|x|: Hermite zeros times sqrt(c / (kap N)). */
export function logGasEquilibrium(kap: number, c: number, N: number): Float64Array {
  const scale = Math.sqrt(c / (kap * N));
  return hermiteZeros(N).map((z) => z * scale);
}
/** (1 / 2N^2) sum_{i != j} W(x_i - x_j) of the same kernel. */
export function logGasEnergy(kap: number, c: number, x: ArrayLike<number>): number {
  const N = x.length;
  let s = 0;
  for (let i = 0; i < N; i++)
    for (let j = 0; j < i; j++) {
      const r = Math.abs(x[i]! - x[j]!);
      s += 0.5 * kap * r * r - c * log(r);
    }
  return s / (N * N);
}

/** Quantile at level s under W = x^2/2 - |x| on the line, for data of mean 0: any data relax to the uniform law on [-1, 1] along X = 2s - 1 + (X0 - (2s - 1)) e^{-t}. */
export function newtonianQuantile(s: number, X0: number, t: number): number {
  const rest = 2 * s - 1;
  return rest + (X0 - rest) * exp(-t);
}

/** Radius of a uniform disc under W = |x|^2/2 - log|x| in the plane, mass one. */
export function discRadius(R0: number, t: number): number {
  return Math.sqrt(1 + (R0 * R0 - 1) * exp(-2 * t));
}
/** Density along a characteristic of the same flow, for any data: the logistic law rho0 / (pi rho0 + (1 - pi rho0) e^{-2t}). */
export function discDensity(rho0: number, t: number): number {
  return rho0 / (Math.PI * rho0 + (1 - Math.PI * rho0) * exp(-2 * t));
}
/** N equal particles on a ring at rest under the same kernel: r^2 = (N - 1) / 2N (an equilibrium, not the minimiser for large N). */
export function ringRadius(N: number): number {
  return Math.sqrt((N - 1) / (2 * N));
}
/** Radial velocity of the ring of radius r, from the pair sum itself. */
export function ringVelocity(N: number, r: number): number {
  let v = 0;
  for (let j = 1; j < N; j++) {
    const c = 1 - cos((2 * Math.PI * j) / N);
    // (x - y) . x / |x| = r c, |x - y|^2 = 2 r^2 c
    v -= (r * c - (r * c) / (2 * r * r * c)) / N;
  }
  return v;
}

/** A patch of density rho0 and radius R0 under W = log|x| / 2 pi in the plane: it focuses at t = 1 / rho0. */
export function collapsingPatch(rho0: number, R0: number, t: number): { readonly density: number; readonly radius: number } {
  return { density: 1 / (1 / rho0 - t), radius: R0 * Math.sqrt(Math.max(0, 1 - rho0 * t)) };
}

/** Squared radius that relaxes by (R^2)' = -2 attraction R^2 + 2 push; without attraction it grows linearly. */
function radiusAt(R0: number, attraction: number, push: number, t: number): number {
  return Math.sqrt(R0 * R0 * exp(-2 * attraction * t) + 2 * push * relaxed(2 * attraction, t));
}

/** An isotropic quadratic trap beside the interaction: it moves the centre and adds to the attraction. */
interface Trap {
  readonly lam: number;
  readonly g: ArrayLike<number>;
}

/** Semicircles on the line and discs in the plane under kap r^2/2 - c log r: the push is c on discs and c/2 times two sides on semicircles, both times the mass. */
function logGasFlow(p: Problem, kap: number, c: number, trap: Trap): ((t: number) => Law) | null {
  const { semicircle, ball, mass } = p.initial;
  const attraction = kap * mass + trap.lam;
  const centreAt = (centre: readonly number[], t: number): readonly number[] =>
    centre.map((x, k) => x * exp(-trap.lam * t) + trap.g[k]! * relaxed(trap.lam, t));
  if (semicircle && p.space.dim === 1)
    return (t) => semicircleLaw(radiusAt(semicircle.radius, attraction, 2 * c * mass, t), centreAt([semicircle.centre], t)[0], sharedOf(p.initial));
  if (ball && p.space.dim === 2) return (t) => uniformBall(centreAt(ball.centre, t), radiusAt(ball.radius, attraction, c * mass, t), 0, sharedOf(p.initial));
  return null;
}

/**
 * On the line under a r^2/2 + b r with b <= 0 the quantile function obeys a linear equation at each level, X' = -a M (X - mean) - b M (2s - 1) - (lam X - g):
 * any law without atoms is carried along (an attraction b > 0 would make points stick).
 */
function newtonianFlow(p: Problem, a: number, b: number, trap: Trap): ((t: number) => Law) | null {
  const { quantile, points, moments, mass } = p.initial;
  if (p.space.dim !== 1 || !quantile || points || !moments || !(b <= 0)) return null;
  const m0 = moments.mean[0]!;
  const rate = a * mass + trap.lam;
  return (t) => {
    const m = m0 * exp(-trap.lam * t) + trap.g[0]! * relaxed(trap.lam, t);
    const keep = exp(-rate * t);
    const push = -b * mass * relaxed(rate, t);
    const at: NonNullable<Law["quantile"]> = (n, level, out) => {
      const s = Float64Array.from({ length: n }, (_, i) => level[i]!);
      quantile(n, level, out);
      for (let i = 0; i < n; i++) out[i] = m + keep * (out[i]! - m0) + push * (2 * s[i]! - 1);
    };
    return {
      ...sharedOf(p.initial),
      tex: "m + e^{-at}(X_0 - m_0) + \\tfrac{|b|}{a}(1 - e^{-at})(2s - 1)",
      dim: 1,
      quantile: at,
      draw: { uniforms: 1, map: at },
    };
  };
}

function matchAggregation(p: Problem): ExactFlow | null {
  const forms = formsOf(p);
  if (!forms || forms.local.length > 0 || forms.pair.length !== 1 || !isTransport(p) || !isOpen(p)) return null;
  const d = p.space.dim;
  const V = quadraticOf(forms.field, d);
  const { logGas, parabola } = forms.pair[0]!.W;
  if (!V?.A.every((v, i) => v === (i % (d + 1) === 0 ? V.A[0]! : 0))) return null;
  const trap: Trap = { lam: V.A[0]!, g: V.g };
  const law = logGas
    ? logGasFlow(p, logGas.attraction, logGas.repulsion, trap)
    : parabola && parabola.linear !== 0
      ? newtonianFlow(p, 2 * parabola.square, parabola.linear, trap)
      : null;
  if (!law) return null;
  const title = logGas ? "logarithmic repulsion: the shape stays, its radius relaxes" : "repulsion by |x| on the line: linear in the quantile function";
  return { label: "aggregation", title, refs: ["carrillo2003"], law: (t) => (t === p.start ? p.initial : law(t - p.start)) };
}

export const aggregation: Unit<"exact"> = defineExact({
  kind: "aggregation",
  title: "aggregation with repulsion",
  tex: "R^2(t) = R_\\infty^2 + (R_0^2 - R_\\infty^2) e^{-2\\kappa t}",
  summary:
    "Quadratic attraction against logarithmic repulsion keeps semicircles on the line and uniform discs in the plane; against the repulsion -|x| on the line every law without atoms is carried by a linear equation in its quantile function. A quadratic trap may be added.",
  refs: ["carrillo2003", "saff1997"],
  params: {},
  examples: [],
  fits: { parts: ["field", "pair"] },
  build: () => matchAggregation,
});
