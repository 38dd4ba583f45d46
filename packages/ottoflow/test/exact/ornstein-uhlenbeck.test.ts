import { describe, expect, test } from "vitest";
import { gaussianFisher, gaussianKl, ornsteinUhlenbeckMoments } from "../../src/exact/ornstein-uhlenbeck.ts";
import { gaussianW2 } from "../../src/measure/bures.ts";

describe("A2.1 d=1, A=1, m0=2, s0^2=1/4, t=1", () => {
  const start = { mean: [2], cov: [0.25] };
  const now = ornsteinUhlenbeckMoments(1, [1], [0], start, 1);
  test("mean, variance", () => {
    expect(now.mean[0]).toBeCloseTo(0.73575888234288, 14);
    expect(now.cov[0]).toBeCloseTo(0.89849853757254, 14);
  });
  test("KL(0), KL(1), relative Fisher information", () => {
    expect(gaussianKl(1, start, [1], [0])).toBeCloseTo(2.3181471805599, 13);
    expect(gaussianKl(1, now, [1], [0])).toBeCloseTo(0.27343493545548, 14);
    expect(gaussianFisher(1, now, [1], [0])).toBeCloseTo(0.55280753655657, 14);
  });
  test("W2 to the target and to the start", () => {
    expect(gaussianW2(1, now.mean, now.cov, [0], [1])).toBeCloseTo(0.73760180004269, 14);
    expect(gaussianW2(1, now.mean, now.cov, [2], [0.25])).toBeCloseTo(1.3412354430155, 13);
  });
});

describe("A2.2 d=2, t=0.5", () => {
  const [A, b] = [
    [2, 1, 1, 2],
    [1, -1],
  ];
  const start = { mean: [3, 0], cov: [1, 0.3, 0.3, 0.5] };
  const now = ornsteinUhlenbeckMoments(2, A!, b!, start, 0.5);
  test("mean and covariance", () => {
    expect(now.mean[0]).toBeCloseTo(1.637960570079, 12);
    expect(now.mean[1]).toBeCloseTo(-0.96857008963367, 14);
    expect(now.cov[0]).toBeCloseTo(0.61717400731882, 14);
    expect(now.cov[1]).toBeCloseTo(-0.21432612084604, 14);
    expect(now.cov[3]).toBeCloseTo(0.54950636570052, 14);
  });
  test("KL(0), KL(0.5), W2^2 to the target, rate 2 lambda = 2", () => {
    const target = [2 / 3, -1 / 3, -1 / 3, 2 / 3];
    expect(gaussianKl(2, start, A!, b!)).toBeCloseTo(7.6964929153078, 12);
    const kl = gaussianKl(2, now, A!, b!);
    expect(kl).toBeCloseTo(0.44452169419433, 13);
    expect(gaussianW2(2, now.mean, now.cov, b!, target) ** 2).toBeCloseTo(0.42129193211333, 13);
    expect(kl).toBeLessThan(Math.exp(-1) * 7.6964929153078);
  });
  test("A2.3 means apart along the slow eigenvector (1,-1): W2(t) = e^{-t} W2(0)", () => {
    const other = ornsteinUhlenbeckMoments(2, A!, b!, { mean: [3.5, -0.5], cov: start.cov }, 0.5);
    expect(gaussianW2(2, now.mean, now.cov, other.mean, other.cov)).toBeCloseTo(Math.SQRT1_2 * Math.exp(-0.5), 13);
  });
});
