import { describe, expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../../test/portable.ts";
import type { Cost, Coupling, Marginal, Transport } from "../../contract.ts";
import { solve } from "../../solve.ts";
import { allowOnly, circleCost, functionCost, powerCost, tableCost } from "../cost.ts";
import { exactGradient } from "../exact-gradient.ts";
import { marginalsOf } from "../plan.ts";
import { cloud, placeholders, transportProblem } from "../problem.ts";

const kl = (weight: number): Marginal => ({ kind: "kl", weight });
const equal: Marginal = { kind: "equal" };
const weights = (seed: number, n: number, mass: number): Float64Array => {
  const w = portableCloud(seed, n, 1).map((v) => 0.1 + v);
  const s = w.reduce((x, y) => x + y, 0);
  return w.map((v) => (mass * v) / s);
};
const points = (seed: number, n: number, d: number, mass = 1) => cloud(portableCloud(seed, n, d), { dim: d, weights: weights(seed + 40, n, mass) });

/** Everything that proves an answer, looked at once more without the judge. */
function expectOptimal(p: Transport, answer: Coupling): void {
  const [a, b] = [p.from, p.to] as [ReturnType<typeof cloud>, ReturnType<typeof cloud>];
  expect(answer.status).toBe("optimal");
  const { f, g } = answer.potentials!;
  const scale = 1 + Math.max(...f.map(Math.abs).filter(Number.isFinite), ...g.map(Math.abs).filter(Number.isFinite));
  for (let i = 0; i < a.n; i++)
    for (let j = 0; j < b.n; j++)
      expect(f[i]! + g[j]! - p.cost.at(i, j, a.n, a.x, b.n, b.x) <= 1e-13 * scale || a.weight[i] === 0 || b.weight[j] === 0).toBe(true);
  const { from, to, mass } = answer.plan!.sparse!;
  let value = 0;
  for (let e = 0; e < from.length; e++) {
    const c = p.cost.at(from[e]!, to[e]!, a.n, a.x, b.n, b.x);
    expect(Math.abs(f[from[e]!]! + g[to[e]!]! - c)).toBeLessThan(1e-12 * scale);
    value += mass[e]! * c;
  }
  expect(value).toBeCloseTo(answer.value, 12);
  const moved = marginalsOf(answer.plan!);
  let regularised = value;
  for (const [k, side] of [a, b].entries()) {
    const bound = p.marginals[k]!;
    const potential = k === 0 ? f : g;
    for (let i = 0; i < side.n; i++) {
      const [v, w] = [moved[k]![i]!, side.weight[i]!];
      if (w === 0) continue;
      const asked = bound.kind === "kl" ? w * Math.exp(-potential[i]! / bound.weight) : w;
      expect(Math.abs(v - asked)).toBeLessThan(1e-13);
      if (bound.kind === "kl") regularised += bound.weight * ((v > 0 ? v * Math.log(v / w) : 0) - v + w);
    }
  }
  expect(Math.abs(regularised - answer.regularised)).toBeLessThan(1e-12 * scale);
  expect(Math.abs(answer.gap)).toBeLessThanOrEqual(answer.rounding!);
  expect(answer.rounding!).toBeLessThan(1e-13 * scale);
}

describe("closed forms", () => {
  test.each([
    [1, 2, 0.8, 1, 1],
    [3, 0.5, 0.3, 0.2, 5],
    [1, 1, 40, 1, 1],
  ])("two Diracs of masses %d and %d at distance %d: a^r b^s e^(-c / (l + k)) moves", async (a, b, d, l, k) => {
    const answer = await solve({ from: cloud([0], { weights: [a] }), to: cloud([d], { weights: [b] }), marginals: [kl(l), kl(k)] });
    const mass = a ** (l / (l + k)) * b ** (k / (l + k)) * Math.exp(-(d * d) / (l + k));
    expect(answer.solver).toBe("unbalanced");
    expect(answer.figures.mass).toBeCloseTo(mass, 14);
    expect(answer.regularised).toBeCloseTo(l * a + k * b - (l + k) * mass, 12);
  });
  test("A16.4: Hellinger and Kantorovich between two Diracs, 1.029415845290 at 0.8 and 3 from pi / 2 on", async () => {
    const cost = functionCost(1, (x, y) => (Math.abs(x[0]! - y[0]!) < Math.PI / 2 ? -2 * Math.log(Math.cos(x[0]! - y[0]!)) : Number.POSITIVE_INFINITY));
    const at = (d: number) => solve({ from: cloud([0], { weights: [1] }), to: cloud([d], { weights: [2] }), cost, marginals: kl(1) });
    expect((await at(0.8)).regularised).toBeCloseTo(1.02941584529, 11);
    const far = await at(1.6);
    expect(far.regularised).toBe(3);
    expect(far.potentials!.f[0]).toBe(Number.POSITIVE_INFINITY);
  });
  test("A14 as sigma goes to 0: 0.5468162891413 and the mass 1.226591855429, in the second order of the grid", async () => {
    const gaussian = (mean: number, variance: number, mass: number, n: number) => {
      const x = Float64Array.from({ length: n }, (_, i) => mean + Math.sqrt(variance) * (-7 + (14 * (i + 0.5)) / n));
      const w = x.map((v) => Math.exp(-((v - mean) * (v - mean)) / (2 * variance)));
      const s = w.reduce((t, v) => t + v, 0);
      return cloud(x, { weights: w.map((v) => (mass * v) / s) });
    };
    const errors: number[] = [];
    for (const n of [100, 200, 400]) {
      const answer = await solve({ from: gaussian(0, 1, 1, n), to: gaussian(1, 0.5, 2, n), marginals: kl(1) });
      errors.push(answer.regularised - 0.5468162891413);
      if (n === 400) expect(answer.figures.mass).toBeCloseTo(1.226591855429, 3);
    }
    for (const k of [0, 1]) {
      const order = Math.log2(errors[k]! / errors[k + 1]!);
      expect(order).toBeGreaterThan(1.6);
      expect(order).toBeLessThan(2.4);
    }
  });
  test("one side kept: columns take what is nearest, and pay the logarithm of their excess", async () => {
    // all of the first side is in one place: q_j is b_j e^(-c_j / k), scaled to the mass that must go
    const [c, b, k] = [[0.3, 1.2, 0.05], [0.5, 0.2, 0.3], 0.7];
    const answer = await solve({
      from: placeholders(1, [1]),
      to: placeholders(3, b),
      cost: tableCost(1, 3, c),
      marginals: [equal, kl(k)],
    });
    const q = b.map((v, j) => v * Math.exp(-c[j]! / k));
    const s = q.reduce((x, y) => x + y, 0);
    const moved = marginalsOf(answer.plan!)[1];
    for (let j = 0; j < 3; j++) expect(moved[j]).toBeCloseTo(q[j]! / s, 14);
    expect(answer.regularised).toBeCloseTo(-k * Math.log(s), 14);
  });
});

describe("plans, potentials and bounds", () => {
  const [n, m] = [40, 30];
  const u = portableUniform(9);
  const pattern = Array.from({ length: n * m }, () => u() < 0.2);
  const costs: Readonly<Record<string, readonly [Cost, number]>> = {
    "p = 1": [powerCost(1), 2],
    "p = 1.5": [powerCost(1.5), 3],
    "p = 2": [powerCost(2), 2],
    "p = 3": [powerCost(3), 2],
    "the line": [powerCost(2), 1],
    "a circle": [circleCost(2, 1), 1],
    "forbidden pairs": [allowOnly(powerCost(2), (i, j) => pattern[i * m + j]!), 2],
  };
  const bounds: Readonly<Record<string, readonly [Marginal, Marginal]>> = {
    "0.01 both": [kl(0.01), kl(0.01)],
    "0.3 and 2": [kl(0.3), kl(2)],
    "1000 both": [kl(1000), kl(1000)],
    "the first kept": [equal, kl(0.1)],
    "the second kept": [kl(0.1), equal],
  };
  for (const [what, [cost, d]] of Object.entries(costs))
    for (const [how, marginals] of Object.entries(bounds))
      test(`${what}, ${how}`, async () => {
        const p = transportProblem({ from: points(1, n, d), to: points(2, m, d, 1.7), cost, marginals });
        expectOptimal(p, await solve(p));
      });
  test("turned round and shuffled, the value is the same", async () => {
    const p = { from: points(1, n, 2), to: points(2, m, 2, 0.6), marginals: [kl(0.2), equal] as const };
    const one = await solve(p);
    const back = await solve({ from: p.to, to: p.from, marginals: [equal, kl(0.2)] });
    expect(back.regularised).toBeCloseTo(one.regularised, 14);
  });
  test("as epsilon falls, what Sinkhorn minimises comes down to it, no faster than epsilon log 1 / epsilon", async () => {
    const p = { from: points(1, n, 2), to: points(2, m, 2, 1.7), marginals: kl(0.3) };
    const exact = await solve(p);
    const above = await Promise.all([1e-2, 1e-3, 1e-4].map(async (epsilon) => (await solve({ ...p, epsilon })).dual - exact.regularised));
    for (const k of [0, 1]) {
      expect(above[k]! / above[k + 1]!).toBeGreaterThan(4);
      expect(above[k]! / above[k + 1]!).toBeLessThan(14);
    }
  });
  test("a weight of 1e9 is W_2^2", async () => {
    const p = { from: points(1, n, 2), to: points(2, m, 2) };
    const exact = await solve(p);
    const answer = await solve({ ...p, marginals: kl(1e9) });
    expect(Math.abs(answer.regularised - exact.value)).toBeLessThan(1e-9 * exact.value);
  });
  test("points without mass or partner: the rest is solved, they die at the weight of their side", async () => {
    const from = cloud([0, 1, 5], { weights: [0.5, 0, 0.25] });
    const to = cloud([0.5, 9], { weights: [1, 2] });
    const p = transportProblem({ from, to, cost: allowOnly(powerCost(2), (i, j) => i < 2 && j < 1), marginals: [kl(1), kl(2)] });
    const answer = await solve(p);
    const alone = await solve({ from: cloud([0], { weights: [0.5] }), to: cloud([0.5], { weights: [1] }), marginals: [kl(1), kl(2)] });
    expect(answer.regularised).toBeCloseTo(alone.regularised + 0.25 + 4, 14);
    expect(answer.potentials!.f[2]).toBe(Number.POSITIVE_INFINITY);
    expect(answer.potentials!.g[1]).toBe(Number.POSITIVE_INFINITY);
    expect(Number.isFinite(answer.potentials!.f[1])).toBe(true);
    const kept = await solve({ ...p, marginals: [equal, kl(1)] });
    expect(kept.status).toBe("infeasible");
    expect(kept.notes[0]).toMatch(/points 2 of the first side/);
  });
  test("stopped early it has a plan and a bound; stopped at once, too", async () => {
    const p = { from: points(1, 200, 2), to: points(2, 150, 2), marginals: kl(1) };
    const best = await solve(p);
    for (const options of [{ maxIterations: 30 }, { signal: { aborted: true } }]) {
      const answer = await solve(p, options);
      expect(answer.dual).toBeLessThanOrEqual(best.regularised + best.rounding!);
      expect(answer.regularised).toBeGreaterThanOrEqual(best.regularised - best.rounding!);
    }
    expect((await solve(p, { maxIterations: 30 })).status).toBe("max-iterations");
  });
});

describe("gradients by the envelope, against differences", () => {
  const [n, m, h] = [12, 9, 1e-6];
  const [x, y] = [portableCloud(1, n, 2), portableCloud(2, m, 2)];
  const [a, b] = [weights(3, n, 1), weights(4, m, 1.4)];
  const moved = (row: Float64Array, at: number, by: number): Float64Array => row.map((v, i) => (i === at ? v + by : v));
  const asked: Readonly<Record<string, Pick<Transport, "marginals"> & { mass?: number }>> = {
    "both drawn": { marginals: [kl(0.3), kl(0.7)] },
    "the first kept": { marginals: [equal, kl(0.2)] },
    "a given mass": { marginals: [{ kind: "at-most" }, { kind: "at-most" }], mass: 0.55 },
  };
  test.each(Object.keys(asked))("%s", async (name) => {
    const input = (u: Float64Array, v: Float64Array, w: Float64Array) =>
      transportProblem({ from: cloud(u, { dim: 2, weights: v }), to: cloud(y, { dim: 2, weights: w }), ...asked[name]! });
    const value = async (u: Float64Array, v: Float64Array, w: Float64Array): Promise<number> => (await solve(input(u, v, w))).regularised;
    const p = input(x, a, b);
    const { positions, weights: slopes } = exactGradient(p, await solve(p));
    for (const k of [0, 5, n + 3]) {
      const difference = ((await value(moved(x, k, h), a, b)) - (await value(moved(x, k, -h), a, b))) / (2 * h);
      expect(positions[0][k]).toBeCloseTo(difference, 8);
    }
    for (const i of [0, 4, 7]) {
      const first = ((await value(x, moved(a, i, h), b)) - (await value(x, moved(a, i, -h), b))) / (2 * h);
      expect(slopes[0][i]).toBeCloseTo(first, 7);
      const second = ((await value(x, a, moved(b, i, h))) - (await value(x, a, moved(b, i, -h)))) / (2 * h);
      expect(slopes[1][i]).toBeCloseTo(second, 7);
    }
  });
});

test.each([1e9, 1e30, 1e300])("weights of %d keep equal masses: the plan is the balanced one", async (weight) => {
  const [from, to] = [cloud(portableCloud(1, 30, 2), { dim: 2 }), cloud(portableCloud(2, 30, 2), { dim: 2 })];
  const [found, known] = [await solve({ from, to, marginals: kl(weight) }, { maxIterations: 1e5 }), await solve({ from, to })];
  expect(found.status).toBe("optimal");
  expect(found.value / known.value).toBeCloseTo(1, 8);
});
