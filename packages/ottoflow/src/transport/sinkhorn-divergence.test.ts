import { describe, expect, it } from "vitest";
import { portableCloud } from "../../test/portable.ts";
import { cloud } from "./problem.ts";
import { sinkhornDivergence } from "./sinkhorn-divergence.ts";
import { entropicGaussians } from "./static/gaussian-entropic.ts";

describe("A28.2: Sinkhorn divergence of U(1), U(2)", () => {
  for (const { n, epsilon, value } of [
    { n: 256, epsilon: 0.05, value: 0.002089908682 },
    { n: 256, epsilon: 0.01, value: 0.0035138921563 },
    { n: 2000, epsilon: 0.01, value: 0.000338469819 },
  ])
    it(`A28.2: ${value} at N = ${n}, epsilon = ${epsilon}`, () => {
      const found = sinkhornDivergence(
        { from: cloud(portableCloud(1, n, 2), { dim: 2 }), to: cloud(portableCloud(2, n, 2), { dim: 2 }), epsilon },
        { defect: 1e-11, gradients: false },
      );
      expect(Math.abs(found.value - value)).toBeLessThan(1e-12);
      expect(found.error).toBeLessThan(1e-9);
      expect(Math.max(...found.iterations.slice(1))).toBeLessThan(45);
    });
});
it("A13.1: N(0, 1), N(1, 4) on grids at sigma^2 = .25: 1.998054618915", () => {
  const n = 240;
  const side = (mean: number, sd: number): ReturnType<typeof cloud> => {
    const x = Float64Array.from({ length: n }, (_, i) => mean + sd * (-8 + (16 * (i + 0.5)) / n));
    const w = x.map((v) => Math.exp((-(v - mean) * (v - mean)) / (2 * sd * sd)));
    const s = w.reduce((t, v) => t + v, 0);
    return cloud(x, { weights: w.map((v) => v / s) });
  };
  const found = sinkhornDivergence({ from: side(0, 1), to: side(1, 2), epsilon: 0.5 }, { defect: 1e-12, gradients: false });
  expect(found.value).toBeCloseTo(1.998054618915, 10);
  expect(found.value).toBeCloseTo(entropicGaussians([0], [1], [1], [4], 0.5).divergence, 10);
});
it("zero between a measure and itself, positive elsewhere", () => {
  const x = portableCloud(5, 80, 3);
  const same = sinkhornDivergence({ from: cloud(x, { dim: 3 }), to: cloud(x, { dim: 3 }), epsilon: 0.05 }, { defect: 1e-12 });
  expect(Math.abs(same.value)).toBeLessThan(1e-12);
  for (const v of same.gradient[0]) expect(Math.abs(v)).toBeLessThan(1e-10);
});
describe("gradients against finite differences", () => {
  for (const p of [2, 1.5])
    it(`|x - y|^${p}: positions of both sides and weights`, () => {
      const [n, m] = [20, 17];
      const [x, y] = [portableCloud(6, n, 2), portableCloud(7, m, 2)];
      const w = Float64Array.from({ length: n }, (_, i) => (1 + (i % 4)) / 49);
      const sum = w.reduce((s, v) => s + v, 0);
      const v = new Float64Array(m).fill(sum / m);
      const at = (X: Float64Array, Y: Float64Array, W: Float64Array): ReturnType<typeof sinkhornDivergence> =>
        sinkhornDivergence({ from: cloud(X, { dim: 2, weights: W }), to: cloud(Y, { dim: 2, weights: v }), p, epsilon: 0.03 }, { defect: 1e-13 });
      const base = at(x, y, w);
      const h = 1e-4;
      const nudge = (a: Float64Array, k: number, by: number): Float64Array => {
        const out = a.slice();
        out[k]! += by;
        return out;
      };
      for (const k of [0, 7, 25, 39]) expect((at(nudge(x, k, h), y, w).value - at(nudge(x, k, -h), y, w).value) / (2 * h)).toBeCloseTo(base.gradient[0][k]!, 6);
      for (const k of [1, 20]) expect((at(x, nudge(y, k, h), w).value - at(x, nudge(y, k, -h), w).value) / (2 * h)).toBeCloseTo(base.gradient[1][k]!, 6);
      for (const [i, k] of [
        [0, 5],
        [3, 11],
      ] as const) {
        const moved = (by: number): number => at(x, y, nudge(nudge(w, i, by), k, -by)).value;
        expect((moved(h) - moved(-h)) / (2 * h)).toBeCloseTo(base.weights[0][i]! - base.weights[0][k]!, 6);
      }
    });
});
