import { expect, test } from "vitest";
import type { Part } from "../contract.ts";
import { entropyPart } from "../energy/entropy.ts";
import { quadraticField } from "../energy/forms/quadratic.ts";
import { plainHost } from "../kernels/host.ts";
import { gradedLevels } from "../measure/store.ts";
import { descend } from "./descend.ts";
import { openLineProblem } from "./quantile-step.ts";

const line = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
const level = (n: number): Float64Array => {
  const u = new Float64Array(n);
  gradedLevels(n, u, 3);
  return u;
};
/** quantiles of a logistic law, with the ends as far as the next nodes go on */
const smooth = (u: Float64Array): Float64Array => {
  const x = u.map((v) => Math.log(v / (1 - v)));
  x[0] = 2 * x[1]! - x[2]!;
  x[x.length - 1] = -x[0]!;
  return x;
};
/** densities that jump by factors up to a hundred from cell to cell */
const rough = (u: Float64Array): Float64Array => {
  const x = smooth(u);
  let [a, at] = [12345, x[0]!];
  return x.map((v, i) => {
    a = (Math.imul(a, 1103515245) + 12345) & 0x7fffffff;
    if (i > 0) at += (v - x[i - 1]!) * 10 ** (a / 2 ** 30 - 1);
    return at;
  });
};
/** nodes between 0 and 1 */
const boxed = (u: Float64Array): Float64Array => u.map((v) => 0.3 * v + 0.7 * v * v * v);

const heat = entropyPart(1);
const trap = quadraticField(1, [2], [0.5], "trap");
const bump = quadraticField(1, [-0.5], [-0.2], "bump");
const cases: readonly (readonly [string, readonly Part[], (u: Float64Array) => Float64Array, number, number, typeof line])[] = [
  ["heat, few nodes", [heat], smooth, 40, 0.1, line],
  ["heat, odd number", [heat], smooth, 4097, 0.1, line],
  ["heat, long step", [heat], smooth, 5000, 30, line],
  ["heat, rough start", [heat], rough, 5000, 0.01, line],
  ["two entropies and a trap", [heat, entropyPart(0.3), trap], smooth, 5001, 0.2, line],
  ["a bump that the step outweighs", [heat, bump], smooth, 800, 0.5, line],
  ["between walls", [heat], boxed, 300, 0.01, { lower: 0, upper: 1 }],
  ["between walls, pressed", [entropyPart(0.05), trap], boxed, 300, 1, { lower: 0, upper: 1 }],
];
test.each(cases)("%s: the fused step finds the minimiser that the general one finds, and lowers F as much", (_, parts, nodes, n, tau, box) => {
  const u = level(n);
  const problem = openLineProblem(parts, 1.5, u, box.lower, box.upper, plainHost());
  const aim = { fine: 1e-16, coarse: 1e-9, most: 200 };
  const x = nodes(u);
  const y = x.slice();
  const begun = problem.begin(y, tau, 0);
  const row = (): Float64Array => new Float64Array(n);
  const mu = 1 / tau + problem.modulus!;
  const general = descend(
    problem,
    y,
    { ...begun, ...aim, modulus: mu, stiffness: 1 / tau, value: begun.before },
    { g: row(), d: row(), trial: row(), best: row() },
  );
  const cost = problem.cost(y);
  expect(general.ok, general.reason).toBe(true);
  const fused = problem.fused!(x, tau, aim)!;
  expect(fused.out.ok).toBe(true);
  // |x - argmin|_B <= |g|_{B^-1} / mu for both
  const apart = (Math.sqrt(general.residual) + Math.sqrt(fused.out.residual)) / mu;
  let distance = 0;
  for (let i = 0; i + 1 < n; i++) {
    const [p, q] = [x[i]! - y[i]!, x[i + 1]! - y[i + 1]!];
    distance += (1.5 * (u[i + 1]! - u[i]!) * (p * p + p * q + q * q)) / 3;
  }
  expect(Math.sqrt(distance)).toBeLessThanOrEqual(apart);
  // |v|_B^2 / (2 tau), and F has the gradient -v / tau there
  const off = (apart * (Math.sqrt(2 * tau * cost) + apart)) / tau + 1e-12 * begun.terms;
  expect(Math.abs(fused.cost - cost)).toBeLessThan(off);
  expect(Math.abs(fused.drop - (begun.before - general.value + cost))).toBeLessThan(2 * off);
  // its residual is the one that the general code computes there
  const g = row();
  problem.gradient(x, g);
  expect(problem.residual(x, g)).toBeLessThan(2 * fused.out.residual + 1e-14 * mu * mu);
});

test("many smooth nodes take one or two iterations from the coarser chain's guess, rough ones more", () => {
  const u = level(20_000);
  const step = (x: Float64Array): number =>
    openLineProblem([heat], 1, u, line.lower, line.upper, plainHost()).fused!(x, 0.1, { fine: 1e-14, coarse: 1e-9, most: 200 })!.out.iterations;
  expect(step(smooth(u))).toBeLessThanOrEqual(2);
  expect(step(rough(u))).toBeGreaterThan(2);
});

test("what it does not know is left to the general method", () => {
  const u = level(50);
  expect(openLineProblem([trap], 1, u, line.lower, line.upper, plainHost()).fused).toBe(null);
  expect(openLineProblem([heat, { ...trap, moving: true }], 1, u, line.lower, line.upper, plainHost()).fused).toBe(null);
  // the bump outweighs the step: J is not convex
  expect(openLineProblem([heat, bump], 1, u, line.lower, line.upper, plainHost()).fused!(smooth(u), 4, { fine: 1e-16, coarse: 1e-9, most: 50 })).toBe(null);
});
