/** Problems and fixed-step runs for the order tests of particle, Langevin, blob and Gaussian schemes; parts are written out here, independent of the units. */
import type {
  Drift,
  Field,
  Gaussian,
  General,
  Kernel,
  Law,
  Local,
  Pair,
  Part,
  Particles,
  Problem,
  Rows,
  Scheme,
  Space,
  State,
  Stepper,
} from "../../src/contract.ts";
import type { Unit } from "../../src/define.ts";
import { wassersteinGeometry } from "../../src/geometry/wasserstein.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { makeFree } from "../../src/space/euclidean.ts";

export function problem(parts: readonly Part[], initial: Law, more: Partial<Problem> = {}): Problem {
  return { space: makeFree(initial.dim), parts, geometry: wassersteinGeometry, drift: [], initial, seed: 1, start: 0, ...more };
}

export function build(unit: Unit<"scheme">, values: Record<string, unknown>): Scheme {
  const filled: Record<string, unknown> = {};
  for (const [key, p] of Object.entries(unit.params)) filled[key] = values[key] ?? ("default" in p ? p.default : undefined);
  return unit.build(filled as never, { dim: 1, space: makeFree(1) });
}
export function buildDrift(unit: Unit<"drift">, values: Record<string, unknown>, dim: number, space: Space = makeFree(dim)): Drift {
  const filled: Record<string, unknown> = {};
  for (const [key, p] of Object.entries(unit.params)) filled[key] = values[key] ?? ("default" in p ? p.default : undefined);
  return unit.build(filled as never, { dim, space });
}

export function copy(s: State): State {
  const rows = <T extends object>(o: T): T =>
    Object.fromEntries(Object.entries(o).map(([k, v]) => [k, ArrayBuffer.isView(v) ? (v as Float64Array).slice() : v])) as T;
  return { measure: rows(s.measure), memory: rows(s.memory) };
}

/** `steps` equal steps to time `until`, `count` of them per call. */
export function advance(scheme: Scheme, p: Problem, until: number, steps: number, count = 1): { state: State; stepper: Stepper } {
  const stepper = scheme.open(p, plainHost());
  let state = copy(stepper.start());
  let other = copy(state);
  const dt = until / steps;
  for (let k = 0; k < steps; k += count) {
    const info = stepper.step(state, other, { t: p.start + k * dt, dt, index: k, count: Math.min(count, steps - k) });
    if (!info.ok) throw new Error(info.reason);
    [state, other] = [other, state];
  }
  return { state, stepper };
}
export const particlesAt = (scheme: Scheme, p: Problem, until: number, steps: number, count = 1): Particles =>
  advance(scheme, p, until, steps, count).state.measure as Particles;
export const gaussianAt = (scheme: Scheme, p: Problem, until: number, steps: number): Gaussian => advance(scheme, p, until, steps).state.measure as Gaussian;

/** Least-squares slope of log error against log step. */
export function orderOf(steps: readonly number[], errors: readonly number[]): number {
  const x = steps.map((s) => -Math.log(s));
  const y = errors.map(Math.log);
  const mean = (a: readonly number[]): number => a.reduce((s, v) => s + v, 0) / a.length;
  const [mx, my] = [mean(x), mean(y)];
  return x.reduce((s, v, i) => s + (v - mx) * (y[i]! - my), 0) / x.reduce((s, v) => s + (v - mx) ** 2, 0);
}

/** Mean of samples and its standard error. */
export function meanOf(samples: ArrayLike<number>): { mean: number; se: number } {
  const n = samples.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += samples[i]! / n;
  let v = 0;
  for (let i = 0; i < n; i++) v += (samples[i]! - mean) ** 2 / (n - 1);
  return { mean, se: Math.sqrt(v / n) };
}

export function points(x: readonly number[], dim = 1, weight?: readonly number[]): Law {
  return {
    tex: "\\text{points}",
    dim,
    mass: 1,
    points: { n: x.length / dim, x: Float64Array.from(x), ...(weight ? { weight: Float64Array.from(weight) } : {}) },
  };
}

export function entropyPart(eps: number): Local {
  const map = (f: (r: number) => number) => (n: number, a: Rows, out: Rows) => {
    for (let i = 0; i < n; i++) out[i] = f(a[i]!);
  };
  return {
    form: "local",
    label: "entropy",
    tex: "",
    U: map((r) => eps * r * Math.log(r)),
    dU: map((r) => eps * (Math.log(r) + 1)),
    d2U: map((r) => eps / r),
    noise: eps,
  };
}
export function powerPart(m: number): Local {
  const map = (f: (r: number) => number) => (n: number, a: Rows, out: Rows) => {
    for (let i = 0; i < n; i++) out[i] = f(a[i]!);
  };
  return {
    form: "local",
    label: "power",
    tex: "",
    U: map((r) => r ** m / (m - 1)),
    dU: map((r) => (m * r ** (m - 1)) / (m - 1)),
    d2U: map((r) => m * r ** (m - 2)),
    power: { m, factor: 1 },
  };
}

/** V(x) on the line with its first two derivatives. */
export function fieldOnLine(V: (x: number) => number, dV: (x: number) => number, d2V: (x: number) => number): Field {
  const map = (f: (x: number) => number) => (n: number, x: Rows, _t: number, out: Rows) => {
    for (let i = 0; i < n; i++) out[i] = f(x[i]!);
  };
  return { form: "field", label: "potential", tex: "", value: map(V), gradient: map(dV), hessian: map(d2V) };
}
/** (x - b)' A (x - b) / 2 */
export function quadraticField(A: readonly number[], b: readonly number[]): Field {
  const d = b.length;
  return {
    form: "field",
    label: "quadratic",
    tex: "",
    value: (n, x, _t, out) => {
      for (let i = 0; i < n; i++) {
        let v = 0;
        for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) v += 0.5 * A[k * d + l]! * (x[k * n + i]! - b[k]!) * (x[l * n + i]! - b[l]!);
        out[i] = v;
      }
    },
    gradient: (n, x, _t, out) => {
      for (let k = 0; k < d; k++)
        for (let i = 0; i < n; i++) {
          let v = 0;
          for (let l = 0; l < d; l++) v += A[k * d + l]! * (x[l * n + i]! - b[l]!);
          out[k * n + i] = v;
        }
    },
    quadratic: { A, b, c: 0 },
  };
}

/** W(|x - y|) by its value and slope in r; `skip` leaves out i = j. */
export function radialPair(d: number, value: (r: number) => number, slope: (r: number) => number, facts: Partial<Kernel> = {}): Pair {
  const skip = facts.finite === false;
  const each = (n: number, x: Rows, m: number, y: Rows, use: (i: number, j: number, r: number) => void): void => {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) {
        let r = 0;
        for (let k = 0; k < d; k++) r += (x[k * n + i]! - y[k * m + j]!) ** 2;
        if (r > 0 || !skip) use(i, j, Math.sqrt(r));
      }
  };
  const W: Kernel = {
    tex: "",
    finite: true,
    sum: (n, x, m, y, w, out) => {
      out.fill(0);
      each(n, x, m, y, (i, j, r) => {
        out[i] = out[i]! + w[j]! * value(r);
      });
    },
    dx: (n, x, m, y, w, out) => {
      out.fill(0);
      each(n, x, m, y, (i, j, r) => {
        if (r > 0) for (let k = 0; k < d; k++) out[k * n + i] = out[k * n + i]! + (w[j]! * slope(r) * (x[k * n + i]! - y[k * m + j]!)) / r;
      });
    },
    ...facts,
  };
  return { form: "pair", label: "interaction", tex: "", W };
}
/** eps int rho log rho of the Gaussian with the particles' own mean and variance, on the line: its slope is the moment score. */
export function momentEntropy(): General {
  const moments = (m: Particles): readonly [number, number] => {
    let [mean, v] = [0, 0];
    for (let i = 0; i < m.n; i++) mean += m.weight[i]! * m.x[i]!;
    for (let i = 0; i < m.n; i++) v += m.weight[i]! * (m.x[i]! - mean) ** 2;
    return [mean, v];
  };
  return {
    form: "general",
    label: "moment entropy",
    tex: "",
    on: {
      particles: {
        value: (m) => -0.5 * Math.log(2 * Math.PI * Math.E * moments(m)[1]),
        slope: (m, _t, out) => {
          const [mean, v] = moments(m);
          for (let i = 0; i < m.n; i++) out[i] = -(m.x[i]! - mean) / v;
        },
      },
    },
  };
}
