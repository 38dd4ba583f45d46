import { expect, test } from "vitest";
import { fisherRaoMoments, unnormalisedEntropyFlow, wassersteinFisherRao } from "../../src/exact/fisher-rao.ts";

test("A16.1 Fisher-Rao flow of KL(.|N(0,1)): p0=4, m0=2, t=.5", () => {
  const now = fisherRaoMoments(1, [1], [0], 1, { mean: [2], cov: [0.25] }, 0.5);
  expect(now.cov[0]).toBeCloseTo(0.3546612443924, 13);
  expect(now.mean[0]).toBeCloseTo(1.720903348287, 12);
});
test("A16.1 in the plane: density ratios follow rho0^{e^-t} pi^{1-e^-t}", () => {
  const [A, g] = [
    [2, 1, 1, 2],
    [1, -1],
  ];
  const start = { mean: [3, 0], cov: [1, 0.3, 0.3, 0.5] };
  const now = fisherRaoMoments(2, A!, g!, 1, start, 0.7);
  const logDensity = (m: readonly number[], S: readonly number[], x: number[]): number => {
    const det = S[0]! * S[3]! - S[1]! * S[1]!;
    const [u, v] = [x[0]! - m[0]!, x[1]! - m[1]!];
    return -(S[3]! * u * u - 2 * S[1]! * u * v + S[0]! * v * v) / (2 * det);
  };
  const V = (x: number[]): number => x[0]! ** 2 + x[0]! * x[1]! + x[1]! ** 2 - x[0]! + x[1]!;
  const [p, q] = [
    [0.3, 1.1],
    [-2, 0.4],
  ];
  const keep = Math.exp(-0.7);
  const drop = (f: (x: number[]) => number): number => f(p!) - f(q!);
  expect(drop((x) => logDensity(now.mean, now.cov, x))).toBeCloseTo(keep * drop((x) => logDensity(start.mean, start.cov, x)) - (1 - keep) * drop(V), 12);
});
test("A16.2 the unnormalised flow: rho0 = .2 grows to 0.2939928949845 at t = 1", () => {
  expect(unnormalisedEntropyFlow(0.2, 1)).toBeCloseTo(0.2939928949845, 13);
});
test("A16.3 WFR flow of KL to N(0,1): v0=.25, m0=2, t=.5", () => {
  const now = wassersteinFisherRao(1, 1, 1, 2, 0.25, 0.5);
  expect(now.variance).toBeCloseTo(0.7923166464942, 13);
  expect(now.mean).toBeCloseTo(0.9130985666542, 13);
});
test("WFR with other a, eps, r solves its equations (central differences)", () => {
  const [a, eps, r] = [1.7, 0.4, 2.5];
  const at = (t: number) => wassersteinFisherRao(a, eps, r, 2, 0.9, t);
  const now = at(0.3);
  const d = 1e-5;
  expect((at(0.3 + d).variance - at(0.3 - d).variance) / (2 * d)).toBeCloseTo(-(a * now.variance - eps) * (r * now.variance + 2), 8);
  expect((at(0.3 + d).mean - at(0.3 - d).mean) / (2 * d)).toBeCloseTo(-a * (1 + r * now.variance) * now.mean, 8);
});
