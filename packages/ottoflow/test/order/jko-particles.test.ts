import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Pair, Particles, Proximal } from "../../src/contract.ts";
import { particles } from "../../src/proximal/particles.ts";
import { absolute, atoms, logRepulsion, march, problemOf, radialPair, springs, twoDirac } from "./jko-fixtures.ts";

const proximal = particles.build({ tolerance: 1e-24, iterations: 200 } as never, {} as never) as Proximal;
const places = (m: { state: { measure: unknown } }): number[] => Array.from((m.state.measure as Particles).x);
const sorted = (x: readonly number[]): number[] => [...x].sort((a, b) => a - b);

describe("A8.3: the equilibrium of x^2/2 - log|x| is the Hermite zeros over sqrt N", () => {
  /** zeros of H_n by Newton from the Tricomi start, an independent route: orthonormal recurrence */
  const hermiteZeros = (n: number): number[] => {
    const p = (x: number): [number, number] => {
      let [a, b] = [0, 1];
      for (let k = 0; k < n; k++) [a, b] = [b, (x * b * Math.SQRT2) / Math.sqrt(k + 1) - Math.sqrt(k / (k + 1)) * a];
      return [b, Math.sqrt(2 * n) * a];
    };
    const zeros: number[] = [];
    for (let x = -Math.sqrt(2 * n + 1), step = 0.01; x < Math.sqrt(2 * n + 1); x += step)
      if (p(x)[0] * p(x + step)[0] < 0) {
        let z = x + step / 2;
        for (let k = 0; k < 20; k++) z -= p(z)[0] / p(z)[1];
        zeros.push(z);
      }
    return zeros;
  };
  test.each([
    [2, 0.125],
    [3, 0.205174843364],
    [5, 0.295027053923],
    [10, 0.38862560879],
  ])("N = %i", (n, energy) => {
    const start = Array.from({ length: n }, (_, i) => 0.3 * i * i - 0.2 * i);
    const mean = start.reduce((a, b) => a + b, 0) / n;
    const run = march(proximal, problemOf([logRepulsion()], atoms(start)), 1e3, 4);
    for (const info of run.infos) expect(info).toMatchObject({ ok: true });
    const zeros = hermiteZeros(n).map((z) => z / Math.sqrt(n));
    expect(zeros).toHaveLength(n);
    for (const [i, x] of sorted(places(run)).entries()) expect(Math.abs(x - mean - zeros[i]!)).toBeLessThan(1e-8);
    expect(run.energies.at(-1)).toBeCloseTo(energy, 11);
  });
  test("printed zeros: N = 5", () => {
    const x = sorted(places(march(proximal, problemOf([logRepulsion()], atoms([-1, -0.4, 0.1, 0.3, 1])), 1e3, 4)));
    for (const [i, z] of [-0.9034532450641, -0.4286866384472, 0, 0.4286866384472, 0.9034532450641].entries()) expect(Math.abs(x[i]! - z)).toBeLessThan(1e-8);
  });
});

describe("A8.2: x^4/4 - x^2/2", () => {
  test("two particles settle at +-1/2 with energy -1/16", () => {
    const run = march(proximal, problemOf([twoDirac()], atoms([-0.1, 0.1])), 0.5, 80);
    expect(sorted(places(run))[1]).toBeCloseTo(0.5, 10);
    expect(run.energies.at(-1)).toBeCloseTo(-1 / 16, 13);
    // lambda = -1, so 1 / tau - 1 > 0 certifies
    for (const info of run.infos) expect(info.gap).toBeLessThan(1e-15);
  });
  test("separation z^2 = 1/(1 + (1/z0^2 - 1) e^{-2t}), first order two-sided", () => {
    const error = (steps: number): number => {
      const x = places(march(proximal, problemOf([twoDirac()], atoms([-0.1, 0.1])), 1 / steps, steps));
      return Math.abs(Math.abs(x[1]! - x[0]!) - 0.4851827523061);
    };
    const errors = [20, 40, 80, 160].map(error);
    for (let i = 0; i < 3; i++) expect(Math.abs(Math.log2(errors[i]! / errors[i + 1]!) - 1)).toBeLessThan(0.12);
    expect(Math.abs(Math.log2(errors[2]! / errors[3]!) - 1)).toBeLessThan(0.02);
  });
});

describe("A7.3, A15.4: quadratic energies contract exactly", () => {
  const cubic = [0.3, -1.2, 2.5, 0.9];
  test("pair x^2/2: centred positions by 1/(1 + tau)", () => {
    const pair: Pair = {
      ...radialPair(
        "q",
        (r) => (r * r) / 2,
        (r) => r,
        () => 1,
        {},
      ),
      label: "q",
    };
    const quadratic: Pair = { ...pair, W: { ...pair.W, quadratic: 1 } };
    const mean = cubic.reduce((a, b) => a + b, 0) / 4;
    for (const part of [pair, quadratic]) {
      const x = places(march(proximal, problemOf([part], atoms(cubic)), 0.3, 2));
      for (const [i, v] of x.entries()) expect(v).toBeCloseTo(mean + (cubic[i]! - mean) / 1.69, 12);
    }
  });
  test("potential in the plane: the pointwise prox", () => {
    const x = places(march(proximal, problemOf([springs([1, 3], [0.5, 0])], atoms([1, 2, -1, 0, 3, 1], 2)), 0.2, 1));
    const want = [1, 2, -1].map((v) => 0.5 + (v - 0.5) / 1.2).concat([0, 3, 1].map((v) => v / 1.6));
    for (const [i, v] of x.entries()) expect(v).toBeCloseTo(want[i]!, 13);
  });
});

describe("failures have a reason and keep the last good state", () => {
  test("V = -x^2 with tau = 0.6", () => {
    const run = march(proximal, problemOf([springs([-2], [0])], atoms([0.5, 1])), 0.6, 1);
    expect(run.infos[0]!.ok).toBe(false);
    expect(run.infos[0]!.failure).toBe("no-minimiser");
    expect(run.infos[0]!.reason).toMatch(/unbounded below/);
    expect(places(run)).toEqual([0.5, 1]);
  });
  test("at the saddle itself the step is stationary but no minimiser", () => {
    expect(march(proximal, problemOf([springs([-2], [0])], atoms([0, 0])), 0.6, 1).infos[0]!.reason).toMatch(/saddle/);
  });
});

describe("properties", () => {
  const cloud = fc
    .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 2, maxLength: 6 })
    .filter((x) => sorted(x).every((v, i, s) => i === 0 || v - s[i - 1]! > 1e-3));
  const tau = fc.double({ min: 0.01, max: 0.9, noNaN: true });
  const parts = [absolute(), logRepulsion(), twoDirac()];
  test("JKO inequality and certified gap, any cloud and step below 1", () => {
    fc.assert(
      fc.property(cloud, tau, fc.integer({ min: 0, max: 2 }), (x, step, which) => {
        const run = march(proximal, problemOf([parts[which]!], atoms(x)), step, 1);
        const info = run.infos[0]!;
        expect(info.ok, info.reason).toBe(true);
        expect(run.energies[1]! + info.cost!).toBeLessThanOrEqual(run.energies[0]! + 1e-13 * (1 + Math.abs(run.energies[0]!)));
        expect(info.gap).toBeLessThan(1e-12);
      }),
      { numRuns: 60, seed: 7 },
    );
  });
  test("translations commute with the step", () => {
    fc.assert(
      fc.property(cloud, tau, fc.double({ min: -5, max: 5, noNaN: true }), (x, step, c) => {
        const a = places(march(proximal, problemOf([logRepulsion()], atoms(x)), step, 1));
        const b = places(march(proximal, problemOf([logRepulsion()], atoms(x.map((v) => v + c))), step, 1));
        for (const [i, v] of b.entries()) expect(v).toBeCloseTo(a[i]! + c, 8);
      }),
      { numRuns: 30, seed: 8 },
    );
  });
});

test("conjugate gradients (many particles in the plane) reach the same points as the pointwise prox", () => {
  const x = Array.from({ length: 800 }, (_, i) => Math.sin(7 * i) * 2);
  const run = march(proximal, problemOf([springs([1, 2], [0, 0])], atoms(x, 2)), 0.5, 1);
  expect(run.infos[0]!.ok).toBe(true);
  for (const [i, v] of places(run).entries()) expect(v).toBeCloseTo(x[i]! / (i < 400 ? 1.5 : 2), 11);
});
