import { describe, expect, it } from "vitest";
import { portableCloud } from "../../../test/portable.ts";
import type { Coupling, Marginal, Transport } from "../../contract.ts";
import { unmatched } from "../balanced.ts";
import { sinkhornMany } from "../batch.ts";
import { tableCost } from "../cost.ts";
import { entriesOf, marginalsOf } from "../plan.ts";
import { cloud, placeholders, transportProblem } from "../problem.ts";
import { sinkhornUnbalanced } from "./sinkhorn-unbalanced.ts";

const solver = (params: Record<string, unknown> = {}) =>
  (sinkhornUnbalanced.build as (v: unknown, c: unknown) => ReturnType<typeof sinkhornUnbalanced.build>)(
    { ...Object.fromEntries(Object.entries(sinkhornUnbalanced.params).map(([k, p]) => [k, (p as { default: unknown }).default])), ...params },
    {},
  );
function run(p: Transport, options = {}, params = {}): Coupling {
  expect(solver(params).refuses(p)).toBeNull();
  const work = solver(params).solve(p, options);
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
/** N(mean, variance) of the given mass on a grid that is spectrally exact for smooth integrands */
function gaussian(mean: number, variance: number, mass: number, n = 220): Transport["from"] {
  const x = Float64Array.from({ length: n }, (_, i) => mean + Math.sqrt(variance) * (-9 + (18 * (i + 0.5)) / n));
  const w = x.map((v) => Math.exp(-((v - mean) * (v - mean)) / (2 * variance)));
  const s = w.reduce((t, v) => t + v, 0);
  return cloud(x, { weights: w.map((v) => (mass * v) / s) });
}
const kl = (weight: number): Marginal => ({ kind: "kl", weight });

describe("A14: unbalanced Gaussians on grids", () => {
  for (const store of [1e8, 0])
    it(`A14: value 1.3393966409208, mass 1.0642413436317 (${store > 0 ? "Newton" : "damped, shifted"})`, () => {
      const p = transportProblem({ from: gaussian(0, 1, 1), to: gaussian(1, 0.5, 2), epsilon: 0.5, marginals: kl(1) });
      const found = run(p, { defect: 1e-12 }, { store });
      expect(found.status).toBe("optimal");
      expect(Math.abs(found.regularised - 1.3393966409208)).toBeLessThan(1e-11);
      expect(Math.abs(found.dual - 1.3393966409208)).toBeLessThan(1e-11);
      expect(Math.abs(found.figures.mass! - 1.0642413436317)).toBeLessThan(1e-11);
      const [r, s] = marginalsOf(found.plan!);
      const mean = (x: ArrayLike<number>, w: Float64Array): number => w.reduce((t, v, i) => t + v * x[i]!, 0) / w.reduce((t, v) => t + v, 0);
      expect(mean((p.from as { x: Float64Array }).x, r)).toBeCloseTo(4 / 9, 10);
      expect(mean((p.to as { x: Float64Array }).x, s)).toBeCloseTo(7 / 9, 10);
    });
});

describe("bending marginals", () => {
  const [x, y] = [portableCloud(1, 60, 2), portableCloud(2, 50, 2)];
  const input = (marginals: Marginal | readonly [Marginal, Marginal], epsilon = 0.02): Transport =>
    transportProblem({ from: cloud(x, { dim: 2 }), to: cloud(y, { dim: 2, weights: new Float64Array(50).fill(0.03) }), epsilon, marginals });
  const equal: Marginal = { kind: "equal" };
  const atMost: Marginal = { kind: "at-most" };
  const sum = (v: Float64Array): number => v.reduce((s, t) => s + t, 0);

  it("one side equal, either: it is kept, and the answer does not depend on which comes first", () => {
    const p = run(input([equal, kl(0.5)]), { defect: 1e-11 });
    const [r] = marginalsOf(p.plan!);
    for (const v of r) expect(v).toBeCloseTo(1 / 60, 11);
    const back = run(
      transportProblem({
        from: cloud(y, { dim: 2, weights: new Float64Array(50).fill(0.03) }),
        to: cloud(x, { dim: 2 }),
        epsilon: 0.02,
        marginals: [kl(0.5), equal],
      }),
      { defect: 1e-11 },
    );
    expect(back.regularised).toBeCloseTo(p.regularised, 10);
    expect(p.gap).toBeGreaterThan(-1e-12);
    expect(p.gap).toBeLessThan(1e-9);
    for (let j = 0; j < 50; j++) expect(back.potentials!.f[j]).toBeCloseTo(p.potentials!.g[j]!, 8);
  });
  it("the first-order conditions hold: P_1 = a exp(-f / weight), and the gap closes at any weight", () => {
    for (const weight of [1e-3, 0.1, 10, 1e4]) {
      // potentials grow with the weight, and with them the rounding of exponents
      const p = run(input(kl(weight)), { defect: 1e-11 + 1e-13 * weight });
      expect(p.status).toBe("optimal");
      expect(Math.abs(p.gap)).toBeLessThan(1e-9 * Math.max(1, weight));
      const [r] = marginalsOf(p.plan!);
      for (let i = 0; i < 60; i++) expect(Math.abs(r[i]! / (Math.exp(-p.potentials!.f[i]! / weight) / 60) - 1)).toBeLessThan(1e-7);
    }
  });
  it("points without an allowed partner die and are born where they stand: the closed form of two pairs of equal cost, and the price of the rest", () => {
    const cost = tableCost(2, 3, [Infinity, Infinity, Infinity, 1, 1, Infinity]);
    const [weight, epsilon] = [2, 0.3];
    const input = transportProblem({ from: placeholders(2, [0.5, 0.5]), to: placeholders(3, [0.5, 0.5, 0.25]), cost, epsilon, marginals: kl(weight) });
    const found = run(input, { defect: 1e-13 });
    // both pairs carry q: 2 q + w KL(2 q | 1/2) + 2 w KL(q | 1/2) + epsilon (2 KL(q | 1/4)) is least at this q
    const q = Math.exp((-1 - (weight + epsilon) * Math.log(4) - weight * Math.log(2)) / (2 * weight + epsilon));
    const div = (p: number, a: number): number => p * Math.log(p / a) - p + a;
    const near = 2 * q + weight * (div(2 * q, 0.5) + 2 * div(q, 0.5)) + 2 * epsilon * div(q, 0.25);
    // masses 1/2 of the first side and 1/4 of the second are alone; epsilon KL of the pairs they would have made
    const rest = weight * (0.5 + 0.25) + epsilon * (1 * 1.25 - 0.5 * 1);
    expect(found.status).toBe("optimal");
    expect(found.regularised).toBeCloseTo(near + rest, 11);
    expect(found.dual).toBeCloseTo(near + rest, 11);
    expect(found.value).toBeCloseTo(2 * q, 11);
    expect([found.potentials!.f[0], found.potentials!.g[2]]).toEqual([Infinity, Infinity]);
    expect(found.notes.join(" ")).toContain("2 points have no allowed partner");
    const nobody = run({ ...input, cost: tableCost(2, 3, new Float64Array(6).fill(Infinity)) });
    expect(nobody.regularised).toBe(weight * 2.25 + epsilon * 1.25);
    expect([nobody.status, nobody.value, nobody.gap]).toEqual(["optimal", 0, 0]);
  });
  it("points without mass get the potential that an update would give them, balanced and bent", () => {
    for (const marginals of [kl(0.7), equal]) {
      const of = (w: number) =>
        transportProblem({
          from: cloud([0, 0.4, 1], { weights: [1, w, 1] }),
          to: cloud([0.1, 0.8], { weights: [1 + w / 2, 1 + w / 2] }),
          epsilon: 0.1,
          marginals,
        });
      const many = (p: Transport): Coupling => sinkhornMany([p], { defect: 1e-12 })[0]!;
      // the potential of a point hardly depends on a mass of next to nothing
      const [none, tiny] = [many(of(0)), many(of(1e-9))];
      expect(none.potentials!.f[1]).toBeCloseTo(tiny.potentials!.f[1]!, 7);
    }
  });
  it("what a partial plan leaves where it is, and what it moves, are listed", () => {
    const p = { ...input(atMost, 0.02), mass: 0.6 };
    const found = run(p, { defect: 1e-10 });
    const [left, free] = unmatched(p, found.plan!);
    expect(left!.mass.reduce((s, v) => s + v, 0)).toBeCloseTo(1 - 0.6, 8);
    expect(free!.mass.reduce((s, v) => s + v, 0)).toBeCloseTo(1.5 - 0.6, 8);
    const matched = entriesOf(found.plan!, 1e-6);
    expect(matched.mass.reduce((s, v) => s + v, 0) + matched.dropped).toBeCloseTo(0.6, 9);
    expect(left!.index.length).toBeGreaterThan(5);
  });
  it("so far apart that nothing moves: the value is the price of destroying and making all, 2 weights, and epsilon KL(0 | a x b) = epsilon", () => {
    const p = run(
      transportProblem({
        from: cloud(x, { dim: 2 }),
        to: cloud(
          x.map((v) => v + 30),
          { dim: 2 },
        ),
        epsilon: 0.01,
        marginals: kl(1),
      }),
    );
    expect(p.status).toBe("optimal");
    expect(p.regularised).toBeCloseTo(2.01, 12);
    expect(p.dual).toBeCloseTo(2.01, 12);
  });
  it("at most: no marginal is exceeded, all of the smaller side is not needed, the gap closes", () => {
    const p = run(input(atMost, 0.1), { defect: 1e-10 });
    const [r, s] = marginalsOf(p.plan!);
    for (const v of r) expect(v).toBeLessThan(1 / 60 + 1e-10);
    for (const v of s) expect(v).toBeLessThan(0.03 + 1e-10);
    expect(p.status).toBe("optimal");
    expect(p.gap).toBeGreaterThan(-1e-12);
    expect(p.gap).toBeLessThan(1e-8);
  });
  it("a given mass: certified between clouds near and far, for any share of it", () => {
    for (const [n, m, far, share, epsilon] of [
      [20, 1, 10, 0.3, 0.01],
      [1, 30, 2, 0.01, 0.01],
      [20, 30, 0, 0.01, 0.1],
      [20, 30, 0, 1e-6, 0.001],
      [60, 5, 10, 1e-6, 0.1],
      [20, 30, 0, 0.9, 0.001],
      [60, 30, 1, 0.5, 0.05],
    ] as const) {
      const from = cloud(portableCloud(1, n, 2), { dim: 2 });
      const to = cloud(
        portableCloud(2, m, 2).map((v) => v + far),
        { dim: 2 },
      );
      const found = run(transportProblem({ from, to, epsilon, mass: share }), {}, { store: 1e6 });
      const what = `${n} to ${m}, ${far} apart, ${share} of the mass, epsilon ${epsilon}`;
      expect(found.status, what).toBe("optimal");
      expect(found.figures.mass! / share, what).toBeCloseTo(1, 6);
      // in units of the cost of what moves
      const scale = share * (2 * far * far + 1);
      expect(found.gap, what).toBeGreaterThan(-1e-12 * (1 + scale));
      expect(found.gap, what).toBeLessThan(1e-6 * Math.max(scale, Math.abs(found.regularised)));
      for (const [k, moved] of marginalsOf(found.plan!).entries())
        for (const v of moved) expect(v, what).toBeLessThanOrEqual((1 / (k === 0 ? n : m)) * (1 + 1e-6));
    }
  });
  it("a given mass: it moves, no marginal is exceeded, bounds enclose, less mass costs less", () => {
    let last = 0;
    for (const mass of [0.2, 0.8, 0.99]) {
      const p = run({ ...input(atMost, 0.02), mass }, { defect: 1e-9 });
      const [r, s] = marginalsOf(p.plan!);
      expect(Math.abs(sum(r) - mass)).toBeLessThan(1e-9);
      for (const v of r) expect(v).toBeLessThan(1 / 60 + 1e-9);
      for (const v of s) expect(v).toBeLessThan(0.03 + 1e-9);
      expect(p.status).toBe("optimal");
      expect(p.gap).toBeGreaterThan(-1e-10);
      expect(p.gap).toBeLessThan(1e-7);
      expect(p.value / mass).toBeGreaterThan(last * 1.01);
      last = p.value / mass;
    }
  });
});
