import { describe, expect, test } from "vitest";
import { dot, sum } from "./reductions.ts";
import { rateRun, spreadRun, upwindRun } from "./stencil.ts";
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

describe("a run of faces", () => {
  const flow = new Float64Array(1);
  /** flow over the face between b and c of four cells a, b, c, d */
  const face = (cells: readonly number[], drop: number, noise: number, theta: number): number => {
    upwindRun(1, Float64Array.from(cells), 0, 1, 2, 3, Float64Array.of(0, drop, 0, 0), noise, 3, theta, flow);
    return flow[0]!;
  };
  test("diffusion: g noise (left - right)", () => {
    expect(face([9, 5, 3, 7], 0, 0.5, 2)).toBe(3 * 0.5 * 2);
  });
  test("linear data: the value at the face, from either side", () => {
    expect(face([1, 2, 3, 4], 1, 0, 2)).toBe(3 * 2.5);
    expect(face([1, 2, 3, 4], -1, 0, 2)).toBe(-3 * 2.5);
  });
  test("an extremum is not steepened; minmod takes the smaller difference, 2 at most twice it", () => {
    expect(face([3, 5, 4, 4], 1, 0, 2)).toBe(3 * 5);
    expect(face([0, 1, 4, 13], 1, 0, 1)).toBe(3 * 1.5);
    expect(face([0, 1, 4, 13], 1, 0, 2)).toBe(3 * 2);
    expect(face([0, 1, 4, 13], -1, 0, 2)).toBe(-3 * (4 - 3));
    expect(face([0, 1, 4, 13], -1, 0, 1)).toBe(-3 * (4 - 1.5));
  });
  test("what leaves one cell enters the next", () => {
    const out = Float64Array.of(1, 1, 1, 1);
    spreadRun(3, Float64Array.of(0.5, -0.25, 1), 0.5, 0, 1, out);
    expect([...out]).toEqual([0.75, 1.375, 0.375, 1.5]);
  });
  test("rate: twice the steepest fall, and diffusion through the faces there are", () => {
    const rate = new Float64Array(3);
    rateRun(1, Float64Array.of(0, 2, 1.5), Float64Array.of(1, 3, 1), Float64Array.of(9, 5, 9), 0, 1, 2, 4, 0.5, 2, rate);
    expect([...rate]).toEqual([0, 4 * (2 * 2 + 2 * (0.5 + 15)), 0]);
  });
});
