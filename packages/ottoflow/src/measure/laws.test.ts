import { encode as encodePng } from "fast-png";
import { describe, expect, test } from "vitest";
import type { Law } from "../contract.ts";
import type { Context, Unit } from "../define.ts";
import { makeFormula } from "../formula/formula.ts";
import type { Formula } from "../params.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { affineLaw } from "./affine.ts";
import { densityLaw } from "./density-law.ts";
import { distanceOnLine } from "./distance.ts";
import { formula } from "./formula.ts";
import { gaussian, gaussianLaw } from "./gaussian.ts";
import { gridLaw } from "./grid-law.ts";
import { image, imageLaw } from "./image.ts";
import { mixtureLaw } from "./mixture.ts";
import { pointsLaw } from "./points.ts";
import { samples } from "./samples.ts";
import { storeCells, storeParticles } from "./store.ts";
import { uniform, uniformBox } from "./uniform.ts";

const formulaOf = (text: string, dim: number): Formula => makeFormula(text, { of: "x", dim });
const build = (unit: Unit<"law">, values: object, context: Context): Law =>
  (unit.build as (v: object, c: Context) => Law)({ mass: 1, placement: "random", ...values }, context);
const square = makeBox({ lower: [0, 0], upper: [2, 1], cells: [4, 2] });
const cellsOf = (law: Law, space = square): Float64Array => {
  const rho = new Float64Array(space.cells!.n);
  storeCells(law, space, rho);
  return rho;
};

describe("formula", () => {
  const line = makeBox({ lower: [0], upper: [1], cells: [8] });
  const at = { dim: 1, space: line };
  test("normalised on the box: 1 + cos(2 pi x) / 2, cell averages exact", () => {
    const rho = cellsOf(build(formula, { formula: formulaOf("2 + cos(2*pi*x)", 1) }, at), line);
    for (let i = 0; i < 8; i++) {
      const mean = 1 + (8 * (Math.sin((2 * Math.PI * (i + 1)) / 8) - Math.sin((2 * Math.PI * i) / 8))) / (4 * Math.PI);
      expect(rho[i]).toBeCloseTo(mean, 12);
    }
  });
  test("masses by quadrature are not called exact, alone or in a mixture", () => {
    const law = build(formula, { formula: formulaOf("2 + cos(2*pi*x)", 1) }, at);
    for (const l of [law, mixtureLaw([law, uniformBox([0], [1])]), affineLaw(law, [1], [0])])
      expect(storeCells(l, line, new Float64Array(8)).how).toBe("estimated");
    expect(storeCells(uniformBox([0], [1]), line, new Float64Array(8)).how).toBe("proved");
  });
  test("quantiles invert the integral: rho = 2x has Q = sqrt(s)", () => {
    const law = build(formula, { formula: formulaOf("x", 1) }, at);
    const level = Float64Array.of(1e-8, 0.01, 0.5, 0.99);
    law.quantile!(4, level, level);
    [1e-4, 0.1, Math.SQRT1_2, Math.sqrt(0.99)].forEach((v, i) => {
      expect(level[i]).toBeCloseTo(v, 10);
    });
  });
  test("negative and undefined values are refused with their place", () => {
    expect(() => build(formula, { formula: formulaOf("x - 0.5", 1) }, at)).toThrow(/density is -0\.\d+ at x = \(0\.\d+/);
    expect(() => build(formula, { formula: formulaOf("log(x - 0.5)", 1) }, at)).toThrow(/NaN|-Infinity|-\d/);
    expect(() => build(formula, { formula: formulaOf("0*x", 1) }, at)).toThrow(/integrates to 0/);
    expect(() => build(formula, { formula: formulaOf("x", 1) }, { dim: 1, space: makeFree(1) })).toThrow(/give lower and upper/);
  });
  test("in the plane: mass, and draws inside the support", () => {
    const law = densityLaw([-1, -1], [1, 1], (n, x, out) => {
      for (let i = 0; i < n; i++) out[i] = x[i]! > 0 ? x[i]! * (1 + x[n + i]!) : 0;
    });
    const [x, w] = [new Float64Array(4000), new Float64Array(2000)];
    storeParticles({ ...law, placement: "low-discrepancy" }, 2000, 1, x, w);
    const mean = [0, 1].map((k) => x.subarray(k * 2000, (k + 1) * 2000).reduce((a, b) => a + b) / 2000);
    // densities 2x on [0,1] and (1+y)/2 on [-1,1]
    expect(mean[0]).toBeCloseTo(2 / 3, 2);
    expect(mean[1]).toBeCloseTo(1 / 3, 2);
    expect(x.subarray(0, 2000).every((v) => v >= 0)).toBe(true);
  });
});

describe("grid law", () => {
  test("boxes that cut cells receive their shares; draws follow the cells", () => {
    const law = gridLaw({ lower: [0, 0], h: [1, 1], shape: [2, 2] }, [1, 2, 3, 4], { mass: 10 });
    const out = new Float64Array(2);
    law.boxMass!(2, Float64Array.of(0.5, -9, 0.25, -9), Float64Array.of(1.5, 9, 1, 1), out);
    // half of columns 0 and 1, three quarters of row 0
    expect(out[0]).toBeCloseTo(0.75 * 0.5 * (1 + 3), 14);
    expect(out[1]).toBeCloseTo(4, 14);
    expect(law.moments!.mean[0]).toBeCloseTo(0.5 * 0.3 + 1.5 * 0.7, 14);
    expect(law.moments!.mean[1]).toBeCloseTo(0.5 * 0.4 + 1.5 * 0.6, 14);
    const [x, w] = [new Float64Array(2048), new Float64Array(1024)];
    storeParticles({ ...law, placement: "low-discrepancy" }, 1024, 1, x, w);
    const hit = [0, 0, 0, 0];
    for (let i = 0; i < 1024; i++) hit[2 * Math.floor(x[i]!) + Math.floor(x[1024 + i]!)]!++;
    hit.forEach((count, i) => {
      expect(Math.abs(count - 102.4 * (i + 1))).toBeLessThan(8);
    });
  });
});

describe("image", () => {
  // 2 x 1 pixels: black left, white right; the second row lower
  const grey = (width: number, height: number, data: number[]) => ({
    path: "p.png",
    bytes: encodePng({ width, height, data: Uint8Array.from(data), depth: 8, channels: 1 }),
  });
  test("dark pixels carry mass; the first row is on top; stretch fills the box", () => {
    const law = build(image, { file: grey(2, 2, [0, 255, 255, 255]), channel: "darkness", fit: "stretch" }, { dim: 2, space: square });
    const rho = cellsOf(law);
    // cells (i, j) at 2 i + j: top left quadrant of [0,2]x[0,1] is i = 0, 1 and j = 1
    expect([...rho]).toEqual([0, 2, 0, 2, 0, 0, 0, 0]);
    expect(cellsOf(build(image, { file: grey(2, 2, [0, 255, 255, 255]), channel: "lightness", fit: "stretch" }, { dim: 2, space: square }))[1]).toBe(0);
  });
  test("proportions are kept: a square picture sits in the middle of the 2 x 1 box", () => {
    const rho = cellsOf(build(image, { file: grey(1, 1, [0]), channel: "darkness", fit: "contain" }, { dim: 2, space: square }));
    expect([...rho]).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
  });
  test("a picture without mass in the channel is refused", () => {
    expect(() => build(image, { file: grey(1, 1, [255]), channel: "darkness", fit: "stretch" }, { dim: 2, space: square })).toThrow(
      /no mass in the channel "darkness"/,
    );
  });
  test("a floor empties the paper: pixels carry what they have above it, and those that do not exceed it nothing", () => {
    // darkness 1, 0.6, 0.2 and 0.4 above a floor of 0.4: masses 0.6, 0.2, 0, 0
    const file = grey(2, 2, [0, 102, 204, 153]);
    const rho = cellsOf(build(image, { file, channel: "darkness", fit: "stretch", floor: 0.4 }, { dim: 2, space: square }));
    for (const [k, r] of [0, 1.5, 0, 1.5, 0, 0.5, 0, 0.5].entries()) expect(rho[k]).toBeCloseTo(r, 6); // samples are single precision
    expect([rho[0], rho[2], rho[4], rho[6]]).toEqual([0, 0, 0, 0]);
    expect(() => build(image, { file: grey(1, 1, [102]), channel: "darkness", fit: "stretch", floor: 0.7 }, { dim: 2, space: square })).toThrow(
      /above the floor 0.7; lower it or choose/,
    );
  });
  test("downsampling is exact: averages of cells are averages of pixels", () => {
    const picture = { width: 8, height: 4, rgba: Float32Array.from({ length: 128 }, (_, i) => (i % 4 === 3 ? 1 : ((i * 7919) % 101) / 101)) };
    const rho = cellsOf(imageLaw(picture, "darkness", [0, 0], [2, 1]));
    const dark = (c: number, r: number): number =>
      1 - (0.2126 * picture.rgba[4 * (r * 8 + c)]! + 0.7152 * picture.rgba[4 * (r * 8 + c) + 1]! + 0.0722 * picture.rgba[4 * (r * 8 + c) + 2]!);
    let total = 0;
    for (let c = 0; c < 8; c++) for (let r = 0; r < 4; r++) total += dark(c, r);
    // cell (0, 0): columns 0, 1 and the two lowest rows
    const sum = dark(0, 2) + dark(0, 3) + dark(1, 2) + dark(1, 3);
    expect(rho[0]).toBeCloseTo(sum / total / 0.25, 13);
  });
});

describe("samples", () => {
  const csv = (s: string) => ({ path: "s.csv", bytes: new TextEncoder().encode(s) });
  test("columns by name, weights", () => {
    const law = build(samples, { file: csv("w,b,a\n1,2,3\n3,4,5\n"), columns: ["a", "b"], weights: "w", mass: 8 }, { dim: 2, space: makeFree(2) });
    expect([...law.points!.x]).toEqual([3, 5, 2, 4]);
    expect([...law.points!.weight!]).toEqual([2, 6]);
  });
  test("the wrong number of columns, unknown names, negative weights", () => {
    const at = { dim: 2, space: makeFree(2) };
    expect(() => build(samples, { file: csv("a\n1\n") }, at)).toThrow(/gives 1 coordinates \(a\) when the space has 2/);
    expect(() => build(samples, { file: csv("a,b\n1,2\n"), columns: ["a", "z"] }, at)).toThrow(/no column "z"/);
    expect(() => build(samples, { file: csv("a,b,w\n1,2,-1\n"), weights: "w" }, at)).toThrow(/row 1 has the weight -1/);
  });
});

test("parameters: both deviation and covariance, missing corners, wrong mass", () => {
  const at = { dim: 1, space: makeFree(1) };
  expect(() => build(gaussian, { mean: [0], deviation: [1], covariance: [1] }, at)).toThrow(/one of the two/);
  expect(() => build(uniform, { shape: "box" }, at)).toThrow(/needs lower and upper/);
  expect(() => build(uniform, { shape: "ring", centre: [0, 0], radius: 1 }, { dim: 2, space: makeFree(2) })).toThrow(/inner radius/);
  expect(() => gaussianLaw([0], [1], { mass: -1 })).toThrow(/positive finite/);
  expect(() => gaussianLaw([0, 0], [1, 2, 2, 1])).toThrow(/positive definite/);
  expect(() => gaussianLaw([0, 0], [1, 0.1, 0.2, 1])).toThrow(/symmetric/);
});

describe("affine images", () => {
  test("every capability follows: 2x + 1 of a box, a shear of points, a rotated Gaussian", () => {
    const law = affineLaw(uniformBox([0], [1]), [2], [1]);
    expect(distanceOnLine(2, law, uniformBox([1], [3])).value).toBeLessThan(1e-15);
    expect(law.moments!.cov[0]).toBeCloseTo(4 / 12, 15);
    const out = new Float64Array(1);
    law.density!(1, Float64Array.of(2.5), out);
    expect(out[0]).toBe(0.5);
    expect([...affineLaw(pointsLaw(2, 1, Float64Array.of(1, 2)), [1, 1, 0, 1], [0, 5]).points!.x]).toEqual([3, 7]);
    const r = affineLaw(gaussianLaw([1, 0], [4, 0, 0, 1]), [0, -1, 1, 0], [0, 0]);
    expect(r.gaussian).toEqual({ mean: [0, 1], cov: [1, 0, 0, 4] });
    expect(() => affineLaw(uniformBox([0], [1]), [0], [0])).toThrow(/invertible/);
  });
});
