import { describe, expect, test } from "vitest";
import { portableCloud } from "../../test/portable.ts";
import type { As, Cells, General, Measure, Particles, Quantiles } from "../contract.ts";
import { distance, distanceOnLine } from "../measure/distance.ts";
import { gaussianLaw } from "../measure/gaussian.ts";
import { pointsLaw } from "../measure/points.ts";
import { uniformBox } from "../measure/uniform.ts";
import { run } from "../run.ts";
import { solve } from "../solve.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { displaced } from "../transport/interpolation.ts";
import { cloud } from "../transport/problem.ts";
import { wasserstein } from "./wasserstein.ts";

const build = (to: unknown, dim: number, space = makeFree(dim), points = 50): General =>
  wasserstein.build({ to, points, seed: 1 } as never, { dim, space })[0] as General;
const value = (part: General, m: Measure): number => (part.on[m.rep] as { value(m: Measure, t: number): number }).value(m, 0);
const free = (dim: number): object => ({ kind: "free", dimension: dim });
const rowsOf = (seed: number, n: number): number[][] => {
  const x = portableCloud(seed, n, 2);
  return Array.from({ length: n }, (_, i) => [x[i]!, x[n + i]!]);
};

describe("values", () => {
  test("A27: half of W2^2(U[0,1], N(1/2, 1/12)) = 0.003799162699027 on cells, quantiles and among Gaussians (0)", () => {
    const law = gaussianLaw([0.5], [1 / 12]);
    const part = build(law, 1);
    const space = makeBox({ lower: [-1], upper: [2], cells: [12] });
    const rho = new Float64Array(12).map((_, i) => (i >= 4 && i < 8 ? 1 : 0));
    const onCells = build(law, 1, space);
    // the target is linear between 2001 nodes
    expect(2 * value(onCells, { rep: "cells", space, rho })).toBeCloseTo(0.003799162699027, 7);
    const quantiles: Quantiles = { rep: "quantiles", space: makeFree(1), x: Float64Array.of(0, 1), level: Float64Array.of(0, 1), mass: 1 };
    expect(2 * value(part, quantiles)).toBeCloseTo(0.003799162699027, 7);
    expect(value(part, { rep: "gaussian", space: makeFree(1), mean: Float64Array.of(0.5), cov: Float64Array.of(1 / 12), mass: 1 })).toBe(0);
  });
  test("A12.1: half of W2^2 = 2.4634711896065 between Gaussians of the plane", () => {
    const part = build(gaussianLaw([1, -1], [1, -0.3, -0.3, 1.5]), 2);
    const m: As<"gaussian"> = { rep: "gaussian", space: makeFree(2), mean: Float64Array.of(0, 0), cov: Float64Array.of(2, 0.5, 0.5, 1), mass: 1 };
    expect(2 * value(part, m)).toBeCloseTo(2.4634711896065, 12);
    const slope = new Float64Array(6);
    part.on.gaussian!.slope(m, 0, slope);
    // A12.1: the map has the entries 0.75354116, -0.2973508, 1.30853288
    const want = [-1, 1, 1 - 0.75354116, 0.2973508, 0.2973508, 1 - 1.30853288];
    slope.forEach((v, k) => {
      expect(v).toBeCloseTo(want[k]!, 7);
    });
  });
  test("A28.1: half of W2^2(U(1), U(2)) = 0.00512523826639 for 256 points of the square; slopes point at the images", async () => {
    const [from, to] = [cloud(portableCloud(1, 256, 2), { dim: 2 }), cloud(portableCloud(2, 256, 2), { dim: 2 })];
    const part = build(pointsLaw(2, 256, to.x), 2);
    expect(2 * value(part, from)).toBeCloseTo(0.00512523826639, 13);
    const slope = new Float64Array(512);
    part.on.particles!.slope(from, 0, slope);
    const plan = (await solve({ from, to }, { solver: "network-simplex" })).plan!.sparse!;
    for (let e = 0; e < 256; e++)
      for (const k of [0, 1]) expect(slope[k * 256 + plan.from[e]!]!).toBeCloseTo(from.x[k * 256 + plan.from[e]!]! - to.x[k * 256 + plan.to[e]!]!, 13);
  });
  test("on the line particles of any weights see the monotone plan, as the distance of measure/ has it", () => {
    const m: Particles = { rep: "particles", space: makeFree(1), n: 4, x: Float64Array.of(0.3, -1, 2, 0.3), weight: Float64Array.of(0.1, 0.4, 0.2, 0.3) };
    const law = pointsLaw(1, 3, Float64Array.of(1, -0.5, 0), [1, 2, 2]);
    const w = distanceOnLine(2, m, law).value;
    expect(value(build(law, 1), m)).toBeCloseTo(0.5 * w * w, 14);
  });
});

describe("geometry of the distance", () => {
  test("on the line half its square is exactly 1-convex along geodesics: quantile functions are a flat space", () => {
    const part = build(gaussianLaw([0.3], [0.5]), 1);
    const level = Float64Array.from({ length: 6 }, (_, i) => i / 5);
    const at = (x: Float64Array): number => value(part, { rep: "quantiles", space: makeFree(1), x, level, mass: 1 });
    const [x, y] = [Float64Array.of(-2, -1, 0, 0.5, 2, 3), Float64Array.of(-1, -0.8, -0.5, 1, 1.5, 6)];
    const d2 = distance({ rep: "quantiles", space: makeFree(1), x, level, mass: 1 }, { rep: "quantiles", space: makeFree(1), x: y, level, mass: 1 }).value ** 2;
    expect(at(x.map((v, i) => 0.5 * (v + y[i]!)))).toBeCloseTo(0.5 * (at(x) + at(y)) - d2 / 8, 13);
    expect(part.convex).toMatchObject({ value: 1, how: "proved" });
  });
  test("in the plane it is 1-concave along geodesics, and no modulus of convexity is claimed [ags2008]", async () => {
    const part = build(pointsLaw(2, 7, portableCloud(3, 7, 2)), 2);
    expect(part.convex).toBe(undefined);
    let strict = 0;
    for (let seed = 10; seed < 20; seed++) {
      const [a, b] = [cloud(portableCloud(seed, 7, 2), { dim: 2 }), cloud(portableCloud(seed + 50, 7, 2), { dim: 2 })];
      const found = await solve({ from: a, to: b });
      const flat = 0.5 * (value(part, a) + value(part, b)) - found.value / 8;
      const middle = value(part, displaced(a, b, found.plan!, 0.5));
      expect(middle).toBeGreaterThan(flat - 1e-13);
      if (middle > flat + 1e-3) strict++;
    }
    expect(strict).toBeGreaterThan(0);
  });
});

describe("flows are the displacement interpolation", () => {
  const clouds = {
    space: free(2),
    initial: { kind: "points", points: rowsOf(1, 40) },
    energy: [{ kind: "wasserstein", to: { kind: "points", points: rowsOf(2, 40) } }],
  };
  const images = async (): Promise<readonly [Float64Array, Float64Array]> => {
    const [a, b] = [cloud(rowsOf(1, 40)), cloud(rowsOf(2, 40))];
    const plan = (await solve({ from: a, to: b })).plan!.sparse!;
    const T = new Float64Array(80);
    for (let e = 0; e < 40; e++) for (const k of [0, 1]) T[k * 40 + plan.from[e]!] = b.x[k * 40 + plan.to[e]!]!;
    return [Float64Array.from(a.x), T];
  };
  const far = (m: Measure, want: Float64Array): number => Math.max(...(m as Particles).x.map((v, i) => Math.abs(v - want[i]!)));

  test.each([
    ["Euler: X - T shrinks by 1 - h", { kind: "particles", time: "euler", step: 0.1 }, (1 - 0.1) ** 10],
    [
      "Runge–Kutta: by 1 - h + h^2/2 - h^3/6 + h^4/24",
      { kind: "particles", time: "rk4", step: 0.25 },
      (1 - 0.25 + 0.25 ** 2 / 2 - 0.25 ** 3 / 6 + 0.25 ** 4 / 24) ** 4,
    ],
    ["JKO: by 1 / (1 + tau)", { kind: "jko", proximal: "particles", step: 0.25 }, 1.25 ** -4],
  ])("%s", async (_name, scheme, left) => {
    const { last, holds, checks } = await run({ ...clouds, scheme, until: 1 });
    const [x, T] = await images();
    expect(
      far(
        last.measure,
        x.map((v, i) => T[i]! + left * (v - T[i]!)),
      ),
    ).toBeLessThan(1e-13);
    expect(holds).toBe(true);
    const exact = checks.find((c) => c.kind === "exact-error")!;
    expect(exact.source).toContain("displacement");
    // the exact solution has e^{-1} left, and W2 between both is the difference of the shares (sliced: at most)
    const w2 = Math.sqrt((await solve({ from: cloud(rowsOf(1, 40)), to: cloud(rowsOf(2, 40)) })).value);
    expect(exact.value).toBeLessThan(Math.abs(left - Math.exp(-1)) * w2 + 1e-12);
    expect(exact.value).toBeGreaterThan(0.4 * Math.abs(left - Math.exp(-1)) * w2);
  });
  test("adaptive steps meet the exact law to their tolerance, and the energy is W2^2 e^{-2t} / 2", async () => {
    const { last, trace } = await run({ ...clouds, scheme: { kind: "particles", time: "adaptive", step: 0.05, tolerance: 1e-11 }, until: 1 });
    const [x, T] = await images();
    const keep = Math.exp(-1);
    expect(
      far(
        last.measure,
        x.map((v, i) => T[i]! + keep * (v - T[i]!)),
      ),
    ).toBeLessThan(1e-10);
    const energy = trace.energy!;
    expect(energy.at(-1)! / energy[0]!).toBeCloseTo(Math.exp(-2), 9);
  });
  test("A12.1: among Gaussians, at e^{-t} = 1/2, the midpoint [[1.42920346, 0.08474615], [., 1.20492874]]", async () => {
    const { last, checks } = await run({
      space: free(2),
      initial: {
        kind: "gaussian",
        mean: [0, 0],
        covariance: [
          [2, 0.5],
          [0.5, 1],
        ],
      },
      energy: [
        {
          kind: "wasserstein",
          to: {
            kind: "gaussian",
            mean: [1, -1],
            covariance: [
              [1, -0.3],
              [-0.3, 1.5],
            ],
          },
        },
      ],
      scheme: { kind: "gaussian", time: "adaptive", step: 0.01, tolerance: 1e-12 },
      until: Math.LN2,
    });
    const { mean, cov } = last.measure as As<"gaussian">;
    [0.5, -0.5].forEach((v, k) => {
      expect(mean[k]).toBeCloseTo(v, 10);
    });
    [1.42920346, 0.08474615, 0.08474615, 1.20492874].forEach((v, k) => {
      expect(cov[k]).toBeCloseTo(v, 8);
    });
    expect(checks.find((c) => c.kind === "closure")!.verdict).toBe("not-applicable");
    expect(checks.find((c) => c.kind === "exact-error")!.value).toBeLessThan(1e-9);
  });
  test("quantile JKO on the line: X - Y shrinks by 1 / (1 + tau) a step, between laws that are linear between the nodes", async () => {
    const { last, holds } = await run({
      space: free(1),
      initial: { kind: "uniform", lower: [-1], upper: [1], count: 9 },
      energy: [{ kind: "wasserstein", to: { kind: "uniform", lower: [2], upper: [3] } }],
      scheme: { kind: "jko", proximal: { kind: "quantile", grading: "uniform" }, step: 0.5 },
      until: 2,
    });
    const left = 1.5 ** -4;
    const { x, level } = last.measure as Quantiles;
    x.forEach((v, i) => {
      expect(v).toBeCloseTo(2 + level[i]! + left * (-1 + 2 * level[i]! - 2 - level[i]!), 11);
    });
    expect(holds).toBe(true);
  });
  test("cells: Kantorovich's potential of U[0,1] to U[1/2,1] has the slope x - (1 + x)/2, to rounding between cell averages", () => {
    const space = makeBox({ lower: [0], upper: [1], cells: [10] });
    const part = build(uniformBox([0.5], [1]), 1, space);
    const m: Cells = { rep: "cells", space, rho: new Float64Array(10).fill(1) };
    const phi = new Float64Array(10);
    part.on.cells!.slope(m, 0, phi);
    for (let i = 1; i < 10; i++) expect((phi[i]! - phi[i - 1]!) / 0.1).toBeCloseTo((0.1 * i - 1) / 2, 12);
  });
  test("finite volumes approach the exact density at order one in the cell width", async () => {
    const error = async (cells: number): Promise<number> => {
      const { checks, holds } = await run({
        space: { kind: "box", lower: [-3], upper: [3], cells: [cells] },
        initial: { kind: "gaussian", mean: [-0.8], deviation: [0.4] },
        energy: [{ kind: "wasserstein", to: { kind: "gaussian", mean: [0.8], deviation: [0.6] } }],
        scheme: { kind: "finite-volume", time: "explicit", step: 0.2 / cells },
        until: 0.5,
      });
      expect(holds).toBe(true);
      return checks.find((c) => c.kind === "exact-error")!.value!;
    };
    const [coarse, fine] = [await error(100), await error(200)];
    expect(coarse).toBeLessThan(0.1);
    expect(Math.log2(coarse / fine)).toBeGreaterThan(0.8);
    expect(Math.log2(coarse / fine)).toBeLessThan(2.2);
  });
});

test("laws that no measure of finite second moment can reach, and axes that bend, are refused", () => {
  const heavy = { ...gaussianLaw([0], [1]), gaussian: undefined, moments: { mean: [0], cov: [Number.POSITIVE_INFINITY] } };
  expect(() => build(heavy, 1)).toThrow(/no finite second moment/);
  expect(build(gaussianLaw([0], [1]), 1).refuses!(makeBox({ lower: [0], upper: [1], cells: [4], periodic: [true] }))).toMatch(/periodic/);
});
