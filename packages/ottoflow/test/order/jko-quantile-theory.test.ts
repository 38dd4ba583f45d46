import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Field, Quantiles } from "../../src/contract.ts";
import { entropyPart } from "../../src/energy/entropy.ts";
import { powerPart } from "../../src/energy/power.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { gaussianLaw } from "../../src/measure/gaussian.ts";
import { quantileDistance2 } from "../../src/measure/quantile-distance.ts";
import { jkoScheme } from "../../src/scheme/jko.ts";
import { march, problemOf, springs } from "./jko-fixtures.ts";
import { last, moments, proximal, settledWell } from "./jko-quantile-fixtures.ts";

const well: Field = {
  form: "field",
  label: "double-well",
  tex: "(x^2 - 1)^2",
  value: (n, x, _t, out) => {
    for (let i = 0; i < n; i++) out[i] = (x[i]! ** 2 - 1) ** 2;
  },
  gradient: (n, x, _t, out) => {
    for (let i = 0; i < n; i++) out[i] = 4 * x[i]! * (x[i]! ** 2 - 1);
  },
  convex: { value: -4, how: "proved", because: "V'' >= -4" },
};

describe("beyond convexity", () => {
  test("A3.1: the double well reaches its Gibbs measure in steps of any size; the gap is certified below tau = 1/4 only", () => {
    const p = problemOf([entropyPart(1), well], gaussianLaw([0], [0.0025]));
    const big = march(proximal(1000), p, 50, 3);
    for (const info of big.infos) {
      expect(info.ok, info.reason).toBe(true);
      expect(info.gap).toBeUndefined();
    }
    expect(Math.abs(big.energies.at(-1)! + 0.67992624289379)).toBeLessThan(5e-6);
    expect(Math.abs(moments(last(big))[1] ** 2 - 0.83274548712838)).toBeLessThan(1e-5);
    settledWell(march(proximal(300), p, 0.2, 3));
  });
  test("A3.2: E x^2 at t = 0.5, first order two-sided", () => {
    const at = (steps: number): number =>
      moments(last(march(proximal(800), problemOf([entropyPart(1), well], gaussianLaw([0], [0.0025])), 0.5 / steps, steps)))[1] ** 2 - 0.77472346566;
    const errors = [50, 100, 200].map(at);
    for (let i = 0; i < 2; i++) expect(Math.abs(Math.log2(errors[i]! / errors[i + 1]!) - 1)).toBeLessThan(0.06);
    expect(Math.abs(2 * errors[2]! - errors[1]!)).toBeLessThan(2e-4);
  });
  test("V = -x^2 has no minimiser once tau > 1/2: the step says so and keeps the last good state", () => {
    const p = problemOf([entropyPart(1), springs([-2], [0])], gaussianLaw([1], [1]));
    const run = march(proximal(100), p, 0.6, 1);
    expect(run.infos[0]).toMatchObject({ ok: false });
    expect(run.infos[0]!.failure).toBe("no-minimiser");
    expect(run.infos[0]!.reason).toMatch(/unbounded below/);
    expect(Array.from(last(run).x)).toEqual(Array.from((run.stepper.start().measure as Quantiles).x));
    expect(moments(last(march(proximal(100), p, 0.4, 1)))[0]).toBeCloseTo(1 / (1 - 0.8), 9);
  });
  test("caps and kernels of two points are refused by name", () => {
    const capped = { ...entropyPart(1), label: "congestion", cap: 1 };
    expect(() => jkoScheme(proximal(50), 0.1).open(problemOf([capped], gaussianLaw([0], [1])), plainHost())).toThrow(/congestion.*cap/);
  });
});

describe("theory, on random problems", () => {
  const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
  const problem = fc.record({
    mean: number(-2, 2),
    deviation: number(0.2, 3),
    tau: number(0.001, 5),
    a: number(0, 3),
    b: number(-1, 1),
    m: fc.constantFrom(1, 0.5, 1.5, 2, 4),
  });
  const partsOf = ({ a, b, m }: { a: number; b: number; m: number }) => [m === 1 ? entropyPart(0.7) : powerPart(m), springs([a], [b])];
  test("JKO inequality, EVI against any measure, contraction, a-posteriori terms >= 0", () => {
    fc.assert(
      fc.property(problem, number(-2, 2), number(0.2, 3), (q, mean, deviation) => {
        const parts = partsOf(q);
        const one = march(proximal(80), problemOf(parts, gaussianLaw([q.mean], [q.deviation ** 2])), q.tau, 1);
        const info = one.infos[0]!;
        expect(info.ok, info.reason).toBe(true);
        const size = 1 + one.energies.reduce((s, e) => s + Math.abs(e), 0);
        expect(one.energies[1]! + info.cost!).toBeLessThanOrEqual(one.energies[0]! + 1e-12 * size);
        // E_n >= 0: F_k - F_{k+1} >= d^2 / tau for convex F, by the inequality of strong convexity
        expect(info.posterior!).toBeGreaterThanOrEqual(-1e-12 * size * q.tau);
        const other = march(proximal(80), problemOf(parts, gaussianLaw([mean], [deviation ** 2])), q.tau, 1);
        const [before, after] = [one.stepper.start().measure as Quantiles, last(one)];
        const [nu, nuAfter] = [other.stepper.start().measure as Quantiles, last(other)];
        const evi = (quantileDistance2(after, nu) - quantileDistance2(before, nu)) / (2 * q.tau) + (q.a / 2) * quantileDistance2(after, nu);
        expect(evi).toBeLessThanOrEqual(other.energies[0]! - one.energies[1]! - info.cost! + 1e-9 * (size + Math.abs(other.energies[0]!)) + 1e-8 / q.tau);
        expect(Math.sqrt(quantileDistance2(after, nuAfter))).toBeLessThanOrEqual(Math.sqrt(quantileDistance2(before, nu)) / (1 + q.tau * q.a) + 1e-8);
      }),
      { numRuns: 60, seed: 11 },
    );
  });
  test("translations commute with the step", () => {
    fc.assert(
      fc.property(problem, number(-10, 10), (q, c) => {
        const step = (shift: number): Quantiles =>
          last(march(proximal(60), problemOf(partsOf({ ...q, b: q.b + shift }), gaussianLaw([q.mean + shift], [q.deviation ** 2])), q.tau, 1));
        const [a, b] = [step(0), step(c)];
        for (let i = 0; i < 60; i++) expect(Math.abs(b.x[i]! - a.x[i]! - c)).toBeLessThan(1e-7);
      }),
      { numRuns: 30, seed: 12 },
    );
  });
});
