import type { Fact, Field, Kernel, Law, Map1, Pair, Part, Problem, Proximal, Rows, Space, State, StepInfo, Stepper } from "../../src/contract.ts";
import { wassersteinGeometry } from "../../src/geometry/wasserstein.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { copyState, jkoScheme } from "../../src/scheme/jko.ts";
import { makeFree } from "../../src/space/euclidean.ts";

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

/** A radial interaction by plain double loops: the kernel's own sums are tested elsewhere. */
export function radialPair(label: string, k: (r: number) => number, dk: (r: number) => number, d2k: (r: number) => number, facts: Partial<Kernel>): Pair {
  const rows =
    (f: (r: number) => number): Map1 =>
    (n, r, out) => {
      for (let i = 0; i < n; i++) out[i] = f(r[i]!);
    };
  const finite = facts.finite ?? true;
  const over = (n: number, x: Rows, m: number, y: Rows, visit: (i: number, j: number, r: number) => void): void => {
    const d = x.length / n;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < m; j++) {
        let s = 0;
        for (let c = 0; c < d; c++) s += (x[c * n + i]! - y[c * m + j]!) ** 2;
        if (s > 0 || finite) visit(i, j, Math.sqrt(s));
      }
  };
  const W: Kernel = {
    tex: label,
    sum: (n, x, m, y, w, out) => {
      out.fill(0, 0, n);
      over(n, x, m, y, (i, j, r) => {
        out[i]! += w[j]! * k(r);
      });
    },
    dx: (n, x, m, y, w, out) => {
      out.fill(0);
      over(n, x, m, y, (i, j, r) => {
        if (r > 0) for (let c = 0; c < x.length / n; c++) out[c * n + i]! += (w[j]! * dk(r) * (x[c * n + i]! - y[c * m + j]!)) / r;
      });
    },
    radial: { value: rows(k), slope: rows(dk), curvature: rows(d2k) },
    finite,
    ...facts,
  };
  return { form: "pair", label, tex: label, W };
}
const proved = <T>(value: T): Fact<T> => ({ value, how: "proved", because: "second derivative" });
/** A8.3 */
export const logRepulsion = (): Pair =>
  radialPair(
    "x^2/2 - log|x|",
    (r) => (r * r) / 2 - Math.log(r),
    (r) => r - 1 / r,
    (r) => 1 + 1 / (r * r),
    { finite: false, convexOnHalfLine: proved(true) },
  );
/** A8.2 */
export const twoDirac = (): Pair =>
  radialPair(
    "x^4/4 - x^2/2",
    (r) => r ** 4 / 4 - (r * r) / 2,
    (r) => r ** 3 - r,
    (r) => 3 * r * r - 1,
    { convex: proved(-1) },
  );
/** A8.4 */
export const absolute = (): Pair =>
  radialPair(
    "x^2/2 - |x|",
    (r) => (r * r) / 2 - r,
    (r) => r - 1,
    () => 1,
    { convexOnHalfLine: proved(true) },
  );

export const atoms = (x: readonly number[], dim = 1): Law => ({ tex: "atoms", dim, mass: 1, points: { n: x.length / dim, x: Float64Array.from(x) } });
