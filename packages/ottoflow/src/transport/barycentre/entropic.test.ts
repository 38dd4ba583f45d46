import { describe, expect, it } from "vitest";
import type { As } from "../../contract.ts";
import { makeBox } from "../../space/box.ts";
import { entropicBarycentre } from "./entropic.ts";

function cells(lower: number[], upper: number[], shape: number[], density: (...x: number[]) => number): As<"cells"> {
  const space = makeBox({ lower, upper, cells: shape, periodic: shape.map(() => false) });
  const { n, centre, volume } = space.cells!;
  const rho = Float64Array.from({ length: n }, (_, i) => density(...shape.map((_, k) => centre[k * n + i]!)));
  const mass = rho.reduce((s, v, i) => s + v * volume[i]!, 0);
  return { rep: "cells", space, rho: rho.map((v) => v / mass) };
}
const line = (density: (x: number) => number): As<"cells"> => cells([-12], [12], [300], density);
const normal =
  (m: number, v: number) =>
  (x: number): number =>
    Math.exp(-((x - m) * (x - m)) / (2 * v));
const moments = (m: As<"cells">, axis = 0): [number, number] => {
  const { n, centre, volume } = m.space.cells!;
  let [s, t] = [0, 0];
  for (let i = 0; i < n; i++) s += m.rho[i]! * volume[i]! * centre[axis * n + i]!;
  for (let i = 0; i < n; i++) t += m.rho[i]! * volume[i]! * (centre[axis * n + i]! - s) ** 2;
  return [s, t];
};
const apart = (a: As<"cells">, b: As<"cells">): number => Array.from(a.rho).reduce((s, v, i) => s + Math.abs(v - b.rho[i]!) * a.space.cells!.volume[i]!, 0);

describe("Gaussians on the line", () => {
  const epsilon = 0.4;
  it("plain: one measure comes back blurred by variance epsilon / 2; equal variances: the mean of means, same blur", () => {
    const one = entropicBarycentre([line(normal(0, 1))], { epsilon, defect: 1e-11 });
    expect(apart(one.measure, line(normal(0, 1 + epsilon / 2)))).toBeLessThan(1e-9);
    const two = entropicBarycentre([line(normal(-2, 1)), line(normal(4, 1))], { epsilon, weights: [0.25, 0.75], defect: 1e-11 });
    expect(two.status).toBe("optimal");
    const [mean, variance] = moments(two.measure);
    expect(mean).toBeCloseTo(2.5, 8);
    expect(variance).toBeCloseTo(1 + epsilon / 2, 8);
    // each is moved by its distance from 2.5 and the blur
    expect(two.cost).toBeCloseTo(0.25 * 4.5 ** 2 + 0.75 * 1.5 ** 2 + epsilon / 2, 7);
  });
  it("debiased: equal inputs come back as they are; equal variances are kept", () => {
    const same = entropicBarycentre([line(normal(1, 0.5)), line(normal(1, 0.5))], { epsilon, debiased: true, defect: 1e-11 });
    expect(apart(same.measure, line(normal(1, 0.5)))).toBeLessThan(1e-7);
    const two = entropicBarycentre([line(normal(-2, 1)), line(normal(4, 1))], { epsilon, weights: [0.25, 0.75], debiased: true, defect: 1e-11 });
    const [mean, variance] = moments(two.measure);
    expect(mean).toBeCloseTo(2.5, 7);
    expect(variance).toBeCloseTo(1, 6);
  });
  it("plain and over-relaxed, with and without coarse grids: one answer", () => {
    const measures = [line(normal(-3, 0.3)), line((x) => normal(1, 0.2)(x) + normal(4, 0.5)(x))];
    const found = [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ].map(([relaxed, multiscale]) => entropicBarycentre(measures, { epsilon: 0.2, relaxed: relaxed!, multiscale: multiscale!, defect: 1e-10 }));
    for (const f of found) {
      expect(f.status).toBe("optimal");
      expect(apart(f.measure, found[3]!.measure)).toBeLessThan(1e-7);
    }
    expect(found[1]!.iterations).toBeLessThan(0.5 * found[3]!.iterations);
  });
});
describe("D10 at 64 x 64: disk, ring, two squares, epsilon = 4 px^2", () => {
  const n = 64;
  const image = (inside: (x: number, y: number) => boolean): As<"cells"> => cells([0, 0], [1, 1], [n, n], (x, y) => (inside(x!, y!) ? 1 : 0));
  const r = (x: number, y: number): number => Math.hypot(x - 0.5, y - 0.5);
  const images = [
    image((x, y) => r(x, y) < 0.3),
    image((x, y) => r(x, y) < 0.4 && r(x, y) > 0.25),
    image((x, y) => Math.max(Math.abs(x - 0.25), Math.abs(y - 0.5)) < 0.12 || Math.max(Math.abs(x - 0.75), Math.abs(y - 0.5)) < 0.12),
  ];
  const epsilon = 4 / (n * n);
  it("images without mass in places: no NaN, mass kept, both reflections kept", () => {
    const found = entropicBarycentre(images, { epsilon, defect: 1e-5 });
    expect(found.status).toBe("optimal");
    const { rho } = found.measure;
    expect(Array.from(rho).reduce((s, v) => s + v, 0) / (n * n)).toBeCloseTo(1, 12);
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        expect(Math.abs(rho[i * n + j]! - rho[(n - 1 - i) * n + j]!)).toBeLessThan(1e-3);
        expect(Math.abs(rho[i * n + j]! - rho[i * n + n - 1 - j]!)).toBeLessThan(1e-3);
      }
  }, 30_000);
  it("the disk alone: debiased it is itself, plain it is blurred", () => {
    const debiased = entropicBarycentre([images[0]!], { epsilon, debiased: true, defect: 1e-6, maxIterations: 400 });
    const plain = entropicBarycentre([images[0]!], { epsilon, defect: 1e-6 });
    // a discontinuous density comes back slowly: the debiasing density must grow without bound at its edge
    expect(apart(debiased.measure, images[0]!)).toBeLessThan(0.05);
    expect(apart(plain.measure, images[0]!)).toBeGreaterThan(2 * apart(debiased.measure, images[0]!));
  }, 30_000);
});
