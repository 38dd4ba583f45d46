import { describe, expect, it } from "vitest";
import type { Coupling, Transport } from "../../contract.ts";
import { makeBox } from "../../space/box.ts";
import { sinkhornMany } from "../batch.ts";
import { marginalsOf } from "../plan.ts";
import { transportProblem } from "../problem.ts";
import { entropicGaussians } from "./gaussian-entropic.ts";
import { sinkhornGrid } from "./sinkhorn-grid.ts";

const solver = (sinkhornGrid.build as (v: unknown, c: unknown) => ReturnType<typeof sinkhornGrid.build>)({ factor: 0.25 }, {});
function run(p: Transport, options = {}): Coupling {
  expect(solver.refuses(p)).toBeNull();
  const work = solver.solve(p, options);
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
type Density = (...x: number[]) => number;
function cells(lower: number[], upper: number[], shape: number[], density: Density): Extract<Transport["from"], { rep: "cells" }> {
  const space = makeBox({ lower, upper, cells: shape, periodic: shape.map(() => false) });
  const { n, centre, volume } = space.cells!;
  const rho = Float64Array.from({ length: n }, (_, i) => density(...shape.map((_, k) => centre[k * n + i]!)));
  const mass = rho.reduce((s, v, i) => s + v * volume[i]!, 0);
  return { rep: "cells", space, rho: rho.map((v) => v / mass) };
}
const normal =
  (m: number, v: number): Density =>
  (x) =>
    Math.exp(-((x! - m) * (x! - m)) / (2 * v));

describe("A13 on grids: Gaussians", () => {
  it("A13.1: N(0, 1), N(1, 4): 2.777670345263 at sigma^2 = .25, and <C, P>", () => {
    const side = (m: number, v: number) => cells([-15], [16], [400], normal(m, v));
    const found = run(transportProblem({ from: side(0, 1), to: side(1, 4), epsilon: 0.5 }), { defect: 1e-12 });
    const exact = entropicGaussians([0], [1], [1], [4], 0.5);
    expect(found.status).toBe("optimal");
    // rounding moves the defect over the whole box
    expect(Math.abs(found.regularised - 2.777670345263)).toBeLessThan(1e-12 * 2000);
    expect(Math.abs(found.dual - 2.777670345263)).toBeLessThan(1e-10);
    expect(Math.abs(found.value - exact.linear)).toBeLessThan(1e-9);
  });
  it("A13.2: the plane at sigma^2 = .5: 4.482276063256", () => {
    const gauss = (m: number[], S: number[]): Density => {
      const det = S[0]! * S[3]! - S[1]! * S[2]!;
      return (x, y) => {
        const [u, v] = [x! - m[0]!, y! - m[1]!];
        return Math.exp(-(S[3]! * u * u - 2 * S[1]! * u * v + S[0]! * v * v) / (2 * det));
      };
    };
    const side = (m: number[], S: number[]) => cells([-9, -9], [9, 9], [48, 48], gauss(m, S));
    const found = run(transportProblem({ from: side([0, 0], [2, 0.5, 0.5, 1]), to: side([1, -1], [1, -0.3, -0.3, 1.5]), epsilon: 1 }), { defect: 1e-11 });
    expect(Math.abs(found.dual - 4.482276063256)).toBeLessThan(1e-8);
    expect(found.gap).toBeLessThan(1e-8);
  });
});
describe("A28.3: two densities on 32 x 32 cells", () => {
  const bump = (x: number, y: number, cx: number, cy: number, s: number): number => Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * s * s));
  const a = (n: number) => cells([0, 0], [1, 1], [n, n], (x, y) => 1e-3 + bump(x!, y!, 0.3, 0.3, 0.1) + 0.5 * bump(x!, y!, 0.7, 0.25, 0.07));
  const b = (n: number) => cells([0, 0], [1, 1], [n, n], (x, y) => 1e-3 + bump(x!, y!, 0.6, 0.7, 0.12) + 0.7 * bump(x!, y!, 0.25, 0.75, 0.06));
  it("the bounds of the problem without entropy enclose 0.2040896794, at any epsilon", () => {
    for (const epsilon of [1e-1, 1e-2, 1e-3]) {
      const found = run(transportProblem({ from: a(32), to: b(32), epsilon }), { defect: 1e-8 });
      expect(found.status).toBe("optimal");
      expect(found.unregularised!.lower).toBeLessThan(0.2040896794);
      expect(found.unregularised!.upper).toBeGreaterThan(0.2040896794);
      expect(found.gap).toBeLessThan(1e-6);
    }
  }, 30_000);
  it("the solver between points gives the same on the middles of cells: value, plan's products, potentials", () => {
    const p = transportProblem({ from: a(16), to: b(16), epsilon: 5e-3 });
    const [grid, points] = [run(p, { defect: 1e-11 }), sinkhornMany([p], { defect: 1e-11 })[0]!];
    expect(grid.value).toBeCloseTo(points.value, 10);
    expect(grid.dual).toBeCloseTo(points.dual, 11);
    const v = Float64Array.from({ length: 256 }, (_, i) => Math.sin(i));
    const [p1, p2] = [new Float64Array(256), new Float64Array(256)];
    grid.plan!.push(1, v, p1);
    points.plan!.push(1, v, p2);
    for (let i = 0; i < 256; i++) expect(p1[i]).toBeCloseTo(p2[i]!, 11);
    grid.plan!.row(100, p1);
    points.plan!.row(100, p2);
    for (let i = 0; i < 256; i++) expect(p1[i]).toBeCloseTo(p2[i]!, 11);
    const [r] = marginalsOf(grid.plan!);
    const volume = 1 / 256;
    for (let i = 0; i < 256; i++) expect(r[i]).toBeCloseTo((p.from as { rho: Float64Array }).rho[i]! * volume, 10);
  });
});
it("empty cells, three dimensions, |x - y| on the line", () => {
  const box =
    (c: number): Density =>
    (x, y, z) =>
      Math.max(Math.abs(x! - c), Math.abs(y! - c), Math.abs(z! - c)) < 0.2 ? 1 : 0;
  const p = transportProblem({
    from: cells([0, 0, 0], [1, 1, 1], [10, 10, 10], box(0.3)),
    to: cells([0, 0, 0], [1, 1, 1], [10, 10, 10], box(0.7)),
    epsilon: 0.01,
  });
  const found = run(p, { defect: 1e-9 });
  // a translation by .4 along the diagonal costs .48; entropy adds nothing to the transport of the mean
  expect(found.value).toBeGreaterThan(0.48);
  expect(found.unregularised!.lower).toBeLessThan(0.48 + 1e-12);
  expect(found.unregularised!.lower).toBeGreaterThan(0.44);
  const line = transportProblem({
    from: cells([0], [1], [64], (x) => (x! < 0.25 ? 1 : 0)),
    to: cells([0], [1], [64], (x) => (x! > 0.5 ? 1 : 0)),
    p: 1,
    epsilon: 1e-3,
  });
  const moved = run(line, { defect: 1e-10 });
  expect(moved.unregularised!.lower).toBeLessThan(0.625 + 1e-12);
  expect(moved.unregularised!.upper).toBeGreaterThan(0.625 - 1e-12);
  expect(moved.unregularised!.upper - moved.unregularised!.lower).toBeLessThan(0.01);
});
it("what is no sum over axes is refused with the reason", () => {
  const side = cells([0, 0], [1, 1], [8, 8], () => 1);
  expect(solver.refuses(transportProblem({ from: side, to: side, p: 1, epsilon: 0.1 }))).toMatch(/sum over axes/);
});
