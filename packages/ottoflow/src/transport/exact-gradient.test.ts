import { describe, expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../test/portable.ts";
import { solve } from "../solve.ts";
import { makeBox } from "../space/box.ts";
import { powerCost, tableCost } from "./cost.ts";
import { exactGradient } from "./exact-gradient.ts";
import { cloud, placeholders, transportProblem } from "./problem.ts";
import { networkSimplexMany } from "./static/network-simplex.ts";

const weights = (seed: number, n: number): Float64Array => {
  const u = portableUniform(seed);
  const w = Float64Array.from({ length: n }, () => 0.2 + u());
  const s = w.reduce((a, b) => a + b, 0);
  return w.map((v) => v / s);
};
const [n, m, d] = [7, 5, 2];
const [x, y] = [portableCloud(1, n, d), portableCloud(2, m, d)];
const [a, b] = [weights(3, n), weights(4, m)];
const problem = (x0: Float64Array, y0: Float64Array, a0: Float64Array, b0: Float64Array, p: number) =>
  transportProblem({ from: cloud(x0, { dim: d, weights: a0 }), to: cloud(y0, { dim: d, weights: b0 }), p });
const valueAt = (...args: Parameters<typeof problem>): number => networkSimplexMany([problem(...args)])[0]!.value;
const moved = (row: Float64Array, at: number, by: number): Float64Array => {
  const out = row.slice();
  out[at] = out[at]! + by;
  return out;
};

describe.each([1, 1.5, 2, 3])("envelope theorem, p = %d", (p) => {
  const h = 1e-5;
  const gradient = exactGradient(problem(x, y, a, b, p), networkSimplexMany([problem(x, y, a, b, p)])[0]!);
  test("positions, against central differences", () => {
    // the plan stays optimal in between, so what is left is the third derivative of |r|^p over |r| >= 0.03
    for (let at = 0; at < d * n; at++) {
      const slope = (valueAt(moved(x, at, h), y, a, b, p) - valueAt(moved(x, at, -h), y, a, b, p)) / (2 * h);
      expect(Math.abs(gradient.positions[0][at]! - slope)).toBeLessThan(2e-8);
    }
    for (let at = 0; at < d * m; at++) {
      const slope = (valueAt(x, moved(y, at, h), a, b, p) - valueAt(x, moved(y, at, -h), a, b, p)) / (2 * h);
      expect(Math.abs(gradient.positions[1][at]! - slope)).toBeLessThan(2e-8);
    }
  });
  test("weights, in directions that keep the mass: the value is linear there", () => {
    expect(gradient.unique).toBe(true);
    for (let i = 1; i < n; i++) {
      const slope = (valueAt(x, y, moved(moved(a, i, h), 0, -h), b, p) - valueAt(x, y, moved(moved(a, i, -h), 0, h), b, p)) / (2 * h);
      expect(Math.abs(gradient.weights[0][i]! - gradient.weights[0][0]! - slope)).toBeLessThan(1e-9);
    }
    for (let j = 1; j < m; j++) {
      const slope = (valueAt(x, y, a, moved(moved(b, j, h), 0, -h), p) - valueAt(x, y, a, moved(moved(b, j, -h), 0, h), p)) / (2 * h);
      expect(Math.abs(gradient.weights[1][j]! - gradient.weights[1][0]! - slope)).toBeLessThan(1e-9);
    }
    // more on both sides alike
    const more = (valueAt(x, y, moved(a, 2, h), moved(b, 1, h), p) - valueAt(x, y, moved(a, 2, -h), moved(b, 1, -h), p)) / (2 * h);
    expect(Math.abs(gradient.weights[0][2]! + gradient.weights[1][1]! - more)).toBeLessThan(1e-9);
  });
});

test("a matching has many potentials: the weight gradient is a subgradient, below both one-sided slopes and told as such", async () => {
  const p = problem(portableCloud(5, 6, d), portableCloud(6, 6, d), new Float64Array(6).fill(1 / 6), new Float64Array(6).fill(1 / 6), 2);
  const found = await solve(p);
  const { weights: slopes, unique, notes } = exactGradient(p, found);
  expect(unique).toBe(false);
  expect(notes[0]).toMatch(/6 parts.*one subgradient/);
  const [x6, y6] = [portableCloud(5, 6, d), portableCloud(6, 6, d)];
  const even = new Float64Array(6).fill(1 / 6);
  for (let i = 1; i < 6; i++) {
    // the value is convex in the weights: V(a + t) >= V(a) + t . f
    for (const h of [1e-3, -1e-3]) {
      const value = valueAt(x6, y6, moved(moved(even, i, h), 0, -h), even, 2);
      expect(value).toBeGreaterThanOrEqual(found.value + h * (slopes[0][i]! - slopes[0][0]!) - 1e-15);
    }
  }
});
test("points without mass do not pull; where there are no positions there is no gradient", () => {
  const p = problem(x, y, Float64Array.of(0, 0.25, 0.25, 0.25, 0.25, 0, 0), b, 2);
  const { positions } = exactGradient(p, networkSimplexMany([p])[0]!);
  for (const i of [0, 5, 6]) for (let k = 0; k < d; k++) expect(positions[0][k * n + i]).toBe(0);
  const table = transportProblem({ from: placeholders(2), to: placeholders(2), cost: tableCost(2, 2, [0, 1, 1, 0]) });
  expect(() => exactGradient(table, networkSimplexMany([table])[0]!)).toThrow("need a cost |x - y|^p");
});

describe("many problems in one call", () => {
  test("1000 problems of 30 x 30 as each alone, of other sizes and with forbidden pairs among them", async () => {
    const problems = Array.from({ length: 1000 }, (_, k) =>
      k % 50 === 7
        ? transportProblem({
            from: placeholders(6),
            to: placeholders(4),
            cost: tableCost(
              6,
              4,
              portableCloud(k, 24, 1).map((v) => (v < 0.2 ? Number.POSITIVE_INFINITY : v)),
            ),
          })
        : transportProblem({
            from: cloud(portableCloud(2 * k, 30, 2), { dim: 2, weights: weights(3 * k, 30) }),
            to: cloud(portableCloud(2 * k + 1, 30, 2), { dim: 2 }),
            cost: powerCost(1 + (k % 3)),
          }),
    );
    const answers = networkSimplexMany(problems);
    expect(answers.length).toBe(1000);
    for (const k of [0, 7, 8, 57, 500, 999]) {
      const alone = await solve(problems[k]!, { solver: "network-simplex" });
      expect(answers[k]!.status).toBe(alone.status);
      expect(answers[k]!.value).toBe(alone.value);
    }
    for (const answer of answers)
      if (answer.status === "optimal") {
        expect(Math.abs(answer.gap)).toBeLessThan(1e-14);
        expect(Math.max(...answer.defect)).toBeLessThan(1e-14);
      }
    expect(answers.filter((answer) => answer.status === "optimal").length).toBeGreaterThan(980);
  });
  test("the first that cannot be solved is named", () => {
    const p = problem(x, y, a, b, 2);
    expect(() => networkSimplexMany([p, { ...p, epsilon: 0.1 }])).toThrow("problems[1]: the network simplex method carries no entropy");
  });
});

test("a given mass between densities on cells: no other densities cost less than the gradient in their masses says", async () => {
  const space = makeBox({ lower: [0], upper: [1], cells: [5] });
  const density = (rho: readonly number[]) => ({ rep: "cells" as const, space, rho: Float64Array.from(rho) });
  const problem = (a: readonly number[], b: readonly number[]) => transportProblem({ from: density(a), to: density(b), mass: 0.6 });
  const [a, b] = [
    [1, 2, 0, 1, 1],
    [0.5, 0, 3, 1, 0.5],
  ] as const;
  const found = await solve(problem(a, b), { solver: "network-simplex" });
  const { weights } = exactGradient(problem(a, b), found);
  const u = portableUniform(8);
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 40; k++) {
    const [c, e] = [a, b].map((row) => row.map((v) => Math.max(0, v + 0.2 * (u() - 0.5)))) as [number[], number[]];
    const { value } = await solve(problem(c, e), { solver: "network-simplex" });
    const slope = c.reduce((s, v, i) => s + (weights[0][i]! * (v - a[i]!)) / 5, 0) + e.reduce((s, v, i) => s + (weights[1][i]! * (v - b[i]!)) / 5, 0);
    expect(value - found.value - slope).toBeGreaterThan(-1e-14);
    least = Math.min(least, value - found.value - slope);
  }
  expect(least).toBeLessThan(1e-3);
});
