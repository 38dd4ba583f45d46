import { describe, expect, test } from "vitest";
import { linearProgram } from "../../../test/linear-program.ts";
import { portableUniform } from "../../../test/portable.ts";
import type { Measure, TransportSolver } from "../../contract.ts";
import { isOttoflowError } from "../../errors.ts";
import { pace } from "../../pace.ts";
import { makeBox } from "../../space/box.ts";
import { cTransform } from "../certificate.ts";
import { powerCost } from "../cost.ts";
import { gridMass } from "../grid/density.ts";
import { firstForest, handDown } from "../grid/forest.ts";
import { coarser, coarserMass } from "../grid/lattice.ts";
import { atoms } from "../grid/points.ts";
import { wholeMass } from "../grid/whole.ts";
import { transportProblem } from "../problem.ts";
import { backAndForth, mapBetween } from "./back-and-forth.ts";
import { grid, imageDistance } from "./grid.ts";

const built = (unit: typeof grid, values: unknown = {}): TransportSolver => (unit.build as (v: unknown, c: unknown) => TransportSolver)(values, {});
const solver = built(grid);
const sum = (a: ArrayLike<number>): number => Array.from(a).reduce((s, v) => s + v, 0);

/** A28.3: two pairs of Gaussian bumps on a floor */
function bumps(n: number): [Float64Array, Float64Array] {
  const g = (x: number, y: number, a: number, b: number, s: number): number => Math.exp(-((x - a) ** 2 + (y - b) ** 2) / (2 * s * s));
  const of = (f: (x: number, y: number) => number): Float64Array => {
    const m = Float64Array.from({ length: n * n }, (_, i) => f((Math.floor(i / n) + 0.5) / n, ((i % n) + 0.5) / n));
    const s = sum(m);
    return m.map((v) => v / s);
  };
  return [
    of((x, y) => 1e-3 + g(x, y, 0.3, 0.3, 0.1) + 0.5 * g(x, y, 0.7, 0.25, 0.07)),
    of((x, y) => 1e-3 + g(x, y, 0.6, 0.7, 0.12) + 0.7 * g(x, y, 0.25, 0.75, 0.06)),
  ];
}

describe("A28.3: exact W_2^2 on n x n grids", () => {
  test.each([
    [16, 0.2053341213],
    [32, 0.2040896794],
    [64, 0.2037663713],
  ])("n = %i: %f, with the masses cut to 1e-10 as they were there", (n, want) => {
    const [a, b] = bumps(n).map((m) => m.map((v) => Math.floor(v * 1e10))) as [Float64Array, Float64Array];
    b[b.indexOf(Math.max(...b))]! += sum(a) - sum(b);
    const r = imageDistance(a, b, { shape: [n, n] });
    expect(r.status).toBe("optimal");
    expect(Math.abs(r.value / sum(a) - want)).toBeLessThan(1e-8);
  });
  test.each([
    [16, 0.205334118221],
    [32, 0.204089664366],
    [64, 0.203766311003],
  ])("n = %i: with all digits of the masses the dual proves the value", (n, want) => {
    const [a, b] = bumps(n);
    const r = imageDistance(a, b, { shape: [n, n] });
    expect(r.gap).toBeLessThan(1e-12);
    expect(r.gap).toBeGreaterThan(-1e-13);
    expect(Math.abs(r.value - want)).toBeLessThan(1e-11);
    // masses are multiples of 2^-50: half of that a point
    expect(r.defect[0] + r.defect[1]).toBeLessThan(2 * n * n * 2 ** -51);
  });
});

/** random masses, some of them zero; equal sums */
function noisy(seed: number, n: number, empty: number): Float64Array {
  const u = portableUniform(seed);
  const m = Float64Array.from({ length: n }, () => (u() < empty ? 0 : u()));
  m[0] = m[0]! + 0.1;
  const s = sum(m);
  return m.map((v) => v / s);
}
const onCells = (shape: readonly number[], lower: readonly number[], upper: readonly number[], mass: Float64Array): Measure => {
  const space = makeBox({ lower: [...lower], upper: [...upper], cells: [...shape], periodic: shape.map(() => false) });
  return { rep: "cells", space, rho: mass.map((v, i) => v / space.cells!.volume[i]!) };
};

describe("against the linear program (HiGHS)", () => {
  test.each([
    ["one grid", [5, 6], [5, 6], [0, 0], [1, 1], 0],
    ["empty points", [5, 6], [5, 6], [0, 0], [1, 1], 0.5],
    ["nearly all empty", [7, 6], [7, 6], [0, 0], [1, 1], 0.85],
    ["different grids", [4, 6], [7, 3], [0.3, -0.2], [2, 1.1], 0.2],
    ["one row", [1, 9], [1, 9], [0, 0], [1, 1], 0.2],
    ["one column against a block", [9, 1], [3, 4], [0, 0], [1, 2], 0.2],
  ] as const)("%s", async (_, shape, other, lower, upper, empty) => {
    for (const seed of [1, 2]) {
      const p = transportProblem({
        from: onCells(shape, [0, 0], [1, 1.5], noisy(seed, shape[0] * shape[1], empty)),
        to: onCells(other, lower, upper, noisy(seed + 10, other[0] * other[1], empty)),
      });
      const r = await pace(solver.solve(p, {}));
      const side = (m: Measure) => {
        const s = atoms(gridMass(m, "side"));
        return { n: s.n, x: s.x, weight: s.weight };
      };
      const best = (await linearProgram(p.cost, side(p.from), side(p.to)))!;
      expect(r.status).toBe("optimal");
      expect(Math.abs(r.value - best)).toBeLessThan(1e-9);
      expect(Math.abs(r.gap)).toBeLessThan(1e-13);
      expect(r.defect[0] + r.defect[1]).toBeLessThan(1e-13);
      // feasible between all points, empty ones too
      const [a, b] = [atoms(gridMass(p.from, "from")), atoms(gridMass(p.to, "to"))];
      const top = cTransform(p.cost, a, b, r.potentials!.f);
      expect(Math.max(...r.potentials!.g.map((v, j) => v - top[j]!))).toBeLessThan(1e-13);
    }
  });
});

describe("closed forms", () => {
  test("ties everywhere: a block moved by (3, 5) cells", () => {
    const a = new Float64Array(256);
    const b = new Float64Array(256);
    for (let i = 0; i < 9; i++) for (let j = 0; j < 8; j++) b[(i + 3) * 16 + j + 5] = a[i * 16 + j] = 1;
    const r = imageDistance(a, b, { shape: [16, 16], lower: [0, 0], upper: [16, 16] });
    expect(r.value).toBe(72 * 34);
    expect(Math.abs(r.gap)).toBeLessThan(1e-10);
  });
  test("all mass in one point: (n^2 - 1) / 6 n^2 from the uniform square", () => {
    const b = new Float64Array(441);
    b[220] = 1;
    const r = imageDistance(new Float64Array(441).fill(1 / 441), b, { shape: [21, 21] });
    expect(Math.abs(r.value - (441 - 1) / (6 * 441))).toBeLessThan(441 * 2 ** -51);
  });
  test("the same image: 0, and so do Diracs in place", () => {
    const a = noisy(4, 400, 0.3);
    const r = imageDistance(a, a, { shape: [20, 20] });
    expect(r.value).toBe(0);
    expect(Math.abs(r.dual)).toBeLessThan(1e-15);
    const d = new Float64Array(400);
    d[7] = 2;
    expect(imageDistance(d, d, { shape: [20, 20] }).value).toBe(0);
  });
  test("masses other than one scale the value; turned images have the same distance", () => {
    const [a, b] = [noisy(5, 196, 0.2), noisy(6, 196, 0.2)];
    const one = imageDistance(a, b, { shape: [14, 14] }).value;
    const five = (m: Float64Array) => m.map((v) => 5 * v);
    expect(Math.abs(imageDistance(five(a), five(b), { shape: [14, 14] }).value - 5 * one)).toBeLessThan(1e-12);
    const turned = (m: Float64Array) => Float64Array.from({ length: 196 }, (_, k) => m[(k % 14) * 14 + 13 - Math.floor(k / 14)]!);
    expect(Math.abs(imageDistance(turned(a), turned(b), { shape: [14, 14] }).value - one)).toBeLessThan(1e-13);
  });
  test("back-and-forth brackets: the continuous lower bound is below, its own plan and dual enclose the optimum", async () => {
    const [a, b] = bumps(32);
    const p = transportProblem({ from: onCells([32, 32], [0, 0], [1, 1], a), to: onCells([32, 32], [0, 0], [1, 1], b) });
    const exact = await pace(solver.solve(p, {}));
    const maps = await pace(built(backAndForth, { turns: 40, residual: 0, gain: 1e-8, plan: "map" }).solve(p, {}));
    expect(maps.dual).toBeLessThan(exact.value);
    expect(maps.value).toBeGreaterThan(exact.value - 1e-13);
    expect(maps.figures["dual between cell centres"]!).toBeLessThan(exact.value + 1e-13);
    expect(exact.value - maps.figures["dual between cell centres"]!).toBeLessThan(3e-4);
  });
  test("the gradient of the value in the weights is the potential: a central difference of moving mass between two cells", () => {
    const [a, b] = bumps(16);
    const r = imageDistance(a, b, { shape: [16, 16] });
    const t = 1e-7;
    const moved = (s: number) => {
      const m = a.slice();
      m[40]! += s;
      m[200]! -= s;
      return imageDistance(m, b, { shape: [16, 16] }).value;
    };
    expect(Math.abs((moved(t) - moved(-t)) / (2 * t) - (r.potentials!.f[40]! - r.potentials!.f[200]!))).toBeLessThan(1e-6);
  });
});

test("random images of all shapes, nearly empty, with ties, or over nine decades: the dual proves every value, and the bracket of back-and-forth holds it", () => {
  const u = portableUniform(31);
  for (let k = 0; k < 24; k++) {
    const shape = [1 + Math.floor(u() * 20), 1 + Math.floor(u() * 20)];
    const n = shape[0]! * shape[1]!;
    const empty = 0.95 * u();
    const value = [() => u(), () => 1 + Math.floor(3 * u()), () => Math.exp(20 * u() - 20), () => 1][k % 4]!;
    const draw = (): Float64Array => {
      const m = Float64Array.from({ length: n }, () => (u() < empty ? 0 : value()));
      if (sum(m) === 0) m[n - 1] = 1;
      const s = sum(m);
      return m.map((v) => v / s);
    };
    const [a, b] = [draw(), draw()];
    const r = imageDistance(a, b, { shape });
    expect(r.status).toBe("optimal");
    expect(Math.abs(r.gap)).toBeLessThan(1e-12);
    const maps = mapBetween(a, b, { shape, most: 6 });
    expect(maps.dual).toBeLessThan(r.value + 1e-12);
    expect(maps.value).toBeGreaterThan(r.value - 1e-12);
    expect(maps.figures["dual between cell centres"]!).toBeLessThan(r.value + 1e-12);
  }
});
test("plans handed down keep both marginals and have no cycles", () => {
  const shape = [11, 7] as const;
  const lattice = { shape, origin: [0, 0], h: [1, 1] } as const;
  const whole = (m: Float64Array) => ({ lattice, mass: wholeMass(m, sum(m)) });
  const [X, Y] = [whole(noisy(7, 77, 0.3)), whole(noisy(8, 77, 0.3))];
  const half = (w: typeof X) => ({ lattice: coarser(w.lattice), mass: coarserMass(w.lattice, w.mass) });
  const [x, y] = [half(X), half(Y)];
  const fine = handDown(firstForest(x, y), x, X, y, Y);
  const [p, q] = [new Float64Array(77), new Float64Array(77)];
  for (let e = 0; e < fine.count; e++) {
    p[fine.from[e]!]! += fine.mass[e]!;
    q[fine.to[e]!]! += fine.mass[e]!;
  }
  expect([...p]).toEqual([...X.mass]);
  expect([...q]).toEqual([...Y.mass]);
  const points = X.mass.filter((m) => m > 0).length + Y.mass.filter((m) => m > 0).length;
  expect(fine.count).toBeLessThan(points);
});
test("masses as whole numbers sum to 2^50 exactly", () => {
  const w = wholeMass(noisy(9, 1000, 0.1), 1);
  expect(sum(w)).toBe(2 ** 50);
});
test("stops when asked, with a plan that fits and a bracket", () => {
  const [a, b] = bumps(32);
  const r = imageDistance(a, b, { shape: [32, 32], maxIterations: 500 });
  expect(r.status).toBe("max-iterations");
  expect(r.defect[0] + r.defect[1]).toBeLessThan(1e-12);
  expect(r.dual).toBeLessThan(0.204089664366);
  expect(r.value).toBeGreaterThan(0.204089664366);
  const stopped = imageDistance(a, b, { shape: [32, 32], signal: { aborted: true } });
  expect(stopped.status).toBe("aborted");
  expect(stopped.gap).toBeGreaterThan(0);
});
test("bad input is told apart, and what is not a grid problem is refused", () => {
  const ok = new Float64Array(4).fill(1);
  const message = (run: () => unknown): string => {
    try {
      run();
    } catch (e) {
      return isOttoflowError(e) ? `${e.tag} ${e.message}` : "untagged";
    }
    return "none";
  };
  expect(message(() => imageDistance([1, Number.NaN, 1, 1], ok, { shape: [2, 2] }))).toMatch(/SpecError.*from\[0\]\[1\].*NaN/);
  expect(message(() => imageDistance(ok, [2, 3, -1, 0], { shape: [2, 2] }))).toMatch(/SpecError.*to\[1\]\[0\].*-1/);
  expect(message(() => imageDistance(ok, [1, 1, 1, 1.5], { shape: [2, 2] }))).toMatch(/mass 4\.5/);
  expect(message(() => imageDistance(ok, [1, 1, 1], { shape: [2, 2] }))).toMatch(/ShapeError/);
  const p = transportProblem({ from: onCells([2, 2], [0, 0], [1, 1], noisy(1, 4, 0)), to: onCells([2, 2], [0, 0], [1, 1], noisy(2, 4, 0)) });
  expect(solver.refuses(p)).toBeNull();
  expect(solver.refuses({ ...p, cost: powerCost(1) })).toContain("|x - y|^2");
  expect(solver.refuses({ ...p, epsilon: 0.1 })).toContain("entropy");
});
