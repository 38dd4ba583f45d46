/** Hand-made parts and a bare loop, so that these tests depend on the scheme alone. Oracles use the engine's Math. */
import type { Cells, Field, Geometry, Local, Pair, Part, Problem, Space, State, StepInfo, Stepper } from "../../src/contract.ts";
import { wassersteinGeometry } from "../../src/geometry/wasserstein.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { erf } from "../../src/kernels/math.ts";
import { finiteVolume } from "../../src/scheme/finite-volume.ts";

export function entropy(noise = 1): Local {
  return {
    form: "local",
    label: "entropy",
    tex: "",
    noise,
    U: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! > 0 ? noise * a[i]! * Math.log(a[i]!) : 0;
    },
    dU: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = noise * (Math.log(a[i]!) + 1);
    },
    d2U: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = noise / a[i]!;
    },
  };
}
/** rho^m / (m - 1) */
export function power(m: number): Local {
  return {
    form: "local",
    label: "power",
    tex: "",
    U: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = a[i]! ** m / (m - 1);
    },
    dU: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = (m / (m - 1)) * a[i]! ** (m - 1);
    },
    d2U: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = m * a[i]! ** (m - 2);
    },
  };
}
export function field(V: (x: readonly number[], t: number) => number, moving = false): Field {
  const at = (n: number, x: ArrayLike<number>, i: number): number[] => Array.from({ length: x.length / n }, (_, k) => x[k * n + i]!);
  return {
    form: "field",
    label: "field",
    tex: "",
    moving,
    value: (n, x, t, out) => {
      for (let i = 0; i < n; i++) out[i] = V(at(n, x, i), t);
    },
    gradient: () => {
      throw new Error("cells need no gradient");
    },
  };
}
/** factor |x - y|^2 / 2 */
export function attraction(factor: number): Pair {
  const none = (): void => {
    throw new Error("cells convolve");
  };
  return {
    form: "pair",
    label: "attraction",
    tex: "",
    W: {
      tex: "",
      sum: none,
      dx: none,
      finite: true,
      radial: {
        value: (n, a, out) => {
          for (let i = 0; i < n; i++) out[i] = (factor * a[i]! * a[i]!) / 2;
        },
        slope: (n, a, out) => {
          for (let i = 0; i < n; i++) out[i] = factor * a[i]!;
        },
      },
    },
  };
}

export interface Setup {
  readonly space: Space;
  readonly parts: readonly Part[];
  readonly geometry?: Geometry;
  readonly drift?: Problem["drift"];
  readonly time: "explicit" | "implicit" | "sdirk2";
  readonly flux?: "scharfetter-gummel" | "square-root";
  readonly limiter?: number;
  readonly tolerance?: number;
}
export function open(setup: Setup): Stepper {
  const { time, flux = "scharfetter-gummel", limiter = 2, tolerance = 1e-11 } = setup;
  const scheme = finiteVolume.build({ time, flux, limiter, tolerance, step: 1 } as never, { dim: setup.space.dim, space: setup.space });
  const initial = { tex: "", dim: setup.space.dim, mass: 1 };
  const problem: Problem = {
    space: setup.space,
    parts: setup.parts,
    geometry: setup.geometry ?? wassersteinGeometry,
    drift: setup.drift ?? [],
    initial,
    seed: 0,
    start: 0,
  };
  return scheme.open(problem, plainHost());
}
export const stateOf = (space: Space, rho: Float64Array): State => ({ measure: { rep: "cells", space, rho }, memory: {} });

export interface Ended {
  readonly rho: Float64Array;
  readonly info: StepInfo;
  readonly steps: number;
  readonly minimum: number;
}
/** From rho at time `start` to `until` in steps of at most dt, shortened to the scheme's bound where it has one. */
export function run(setup: Setup, rho: Float64Array, until: number, dt: number, start = 0, watch?: (s: State, t: number) => void): Ended {
  const stepper = open(setup);
  let from = stateOf(setup.space, rho.slice());
  let to = stateOf(setup.space, rho.slice());
  let t = start;
  let index = 0;
  let minimum = Number.POSITIVE_INFINITY;
  watch?.(from, t);
  while (t < until - 1e-12) {
    const bound = stepper.bound?.(from, t)[0] ?? Number.POSITIVE_INFINITY;
    const left = until - t;
    const step = left / Math.ceil(left / Math.min(dt, 0.9 * bound) - 1e-9);
    const info = stepper.step(from, to, { t, dt: step, index, count: 1 });
    if (!info.ok) return { rho: (from.measure as Cells).rho as Float64Array, info, steps: index, minimum };
    [from, to] = [to, from];
    t += step;
    index++;
    watch?.(from, t);
    for (const r of (from.measure as Cells).rho) minimum = Math.min(minimum, r);
  }
  return { rho: (from.measure as Cells).rho as Float64Array, info: { ok: true }, steps: index, minimum };
}

/** Exact cell averages of a product of normal laws with the given means and deviations. */
export function gaussianCells(space: Space, mean: readonly number[], deviation: readonly number[], mass = 1): Float64Array {
  const { n, centre } = space.cells!;
  const { h } = space.grid!;
  return Float64Array.from({ length: n }, (_, i) => {
    let p = mass;
    for (let k = 0; k < space.dim; k++) {
      const low = (centre[k * n + i]! - h[k]! / 2 - mean[k]!) / (deviation[k]! * Math.SQRT2);
      const high = low + h[k]! / (deviation[k]! * Math.SQRT2);
      // differences of erfc would be needed far in the tails; these cells hold less than 1e-16
      p *= (0.5 * (erf(high) - erf(low))) / h[k]!;
    }
    return p;
  });
}
export function integral(space: Space, rho: ArrayLike<number>, f: (x: readonly number[]) => number = () => 1): number {
  const { n, centre, volume } = space.cells!;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += volume[i]! * rho[i]! * f(Array.from({ length: space.dim }, (_, k) => centre[k * n + i]!));
  return sum;
}
/** sum rho log(rho / (e^{-V} / Z)) volume */
export function divergence(space: Space, rho: ArrayLike<number>, V: (x: readonly number[]) => number): number {
  const { n, centre, volume } = space.cells!;
  const v = Float64Array.from({ length: n }, (_, i) => V(Array.from({ length: space.dim }, (__, k) => centre[k * n + i]!)));
  let Z = 0;
  for (let i = 0; i < n; i++) Z += Math.exp(-v[i]!) * volume[i]!;
  let sum = 0;
  for (let i = 0; i < n; i++) if (rho[i]! > 0) sum += volume[i]! * rho[i]! * (Math.log(rho[i]!) + v[i]! + Math.log(Z));
  return sum;
}
export function l1(space: Space, a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < space.cells!.n; i++) sum += space.cells!.volume[i]! * Math.abs(a[i]! - b[i]!);
  return sum;
}
/** least-squares slope of log error against log size */
export function slope(sizes: readonly number[], errors: readonly number[]): number {
  const x = sizes.map(Math.log);
  const y = errors.map(Math.log);
  const mx = x.reduce((a, b) => a + b) / x.length;
  const my = y.reduce((a, b) => a + b) / y.length;
  return x.reduce((s, v, i) => s + (v - mx) * (y[i]! - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0);
}
