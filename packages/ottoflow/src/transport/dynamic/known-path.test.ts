import { expect, test } from "vitest";
import type { As, PathProblem, PathResult, PathSolver } from "../../contract.ts";
import type { Unit } from "../../define.ts";
import { gaussianLaw } from "../../measure/gaussian.ts";
import { points } from "../../measure/points.ts";
import { uniform } from "../../measure/uniform.ts";
import { makeBox } from "../../space/box.ts";
import { displacement } from "./displacement-path.ts";
import { fisherRaoPath } from "./fisher-rao-path.ts";
import { linearMixingPath } from "./linear-mixing-path.ts";
import { schroedinger } from "./schroedinger-path.ts";

function run(unit: Unit<"path">, p: Partial<PathProblem> & Pick<PathProblem, "space" | "from" | "to">, params: object = {}): PathResult {
  const problem: PathProblem = { times: [0, 0.25, 0.5, 0.75, 1], seed: 1, ...p };
  const solver: PathSolver = unit.build({ variance: 0.1, tolerance: 1e-9, closed: true, ...params } as never, { dim: p.space.dim, space: p.space });
  expect(solver.refuses(problem)).toBeNull();
  const work = solver.solve(problem);
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
const hold = (r: PathResult): void => {
  expect(r.status).toBe("optimal");
  for (const c of r.checks) expect(`${c.kind} ${c.verdict}`).toBe(`${c.kind} pass`);
};
const line = makeBox({ lower: [-0.5], upper: [1.5], cells: [400], periodic: [false] });
const mean = (m: As<"cells">): number => {
  const { volume, centre } = m.space.cells!;
  return Float64Array.from(m.rho).reduce((s, r, i) => s + r * volume[i]! * centre[i]!, 0);
};

test("A21.3: N(.3, .1^2) to N(.7, .1^2): action W_2^2 = 0.16 by the linear map, velocity 0.4 everywhere", () => {
  const r = run(displacement, { space: line, from: gaussianLaw([0.3], [0.01]), to: gaussianLaw([0.7], [0.01]) });
  hold(r);
  expect(r.action).toBeCloseTo(0.16, 14);
  expect(r.notes.join(" ")).not.toContain("outside");
  expect(mean(r.frames[2]!.measure as As<"cells">)).toBeCloseTo(0.5, 10);
  expect(r.frames[1]!.velocity![200]).toBeCloseTo(0.4, 13);
});
test("densities of the line: U[0, 1/2] to U[1/2, 3/2] by quantiles: action int (1/2 + s/2)^2 = 7/12, mid frame U[1/4, 1]", () => {
  const u = (lower: number, upper: number) => uniform.build({ shape: "box", lower: [lower], upper: [upper], mass: 1 } as never, { dim: 1, space: line });
  const r = run(displacement, { space: line, from: u(0, 0.5), to: u(0.5, 1.5) });
  hold(r);
  expect(r.action).toBeCloseTo(7 / 12, 12);
  const { rho } = r.frames[2]!.measure as As<"cells">;
  const at = (x: number): number => Math.floor((x + 0.5) / 0.005);
  expect(rho[at(0.26)]).toBeCloseTo(4 / 3, 10);
  expect(rho[at(0.99)]).toBeCloseTo(4 / 3, 10);
  expect(rho[at(0.24)]).toBe(0);
  // v = 1/2 + s/2 at x = 1/4 + 3 s / 4: linear, so the mean over a cell is the value at its centre
  for (const i of [at(0.26), at(0.6251), at(0.9)]) expect(r.frames[2]!.velocity![i]).toBeCloseTo(0.5 + (2 / 3) * (line.cells!.centre[i]! - 0.25), 12);
  expect(r.action).toBeCloseTo(r.continuous!.lower!, 14);
});
test("points of the plane: exact plan, both bounds meet, frames keep the mass", () => {
  const space = makeBox({ lower: [0, 0], upper: [1, 1], cells: [4, 4] });
  const law = (x: number[][]) =>
    points.build({ points: { n: x.length, x: Float64Array.from([...x.map((p) => p[0]!), ...x.map((p) => p[1]!)]) }, mass: 1 } as never, { dim: 2, space });
  const r = run(displacement, {
    space,
    from: law([
      [0, 0],
      [1, 0],
    ]),
    to: law([
      [1, 1],
      [0, 1],
    ]),
  });
  hold(r);
  expect(r.action).toBeCloseTo(1, 14);
  expect((r.frames[2]!.measure as As<"particles">).x[2]).toBeCloseTo(0.5, 14);
});
test("A16.5: Fisher-Rao arc 0.9793026409392 between N(0,1) and N(1,1), as a path", () => {
  const space = makeBox({ lower: [-9], upper: [10], cells: [500] });
  const r = run(fisherRaoPath, { space, from: gaussianLaw([0], [1]), to: gaussianLaw([1], [1]) });
  hold(r);
  // cell averages in place of densities: order h^2
  expect(Math.sqrt(r.action)).toBeCloseTo(0.9793026409392, 3);
  expect(r.figures.arc).toBeCloseTo(Math.sqrt(r.action), 13);
});
test("A13.3: the bridge of N(0,1) and N(1,4), g = 1/4: closed form and grid agree in action, kinetic energy and frames", () => {
  const space = makeBox({ lower: [-9], upper: [13], cells: [330] });
  const ends = { space, from: gaussianLaw([0], [1]), to: gaussianLaw([1], [4]) };
  const closed = run(schroedinger, ends, { variance: 0.25 });
  const grid = run(schroedinger, ends, { variance: 0.25, closed: false });
  hold(closed);
  hold(grid);
  expect(closed.figures.entropic).toBeCloseTo(2.777670345263, 11);
  // cells blur by h^2 / 12 each: 4e-4
  expect(Math.abs(grid.action - closed.action)).toBeLessThan(2e-3);
  for (const [k, v] of closed.kinetic.value.entries()) expect(Math.abs(grid.kinetic.value[k]! - v)).toBeLessThan(2e-2 * Math.max(1, v));
  // the action is the integral of its kinetic energy: the midpoint rule on 16 intervals
  expect(Math.abs(closed.kinetic.value.reduce((s, v) => s + v / 16, 0) - closed.action)).toBeLessThan(0.02);
  const variance = (m: As<"cells">): number => {
    const { volume, centre } = m.space.cells!;
    const c = mean(m);
    return Float64Array.from(m.rho).reduce((s, r, i) => s + r * volume[i]! * (centre[i]! - c) ** 2, 0);
  };
  const St = 0.25 + 1 + 0.5 * 1.878902442735 + 0.25 * 0.25;
  expect(variance(closed.frames[2]!.measure as As<"cells">)).toBeCloseTo(St, 3);
  expect(variance(grid.frames[2]!.measure as As<"cells">)).toBeCloseTo(St, 2);
});
test("the bridge in the plane: a grid of 22 by 24 cells is near the closed form", () => {
  const space = makeBox({ lower: [-2.5, -3], upper: [3, 3], cells: [22, 24] });
  const from = gaussianLaw([0, 0], [0.2, 0, 0, 0.1]);
  const to = gaussianLaw([1, 0], [0.1, 0, 0, 0.3]);
  const r = run(schroedinger, { space, from, to, times: [0, 0.5, 1] }, { variance: 0.5, closed: false });
  hold(r);
  const closed = run(schroedinger, { space, from, to, times: [0, 0.5, 1] }, { variance: 0.5 });
  const [p, q] = [r, closed].map((s) => (s.frames[1]!.measure as As<"cells">).rho);
  for (let i = 0; i < 528; i++) expect(Math.abs(p![i]! - q![i]!)).toBeLessThan(0.02);
});
test("linear mixing: the mean of both densities in the middle, action of L2, two bumps", () => {
  const u = (lower: number, upper: number) => uniform.build({ shape: "box", lower: [lower], upper: [upper], mass: 1 } as never, { dim: 1, space: line });
  const r = run(linearMixingPath, { space: line, from: u(0, 0.5), to: u(0.5, 1.5) });
  hold(r);
  // int (2^2 on one half) + (1^2 on one)
  expect(r.action).toBeCloseTo(3, 11);
  const { rho } = r.frames[2]!.measure as As<"cells">;
  expect(rho[150]).toBeCloseTo(1, 12);
  expect(rho[300]).toBeCloseTo(0.5, 12);
});
test("a bridge wider than its box says how much of it is not drawn", () => {
  const space = makeBox({ lower: [-1], upper: [1], cells: [50] });
  const r = run(schroedinger, { space, from: gaussianLaw([-0.4], [0.01]), to: gaussianLaw([0.4], [0.01]) }, { variance: 0.5 });
  expect(r.notes.join(" ")).toContain("outside the box");
  expect(Math.min(...r.mass.value)).toBeLessThan(0.999);
});
