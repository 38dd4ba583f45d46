import fc from "fast-check";
import { expect, test } from "vitest";
import { growTree } from "./multipole/tree.ts";
import { walk } from "./multipole/walk.ts";
import { mostOrders, openMultipole } from "./multipole.ts";
import { pairGradient } from "./pairs.ts";
import { squareGradient, squareSum } from "./squares.ts";

function uniforms(seed: number, n: number): Float64Array {
  let a = seed;
  return Float64Array.from({ length: n }, () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  });
}
/** point i from four uniform numbers; rows x then y */
const cloud = (n: number, seed: number, place: (u: Float64Array, i: number) => readonly [number, number]): Float64Array => {
  const u = uniforms(seed, 4 * n);
  const x = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) [x[i], x[n + i]] = place(u.subarray(4 * i, 4 * i + 4), i) as [number, number];
  return x;
};
const clouds: Readonly<Record<string, (n: number) => Float64Array>> = {
  uniform: (n) => cloud(n, 1, (u) => [u[0]!, u[1]!]),
  "two clusters far apart": (n) => cloud(n, 2, (u, i) => [1e-6 * u[0]! + (i % 2), 1e-6 * u[1]! + 3]),
  "clusters within clusters": (n) => cloud(n, 3, (u) => [10 ** (-12 * u[0]!) * Math.cos(6.28 * u[1]!), 10 ** (-12 * u[0]!) * Math.sin(6.28 * u[1]!)]),
  collinear: (n) => cloud(n, 4, (u) => [3 * u[0]! - 1, 2 - u[0]!]),
  "on a circle": (n) => cloud(n, 5, (u) => [Math.cos(6.283 * u[0]!), Math.sin(6.283 * u[0]!)]),
  "seven places": (n) => cloud(n, 6, (u) => [Math.floor(7 * u[0]!), Math.floor(7 * u[0]!) ** 2]),
  "one place": (n) => cloud(n, 7, () => [0.3, -7]),
  "a lattice": (n) => cloud(n, 8, (_, i) => [i % 40, Math.floor(i / 40)]),
  "Gaussian, far from 0": (n) => cloud(n, 9, (u) => [1e6 + Math.sqrt(-2 * Math.log(1 - u[0]!)) * Math.cos(6.28 * u[1]!), -2e6 + u[2]!]),
  "one far point": (n) => cloud(n, 10, (u, i) => (i === 5 ? [1e9, 0] : [u[0]!, u[1]!])),
};
const weights: Readonly<Record<string, (n: number) => Float64Array>> = {
  equal: (n) => new Float64Array(n).fill(1 / n),
  "of both signs": (n) => uniforms(77, n).map((v) => 2 * v - 1),
  "over ten decades": (n) => uniforms(78, n).map((v) => 10 ** (-10 * v)),
};

interface Exact {
  readonly force: Float64Array;
  /** sum |w| / r */
  readonly size: Float64Array;
  readonly value: Float64Array;
  /** sum |w| (1 + |log r|) over the pairs that count */
  readonly bulk: Float64Array;
  /** sum |w| over them */
  readonly mass: Float64Array;
}
/** directly, with sums in the order of the sources */
function exactly(n: number, x: Float64Array, m: number, y: Float64Array, w: Float64Array): Exact {
  const row = (): Float64Array => new Float64Array(n);
  const out = { force: new Float64Array(2 * n), size: row(), value: row(), bulk: row(), mass: row() };
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      const [dx, dy] = [x[i]! - y[j]!, x[n + i]! - y[m + j]!];
      const q = dx * dx + dy * dy;
      if (q === 0) continue;
      const l = 0.5 * Math.log(q);
      out.force[i]! += (w[j]! * dx) / q;
      out.force[n + i]! += (w[j]! * dy) / q;
      out.size[i]! += Math.abs(w[j]!) / Math.sqrt(q);
      out.value[i]! += w[j]! * l;
      out.bulk[i]! += Math.abs(w[j]!) * (1 + Math.abs(l));
      out.mass[i]! += Math.abs(w[j]!);
    }
  return out;
}
/** rounding of sums of a few thousand terms, both of the direct ones here and of the method */
const rounding = 4e-14;
function compare(error: number, n: number, x: Float64Array, m: number, y: Float64Array, w: Float64Array): { force: number; value: number } {
  const exact = exactly(n, x, m, y, w);
  const [force, value] = [new Float64Array(2 * n), new Float64Array(n)];
  const multipole = openMultipole();
  expect(multipole.gradient(2, n, x, m, y, w, force, error)).toBe(true);
  expect(multipole.sum(2, n, x, m, y, w, value, error)).toBe(true);
  const worst = { force: 0, value: 0 };
  for (let i = 0; i < n; i++) {
    const off = Math.hypot(force[i]! - exact.force[i]!, force[n + i]! - exact.force[n + i]!);
    expect(off).toBeLessThanOrEqual((error + rounding) * exact.size[i]!);
    if (exact.size[i]! > 0) worst.force = Math.max(worst.force, off / exact.size[i]!);
    const apart = Math.abs(value[i]! - exact.value[i]!);
    expect(apart).toBeLessThanOrEqual(2 * error * exact.mass[i]! + rounding * exact.bulk[i]!);
    if (exact.mass[i]! > 0) worst.value = Math.max(worst.value, apart / exact.mass[i]!);
  }
  return worst;
}

test("D9: the aggregation force of 20000 points, targets 0 and 1, and a sample against the direct sum", () => {
  const n = 20_000;
  const u = uniforms(1, 2 * n);
  const x = Float64Array.from({ length: 2 * n }, (_, at) => u[2 * (at % n) + Math.floor(at / n)]!);
  const w = new Float64Array(n).fill(1 / n);
  const [out, direct] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  openMultipole().gradient(2, n, x, n, x, w, out, 1e-12);
  const expected = [0.2863266537398, -1.7263199538082, 0.0449986513048, 1.6455025430657];
  [out[0]!, out[n]!, out[1]!, out[n + 1]!].forEach((v, k) => {
    expect(Math.abs(v - expected[k]!)).toBeLessThan(2e-12);
  });
  pairGradient({ law: "logarithm" }, 1, 2, n, x, n, x, w, direct, 700, 100);
  for (let i = 700; i < 800; i++) for (const k of [i, n + i]) expect(Math.abs(out[k]! - direct[k]!)).toBeLessThan(1e-12);
});

test.each(Object.keys(clouds))("%s: every force and value is within the stated error of the direct sum", (name) => {
  const n = 900;
  const x = clouds[name]!(n);
  for (const [kind, of] of Object.entries(weights)) for (const error of kind === "equal" ? [1e-3, 1e-6, 1e-12] : [1e-9]) compare(error, n, x, n, x, of(n));
});

test("the bound is met by approximation, not by direct sums: errors grow with the one allowed, and far pairs are most of all", () => {
  const n = 3000;
  const x = clouds.uniform!(n);
  const w = weights.equal!(n);
  const [coarse, fine] = [compare(1e-2, n, x, n, x, w), compare(1e-5, n, x, n, x, w)];
  expect(coarse.force).toBeGreaterThan(100 * fine.force);
  expect(fine.force).toBeGreaterThan(1e-12);
  expect(coarse.value).toBeGreaterThan(100 * fine.value);
  const tree = growTree(2, n, x)!;
  let [near, far] = [0, 0];
  walk(tree, tree, 1e-5, mostOrders(1e-5), {
    far: (t, s) => {
      far += tree.count[t]! * tree.count[s]!;
    },
    near: (t, s) => {
      near += tree.count[t]! * tree.count[s]!;
    },
  });
  // each pair of points once
  expect(near + far).toBe(n * n);
  expect(near).toBeLessThan(0.4 * n * n);
});

test("targets apart from the sources, some of them at the same places", () => {
  const [n, m] = [700, 2300];
  const y = clouds.uniform!(m);
  const x = cloud(n, 40, (u, i) => (i < 100 ? [y[i]!, y[m + i]!] : [3 * u[0]! - 1, u[1]!]));
  compare(1e-9, n, x, m, y, weights["of both signs"]!(m));
  compare(1e-9, m, y, n, x, weights.equal!(n));
  compare(1e-9, 1, Float64Array.of(0.5, 0.5), m, y, weights.equal!(m));
});

test("any cloud of a few scales, any weights, any error: within the bound", () => {
  const number = fc.double({ min: -1, max: 1, noNaN: true });
  const point = fc.tuple(number, number, fc.constantFrom(1, 1e-3, 1e-7, 1e3), number);
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 1, maxLength: 40 }),
      fc.constantFrom(1e-2, 1e-5, 1e-10),
      fc.integer({ min: 1, max: 1000 }),
      (seeds, error, seed) => {
        const n = 12 * seeds.length;
        const u = uniforms(seed, 2 * n);
        // a cluster of twelve about each point
        const x = new Float64Array(2 * n);
        const w = new Float64Array(n);
        seeds.forEach(([a, b, scale, weight], k) => {
          for (let j = 0; j < 12; j++) {
            const i = 12 * k + j;
            x[i] = a + scale * u[2 * i]!;
            x[n + i] = b + scale * u[2 * i + 1]!;
            w[i] = weight;
          }
        });
        compare(error, n, x, n, x, w);
      },
    ),
    { numRuns: 40, seed: 7 },
  );
});

test("on the line it is the plane with y = 0", () => {
  const n = 2000;
  const x = uniforms(5, n);
  const w = weights["of both signs"]!(n);
  const flat = Float64Array.from({ length: 2 * n }, (_, i) => (i < n ? x[i]! : 0));
  const [line, plane] = [new Float64Array(n), new Float64Array(2 * n)];
  openMultipole().gradient(1, n, x, n, x, w, line, 1e-10);
  openMultipole().gradient(2, n, flat, n, flat, w, plane, 1e-10);
  expect(Array.from(line)).toEqual(Array.from(plane.subarray(0, n)));
  expect(Math.max(...plane.subarray(n).map(Math.abs))).toBe(0);
});

test.each(["uniform", "clusters within clusters", "seven places", "collinear"])(
  "%s: reference and SIMD give the same bits, however often the workspace is used",
  (name) => {
    const n = 1177;
    const x = clouds[name]!(n);
    const y = clouds.uniform!(900);
    const [simd, reference] = [openMultipole(), openMultipole(true)];
    const out = (): Float64Array => new Float64Array(2 * n);
    for (const [m, from] of [
      [n, x],
      [900, y],
    ] as const)
      for (const error of [1e-4, 1e-12]) {
        const w = weights["of both signs"]!(m);
        const [a, b, c, d] = [out(), out(), out(), out()];
        simd.gradient(2, n, x, m, from, w, a, error);
        reference.gradient(2, n, x, m, from, w, b, error);
        simd.sum(2, n, x, m, from, w, c, error);
        reference.sum(2, n, x, m, from, w, d, error);
        expect(a.findIndex((v, i) => !Object.is(v, b[i]))).toBe(-1);
        expect(c.findIndex((v, i) => !Object.is(v, d[i]))).toBe(-1);
      }
  },
);

test("a cloud four times as large has forces a quarter as large, to the last bit", () => {
  const n = 3000;
  const x = clouds.uniform!(n);
  const w = weights["of both signs"]!(n);
  const [a, b] = [new Float64Array(2 * n), new Float64Array(2 * n)];
  openMultipole().gradient(2, n, x, n, x, w, a, 1e-9);
  const large = x.map((v) => 4 * v);
  openMultipole().gradient(2, n, large, n, large, w, b, 1e-9);
  expect(a.findIndex((v, i) => v !== 4 * b[i]!)).toBe(-1);
});

test("coordinates beyond squares are left to the direct sum", () => {
  const multipole = openMultipole();
  const w = weights.equal!(3);
  const out = new Float64Array(6);
  for (const v of [1e200, Number.NaN, Number.POSITIVE_INFINITY])
    expect(multipole.gradient(2, 3, Float64Array.of(0, 1, v, 0, 0, 0), 3, Float64Array.of(0, 1, 2, 0, 0, 0), w, out, 1e-9)).toBe(false);
  expect(multipole.gradient(2, 2, Float64Array.of(0, 1e-200, 0, 0), 2, Float64Array.of(0, 1e-200, 0, 0), w, out, 1e-9)).toBe(false);
});

test("squares by moments against the sums themselves", () => {
  const [d, n, m] = [3, 50, 400];
  const x = uniforms(3, d * n).map((v) => 1e3 + v);
  const y = uniforms(4, d * m).map((v) => 1e3 + 5 * v);
  for (const w of [weights.equal!(m), weights["of both signs"]!(m)]) {
    const [sum, gradient] = [new Float64Array(n), new Float64Array(d * n)];
    squareSum(d, n, x, m, y, w, sum);
    squareGradient(d, n, x, m, y, w, gradient);
    for (let i = 0; i < n; i++) {
      let [value, size] = [0, 0];
      const slope = new Array(d).fill(0);
      for (let j = 0; j < m; j++)
        for (let k = 0; k < d; k++) {
          const z = x[k * n + i]! - y[k * m + j]!;
          value += w[j]! * z * z;
          size += Math.abs(w[j]!) * z * z;
          slope[k] += 2 * w[j]! * z;
        }
      expect(Math.abs(sum[i]! - value)).toBeLessThan(1e-12 * size);
      for (let k = 0; k < d; k++) expect(Math.abs(gradient[k * n + i]! - slope[k])).toBeLessThan(1e-12 * (1 + size));
    }
  }
});
