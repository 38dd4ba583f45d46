import { describe, expect, test } from "vitest";
import { at, build, gradientOf, normals, sumOf } from "../../test/kernel.ts";
import type { Rows } from "../contract.ts";
import type { Unit } from "../define.ts";
import { fromFunctions } from "../formula/formula.ts";
import { makeBox } from "../space/box.ts";
import { attractionRepulsion } from "./attraction-repulsion.ts";
import { energyDistance } from "./energy-distance.ts";
import { gaussian } from "./gaussian.ts";
import { logarithmic } from "./logarithmic.ts";
import { morse } from "./morse.ts";
import { newtonian } from "./newtonian.ts";
import { power } from "./power.ts";
import { powerLog } from "./power-log.ts";
import { radial, radialFormulaKernel } from "./radial.ts";
import { radialKernel } from "./radial-sum.ts";
import { twoPoint } from "./two-point.ts";

const units: readonly Unit<"kernel">[] = [power, logarithmic, powerLog, attractionRepulsion, gaussian, morse, newtonian, energyDistance, radial, twoPoint];

const cases = units.flatMap((unit) =>
  unit.examples.map((e, i) => ({ name: `${unit.kind} ${i + 1} in ${e.dim}D`, dim: e.dim, k: build(unit, e.dim, e.params) })),
);

describe.each(cases)("$name", ({ dim, k }) => {
  const n = 7;
  const m = 300; // more than one block
  const x = normals(dim, n);
  const y = normals(dim, m, 2);
  const w = Float64Array.from({ length: m }, (_, j) => 1 + Math.sin(j));

  test("the gradient is the derivative of the sum (fourth-order differences)", () => {
    const g = gradientOf(k, x, y, w, n);
    const h = 1e-4;
    // away from a source closer than the difference can resolve
    for (let i = 0; i < n; i++) {
      const near = Math.min(...Array.from({ length: m }, (_, j) => Math.hypot(...Array.from({ length: dim }, (_, a) => x[a * n + i]! - y[a * m + j]!))));
      if (near < 100 * h) continue;
      for (let a = 0; a < dim; a++) {
        const moved = (s: number): number => {
          const z = Float64Array.from(x);
          z[a * n + i] = z[a * n + i]! + s * h;
          return sumOf(k, z, y, w, n)[i]!;
        };
        const fd = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * h);
        // error h^4 k^(5) / 30, and k^(5) ~ k / near^5 for the singular ones
        expect(Math.abs(fd - g[a * n + i]!)).toBeLessThan(1e-6 * (1 + Math.abs(fd)));
      }
    }
  });
  test("the sum is linear in the weights and the same term by term", () => {
    const together = sumOf(k, x, y, w, n);
    for (let i = 0; i < n; i++) {
      const xi = Array.from({ length: dim }, (_, a) => x[a * n + i]!);
      let s = 0;
      let size = 0;
      for (let j = 0; j < m; j++) {
        const v =
          w[j]! *
          at(
            k,
            dim,
            xi,
            Array.from({ length: dim }, (_, a) => y[a * m + j]!),
          );
        s += v;
        size += Math.abs(v);
      }
      expect(Math.abs(s - together[i]!)).toBeLessThan(1e-13 * size);
    }
  });
  test("symmetry: k(x, y) = k(y, x)", () => {
    for (let i = 0; i < n; i++) {
      const p = Array.from({ length: dim }, (_, a) => x[a * n + i]!);
      const q = Array.from({ length: dim }, (_, a) => y[a * m + i]!);
      expect(at(k, dim, p, q)).toBeCloseTo(at(k, dim, q, p), 13);
    }
  });
  test("k(x, x) is finite or left out, and the force at distance 0 is 0", () => {
    const p = Array.from({ length: dim }, (_, a) => x[a * n]!);
    const one = at(k, dim, p, p);
    expect(Number.isFinite(one)).toBe(true);
    if (!k.finite) expect(one).toBe(0);
    if (k.radial) {
      const value = new Float64Array(1);
      k.radial.value(1, value, value);
      expect(Number.isFinite(value[0])).toBe(k.finite);
      const xi = Float64Array.from(p);
      expect([...gradientOf(k, xi, xi, Float64Array.of(3), 1)]).toEqual(new Array(dim).fill(0));
    }
  });
});

describe.each(cases.filter(({ k }) => k.radial))("$name is radial", ({ dim, k }) => {
  test("translation invariance, up to the rounding of the shift", () => {
    const [x, y] = [normals(dim, 5), normals(dim, 5, 2)];
    const w = Float64Array.of(1, 2, 3, 4, 5);
    // a shift by a power of two of coordinates on a dyadic grid is exact
    const round = (v: Float64Array): Float64Array => v.map((c) => Math.round(c * 1024) / 1024);
    const shift = (v: Float64Array): Float64Array => round(v).map((c) => c + 64);
    expect([...sumOf(k, shift(x), shift(y), w, 5)]).toEqual([...sumOf(k, round(x), round(y), w, 5)]);
    expect([...gradientOf(k, shift(x), shift(y), w, 5)]).toEqual([...gradientOf(k, round(x), round(y), w, 5)]);
  });
  test("forces are opposite: sum_i w_i grad_i = 0", () => {
    const x = normals(dim, 40);
    const w = Float64Array.from({ length: 40 }, (_, j) => 1 + (j % 3));
    const g = gradientOf(k, x, x, w, 40);
    for (let a = 0; a < dim; a++) {
      let s = 0;
      let size = 0;
      for (let i = 0; i < 40; i++) {
        s += w[i]! * g[a * 40 + i]!;
        size += Math.abs(w[i]! * g[a * 40 + i]!);
      }
      expect(Math.abs(s)).toBeLessThan(1e-13 * size);
    }
  });
  test("slope and curvature are derivatives of the value", () => {
    const h = 1e-3;
    const map = (f: (n: number, a: Rows, out: Rows) => void, r: number): number => {
      const v = Float64Array.of(r);
      f(1, v, v);
      return v[0]!;
    };
    const { value, slope, curvature } = k.radial!;
    for (const r of [0.5, 1.3, 2.2]) {
      const d = (f: typeof value): number => (8 * (map(f, r + h) - map(f, r - h)) - (map(f, r + 2 * h) - map(f, r - 2 * h))) / (12 * h);
      // error h^4 f^(5) / 30 <= 1e-10 for these
      expect(Math.abs(map(slope, r) - d(value))).toBeLessThan(3e-9 * (1 + Math.abs(d(value))));
      if (curvature) expect(Math.abs(map(curvature, r) - d(slope))).toBeLessThan(3e-9 * (1 + Math.abs(d(slope))));
    }
  });
});

describe("two points, periodic axes, faster sums", () => {
  test("a two-point formula in r is the radial kernel", () => {
    const [a, b] = [build(twoPoint, 2, { formula: "exp(-r^2/2)" }), build(gaussian, 2)];
    const [x, y] = [normals(2, 6), normals(2, 300, 2)];
    const w = new Float64Array(300).fill(0.01);
    const [p, q] = [sumOf(a, x, y, w, 6), sumOf(b, x, y, w, 6)];
    for (let i = 0; i < 6; i++) expect(p[i]).toBeCloseTo(q[i]!, 13);
    const [g, h] = [gradientOf(a, x, y, w, 6), gradientOf(b, x, y, w, 6)];
    for (let i = 0; i < 12; i++) expect(g[i]).toBeCloseTo(h[i]!, 13);
  });
  test("functions of a program make a radial kernel, of which nothing is claimed", () => {
    const k = radialFormulaKernel(fromFunctions({ value: ([r]) => r! ** 3 / 3, gradient: ([r]) => [r! * r!] }, 1));
    expect(gradientOf(k, Float64Array.of(0.7), Float64Array.of(-0.7, 0.7), Float64Array.of(0.5, 0.5), 1)[0]).toBeCloseTo(0.98, 14);
    expect([k.convex, k.convexOnHalfLine, k.radial!.curvature]).toEqual([undefined, undefined, undefined]);
  });
  test("a kernel that is not symmetric is refused with the numbers", () => {
    expect(() => build(twoPoint, 1, { formula: "x - y^2" })).toThrow(/not symmetric: k\(x, y\) = .*Use \(k\(x, y\) \+ k\(y, x\)\) \/ 2/);
  });
  test("a singular two-point formula leaves out coinciding points", () => {
    const k = build(twoPoint, 1, { formula: "-log(abs(x - y))" });
    expect(k.finite).toBe(false);
    const x = Float64Array.of(0, 1, 3);
    expect(sumOf(k, x, x, Float64Array.of(1, 1, 1), 3)[0]).toBeCloseTo(-Math.log(3), 15);
  });
  test("on a torus distances go the short way round, and nothing is claimed of convexity", () => {
    const space = makeBox({ lower: [0, 0], upper: [2, 3], cells: [4, 6], periodic: [true, false] });
    const k = build(power, 2, { p: 2 }, space);
    expect(at(k, 2, [0.1, 0], [1.9, 0])).toBeCloseTo(0.02, 14);
    expect(at(k, 2, [0, 0.1], [0, 2.9])).toBeCloseTo(3.92, 14);
    expect(gradientOf(k, Float64Array.of(0.1, 0), Float64Array.of(1.9, 0), Float64Array.of(1), 1)[0]).toBeCloseTo(0.2, 14);
    expect([k.convex, k.quadratic, k.convexOnHalfLine]).toEqual([undefined, undefined, undefined]);
  });
  test("faster sums take the place of the blocks, but not on a torus", () => {
    const sums = { sum: () => {}, dx: () => {} };
    const map = (): void => {};
    const given = { tex: "", value: map, slope: map, finite: true, sums };
    expect(radialKernel(given).sum).toBe(sums.sum);
    expect(radialKernel(given, makeBox({ lower: [0], upper: [1], cells: [4], periodic: [true] })).sum).not.toBe(sums.sum);
  });
  test("exponents that do not fit are refused", () => {
    expect(() => build(power, 1, { p: -1 })).toThrow(/p: got -1 when expected more than -1/);
    expect(() => build(power, 1, { p: 0 })).toThrow(/use the kernel logarithmic/);
    expect(() => build(attractionRepulsion, 2, { a: 1, b: 2 })).toThrow(/expected a > b/);
    expect(() => build(attractionRepulsion, 2, { a: 1, b: -2 })).toThrow(/expected more than -2/);
  });
});
