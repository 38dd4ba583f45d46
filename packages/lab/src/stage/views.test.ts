import { describe, expect, test } from "vitest";
import type { PlainFrame } from "../engine/messages.ts";
import { apartness, nearest } from "./apart.ts";
import { contour, contours } from "./contour.ts";
import { fanLevels, quantilesOf } from "./fan.ts";
import { coarser } from "./scene.ts";
import { trailsOf, wayColour } from "./trail.ts";
import { nearer } from "./zoom.ts";

const frame = (measure: PlainFrame["measure"], t = 0): PlainFrame => ({ t, index: 0, measure });

describe("contours by marching squares", () => {
  const n = 64;
  const field = (f: (x: number, y: number) => number) => ({
    shape: [n, n],
    lower: [-1, -1],
    h: [2 / n, 2 / n],
    rho: Float64Array.from({ length: n * n }, (_, i) => f(-1 + (2 / n) * (Math.floor(i / n) + 0.5), -1 + (2 / n) * ((i % n) + 0.5))),
  });
  test("of 1 - |x|^2 at 3/4: a circle of radius 1/2, as long as it is round", () => {
    const s = contour(
      field((x, y) => 1 - x * x - y * y),
      0.75,
    );
    let length = 0;
    for (let i = 0; i < s.length; i += 4) {
      length += Math.hypot(s[i + 2]! - s[i]!, s[i + 3]! - s[i + 1]!);
      expect(Math.hypot(s[i]!, s[i + 1]!)).toBeCloseTo(0.5, 2);
    }
    expect(length).toBeCloseTo(Math.PI, 2);
  });
  test("each line ends only at the edge of the grid: inside, every end is met by another", () => {
    const s = contour(
      field((x, y) => x * y),
      0.001,
    );
    const ends = new Map<string, number>();
    for (let i = 0; i < s.length; i += 2) {
      const key = `${s[i]!.toFixed(9)},${s[i + 1]!.toFixed(9)}`;
      ends.set(key, (ends.get(key) ?? 0) + 1);
    }
    const edge = 1 - 1 / n;
    for (const [key, count] of ends) {
      const [x, y] = key.split(",").map(Number) as [number, number];
      if (Math.max(Math.abs(x), Math.abs(y)) < edge - 1e-6) expect([key, count]).toEqual([key, 2]);
    }
  });
});
test("several contours in one pass are those of each level, saddles among them", () => {
  const n = 24;
  const rho = Float64Array.from({ length: n * n }, (_, i) => Math.sin(1.7 * Math.floor(i / n)) * Math.cos(1.3 * (i % n)) + 1);
  const field = { shape: [n, n], lower: [0, 0], h: [1, 1], rho };
  const pieces = (s: readonly number[]): string[] => Array.from({ length: s.length / 4 }, (_, i) => s.slice(4 * i, 4 * i + 4).join()).sort();
  const levels = [0.2, 0.9, 1, 1.6];
  const each = levels.flatMap((level) => pieces(contour(field, level))).sort();
  expect(each.length).toBeGreaterThan(400);
  expect(pieces(contours(field, levels))).toEqual(each);
});
test("steps narrower than a pixel are joined: the mass stays, and no step is narrower but the last", () => {
  const n = 3000;
  const x = Float64Array.from({ length: n + 1 }, (_, i) => ((2 * i) / n - 1) ** 3);
  const y = Float64Array.from({ length: n }, (_, i) => 1 + Math.sin(i));
  const mass = (c: { x: Float64Array; y: Float64Array }): number => c.y.reduce((s, v, i) => s + v * (c.x[i + 1]! - c.x[i]!), 0);
  const c = coarser({ x, y, steps: true }, 0.01);
  expect(mass(c)).toBeCloseTo(mass({ x, y }), 12);
  expect([c.x[0], c.x.at(-1)]).toEqual([-1, 1]);
  expect(c.y.length).toBeLessThanOrEqual(200);
  for (let i = 0; i + 1 < c.y.length; i++) expect(c.x[i + 1]! - c.x[i]!).toBeGreaterThanOrEqual(0.01);
});
describe("quantiles of a frame", () => {
  test("a Gaussian by its table, and by nodes and cells that store it", () => {
    const g = quantilesOf(frame({ rep: "gaussian", rows: { mean: Float64Array.of(2), cov: Float64Array.of(4) } }), fanLevels, null);
    expect(g[4]).toBeCloseTo(2, 3);
    expect(g[8]! - g[0]!).toBeCloseTo(2 * 2 * 2.326348, 2);
  });
  test("cells: uniform on [0, 2] has its quantiles at twice the levels", () => {
    const q = quantilesOf(frame({ rep: "cells", rows: { rho: Float64Array.of(0.5, 0.5, 0.5, 0.5) } }), [0.1, 0.5, 0.9], {
      lower: [0],
      h: [0.5],
      shape: [4],
      periodic: [false],
    });
    expect(Array.from(q)).toEqual([0.2, 1, 1.8].map((v) => expect.closeTo(v, 12)));
  });
  test("particles with weights 1/4 and 3/4", () =>
    expect(
      Array.from(quantilesOf(frame({ rep: "particles", n: 2, rows: { x: Float64Array.of(5, 1), weight: Float64Array.of(0.75, 0.25) } }), [0.2, 0.3], null)),
    ).toEqual([1, 5]));
});
describe("trails", () => {
  test("a quarter of the way is a quarter of the colour, however fast it was gone", () => {
    const at = (x: number) => frame({ rep: "particles", n: 1, rows: { x: Float64Array.of(x, 0), weight: Float64Array.of(1) } });
    expect(trailsOf([at(0), at(1), at(4)], 10).gone.map((row) => row[0])).toEqual([0, 0.25, 1]);
    expect(wayColour(0, false)).toBe("rgb(209 40 27)");
    expect(wayColour(1, false)).toBe("rgb(21 86 192)");
  });
});
test("zooming keeps what is under the pointer", () => {
  const r = nearer({ lo: 0, hi: 10 }, { lo: 0, hi: 10 }, 2.5, 2);
  expect(r).toEqual({ lo: 1.25, hi: 6.25 });
  expect(nearer(r, { lo: 0, hi: 10 }, 2.5, 0.5)).toEqual({ lo: 0, hi: 10 });
});
test("two runs are compared at the frames nearest in time, and say when they are not the same", () => {
  const at = (t: number) => frame({ rep: "particles", n: 0, rows: {} }, t);
  const frames = [0, 0.1, 0.2, 0.30000000000000004].map(at);
  expect([0.04, 0.06, 0.3, 9].map((t) => nearest(frames, t)!.t)).toEqual([0, 0.1, 0.30000000000000004, 0.30000000000000004]);
  expect(nearest([], 1)).toBeNull();
  expect(apartness(0.3, 0.30000000000000004)).toBe("at t = 0.3");
  expect(apartness(0.26, 0.265)).toBe("between t = 0.26 and 0.265");
});
