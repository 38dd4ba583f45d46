import { describe, expect, test } from "vitest";
import { eulerMaruyamaLaw, thetaVariance, ulaMoments, ulaVariance, varianceError } from "../../src/exact/langevin-chain.ts";
import { gaussianKl } from "../../src/exact/ornstein-uhlenbeck.ts";

describe("A3.7 exact law of the Euler-Maruyama chain, double well, dt = 0.005, start N(0, 0.05^2)", () => {
  const start = (x: number): number => Math.exp(-(x * x) / 0.005) / (0.05 * Math.sqrt(2 * Math.PI));
  const chain = eulerMaruyamaLaw((x) => 4 * x * x * x - 4 * x, 1, 0.005, start, -3.2, 3.2, 201);
  test.each([
    [20, 0.25427019397, 0.16815846266],
    [100, 0.77259014007, 0.9838263608],
    [200, 0.82659315843, 1.07839250848],
    [500, 0.82934594489, 1.08321563105],
    [2000, 0.82934625856, 1.08321618063],
  ])("step %d: E x^2, E x^4", (n, m2, m4) => {
    chain.advance(n - chain.steps);
    expect(chain.mean((x) => x * x)).toBeCloseTo(m2, 10);
    expect(chain.mean((x) => x ** 4)).toBeCloseTo(m4, 10);
  });
  test("stationary bias of E x^2 is -0.00339922857, first order in dt", () => {
    const bias = chain.mean((x) => x * x) - 0.83274548712838;
    expect(bias).toBeCloseTo(-0.00339922857, 10);
    const half = eulerMaruyamaLaw((x) => 4 * x * x * x - 4 * x, 1, 0.0025, start, -3.2, 3.2, 281);
    half.advance(1500);
    const ratio = bias / (half.mean((x) => x * x) - 0.83274548712838);
    expect(Math.abs(ratio - 2)).toBeLessThan(0.02);
  });
});

describe("A18 linear chains, lam = 1, tau = 0.1", () => {
  test("ULA stationary variance, its W2 and KL to N(0,1)", () => {
    const v = ulaVariance(1, 0.1);
    expect(v).toBeCloseTo(1.052631578947, 12);
    expect(Math.sqrt(v) - 1).toBeCloseTo(0.02597835208515, 13);
    expect(gaussianKl(1, { mean: [0], cov: [v] }, [1], [0])).toBeCloseTo(0.0006691422799, 13);
    expect(ulaVariance(1, 2)).toBe(Infinity);
  });
  test("theta schemes: 1/2 exact, implicit 0.952380952381", () => {
    expect(thetaVariance(1, 0.1, 0)).toBeCloseTo(ulaVariance(1, 0.1), 15);
    expect(thetaVariance(1, 0.1, 0.5)).toBe(1);
    expect(thetaVariance(1, 0.1, 1)).toBeCloseTo(0.952380952381, 12);
  });
  test("finite k: m0 = 2, v0 = 1/4, k = 20", () => {
    const at = ulaMoments(1, 0.1, 2, 0.25, 20);
    expect(at.mean).toBeCloseTo(0.2431533091811, 13);
    expect(at.variance).toBeCloseTo(1.040767975534, 12);
    expect(varianceError(0.629 / Math.SQRT2, 100)).toBeCloseTo(0.0629, 15);
  });
});
