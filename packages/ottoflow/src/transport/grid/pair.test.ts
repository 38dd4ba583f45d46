import { describe, expect, test } from "vitest";
import { portableUniform } from "../../../test/portable.ts";
import type { Lattice } from "./lattice.ts";
import { sizeOf } from "./lattice.ts";
import { halfSquares, legendre } from "./legendre.ts";
import { openPair, padded } from "./pair.ts";
import { poisson } from "./poisson.ts";
import { pushGradient } from "./push.ts";

const X: Lattice = { shape: [7, 12], origin: [-0.3, 0.1], h: [0.11, 0.07] };
const Y: Lattice = { shape: [10, 15], origin: [0.2, -0.4], h: [0.05, 0.08] };
const noise = (seed: number, n: number): Float64Array => {
  const next = portableUniform(seed);
  return Float64Array.from({ length: n }, () => next());
};
const largest = (a: Float64Array, b: Float64Array): number => a.reduce((s, v, i) => Math.max(s, Math.abs(v - b[i]!)), 0);
const pairOf = () => openPair({ lattice: X, mass: noise(1, 84) }, { lattice: Y, mass: noise(2, 150) });

describe("conjugates on grids", () => {
  test("are the maximum over all pairs of points, with holes", () => {
    const u = noise(3, 84);
    for (const i of [0, 5, 30, 31, 32, 33, 34, 35, 83]) u[i] = Number.POSITIVE_INFINITY;
    const out = new Float64Array(150);
    legendre(X, u, Y, out);
    const point = (l: Lattice, k: number): readonly [number, number] => [
      l.origin[0] + Math.floor(k / l.shape[1]) * l.h[0],
      l.origin[1] + (k % l.shape[1]) * l.h[1],
    ];
    for (let j = 0; j < 150; j++) {
      const y = point(Y, j);
      const best = u.reduce((s, v, i) => Math.max(s, point(X, i)[0] * y[0] + point(X, i)[1] * y[1] - v), Number.NEGATIVE_INFINITY);
      expect(Math.abs(out[j]! - best)).toBeLessThan(1e-14);
    }
  });
  test("in WASM are those of the readable twin to a rounding, both ways", () => {
    const pair = pairOf();
    const [a, b] = pair.sides;
    a.u.set(noise(3, 84));
    pair.conjugate(0);
    const want = new Float64Array(150);
    legendre(X, a.u, Y, want);
    expect(largest(b.u, want)).toBeLessThan(1e-15);
    pair.conjugate(1);
    const back = new Float64Array(84);
    legendre(Y, want, X, back);
    expect(largest(a.u, back)).toBeLessThan(1e-15);
  });
  test("three times is once: u*** = u*", () => {
    const pair = pairOf();
    pair.sides[0].u.set(noise(4, 84));
    pair.conjugate(0);
    const once = pair.sides[1].u.slice();
    pair.conjugate(1);
    pair.conjugate(0);
    expect(largest(once, pair.sides[1].u)).toBeLessThan(1e-14);
  });
});

describe("Poisson's equation with walls", () => {
  test.each([
    [7, 12],
    [10, 15],
    [1, 8],
    [9, 1],
    [5, 2],
    [16, 16],
    [6, 25],
    [3, 9],
  ])("%i x %i: the five-point formula of the solution gives the right-hand side back, in WASM and in the twin", (n0, n1) => {
    const l: Lattice = { shape: [n0, n1], origin: [0, 0], h: [0.3, 0.2] };
    const mass = noise(5, n0 * n1);
    const pair = openPair({ lattice: l, mass }, { lattice: l, mass });
    const s = pair.sides[0];
    s.image.set(noise(6, n0 * n1));
    const r = mass.map((v, i) => (v - s.image[i]!) / 0.06);
    const mean = r.reduce((t, v) => t + v, 0) / r.length;
    const norm = pair.solve(0);
    const twin = new Float64Array(n0 * n1);
    poisson(l, r, twin);
    const at = (i: number, j: number): number => s.step[Math.min(Math.max(i, 0), n0 - 1) * n1 + Math.min(Math.max(j, 0), n1 - 1)]!;
    let work = 0;
    for (let i = 0; i < n0; i++)
      for (let j = 0; j < n1; j++) {
        const laplace = (4 * 0 + at(i - 1, j) + at(i + 1, j) - 2 * at(i, j)) / 0.09 + (at(i, j - 1) + at(i, j + 1) - 2 * at(i, j)) / 0.04;
        expect(Math.abs(-laplace - (r[i * n1 + j]! - mean))).toBeLessThan(1e-10);
        work += at(i, j) * r[i * n1 + j]! * 0.06;
      }
    expect(largest(s.step, twin)).toBeLessThan(1e-12);
    expect(Math.abs(norm - work)).toBeLessThan(1e-11);
  });
});

describe("images of masses under gradients", () => {
  test("the gradient of |x|^2 / 2 leaves every mass where it is", () => {
    const pair = openPair({ lattice: X, mass: noise(1, 84) }, { lattice: X, mass: noise(1, 84) });
    pair.sides[0].u.set(halfSquares(X));
    pair.push(0);
    expect(largest(pair.sides[1].image, pair.sides[0].mass)).toBeLessThan(1e-13);
  });
  test("in WASM are those of the readable twin, and mass is kept", () => {
    const pair = pairOf();
    const [a, b] = pair.sides;
    a.u.set(halfSquares(X).map((v, i) => 1.7 * v + 0.01 * (i % 5)));
    pair.push(0);
    const want = new Float64Array(150);
    pushGradient(X, a.u, a.mass, Y, want, new Float64Array(2 * 8 * 13));
    expect(largest(b.image, want)).toBeLessThan(1e-13);
    const sum = (v: Float64Array): number => v.reduce((s, w) => s + w, 0);
    expect(Math.abs(sum(b.image) - sum(a.mass))).toBeLessThan(1e-12);
  });
});
test("padding adds empty columns only", () => {
  const d = padded({ lattice: { shape: [2, 7], origin: [0, 0], h: [1, 1] }, mass: noise(1, 14) });
  expect(d.lattice.shape).toEqual([2, 8]);
  expect(sizeOf(d.lattice)).toBe(16);
  expect([d.mass[7], d.mass[15], d.mass[8]]).toEqual([0, 0, noise(1, 14)[7]]);
});
