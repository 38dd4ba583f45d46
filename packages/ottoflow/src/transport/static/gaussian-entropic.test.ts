import { describe, expect, it } from "vitest";
import { entropicGaussians, gaussianBridge, unbalancedGaussian } from "./gaussian-entropic.ts";

const S1 = [2, 0.5, 0.5, 1];
const S2 = [1, -0.3, -0.3, 1.5];

describe("A13: entropic transport between Gaussians", () => {
  it("A13.1: N(0, 1), N(1, 4) at sigma^2 = .25 and 1: value, cross-covariance, divergence", () => {
    const p = entropicGaussians([0], [1], [1], [4], 0.5);
    expect(p.value).toBeCloseTo(2.777670345263, 11);
    expect(p.cross[0]).toBeCloseTo(1.878902442735, 11);
    expect(p.divergence).toBeCloseTo(1.998054618915, 11);
    const q = entropicGaussians([0], [1], [1], [4], 2);
    expect(q.value).toBeCloseTo(3.81750801649, 11);
    expect(q.cross[0]).toBeCloseTo(1.561552812809, 11);
    expect(q.divergence).toBeCloseTo(1.970579412838, 11);
  });
  it("A13.2: the plane at sigma^2 = .5", () => {
    const p = entropicGaussians([0, 0], S1, [1, -1], S2, 1);
    expect(p.value).toBeCloseTo(4.482276063256, 11);
    expect(p.divergence).toBeCloseTo(2.45496723515, 11);
  });
  it("cost and entropy of the plan give the value, and any other correlation costs more", () => {
    for (const epsilon of [1e-3, 0.1, 1, 30]) {
      const p = entropicGaussians([0, 0], S1, [1, -1], S2, epsilon);
      expect(Math.abs(p.primal - p.value)).toBeLessThan(1e-12 * Math.max(1, epsilon));
    }
    const one = (c: number): number => 1 + 1 + 4 - 2 * c - 0.5 * 0.5 * Math.log(1 - (c * c) / 4);
    const best = entropicGaussians([0], [1], [1], [4], 0.5);
    expect(one(best.cross[0]!)).toBeCloseTo(best.value, 12);
    for (const c of [-0.01, 0.01]) expect(one(best.cross[0]! + c)).toBeGreaterThan(best.value);
  });
  it("A13.3: the bridge begins and ends at its marginals and tends to the geodesic, midpoint [[1.42920346, .08474615], [., 1.20492874]]", () => {
    for (const [t, S] of [
      [0, S1],
      [1, S2],
    ] as const)
      for (const [e, v] of S.entries()) expect(gaussianBridge([0, 0], S1, [1, -1], S2, 0.3, t).cov[e]).toBeCloseTo(v, 13);
    const middle = gaussianBridge([0, 0], S1, [1, -1], S2, 1e-9, 0.5);
    for (const [e, v] of [1.42920346, 0.08474615, 0.08474615, 1.20492874].entries()) expect(middle.cov[e]).toBeCloseTo(v, 7);
    // one dimension by hand: ((1 - t)^2 A + t^2 B + 2 t (1 - t) C + t (1 - t) g) at t = 1/2, g = .25
    expect(gaussianBridge([0], [1], [1], [4], 0.25, 0.5).cov[0]).toBeCloseTo(0.25 + 1 + 0.5 * 1.878902442735 + 0.0625, 11);
  });
});

describe("A14: unbalanced Gaussians", () => {
  const a = { mass: 1, mean: [0], cov: [1] };
  const b = { mass: 2, mean: [1], cov: [0.5] };
  it("A14: value 1.3393966409208, mass 1.0642413436317, means 4/9 and 7/9, covariance", () => {
    const p = unbalancedGaussian(a, b, 0.5, 1);
    expect(p.value).toBeCloseTo(1.3393966409208, 12);
    expect(p.mass).toBeCloseTo(1.0642413436317, 12);
    expect(p.mean[0]).toBeCloseTo(4 / 9, 13);
    expect(p.mean[1]).toBeCloseTo(7 / 9, 13);
    for (const [e, v] of [0.69876912561629, 0.47284596982851, 0.47284596982851, 0.4891383879314].entries()) expect(p.cov[e]).toBeCloseTo(v, 12);
  });
  it("A14: sigma to 0: value 0.5468162891413, mass 1.226591855429", () => {
    const p = unbalancedGaussian(a, b, 0, 1);
    expect(p.value).toBeCloseTo(0.5468162891413, 12);
    expect(p.mass).toBeCloseTo(1.226591855429, 11);
  });
  it("independent coordinates: moments per axis; swapped sides: the same value; strong penalties tend to the balanced value", () => {
    const p = unbalancedGaussian({ mass: 1, mean: [0, 0], cov: S1 }, { mass: 2, mean: [1, -1], cov: S2 }, 0.5, 1.5);
    const q = unbalancedGaussian({ mass: 2, mean: [1, -1], cov: S2 }, { mass: 1, mean: [0, 0], cov: S1 }, 0.5, 1.5);
    expect(p.value).toBeCloseTo(q.value, 12);
    const balanced = entropicGaussians([0, 0], S1, [1, -1], S2, 0.5).value;
    const gap = (gamma: number): number =>
      balanced - unbalancedGaussian({ mass: 1, mean: [0, 0], cov: S1 }, { mass: 1, mean: [1, -1], cov: S2 }, 0.5, gamma).value;
    expect(gap(1e4)).toBeGreaterThan(0);
    expect(gap(1e3) / gap(1e4)).toBeGreaterThan(9);
    expect(gap(1e3) / gap(1e4)).toBeLessThan(11);
  });
});
