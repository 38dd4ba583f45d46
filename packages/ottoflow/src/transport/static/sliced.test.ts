import { expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../../test/portable.ts";
import type { Coupling } from "../../contract.ts";
import { makeFree } from "../../space/euclidean.ts";
import { cloud, type TransportInput, transportProblem } from "../problem.ts";
import { transportOnLine } from "./line.ts";
import { maxSliced } from "./max-sliced.ts";
import { sliced, slicedGradient, slicedTransport } from "./sliced.ts";

function run(unit: typeof sliced, input: TransportInput, params: object): Coupling {
  const solver = unit.build({ slices: 256, starts: 64, seed: 1, ...params } as never, { dim: 2, space: makeFree(2) });
  const p = transportProblem(input);
  expect(solver.refuses(p)).toBeNull();
  const work = solver.solve(p, {});
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
const points = (seed: number, n: number, d: number, weights?: number[]) => cloud(portableCloud(seed, n, d, "normal"), { dim: d, ...(weights && { weights }) });

test("two Diracs at distance r: SW_2^2 = r^2 / d and SW_1 = r / c_d with the slicing constants of A24.3", () => {
  const dirac = (d: number, r: number) =>
    cloud(
      Float64Array.from({ length: d }, (_, k) => (k === 0 ? r : 0)),
      { dim: d },
    );
  for (const [d, c] of [
    [2, 1.570796326795],
    [3, 2],
    [10, 3.865631585472],
  ] as const) {
    const two = slicedTransport({ from: dirac(d, 0), to: dirac(d, 3), slices: 4096 });
    expect(Math.abs(two.value - 9 / d)).toBeLessThan(4 * two.standardError);
    expect(two.standardError).toBeLessThan(0.02 * two.value);
    const one = slicedTransport({ from: dirac(d, 0), to: dirac(d, 3), slices: 4096, p: 1 });
    expect(Math.abs(one.value - 3 / c)).toBeLessThan(4 * one.standardError);
  }
});
test("a translation v of any cloud: SW_2^2 = |v|^2 / d in the plane to 1e-6 by equal angles", () => {
  const x = portableCloud(3, 50, 2);
  const y = x.map((v, i) => v + (i < 50 ? 0.3 : -0.4));
  expect(slicedTransport({ from: cloud(x, { dim: 2 }), to: cloud(y, { dim: 2 }), slices: 64 }).value).toBeCloseTo(0.125, 6);
});
test("on the line SW is W", () => {
  const [x, y] = [portableCloud(1, 30, 1), portableCloud(2, 40, 1)];
  expect(run(sliced, { from: cloud(x), to: cloud(y) }, {}).value).toBeCloseTo(transportOnLine(x, y).value, 15);
});
test("the standard error is honest: 24 seeds of independent directions in d = 14 scatter as it says", () => {
  const from = points(1, 40, 14);
  const to = points(2, 40, 14);
  const runs = Array.from({ length: 24 }, (_, seed) => slicedTransport({ from, to, slices: 50, seed }));
  const mean = runs.reduce((s, r) => s + r.value, 0) / 24;
  const scatter = Math.sqrt(runs.reduce((s, r) => s + (r.value - mean) ** 2, 0) / 23);
  const stated = runs.reduce((s, r) => s + r.standardError, 0) / 24;
  expect(scatter / stated).toBeGreaterThan(0.6);
  expect(scatter / stated).toBeLessThan(1.5);
});
test("gradient in positions against central differences, unequal weights", () => {
  const u = portableUniform(4);
  const n = 6;
  const x = portableCloud(5, n, 3);
  const weights = Float64Array.from({ length: n }, () => 0.5 + u());
  const total = weights.reduce((s, w) => s + w, 0);
  const to = cloud(portableCloud(6, 4, 3), { dim: 3, weights: [total / 4, total / 4, total / 4, total / 4] });
  for (const p of [1.5, 2]) {
    const at = (x: Float64Array) => slicedTransport({ from: cloud(x, { dim: 3, weights }), to, p, slices: 20 }).value;
    const { value, gradient } = slicedGradient({ from: cloud(x, { dim: 3, weights }), to, p, slices: 20 });
    expect(value).toBeCloseTo(at(x), 14);
    for (let e = 0; e < 3 * n; e++) {
      const [up, down] = [x.slice(), x.slice()];
      up[e] = up[e]! + 1e-6;
      down[e] = down[e]! - 1e-6;
      expect((at(up) - at(down)) / 2e-6).toBeCloseTo(gradient[e]!, 7);
    }
  }
});
test("max-sliced: two Diracs and a translation give |v|^p, both bounds meet", () => {
  const x = portableCloud(3, 50, 4);
  const y = x.map((v, i) => v + [0.3, -0.4, 1.2, 0][Math.floor(i / 50)]!);
  const c = run(maxSliced as typeof sliced, { from: cloud(x, { dim: 4 }), to: cloud(y, { dim: 4 }) }, {});
  expect(c.dual).toBeCloseTo(1.69, 12);
  expect(c.value).toBeCloseTo(1.69, 12);
});
test("max-sliced brackets A28.1: W_2^2 of N = 64 in the plane is 0.01905371331677; potentials are feasible for the full cost", () => {
  const [x, y] = [portableCloud(1, 64, 2), portableCloud(2, 64, 2)];
  const c = run(maxSliced as typeof sliced, { from: cloud(x, { dim: 2 }), to: cloud(y, { dim: 2 }) }, {});
  expect(c.dual).toBeLessThan(0.01905371331677);
  expect(c.value).toBeGreaterThan(0.01905371331677);
  for (let i = 0; i < 64; i++)
    for (let j = 0; j < 64; j++) expect(c.potentials!.f[i]! + c.potentials!.g[j]!).toBeLessThan((x[i]! - y[j]!) ** 2 + (x[64 + i]! - y[64 + j]!) ** 2 + 1e-14);
  // no direction of a fine scan is better
  let scan = 0;
  for (let k = 0; k < 3600; k++) {
    const [s, t] = [Math.cos((Math.PI * k) / 3600), Math.sin((Math.PI * k) / 3600)];
    const project = (z: Float64Array) => Float64Array.from({ length: 64 }, (_, i) => s * z[i]! + t * z[64 + i]!).sort();
    const [u, v] = [project(x), project(y)];
    scan = Math.max(scan, u.reduce((w, a, i) => w + (a - v[i]!) ** 2, 0) / 64);
  }
  expect(c.dual).toBeGreaterThan(scan * (1 - 1e-6));
});
test("max-sliced finds the one axis in which two Gaussian samples of R^6 differ", () => {
  const n = 400;
  const x = portableCloud(1, n, 6, "normal");
  const y = portableCloud(2, n, 6, "normal");
  for (let i = 0; i < n; i++) y[3 * n + i] = 4 * y[3 * n + i]!;
  const c = run(maxSliced as typeof sliced, { from: cloud(x, { dim: 6 }), to: cloud(y, { dim: 6 }) }, {});
  expect(Math.abs(c.figures.theta_4!)).toBeGreaterThan(0.99);
  const axis = transportOnLine(x.subarray(3 * n, 4 * n), y.subarray(3 * n, 4 * n)).value;
  expect(c.dual).toBeGreaterThanOrEqual(axis);
});
