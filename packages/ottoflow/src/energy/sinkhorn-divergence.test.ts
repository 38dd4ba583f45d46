import { describe, expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../test/portable.ts";
import type { As, General, Particles } from "../contract.ts";
import { cloneState, copyRows } from "../flow/state.ts";
import { plainHost } from "../kernels/host.ts";
import { pointsLaw } from "../measure/points.ts";
import { run } from "../run.ts";
import { makeFree } from "../space/euclidean.ts";
import { resolveSpec } from "../spec/resolve.ts";
import { openMovingDivergence } from "../transport/entropic/moving.ts";
import { atomsOf, cloud } from "../transport/problem.ts";
import { sinkhornDivergence as published } from "../transport/sinkhorn-divergence.ts";
import { sinkhornDivergence } from "./sinkhorn-divergence.ts";

const build = (target: As<"particles">, epsilon: number): General =>
  sinkhornDivergence.build({ to: pointsLaw(target.space.dim, target.n, target.x, target.weight), epsilon, points: 1, seed: 1 } as never, {
    dim: target.space.dim,
    space: makeFree(target.space.dim),
  })[0] as General;
const value = (part: General, m: Particles, warm?: Float64Array): number => part.on.particles!.value(m, 0, warm);
const slope = (part: General, m: Particles, warm?: Float64Array): Float64Array => {
  const out = new Float64Array(m.x.length);
  part.on.particles!.slope(m, 0, out, warm);
  return out;
};
const uniform = (seed: number, n: number, d = 2): As<"particles"> => cloud(portableCloud(seed, n, d), { dim: d });
const uneven = (seed: number, n: number): As<"particles"> => {
  const draw = portableUniform(seed + 100);
  const w = Array.from({ length: n }, () => 0.2 + draw());
  const sum = w.reduce((a, b) => a + b, 0);
  return cloud(portableCloud(seed, n, 2), { dim: 2, weights: w.map((v) => v / sum) });
};
const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => Array.from(a, (v, i) => Math.abs(v - b[i]!)).reduce((s, v) => Math.max(s, v), 0);

describe("half the divergence", () => {
  test("A28.2: S = 0.0020899086820 (eps = 0.05) and 0.0035138921563 (eps = 0.01) for 256 points of the square", () => {
    expect(2 * value(build(uniform(2, 256), 0.05), uniform(1, 256))).toBeCloseTo(0.002089908682, 11);
    expect(2 * value(build(uniform(2, 256), 0.01), uniform(1, 256))).toBeCloseTo(0.0035138921563, 11);
  });
  test("A13.1: S = 1.998054618915 (eps = 1/2) and 1.970579412838 (eps = 2) for N(0,1) and N(1,4), by the trapezoidal rule", () => {
    // exponentially accurate for Gaussians once the spacing is well below sqrt(eps)
    const z = Float64Array.from({ length: 161 }, (_, i) => 0.1 * (i - 80));
    const w = z.map((v) => (0.1 * Math.exp((-v * v) / 2)) / Math.sqrt(2 * Math.PI));
    const atoms = (mean: number, deviation: number): As<"particles"> =>
      cloud(
        z.map((v) => mean + deviation * v),
        { weights: w },
      );
    expect(2 * value(build(atoms(1, 2), 0.5), atoms(0, 1))).toBeCloseTo(1.998054618915, 9);
    expect(2 * value(build(atoms(1, 2), 2), atoms(0, 1))).toBeCloseTo(1.97057941283, 9);
  });
  test.each([1, 0.1, 0.01, 0.001])("value and gradient are those of the solver in transport/, at eps = %f with uneven weights", (epsilon) => {
    const [a, b] = [uneven(3, 60), uneven(4, 45)];
    const want = published({ from: a, to: b, epsilon }, { tolerance: 1e-12, maxIterations: 20000 });
    const part = build(b, epsilon);
    expect(2 * value(part, a)).toBeCloseTo(want.value, 10);
    const gradient = want.gradient[0].map((g, e) => (0.5 * g) / a.weight[e % 60]!);
    expect(farthest(slope(part, a), gradient)).toBeLessThan(1e-7);
  });
  test("zero with a zero slope at the target, positive elsewhere; points without mass take no part and follow the same field", () => {
    const part = build(uniform(2, 50), 0.1);
    expect(Math.abs(value(part, uniform(2, 50)))).toBeLessThan(1e-14);
    expect(farthest(slope(part, uniform(2, 50)), new Float64Array(100))).toBeLessThan(1e-9);
    const a = uniform(1, 30);
    expect(value(part, a)).toBeGreaterThan(1e-4);
    const more: Particles = {
      ...a,
      n: 31,
      x: Float64Array.from([...a.x.slice(0, 30), a.x[4]!, ...a.x.slice(30), a.x[34]!]),
      weight: Float64Array.from([...a.weight, 0]),
    };
    expect(value(part, more)).toBeCloseTo(value(part, a), 13);
    const [few, all] = [slope(part, a), slope(part, more)];
    expect(all[30]).toBeCloseTo(few[4]!, 9);
    expect(all[61]).toBeCloseTo(few[34]!, 9);
  });
  test("for eps to 0 it is the exact plan's, exponentially close once eps is below the gaps: under T(x) = 3x/2 + c the slope is x - T(x)", () => {
    const a = uniform(1, 12);
    const b: Particles = { ...a, x: a.x.map((v) => 1.5 * v + 0.3) };
    const want = Float64Array.from(a.x, (v) => v - (1.5 * v + 0.3));
    const off = [1e-1, 1e-2, 1e-4].map((epsilon) => farthest(slope(build(b, epsilon), a), want));
    expect(off[0]!).toBeGreaterThan(0.01);
    expect(off[1]!).toBeLessThan(off[0]!);
    expect(off[2]!).toBeLessThan(1e-8);
    // the relative entropies log 12 of the plan, and half of those of the plans with themselves, cancel
    const half = want.reduce((s, v) => s + (0.5 * v * v) / 12, 0);
    expect(value(build(b, 1e-4), a)).toBeCloseTo(half, 10);
  });
  test("for eps to infinity all move by the difference of the means (the discrepancy of the kernel -|x - y|^2), at order 1/eps", () => {
    const [a, b] = [uneven(3, 40), uneven(4, 30)];
    const mean = (m: Particles, k: number): number => Float64Array.from(m.weight).reduce((s, w, i) => s + w * m.x[k * m.n + i]!, 0);
    const want = Float64Array.from({ length: 80 }, (_, e) => mean(a, Math.floor(e / 40)) - mean(b, Math.floor(e / 40)));
    const [near, far] = [farthest(slope(build(b, 1e2), a), want), farthest(slope(build(b, 1e3), a), want)];
    expect(Math.abs(Math.log10(near / far) - 1)).toBeLessThan(0.02);
    const half = 0.5 * ((mean(a, 0) - mean(b, 0)) ** 2 + (mean(a, 1) - mean(b, 1)) ** 2);
    const [v, w] = [value(build(b, 1e2), a) - half, value(build(b, 1e3), a) - half];
    expect(Math.abs(Math.log10(Math.abs(v / w)) - 1)).toBeLessThan(0.02);
  });
});

describe("what a state carries", () => {
  test("saves work and changes nothing else: a warm slope is the cold one to the tolerance of the solve, and values leave it as it was", () => {
    const [a, b] = [uniform(1, 80), uniform(2, 70)];
    const solver = openMovingDivergence(atomsOf(b, "b"), 0.02);
    const warm = new Float64Array(solver.warm(80));
    const cold = solver.solve(80, a.x, a.weight, warm, true).iterations;
    const moved = a.x.map((v, e) => v + 1e-3 * Math.sin(e));
    const own = Float64Array.from(warm);
    const again = solver.solve(80, moved, a.weight, own);
    const [other, self] = [again.other.slice(), again.own.slice()];
    expect(own).toEqual(warm);
    expect(again.iterations).toBeLessThan(0.6 * cold);
    const fresh = solver.solve(80, moved, a.weight);
    expect(farthest(other, fresh.other)).toBeLessThan(1e-9);
    expect(farthest(self, fresh.own)).toBeLessThan(1e-9);
  });
  test.each(["euler", "rk4", "adaptive"])("%s: a step is a function of the state it starts from, whatever was looked at or tried before", async (time) => {
    const { problem, scheme } = await resolveSpec({
      space: { kind: "free", dimension: 2 },
      initial: { kind: "gaussian", mean: [0, 0], deviation: [0.5], count: 30 },
      energy: [{ kind: "sinkhorn-divergence", to: { kind: "gaussian", mean: [1, 0], deviation: [0.3] }, points: 30 }],
      scheme: { kind: "particles", time, step: 0.1 },
      until: 1,
    });
    const host = plainHost();
    const stepper = scheme.open(problem, host);
    const from = stepper.start();
    const to = cloneState(from, host);
    const step = (dt: number): ReturnType<typeof copyRows> => {
      stepper.step(from, to, { t: 0, dt, index: 0, count: 1 });
      return copyRows(to);
    };
    const before = copyRows(from);
    const first = step(0.1);
    stepper.energy!(from, 0);
    stepper.dissipation!(to, 0.1);
    step(0.5);
    expect(step(0.1)).toEqual(first);
    expect(copyRows(from)).toEqual(before);
    // another stepper that goes on from a copy of the state, as a resumed run does
    const other = scheme.open(problem, host);
    other.start();
    const again = cloneState(from, host);
    other.step(cloneState(from, host), again, { t: 0, dt: 0.1, index: 0, count: 1 });
    expect(copyRows(again)).toEqual(first);
  });
  test("a tiny smoothing is still solved: eps = 1e-5 of the squared diameter", () => {
    const { defect } = openMovingDivergence(atomsOf(uniform(2, 60), "b"), 2e-5).solve(60, uniform(1, 60).x, uniform(1, 60).weight);
    expect(defect).toBeLessThan(1e-8);
  });
});

test("the centre of mass obeys m' = m_target - m whatever the smoothing: m(t) = m_target + (m_0 - m_target) e^{-t}", async () => {
  const [a, b] = [portableCloud(1, 25, 2), portableCloud(2, 30, 2)];
  const rows = (x: Float64Array, n: number, s: number): number[][] => Array.from({ length: n }, (_, i) => [s + x[i]!, x[n + i]!]);
  const mean = (p: readonly number[][], k: number): number => p.reduce((s, q) => s + q[k]! / p.length, 0);
  const [from, to] = [rows(a, 25, 0), rows(b, 30, 1)];
  for (const epsilon of [0.05, 2]) {
    const { last, holds } = await run({
      space: { kind: "free", dimension: 2 },
      initial: { kind: "points", points: from },
      energy: [{ kind: "sinkhorn-divergence", to: { kind: "points", points: to }, epsilon }],
      scheme: { kind: "particles", time: "adaptive", step: 0.05, tolerance: 1e-10 },
      until: 1,
    });
    const x = (last.measure as Particles).x;
    for (const k of [0, 1]) {
      const now = Float64Array.from(x.slice(25 * k, 25 * (k + 1))).reduce((s, v) => s + v / 25, 0);
      expect(now).toBeCloseTo(mean(to, k) + (mean(from, k) - mean(to, k)) * Math.exp(-1), 8);
    }
    expect(holds).toBe(true);
  }
});
