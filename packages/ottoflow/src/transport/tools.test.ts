import fc from "fast-check";
import { expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../test/portable.ts";
import { costOf } from "./certificate.ts";
import { powerCost, tableCost } from "./cost.ts";
import { diagonalCoupling, mustSplit, northWestCoupling, productCoupling, splitsOf } from "./couplings.ts";
import { glue } from "./glue.ts";
import { cConcavity, cyclicalMonotonicity } from "./monotone.ts";
import { marginalsOf, sparsePlan } from "./plan.ts";
import { atomsOf, cloud, placeholders } from "./problem.ts";
import { transportOnLine } from "./static/line.ts";

const weights = (u: () => number, n: number): number[] => {
  const w = Array.from({ length: n }, () => Math.ceil(u() * 5));
  const s = w.reduce((p, q) => p + q, 0);
  return w.map((v) => v / s);
};

test("gluing: right outer marginals, both ways, and W_2(a, c) <= |x - z| along the gluing <= W_2(a, b) + W_2(b, c)", () => {
  const u = portableUniform(1);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), (l, m, n) => {
      const [x, y, z] = [l, m, n].map((k) => Float64Array.from({ length: k }, u)) as [Float64Array, Float64Array, Float64Array];
      const [a, b, c] = [weights(u, l), weights(u, m), weights(u, n)];
      const P = transportOnLine(x, y, { weights: [a, b] });
      const Q = transportOnLine(y, z, { weights: [b, c] });
      const W = transportOnLine(x, z, { weights: [a, c] });
      for (const how of ["independent", "sparse"] as const) {
        const g = glue(P.plan!, Q.plan!, how);
        const [p, q] = marginalsOf(g.plan);
        for (let i = 0; i < l; i++) expect(p[i]).toBeCloseTo(a[i]!, 13);
        for (let k = 0; k < n; k++) expect(q[k]).toBeCloseTo(c[k]!, 13);
        const glued = g.mass.reduce((s, v, e) => s + v * (x[g.first[e]!]! - z[g.last[e]!]!) ** 2, 0);
        expect(Math.sqrt(glued)).toBeLessThan(Math.sqrt(P.value) + Math.sqrt(Q.value) + 1e-12);
        expect(glued).toBeGreaterThan(W.value - 1e-14);
        if (how === "sparse") expect(g.mass.length).toBeLessThanOrEqual(P.plan!.sparse!.mass.length + Q.plan!.sparse!.mass.length);
      }
    }),
    { numRuns: 40, seed: 1 },
  );
});
test("gluing refuses plans whose middles differ", () => {
  expect(() => glue(northWestCoupling([1], [0.5, 0.5]), northWestCoupling([0.4, 0.6], [1]))).toThrow(/differ by/);
  expect(() => glue(northWestCoupling([1], [1]), northWestCoupling([0.5, 0.5], [1]))).toThrow(/in common/);
});
test("a crossing on the line is a violating 2-cycle that saves (x1 - y2)^2 + ... = 8", () => {
  const [a, b] = [atomsOf(cloud([0, 2]), "a"), atomsOf(cloud([0, 2]), "b")];
  const found = cyclicalMonotonicity(powerCost(2), a, b, sparsePlan(2, 2, [0, 1], [1, 0], [0.5, 0.5]));
  expect(found.monotone).toBe(false);
  if (!found.monotone) {
    expect(found.cycle.saves).toBe(8);
    expect(found.cycle.mass).toBe(0.5);
    expect(found.cycle.from.length).toBe(2);
  }
});
test("a 3-cycle that no 2-cycle shows: rotation of a table with costs 1 on the support and 0 next to it", () => {
  const cost = tableCost(3, 3, [1, 0, 9, 9, 1, 0, 0, 9, 1]);
  const [a, b] = [atomsOf(placeholders(3), "a"), atomsOf(placeholders(3), "b")];
  const found = cyclicalMonotonicity(cost, a, b, diagonalCoupling([1, 1, 1]));
  expect(found.monotone).toBe(false);
  if (!found.monotone) {
    expect(found.cycle.from.length).toBe(3);
    expect(found.cycle.saves).toBe(3);
  }
});
test("optimal plans are monotone, with potentials that prove it; a shifted one is not, and shifting back along the cycle saves what it says", () => {
  const n = 30;
  const [x, y] = [portableCloud(1, n, 1), portableCloud(2, n, 1)];
  const [a, b] = [atomsOf(cloud(x), "a"), atomsOf(cloud(y), "b")];
  const cost = powerCost(2);
  const best = transportOnLine(x, y);
  const yes = cyclicalMonotonicity(cost, a, b, best.plan!);
  expect(yes.monotone).toBe(true);
  if (yes.monotone) {
    const dual = yes.f.reduce((s, v) => s + v / n, 0) + yes.g.reduce((s, v) => s + v / n, 0);
    expect(dual).toBeCloseTo(best.value, 12);
    expect(cConcavity(cost, a, b, cConcavity(cost, a, b, yes.f).hull).concave).toBe(true);
  }
  const to = Int32Array.from(best.plan!.sparse!.to);
  [to[3], to[20]] = [to[20]!, to[3]!];
  const bad = sparsePlan(n, n, best.plan!.sparse!.from, to, best.plan!.sparse!.mass);
  const no = cyclicalMonotonicity(cost, a, b, bad);
  expect(no.monotone).toBe(false);
  if (!no.monotone) {
    const { from, to: ends, saves, mass } = no.cycle;
    const moves = bad.sparse;
    const shifted = sparsePlan(
      n,
      n,
      [...moves.from, ...from, ...from.map((_, k) => from[(k + 1) % from.length]!)],
      [...moves.to, ...ends, ...ends],
      [...moves.mass, ...from.map(() => -mass), ...from.map(() => mass)],
    );
    expect(costOf(shifted, cost, a, b)).toBeCloseTo(costOf(bad, cost, a, b) - mass * saves, 14);
    expect(saves).toBeGreaterThan(0);
  }
});
test("c-concavity: any c-transform is, f = x^2 + 1 on one of three points is not, f^{cc} lies above f", () => {
  const a = atomsOf(cloud([0, 1, 2]), "a");
  const cost = powerCost(2);
  const f = Float64Array.of(0, -5, 0);
  const c = cConcavity(cost, a, a, f);
  expect(c.concave).toBe(false);
  expect(c.at).toBe(1);
  for (let i = 0; i < 3; i++) expect(c.hull[i]!).toBeGreaterThanOrEqual(f[i]!);
  expect(cConcavity(cost, a, a, c.hull).concave).toBe(true);
});
test("couplings: the product of A28.1's clouds costs |mean difference|^2 + both variances", () => {
  const n = 200;
  const [x, y] = [portableCloud(1, n, 2), portableCloud(2, n, 2)];
  const w = new Float64Array(n).fill(1 / n);
  const [a, b] = [atomsOf(cloud(x, { dim: 2 }), "a"), atomsOf(cloud(y, { dim: 2 }), "b")];
  const plan = productCoupling(w, w);
  const moments = (z: Float64Array) =>
    [0, 1].map((k) => {
      const s = z.slice(k * n, (k + 1) * n);
      const m = s.reduce((p, v) => p + v, 0) / n;
      return [m, s.reduce((p, v) => p + (v - m) ** 2, 0) / n] as const;
    });
  const want = moments(x).reduce((s, [m, v], k) => s + (m - moments(y)[k]![0]) ** 2 + v + moments(y)[k]![1], 0);
  expect(costOf(plan, powerCost(2), a, b)).toBeCloseTo(want, 13);
  const [p, q] = marginalsOf(plan);
  for (let i = 0; i < n; i++) expect(Math.abs(p[i]! - 1 / n) + Math.abs(q[i]! - 1 / n)).toBeLessThan(1e-16);
});
test("couplings: diagonal costs nothing, a Dirac splits because it must", () => {
  const a = [0.2, 0.3, 0.5];
  const atoms = atomsOf(cloud([3, 1, 2], { weights: a }), "a");
  expect(costOf(diagonalCoupling(a), powerCost(2), atoms, atoms)).toBe(0);
  expect(mustSplit([1], [0.5, 0.5])).toEqual([0]);
  expect(splitsOf(northWestCoupling([1], [0.5, 0.5]))).toEqual([{ point: 0, targets: 2 }]);
  expect(mustSplit([0.5, 0.5], [0.5, 0.5])).toEqual([]);
  expect(() => diagonalCoupling([1], [2])).toThrow(/mass 2/);
  expect(() => diagonalCoupling([0.5, 0.5], [0.4, 0.6])).toThrow(/equal weights/);
  expect(() => productCoupling([-1], [1])).toThrow(/got -1/);
});
