import { describe, expect, test } from "vitest";
import { isOttoflowError } from "../../errors.ts";
import { pace } from "../../pace.ts";
import { makeBox } from "../../space/box.ts";
import { cTransform } from "../certificate.ts";
import { powerCost } from "../cost.ts";
import { atoms } from "../grid/points.ts";
import { barycentric, marginalsOf } from "../plan.ts";
import { transportProblem } from "../problem.ts";
import { backAndForth, mapBetween } from "./back-and-forth.ts";

const normalised = (m: Float64Array): Float64Array => {
  const s = m.reduce((a, b) => a + b, 0);
  return m.map((v) => v / s);
};
/** masses of f on n x n cells of [lower, upper]^2 by k x k midpoints per cell */
function sampled(n: number, lower: number, upper: number, f: (x: number, y: number) => number, k = 8): Float64Array {
  const h = (upper - lower) / n;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n * k; i++)
    for (let j = 0; j < n * k; j++) out[Math.floor(i / k) * n + Math.floor(j / k)]! += f(lower + ((i + 0.5) * h) / k, lower + ((j + 0.5) * h) / k);
  return normalised(out);
}
const gauss = (mx: number, my: number, sx: number, sy: number) => (x: number, y: number) => Math.exp(-0.5 * (((x - mx) / sx) ** 2 + ((y - my) / sy) ** 2));
const square = (n: number) => ({ shape: [n, n] });

describe("the bracket holds known distances between densities", () => {
  test("a density moved by whole cells: W_2^2 = |shift|^2, from above to a rounding", () => {
    const a = sampled(32, 0, 1, (x, y) => (x < 0.5 && y < 0.6 ? gauss(0.25, 0.3, 0.1, 0.12)(x, y) : 0), 1);
    const b = new Float64Array(1024);
    for (let i = 0; i < 16; i++) for (let j = 0; j < 20; j++) b[(i + 13) * 32 + j + 8] = a[i * 32 + j]!;
    const want = (13 / 32) ** 2 + (8 / 32) ** 2;
    const r = mapBetween(a, b, square(32));
    expect(Math.abs(r.value - want)).toBeLessThan(1e-12);
    expect(r.dual).toBeLessThan(want);
    // the trapezoidal rule loses 2 (2 + 2) / 12 of the squared width of the parts for the identity, 1e-5
    expect(want - r.dual).toBeLessThan(3e-5);
    const out = new Float64Array(2);
    r.map!(1, Float64Array.of(0.25, 0.3), out);
    expect(Math.abs(out[0]! - 0.25 - 13 / 32) + Math.abs(out[1]! - 0.3 - 8 / 32)).toBeLessThan(1e-9);
  });
  test("Gaussians on grids against Bures: the lower bound to the square of the cell width, the upper above", () => {
    const exact = 0.1 ** 2 + 0.05 ** 2 + (0.06 - 0.09) ** 2 + (0.1 - 0.07) ** 2;
    const off = [32, 64].map((n) => {
      const r = mapBetween(sampled(n, 0, 1, gauss(0.45, 0.5, 0.06, 0.1), 4), sampled(n, 0, 1, gauss(0.55, 0.55, 0.09, 0.07), 4), square(n));
      expect(r.dual).toBeLessThan(exact);
      expect(r.value).toBeGreaterThan(exact);
      expect(r.value - exact).toBeLessThan(0.1 / n);
      return exact - r.dual;
    });
    const order = Math.log2(off[0]! / off[1]!);
    expect(order).toBeGreaterThan(1.5);
    expect(order).toBeLessThan(2.5);
  });
  test("with the exact plan between centres the whole bracket shrinks with the square of the cell width", () => {
    const exact = 0.1 ** 2 + 0.05 ** 2 + (0.06 - 0.09) ** 2 + (0.1 - 0.07) ** 2;
    const gap = [24, 48].map((n) => {
      const r = mapBetween(sampled(n, 0, 1, gauss(0.45, 0.5, 0.06, 0.1), 4), sampled(n, 0, 1, gauss(0.55, 0.55, 0.09, 0.07), 4), { ...square(n), exact: true });
      expect(r.dual).toBeLessThan(exact);
      expect(r.value).toBeGreaterThan(exact);
      return r.gap;
    });
    const order = Math.log2(gap[0]! / gap[1]!);
    expect(order).toBeGreaterThan(1.6);
    expect(order).toBeLessThan(2.4);
  });
  test("A27: unit disk to the ring 1 < r < sqrt 2, W_2^2 = 0.3193664499501", () => {
    const r = mapBetween(
      sampled(96, -1.5, 1.5, (x, y) => (x * x + y * y < 1 ? 1 : 0)),
      sampled(96, -1.5, 1.5, (x, y) => (x * x + y * y > 1 && x * x + y * y < 2 ? 1 : 0)),
      { shape: [96, 96], lower: [-1.5, -1.5], upper: [1.5, 1.5] },
    );
    expect(r.dual).toBeLessThan(0.3193664499501 + 1e-3);
    expect(r.value).toBeGreaterThan(0.3193664499501 - 1e-3);
    expect(r.gap).toBeLessThan(0.01);
    const out = new Float64Array(2);
    r.map!(1, Float64Array.of(0.6, 0.3), out);
    const radius = Math.hypot(0.6, 0.3);
    const scale = Math.sqrt(1 + radius * radius) / radius;
    expect(Math.hypot(out[0]! - 0.6 * scale, out[1]! - 0.3 * scale)).toBeLessThan(0.03);
  });
  test("on the line: uniform [0, 1/2] to uniform [0, 1], 1 / 12", () => {
    const n = 64;
    const a = normalised(Float64Array.from({ length: n }, (_, i) => (i < n / 2 ? 1 : 0)));
    const r = mapBetween(a, new Float64Array(n).fill(1 / n), { shape: [n], lower: [0], upper: [1] });
    expect(r.dual).toBeLessThan(1 / 12);
    expect(r.value).toBeGreaterThan(1 / 12);
    expect(r.gap).toBeLessThan(2e-4);
  });
  test("A27: uniform square to nearly an atom at its centre, 1/6 less what a cell holds", () => {
    const n = 33;
    const b = new Float64Array(n * n);
    b[16 * n + 16] = 1;
    const r = mapBetween(new Float64Array(n * n).fill(1 / (n * n)), b, square(n));
    // between centres: (n^2 - 1) / 6 n^2; a square onto a smaller square of width 1 / n: (1 - 1 / n)^2 / 6
    expect(Math.abs(r.value - (n * n - 1) / (6 * n * n))).toBeLessThan(1e-12);
    expect(r.dual).toBeLessThan((1 - 1 / n) ** 2 / 6);
    // potentials at two points of that axis know no curvature
    expect(r.dual).toBeGreaterThan(0.12);
  });
});

describe("what is returned", () => {
  const n = 24;
  const a = sampled(n, 0, 1, gauss(0.3, 0.3, 0.12, 0.2), 1).map((v) => 3 * v);
  const b = sampled(n, 0, 1, (x, y) => gauss(0.7, 0.6, 0.1, 0.1)(x, y) + gauss(0.2, 0.8, 0.08, 0.1)(x, y), 1).map((v) => 3 * v);
  const r = mapBetween(a, b, square(n));
  test("marginals of the plan hold to a rounding, masses other than one are kept", () => {
    expect(r.defect[0] + r.defect[1]).toBeLessThan(1e-12);
    const [p] = marginalsOf(r.plan!);
    expect(Math.abs(p.reduce((s, v) => s + v, 0) - 3)).toBeLessThan(1e-12);
  });
  test("potentials are feasible between all cells, empty or not", () => {
    const lattice = { shape: [n, n], origin: [0.5 / n, 0.5 / n], h: [1 / n, 1 / n] } as const;
    const side = atoms({ lattice, mass: a, total: 3 });
    const best = cTransform(powerCost(2), side, side, r.potentials!.f);
    expect(Math.max(...r.potentials!.g.map((v, j) => v - best[j]!))).toBeLessThan(1e-13);
  });
  test("the map is near the barycentric projection of the plan where there is mass", () => {
    const centre = makeBox({ lower: [0, 0], upper: [1, 1], cells: [n, n], periodic: [false, false] }).cells!.centre;
    const mean = barycentric(r.plan!, 2, centre);
    const out = new Float64Array(2 * n * n);
    r.map!(n * n, centre, out);
    let off = 0;
    for (let i = 0; i < n * n; i++) off += (a[i]! / 3) * ((mean[i]! - out[i]!) ** 2 + (mean[n * n + i]! - out[n * n + i]!) ** 2);
    expect(Math.sqrt(off)).toBeLessThan(1 / n);
  });
  test("the unit gives the same answer for measures on cells, and refuses what it cannot take", async () => {
    const space = makeBox({ lower: [0, 0], upper: [1, 1], cells: [n, n], periodic: [false, false] });
    const measure = (m: Float64Array) => ({ rep: "cells" as const, space, rho: m.map((v) => v * n * n) });
    const solver = (backAndForth.build as (v: unknown, c: unknown) => import("../../contract.ts").TransportSolver)(
      { turns: 40, residual: 0, gain: 1e-8, plan: "map" },
      {},
    );
    const p = transportProblem({ from: measure(a), to: measure(b) });
    const same = await pace(solver.solve(p, {}));
    expect(Math.abs(same.value - r.value) + Math.abs(same.dual - r.dual)).toBeLessThan(1e-10);
    expect(solver.refuses({ ...p, epsilon: 1 })).toContain("entropy");
    expect(solver.refuses({ ...p, cost: powerCost(1) })).toContain("|x - y|^2");
  });
});

test("bad input is told apart: NaN, negative masses, none at all, unequal masses, sizes", () => {
  const ok = new Float64Array(4).fill(1);
  const fails = (a: ArrayLike<number>, b: ArrayLike<number>, tag: "SpecError" | "ShapeError", words: RegExp) => {
    try {
      mapBetween(a, b, square(2));
    } catch (e) {
      expect(isOttoflowError(e, tag)).toBe(true);
      expect((e as Error).message).toMatch(words);
      return;
    }
    throw new Error("no error");
  };
  fails([1, Number.NaN, 1, 1], ok, "SpecError", /from\[0\]\[1\].*NaN/);
  fails(ok, [1, 1, -1, 3], "SpecError", /to\[1\]\[0\].*-1/);
  fails([0, 0, 0, 0], ok, "SpecError", /no mass/);
  fails([1, 1, 1, 2], ok, "SpecError", /mass 4 .*5/);
  fails([1, 1, 1], ok, "ShapeError", /3 values when expected 4/);
  expect(() => mapBetween(ok, ok, { shape: [2, 0] })).toThrow(/positive whole/);
});
