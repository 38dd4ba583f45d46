import { describe, expect, test } from "vitest";
import { desaiZwanzigCritical, desaiZwanzigMagnetisation, desaiZwanzigMoments, meanFieldMoments, meanFieldParticles } from "../../src/exact/mckean-vlasov.ts";

describe("A7 quadratic mean field", () => {
  test("A7.1 a=0, kap=1, eps=1, m0=1, v0=4, t=0.5", () => {
    const q = { a: 0, kap: 1, eps: 1, m0: 1, v0: 4 };
    expect(meanFieldMoments(q, 0.5).variance).toBeCloseTo(2.103638323514, 12);
    const ten = meanFieldParticles(q, 10, 0.5);
    expect(ten.variance).toBeCloseTo(2.393274491163, 12);
    expect(ten.covariance).toBeCloseTo(0.2896361676486, 13);
    expect(ten.w2).toBeCloseTo(0.09662869477101, 14);
    const hundred = meanFieldParticles(q, 100, 0.5);
    expect(hundred.variance).toBeCloseTo(2.132601940279, 12);
    expect(hundred.covariance).toBeCloseTo(0.02896361676486, 14);
    expect(hundred.w2).toBeCloseTo(0.009950617686277, 15);
    expect(ten.w2 / hundred.w2).toBeCloseTo(9.71, 2);
    expect(ten.spread).toBeCloseTo(0.9 * 2.103638323514, 12);
  });
  test("A7.2 a=1, kap=2, eps=.5, m0=1, v0=.25, t=.7", () => {
    const q = { a: 1, kap: 2, eps: 0.5, m0: 1, v0: 0.25 };
    expect(meanFieldMoments(q, 0.7).mean).toBeCloseTo(0.4965853037914, 13);
    expect(meanFieldMoments(q, 0.7).variance).toBeCloseTo(0.1679162980684, 13);
    expect(meanFieldParticles(q, 8, 0.7).variance).toBeCloseTo(0.2017206056867, 13);
    expect(meanFieldParticles(q, 8, 0.7).covariance).toBeCloseTo(0.03380430761828, 14);
  });
  test("covariances solve the linear system of N particles (Euler with tiny steps, N = 3)", () => {
    const q = { a: 0.7, kap: 1.3, eps: 0.4, m0: 0, v0: 2 };
    let [v, c] = [2, 0];
    const [N, dt] = [3, 1e-5];
    for (let k = 0; k < 50000; k++) {
      // d Var = -2 a V - 2 kap (V - (V + (N-1) C)/N) + 2 eps; d Cov = -2 a C - 2 kap (C - (V + (N-1) C)/N)
      const mean = (v + (N - 1) * c) / N;
      [v, c] = [v + dt * (-2 * q.a * v - 2 * q.kap * (v - mean) + 2 * q.eps), c + dt * (-2 * q.a * c - 2 * q.kap * (c - mean))];
    }
    expect(meanFieldParticles(q, N, 0.5).variance).toBeCloseTo(v, 4);
    expect(meanFieldParticles(q, N, 0.5).covariance).toBeCloseTo(c, 4);
  });
});

describe("A7.4 Desai-Zwanzig", () => {
  test("critical temperatures", () => {
    expect(desaiZwanzigCritical(1)).toBeCloseTo(0.456946581044, 11);
    expect(desaiZwanzigCritical(5)).toBeCloseTo(1.845243486866, 11);
  });
  test("magnetisation and variance, theta = 1", () => {
    for (const [eps, m, v] of [
      [0.2, 0.851478857177, 0.101481187479],
      [0.3, 0.705495273209, 0.202730509059],
    ] as const) {
      expect(desaiZwanzigMagnetisation(1, eps)).toBeCloseTo(m, 11);
      expect(desaiZwanzigMoments(1, eps, m).variance).toBeCloseTo(v, 11);
    }
    expect(desaiZwanzigMagnetisation(1, 0.5)).toBe(0);
  });
});
