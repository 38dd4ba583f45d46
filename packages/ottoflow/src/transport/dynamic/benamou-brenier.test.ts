import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { As, PathResult } from "../../contract.ts";
import { quantileDistance2 } from "../../measure/quantile-distance.ts";
import { runPath } from "../../run-path.ts";
import { makeBox } from "../../space/box.ts";
import { makeFree } from "../../space/free.ts";
import { benamouBrenierPath } from "./benamou-brenier.ts";
import { exclusionMobility, linearMobility } from "./mobility.ts";

const line = (n: number, lower = 0, upper = 1, periodic = false) => makeBox({ lower: [lower], upper: [upper], cells: [n], periodic: [periodic] });
const cellsOn = (space: ReturnType<typeof makeBox>, rho: ArrayLike<number>): As<"cells"> => ({ rep: "cells", space, rho: Float64Array.from(rho) });
const check = (path: PathResult, kind: string) => path.checks.find((c) => c.kind === kind)!;
const hardFailures = (path: PathResult) => path.checks.filter((c) => c.hard && c.verdict === "fail");
const gaussians = (cells: number, steps: number, more: object = {}) =>
  runPath({
    job: "path",
    path: { kind: "benamou-brenier", steps, ...more },
    space: { kind: "box", lower: [-0.5], upper: [1.5], cells: [cells] },
    from: { kind: "gaussian", mean: [0.3], deviation: [0.1] },
    to: { kind: "gaussian", mean: [0.7], deviation: [0.1] },
    frames: 5,
  });

describe("A21.3: N(0.3, 0.1^2) to N(0.7, 0.1^2) on [-0.5, 1.5], action W2^2 = 0.16", () => {
  test("the gap closes, the bounds of the continuum enclose 0.16 (ten cells' shift), the speed is constant", async () => {
    const path = await gaussians(50, 12);
    expect(path.status).toBe("optimal");
    expect(hardFailures(path)).toEqual([]);
    expect(path.gap!).toBeLessThanOrEqual(1e-3 * path.action);
    expect(path.dual!).toBeLessThanOrEqual(path.action);
    expect(Math.abs(path.action - 0.16)).toBeLessThan(5e-4);
    expect(path.continuous!.lower!).toBeLessThanOrEqual(0.16);
    expect(path.continuous!.upper!).toBeGreaterThanOrEqual(0.16);
    expect(path.continuous!.lower!).toBeGreaterThan(0.158);
    expect(path.continuous!.upper!).toBeLessThan(0.167);
    expect(check(path, "constant-speed").value!).toBeLessThan(5e-3);
  });
  test("in the middle the density is N(0.5, 0.1^2) and moves at speed 0.4", async () => {
    const { frames } = await gaussians(50, 12);
    const middle = frames[2]!;
    const { rho, space } = middle.measure as As<"cells">;
    for (let i = 0; i < 50; i++) {
      const x = space.cells!.centre[i]!;
      expect(Math.abs(rho[i]! - Math.exp(-((x - 0.5) ** 2) / 0.02) / Math.sqrt(2 * Math.PI * 0.01))).toBeLessThan(0.05 * 3.99);
      if (rho[i]! > 0.5) expect(middle.velocity![i]).toBeCloseTo(0.4, 1);
    }
  });
  test("W_p^p = 0.4^p for p = 3 and 3/2 too", async () => {
    for (const p of [1.5, 3]) {
      const path = await gaussians(40, 10, { exponent: p });
      expect(hardFailures(path)).toEqual([]);
      expect(Math.abs(path.action / 0.4 ** p - 1)).toBeLessThan(1.5e-2);
      expect(path.continuous!.lower!).toBeLessThanOrEqual(0.4 ** p);
      expect(path.continuous!.upper!).toBeGreaterThanOrEqual(0.4 ** p);
    }
  });
});

test("order 2 in cells and steps together: raised cosines of half width 0.2 and 0.4, W2^2 = (0.2)^2 int s^2 (1 + cos(pi s)) / 2 ds", async () => {
  // X(s) = c + 0.2 s under the profile (1 + cos pi s) / 2 on [-1, 1]: W2^2 = 0.04 (1/3 - 2/pi^2)
  const exact = 0.04 * (1 / 3 - 2 / Math.PI ** 2);
  const error = async (n: number): Promise<number> => {
    const bump = (w: number): Float64Array => {
      const primitive = (x: number): number => {
        const s = Math.min(Math.max((x - 0.5) / w, -1), 1);
        return (s + Math.sin(Math.PI * s) / Math.PI) / 2;
      };
      return Float64Array.from({ length: n }, (_, i) => n * (primitive((i + 1) / n) - primitive(i / n)));
    };
    const space = line(n);
    const path = benamouBrenierPath(cellsOn(space, bump(0.2)), cellsOn(space, bump(0.4)), { steps: n / 4, tolerance: 2e-4 });
    expect(path.status).toBe("optimal");
    return Math.abs((path.action + path.dual!) / 2 - exact) / exact;
  };
  const [coarse, fine] = [await error(20), await error(40)];
  expect(Math.log2(coarse / fine)).toBeGreaterThan(1.5);
  expect(Math.log2(coarse / fine)).toBeLessThan(2.6);
});

test("A12: two Gaussians in the plane, the action against Bures' formula", async () => {
  const path = await runPath({
    job: "path",
    path: { kind: "benamou-brenier", steps: 8, tolerance: 5e-3 },
    space: { kind: "box", lower: [-1, -1], upper: [1, 1], cells: [20, 20] },
    from: { kind: "gaussian", mean: [-0.2, 0], deviation: [0.1, 0.18] },
    to: { kind: "gaussian", mean: [0.2, 0.1], deviation: [0.18, 0.1] },
  });
  const exact = 0.16 + 0.01 + 2 * 0.08 ** 2;
  expect(hardFailures(path)).toEqual([]);
  expect(Math.abs(path.action / exact - 1)).toBeLessThan(0.02);
  expect(path.continuous!.lower!).toBeLessThan(exact * 1.001);
  expect(path.continuous!.upper!).toBeGreaterThan(exact * 0.999);
});

test("on a circle mass takes the short way across the seam: W2^2 = 0.2^2", async () => {
  const path = await runPath({
    job: "path",
    path: { kind: "benamou-brenier", steps: 10, tolerance: 3e-3 },
    space: { kind: "box", lower: [0], upper: [1], cells: [40], boundary: "periodic" },
    from: { kind: "gaussian", mean: [0.9], deviation: [0.07] },
    to: { kind: "gaussian", mean: [0.1], deviation: [0.07] },
  });
  expect(hardFailures(path)).toEqual([]);
  expect(Math.abs(path.action - 0.04)).toBeLessThan(1e-3);
  expect(path.continuous!.lower!).toBeLessThanOrEqual(0.04 * (1 + 1e-9));
  expect(path.continuous!.upper!).toBeGreaterThanOrEqual(0.04 * (1 - 1e-9));
});

test("a cap at the largest density changes nothing on the line, where the largest density is displacement convex", () => {
  const space = line(24);
  const a = cellsOn(
    space,
    Array.from({ length: 24 }, (_, i) => (i >= 2 && i < 10 ? 3 : 0)),
  );
  const b = cellsOn(
    space,
    Array.from({ length: 24 }, (_, i) => (i >= 12 && i < 20 ? 3 : 0)),
  );
  const free = benamouBrenierPath(a, b, { steps: 8 });
  const capped = benamouBrenierPath(a, b, { steps: 8, mobility: linearMobility(3) });
  expect(hardFailures(capped)).toEqual([]);
  expect(check(capped, "cap").value!).toBeLessThanOrEqual(1 + 1e-12);
  expect(Math.abs(capped.action / free.action - 1)).toBeLessThan(0.03);
  expect(capped.action).toBeGreaterThan(free.dual!);
});

test("M(r) = r (1 - r) is symmetric: holes move as mass does", () => {
  const space = line(16);
  const a = Array.from({ length: 16 }, (_, i) => 0.2 + 0.5 * Math.exp(-((i - 4) ** 2) / 6));
  const b = a.slice().reverse();
  const options = { steps: 6, mobility: exclusionMobility(1), tolerance: 1e-4 };
  const mass = benamouBrenierPath(cellsOn(space, a), cellsOn(space, b), options);
  const holes = benamouBrenierPath(
    cellsOn(
      space,
      a.map((v) => 1 - v),
    ),
    cellsOn(
      space,
      b.map((v) => 1 - v),
    ),
    options,
  );
  expect(hardFailures(mass)).toEqual([]);
  expect(Math.abs(mass.action / holes.action - 1)).toBeLessThan(2.1e-4);
});

test("behind a wall the shift of the means still bounds the action from below: |m|^2 less h^2 / 3 per axis", () => {
  const space = makeBox({ lower: [0, 0], upper: [1, 1], cells: [12, 12] });
  const obstacle = Uint8Array.from({ length: 144 }, (_, i) => (Math.floor(i / 12) === 6 && i % 12 > 3 ? 1 : 0));
  const block = (first: number) => Array.from({ length: 144 }, (_, i) => (Math.abs(Math.floor(i / 12) - first) <= 1 && Math.abs((i % 12) - 7) <= 1 ? 1 : 0));
  const path = benamouBrenierPath(cellsOn(space, block(2)), cellsOn(space, block(10)), { steps: 8, obstacle, tolerance: 0.05 });
  expect(hardFailures(path)).toEqual([]);
  const straight = (8 / 12) ** 2;
  expect(path.continuous!.lower!).toBeGreaterThan((straight - 2 / (3 * 144)) * path.mass.value[0]! * (1 - 1e-9));
  expect(path.action).toBeGreaterThan(1.2 * straight * path.mass.value[0]!);
});

test("a corridor one cell wide around a corner is the line, to the digit of the gap", () => {
  const [m, arm] = [7, 6];
  const plane = makeBox({ lower: [0, 0], upper: [1, 1], cells: [m, m] });
  // up the first column, then along the last row
  const cells = [...Array.from({ length: m }, (_, i) => i * m), ...Array.from({ length: arm }, (_, j) => (m - 1) * m + j + 1)];
  const straight = line(cells.length, 0, cells.length / m);
  const profile = (at: number) => cells.map((_, i) => Math.exp(-((i - at) ** 2) / 3));
  const total = (r: readonly number[]) => r.reduce((x, y) => x + y, 0);
  const [from, to] = [profile(2), profile(cells.length - 3)];
  const rhoTo = to.map((v) => (v * total(from)) / total(to));
  const bent = (r: readonly number[]) => {
    const out = new Float64Array(m * m);
    cells.forEach((c, i) => {
      out[c] = r[i]!;
    });
    return cellsOn(plane, out);
  };
  const obstacle = new Uint8Array(m * m).fill(1);
  for (const c of cells) obstacle[c] = 0;
  const around = benamouBrenierPath(bent(from), bent(rhoTo), { steps: 8, obstacle, tolerance: 1e-3 });
  const along = benamouBrenierPath(cellsOn(straight, from), cellsOn(straight, rhoTo), { steps: 8, tolerance: 1e-3 });
  expect(hardFailures(around)).toEqual([]);
  // the action in the plane counts the corridor's width, 1 / m
  expect(Math.abs((around.action * m) / along.action - 1)).toBeLessThan(1.1e-3);
});

test("property: on the line the bounds of the continuum enclose W2^2 of the cellwise constant densities, by quantile functions", () => {
  const density = fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(density, density, (a, b) => {
      const s = a.reduce((x, y) => x + y, 0) / b.reduce((x, y) => x + y, 0);
      const space = line(8);
      const [from, to] = [a, b.map((v) => v * s)];
      const mass = from.reduce((x, y) => x + y, 0) / 8;
      const quantiles = (r: readonly number[]) => {
        const level = new Float64Array(9);
        r.forEach((v, i) => {
          level[i + 1] = i === 7 ? 1 : level[i]! + v / (8 * mass);
        });
        return { rep: "quantiles" as const, space: makeFree(1), x: Float64Array.from({ length: 9 }, (_, i) => i / 8), level, mass };
      };
      const exact = quantileDistance2(quantiles(from), quantiles(to));
      const path = benamouBrenierPath(cellsOn(space, from), cellsOn(space, to), { steps: 4, tolerance: 1e-2, maxIterations: 400 });
      expect(path.continuous!.lower!).toBeLessThanOrEqual(exact + 1e-12);
      expect(path.continuous!.upper!).toBeGreaterThanOrEqual(exact - 1e-12);
      expect(path.dual!).toBeLessThanOrEqual(path.action + 1e-15);
    }),
    { numRuns: 12, seed: 3 },
  );
});

describe("what does not fit is refused with what to do", () => {
  const space = line(8);
  const half = [1, 1, 1, 1, 0, 0, 0, 0];
  const other = [0, 0, 0, 0, 1, 1, 1, 1];
  test.each([
    ["unequal masses", half, other.map((v) => 2 * v), {}, "has 2 times the mass"],
    ["a negative density", [-1, 3, 1, 1, 0, 0, 0, 0], other, {}, "cell 0 is -1"],
    ["NaN", [Number.NaN, 3, 1, 1, 0, 0, 0, 0], other, {}, "cell 0 is NaN"],
    ["nothing at all", half.map(() => 0), other, {}, "has no mass"],
    ["too few intervals", half, other, { steps: 1 }, "at least 2"],
    ["exponent 1", half, other, { p: 1 }, "above 1"],
    ["a density above the cap", half, other, { mobility: linearMobility(0.5) }, "above the largest allowed"],
    ["mass in the obstacle", half, other, { obstacle: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) }, "inside the obstacle"],
    ["a wall between", [0, 1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 0], { obstacle: Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0) }, "2 parts"],
    ["times that fall", half, other, { times: [0.5, 0.2] }, "rising times"],
  ])("%s", (_, from, to, options, words) => {
    expect(() => benamouBrenierPath(cellsOn(space, from), cellsOn(space, to), options)).toThrow(words);
  });
  test("two grids", () => expect(() => benamouBrenierPath(cellsOn(space, half), cellsOn(line(4), [1, 1, 1, 1]))).toThrow("another grid"));
});
