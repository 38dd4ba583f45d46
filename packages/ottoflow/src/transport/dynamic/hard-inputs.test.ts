import { describe, expect, test } from "vitest";
import type { As } from "../../contract.ts";
import { isOttoflowError } from "../../errors.ts";
import { makeBox } from "../../space/box.ts";
import { benamouBrenierPath, type DynamicOptions } from "./benamou-brenier.ts";
import { wassersteinFisherRaoPath } from "./wasserstein-fisher-rao.ts";

const line = (rho: readonly number[], upper = 1): As<"cells"> => ({
  rep: "cells",
  space: makeBox({ lower: [0], upper: [upper], cells: [rho.length] }),
  rho: Float64Array.from(rho),
});
const holds = (path: ReturnType<typeof benamouBrenierPath>): boolean => path.status === "optimal" && path.checks.every((c) => c.verdict !== "fail");

describe("equal measures", () => {
  test.each([1, 2, 7])("on %d cells: nothing moves, and zero potentials prove it", (n) => {
    const m = line(Array.from({ length: n }, (_, i) => i % 3));
    if (n === 1) m.rho[0] = 3;
    for (const path of [
      benamouBrenierPath(m, m, { steps: 4 }),
      benamouBrenierPath(m, m, { steps: 4, p: 20 }),
      wassersteinFisherRaoPath(m, m, 0.5, { steps: 4 }),
    ]) {
      expect([path.action, path.dual, path.gap, path.continuous?.lower, path.continuous?.upper]).toEqual([0, 0, 0, 0, 0]);
      expect(path.frames[5]!.measure).toEqual(m);
      expect(holds(path)).toBe(true);
      for (const c of path.checks) expect(Number.isNaN(c.value)).toBe(false);
    }
  });
  test("up to rounding: a gap that is rounding of moving all mass by a twentieth of the box is none", () => {
    const m = line([0.1, 0.7, 0.3, 0.2]);
    const other = line(Array.from(m.rho, (v, i) => v * (i === 2 ? 1 + 2 ** -52 : 1)));
    const path = benamouBrenierPath(m, other, { steps: 4 });
    expect(path.action).toBeLessThan(1e-20);
    expect(holds(path)).toBe(true);
  });
});

test("a part of space without mass behind an obstacle: the path is that of the other part alone", () => {
  const [from, to] = [line([1, 0, 0, 0, 0, 0]), line([0, 0, 1, 0, 0, 0])];
  const path = benamouBrenierPath(from, to, { steps: 8, tolerance: 1e-7, obstacle: Uint8Array.of(0, 0, 0, 1, 0, 0) });
  const alone = benamouBrenierPath(line([1, 0, 0], 0.5), line([0, 0, 1], 0.5), { steps: 8, tolerance: 1e-7 });
  expect(holds(path)).toBe(true);
  expect(path.action / alone.action).toBeCloseTo(1, 6);
  for (const f of path.frames) for (const i of [3, 4, 5]) expect((f.measure as As<"cells">).rho[i]).toBe(0);
});

test.each([1.01, 1.001])("p = %d: speeds that leave float64 do not end it, and the bounds hold a shift's s^p", (p) => {
  const shift = (k: number): As<"cells"> => line(Array.from({ length: 8 }, (_, i) => (i === k ? 8 : 0)));
  const path = benamouBrenierPath(shift(1), shift(6), { p, steps: 8, maxIterations: 600 });
  const exact = (5 / 8) ** p;
  expect(path.status).not.toBe("not-finite");
  expect(path.dual).toBeLessThanOrEqual(path.action);
  expect(path.continuous!.lower).toBeLessThanOrEqual(exact * (1 + 1e-12));
  expect(path.continuous!.lower).toBeGreaterThan(0.5 * exact);
  expect(path.continuous!.upper).toBeGreaterThanOrEqual(exact);
});

describe("what does not fit is said", () => {
  const [from, to] = [line([1, 0]), line([0, 1])];
  const solve = (options: object) => () => benamouBrenierPath(from, to, options as DynamicOptions);
  test.each<[string, () => unknown, RegExp]>([
    ["a misspelt option", solve({ step: 8 }), /step: is nothing that a path on a grid has\. It has: .*steps/],
    ["growth in a problem without", solve({ delta: 1 }), /delta: .*wassersteinFisherRaoPath/],
    ["no iterations", solve({ maxIterations: 0 }), /maxIterations: got 0 when expected/],
    ["iterations that are NaN", solve({ maxIterations: Number.NaN }), /maxIterations: got NaN/],
    ["a tolerance that everything meets", solve({ tolerance: Number.POSITIVE_INFINITY }), /tolerance: got Infinity/],
    ["a mobility by name", solve({ mobility: "linear" }), /mobility: is none\. linearMobility/],
    ["nothing", () => benamouBrenierPath(undefined as never, to), /from: got nothing when expected a measure/],
    ["growth without its length", () => wassersteinFisherRaoPath(from, to, undefined as never), /delta: is missing/],
    ["masses beyond float64", () => benamouBrenierPath(line([1e-300, 0]), line([0, 1e-300]), {}), /from: .*leave float64\. Choose units/],
  ])("%s", (_, call, says) => {
    expect(call).toThrow(says);
    try {
      call();
    } catch (e) {
      expect(isOttoflowError(e)).toBe(true);
    }
  });
});
