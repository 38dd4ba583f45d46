import { describe, expect, test } from "vitest";
import type { Law } from "../contract.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { storeCells } from "./store.ts";
import { paintPixels, readStroke, type Stroke, strokes, strokesLaw, writeStroke } from "./strokes.ts";

const line = { lower: [-2], h: [4 / 256], shape: [256] };
const plane = { lower: [-2, -2], h: [4 / 128, 4 / 128], shape: [128, 128] };
const stroke = (text: string, dim = 1): Stroke => readStroke(text, dim);
const boxOf = (law: Law, lo: number[], hi: number[]): number => {
  const out = new Float64Array(1);
  law.boxMass!(1, Float64Array.from(lo), Float64Array.from(hi), out);
  return out[0]!;
};

describe("on the line", () => {
  test("a hard stroke from a to b is the uniform law on [a - r, b + r]", () => {
    const law = strokesLaw(line, [stroke("paint disc 0.5 3: -0.5, 0.75")], { mass: 2 });
    // [-1, 1.25] has length 2.25
    expect(boxOf(law, [-9], [9])).toBeCloseTo(2, 13);
    expect(boxOf(law, [-0.3], [0.7])).toBeCloseTo(2 / 2.25, 13);
    const level = Float64Array.of(0.1, 0.5, 0.9);
    law.quantile!(3, level, level);
    [0.1, 0.5, 0.9].forEach((a, i) => {
      expect(level[i]).toBeCloseTo(-1 + 2.25 * a, 12);
    });
  });
  test("a soft dot is a Gaussian of deviation radius / 2, to the pixels' h^2 / 12", () => {
    const { mean, cov } = strokesLaw(line, [stroke("paint soft 0.4 1: 0.1")]).moments!;
    expect(mean[0]).toBeCloseTo(0.1, 12);
    expect(cov[0]).toBeCloseTo(0.04 + line.h[0]! ** 2 / 12, 11);
  });
  test("erasing by a half leaves halves: masses 2 : 1 of equal lengths", () => {
    const law = strokesLaw(line, [stroke("paint disc 1 1: 0"), stroke("erase disc 0.5 0.5: 0.5")]);
    expect(boxOf(law, [-1], [0]) / boxOf(law, [0], [1])).toBeCloseTo(2, 13);
    const all = strokesLaw(line, [stroke("paint disc 1 1: 0"), stroke("erase disc 0.5 1: 0.5")]);
    expect(boxOf(all, [0], [2])).toBe(0);
  });
  test("order counts: what is painted after an eraser stays", () => {
    const [paint, erase] = [stroke("paint disc 0.5 1: 0"), stroke("erase disc 0.25 1: 0")];
    const both = (a: readonly Stroke[]): number => paintPixels(line, a).reduce((s, v) => s + v, 0) * line.h[0]!;
    expect(both([erase, paint])).toBeCloseTo(1, 13);
    expect(both([paint, erase])).toBeCloseTo(0.5, 13);
  });
});

describe("in the plane", () => {
  test("a soft dot: mean, and covariance (r/2)^2 + h^2/12 without correlation", () => {
    const { mean, cov } = strokesLaw(plane, [stroke("paint soft 0.3 1: 0.2 -0.4", 2)]).moments!;
    expect(mean[0]).toBeCloseTo(0.2, 12);
    expect(mean[1]).toBeCloseTo(-0.4, 12);
    const variance = 0.0225 + plane.h[0]! ** 2 / 12;
    // the brush ends at 4 radii, where it is 1.3e-14
    [variance, 0, 0, variance].forEach((v, i) => {
      expect(cov[i]).toBeCloseTo(v, 10);
    });
  });
  test("a hard stroke covers its capsule 2 r L + pi r^2, up to pixels on its edge", () => {
    const area = paintPixels(plane, [stroke("paint disc 0.5 1: -1 0, 1 0.5", 2)]).reduce((s, v) => s + v, 0) * plane.h[0]! * plane.h[1]!;
    const capsule = 2 * 0.5 * Math.hypot(2, 0.5) + Math.PI * 0.25;
    expect(Math.abs(area / capsule - 1)).toBeLessThan(0.01);
  });
  test("along a straight soft stroke the density is that of its middle: points in between change nothing", () => {
    const a = paintPixels(plane, [stroke("paint soft 0.3 1: -1 0, 1 0", 2)]);
    const b = paintPixels(plane, [stroke("paint soft 0.3 1: -1 0, -0.5 0, 0.25 0, 1 0", 2)]);
    expect(Math.max(...a.map((v, i) => Math.abs(v - b[i]!)))).toBeLessThan(1e-14);
  });
  test("cells of any grid receive exact shares: all mass arrives", () => {
    const law = strokesLaw(plane, [stroke("paint disc 0.5 1: 0 0", 2)], { mass: 3 });
    const box = makeBox({ lower: [-2, -2], upper: [2, 2], cells: [23, 17] });
    const rho = new Float64Array(23 * 17);
    storeCells(law, box, rho);
    expect(rho.reduce((s, v, i) => s + v * box.cells!.volume[i]!, 0)).toBeCloseTo(3, 12);
  });
});

describe("text", () => {
  test("what is written is read back", () => {
    const one = stroke("erase soft 0.25 0.5: 0.1 -2e-3, 4 5", 2);
    expect(one).toEqual({
      act: "erase",
      brush: "soft",
      radius: 0.25,
      strength: 0.5,
      points: [
        [0.1, -0.002],
        [4, 5],
      ],
    });
    expect(readStroke(writeStroke(one), 2)).toEqual(one);
  });
  test.each([
    ["paint soft 0.2: 0", /four words/],
    ["smear soft 0.2 1: 0", /got "smear"/],
    ["paint hard 0.2 1: 0", /got "hard"/],
    ["paint soft -1 1: 0", /the radius is -1/],
    ["erase soft 1 2: 0", /the strength is 2/],
    ["paint soft 1 1: 0 1", /not 1 coordinates/],
    ["paint soft 1 1: 1e999", /not 1 coordinates/],
    ["paint soft 1 1: x", /"x" is no number/],
  ])("%s is refused", (text, words) => {
    expect(() => stroke(text)).toThrow(words);
  });
  test("an empty canvas, a canvas without a box, three axes", () => {
    const build = (values: object, space: ReturnType<typeof makeFree>): Law =>
      (strokes.build as (v: object, c: object) => Law)({ mass: 1, placement: "random", ...values }, { dim: space.dim, space });
    expect(() => strokesLaw(line, [stroke("paint disc 0.1 1: 9")])).toThrow(/nothing on the canvas/);
    expect(() => build({ strokes: ["paint disc 0.1 1: 0"] }, makeFree(1))).toThrow(/needs its canvas/);
    expect(() => build({ strokes: ["paint disc 0.1 1: 0"] }, makeFree(3))).toThrow(/line or in the plane/);
  });
});
