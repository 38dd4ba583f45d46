import { describe, expect, test } from "vitest";
import { portableCloud } from "../../test/portable.ts";
import type { Kernel, Measure, Part, Particles } from "../contract.ts";
import { stepsOf, travelled } from "../exact/energy-distance-line.ts";
import { energyDistance } from "../kernel/energy-distance.ts";
import { gaussian } from "../kernel/gaussian.ts";
import { logarithmic } from "../kernel/logarithmic.ts";
import { plainHost } from "../kernels/host.ts";
import { pointsLaw } from "../measure/points.ts";
import { gaussHermite } from "../numeric/quadrature.ts";
import { run } from "../run.ts";
import { makeFree } from "../space/euclidean.ts";
import { energyDistanceOf, mmdSquared } from "../transport/discrepancy.ts";
import { cloud } from "../transport/problem.ts";
import { mmd } from "./mmd.ts";
import { openFunctional, total } from "./total.ts";

const kernelOf = (unit: typeof energyDistance, values: object, dim: number): Kernel =>
  unit.build({ factor: 1, ...values } as never, { dim, space: makeFree(dim) });
const build = (target: Particles, kernel: Kernel): readonly Part[] =>
  mmd.build({ to: pointsLaw(target.space.dim, target.n, target.x, target.weight), kernel, points: 1, seed: 1 } as never, {
    dim: target.space.dim,
    space: target.space,
  });
const value = (parts: readonly Part[], m: Measure): number => total(openFunctional(parts, m.space, plainHost()).values(m, 0))!;
const uniform = (seed: number, n: number): Particles => cloud(portableCloud(seed, n, 2), { dim: 2 });
const free = { kind: "free", dimension: 1 };

describe("values", () => {
  test("A28.2: half of ED = 0.00213411252614 and of MMD^2 (Gaussian, h = 0.1) = 0.00837250693110 at N = 256", () => {
    expect(2 * value(build(uniform(2, 256), kernelOf(energyDistance, {}, 2)), uniform(1, 256))).toBeCloseTo(0.00213411252614, 13);
    expect(2 * value(build(uniform(2, 256), kernelOf(gaussian, { width: 0.1 }, 2)), uniform(1, 256))).toBeCloseTo(0.0083725069311, 13);
  });
  test("A24.2: MMD^2 of N(0,1) and N(1,4), h = 1, is 0.1594704836765, by Gauss–Hermite atoms", () => {
    const rule = gaussHermite(60);
    const atoms = (mean: number, deviation: number): Particles =>
      cloud(
        Float64Array.from(rule.at, (z) => mean + deviation * z),
        { weights: rule.weight },
      );
    expect(2 * value(build(atoms(1, 2), kernelOf(gaussian, { width: 1 }, 1)), atoms(0, 1))).toBeCloseTo(0.1594704836765, 10);
  });
  test("any mass M: half of the form of mu - nu, as the transport room has it", () => {
    const [a, b] = [uniform(1, 30), uniform(2, 40)].map((m) => ({ ...m, weight: m.weight.map((w) => 2.5 * w) })) as [Particles, Particles];
    const kernel = kernelOf(energyDistance, { factor: 2 }, 2);
    const heavy = mmd.build({ to: pointsLaw(2, 40, b.x, b.weight, { mass: 2.5 }), kernel, points: 1, seed: 1 } as never, { dim: 2, space: makeFree(2) });
    expect(value(heavy, a)).toBeCloseTo(0.5 * mmdSquared(kernel, a, b), 13);
    expect(mmdSquared(kernel, a, b)).toBeCloseTo(2 * energyDistanceOf(a, b).value, 12);
  });
});

describe("the energy distance on the line", () => {
  test("A24.4: to U[0,1] quantiles obey Q = s + (Q_0 - s) e^{-2t}, up to the spacing of the atoms of the target", async () => {
    const { last, trace, checks } = await run({
      space: free,
      initial: { kind: "uniform", lower: [0.4], upper: [0.6], count: 100, placement: "low-discrepancy" },
      energy: [{ kind: "mmd", to: { kind: "uniform", lower: [0], upper: [1], count: 1000, placement: "low-discrepancy" } }],
      scheme: { kind: "particles", time: "rk4", step: 0.01 },
      until: 0.5,
      observe: { trace: { every: 0.5 } },
    });
    const x = (last.measure as Particles).x;
    for (let i = 0; i < 100; i++) {
      const s = (i + 0.5) / 100;
      expect(Math.abs(x[i]! - (s + (0.4 + 0.2 * s - s) * Math.exp(-1)))).toBeLessThan(1e-3);
    }
    // A24.4: (1/2 - w)^2 / 3 with w = 0.1: 0.05333 -> 0.007217881772619; atoms of n and m points add up to 1/(6 n^2) + ...
    expect(trace.energy![0]!).toBeCloseTo(0.05333333333333, 4);
    expect(trace.energy!.at(-1)!).toBeCloseTo(0.007217881772619, 4);
    const exact = checks.find((c) => c.kind === "exact-error")!;
    expect(exact.source).toContain("level by level");
    // a step that crosses atoms sees their mean force: within a step times a jump of the speed, 2 / 1000
    expect(exact.value).toBeLessThan(1e-4);
  });
  test("A24.4: from U[-1,1] to a Dirac at 0 the mass that has arrived is t / (1 + t)", () => {
    const n = 4000;
    const target = stepsOf(1, Float64Array.of(0), Float64Array.of(1));
    for (const t of [0.25, 1, 3]) {
      let arrived = 0;
      for (let i = 0; i < n; i++) {
        const s = (i + 0.5) / n;
        if (travelled(target, 2, s, 2 * s - 1, t) === 0) arrived += 1 / n;
      }
      expect(arrived).toBeCloseTo(t / (1 + t), 3);
    }
  });
  test("A24.4: a Dirac at -1 that may split is uniform on [-1, -1 + 2t] at once, as long as no level arrives", () => {
    const target = stepsOf(1, Float64Array.of(0), Float64Array.of(1));
    for (const s of [0.05, 0.3, 0.9]) expect(travelled(target, 2, s, -1, 0.4)).toBeCloseTo(-1 + 0.8 * s, 14);
  });
  test("Euler: between the atoms steps are exact, so the end is within a step of the exact motion", async () => {
    const atoms = [-1, 0.2, 0.5, 2];
    const { last } = await run({
      space: free,
      initial: { kind: "points", points: [-3, -2.9, 1, 4, 5] },
      energy: [{ kind: "mmd", to: { kind: "points", points: atoms } }],
      scheme: { kind: "particles", time: "euler", step: 0.001 },
      until: 1.5,
    });
    const steps = stepsOf(4, Float64Array.from(atoms), new Float64Array(4).fill(0.25));
    [-3, -2.9, 1, 4, 5].forEach((q, i) => {
      expect(Math.abs((last.measure as Particles).x[i]! - travelled(steps, 2, (i + 0.5) / 5, q, 1.5))).toBeLessThan(2 * 0.001 * 2);
    });
  });
});

test("the facts it claims: convex on the line for -|x - y|, a bound for Gaussians, least at the target where the kernel is definite", () => {
  const line = cloud([0, 1, 3]);
  const [pair, field] = build(line, kernelOf(energyDistance, {}, 1));
  expect(field).toMatchObject({ convex: { value: -0, how: "proved" } });
  expect(pair).toMatchObject({ target: { least: { value: true } } });
  const [, smooth] = build(line, kernelOf(gaussian, { width: 0.5 }, 1));
  expect((smooth as { convex: { value: number } }).convex.value).toBeCloseTo(-8 * Math.exp(-1.5), 12);
  const repelled = build(line, kernelOf(energyDistance, { factor: -1 }, 1));
  expect(repelled[0]!.target!.least).toBe(undefined);
  expect(() => build(line, logarithmic.build({ factor: -1 } as never, { dim: 1, space: makeFree(1) }))).toThrow(/infinite at 0/);
});
test("grids carry it: the density between two bumps flows from one to the other and the energy falls", async () => {
  const { holds, trace } = await run({
    space: { kind: "box", lower: [-3], upper: [3], cells: [120] },
    initial: { kind: "gaussian", mean: [-1], deviation: [0.3] },
    energy: [{ kind: "mmd", to: { kind: "gaussian", mean: [1], deviation: [0.3], count: 400, placement: "low-discrepancy" } }],
    scheme: { kind: "finite-volume", time: "explicit", step: 0.005 },
    until: 3,
  });
  expect(holds).toBe(true);
  expect(trace.energy!.at(-1)!).toBeLessThan(0.05 * trace.energy![0]!);
});
