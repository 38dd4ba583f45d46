import { expect, test } from "vitest";
import { portableCloud } from "../../../test/portable.ts";
import type { As, Measure } from "../../contract.ts";
import { makeBox } from "../../space/box.ts";
import { makeFree } from "../../space/euclidean.ts";
import { powerCost } from "../cost.ts";
import { densePlan } from "../plan.ts";
import { cloud } from "../problem.ts";
import { transportGaussians } from "../static/bures.ts";
import { bridgeOfGaussians } from "./bridge-gaussian.ts";
import { bridgeMoments, schroedingerBridge } from "./schroedinger.ts";

const S1 = [2, 0.5, 0.5, 1];
const S2 = [1, -0.3, -0.3, 1.5];

const gaussian = (m: number[], S: number[]): As<"gaussian"> => ({
  rep: "gaussian",
  space: makeFree(m.length),
  mean: Float64Array.from(m),
  cov: Float64Array.from(S),
  mass: 1,
});

test("Gaussian bridge: its action is the integral of E|drift|^2, and the value of A13.1 up to the entropy of the end", () => {
  const bridge = bridgeOfGaussians(gaussian([0], [1]), gaussian([1], [4]), 0.25);
  expect(bridge.plan.value).toBeCloseTo(2.777670345263, 11);
  // E|drift|^2 is smooth up to t = 1: composite Gauss of two points
  let integral = 0;
  const n = 4000;
  for (let k = 0; k < n; k++) for (const s of [-1, 1]) integral += bridge.kinetic((k + 0.5 + s / (2 * Math.sqrt(3))) / n) / (2 * n);
  expect(integral).toBeCloseTo(bridge.action, 8);
  const plane = bridgeOfGaussians(gaussian([0, 0], S1), gaussian([1, -1], S2), 0.5);
  integral = 0;
  for (let k = 0; k < n; k++) for (const s of [-1, 1]) integral += plane.kinetic((k + 0.5 + s / (2 * Math.sqrt(3))) / n) / (2 * n);
  expect(integral).toBeCloseTo(plane.action, 8);
});
test("A13.3: ends, and the displacement interpolation as g -> 0, at second order in g", () => {
  const [a, b] = [gaussian([0, 0], S1), gaussian([1, -1], S2)];
  const bridge = bridgeOfGaussians(a, b, 0.5);
  for (const [t, S] of [
    [0, S1],
    [1, S2],
  ] as const)
    for (let e = 0; e < 4; e++) expect((bridge.at(t) as As<"gaussian">).cov[e]).toBeCloseTo(S[e]!, 13);
  const straight = transportGaussians(a.mean, S1, b.mean, S2).at(0.3);
  const off = (g: number): number => Math.max(...(bridgeOfGaussians(a, b, g).at(0.3) as As<"gaussian">).cov.map((v, e) => Math.abs(v - straight.cov[e]!)));
  const order = Math.log2(off(1e-2) / off(5e-3));
  // C = C_0 - g / 2 + O(g^2): the first order cancels against the bridge's own t (1 - t) g
  expect(order).toBeGreaterThan(1.9);
  expect(order).toBeLessThan(2.1);
});

/** Plain Sinkhorn in the log domain to rounding: slow, independent. */
function sinkhorn(
  x: Float64Array,
  a: Float64Array,
  y: Float64Array,
  b: Float64Array,
  d: number,
  epsilon: number,
  rounds: number,
): { f: Float64Array; g: Float64Array } {
  const [n, m] = [a.length, b.length];
  const cost = powerCost(2);
  const C = Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(m);
    cost.row(i, n, x, m, y, row);
    return row;
  });
  expect(x.length).toBe(d * n);
  const [f, g] = [new Float64Array(n), new Float64Array(m)];
  const soft = (values: (k: number) => number, k: number): number => {
    let most = -Infinity;
    for (let q = 0; q < k; q++) most = Math.max(most, values(q));
    let s = 0;
    for (let q = 0; q < k; q++) s += Math.exp(values(q) - most);
    return most + Math.log(s);
  };
  for (let r = 0; r < rounds; r++) {
    for (let i = 0; i < n; i++) f[i] = -epsilon * soft((j) => Math.log(b[j]!) + (g[j]! - C[i]![j]!) / epsilon, m);
    for (let j = 0; j < m; j++) g[j] = -epsilon * soft((i) => Math.log(a[i]!) + (f[i]! - C[i]![j]!) / epsilon, n);
  }
  return { f, g };
}
test("A13.3 on a grid: the entropic interpolation of N(0,1) and N(1,4) has mass 1, mean t and variance S_t at g = 1, cross-covariance 1.561552812809", () => {
  const n = 240;
  const space = makeBox({ lower: [-12], upper: [13], cells: [n], periodic: [false] });
  const normal = (m: number, v: number): As<"cells"> => {
    const rho = Float64Array.from(space.cells!.centre, (x) => Math.exp((-0.5 * (x - m) ** 2) / v) / Math.sqrt(2 * Math.PI * v));
    return { rep: "cells", space, rho };
  };
  const [from, to] = [normal(0, 1), normal(1, 4)];
  const h = 25 / n;
  const x = Float64Array.from(space.cells!.centre);
  const potentials = sinkhorn(x, from.rho.map((r) => r * h) as Float64Array, x, to.rho.map((r) => r * h) as Float64Array, 1, 2, 40);
  const bridge = schroedingerBridge(from, to, potentials, 2);
  const curve = bridge.onCells(space);
  for (const t of [0.25, 0.5, 0.8]) {
    const rho = (curve.at(t) as As<"cells">).rho as Float64Array;
    const moment = (k: number, c = 0): number => rho.reduce((s, r, i) => s + h * r * (x[i]! - c) ** k, 0);
    expect(moment(0)).toBeCloseTo(1, 8);
    expect(moment(1)).toBeCloseTo(t, 7);
    const St = (1 - t) ** 2 + 4 * t * t + 2 * t * (1 - t) * 1.561552812809 + t * (1 - t);
    expect(moment(2, t)).toBeCloseTo(St, 6);
    // the exact law is Gaussian: its log density at a point, too
    const out = new Float64Array(1);
    bridge.logDensity(t, 1, Float64Array.of(1.7), out);
    expect(out[0]).toBeCloseTo(-0.5 * Math.log(2 * Math.PI * St) - (1.7 - t) ** 2 / (2 * St), 6);
    // velocity of a Gaussian curve: m' + S' / (2 S) (x - m)
    const dS = -2 * (1 - t) + 8 * t + (2 - 4 * t) * 1.561552812809 + 1 - 2 * t;
    bridge.velocity(t, 1, Float64Array.of(1.7), out);
    expect(out[0]).toBeCloseTo(1 + (dS / (2 * St)) * (1.7 - t), 6);
  }
  expect(curve.at(0)).toBe(from);
});
test("atoms: the density is the mixture of Brownian bridges over the plan, moments too; the drift leads to the ends", () => {
  const [n, m, d, epsilon] = [7, 9, 2, 0.3];
  const [x, y] = [portableCloud(1, n, d), portableCloud(2, m, d)];
  const [a, b] = [new Float64Array(n).fill(1 / n), new Float64Array(m).fill(1 / m)];
  const { f, g } = sinkhorn(x, a, y, b, d, epsilon, 300);
  const [from, to] = [cloud(x, { dim: d }), cloud(y, { dim: d })];
  const bridge = schroedingerBridge(from, to, { f, g }, epsilon);
  const cost = powerCost(2);
  const P = (i: number, j: number): number => a[i]! * b[j]! * Math.exp((f[i]! + g[j]! - cost.at(i, j, n, x, m, y)) / epsilon);
  const t = 0.3;
  const s = t * (1 - t) * 0.15;
  const at = [0.4, 0.7];
  let want = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const r = at.reduce((q, c, k) => q + (c - (1 - t) * x[k * n + i]! - t * y[k * m + j]!) ** 2, 0);
      want += (P(i, j) * Math.exp(-r / (2 * s))) / (2 * Math.PI * s);
    }
  const out = new Float64Array(1);
  bridge.logDensity(t, 1, Float64Array.from(at), out);
  expect(Math.exp(out[0]!)).toBeCloseTo(want, 12);
  const plan = densePlan(n, m, (i, row) => {
    for (let j = 0; j < m; j++) row[j] = P(i, j);
  });
  const mean = (z: Float64Array, k: number, count: number): number => z.slice(k * count, (k + 1) * count).reduce((q, v) => q + v / count, 0);
  const { mean: mt } = bridgeMoments(from, to, plan, 0.15, t);
  for (let k = 0; k < d; k++) expect(mt[k]).toBeCloseTo(0.7 * mean(x, k, n) + 0.3 * mean(y, k, m), 12);
  // the drift at time 0 from x_i is the barycentric projection minus x_i
  const drift = new Float64Array(d * n);
  bridge.drift(0, n, x, drift);
  for (let k = 0; k < d; k++) {
    let target = 0;
    for (let j = 0; j < m; j++) target += n * P(2, j) * y[k * m + j]!;
    expect(drift[k * n + 2]).toBeCloseTo(target - x[k * n + 2]!, 10);
  }
});
test("cells in the plane: separable sums are the direct ones, density and drift, with empty cells", () => {
  const space = makeBox({ lower: [0, 0], upper: [3, 2], cells: [6, 5], periodic: [false, false] });
  const rows = (seed: number): As<"cells"> => ({ rep: "cells", space, rho: portableCloud(seed, 30, 1).map((v) => (v < 0.3 ? 0 : v)) });
  const [f, g] = [portableCloud(3, 30, 1), portableCloud(4, 30, 1)];
  const bridge = schroedingerBridge(rows(1), rows(2), { f, g }, 0.7);
  const direct = new Float64Array(30);
  bridge.logDensity(0.4, 30, space.cells!.centre, direct);
  const curve = bridge.onCells(space);
  const { rho } = curve.at(0.4) as As<"cells">;
  for (let i = 0; i < 30; i++) expect(rho[i]! / Math.exp(direct[i]!)).toBeCloseTo(1, 12);
  const drift = new Float64Array(60);
  bridge.drift(0.4, 30, space.cells!.centre, drift);
  const onCells = curve.drift(0.4);
  for (let e = 0; e < 60; e++) expect(onCells[e]!).toBeCloseTo(drift[e]!, 12);
});
test("bad input", () => {
  const c: Measure = cloud([0, 1]);
  expect(() => schroedingerBridge(c, c, { f: [0], g: [0, 0] }, 1)).toThrow(/potential f/);
  expect(() => schroedingerBridge(c, c, { f: [0, Number.NaN], g: [0, 0] }, 1)).toThrow(/finite/);
  expect(() => schroedingerBridge(c, c, { f: [0, 0], g: [0, 0] }, 0)).toThrow(/positive/);
  const bridge = schroedingerBridge(c, c, { f: [0, 0], g: [0, 0] }, 1);
  expect(() => bridge.logDensity(0, 1, Float64Array.of(0), new Float64Array(1))).toThrow(/inside \(0, 1\)/);
  expect(() => bridgeOfGaussians(gaussian([0], [1]), gaussian([0], [1]), 0)).toThrow(/positive/);
});
