import { describe, expect, test } from "vitest";
import { attractionStep, entropicBlur, entropicEntropyStep, entropyStep, ornsteinUhlenbeckStep, porousStep, quadraticProx } from "../../src/exact/jko-steps.ts";

const iterate = <T>(n: number, x: T, f: (x: T) => T): T => {
  for (let k = 0; k < n; k++) x = f(x);
  return x;
};

test("A15.1 entropy: s1, s10", () => {
  expect(entropyStep(1, 0.1)).toBeCloseTo(1.09160797831, 11);
  expect(iterate(10, 1, (s) => entropyStep(s, 0.1))).toBeCloseTo(1.716833176141, 12);
});
test("A15.2 entropy + x^2/2: s1, s10, m10", () => {
  expect(ornsteinUhlenbeckStep(2, 3, 0.1).deviation).toBeCloseTo(1.866877613896, 12);
  const ten = iterate(10, { deviation: 2, mean: 3 }, (g) => ornsteinUhlenbeckStep(g.deviation, g.mean, 0.1));
  expect(ten.deviation).toBeCloseTo(1.210026689809, 12);
  expect(ten.mean).toBeCloseTo(1.156629868289, 12);
});
test("A15.3 porous medium on the Barenblatt family", () => {
  expect(porousStep(2, 1, 1, 0.1)).toBeCloseTo(1.031338369342, 12);
  expect(iterate(10, 1, (l) => porousStep(2, 1, l, 0.1))).toBeCloseTo(1.255222694622, 12);
  for (const [m, d] of [
    [2, 2],
    [3, 1],
  ] as const) {
    expect(porousStep(m, d, 1, 0.1)).toBeCloseTo(1.023328901474, 12);
    expect(iterate(10, 1, (l) => porousStep(m, d, l, 0.1))).toBeCloseTo(1.185472673489, 12);
  }
});
test("A15.4 prox of a potential, contraction by an attraction", () => {
  expect(quadraticProx(3, 2, 0.25)).toBe(2);
  expect(attractionStep(3, 1, 0.5)).toBe(2);
});
test("A15.5 entropic steps: blur, and the entropy at gamma = .1, .01, 1e-6", () => {
  expect(entropicBlur(1, 0.1)).toBe(1.05);
  expect(entropicEntropyStep(1, 0.2, 0.1)).toBeCloseTo(1.112601695849, 12);
  expect(entropicEntropyStep(1, 0.2, 0.01)).toBeCloseTo(1.093719510559, 12);
  expect(entropicEntropyStep(1, 0.2, 1e-6)).toBeCloseTo(1.091608189599, 12);
  expect(entropicEntropyStep(1.3, 1e-300, 0.1) ** 2).toBeCloseTo(entropicBlur(1.69, 0.1), 14);
});
describe("A15.6 first order", () => {
  test("entropy, s0 = 1, t = 1", () => {
    const errors = [0.1, 0.05, 0.025, 0.0125].map((tau) => Math.sqrt(3) - iterate(Math.round(1 / tau), 1, (s) => entropyStep(s, tau)));
    [0.015217631, 0.0077646155, 0.0039227643, 0.0019716929].forEach((e, i) => {
      expect(errors[i]).toBeCloseTo(e, 9);
    });
    expect(errors[0]! / errors[1]!).toBeCloseTo(1.96, 3);
    expect(errors[2]! / errors[3]!).toBeCloseTo(1.99, 3);
  });
  test("porous medium (2,2), t = 1 to 2", () => {
    const errors = [0.1, 0.05, 0.025].map((tau) => 2 ** 0.25 - iterate(Math.round(1 / tau), 1, (l) => porousStep(2, 2, l, tau)));
    [0.0037344415, 0.0018989132, 0.00095762768].forEach((e, i) => {
      expect(errors[i]).toBeCloseTo(e, 10);
    });
  });
});
