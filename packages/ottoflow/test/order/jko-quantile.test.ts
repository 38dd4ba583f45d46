import { describe, expect, test } from "vitest";
import type { Field, Law, Quantiles } from "../../src/contract.ts";
import { entropyPart } from "../../src/energy/entropy.ts";
import { powerPart } from "../../src/energy/power.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { barenblattLaw } from "../../src/measure/barenblatt.ts";
import { gaussianLaw } from "../../src/measure/gaussian.ts";
import { quantileDistance2 } from "../../src/measure/quantile-distance.ts";
import { copyState, jkoScheme } from "../../src/scheme/jko.ts";
import { makeBox } from "../../src/space/box.ts";
import { absolute, logRepulsion, type March, march, problemOf, radialPair, springs } from "./jko-fixtures.ts";
import { last, moments, proximal, settledWell } from "./jko-quantile-fixtures.ts";

const heat = (levels: number, tau: number, grading: "tails" | "uniform" = "tails"): number =>
  moments(last(march(proximal(levels, grading), problemOf([entropyPart(1)], gaussianLaw([0], [1])), tau, Math.round(1 / tau))))[1];

describe("JKO steps in closed form, n = 2000 graded levels", () => {
  test("A15.1: entropy", () => {
    const run = march(proximal(2000), problemOf([entropyPart(1)], gaussianLaw([0], [1])), 0.1, 10);
    settledWell(run);
    expect(Math.abs(moments(last(run))[1] - 1.716833176141)).toBeLessThan(1e-6);
    // W2 between Gaussians of one mean is the difference of deviations
    expect(Math.abs(run.infos[0]!.cost! - 0.09160797831 ** 2 / 0.2)).toBeLessThan(1e-6);
  });
  test("A15.2: entropy and V = x^2/2; the mean is exact", () => {
    const run = march(proximal(2000), problemOf([entropyPart(1), springs([1], [0])], gaussianLaw([3], [4])), 0.1, 10);
    settledWell(run);
    const [mean, deviation] = moments(last(run));
    expect(Math.abs(deviation - 1.210026689809)).toBeLessThan(1e-6);
    expect(Math.abs(mean - 1.156629868289)).toBeLessThan(1e-11);
  });
  test.each([
    [2, 1.255222694622],
    [3, 1.185472673489],
  ])("A15.3: Barenblatt m = %d stays in its family", (m, scale) => {
    const run = march(proximal(2000), problemOf([powerPart(m)], barenblattLaw(m, 1, [0])), 0.1, 10);
    settledWell(run);
    const first = run.stepper.start().measure as Quantiles;
    expect(Math.abs(moments(last(run))[1] / moments(first)[1] - scale)).toBeLessThan(1e-6);
    // the front: the last cell holds 1e-7 of the mass
    expect(Math.abs(last(run).x[1999]! / first.x[1999]! - scale)).toBeLessThan(1e-4);
  });
  test("A15.3 continued to fast diffusion m = 1/2: (lam - lam_k)/tau = beta lam^-m, seen at inner quantiles", () => {
    let lam = 1;
    for (let k = 0; k < 10; k++) {
      const old = lam;
      for (let i = 0; i < 50; i++) lam -= (lam - old - (0.1 * 2) / 3 / Math.sqrt(lam)) / (1 + (0.1 / 3) * lam ** -1.5);
    }
    const run = march(proximal(2000), problemOf([powerPart(0.5)], barenblattLaw(0.5, 1, [0])), 0.1, 10);
    settledWell(run);
    const first = run.stepper.start().measure as Quantiles;
    for (const i of [200, 500, 800]) expect(Math.abs(last(run).x[i]! / first.x[i]! - lam)).toBeLessThan(3e-5);
  });
  test("mass 3 under eps H moves as mass 1", () => {
    const run = march(proximal(300), problemOf([entropyPart(1)], gaussianLaw([0], [1], { mass: 3 })), 0.1, 2);
    const one = march(proximal(300), problemOf([entropyPart(1)], gaussianLaw([0], [1])), 0.1, 2);
    for (let i = 0; i < 300; i++) expect(last(run).x[i]).toBeCloseTo(last(one).x[i]!, 10);
    expect(run.infos[1]!.cost).toBeCloseTo(3 * one.infos[1]!.cost!, 10);
  });
});

describe("orders, two-sided", () => {
  test("A15.6: errors against sqrt 3 and ratios 1.960, 1.979, 1.990", () => {
    const errors = [0.1, 0.05, 0.025, 0.0125].map((tau) => Math.sqrt(3) - heat(2000, tau));
    for (const [i, e] of [0.015217631, 0.0077646155, 0.0039227643, 0.0019716929].entries()) expect(Math.abs(errors[i]! - e)).toBeLessThan(3e-6);
    for (const [i, r] of [1.96, 1.979, 1.99].entries()) expect(Math.abs(errors[i]! / errors[i + 1]! - r)).toBeLessThan(3e-3);
  });
  test("A34: second order in 1/n with graded levels, first order with uniform ones", () => {
    const error = (n: number, grading: "tails" | "uniform"): number => Math.abs(heat(n, 0.1, grading) - 1.716833176141);
    const graded = [500, 1000, 2000].map((n) => error(n, "tails"));
    const uniform = [500, 1000, 2000].map((n) => error(n, "uniform"));
    for (let i = 0; i < 2; i++) {
      expect(Math.abs(Math.log2(graded[i]! / graded[i + 1]!) - 2)).toBeLessThan(0.05);
      // first order but for the logarithms of n that come with the tails
      expect(Math.abs(Math.log2(uniform[i]! / uniform[i + 1]!) - 0.88)).toBeLessThan(0.08);
    }
    expect(graded[2]).toBeLessThan(1e-6);
  });
  test("fronts: second order in 1/n for the width of Barenblatt m = 2", () => {
    const error = (n: number): number => {
      const run = march(proximal(n), problemOf([powerPart(2)], barenblattLaw(2, 1, [0])), 0.1, 10);
      return Math.abs(moments(last(run))[1] / moments(run.stepper.start().measure as Quantiles)[1] - 1.255222694622);
    };
    const errors = [250, 500, 1000].map(error);
    for (let i = 0; i < 2; i++) expect(Math.abs(Math.log2(errors[i]! / errors[i + 1]!) - 2)).toBeLessThan(0.1);
  });
});

describe("interactions", () => {
  const parabola = { ...absolute(), W: { ...absolute().W, parabola: { constant: 0, linear: -1, square: 1 } } };
  test.each([
    ["by pairwise sums", absolute()],
    ["in closed form", parabola],
  ])("A8.4: x^2/2 - |x| contracts X - (2s - 1) by 1/(1 + tau) for any data, exactly; %s", (_, part) => {
    const run = march(proximal(200), problemOf([part], gaussianLaw([0], [1])), 0.1, 3);
    settledWell(run);
    const first = run.stepper.start().measure as Quantiles;
    for (let i = 0; i < 200; i++) {
      const rest = 2 * first.level[i]! - 1;
      expect(Math.abs(last(run).x[i]! - rest - (first.x[i]! - rest) / 1.331)).toBeLessThan(1e-12);
    }
  });
  test("the closed form of a + b r + c r^2/2 has the value of the pairwise sums, mass 2", () => {
    const pair = radialPair(
      "p",
      (r) => 0.3 - 2 * r + 0.7 * r * r,
      (r) => 1.4 * r - 2,
      () => 1.4,
      { convexOnHalfLine: { value: true, how: "proved", because: "" } },
    );
    const closed = { ...pair, W: { ...pair.W, parabola: { constant: 0.3, linear: -2, square: 1.4 } } };
    const [a, b] = [pair, closed].map((part) => march(proximal(90), problemOf([part], gaussianLaw([0.5], [1], { mass: 2 })), 0.2, 1));
    expect(b!.energies[0]).toBeCloseTo(a!.energies[0]!, 11);
    expect(b!.energies[1]).toBeCloseTo(a!.energies[1]!, 11);
    for (let i = 0; i < 90; i++) expect(last(b!).x[i]).toBeCloseTo(last(a!).x[i]!, 10);
  });
  test("A8.3: x^2/2 - log|x| settles in the semicircle of radius sqrt 2", () => {
    const run = march(proximal(150), problemOf([logRepulsion()], gaussianLaw([0], [1])), 5, 8);
    settledWell(run);
    expect(Math.abs(moments(last(run))[1] - Math.SQRT1_2)).toBeLessThan(2e-6);
    expect(Math.abs(last(run).x[149]! - Math.SQRT2)).toBeLessThan(3e-5);
    expect(Math.abs(run.energies.at(-1)! - 0.54828679514)).toBeLessThan(6e-6);
  });
  test("W = |x| shrinks a uniform measure by 1 - tau, and a step that would form an atom says so", () => {
    const pull = { ...absolute(), W: { ...absolute().W, parabola: { constant: 0, linear: 1, square: 0 } } };
    const uniform: Law = { tex: "U", dim: 1, mass: 1, quantile: (n, level, out) => out.set(level.slice(0, n).map((s) => 2 * s - 1)) };
    const p = problemOf([pull], uniform);
    // X = (2 s - 1) (1 - tau)
    expect(last(march(proximal(100, "uniform"), p, 0.25, 1)).x[99]).toBeCloseTo(0.75, 11);
    const info = march(proximal(100, "uniform"), p, 1.5, 1).infos[0]!;
    expect(info.ok).toBe(false);
    expect(info.reason).toMatch(/atom/);
  });
  test("quadratic: closed form and pairwise sums agree, and centred positions contract by 1/(1 + tau)", () => {
    const pair = radialPair(
      "q",
      (r) => (r * r) / 2,
      (r) => r,
      () => 1,
      { convex: { value: 1, how: "proved", because: "" } },
    );
    const closed = { ...pair, W: { ...pair.W, quadratic: 1 } };
    const a = march(proximal(60), problemOf([closed], gaussianLaw([2], [1])), 0.4, 1);
    const b = march(proximal(60), problemOf([pair], gaussianLaw([2], [1])), 0.4, 1);
    const first = a.stepper.start().measure as Quantiles;
    for (let i = 0; i < 60; i++) {
      expect(last(a).x[i]).toBeCloseTo(2 + (first.x[i]! - 2) / 1.4, 12);
      expect(last(b).x[i]).toBeCloseTo(last(a).x[i]!, 10);
    }
    expect(b.energies[0]).toBeCloseTo(a.energies[0]!, 12);
  });
  test("A7: entropy with both quadratics settles at variance eps/(a + kappa)", () => {
    const pair = radialPair(
      "q",
      (r) => r * r,
      (r) => 2 * r,
      () => 2,
      {},
    );
    const closed = { ...pair, W: { ...pair.W, quadratic: 2 } };
    const run = march(proximal(1000), problemOf([entropyPart(0.5), springs([1], [0]), closed], gaussianLaw([1], [0.25])), 2, 25);
    settledWell(run);
    expect(moments(last(run))[0]).toBeCloseTo(3 ** -25, 8);
    expect(Math.abs(moments(last(run))[1] ** 2 - 0.5 / 3)).toBeLessThan(2e-6);
  });
});

describe("walls", () => {
  /** 1 + a cos(pi x) on [0, 1], a = 1/2 */
  const cosine: Law = {
    tex: "1 + cos(pi x)/2",
    dim: 1,
    mass: 1,
    quantile: (n, level, out) => {
      for (let i = 0; i < n; i++) {
        let x = level[i]!;
        for (let k = 0; k < 60; k++) x -= (x + Math.sin(Math.PI * x) / (2 * Math.PI) - level[i]!) / (1 + Math.cos(Math.PI * x) / 2);
        out[i] = x;
      }
    },
  };
  const at = (steps: number): March =>
    march(proximal(1000, "uniform"), problemOf([entropyPart(1)], cosine, makeBox({ lower: [0], upper: [1], cells: [10] })), 0.1 / steps, steps);
  test("A1.3: the Neumann heat flow, KL at t = 0.1, first order two-sided", () => {
    const runs = [10, 20, 40].map(at);
    for (const run of runs) {
      settledWell(run);
      expect(last(run).x[0]).toBe(0);
      expect(last(run).x[999]).toBe(1);
      expect(Math.abs(run.energies[0]! - 0.064638132020487)).toBeLessThan(1e-7);
    }
    const errors = runs.map((run) => run.energies.at(-1)! - 0.0087200774308209);
    for (let i = 0; i < 2; i++) expect(Math.abs(Math.log2(errors[i]! / errors[i + 1]!) - 1)).toBeLessThan(0.02);
    expect(Math.abs(2 * errors[2]! - errors[1]!)).toBeLessThan(3e-6);
  });
  test("a measure that lies outside is refused with its reach", () => {
    const p = problemOf([entropyPart(1)], gaussianLaw([0], [1]), makeBox({ lower: [0], upper: [1], cells: [10] }));
    expect(() => jkoScheme(proximal(50), 0.1).open(p, plainHost()).start()).toThrow(/outside the box \[0, 1\]/);
  });
  test("a circle is refused", () => {
    const p = problemOf([entropyPart(1)], gaussianLaw([0], [1]), makeBox({ lower: [0], upper: [1], cells: [10], periodic: [true] }));
    expect(() => jkoScheme(proximal(50), 0.1).open(p, plainHost())).toThrow(/circle/);
  });
});

describe("the scheme around it", () => {
  const p = problemOf([entropyPart(1)], gaussianLaw([0], [1]));
  const stepper = jkoScheme(proximal(200), 0.1).open(p, plainHost());
  test("dissipation is unknown at the start and W2^2/tau^2 after a step", () => {
    const a = stepper.start();
    const b = copyState(a);
    expect(stepper.dissipation!(a, 0)).toBeNull();
    const info = stepper.step(a, b, { t: 0, dt: 0.1, index: 0, count: 1 });
    expect(stepper.dissipation!(b, 0.1)).toBeCloseTo((2 * info.cost!) / 0.1, 13);
    expect(stepper.dissipation!(b, 0.1)).toBeCloseTo(quantileDistance2(a.measure as Quantiles, b.measure as Quantiles) / 0.01, 11);
    expect(stepper.dissipation!(a, 0)).toBeNull();
  });
  test("a count of three, three single steps, and a fresh stepper from the state in the middle give the same bits", () => {
    const a = stepper.start();
    const many = copyState(a);
    stepper.step(a, many, { t: 0, dt: 0.1, index: 0, count: 3 });
    let [now, next] = [copyState(a), copyState(a)];
    const fresh = jkoScheme(proximal(200), 0.1).open(p, plainHost());
    for (let k = 0; k < 3; k++) {
      (k === 2 ? fresh : stepper).step(now, next, { t: k * 0.1, dt: 0.1, index: k, count: 1 });
      [now, next] = [next, now];
    }
    expect(Array.from((now.measure as Quantiles).x)).toEqual(Array.from((many.measure as Quantiles).x));
    expect(Array.from(now.memory.jko!)).toEqual(Array.from(many.memory.jko!));
  });
  test("a potential that moves is taken at the end of the step", () => {
    const moving: Field = {
      form: "field",
      label: "moving",
      tex: "(x - t)^2/2",
      value: (n, x, t, out) => {
        for (let i = 0; i < n; i++) out[i] = (x[i]! - t) ** 2 / 2;
      },
      gradient: (n, x, t, out) => {
        for (let i = 0; i < n; i++) out[i] = x[i]! - t;
      },
      convex: { value: 1, how: "proved", because: "" },
      moving: true,
    };
    const run = march(proximal(50), problemOf([moving], gaussianLaw([0], [1])), 0.5, 2);
    // m' = (m + tau t')/(1 + tau), t' = 0.5, 1
    expect(moments(last(run))[0]).toBeCloseTo((0.25 / 1.5 + 0.5) / 1.5, 11);
    const two = copyState(run.stepper.start());
    run.stepper.step(run.stepper.start(), two, { t: 0, dt: 0.5, index: 0, count: 2 });
    expect(Array.from((two.measure as Quantiles).x)).toEqual(Array.from(last(run).x));
  });
});
