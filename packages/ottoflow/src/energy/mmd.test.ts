import { describe, expect, test } from "vitest";
import { portableCloud } from "../../test/portable.ts";
import type { Kernel, Measure, Part, Particles, Quantiles } from "../contract.ts";
import { goalOf, travelled } from "../exact/energy-distance-line.ts";
import { energyDistance } from "../kernel/energy-distance.ts";
import { gaussian } from "../kernel/gaussian.ts";
import { logarithmic } from "../kernel/logarithmic.ts";
import { plainHost } from "../kernels/host.ts";
import { gaussianLaw } from "../measure/gaussian.ts";
import { piecesOfAtoms } from "../measure/line.ts";
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

const atomsAt = (...x: number[]) => goalOf(piecesOfAtoms(x.length, Float64Array.from(x), new Float64Array(x.length).fill(1)));
const unit = goalOf({ n: 2, level: Float64Array.of(0, 0.3, 1), left: Float64Array.of(0, 0.3), right: Float64Array.of(0.3, 1) });

describe("the energy distance on the line", () => {
  const toUnit = {
    initial: { kind: "uniform", lower: [0.4], upper: [0.6], count: 50, placement: "low-discrepancy" },
    energy: [{ kind: "mmd", to: { kind: "uniform", lower: [0], upper: [1] } }],
    space: free,
  };
  test("A24.4: to U[0,1] quantiles obey Q = s + (Q_0 - s) e^{-2t}", async () => {
    const { last, trace, checks } = await run({ ...toUnit, scheme: { kind: "particles", time: "adaptive", step: 0.01, tolerance: 1e-10 }, until: 0.5 });
    const x = (last.measure as Particles).x;
    for (let i = 0; i < 50; i++) {
      const s = (i + 0.5) / 50;
      expect(x[i]).toBeCloseTo(s + (0.4 + 0.2 * s - s) * Math.exp(-1), 8);
    }
    // A24.4: (1/2 - w)^2 / 3 with w = 0.1; atoms repel each other a little less than densities: int (F - G)^2 is larger by 1 / (6 n^2) times their widths
    expect(Math.abs(trace.energy![0]! - 0.05333333333333)).toBeLessThan(0.2 / (6 * 50 ** 2));
    expect(Math.abs(trace.energy!.at(-1)! - 0.007217881772619)).toBeLessThan(1 / (6 * 50 ** 2));
    const exact = checks.find((c) => c.kind === "exact-error")!;
    expect(exact.source).toContain("level by level");
    expect(exact.value).toBeLessThan(1e-8);
  });
  test("A24.4: W2(U[.4,.6], U[0,1]) falls to 0.08495811775586 at t = 0.5", () => {
    const level = Float64Array.from({ length: 400 }, (_, i) => (i + 0.5) / 400);
    const w2 = level.reduce((sum, s) => sum + (travelled(unit, 2, s, 0.4 + 0.2 * s, 0.5) - s) ** 2 / 400, 0);
    // the middle rule on a square of a linear function: relative error 1 / n^2
    expect(Math.abs(Math.sqrt(w2) / 0.08495811775586 - 1)).toBeLessThan(1e-5);
  });
  test("JKO of quantile functions: Q - s shrinks by 1 / (1 + 2 tau) a step, and the gap is certified", async () => {
    const { last, holds, checks } = await run({
      ...toUnit,
      scheme: { kind: "jko", proximal: { kind: "quantile", grading: "uniform" }, step: 0.1 },
      until: 0.5,
    });
    const { x, level } = last.measure as Quantiles;
    x.forEach((v, i) => {
      expect(v).toBeCloseTo(level[i]! + (0.4 - 0.8 * level[i]!) * 1.2 ** -5, 9);
    });
    expect(holds).toBe(true);
    expect(checks.find((c) => c.kind === "jko-inequality")!.verdict).toBe("pass");
  });
  test("A24.4: from U[-1,1] to a Dirac at 0 the mass that has arrived is t / (1 + t)", () => {
    const n = 4000;
    for (const t of [0.25, 1, 3]) {
      let arrived = 0;
      for (let i = 0; i < n; i++) {
        const s = (i + 0.5) / n;
        if (travelled(atomsAt(0), 2, s, 2 * s - 1, t) === 0) arrived += 1 / n;
      }
      expect(arrived).toBeCloseTo(t / (1 + t), 3);
    }
  });
  test("A24.4: a Dirac at -1 that may split is uniform on [-1, -1 + 2t] at once, as long as no level arrives", () => {
    for (const s of [0.05, 0.3, 0.9]) expect(travelled(atomsAt(0), 2, s, -1, 0.4)).toBeCloseTo(-1 + 0.8 * s, 14);
  });
  test("mixed targets by the equation itself: steps of Runge and Kutta between the corners agree to 1e-6", () => {
    const goal = goalOf({ n: 3, level: Float64Array.of(0, 0.25, 0.5, 1), left: Float64Array.of(-1, 0.5, 1), right: Float64Array.of(0, 0.5, 3) });
    const G = (x: number): number =>
      x < -1 ? 0 : x < 0 ? 0.25 * (x + 1) : x < 0.5 ? 0.25 : x === 0.5 ? 0.375 : x < 1 ? 0.5 : x < 3 ? 0.5 + 0.25 * (x - 1) : 1;
    for (const [s, q] of [
      [0.1, -2.5],
      [0.2, 4],
      [0.45, -1.5],
      [0.6, -2],
      [0.9, 5],
      [0.97, 0.2],
    ] as const) {
      let x = q;
      const h = 1e-4;
      // a level that an atom holds stays within a step of it
      for (let k = 0; k < 20000; k++) {
        const v = 2 * (s - G(x));
        x += h * 2 * (s - G(x + 0.5 * h * v));
      }
      expect(Math.abs(travelled(goal, 2, s, q, 2) - x)).toBeLessThan(2e-4);
    }
  });
  test("Euler against atoms: between them steps are exact, so the end is within a step of the exact motion", async () => {
    const atoms = [-1, 0.2, 0.5, 2];
    const { last } = await run({
      space: free,
      initial: { kind: "points", points: [-3, -2.9, 1, 4, 5] },
      energy: [{ kind: "mmd", to: { kind: "points", points: atoms } }],
      scheme: { kind: "particles", time: "euler", step: 0.001 },
      until: 1.5,
    });
    [-3, -2.9, 1, 4, 5].forEach((q, i) => {
      expect(Math.abs((last.measure as Particles).x[i]! - travelled(atomsAt(...atoms), 2, (i + 0.5) / 5, q, 1.5))).toBeLessThan(2 * 0.001 * 2);
    });
  });
  test("A24.1: the potential of N(1, 4) and its constant, by quantiles: half of ED(N(0,1), N(1,4)) = 0.534105324107", () => {
    const line = mmd.build({ to: gaussianLaw([1], [4]), kernel: kernelOf(energyDistance, {}, 1), points: 1, seed: 1 } as never, { dim: 1, space: makeFree(1) });
    const z = Float64Array.from({ length: 801 }, (_, i) => 0.02 * (i - 400));
    const w = z.map((v) => (0.02 * Math.exp((-v * v) / 2)) / Math.sqrt(2 * Math.PI));
    // 2001 nodes of the target, and atoms 0.02 apart, whose self-repulsion lacks about h / 3 times sum w^2
    expect(2 * value(line, cloud(z, { weights: w }))).toBeCloseTo(0.534105324107, 4);
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
    energy: [{ kind: "mmd", to: { kind: "gaussian", mean: [1], deviation: [0.3] } }],
    scheme: { kind: "finite-volume", time: "explicit", step: 0.005 },
    until: 3,
  });
  expect(holds).toBe(true);
  expect(trace.energy!.at(-1)!).toBeLessThan(0.05 * trace.energy![0]!);
});
