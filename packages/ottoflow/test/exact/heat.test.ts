import { describe, expect, test } from "vitest";
import { affineMoments, gaussianEntropy } from "../../src/exact/affine.ts";
import {
  boxHeat,
  boxHeatLaw,
  gaussianHeatDistance,
  implicitEulerFactor,
  l2Descent,
  neumannAmplitude,
  neumannDistances,
  sphereKl,
} from "../../src/exact/heat.ts";
import { densityLaw } from "../../src/measure/density-law.ts";
import { distanceOnLine } from "../../src/measure/distance.ts";
import { uniformBox } from "../../src/measure/uniform.ts";

describe("A1.1 Gaussian, d=2, s0=1, t=0.5", () => {
  const flow = { d: 2, A: [0, 0, 0, 0], g: [0, 0], kappa: 0, eps: 1 };
  const start = { mean: [0, 0], cov: [1, 0, 0, 1] };
  const now = affineMoments(flow, start, 0.5);
  test("H(0), H(t), Fisher information, W2", () => {
    expect(gaussianEntropy(2, start.cov)).toBeCloseTo(-2.8378770664093, 13);
    expect(gaussianEntropy(2, now.cov)).toBeCloseTo(-3.5310242469693, 13);
    expect(2 / now.cov[0]!).toBeCloseTo(1, 14);
    expect(gaussianHeatDistance(2, 1, 0.5)).toBeCloseTo(0.5857864376269, 13);
  });
  test("dH/dt = -I", () => {
    const H = (t: number): number => gaussianEntropy(2, affineMoments(flow, start, t).cov);
    expect((H(0.5 + 1e-5) - H(0.5 - 1e-5)) / 2e-5).toBeCloseTo(-1, 8);
  });
});

describe("A1.2 box", () => {
  test("rho at x = 0, 1, 1.5, t = 0.1", () => {
    expect(boxHeat(-1, 1, 0.1, 0)).toBeCloseTo(0.48732634066127, 14);
    expect(boxHeat(-1, 1, 0.1, 1)).toBeCloseTo(0.24999806394589, 14);
    expect(boxHeat(-1, 1, 0.1, 1.5)).toBeCloseTo(0.065888113649556, 14);
  });
  test("masses of intervals are integrals of the density, in the middle and in the tail", () => {
    const law = boxHeatLaw([-1], [1], 0.1, { mass: 2 });
    const mass = new Float64Array(3);
    law.boxMass!(3, Float64Array.of(-0.3, 4, -Infinity), Float64Array.of(1.4, 4.2, Infinity), mass);
    const simpson = (a: number, b: number): number => {
      let s = 0;
      for (let i = 0; i <= 400; i++) s += (i === 0 || i === 400 ? 1 : i % 2 ? 4 : 2) * boxHeat(-1, 1, 0.1, a + ((b - a) * i) / 400);
      return (2 * s * (b - a)) / 1200;
    };
    expect(mass[0]).toBeCloseTo(simpson(-0.3, 1.4), 10);
    expect(mass[1]! / simpson(4, 4.2)).toBeCloseTo(1, 8);
    expect(mass[2]).toBeCloseTo(2, 14);
  });
});

describe("A1.3 Neumann cosine, a = 0.5", () => {
  test("KL at 0 and 0.1, W2^2, W1", () => {
    expect(neumannDistances(0.5).kl).toBeCloseTo(0.064638132020487, 15);
    expect(neumannDistances(neumannAmplitude(0.5, 0.1)).kl).toBeCloseTo(0.0087200774308209, 15);
    expect(neumannDistances(0.5).w2Squared).toBeCloseTo(0.012665147955292, 15);
    expect(neumannDistances(0.5).w1).toBeCloseTo(0.10132118364234, 14);
  });
  test("the distances agree with quantile functions of the density itself", () => {
    const rho = densityLaw([0], [1], (n, x, out) => {
      for (let i = 0; i < n; i++) out[i] = 1 + 0.5 * Math.cos(Math.PI * x[i]!);
    });
    const u = uniformBox([0], [1]);
    expect(distanceOnLine(2, rho, u).value ** 2).toBeCloseTo(0.012665147955292, 9);
    expect(distanceOnLine(1, rho, u).value).toBeCloseTo(0.10132118364234, 9);
  });
});

test("A1.4 sphere, a = 0.5: KL at 0 and 0.25; below the curvature bound", () => {
  expect(sphereKl(0.5)).toBeCloseTo(0.042791644191678, 14);
  const now = sphereKl(0.5 * Math.exp(-0.5));
  expect(now).toBeCloseTo(0.015473137673315, 14);
  expect(now).toBeLessThan(Math.exp(-0.5) * sphereKl(0.5));
});

test("A1.5 implicit Euler decays mode k by 1/(1 + tau lambda_k): the tridiagonal step itself", () => {
  const [n, k, tau] = [16, 3, 0.01];
  const mode = Array.from({ length: n }, (_, i) => Math.cos(k * Math.PI * ((i + 0.5) / n)));
  const f = implicitEulerFactor(n, k, tau);
  // (1 + tau L) (f mode) must be mode
  for (let i = 0; i < n; i++) {
    const drop = (j: number): number => (j < 0 || j >= n ? 0 : mode[i]! - mode[j]!);
    expect(f * (mode[i]! + tau * n * n * (drop(i - 1) + drop(i + 1)))).toBeCloseTo(mode[i]!, 13);
  }
});

test("A1.6 mass-projected L2 flow turns negative at t* = 0.75 for L = 1", () => {
  expect(l2Descent(1, 0.75, 1)).toBeCloseTo(0, 15);
  expect(l2Descent(1, 0.7501, 1)).toBeLessThan(0);
});
