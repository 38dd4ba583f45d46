/** Every kind of path, on the space of each of its examples: it begins and ends where it was told, keeps what it promises, bounds are bounds, and the same input gives the same bits. */
import { describe, expect, test } from "vitest";
import type { PathProblem, PathResult } from "../../src/contract.ts";
import { massOf } from "../../src/measure/rows.ts";
import { storeCells } from "../../src/measure/store.ts";
import { pace } from "../../src/pace.ts";
import { makeBox } from "../../src/space/box.ts";
import { Builder } from "../../src/spec/build.ts";
import { casesOf } from "./units.ts";

/** A box that is coarse, for paths are dear. */
const boxOf = (dim: number) => makeBox({ lower: Array(dim).fill(-1.5), upper: Array(dim).fill(1.5), cells: Array(dim).fill([24, 10, 5][dim - 1]) });
async function problemIn(dim: number, given: PathProblem["space"]): Promise<PathProblem> {
  const space = given.grid ? boxOf(dim) : given;
  const law = async (mean: number, deviation: number) =>
    (
      await new Builder({}).make("law", { kind: "gaussian", mean: Array(dim).fill(mean), deviation: Array(dim).fill(deviation), cut: 0.02 }, "law", {
        dim,
        space,
      })
    ).built;
  return { space, from: await law(-0.7, 0.22), to: await law(0.7, 0.27), times: [0, 0.3, 1], seed: 1 };
}
const cases = await casesOf("path");

describe.each(cases)("$name", { timeout: 60_000 }, (c) => {
  const solved = (async (): Promise<{ problem: PathProblem; path: PathResult; again: PathResult }> => {
    const problem = await problemIn(c.dim, await c.space());
    const solver = await c.build(problem.space);
    expect(solver.refuses(problem)).toBeNull();
    return { problem, path: await pace(solver.solve(problem)), again: await pace(solver.solve(problem)) };
  })();
  test("frames stand at the times asked for, with finite rows and the masses of both ends", async () => {
    const { problem, path } = await solved;
    expect(path.frames.map((f) => f.t)).toEqual([0, 0.3, 1]);
    expect(massOf(path.frames[0]!.measure)).toBeCloseTo(problem.from.mass, 1);
    expect(massOf(path.frames[2]!.measure)).toBeCloseTo(problem.to.mass, 1);
    for (const { velocity } of path.frames) if (velocity) expect(velocity.every(Number.isFinite)).toBe(true);
  });
  test("on cells it begins and ends with the laws as stored, but for what lies in obstacles", async () => {
    const { problem, path } = await solved;
    for (const [law, frame] of [
      [problem.from, path.frames[0]!],
      [problem.to, path.frames[2]!],
    ] as const) {
      const { measure } = frame;
      if (measure.rep !== "cells") continue;
      const stored = new Float64Array(measure.rho.length);
      storeCells(law, problem.space, stored);
      const volume = problem.space.cells!.volume[0]!;
      expect(stored.reduce((s, v, i) => s + Math.abs(v - measure.rho[i]!), 0) * volume).toBeLessThan(0.03);
    }
  });
  test("the action is not below its lower bound, gap is their difference, and bounds of the continuum are in order", async () => {
    const { path } = await solved;
    if (path.dual !== null) {
      expect(path.dual).toBeLessThanOrEqual(path.action * (1 + 1e-9) + 1e-300);
      expect(path.gap).toBeCloseTo(path.action - path.dual, 12);
    }
    const { lower, upper } = path.continuous ?? { lower: null, upper: null };
    if (lower !== null && upper !== null) expect(lower).toBeLessThanOrEqual(upper * (1 + 1e-9));
    const { value } = path.kinetic;
    if (value.length > 0) expect(value.every((v) => v >= 0)).toBe(true);
    expect(path.kinetic.times.length).toBe(value.length);
    expect(path.mass.times.length).toBe(path.mass.value.length);
    expect(path.convention.length).toBeGreaterThan(20);
  });
  test("it certifies, and by more than nothing", async () => {
    const { path } = await solved;
    expect(path.checks.filter((k) => k.hard && k.verdict === "fail")).toEqual([]);
    expect(path.checks.some((k) => k.hard && k.verdict === "pass")).toBe(true);
    for (const k of path.checks) expect([k.title.length > 5, k.source.length > 5, k.detail.length > 5]).toEqual([true, true, true]);
    expect(path.status).toBe("optimal");
  });
  test("the same input gives the same bits", async () => {
    const { path, again } = await solved;
    expect(again.action).toBe(path.action);
    expect(again.frames).toEqual(path.frames);
  });
  test("stopped at once it says so and leaves a path", async () => {
    const { problem } = await solved;
    const work = (await c.build(problem.space)).solve(problem);
    let next = work.next();
    if (next.done) return;
    while (!next.done) next = work.next("stop");
    expect(["aborted", "optimal"]).toContain(next.value.status);
    expect(next.value.frames).toHaveLength(3);
  });
});
