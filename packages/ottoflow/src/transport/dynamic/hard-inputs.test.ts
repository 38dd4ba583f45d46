import { describe, expect, test } from "vitest";
import { expectTagged } from "../../../test/tagged.ts";
import type { As } from "../../contract.ts";
import { runPath } from "../../run-path.ts";
import { makeBox } from "../../space/box.ts";
import { makeFree } from "../../space/euclidean.ts";
import { deposited, displaced } from "../interpolation.ts";
import { sparsePlan } from "../plan.ts";
import { cloud } from "../problem.ts";
import { benamouBrenierPath, type DynamicOptions } from "./benamou-brenier.ts";
import { bridgeOfGaussians } from "./bridge-gaussian.ts";
import { alongGaussians, alongPlan } from "./displacement.ts";
import { bhattacharyya, fisherRaoGeodesic, raoDistance } from "./fisher-rao-geodesic.ts";
import { hkBounds, hkProblem } from "./hellinger-kantorovich.ts";
import { linearMixing } from "./linear-mixing.ts";
import { hodge, metricDerivative } from "./metric-derivative.ts";
import { schroedingerBridge } from "./schroedinger.ts";
import { wassersteinFisherRaoPath } from "./wasserstein-fisher-rao.ts";

const line = (rho: readonly number[], upper = 1): As<"cells"> => ({
  rep: "cells",
  space: makeBox({ lower: [0], upper: [upper], cells: [rho.length] }),
  rho: Float64Array.from(rho),
});
const holds = (path: ReturnType<typeof benamouBrenierPath>): boolean => path.status === "optimal" && path.checks.every((c) => c.verdict !== "fail");

describe("equal measures", () => {
  test.each([1, 2, 7])("on %d cells: nothing moves, and zero potentials prove it", (n) => {
    const m = line(Array.from({ length: n }, (_, i) => i % 3));
    if (n === 1) m.rho[0] = 3;
    for (const path of [
      benamouBrenierPath(m, m, { steps: 4 }),
      benamouBrenierPath(m, m, { steps: 4, p: 20 }),
      wassersteinFisherRaoPath(m, m, 0.5, { steps: 4 }),
    ]) {
      expect([path.action, path.dual, path.gap, path.continuous?.lower, path.continuous?.upper]).toEqual([0, 0, 0, 0, 0]);
      expect(path.frames[5]!.measure).toEqual(m);
      expect(holds(path)).toBe(true);
      for (const c of path.checks) expect(Number.isNaN(c.value)).toBe(false);
    }
  });
  test("up to rounding: a gap that is rounding of moving all mass by a twentieth of the box is none", () => {
    const m = line([0.1, 0.7, 0.3, 0.2]);
    const other = line(Array.from(m.rho, (v, i) => v * (i === 2 ? 1 + 2 ** -52 : 1)));
    const path = benamouBrenierPath(m, other, { steps: 4 });
    expect(path.action).toBeLessThan(1e-20);
    expect(holds(path)).toBe(true);
  });
});

test("a part of space without mass behind an obstacle: the path is that of the other part alone", () => {
  const [from, to] = [line([1, 0, 0, 0, 0, 0]), line([0, 0, 1, 0, 0, 0])];
  const path = benamouBrenierPath(from, to, { steps: 8, tolerance: 1e-7, obstacle: Uint8Array.of(0, 0, 0, 1, 0, 0) });
  const alone = benamouBrenierPath(line([1, 0, 0], 0.5), line([0, 0, 1], 0.5), { steps: 8, tolerance: 1e-7 });
  expect(holds(path)).toBe(true);
  expect(path.action / alone.action).toBeCloseTo(1, 6);
  for (const f of path.frames) for (const i of [3, 4, 5]) expect((f.measure as As<"cells">).rho[i]).toBe(0);
});

test.each([1.01, 1.001])("p = %d: speeds that leave float64 do not end it, and the bounds hold a shift's s^p", (p) => {
  const shift = (k: number): As<"cells"> => line(Array.from({ length: 8 }, (_, i) => (i === k ? 8 : 0)));
  const path = benamouBrenierPath(shift(1), shift(6), { p, steps: 8, maxIterations: 600 });
  const exact = (5 / 8) ** p;
  expect(path.status).not.toBe("not-finite");
  expect(path.dual).toBeLessThanOrEqual(path.action);
  expect(path.continuous!.lower).toBeLessThanOrEqual(exact * (1 + 1e-12));
  expect(path.continuous!.lower).toBeGreaterThan(0.5 * exact);
  expect(path.continuous!.upper).toBeGreaterThanOrEqual(exact);
});

describe("what does not fit is said", () => {
  const [from, to] = [line([1, 0]), line([0, 1])];
  const solve = (options: object) => () => benamouBrenierPath(from, to, options as DynamicOptions);
  test.each<[string, () => unknown, RegExp]>([
    ["a misspelt option", solve({ step: 8 }), /step: is nothing that a path on a grid has\. It has: .*steps/],
    ["growth in a problem without", solve({ delta: 1 }), /delta: .*wassersteinFisherRaoPath/],
    ["no iterations", solve({ maxIterations: 0 }), /maxIterations: got 0 when expected/],
    ["iterations that are NaN", solve({ maxIterations: Number.NaN }), /maxIterations: got NaN/],
    ["a tolerance that everything meets", solve({ tolerance: Number.POSITIVE_INFINITY }), /tolerance: got Infinity/],
    ["a mobility by name", solve({ mobility: "linear" }), /mobility: is none\. linearMobility/],
    ["nothing", () => benamouBrenierPath(undefined as never, to), /from: got nothing when expected a measure/],
    ["growth without its length", () => wassersteinFisherRaoPath(from, to, undefined as never), /delta: is missing/],
    ["masses beyond float64", () => benamouBrenierPath(line([1e-300, 0]), line([0, 1e-300]), {}), /from: .*leave float64\. Choose units/],
  ])("%s", (_, call, says) => expectTagged(call, says));
});

const gaussian = (mean: readonly number[], cov: readonly number[], mass = 1): As<"gaussian"> => ({
  rep: "gaussian",
  space: makeFree(mean.length),
  mean: Float64Array.from(mean),
  cov: Float64Array.from(cov),
  mass,
});
const dirac = cloud([0]);
const plan = sparsePlan(2, 2, [0, 1], [0, 1], [0.5, 0.5]);
const bridge = schroedingerBridge(dirac, cloud([1]), { f: [0], g: [1] }, 1);
const [left, right] = [line([1, 1, 0, 0]), line([0, 0, 1, 1])];
const nan = Number.NaN;
describe("curves: what does not fit is said, never a NaN", () => {
  test.each<[string, () => unknown, RegExp]>([
    ["no mass to fade", () => fisherRaoGeodesic(line([0, 0]), line([0, 0])), /from: has no mass/],
    ["a density of another length", () => fisherRaoGeodesic({ ...left, rho: new Float64Array(2) }, right), /density of from: got 2 values when expected 4/],
    ["a misspelt straight", () => fisherRaoGeodesic(left, right, { strait: true } as never), /strait: .*It has: straight/],
    ["a mean that is NaN", () => bhattacharyya([nan], [1], [0], [1]), /mean\[0\]: got NaN/],
    ["a variance that is infinite", () => bhattacharyya([0], [Number.POSITIVE_INFINITY], [0], [1]), /first covariance\[0\]\[0\]: got Infinity/],
    ["a deviation that is infinite", () => raoDistance(0, Number.POSITIVE_INFINITY, 0, 1), /deviation: got Infinity/],
    ["NaN mixed in", () => linearMixing(line([nan, 1]), line([1, 1])), /density of from\[0\]: got NaN/],
    ["Gaussians of two masses", () => alongGaussians(gaussian([0], [1]), gaussian([0], [1], 2)), /to: has the mass 2 when the first measure has 1/],
    ["a bridge between two masses", () => bridgeOfGaussians(gaussian([0], [1]), gaussian([0], [1], 2), 1), /to: has the mass 2/],
    ["a bridge from NaN", () => bridgeOfGaussians(gaussian([nan], [1]), gaussian([0], [1]), 1), /mean of from\[0\]: got NaN/],
    [
      "noise that float64 cannot tell from none",
      () => bridgeOfGaussians(gaussian([0], [1]), gaussian([1], [1]), 1e-300),
      /epsilon: got 2e-300, .* singular in float64/,
    ],
    ["a plan between others", () => alongPlan(dirac, dirac, plan), /rows of the plan: got 2 values when expected 1/],
    ["a plan into another dimension", () => alongPlan(dirac, cloud([[0, 0]]), plan), /dimension of the second side: got 2 values when expected 1/],
    ["no exponent", () => alongPlan(dirac, dirac, plan, nan), /p: got NaN/],
    ["a time that is NaN", () => displaced(cloud([0, 1]), cloud([0, 1]), plan, nan), /s: got NaN/],
    [
      "points of the line on cells of the plane",
      () => deposited(dirac, makeBox({ lower: [0, 0], upper: [1, 1], cells: [2, 2] })),
      /dimension of the points: got 1/,
    ],
    ["no potentials", () => schroedingerBridge(dirac, dirac, undefined as never, 1), /potentials: are missing/],
    [
      "too few coordinates",
      () => bridge.logDensity(0.5, 3, Float64Array.of(1), new Float64Array(3)),
      /coordinates of the points: got 1 values when expected 3/,
    ],
    ["cells of another dimension", () => bridge.onCells(makeBox({ lower: [0, 0], upper: [1, 1], cells: [2, 2] })).at(0.5), /dimension of the space: got 2/],
    [
      "the drift at the end",
      () =>
        schroedingerBridge(left, right, { f: new Float64Array(4), g: new Float64Array(4) }, 1)
          .onCells(left.space)
          .drift(1),
      /t: got 1/,
    ],
    ["no velocity", () => hodge(left.space, left.rho, undefined as never), /velocity: is missing/],
    [
      "frames on two grids",
      () =>
        metricDerivative([
          { t: 0, measure: left },
          { t: 1, measure: line([1, 1, 0, 0], 2) },
        ]),
      /frames: stand on different cells/,
    ],
    [
      "frames of two masses",
      () =>
        metricDerivative([
          { t: 0, measure: gaussian([0], [1]) },
          { t: 1, measure: gaussian([0], [1], 3) },
        ]),
      /to: has the mass 3/,
    ],
    [
      "frames of two dimensions",
      () =>
        metricDerivative([
          { t: 0, measure: gaussian([0], [1]) },
          { t: 1, measure: gaussian([0, 0], [1, 0, 0, 1]) },
        ]),
      /mean: got 2/,
    ],
    ["a potential that is NaN", () => hkBounds(hkProblem(dirac, dirac), sparsePlan(1, 1, [0], [0], [1]), Float64Array.of(nan)), /f\[0\]: got NaN/],
    [
      "a potential too few",
      () => hkBounds(hkProblem(cloud([0, 1]), dirac), sparsePlan(2, 1, [0], [0], [1]), Float64Array.of(0)),
      /f: got 1 values when expected 2/,
    ],
  ])("%s", (_, call, says) => expectTagged(call, says));
});

describe("paths of a spec whose masses differ", () => {
  const law = (mass: number) => ({ kind: "gaussian", mean: [0.5], deviation: [0.06], mass });
  const uniform = (mass: number) => ({ kind: "uniform", lower: [0], upper: [1], mass });
  const points = (mass: number) => ({ kind: "points", points: [[0.2], [0.7]], mass });
  const spec = (path: object, from: object, to: object) => ({ job: "path", space: { kind: "box", lower: [0], upper: [1], cells: [8] }, path, from, to });
  test.each(["displacement", "schroedinger", "fisher-rao", "linear-mixing", "benamou-brenier"])("%s refuses them, whatever the laws", async (kind) => {
    for (const [from, to] of [
      [law(1), law(3)],
      [law(1), uniform(3)],
      [points(1), points(3)],
    ] as const)
      await expect(runPath(spec({ kind }, from, to))).rejects.toThrow(/times the mass|equal masses|has the mass/);
  });
  test("growth takes them", async () => {
    const path = await runPath(spec({ kind: "wasserstein-fisher-rao", delta: 0.5, steps: 8 }, uniform(1), uniform(4)));
    // 2 delta^2 (sqrt 4 - sqrt 1)^2 between multiples of one measure
    expect(path.continuous!.lower).toBeLessThanOrEqual(0.5);
    expect(path.continuous!.upper).toBeGreaterThanOrEqual(0.5);
    expect(path.continuous!.lower).toBeGreaterThan(0.49);
  });
});

test("a bridge on one cell, whose costs are all 0, is found", async () => {
  const spec = { job: "path", space: { kind: "box", lower: [0], upper: [1], cells: [1] }, path: { kind: "schroedinger", variance: 0.5 } };
  const path = await runPath({ ...spec, from: { kind: "uniform", lower: [0], upper: [1] }, to: { kind: "points", points: [[0.5]] } });
  expect(path.status).toBe("optimal");
  // OT_epsilon = 0, so what is left of the action is epsilon (int b log b + d / 2 log 2 pi g)
  expect(path.action).toBeCloseTo(0.5 * Math.log(Math.PI), 12);
});

test("Hodge's parts of a motion of densities of 1e-300 are those of 1, scaled", () => {
  const space = makeBox({ lower: [0, 0], upper: [1, 2], cells: [4, 3] });
  const rho = Float64Array.from({ length: 12 }, (_, i) => 1 + (i % 5));
  const velocity = Float64Array.from({ length: 24 }, (_, i) => Math.sin(i * i));
  const [known, found] = [1, 1e-300].map((unit) =>
    hodge(
      space,
      rho.map((v) => unit * v),
      velocity,
    ),
  ) as [ReturnType<typeof hodge>, ReturnType<typeof hodge>];
  expect(known.energy.gradient).toBeGreaterThan(0.1 * known.energy.given);
  expect(found.energy.gradient / 1e-300).toBeCloseTo(known.energy.gradient, 12);
  expect(found.energy.circulation / 1e-300).toBeCloseTo(known.energy.circulation, 12);
});
