import { describe, expect, test } from "vitest";
import type { Kernel, Rows, Space } from "../contract.ts";
import type { Unit } from "../define.ts";
import { fromFunctions, makeFormula } from "../formula/formula.ts";
import { philoxNormals } from "../kernels/philox.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
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

function build(unit: Unit<"kernel">, dim: number, given: Readonly<Record<string, unknown>> = {}, space: Space = makeFree(dim)): Kernel {
  const values: Record<string, unknown> = {};
  for (const [name, p] of Object.entries(unit.params)) {
    const raw = given[name] ?? ("default" in p ? p.default : undefined);
    values[name] = p.type === "formula" ? makeFormula(raw as string, { of: p.of, dim }) : raw;
  }
  return unit.build(values as never, { dim, space });
}
function normals(dim: number, n: number, stream = 1): Float64Array {
  const x = new Float64Array(dim * n);
  philoxNormals(3, stream, 0, 0, x.length, x);
  return x;
}
/** k at one pair of points */
function at(k: Kernel, dim: number, x: readonly number[], y: readonly number[]): number {
  const out = new Float64Array(1);
  k.sum(1, Float64Array.from(x.slice(0, dim)), 1, Float64Array.from(y.slice(0, dim)), Float64Array.of(1), out);
  return out[0]!;
}
const sumOf = (k: Kernel, x: Rows, y: Rows, w: Rows, n: number): Float64Array => {
  const out = new Float64Array(n);
  k.sum(n, x, w.length, y, w, out);
  return out;
};
const gradientOf = (k: Kernel, x: Rows, y: Rows, w: Rows, n: number): Float64Array => {
  const out = new Float64Array(x.length);
  k.dx(n, x, w.length, y, w, out);
  return out;
};
/** 1/2 sum_ij w_i w_j k(x_i, x_j) with equal weights of mass 1 */
function energy(k: Kernel, x: Float64Array, n: number): number {
  const w = new Float64Array(n).fill(1 / n);
  return sumOf(k, x, x, w, n).reduce((s, v) => s + (0.5 * v) / n, 0);
}

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

/** lowest (k(p) + k(q) - 2 k((p + q) / 2)) / (|p - q|^2 / 4) seen over segments through displacements, short and long, also across 0 */
function lowest(k: Kernel, dim: number, halfLine = false): number {
  const z = normals(dim, 600, 5);
  const far = normals(dim, 600, 6);
  const origin = new Array<number>(dim).fill(0);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 600; i++) {
    const p = Array.from({ length: dim }, (_, a) => (i % 2 === 0 ? 2 : 0.05) * z[a * 600 + i]!);
    const size = i % 3 === 0 ? 1 : 0.02;
    let q = p.map((c, a) => c + size * far[a * 600 + i]!);
    if (halfLine) {
      p[0] = Math.abs(p[0]!) + 1e-3;
      q = [Math.abs(q[0]!) + 1e-3];
    }
    const mid = p.map((c, a) => (c + q[a]!) / 2);
    const gap = at(k, dim, p, origin) + at(k, dim, q, origin) - 2 * at(k, dim, mid, origin);
    const square = p.reduce((s, c, a) => s + (c - q[a]!) ** 2, 0);
    if (square > 1e-6) least = Math.min(least, (4 * gap) / square);
  }
  return least;
}

describe("facts of convexity hold at second differences, and are sharp where said", () => {
  const claims: readonly (readonly [string, Unit<"kernel">, number, Record<string, unknown>, number | null, boolean | null])[] = [
    ["|x|^2 / 2", power, 2, { p: 2 }, 1, null],
    ["-|x|^2 / 2", power, 1, { p: 2, factor: -1 }, -1, null],
    ["|x|^3 / 3", power, 1, { p: 3 }, 0, true],
    ["|x|", power, 2, { p: 1 }, 0, null],
    ["-|x|^(1/2)", power, 1, { p: 0.5, factor: -1 }, null, true],
    ["|x|^(1/2)", power, 1, { p: 0.5 }, null, false],
    ["-log|x|", logarithmic, 1, {}, null, true],
    ["log|x|", logarithmic, 1, { factor: -1 }, null, false],
    ["x^2/2 - log|x|", powerLog, 1, {}, null, true],
    ["x^4/4 - x^2/2 (A8.2)", attractionRepulsion, 1, { a: 4, b: 2 }, -1, false],
    ["x^6/6 - x^3/3", attractionRepulsion, 2, { a: 6, b: 3 }, 5 * 0.1 ** (4 / 3) - 2 * 0.1 ** (1 / 3), null],
    ["x^2/2 - |x| (A8.4)", attractionRepulsion, 1, { a: 2, b: 1 }, null, true],
    ["Gaussian of width 1/2", gaussian, 2, { width: 0.5 }, -4, null],
    ["attractive Gaussian", gaussian, 1, { width: 1, factor: -1 }, -2 * Math.exp(-1.5), null],
    ["Morse with a kink that repels", morse, 1, {}, null, false],
    ["Morse that attracts", morse, 1, { repulsion: 0 }, -1, false],
    ["-|x|", energyDistance, 1, {}, null, true],
    ["|x|", energyDistance, 2, { factor: -1 }, 0, null],
    ["Newton on the line", newtonian, 1, {}, null, true],
    ["formula r^4/4 - r^2/2", radial, 3, { formula: "r^4/4 - r^2/2" }, -1, null],
    ["formula r^2/2 - r", radial, 1, { formula: "r^2/2 - r" }, null, true],
    ["formula -log(r)", radial, 1, { formula: "-log(r)" }, null, true],
    ["formula -r^2", radial, 1, { formula: "-r^2", factor: 0.5 }, -1, null],
  ];
  test.each(claims)("%s", (_, unit, dim, params, lambda, half) => {
    const k = build(unit, dim, params);
    if (lambda === null) expect(k.convex).toBeUndefined();
    else {
      expect(k.convex!.value).toBeCloseTo(lambda, 7);
      expect(lowest(k, dim)).toBeGreaterThan(lambda - 1e-6);
      expect(lowest(k, dim)).toBeLessThan(lambda + 0.05 + 0.05 * Math.abs(lambda));
    }
    if (half === null || dim > 1) return;
    expect(k.convexOnHalfLine?.value ?? false).toBe(half);
    if (half) expect(lowest(k, 1, true)).toBeGreaterThan(-1e-6);
    else expect(lowest(k, 1, true)).toBeLessThan(-1e-3);
  });
  test("the quadratic kernel is known as such", () => {
    expect(build(power, 3, { p: 2, factor: 0.5 }).quadratic).toBe(0.5);
    expect(build(radial, 2, { formula: "3*r^2/2" }).quadratic).toBe(3);
    expect(build(twoPoint, 2, { formula: "(x1-y1)^2/2 + (x2-y2)^2/2" }).quadratic).toBe(1);
    expect(build(twoPoint, 1, { formula: "x^2 + y^2" }).quadratic).toBeUndefined();
    expect(build(power, 3, { p: 3 }).quadratic).toBeUndefined();
  });
});

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
    // Gauss-Legendre in cos(theta) (8 nodes by Newton's method), equal angles around
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
