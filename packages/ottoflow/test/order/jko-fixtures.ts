import type { Field, Law, Part, Problem, Proximal, Space, State, StepInfo, Stepper } from "../../src/contract.ts";
import { wassersteinGeometry } from "../../src/geometry/wasserstein.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { copyState, jkoScheme } from "../../src/scheme/jko.ts";
import { makeFree } from "../../src/space/free.ts";

/** a (x - b)^2 / 2 per axis, in any dimension */
export function springs(a: readonly number[], b: readonly number[]): Field {
  const d = a.length;
  return {
    form: "field",
    label: "springs",
    tex: "V",
    value: (n, x, _t, out) => {
      out.fill(0, 0, n);
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) out[i]! += (a[k]! / 2) * (x[k * n + i]! - b[k]!) ** 2;
    },
    gradient: (n, x, _t, out) => {
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) out[k * n + i] = a[k]! * (x[k * n + i]! - b[k]!);
    },
    hessian: (n, _x, _t, out) => {
      out.fill(0);
      for (let k = 0; k < d; k++) out.fill(a[k]!, (k * d + k) * n, (k * d + k + 1) * n);
    },
    convex: { value: Math.min(...a), how: "proved", because: "second derivative" },
    quadratic: { A: Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? a[i / (d + 1)]! : 0)), b, c: 0 },
  };
}

export function problemOf(parts: readonly Part[], initial: Law, space: Space = makeFree(initial.dim)): Problem {
  return { space, parts, geometry: wassersteinGeometry, drift: [], initial, seed: 1, start: 0 };
}

export interface March {
  readonly state: State;
  readonly infos: readonly StepInfo[];
  readonly stepper: Stepper;
  /** F after each step, the start included */
  readonly energies: readonly number[];
}
export function march(proximal: Proximal, problem: Problem, tau: number, steps: number): March {
  const scheme = jkoScheme(proximal, tau);
  const stepper = scheme.open(problem, plainHost());
  let now = stepper.start();
  let next = copyState(now);
  const infos: StepInfo[] = [];
  const energy = (s: State, t: number): number => stepper.energy!(s, t).reduce<number>((a, b) => a + b!, 0);
  const energies = [energy(now, 0)];
  for (let k = 0; k < steps; k++) {
    const info = stepper.step(now, next, { t: k * tau, dt: tau, index: k, count: 1 });
    infos.push(info);
    if (!info.ok) break;
    [now, next] = [next, now];
    energies.push(energy(now, (k + 1) * tau));
  }
  return { state: now, infos, stepper, energies };
}
