import fc from "fast-check";
import { expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../../test/portable.ts";
import { makeFree } from "../../space/euclidean.ts";
import { circleCost } from "../cost.ts";
import { cloud, transportProblem } from "../problem.ts";
import { circle, transportOnCircle } from "./circle.ts";
import { transportOnLine } from "./line.ts";

test("atoms across the cut: 0.1 and 6.2 on the circle of length 2 pi are 0.1 + 2 pi - 6.2 apart", () => {
  const r = 0.1 + 2 * Math.PI - 6.2;
  for (const p of [1, 1.7, 2, 3]) expect(transportOnCircle([0.1], [6.2], { p }).value).toBeCloseTo(r ** p, 13);
});
test("antipodal pairs: {0, L/2} to {L/4, 3L/4} costs (L/4)^p, zero gap", () => {
  for (const p of [1, 2, 4]) {
    const c = transportOnCircle([0, 2], [1, 3], { p, length: 4 });
    expect(c.value).toBe(1);
    expect(c.gap).toBeCloseTo(0, 14);
  }
});
test("12 evenly spaced atoms turned by 0.53 of the circle: each goes to the atom 0.53 - 6/12 away", () => {
  const n = 12;
  const x = Float64Array.from({ length: n }, (_, i) => i / n);
  expect(
    transportOnCircle(
      x,
      x.map((v) => v + 0.53),
      { length: 1, p: 2 },
    ).value,
  ).toBeCloseTo((0.53 - 6 / 12) ** 2, 14);
});
test("weights, ties and lifts: gap closed and dual feasible on all pairs, p from 1 to 4", () => {
  const u = portableUniform(9);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 }), fc.constantFrom(1, 1.3, 2, 4), fc.boolean(), (n, m, p, whole) => {
      const draw = (k: number): Float64Array => Float64Array.from({ length: k }, () => (whole ? Math.floor(u() * 8) / 8 : u() * 3 - 1));
      const x = draw(n);
      const y = draw(m);
      const a = Float64Array.from({ length: n }, () => (whole ? 1 + Math.floor(u() * 3) : u()));
      const b = Float64Array.from({ length: m }, () => (whole ? 1 + Math.floor(u() * 3) : u()));
      const ratio = a.reduce((s, v) => s + v, 0) / b.reduce((s, v) => s + v, 0);
      for (let j = 0; j < m; j++) b[j] = b[j]! * ratio;
      const c = transportOnCircle(x, y, { p, length: 1, weights: [a, b] });
      expect(Math.abs(c.gap)).toBeLessThan(1e-11 * n);
      expect(Math.max(...c.defect)).toBeLessThan(1e-12 * n);
      const cost = circleCost(p, 1);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < m; j++) expect(c.potentials!.f[i]! + c.potentials!.g[j]!).toBeLessThanOrEqual(cost.at(i, j, n, x, m, y) + 1e-12);
    }),
    { numRuns: 100, seed: 4 },
  );
});
test("W_1 on the circle is int |F - G - median|: the weighted median of the differences of the distribution functions", () => {
  const n = 500;
  const [x, y] = [portableCloud(1, n, 1), portableCloud(2, n, 1).map((v) => v * v)];
  const all = [...Array.from(x, (v) => [v, 1 / n] as const), ...Array.from(y, (v) => [v, -1 / n] as const)].sort((s, t) => s[0] - t[0]);
  const steps: [height: number, width: number][] = [];
  let height = 0;
  all.forEach(([at, jump], k) => {
    height += jump;
    steps.push([height, (k + 1 < all.length ? all[k + 1]![0] : 1 + all[0]![0]) - at]);
  });
  const sorted = steps.slice().sort((s, t) => s[0] - t[0]);
  let seen = 0;
  const median = sorted.find(([, w]) => (seen += w) >= 0.5)![0];
  const w1 = steps.reduce((s, [v, w]) => s + w * Math.abs(v - median), 0);
  expect(transportOnCircle(x, y, { p: 1, length: 1 }).value).toBeCloseTo(w1, 13);
});
test("on an arc shorter than half the circle the circle is the line", () => {
  const x = portableCloud(5, 70, 1);
  const y = portableCloud(6, 90, 1);
  expect(transportOnCircle(x, y, { length: 2.5, p: 2 }).value).toBeCloseTo(transportOnLine(x, y, { p: 2 }).value, 13);
});
test("20000 atoms a side: the gap closes without all pairs", () => {
  const c = transportOnCircle(
    portableCloud(1, 20000, 1),
    portableCloud(2, 20000, 1).map((v) => Math.sqrt(v)),
    { length: 1, p: 2 },
  );
  expect(Math.abs(c.gap)).toBeLessThan(1e-10);
  expect(c.notes.join(" ")).toContain("convex");
});
test("refuses what is no circle", () => {
  const s = circle.build({} as never, { dim: 1, space: makeFree(1) });
  expect(s.refuses(transportProblem({ from: cloud([0]), to: cloud([1]) }))).toContain("arc length");
  expect(s.refuses(transportProblem({ from: cloud([0]), to: cloud([1]), cost: circleCost(2, 1), epsilon: 1 }))).toContain("entropy");
});
