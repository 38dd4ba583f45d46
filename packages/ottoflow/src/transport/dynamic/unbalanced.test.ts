import { expect, test } from "vitest";
import type { As, Coupling, Measure, Plan, Transport } from "../../contract.ts";
import { makeBox } from "../../space/box.ts";
import { sparsePlan } from "../plan.ts";
import { cloud } from "../problem.ts";
import { sinkhornUnbalanced } from "../static/sinkhorn-unbalanced.ts";
import { bhattacharyya, fisherRaoGeodesic, raoDistance, verticalAndHorizontal } from "./fisher-rao-geodesic.ts";
import { hellingerKantorovich, hkBounds, hkGeodesic, hkOfDiracs, hkProblem, wfrOfDiracs } from "./hellinger-kantorovich.ts";

function normal(m: number, v: number, n = 400): As<"cells"> {
  const space = makeBox({ lower: [-12], upper: [13], cells: [n], periodic: [false] });
  return { rep: "cells", space, rho: Float64Array.from(space.cells!.centre, (x) => Math.exp((-0.5 * (x - m) ** 2) / v) / Math.sqrt(2 * Math.PI * v)) };
}

test("A16.5: N(0,1) and N(1,1): affinity e^{-1/8}, Hellinger^2 0.2350061948308, arc 0.9793026409392, in closed form and on cells", () => {
  expect(bhattacharyya([0], [1], [1], [1])).toBeCloseTo(0.8824969025846, 13);
  const g = fisherRaoGeodesic(normal(0, 1), normal(1, 1));
  // the midpoint rule of smooth densities that vanish at the ends is exact to rounding
  expect(g.affinity).toBeCloseTo(0.8824969025846, 12);
  expect(g.hellinger2).toBeCloseTo(0.2350061948308, 12);
  expect(g.arc).toBeCloseTo(0.9793026409392, 12);
});
test("A16.5: Rao's distance N(0,1) to N(1,4) = 1.189380931406, never below the arc", () => {
  expect(raoDistance(0, 1, 1, 2)).toBeCloseTo(1.189380931406, 12);
  expect(raoDistance(0, 1, 1, 2)).toBeGreaterThan(2 * Math.acos(bhattacharyya([0], [1], [1], [4])));
});
test("Fisher-Rao geodesic: mass kept, constant speed, arc of the pieces adds up; the chord lets mass dip to (1 + affinity) / 2", () => {
  const [a, b] = [normal(0, 1), normal(2, 0.5)];
  const g = fisherRaoGeodesic(a, b);
  const mass = (m: Measure): number => Float64Array.from((m as As<"cells">).rho).reduce((s, v) => s + v, 0) * (25 / 400);
  for (const t of [0, 0.25, 0.5, 0.9, 1]) expect(mass(g.at(t))).toBeCloseTo(1, 12);
  expect(fisherRaoGeodesic(g.at(0.2), g.at(0.7)).arc).toBeCloseTo(0.5 * g.arc, 11);
  const chord = fisherRaoGeodesic(a, b, { straight: true });
  expect(mass(chord.at(0.5))).toBeCloseTo((1 + g.affinity) / 2, 12);
  expect(fisherRaoGeodesic(a, a).arc).toBe(0);
});
test("vertical against horizontal: N(0, 1/4) to N(8, 1/4): the arc is nearly pi with two bumps at half time, W_2 = 8 with one", () => {
  const { vertical, horizontal, arc, w2 } = verticalAndHorizontal(normal(0, 0.25), normal(8, 0.25));
  expect(w2).toBeCloseTo(8, 6);
  expect(arc).toBeCloseTo(Math.PI, 6);
  const half = vertical.at(0.5) as As<"cells">;
  const at = (x: number): number => half.rho[Math.floor(((x + 12) / 25) * 400)]!;
  expect(at(4)).toBeLessThan(1e-6);
  expect(at(0)).toBeGreaterThan(0.35);
  const moved = horizontal.at(0.5) as As<"quantiles">;
  let i = 0;
  while (moved.level[i]! < 0.5) i++;
  expect(moved.x[i]!).toBeCloseTo(4, 1);
});
test("A16.4: HK of two Diracs a = 1, b = 2, d = 0.8: 1.029415845290; beyond pi/2: 3; WFR, delta = 1: 0.7896922020331", () => {
  expect(hkOfDiracs(1, 2, 0.8)).toBeCloseTo(1.02941584529, 12);
  expect(hkOfDiracs(1, 2, 1.6)).toBeCloseTo(3, 14);
  expect(wfrOfDiracs(1, 2, 0.8, 1)).toBeCloseTo(0.7896922020331, 12);
  expect(hkOfDiracs(1, 1, 1e-9)).toBeCloseTo(1e-18, 30);
});
const single = (m: number): Plan => sparsePlan(1, 1, [0], [0], [m]);
test("A16.4: the entropy-transport problem's optimum between two Diracs, P = sqrt(ab) cos d, certified from both sides", () => {
  const p = hkProblem(cloud([0], { weights: [1] }), cloud([0.8], { weights: [2] }));
  const m = Math.sqrt(2) * Math.cos(0.8);
  // e^{-f} = P / a at the optimum
  const { lower, upper } = hkBounds(p, single(m), Float64Array.of(-Math.log(m)));
  expect(upper).toBeCloseTo(1.02941584529, 12);
  expect(lower).toBeCloseTo(1.02941584529, 12);
  const off = hkBounds(p, single(0.8 * m), Float64Array.of(0.3));
  expect(off.lower).toBeLessThan(1.02941584529 - 1e-3);
  expect(off.upper).toBeGreaterThan(1.02941584529 + 1e-3);
});
test("HK geodesic of two Diracs: ends, HK to both ends is t^2 and (1 - t)^2 of the whole, mass dips below both in between", () => {
  const [a, b] = [cloud([0], { weights: [1] }), cloud([1.2], { weights: [2] })];
  const g = hkGeodesic(a, b, single(Math.sqrt(2) * Math.cos(1.2)));
  expect(g.value).toBeCloseTo(hkOfDiracs(1, 2, 1.2), 14);
  for (const t of [0, 0.3, 0.5, 1]) {
    const m = g.at(t) as As<"particles">;
    expect(hkOfDiracs(1, m.weight[0]!, Math.abs(m.x[0]!))).toBeCloseTo(t * t * g.value, 13);
    expect(hkOfDiracs(2, m.weight[0]!, Math.abs(1.2 - m.x[0]!))).toBeCloseTo((1 - t) ** 2 * g.value, 13);
  }
  expect((g.at(0.3) as As<"particles">).weight[0]).toBeLessThan(1);
});
test("HK beyond pi/2: no transport, (1 - t)^2 fades and t^2 grows", () => {
  const g = hkGeodesic(cloud([0], { weights: [1] }), cloud([2], { weights: [2] }), sparsePlan(1, 1, [], [], []));
  expect(g.value).toBe(3);
  expect(Array.from((g.at(0.5) as As<"particles">).weight)).toEqual([0.25, 0.5]);
  expect(hkProblem(cloud([0]), cloud([2])).cost.at(0, 0, 1, Float64Array.of(0), 1, Float64Array.of(2))).toBe(Infinity);
});
test("static HK between clouds through the unbalanced solver at epsilon = 1e-3: bracketed without entropy, pairs beyond pi/2 are not used", () => {
  const [a, b] = [cloud([0, 0.5, 4], { weights: [1, 0.5, 1] }), cloud([0.3, 0.9, 5], { weights: [0.7, 1, 0.4] })];
  const p = hkProblem(a, b, { epsilon: 1e-3 });
  const solver = sinkhornUnbalanced.build({ store: 1e6, factor: 0.25 } as never, { dim: 1, space: a.space });
  expect(solver.refuses(p)).toBeNull();
  const work = solver.solve(p, {});
  let next = work.next();
  while (!next.done) next = work.next();
  const c = next.value;
  const { lower, upper } = hkBounds(p, c.plan!, c.potentials!.f);
  expect(c.status).toBe("optimal");
  expect(upper - lower).toBeLessThan(1e-6);
  expect(upper).toBeGreaterThan(lower);
  const row = new Float64Array(3);
  c.plan!.row(2, row);
  expect(row[0]! + row[1]!).toBe(0);
  expect(row[2]).toBeGreaterThan(0);
  const g = hkGeodesic(a, b, c.plan!);
  // the curve's own length is that of its plan
  expect(g.value).toBeGreaterThan(lower - 1e-12);
  expect(g.value).toBeLessThan(upper + 1e-12);
  const end = g.at(1) as As<"particles">;
  expect(Float64Array.from(end.weight).reduce((s, w) => s + w, 0)).toBeCloseTo(2.1, 12);
});
test("HK of clouds with points that reach nobody: their masses are added, the bracket stays closed", async () => {
  const solver = sinkhornUnbalanced.build({ store: 1e6, factor: 0.25 } as never, { dim: 1, space: cloud([0]).space });
  const couple = (p: Transport): Coupling => {
    const work = solver.solve(p, {});
    let next = work.next();
    while (!next.done) next = work.next();
    return next.value;
  };
  const near = await hellingerKantorovich(cloud([0], { weights: [1] }), cloud([0.8], { weights: [2] }), { couple, epsilon: 1e-3 });
  expect(near.lower).toBeLessThanOrEqual(1.02941584529 + 1e-12);
  expect(near.upper).toBeGreaterThanOrEqual(1.02941584529 - 1e-12);
  expect(near.upper - near.lower).toBeLessThan(1e-5);
  const far = await hellingerKantorovich(cloud([9, 0], { weights: [0.3, 1] }), cloud([0.8, -7, -9], { weights: [2, 0.5, 0.1] }), { couple, epsilon: 1e-3 });
  expect(far.alone).toEqual([1, 2]);
  expect(far.upper - near.upper).toBeCloseTo(0.9, 9);
  expect(far.lower - near.lower).toBeCloseTo(0.9, 9);
  expect((far.geodesic.at(0.5) as As<"particles">).n).toBe(4);
  const none = await hellingerKantorovich(cloud([0]), cloud([5]), { couple });
  expect([none.lower, none.upper]).toEqual([2, 2]);
});
test("bad input", () => {
  expect(() => fisherRaoGeodesic(cloud([0, 1]), cloud([0, 2]))).toThrow(/other points/);
  expect(() => fisherRaoGeodesic(cloud([0], { weights: [2] }), cloud([0]))).toThrow(/straight/);
  expect(() => hkOfDiracs(-1, 1, 0)).toThrow(/got -1/);
  expect(() => wfrOfDiracs(1, 1, 0, 0)).toThrow(/positive length/);
  expect(() => raoDistance(0, 0, 1, 1)).toThrow(/positive/);
  expect(() => hkGeodesic(cloud([0]), cloud([2]), single(1))).toThrow(/beyond pi\/2/);
});
