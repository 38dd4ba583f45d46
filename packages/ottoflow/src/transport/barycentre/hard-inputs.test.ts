import { describe, expect, test } from "vitest";
import { expectTagged } from "../../../test/tagged.ts";
import type { As, Measure } from "../../contract.ts";
import { solve } from "../../solve.ts";
import { makeBox } from "../../space/box.ts";
import { makeFree } from "../../space/euclidean.ts";
import { cloud } from "../problem.ts";
import { barycentreOfGaussians } from "./bures.ts";
import { entropicBarycentre } from "./entropic.ts";
import { freeSupportBarycentre } from "./free-support.ts";
import { barycentreOnLine } from "./line.ts";

const cells = (rho: readonly number[], periodic = false): As<"cells"> => ({
  rep: "cells",
  space: makeBox({ lower: [0], upper: [1], cells: [rho.length], periodic: [periodic] }),
  rho: Float64Array.from(rho),
});
const apart = (a: As<"cells">, b: As<"cells">): number =>
  Float64Array.from(a.rho).reduce((s, v, i) => s + Math.abs(v - b.rho[i]!) * a.space.cells!.volume[i]!, 0);
const [a, b] = [cells([1, 2, 3, 4, 3, 2, 0.5, 0.5]), cells([0.5, 0.5, 0.5, 0.5, 2, 3, 4, 5])];
const couple = (from: Measure, to: Measure) => solve({ from, to });

describe("entropic", () => {
  test.each([[[a]], [[a, a]]])("debiased, of equal inputs: optimal only once they have come back", (measures) => {
    const early = entropicBarycentre(measures, { epsilon: 0.02, debiased: true, maxIterations: 2 });
    expect(early.status).toBe("max-iterations");
    expect(apart(early.measure, a)).toBeGreaterThan(0.02);
    const found = entropicBarycentre(measures, { epsilon: 0.02, debiased: true, defect: 1e-9 });
    expect(found.status).toBe("optimal");
    expect(apart(found.measure, a)).toBeLessThan(1e-6);
  });
  test("masses of 1e-300 are those of 1, scaled", () => {
    const scaled = (m: As<"cells">): As<"cells"> => ({ ...m, rho: m.rho.map((v) => v * 1e-300) });
    const [known, found] = [[a, b], [a, b].map(scaled)].map((measures) => entropicBarycentre(measures, { epsilon: 0.05 })) as [
      ReturnType<typeof entropicBarycentre>,
      ReturnType<typeof entropicBarycentre>,
    ];
    expect(found.status).toBe("optimal");
    for (let i = 0; i < 8; i++) expect(found.measure.rho[i]! / 1e-300).toBeCloseTo(known.measure.rho[i]!, 9);
    expect(found.cost / 1e-300).toBeCloseTo(known.cost, 9);
  });
});

describe("Gaussians", () => {
  const zero = [0, 0];
  const rotated = (angle: number, large: number, small: number): number[] => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    const cross = c * s * (large - small);
    return [c * c * large + s * s * small, cross, cross, s * s * large + c * c * small];
  };
  test.each([1, 1e-3, 1e-6, 1e-10, 1e-14, 1e-17])("of two, one narrow by %d: no lower bound above the value, which is W_2^2 / 4", (small) => {
    const covs = [rotated(0.3, 1, small), [1.5, 0.2, 0.2, 0.8]];
    const found = barycentreOfGaussians([zero, zero], covs);
    expect(found.dual - found.value).toBeLessThanOrEqual(found.rounding);
    // tr A + tr B - 2 sqrt(tr AB + 2 sqrt(det A det B))
    const [A, B] = covs as [number[], number[]];
    const tr = A.reduce((t, v, e) => t + v * B[e]!, 0);
    const dets = small * (B[0]! * B[3]! - B[1]! * B[2]!);
    const w2 = A[0]! + A[3]! + B[0]! + B[3]! - 2 * Math.sqrt(tr + 2 * Math.sqrt(dets));
    if (small >= 1e-10) expect(found.status).toBe("optimal");
    if (found.status === "optimal") expect(Math.abs(found.value - w2 / 4)).toBeLessThan(Math.max(1e-13, 4e-16 / Math.sqrt(small)));
  });
  test.each([4 ** -60, 2 ** 101, 1e-280])("in units of %d of variance: the same but for the unit", (unit) => {
    const covs = [rotated(1, 2, 0.1), rotated(2, 1, 0.3), rotated(0.1, 3, 0.5)];
    const scaled = covs.map((S) => S.map((v) => v * unit));
    const [known, found] = [covs, scaled].map((all) => barycentreOfGaussians([zero, zero, zero], all)) as [
      ReturnType<typeof barycentreOfGaussians>,
      ReturnType<typeof barycentreOfGaussians>,
    ];
    expect(found.status).toBe("optimal");
    expect(found.value / unit).toBeCloseTo(known.value, 13);
    for (let e = 0; e < 4; e++) expect(found.cov[e]! / unit).toBeCloseTo(known.cov[e]!, 12);
  });
});

const gaussian = (mean: number, variance: number): As<"gaussian"> => ({
  rep: "gaussian",
  space: makeFree(1),
  mean: Float64Array.of(mean),
  cov: Float64Array.of(variance),
  mass: 1,
});
const points = cloud([0, 1]);
const free = (measures: readonly Measure[], more: object = {}) => freeSupportBarycentre(measures, { couple, start: points, ...more });

describe("what does not fit is said", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["no measures", () => barycentreOnLine([]), /measures: got none/],
    ["no list", () => barycentreOnLine(undefined as never), /measures: got no list/],
    ["an atom that is nowhere", () => barycentreOnLine([points, { ...points, x: Float64Array.of(0, Number.NaN) }]), /measures\[1\]\[1\]: coordinate 0 is NaN/],
    ["a negative variance", () => barycentreOnLine([gaussian(0, -1)]), /covariance of measures\[0\]\[0\]\[0\]: got -1/],
    ["a mean that is NaN", () => barycentreOnLine([gaussian(Number.NaN, 1)]), /mean of measures\[0\]\[0\]: got NaN/],
    [
      "a quantile function that falls",
      () => barycentreOnLine([{ rep: "quantiles", space: makeFree(1), x: Float64Array.of(1, 0), level: Float64Array.of(0, 1), mass: 1 }]),
      /measures\[0\]\.x\[1\]: got 0 after 1/,
    ],
    ["a mean of Gaussians that is NaN", () => barycentreOfGaussians([[Number.NaN]], [[1]]), /means\[0\]\[0\]: got NaN/],
    [
      "a covariance that is not symmetric",
      () => barycentreOfGaussians([[0, 0]], [[1, 0.5, 0, 1]]),
      /covs\[0\]\[0\]\[1\]: got 0\.5 when entry \[1\]\[0\] is 0: a covariance is symmetric/,
    ],
    ["a misspelt option", () => barycentreOfGaussians([[0]], [[1]], { weight: [1] } as never), /weight: is nothing that .* has/],
    ["a tolerance that is NaN", () => barycentreOfGaussians([[0]], [[1]], { tolerance: Number.NaN }), /tolerance: got NaN/],
    ["negative densities", () => entropicBarycentre([cells([-1, 3]), cells([1, 1])], { epsilon: 1 }), /density of measures\[0\]\[0\]: got -1/],
    [
      "densities of another length",
      () => entropicBarycentre([{ ...a, rho: a.rho.slice(1) }], { epsilon: 1 }),
      /density of measures\[0\]: got 7 values when expected 8/,
    ],
    ["a circle", () => entropicBarycentre([cells([1, 1], true)], { epsilon: 1 }), /takes no periodic axes/],
    ["no options", () => entropicBarycentre([a], undefined as never), /options: got undefined/],
    ["a misspelt debiased", () => entropicBarycentre([a], { epsilon: 1, debiassed: true } as never), /debiassed: .*It has: epsilon, weights, debiased/],
  ])("%s", (_, call, says) => expectTagged(call, says));
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["no couplings", () => free([points], { couple: undefined }), /couple: is missing/],
    ["a start on cells", () => free([a], { start: a }), /start: is stored as cells when expected points/],
    [
      "couplings of another cost",
      () => free([points, cloud([4, 7])], { couple: (from: Measure, to: Measure) => solve({ from, to, p: 1 }) }),
      /says its plan costs 5 when \|x - y\|\^2 along it is 26/,
    ],
    [
      "couplings with entropy",
      () => free([points, cloud([4, 7])], { couple: (from: Measure, to: Measure) => solve({ from, to, epsilon: 1 }) }),
      /carries entropy/,
    ],
    ["rounds that are NaN", () => free([points], { maxRounds: Number.NaN }), /maxRounds: got NaN/],
  ])("on a free support: %s", async (_, call, says) => {
    await expect(call()).rejects.toThrow(says);
  });
  test("densities and points mix: their couplings are of the densities", async () => {
    const found = await free([cells([2, 0]), cells([0, 2])], { bound: true });
    expect(found.status).toBe("stationary");
    expect(found.lower!).toBeLessThanOrEqual(found.value);
  });
});
