import { expect, test } from "vitest";
import { dot, sum } from "./reductions.ts";
import { axisOf, limitedSlopes, subtractDivergence, upwindFlow } from "./stencil.ts";
import { solveTridiagonals } from "./tridiagonal.ts";

test("sums of whole numbers are exact, and a long sum of tenths is right to a few units", () => {
  const n = 10_000;
  const whole = Float64Array.from({ length: n }, (_, i) => i + 1);
  expect(sum(n, whole)).toBe((n * (n + 1)) / 2);
  expect(dot(n, whole, whole)).toBe((n * (n + 1) * (2 * n + 1)) / 6);
  expect(Math.abs(sum(1e6, new Float64Array(1e6).fill(0.1)) - 1e5)).toBeLessThan(1e-8);
});

test.each([true, false])("tridiagonal systems, columns %s: the second difference of x (1 - x) / 2 is -1", (columns) => {
  const [n, count] = [49, 5];
  const h = 1 / (n + 1);
  const systems = columns ? { n, count, step: count, apart: 1 } : { n, count, step: 1, apart: n };
  const row = (v: number): Float64Array => new Float64Array(n * count).fill(v);
  const out = row(0);
  solveTridiagonals(systems, row(-1), row(2), row(-1), row(h * h), out, row(0));
  for (let s = 0; s < count; s++)
    for (let i = 0; i < n; i++) {
      const x = (i + 1) * h;
      expect(out[s * systems.apart + i * systems.step]).toBeCloseTo(0.5 * x * (1 - x), 14);
    }
});

test("slopes: exact on linear data, 0 at extrema and walls, within twice the smaller difference", () => {
  const axis = axisOf([6], 0, false);
  const slope = new Float64Array(6);
  limitedSlopes(axis, 2, Float64Array.of(0, 1, 2, 3, 2, 2.5), slope);
  expect([...slope]).toEqual([0, 1, 1, 0, 0, 0]);
  limitedSlopes(axis, 2, Float64Array.of(0, 1, 4, 13, 40, 121), slope);
  expect([...slope]).toEqual([0, 2, 6, 18, 54, 0]);
  limitedSlopes(axis, 1, Float64Array.of(0, -1, -4, -13, -40, -121), slope);
  expect([...slope]).toEqual([0, -1, -3, -9, -27, 0]);
});

test("flow: upwind by the sign of the drop, diffusion down the density; mass is kept on walls and circles of every axis", () => {
  const flow = new Float64Array(4);
  const rho = Float64Array.of(1, 2, 4, 8);
  const axis = axisOf([4], 0, false);
  upwindFlow(axis, 0, 3, rho, new Float64Array(4), Float64Array.of(1, -1, 0.5, 9), flow);
  expect([...flow]).toEqual([3 * 1, 3 * -4, 3 * 4 * 0.5, 0]);
  upwindFlow(axis, 0.5, 2, rho, new Float64Array(4), new Float64Array(4), flow);
  expect([...flow]).toEqual([-1, -2, -4, 0]);
  const shape = [3, 4, 5];
  for (const periodic of [true, false])
    for (let k = 0; k < 3; k++) {
      const n = 60;
      const [density, slope, faces] = [Float64Array.from({ length: n }, (_, i) => 1 + ((7 * i) % 11)), new Float64Array(n), new Float64Array(n)];
      const mass = sum(n, density);
      const along = axisOf(shape, k, periodic);
      limitedSlopes(along, 2, density, slope);
      upwindFlow(along, 1, 1, density, slope, Float64Array.from(density, Math.sin), faces);
      subtractDivergence(along, 0.125, faces, density);
      expect(sum(n, density)).toBeCloseTo(mass, 11);
    }
});
