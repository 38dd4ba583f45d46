import { describe, expect, test } from "vitest";
import type { Field, Gaussian, Pair, Proximal } from "../../src/contract.ts";
import { entropyPart } from "../../src/energy/entropy.ts";
import { powerPart } from "../../src/energy/power.ts";
import { gaussianLaw } from "../../src/measure/gaussian.ts";
import { gaussian } from "../../src/proximal/gaussian.ts";
import { march, problemOf, springs } from "./jko-fixtures.ts";

const proximal = gaussian.build({ tolerance: 1e-26, nodes: undefined } as never, {} as never) as Proximal;
const deviation = (g: Gaussian): number => Math.sqrt(g.cov[0]!);
const heat = (tau: number, steps: number): Gaussian =>
  march(proximal, problemOf([entropyPart(1)], gaussianLaw([0], [1])), tau, steps).state.measure as Gaussian;

describe("closed forms on the line", () => {
  test("A15.1: entropy", () => {
    expect(deviation(heat(0.1, 1))).toBeCloseTo(1.09160797831, 10);
    expect(deviation(heat(0.1, 10))).toBeCloseTo(1.716833176141, 11);
  });
  test("A15.2: entropy and V = x^2/2", () => {
    const p = problemOf([entropyPart(1), springs([1], [0])], gaussianLaw([3], [4]));
    expect(deviation(march(proximal, p, 0.1, 1).state.measure as Gaussian)).toBeCloseTo(1.866877613896, 11);
    const last = march(proximal, p, 0.1, 10).state.measure as Gaussian;
    expect(deviation(last)).toBeCloseTo(1.210026689809, 11);
    expect(last.mean[0]).toBeCloseTo(1.156629868289, 11);
  });
  test("A15.6: errors against sqrt 3 and their ratios", () => {
    const errors = [0.1, 0.05, 0.025, 0.0125].map((tau) => Math.sqrt(3) - deviation(heat(tau, Math.round(1 / tau))));
    const printed = [0.015217631, 0.0077646155, 0.0039227643, 0.0019716929];
    for (const [i, e] of errors.entries()) expect(Math.abs(e - printed[i]!)).toBeLessThan(1e-9);
    const ratios = [1.96, 1.979, 1.99];
    for (const [i, r] of ratios.entries()) expect(Math.abs(errors[i]! / errors[i + 1]! - r)).toBeLessThan(6e-4);
  });
  test("A32: the a-posteriori bound is 3.96e-2, 2.01e-2, 1.01e-2 and lies above the error", () => {
    for (const [tau, bound, error] of [
      [0.1, 3.96e-2, 1.52e-2],
      [0.05, 2.01e-2, 7.8e-3],
      [0.025, 1.01e-2, 3.9e-3],
    ] as const) {
      const run = march(proximal, problemOf([entropyPart(1)], gaussianLaw([0], [1])), tau, Math.round(1 / tau));
      const squared = run.state.memory.jko![3]!;
      expect(Math.abs(Math.sqrt(squared) - bound)).toBeLessThan(6e-5);
      expect(Math.abs(Math.sqrt(3) - deviation(run.state.measure as Gaussian) - error)).toBeLessThan(6e-5);
      expect(run.infos.reduce((s, i) => s + i.posterior!, 0)).toBeCloseTo(squared, 14);
    }
  });
});

type M2 = readonly [number, number, number, number];
const mul = (a: M2, b: M2): M2 => [a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3]];
const det = (a: M2): number => a[0] * a[3] - a[1] * a[2];
const inv = (a: M2): M2 => [a[3] / det(a), -a[1] / det(a), -a[2] / det(a), a[0] / det(a)];
const mat = (g: Gaussian): M2 => [g.cov[0]!, g.cov[1]!, g.cov[2]!, g.cov[3]!];
/** A12.1: Bures^2 of 2 x 2 covariances */
const bures2 = (a: M2, b: M2): number => {
  const ab = mul(a, b);
  return a[0] + a[3] + b[0] + b[3] - 2 * Math.sqrt(ab[0] + ab[3] + 2 * Math.sqrt(det(a) * det(b)));
};

/** x' A x / 2 with the A of A2.2, centred at (1, -1) */
const A: M2 = [2, 1, 1, 2];
const tilted: Field = {
  form: "field",
  label: "tilted",
  tex: "V",
  value: (n, x, _t, out) => {
    for (let i = 0; i < n; i++) {
      const u = x[i]! - 1;
      const v = x[n + i]! + 1;
      out[i] = u * u + u * v + v * v;
    }
  },
  gradient: (n, x, _t, out) => {
    for (let i = 0; i < n; i++) {
      const u = x[i]! - 1;
      const v = x[n + i]! + 1;
      out[i] = 2 * u + v;
      out[n + i] = u + 2 * v;
    }
  },
  convex: { value: 1, how: "proved", because: "eigenvalues 1 and 3" },
  quadratic: { A, b: [1, -1], c: 0 },
};
const start = gaussianLaw([3, 0], [1, 0.3, 0.3, 0.5]);

describe("covariances that do not commute with the potential", () => {
  test("optimality T S T = S_k with T = I + tau (A - eps S^-1), and the cost is the Bures distance", () => {
    const tau = 0.2;
    const eps = 0.7;
    const run = march(proximal, problemOf([entropyPart(eps), tilted], start), tau, 1);
    const S = mat(run.state.measure as Gaussian);
    const back = inv(S);
    const T = [1 + tau * (A[0] - eps * back[0]), tau * (A[1] - eps * back[1]), tau * (A[2] - eps * back[2]), 1 + tau * (A[3] - eps * back[3])] as const;
    const old: M2 = [1, 0.3, 0.3, 0.5];
    for (const [i, v] of mul(mul(T, S), T).entries()) expect(Math.abs(v - old[i]!)).toBeLessThan(1e-12);
    const mean = (run.state.measure as Gaussian).mean;
    // (I + tau A) (m - b) = m_k - b
    expect(1.4 * (mean[0]! - 1) + 0.2 * (mean[1]! + 1)).toBeCloseTo(2, 12);
    expect(0.2 * (mean[0]! - 1) + 1.4 * (mean[1]! + 1)).toBeCloseTo(1, 12);
    const w2 = (mean[0]! - 3) ** 2 + mean[1]! ** 2 + bures2(S, old);
    expect(run.infos[0]!.cost! * 2 * tau).toBeCloseTo(w2, 12);
    expect(run.infos[0]!.gap!).toBeLessThan(1e-24);
  });
  test("A2.2: first order towards the flow at t = 0.5, two-sided", () => {
    const truth = [0.61717400731882, -0.21432612084604, 0.54950636570052];
    const at = (steps: number): number[] => {
      const g = march(proximal, problemOf([entropyPart(1), tilted], start), 0.5 / steps, steps).state.measure as Gaussian;
      return [g.cov[0]! - truth[0]!, g.cov[1]! - truth[1]!, g.cov[3]! - truth[2]!, g.mean[0]! - 1.637960570079, g.mean[1]! + 0.96857008963367];
    };
    const defects = [20, 40, 80, 160].map(at);
    const errors = defects.map((d) => Math.hypot(...d));
    for (let i = 0; i < 3; i++) expect(Math.abs(Math.log2(errors[i]! / errors[i + 1]!) - 1)).toBeLessThan(0.06);
    // the first-order term is the whole error but for O(tau^2)
    expect(Math.hypot(...defects[3]!.map((d, i) => 2 * d - defects[2]![i]!))).toBeLessThan(5e-5);
  });
  test("the same problem through Gauss–Hermite quadrature, which is exact for squares", () => {
    const { quadratic: _, ...plain } = tilted;
    const exact = march(proximal, problemOf([entropyPart(1), tilted], start), 0.1, 3);
    const sampled = march(proximal, problemOf([entropyPart(1), plain], start), 0.1, 3);
    for (let i = 0; i < 4; i++) expect((sampled.state.measure as Gaussian).cov[i]).toBeCloseTo((exact.state.measure as Gaussian).cov[i]!, 11);
    expect(sampled.energies[3]).toBeCloseTo(exact.energies[3]!, 11);
  });
});

const pull = (factor: number): Pair => ({
  form: "pair",
  label: "pull",
  tex: "W",
  W: { tex: "", sum: () => {}, dx: () => {}, finite: true, quadratic: factor },
});
const quartic: Field = {
  form: "field",
  label: "quartic",
  tex: "x^4/4",
  value: (n, x, _t, out) => {
    for (let i = 0; i < n; i++) out[i] = x[i]! ** 4 / 4;
  },
  gradient: (n, x, _t, out) => {
    for (let i = 0; i < n; i++) out[i] = x[i]! ** 3;
  },
  convex: { value: 0, how: "proved", because: "second derivative" },
};

describe("interactions, closures, failures", () => {
  test("A7: V = x^2/2, W = 2 x^2/2, eps = 1/2, mass 1 settles at variance eps/(a + kappa), and the mean decays by 1/(1 + tau)", () => {
    const p = problemOf([entropyPart(0.5), springs([1], [0]), pull(2)], gaussianLaw([1], [0.25]));
    const run = march(proximal, p, 0.5, 60);
    expect((run.state.measure as Gaussian).cov[0]).toBeCloseTo(0.5 / 3, 12);
    expect(march(proximal, p, 0.5, 3).state.measure.rep === "gaussian" && (march(proximal, p, 0.5, 3).state.measure as Gaussian).mean[0]).toBeCloseTo(
      1.5 ** -3,
      12,
    );
  });
  test("mass M: the step of M rho under eps H is the step of rho", () => {
    const g = march(proximal, problemOf([entropyPart(1)], gaussianLaw([0], [1], { mass: 3 })), 0.1, 1);
    expect(deviation(g.state.measure as Gaussian)).toBeCloseTo(1.09160797831, 10);
    // H(M rho) = M log M + M H(rho), H(N(0, 1)) = -log(2 pi e) / 2
    expect(g.energies[0]).toBeCloseTo(3 * Math.log(3) - 1.5 * Math.log(2 * Math.PI * Math.E), 12);
    expect(g.infos[0]!.cost!).toBeCloseTo((3 * 0.09160797831 ** 2) / 0.2, 9);
  });
  test("A17.4: V = x^4/4 settles at v = 1/sqrt 3 and is labelled a closure", () => {
    const p = problemOf([entropyPart(1), quartic], gaussianLaw([0.4], [1]));
    const run = march(proximal, p, 1, 80);
    expect((run.state.measure as Gaussian).cov[0]).toBeCloseTo(1 / Math.sqrt(3), 11);
    expect(proximal.closure!(p)).toMatch(/quartic/);
    expect(proximal.closure!(problemOf([entropyPart(1), springs([1], [0])], gaussianLaw([0], [1])))).toBeNull();
    for (const info of run.infos) expect(info.gap).toBeLessThan(1e-15);
  });
  test("power m = 2 on N(0, s^2) is int rho^2 = 1/(2 s sqrt pi), a closure", () => {
    const p = problemOf([powerPart(2)], gaussianLaw([0], [4]));
    const run = march(proximal, p, 0.3, 1);
    expect(run.energies[0]).toBeCloseTo(1 / (4 * Math.sqrt(Math.PI)), 13);
    // stationarity of (s - s_k)^2 / (2 tau) + 1 / (2 s sqrt pi)
    const s = deviation(run.state.measure as Gaussian);
    expect((s - 2) / 0.3 - 1 / (2 * s * s * Math.sqrt(Math.PI))).toBeCloseTo(0, 11);
    expect(proximal.closure!(p)).toMatch(/power/);
  });
  test("V = -x^2 has no minimiser once tau > 1/2, and has one before", () => {
    const p = problemOf([entropyPart(1), springs([-2], [0])], gaussianLaw([1], [1]));
    const bad = march(proximal, p, 0.6, 1).infos[0]!;
    expect(bad.ok).toBe(false);
    expect(bad).toMatchObject({ failure: "no-minimiser" });
    expect(bad.reason).toMatch(/unbounded below/);
    expect(bad.gap).toBeUndefined();
    const good = march(proximal, p, 0.4, 1);
    // (m - 1) / tau - 2 m = 0
    expect((good.state.measure as Gaussian).mean[0]).toBeCloseTo(1 / (1 - 0.8), 10);
  });
});
