import { describe, expect, test } from "vitest";
import {
  collapsingPatch,
  discDensity,
  discRadius,
  doubleWellPair,
  hermiteZeros,
  logGasEnergy,
  logGasEquilibrium,
  newtonianQuantile,
  ringRadius,
  ringVelocity,
  semicircleEnergy,
  semicircleRadius,
  twoAtoms,
} from "../../src/exact/aggregation.ts";
import { semicircleLaw } from "../../src/measure/semicircle.ts";

test("A8.1 two atoms under |x|^3/3: r0=1, t=1 gives 1/3; r' = -(2r)^{p-1}/2 for other p", () => {
  expect(twoAtoms(3, 1, 1)).toBeCloseTo(1 / 3, 15);
  for (const p of [1.5, 2, 2.5, 4]) {
    const slope = (twoAtoms(p, 0.7, 0.3 + 1e-5) - twoAtoms(p, 0.7, 0.3 - 1e-5)) / 2e-5;
    expect(slope).toBeCloseTo(-((2 * twoAtoms(p, 0.7, 0.3)) ** (p - 1)) / 2, 8);
  }
});
test("A8.2 pair under x^4/4 - x^2/2: z0 = .2, t = 1", () => {
  expect(doubleWellPair(0.2, 1)).toBeCloseTo(0.4851827523061, 13);
});
describe("A8.3 logarithmic repulsion", () => {
  test("semicircle: density at 0, radius sqrt 2, energy", () => {
    const R = semicircleRadius(1, 1, 5, 1e3);
    expect(R).toBeCloseTo(Math.SQRT2, 14);
    const out = new Float64Array(1);
    semicircleLaw(R).density!(1, new Float64Array(1), out);
    expect(out[0]).toBeCloseTo(0.4501581580786, 13);
    expect(semicircleEnergy(1, 1, R)).toBeCloseTo(0.54828679514, 11);
    expect(semicircleEnergy(1, 1, 1.3)).toBeGreaterThan(semicircleEnergy(1, 1, R));
  });
  test("R0 = 3, t = .4: R = 2.2683259794", () => {
    expect(semicircleRadius(1, 1, 3, 0.4)).toBeCloseTo(2.2683259794, 10);
  });
  test("N particles rest at Hermite zeros / sqrt(N)", () => {
    expect(logGasEquilibrium(1, 1, 2)[1]).toBeCloseTo(0.5, 14);
    expect(logGasEquilibrium(1, 1, 3)[2]).toBeCloseTo(Math.SQRT1_2, 13);
    const five = logGasEquilibrium(1, 1, 5);
    expect(five[4]).toBeCloseTo(0.9034532450641, 13);
    expect(five[3]).toBeCloseTo(0.4286866384472, 13);
    expect(five[2]).toBe(0);
    for (const N of [7, 40, 101]) {
      const x = logGasEquilibrium(2, 3, N);
      for (let i = 0; i < N; i++) {
        let force = 0;
        for (let j = 0; j < N; j++) if (j !== i) force += 2 * (x[i]! - x[j]!) - 3 / (x[i]! - x[j]!);
        expect(Math.abs(force) / N).toBeLessThan(1e-11);
        if (i > 0) expect(x[i]).toBeGreaterThan(x[i - 1]!);
      }
    }
    expect(hermiteZeros(1)[0]).toBe(0);
  });
  test("energies at rest, N = 2, 3, 5, 10", () => {
    for (const [N, E] of [
      [2, 0.125],
      [3, 0.205174843364],
      [5, 0.295027053923],
      [10, 0.38862560879],
    ] as const)
      expect(logGasEnergy(1, 1, logGasEquilibrium(1, 1, N))).toBeCloseTo(E, 12);
  });
  test("the semicircle's quantiles invert its masses, tails included", () => {
    const law = semicircleLaw(2, 0.5);
    const level = Float64Array.of(1e-12, 1e-4, 0.2, 0.7, 0.9999);
    const [x, mass] = [new Float64Array(5), new Float64Array(5)];
    law.quantile!(5, level, x);
    law.boxMass!(5, new Float64Array(5).fill(-Infinity), x, mass);
    for (let i = 0; i < 5; i++) expect(mass[i]! / level[i]!).toBeCloseTo(1, i === 0 ? 7 : 9); // at 1e-12 the node itself is rounded
  });
});
test("A8.4 W = x^2/2 - |x|: distances of quantile functions contract by e^{-t} exactly", () => {
  for (const s of [0.1, 0.6]) expect(newtonianQuantile(s, 2, 1) - newtonianQuantile(s, -1, 1)).toBeCloseTo(3 * Math.exp(-1), 14);
  expect(newtonianQuantile(0.75, 9, 50)).toBeCloseTo(0.5, 14);
});
describe("A8.5 disc", () => {
  test("R0 = 2, t = .5: radius and density; logistic density", () => {
    const R = discRadius(2, 0.5);
    expect(R).toBeCloseTo(1.450392472234, 12);
    expect(1 / (Math.PI * R * R)).toBeCloseTo(0.1513139795115, 13);
    expect(discDensity(1 / (4 * Math.PI), 0.5)).toBeCloseTo(0.1513139795115, 13);
    expect(discDensity(0.1, 1)).toBeCloseTo(0.2457136993181, 13);
  });
  test("ring of N = 6 rests at 0.6454972243679", () => {
    expect(ringRadius(6)).toBeCloseTo(0.6454972243679, 13);
    expect(ringVelocity(6, ringRadius(6))).toBeCloseTo(0, 15);
    expect(ringVelocity(6, 0.8)).toBeLessThan(0);
  });
});
test("A8.6 patch: rho R^2 is kept, blow-up at 1/rho0", () => {
  const { density, radius } = collapsingPatch(0.5, 2, 1.2);
  expect(density * radius * radius).toBeCloseTo(2, 13);
  expect(collapsingPatch(0.5, 2, 2).radius).toBe(0);
});
