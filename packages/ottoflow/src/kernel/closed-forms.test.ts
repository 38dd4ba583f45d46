import { describe, expect, test } from "vitest";
import { build, energy, gradientOf, normals, sumOf } from "../../test/kernel.ts";
import { attractionRepulsion } from "./attraction-repulsion.ts";
import { energyDistance } from "./energy-distance.ts";
import { gaussian } from "./gaussian.ts";
import { logarithmic } from "./logarithmic.ts";
import { newtonian } from "./newtonian.ts";
import { power } from "./power.ts";
import { powerLog } from "./power-log.ts";
import { radial } from "./radial.ts";

describe("closed forms", () => {
  const hermite: readonly (readonly [number, readonly number[], number])[] = [
    [2, [Math.SQRT1_2], 0.125],
    [3, [0, 1.224744871391589], 0.205174843364],
    [5, [0, 0.9585724646138185, 2.0201828704560856], 0.295027053923],
    [10, [0.3429013272237046, 1.0366108297895136, 1.7566836492998816, 2.5327316742327897, 3.4361591188377374], 0.38862560879],
  ];
  test.each(hermite)("A8.3: %i particles of x^2/2 - log|x| rest at Hermite zeros / sqrt(N), with the known energy", (n, positive, value) => {
    const x = Float64Array.from(positive.flatMap((z) => (z === 0 ? [0] : [-z, z])).map((z) => z / Math.sqrt(n)));
    for (const k of [build(powerLog, 1), build(attractionRepulsion, 1, { a: 2, b: 0 }), build(radial, 1, { formula: "r^2/2 - log(r)" })]) {
      expect(energy(k, x, n)).toBeCloseTo(value, 11);
      for (const g of gradientOf(k, x, x, new Float64Array(n).fill(1 / n), n)) expect(Math.abs(g)).toBeLessThan(1e-14 * n);
    }
  });
  test("A8.3 in general: kappa x^2/2 - c log|x| scales the zeros by sqrt(c / kappa)", () => {
    const k = build(powerLog, 1, { kappa: 3, c: 0.7 });
    const x = Float64Array.of(-1, 0, 1).map((s) => s * Math.SQRT1_2 * Math.sqrt(0.7 / 3));
    for (const g of gradientOf(k, x, x, new Float64Array(3).fill(1 / 3), 3)) expect(Math.abs(g)).toBeLessThan(1e-14);
  });
  test("A8.5: six particles of |x|^2/2 - log|x| on a ring of radius sqrt(5/12) rest", () => {
    const n = 6;
    const r = 0.6454972243679;
    const x = Float64Array.from({ length: 2 * n }, (_, i) => r * (i < n ? Math.cos((2 * Math.PI * i) / n) : Math.sin((2 * Math.PI * (i - n)) / n)));
    for (const g of gradientOf(build(powerLog, 2), x, x, new Float64Array(n).fill(1 / n), n)) expect(Math.abs(g)).toBeLessThan(1e-12);
  });
  test("A8.2: two halves at +-1/2 have energy -1/16 under x^4/4 - x^2/2 and rest", () => {
    const k = build(attractionRepulsion, 1, { a: 4, b: 2 });
    const x = Float64Array.of(-0.5, 0.5);
    expect(energy(k, x, 2)).toBe(-1 / 16);
    expect([...gradientOf(k, x, x, Float64Array.of(0.5, 0.5), 2)].map(Math.abs)).toEqual([0, 0]);
  });
  test("A8.1: the force between two halves at +-r under |x|^p/p is (2r)^(p-1)/2", () => {
    for (const p of [1.5, 3, 4])
      expect(gradientOf(build(power, 1, { p }), Float64Array.of(0.7), Float64Array.of(-0.7, 0.7), Float64Array.of(0.5, 0.5), 1)[0]).toBeCloseTo(
        1.4 ** (p - 1) / 2,
        14,
      );
  });
  test("A24.2: MMD^2 of N(0, 1) and N(1, 4) under the Gaussian kernel of width 1 is 0.1594704836765", () => {
    // the trapezoidal rule on Gaussians: exact to rounding at this spacing
    const n = 400;
    const x = Float64Array.from({ length: n }, (_, i) => -19 + 0.1 * i);
    const density = (mean: number, s: number): Float64Array => x.map((v) => (0.1 * Math.exp(-((v - mean) ** 2) / (2 * s * s))) / (s * Math.sqrt(2 * Math.PI)));
    const [p, q] = [density(0, 1), density(1, 2)];
    const w = p.map((v, i) => v - q[i]!);
    expect(sumOf(build(gaussian, 1), x, x, w, n).reduce((s, v, i) => s + v * w[i]!, 0)).toBeCloseTo(0.1594704836765, 12);
  });
  test("mean distance of n midpoints of [0, 1] is (n^2 - 1) / (3 n^2)", () => {
    const n = 777;
    const x = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    expect(-2 * energy(build(energyDistance, 1), x, n)).toBeCloseTo((n * n - 1) / (3 * n * n), 13);
  });
  test("virial of the logarithm: sum w_i x_i . grad_i = -(factor / 2) sum_{i != j} w_i w_j in every dimension", () => {
    for (const dim of [1, 2, 3]) {
      const n = 30;
      const x = normals(dim, n);
      const w = new Float64Array(n).fill(1 / n);
      const g = gradientOf(build(logarithmic, dim, { factor: 1.7 }), x, x, w, n);
      expect(g.reduce((s, v, i) => s + (v * x[i]!) / n, 0)).toBeCloseTo(-0.85 * (1 - 1 / n), 12);
    }
  });
});

describe("Newton's theorems", () => {
  test.each([1, 2, 3, 4, 5])("the flux through every sphere around a charge is -1 in dimension %i: -Lap k = delta", (d) => {
    const k = build(newtonian, d);
    const area = [2, 2 * Math.PI, 4 * Math.PI, 2 * Math.PI ** 2, (8 * Math.PI ** 2) / 3][d - 1]!;
    for (const r of [0.3, 1, 4]) {
      const v = Float64Array.of(r);
      k.radial!.slope(1, v, v);
      expect(v[0]! * area * r ** (d - 1)).toBeCloseTo(-1, 13);
    }
  });
  test("harmonic away from the charge: k'' + (d - 1) k' / r = 0", () => {
    for (const d of [1, 2, 3, 4]) {
      const k = build(newtonian, d, { factor: -2 });
      const [s, c] = [Float64Array.of(0.7), Float64Array.of(0.7)];
      k.radial!.slope(1, s, s);
      k.radial!.curvature!(1, c, c);
      expect(c[0]! + ((d - 1) * s[0]!) / 0.7).toBeCloseTo(0, 12);
    }
  });
  test("a ring in the plane: no force inside, a point charge outside", () => {
    // the mean over n equal angles errs by (inner / outer)^n / n
    const n = 128;
    const ring = Float64Array.from({ length: 2 * n }, (_, i) => (i < n ? Math.cos((2 * Math.PI * i) / n) : Math.sin((2 * Math.PI * (i - n)) / n)));
    const w = new Float64Array(n).fill(1 / n);
    const k = build(newtonian, 2);
    const inside = Float64Array.of(0.2, -0.3);
    expect(sumOf(k, inside, ring, w, 1)[0]).toBeCloseTo(0, 14);
    for (const g of gradientOf(k, inside, ring, w, 1)) expect(Math.abs(g)).toBeLessThan(1e-14);
    const outside = Float64Array.of(1.8, 2.4);
    expect(sumOf(k, outside, ring, w, 1)[0]).toBeCloseTo(-Math.log(3) / (2 * Math.PI), 14);
    expect(gradientOf(k, outside, ring, w, 1)[0]).toBeCloseTo(-1.8 / (2 * Math.PI * 9), 14);
  });
  test("a sphere in space: constant 1/(4 pi) inside, 1/(4 pi r) outside", () => {
    // Gauss-Legendre in cos(theta) (24 nodes by Newton's method), equal angles around
    const around = 48;
    const nodes = Array.from({ length: 24 }, (_, i) => legendreNode(24, i));
    const n = nodes.length * around;
    const sphere = new Float64Array(3 * n);
    const w = new Float64Array(n);
    nodes.forEach(([c, weight], a) => {
      for (let b = 0; b < around; b++) {
        const i = a * around + b;
        const s = Math.sqrt(1 - c * c);
        sphere[i] = s * Math.cos((2 * Math.PI * b) / around);
        sphere[n + i] = s * Math.sin((2 * Math.PI * b) / around);
        sphere[2 * n + i] = c;
        w[i] = weight / 2 / around;
      }
    });
    const k = build(newtonian, 3);
    expect(sumOf(k, Float64Array.of(0.1, 0.2, -0.2), sphere, w, 1)[0]).toBeCloseTo(1 / (4 * Math.PI), 13);
    expect(sumOf(k, Float64Array.of(1, 2, -2), sphere, w, 1)[0]).toBeCloseTo(1 / (12 * Math.PI), 13);
  });
});
function legendreNode(n: number, i: number): readonly [number, number] {
  let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
  let slope = 0;
  for (let it = 0; it < 50; it++) {
    let [p, q] = [1, 0];
    for (let k = 1; k <= n; k++) [p, q] = [((2 * k - 1) * x * p - (k - 1) * q) / k, p];
    slope = (n * (x * p - q)) / (x * x - 1);
    x -= p / slope;
  }
  return [x, 2 / ((1 - x * x) * slope * slope)];
}
