import { describe, expect, test } from "vitest";
import type { Law, Measure } from "../contract.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { barenblattLaw, barenblattShape } from "./barenblatt.ts";
import { bures2, gaussianMap, gaussianW2 } from "./bures.ts";
import { distance, distanceL1, distanceOnLine, momentDistance, slicedDistance } from "./distance.ts";
import { gaussianLaw } from "./gaussian.ts";
import { lawOf } from "./law-of.ts";
import { pointsLaw } from "./points.ts";
import { gradedLevels, storeCells, storeParticles, storeQuantiles } from "./store.ts";
import { uniformBox } from "./uniform.ts";

const line = makeFree(1);
function cells(law: Law, lower: number[], upper: number[], shape: number[]): Measure & { rep: "cells" } {
  const space = makeBox({ lower, upper, cells: shape });
  const rho = new Float64Array(space.cells!.n);
  storeCells(law, space, rho);
  return { rep: "cells", space, rho };
}
function quantiles(law: Law, n: number, grading = 3): Measure {
  const [level, x] = [new Float64Array(n), new Float64Array(n)];
  gradedLevels(n, level, grading);
  storeQuantiles(law, level, x);
  return { rep: "quantiles", space: line, x, level, mass: law.mass };
}
function particles(law: Law, n: number, d = 1): Measure {
  const [x, weight] = [new Float64Array(d * n), new Float64Array(n)];
  storeParticles(law, n, 3, x, weight);
  return { rep: "particles", space: makeFree(d), n, x, weight };
}
const exponential: Law = {
  tex: "Exp(1)",
  dim: 1,
  mass: 1,
  quantile: (n, a, out) => {
    for (let i = 0; i < n; i++) out[i] = -Math.log1p(-a[i]!);
  },
};

describe("on the line", () => {
  test("A27: W2^2(U[0,1], Exp 1) = 5/6, W1 = 1/2", () => {
    const u = quantiles(uniformBox([0], [1]), 11, 1);
    const w2 = distanceOnLine(2, u, exponential);
    expect(w2.value ** 2).toBeCloseTo(5 / 6, 11);
    expect(w2.error).toBeLessThan(1e-9);
    expect(distanceOnLine(1, cells(uniformBox([0], [1]), [0], [1], [7]), exponential).value).toBeCloseTo(1 / 2, 11);
    expect(distanceOnLine(1, uniformBox([0], [1]), exponential).value).toBeCloseTo(1 / 2, 11);
  });
  test("A27: W2^2(U[0,1], N(1/2, 1/12)) = 0.003799162699027", () => {
    expect(distanceOnLine(2, cells(uniformBox([0], [1]), [-1], [2], [300]), gaussianLaw([0.5], [1 / 12])).value ** 2).toBeCloseTo(0.003799162699027, 13);
  });
  test("A27: W1(N(0,1), N(1,4)) = 1.166630941152", () => {
    expect(distanceOnLine(1, gaussianLaw([0], [1]), gaussianLaw([1], [4])).value).toBeCloseTo(1.166630941152, 9);
  });
  test("A4: Barenblatt m=2, t=1 to 2: W2 = 0.2417894163314", () => {
    expect(distanceOnLine(2, barenblattLaw(2, 1, [0]), barenblattLaw(2, 2, [0])).value).toBeCloseTo(0.2417894163314, 11);
  });
  test("two Diracs against two Diracs, unequal weights: exact", () => {
    const a = pointsLaw(1, 2, Float64Array.of(0, 1), [1, 3], { mass: 4 });
    const b = pointsLaw(1, 2, Float64Array.of(3, 1), [2, 2], { mass: 4 });
    // one unit 0 -> 1, one 1 -> 1, two 1 -> 3
    expect(distanceOnLine(2, particles(a, 2), particles(b, 2)).value).toBeCloseTo(Math.sqrt(1 + 2 * 4), 14);
    expect(distanceOnLine(1, a, b).value).toBeCloseTo(1 + 2 * 2, 14);
  });
  test("linear pieces that cross: W1(U[0,1], U[1/4,3/4]) = 1/8, W2^2 = 1/48", () => {
    const [a, b] = [quantiles(uniformBox([0], [1]), 4, 1), cells(uniformBox([0.25], [0.75]), [0], [1], [8])];
    expect(distanceOnLine(1, a, b).value).toBeCloseTo(1 / 8, 15);
    expect(distanceOnLine(2, a, b).value ** 2).toBeCloseTo(1 / 48, 15);
  });
  test("every storage of one Gaussian is within its resolution of the others", () => {
    const law = gaussianLaw([0.2], [0.09], { placement: "low-discrepancy" });
    const all: Measure[] = [
      cells(law, [-2], [2], [800]),
      particles(law, 2000),
      quantiles(law, 1000),
      { rep: "gaussian", space: line, mean: Float64Array.of(0.2), cov: Float64Array.of(0.09), mass: 1 },
    ];
    const reach = [0.005, 0.01, 1e-5, 1e-7];
    all.forEach((a, i) => {
      expect(distanceOnLine(2, a, law).value).toBeLessThan(reach[i]!);
      all.forEach((b, j) => {
        const w = distanceOnLine(2, a, b);
        expect(w.value).toBeLessThan(reach[i]! + reach[j]!);
        expect(w.value).toBeCloseTo(distanceOnLine(2, b, a).value, 10);
      });
    });
  });
  test("a measure turned into a law and stored again is at distance 0", () => {
    for (const m of [cells(gaussianLaw([0], [0.04]), [-2], [2], [50]), quantiles(gaussianLaw([0], [0.04]), 100)]) {
      const w = distanceOnLine(2, m, lawOf(m));
      expect(w.value).toBeLessThan(w.error);
      expect(w.error).toBeLessThan(1e-7);
    }
    // histogram of quantile pieces: exact masses of cells
    const box = cells(lawOf(quantiles(uniformBox([0], [1]), 30)), [0], [1], [4]);
    for (const r of box.rho) expect(r).toBeCloseTo(1, 12);
  });
  test("unequal masses and periodic axes are refused", () => {
    expect(() => distanceOnLine(2, uniformBox([0], [1]), uniformBox([0], [1], { mass: 2 }))).toThrow(/equal masses/);
    const space = makeBox({ lower: [0], upper: [1], cells: [4], periodic: [true] });
    expect(() => distanceOnLine(2, { rep: "cells", space, rho: new Float64Array(4).fill(1) }, uniformBox([0], [1]))).toThrow(/periodic/);
  });
  test("periodic axes: L1 on the same cells, particles refused", () => {
    const space = makeBox({ lower: [0], upper: [1], cells: [4], periodic: [true] });
    const [a, b] = [Float64Array.of(4, 0, 0, 0), Float64Array.of(0, 0, 0, 4)].map((rho) => ({ rep: "cells", space, rho }) as const);
    expect(distance(a!, b!)).toMatchObject({ name: "L1", value: 2 });
    expect(() => distance({ rep: "particles", space, n: 1, x: Float64Array.of(0), weight: Float64Array.of(1) }, a!)).toThrow(/periodic/);
  });
  test("L1 of shifted boxes on one grid", () => {
    const a = cells(uniformBox([0], [0.5]), [0], [1], [8]);
    expect(distanceL1(a, cells(uniformBox([0.25], [0.75]), [0], [1], [8])).value).toBeCloseTo(1, 14);
    expect(distanceL1(a, uniformBox([0.25], [0.75])).value).toBeCloseTo(1, 14);
  });
  test("L1 against a law whose cells take quadrature is estimated, and its error covers what that is off by", () => {
    const a = cells(gaussianLaw([0], [1]), [-9], [9], [40]);
    expect(distanceL1(a, gaussianLaw([0], [1])).how).toBe("exact");
    const { boxMass: _, ...density } = gaussianLaw([0], [1]);
    const d = distanceL1(a, density);
    expect(d.how).toBe("estimated");
    expect(d.value).toBeLessThanOrEqual(d.error);
    expect(d.error).toBeLessThan(1e-10);
  });
});

describe("in the plane", () => {
  const [A, B] = [
    [2, 0.5, 0.5, 1],
    [1, -0.3, -0.3, 1.5],
  ];
  test("A12.1: Bures, map, W2^2", () => {
    expect(bures2(2, A!, B!)).toBeCloseTo(0.4634711896065, 12);
    expect(gaussianW2(2, [0, 0], A!, [1, -1], B!) ** 2).toBeCloseTo(2.4634711896065, 12);
    const T = gaussianMap(2, A!, B!);
    expect(T[0]).toBeCloseTo(0.75354116, 8);
    expect(T[1]).toBeCloseTo(-0.2973508, 8);
    expect(T[3]).toBeCloseTo(1.30853288, 8);
  });
  test("nearby covariances keep their digits", () => {
    const C = A!.map((v, i) => v + (i % 3 === 0 ? 1e-9 : 0));
    // first order: |sqrt(A + e) - sqrt(A)|^2 = e^2/4 tr A^-1 (commuting), tr A^-1 = 3 / 1.75
    expect(bures2(2, A!, C) / ((1e-18 * 3) / 1.75 / 4)).toBeCloseTo(1, 4);
  });
  test("sliced W2 of a shift is |shift| / sqrt(d), within its error", () => {
    const law = gaussianLaw([0, 0], [1, 0, 0, 1], { placement: "low-discrepancy" });
    const a = particles(law, 1000, 2);
    const b: Measure = { ...(a as Measure & { rep: "particles" }), x: (a as Measure & { rep: "particles" }).x.map((v, i) => (i < 1000 ? v + 3 : v)) };
    const w = slicedDistance(a, b, 128);
    expect(Math.abs(w.value - 3 / Math.SQRT2)).toBeLessThan(Math.max(w.error, 1e-12));
    expect(w.error).toBeLessThan(0.15);
    expect(momentDistance(a, b).lower).toBeCloseTo(3, 10);
    expect(momentDistance(a, law).mean).toBeLessThan(0.01);
  });
  test("distance picks W2 for Gaussians and says so; cells and particles are sliced", () => {
    const g: Measure = { rep: "gaussian", space: makeFree(2), mean: Float64Array.of(0, 0), cov: Float64Array.from(A!), mass: 1 };
    const w = distance(g, gaussianLaw([1, -1], B!));
    expect([w.name, w.how]).toEqual(["W2", "exact"]);
    expect(w.value ** 2).toBeCloseTo(2.4634711896065, 12);
    const law = barenblattLaw(2, 0.1, [0, 0]);
    const c = cells(law, [-1.2, -1.2], [1.2, 1.2], [24, 24]);
    expect(distance(c, law).value).toBe(0);
    const later = barenblattLaw(2, 0.2, [0, 0]);
    const s = distance(c, later);
    // radial dilation: projections dilate too, so sliced W2 = W2 / sqrt(2)
    const M2 = barenblattShape(2, 2).secondMoment;
    const exact = ((0.2 ** 0.25 - 0.1 ** 0.25) * Math.sqrt(M2)) / Math.SQRT2;
    expect(Math.abs(s.value - exact)).toBeLessThan(s.error);
    expect(s.name).toBe("sliced W2");
    const p = distance(particles(law, 4000, 2), later);
    expect(Math.abs(p.value - exact)).toBeLessThan(0.01);
  });
});
