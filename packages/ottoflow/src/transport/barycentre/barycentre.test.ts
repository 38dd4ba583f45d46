import { expect, test } from "vitest";
import { portableCloud, portableNormal } from "../../../test/portable.ts";
import type { As, Coupling, Measure } from "../../contract.ts";
import { makeFree } from "../../space/euclidean.ts";
import { cloud, transportProblem } from "../problem.ts";
import { transportGaussians } from "../static/bures.ts";
import { transportOnLine } from "../static/line.ts";
import { networkSimplex } from "../static/network-simplex.ts";
import { barycentreOfGaussians } from "./bures.ts";
import { freeSupportBarycentre } from "./free-support.ts";
import { barycentreOnLine } from "./line.ts";

const gaussian = (m: number, v: number): As<"gaussian"> => ({
  rep: "gaussian",
  space: makeFree(1),
  mean: Float64Array.of(m),
  cov: Float64Array.of(v),
  mass: 1,
});

test("A12.3: barycentre of N(0,1), N(3,4), w = (1/4, 3/4): mean 2.25, std 1.75", () => {
  const { measure, value } = barycentreOnLine([gaussian(0, 1), gaussian(3, 4)], [0.25, 0.75]);
  const g = measure as As<"gaussian">;
  expect(g.mean[0]).toBe(2.25);
  expect(Math.sqrt(g.cov[0]!)).toBeCloseTo(1.75, 15);
  // w_1 w_2 W_2^2 for two measures
  expect(value).toBeCloseTo(0.25 * 0.75 * 10, 14);
});
test("the line: atoms stay atoms, two measures lie on the geodesic, W_2 to both is its share", () => {
  const [x, y] = [portableCloud(1, 30, 1), portableCloud(2, 20, 1)];
  const { measure, value } = barycentreOnLine([cloud(x), cloud(y)], [0.7, 0.3]);
  const b = measure as As<"particles">;
  const w2 = transportOnLine(x, y).value;
  expect(transportOnLine(b.x, x, { weights: [b.weight, new Float64Array(30).fill(1 / 30)] }).value).toBeCloseTo(0.09 * w2, 14);
  expect(transportOnLine(b.x, y, { weights: [b.weight, new Float64Array(20).fill(1 / 20)] }).value).toBeCloseTo(0.49 * w2, 14);
  expect(value).toBeCloseTo(0.21 * w2, 14);
});
test("the line: densities U[0,1], U[2,5] and U[4,5] have U[2, 11/3] in the middle", () => {
  const q = (lo: number, hi: number): Measure => ({ rep: "quantiles", space: makeFree(1), x: Float64Array.of(lo, hi), level: Float64Array.of(0, 1), mass: 2 });
  const b = barycentreOnLine([q(0, 1), q(2, 5), q(4, 5)]).measure as As<"quantiles">;
  expect(b.x[0]).toBeCloseTo(2, 14);
  expect(b.x[1]).toBeCloseTo(11 / 3, 14);
  expect(b.mass).toBe(2);
});
test("the line: a density averaged with a Dirac that splits has gaps and densities: pieces only", () => {
  const q: Measure = { rep: "quantiles", space: makeFree(1), x: Float64Array.of(0, 1), level: Float64Array.of(0, 1), mass: 1 };
  const { measure, pieces } = barycentreOnLine([q, cloud([0, 10])]);
  expect(measure).toBeNull();
  expect(Array.from(pieces!.left)).toEqual([0, 5.25]);
});

const S = [
  [2, 0.5, 0.5, 1],
  [1, -0.3, -0.3, 1.5],
  [0.5, 0.2, 0.2, 0.8],
];
test("A12.2: Bures barycentre of three covariances, objective 0.1410988079698, certified from both sides", () => {
  const zero = [0, 0];
  const b = barycentreOfGaussians([zero, zero, zero], S, { weights: [0.5, 0.3, 0.2] });
  for (const [e, v] of [1.2970124940098, 0.1967797003705, 0.1967797003705, 1.0718886980204].entries()) expect(b.cov[e]).toBeCloseTo(v, 12);
  expect(b.value).toBeCloseTo(0.1410988079698, 13);
  expect(b.gap).toBeLessThan(1e-13 * 3);
  expect(b.gap).toBeGreaterThan(-1e-14);
  expect(b.stationarity).toBeLessThan(1e-12);
  expect(b.status).toBe("optimal");
});
test("Bures: two measures meet the geodesic; the bound holds at any other Gaussian and before convergence", () => {
  const two = barycentreOfGaussians(
    [
      [0, 0],
      [1, -1],
    ],
    S.slice(0, 2),
    { weights: [0.5, 0.5] },
  );
  const t = transportGaussians([0, 0], S[0]!, [1, -1], S[1]!);
  for (let e = 0; e < 4; e++) expect(two.cov[e]).toBeCloseTo(t.at(0.5).cov[e]!, 12);
  expect(two.value).toBeCloseTo(t.value / 4, 13);
  const zero = [0, 0];
  const early = barycentreOfGaussians([zero, zero, zero], S, { weights: [0.5, 0.3, 0.2], maxIterations: 0 });
  expect(early.dual).toBeLessThan(0.1410988079698);
  expect(early.value).toBeGreaterThan(0.1410988079698);
  const g = portableNormal(3);
  for (let k = 0; k < 20; k++) {
    const [p, q, r] = [0.3 + Math.abs(g()), g() / 5, 0.3 + Math.abs(g())];
    const cov = [p + q * q, q, q, r + q * q];
    const value = [0.5, 0.3, 0.2].reduce((s, w, i) => s + w * transportGaussians(zero, cov, zero, S[i]!).value, 0);
    expect(value).toBeGreaterThan(early.dual);
  }
});

const solver = networkSimplex.build({} as never, { dim: 2, space: makeFree(2) });
function couple(from: Measure, to: Measure): Coupling {
  const work = solver.solve(transportProblem({ from, to }), {});
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
test("free support: two clouds of equal size meet their geodesic's midpoint, value = W_2^2 / 4 = lower bound", async () => {
  const [p, q] = [cloud(portableCloud(1, 12, 2), { dim: 2 }), cloud(portableCloud(2, 12, 2), { dim: 2 })];
  const b = await freeSupportBarycentre([p, q], { couple, start: p, bound: true });
  expect(b.status).toBe("stationary");
  expect(b.lower).toBeCloseTo(couple(p, q).value / 4, 14);
  expect(b.value).toBeCloseTo(b.lower!, 12);
});
test("free support: three clouds, the value never rises and stays above the bound; translations come out exactly", async () => {
  const x = portableCloud(4, 10, 2);
  const moved = (dx: number, dy: number) =>
    cloud(
      x.map((v, i) => v + (i < 10 ? dx : dy)),
      { dim: 2 },
    );
  const exact = await freeSupportBarycentre([moved(0, 0), moved(3, 0), moved(0, 6)], {
    couple,
    start: cloud(portableCloud(5, 10, 2), { dim: 2 }),
    bound: true,
  });
  expect(exact.value).toBeCloseTo(exact.lower!, 10);
  expect(exact.value).toBeCloseTo((9 + 36 + 45) / 9, 10);
  const three = [1, 2, 3].map((s) => cloud(portableCloud(s, 10, 2), { dim: 2 }));
  const b = await freeSupportBarycentre(three, { couple, start: cloud(portableCloud(6, 10, 2), { dim: 2 }), weights: [0.5, 0.25, 0.25], bound: true });
  for (let k = 1; k < b.history.length; k++) expect(b.history[k]!).toBeLessThanOrEqual(b.history[k - 1]! * (1 + 1e-14));
  expect(b.value).toBeGreaterThan(b.lower!);
  expect(b.stationarity).toBeLessThan(1e-8);
});
test("bad input", async () => {
  expect(() => barycentreOnLine([])).toThrow(/at least one/);
  expect(() => barycentreOnLine([gaussian(0, 1)], [0.5])).toThrow(/sum to 0.5/);
  expect(() => barycentreOnLine([cloud([0]), cloud([0], { weights: [2] })])).toThrow(/equal masses/);
  expect(() => barycentreOnLine([gaussian(0, 1), cloud([0])])).toThrow(/store it/);
  expect(() => barycentreOfGaussians([[0, 0]], [[1, 2, 2, 1]])).toThrow(/positive definite/);
});
