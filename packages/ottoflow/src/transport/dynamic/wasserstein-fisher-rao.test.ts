import { describe, expect, test } from "vitest";
import type { As, PathResult } from "../../contract.ts";
import { makeBox } from "../../space/box.ts";
import { wassersteinFisherRaoPath } from "./wasserstein-fisher-rao.ts";

const line = (n: number, upper: number) => makeBox({ lower: [0], upper: [upper], cells: [n] });
const cellsOn = (space: ReturnType<typeof makeBox>, rho: ArrayLike<number>): As<"cells"> => ({ rep: "cells", space, rho: Float64Array.from(rho) });
const hardFailures = (path: PathResult) => path.checks.filter((c) => c.hard && c.verdict === "fail");

/** All mass in one cell, but for a little everywhere. */
const spike = (n: number, at: number, mass: number, h: number) => Array.from({ length: n }, (_, i) => (i === at ? mass / h : 0));

describe("A16.4: WFR_delta = 2 delta^2 (a + b - 2 sqrt(a b) cos(min(d / (2 delta), pi / 2)))", () => {
  const exact = (a: number, b: number, d: number, delta: number) =>
    2 * delta ** 2 * (a + b - 2 * Math.sqrt(a * b) * Math.cos(Math.min(d / (2 * delta), Math.PI / 2)));
  test("masses 1 and 2 in cells 0.8 apart, delta = 1: 0.7896922 as the cells shrink", () => {
    expect(exact(1, 2, 0.8, 1)).toBeCloseTo(0.7896922020331, 12);
    const [coarse, fine] = [20, 40].map((n) => {
      const space = line(n, 1.6);
      const h = 1.6 / n;
      const path = wassersteinFisherRaoPath(cellsOn(space, spike(n, n / 4, 1, h)), cellsOn(space, spike(n, (3 * n) / 4, 2, h)), 1, {
        steps: n / 2,
        tolerance: 4e-3,
      });
      expect(hardFailures(path)).toEqual([]);
      // mass spread over a cell is no atom: what it costs more or less is of the order of the cell
      expect(path.continuous!.lower!).toBeLessThan(exact(1, 2, 0.8, 1) * (1 + 0.1 * (20 / n)));
      expect(path.continuous!.lower!).toBeGreaterThan(exact(1, 2, 0.8, 1) * (1 - 0.1 * (20 / n)));
      return Math.abs(path.action / exact(1, 2, 0.8, 1) - 1);
    }) as [number, number];
    expect(coarse).toBeLessThan(0.1);
    // first order: a cell is no point
    expect(coarse / fine).toBeGreaterThan(1.6);
    expect(coarse / fine).toBeLessThan(2.6);
  });
  test("further apart than pi delta mass does not travel: 2 delta^2 (a + b)", () => {
    const space = line(30, 3);
    const block = (first: number, mass: number) => Array.from({ length: 30 }, (_, i) => (i >= first && i < first + 5 ? mass / 0.5 : 0));
    const path = wassersteinFisherRaoPath(cellsOn(space, block(0, 1)), cellsOn(space, block(25, 1.5)), 0.5, { steps: 12, tolerance: 3e-2 });
    expect(hardFailures(path)).toEqual([]);
    // birth from nothing, (t sqrt b)^2, is of first order in the step
    expect(path.action).toBeGreaterThan(0.5 * 2.5 * (1 - 1.2 / 12));
    expect(path.action).toBeLessThan(0.5 * 2.5 * 1.03);
    expect(path.continuous!.lower!).toBeLessThanOrEqual(0.5 * 2.5);
    expect(path.continuous!.lower!).toBeGreaterThan(0.5 * 2.5 * 0.99);
  });
});

describe("growth in place: 2 delta^2 (sqrt b - sqrt a)^2 per unit of space, along (sqrt a + t (sqrt b - sqrt a))^2", () => {
  const space = line(6, 1);
  const [a, b] = [Array.from({ length: 6 }, () => 1), Array.from({ length: 6 }, () => 4)];
  const path = wassersteinFisherRaoPath(cellsOn(space, a), cellsOn(space, b), 0.7, { steps: 24, tolerance: 1e-5, times: [0.5] });
  test("action 2 delta^2", () => {
    expect(hardFailures(path)).toEqual([]);
    expect(Math.abs(path.action / (2 * 0.49) - 1)).toBeLessThan(1e-3);
    expect(path.continuous!.lower!).toBeLessThan(0.98);
    expect(path.continuous!.lower!).toBeGreaterThan(0.97);
    expect(path.continuous!.upper!).toBeGreaterThan(0.98);
    expect(path.continuous!.upper!).toBeLessThan(0.9805);
  });
  test("the density in the middle is (3/2)^2", () => {
    for (const r of (path.frames[0]!.measure as As<"cells">).rho) expect(r).toBeCloseTo(2.25, 2);
  });
  test("twice with delta 1/2 is Hellinger and Kantorovich's distance: the squared Hellinger distance int (sqrt b - sqrt a)^2", () => {
    const half = wassersteinFisherRaoPath(cellsOn(space, a), cellsOn(space, b), 0.5, { steps: 24, tolerance: 1e-5 });
    expect(Math.abs(2 * half.action - 1)).toBeLessThan(1e-3);
  });
});

test("delta to infinity at equal masses: the action tends to W2^2 / 2 from below", () => {
  const n = 24;
  const space = line(n, 1);
  const bump = (c: number) => {
    const r = Array.from({ length: n }, (_, i) => Math.exp(-(((i + 0.5) / n - c) ** 2) / 0.01));
    const s = r.reduce((x, y) => x + y, 0);
    return r.map((v) => (v * n) / s);
  };
  const [near, far] = [0.3, 3].map(
    (delta) => wassersteinFisherRaoPath(cellsOn(space, bump(0.375)), cellsOn(space, bump(0.625)), delta, { steps: 8, tolerance: 2e-3 }).action,
  ) as [number, number];
  expect(near).toBeLessThan(far);
  expect(Math.abs(far / (0.0625 / 2) - 1)).toBeLessThan(0.02);
});

test.each([
  ["delta 0", 0, undefined, "positive length"],
  ["exponent 3", 1, { p: 3 } as object, "exponent 2 only"],
])("%s is refused", (_, delta, options, words) => {
  const space = line(4, 1);
  expect(() => wassersteinFisherRaoPath(cellsOn(space, [1, 1, 1, 1]), cellsOn(space, [1, 1, 1, 1]), delta, options)).toThrow(words);
});
