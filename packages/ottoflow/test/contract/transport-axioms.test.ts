/**
 * W_p = value^(1/p) of every exact solver is a metric, on random triples of every kind of problem the solver takes: not negative, zero between a measure and
 * itself, symmetric, and the triangle inequality; and it does not see translations and turns of space.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { As, Cost, Measure, TransportSolver } from "../../src/contract.ts";
import { pace } from "../../src/pace.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { circleCost, powerCost } from "../../src/transport/cost.ts";
import { graphCost, makeGraph } from "../../src/transport/graph-cost.ts";
import { cloud, placeholders, transportProblem } from "../../src/transport/problem.ts";
import { portableNormal, portableUniform } from "../portable.ts";
import { casesOf } from "./units.ts";

type Draw = () => number;
const weights = (u: Draw, n: number): Float64Array => {
  const w = Float64Array.from({ length: n }, () => Math.floor(u() * 4));
  w[0] = w[0]! + 1;
  const s = w.reduce((a, b) => a + b, 0);
  return w.map((v) => v / s);
};
const points =
  (d: number) =>
  (u: Draw): Measure => {
    const n = 1 + Math.floor(u() * 6);
    return cloud(
      Float64Array.from({ length: d * n }, () => (u() < 0.3 ? Math.round(3 * u()) / 3 : u())),
      { dim: d, weights: weights(u, n) },
    );
  };
const graph = makeGraph(7, [
  [0, 1, 1],
  [1, 2, 0.5],
  [2, 3, 2],
  [3, 0, 1],
  [2, 4, 1],
  [4, 5, 0.25],
  [5, 6, 1],
  [6, 1, 3],
] as const);
const kinds: Readonly<Record<string, { readonly draw: (u: Draw) => Measure; readonly cost: Cost; readonly p: number }>> = {
  "points of the line, p = 1": { draw: points(1), cost: powerCost(1), p: 1 },
  "points of the line, p = 2": { draw: points(1), cost: powerCost(2), p: 2 },
  "points of the line, p = infinity": { draw: points(1), cost: powerCost(Number.POSITIVE_INFINITY), p: 1 },
  "points of the plane, p = 1": { draw: points(2), cost: powerCost(1), p: 1 },
  "points of the plane, p = 2": { draw: points(2), cost: powerCost(2), p: 2 },
  "points of space, p = 3": { draw: points(3), cost: powerCost(3), p: 3 },
  "angles, p = 2": { draw: points(1), cost: circleCost(2, 1), p: 2 },
  "vertices of a graph": { draw: (u) => placeholders(7, weights(u, 7)), cost: graphCost(graph), p: 1 },
  "Gaussians of the plane": {
    draw: (u): As<"gaussian"> => {
      const [a, b, c] = [0.2 + u(), u() - 0.5, 0.2 + u()];
      return { rep: "gaussian", space: makeFree(2), mean: Float64Array.of(u(), u()), cov: Float64Array.of(a * a, a * b, a * b, b * b + c * c), mass: 1 };
    },
    cost: powerCost(2),
    p: 2,
  },
  "quantile functions, p = 2": {
    draw: (u): As<"quantiles"> => {
      const x = Float64Array.from({ length: 5 }, () => 3 * u()).sort();
      return { rep: "quantiles", space: makeFree(1), x, level: Float64Array.of(0, 0.2, 0.5, 0.6, 1), mass: 1 };
    },
    cost: powerCost(2),
    p: 2,
  },
};

describe.each(await casesOf("transport"))("$name", (c) => {
  test.each(Object.keys(kinds))("%s", async (name) => {
    const solver = await c.build(makeFree(1));
    const { draw, cost, p } = kinds[name]!;
    const first = draw(portableUniform(1));
    if (solver.answer !== "exact" || solver.refuses(transportProblem({ from: first, to: first, cost })) !== null) return;
    const distance = async (from: Measure, to: Measure): Promise<number> => {
      const problem = transportProblem({ from, to, cost });
      if (solver.refuses(problem) !== null) return Number.NaN;
      const answer = await pace(solver.solve(problem, {}));
      expect(answer.value).toBeGreaterThanOrEqual(-1e-15);
      return Math.max(0, answer.value) ** (1 / p);
    };
    // a value is right to rounding, its p-th root to the root of that
    const rounding = 1e-14 ** (1 / p);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), async (seed) => {
        const u = portableUniform(seed);
        const [a, b, e] = [draw(u), draw(u), draw(u)];
        const [ab, ba, be, ae, aa] = [await distance(a, b), await distance(b, a), await distance(b, e), await distance(a, e), await distance(a, a)];
        if ([ab, ba, be, ae, aa].some(Number.isNaN)) return;
        expect(aa).toBeLessThan(rounding);
        expect(Math.abs(ab - ba)).toBeLessThan(1e-7 * ab + rounding);
        expect(ae).toBeLessThan(ab + be + rounding);
      }),
      { numRuns: 12, seed: 7 },
    );
  });
  test("a turn and a shift of the plane change nothing", async () => {
    const solver = await c.build(makeFree(1));
    const moved = (m: Measure): Measure => {
      const { x, n, weight } = m as As<"particles">;
      const y = Float64Array.from({ length: 2 * n }, (_, e) => {
        const [s, t] = [x[e % n]!, x[n + (e % n)]!];
        return e < n ? 0.6 * s - 0.8 * t + 2 : 0.8 * s + 0.6 * t - 1;
      });
      return cloud(y, { dim: 2, weights: Float64Array.from(weight) });
    };
    const g = portableNormal(3);
    const draw = (): Measure => cloud(Float64Array.from({ length: 16 }, g), { dim: 2 });
    const [a, b] = [draw(), draw()];
    if (solver.answer !== "exact" || solver.refuses(transportProblem({ from: a, to: b })) !== null) return;
    const value = async (from: Measure, to: Measure, s: TransportSolver): Promise<number> => (await pace(s.solve(transportProblem({ from, to }), {}))).value;
    expect(await value(moved(a), moved(b), solver)).toBeCloseTo(await value(a, b, solver), 12);
  });
});
