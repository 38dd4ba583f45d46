/** What every pairwise kernel must satisfy: symmetric, differentiated rightly, finite where it says so, and no fact contradicted by samples. */
import { describe, expect, test } from "vitest";
import type { Kernel, Rows } from "../../src/contract.ts";
import { philoxUniforms } from "../../src/kernels/philox.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { Builder } from "../../src/spec/build.ts";
import { casesOf } from "./units.ts";

function uniforms(n: number, stream: number, lower: number, upper: number): Float64Array {
  const u = new Float64Array(n);
  philoxUniforms(11, stream, 0, 0, n, u);
  return u.map((v) => lower + (upper - lower) * v);
}
const one = Float64Array.of(1);
/** k at one pair of points */
function at(k: Kernel, x: Rows, y: Rows): number {
  const out = new Float64Array(1);
  k.sum(1, x, 1, y, one, out);
  return out[0]!;
}
const row = (map: (n: number, a: Rows, out: Rows) => void, r: Rows): Float64Array => {
  const out = new Float64Array(r.length);
  map(r.length, r, out);
  return out;
};
/** pairs of points in [-2, 2]^d */
function pairs(d: number, count: number): (readonly [Float64Array, Float64Array])[] {
  const z = uniforms(2 * d * count, 5, -2, 2);
  return Array.from({ length: count }, (_, i) => [z.slice(2 * d * i, 2 * d * i + d), z.slice(2 * d * i + d, 2 * d * (i + 1))]);
}
const norm2 = (z: Float64Array): number => z.reduce((s, v) => s + v * v, 0);
const minus = (x: Rows, y: Rows): Float64Array => Float64Array.from(x, (v, i) => v - y[i]!);

describe.each(await casesOf("kernel"))("$name", (c) => {
  const d = c.dim;
  const free = makeFree(d);
  const zero = new Float64Array(d);

  test("is symmetric", async () => {
    const k = await c.build(free);
    for (const [x, y] of pairs(d, 40)) expect(Math.abs(at(k, x, y) - at(k, y, x))).toBeLessThanOrEqual(1e-13 * (1 + Math.abs(at(k, x, y))));
  });

  test("sums over sources with their weights, and dx is the gradient of the sum (central differences, error O(h^2))", async () => {
    const k = await c.build(free);
    const [n, m] = [5, 9];
    const x = uniforms(d * n, 1, -2, 2);
    const y = uniforms(d * m, 2, -2, 2);
    const w = uniforms(m, 3, 0.1, 1);
    const sum = (p: Rows): Float64Array => {
      const out = new Float64Array(n);
      k.sum(n, p, m, y, w, out);
      return out;
    };
    const point = (a: Rows, size: number, i: number): Float64Array => Float64Array.from({ length: d }, (_, axis) => a[axis * size + i]!);
    const total = sum(x);
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = 0; j < m; j++) s += w[j]! * at(k, point(x, n, i), point(y, m, j));
      expect(Math.abs(total[i]! - s)).toBeLessThan(1e-12 * (1 + Math.abs(s)));
    }
    const gradient = new Float64Array(d * n);
    k.dx(n, x, m, y, w, gradient);
    const h = 1e-6;
    for (let e = 0; e < d * n; e++) {
      const moved = (s: number): Float64Array => sum(x.map((v, q) => (q === e ? v + s : v)));
      const difference = (moved(h)[e % n]! - moved(-h)[e % n]!) / (2 * h);
      expect(Math.abs(gradient[e]! - difference)).toBeLessThan(1e-6 * (1 + Math.abs(difference)));
    }
  });

  test("is finite at coinciding points exactly if it says so; otherwise they are left out", async () => {
    const k = await c.build(free);
    const x = uniforms(d, 4, -1, 1);
    if (k.finite) {
      expect(Number.isFinite(at(k, x, x))).toBe(true);
      if (k.radial) expect(at(k, x, x)).toBeCloseTo(row(k.radial.value, Float64Array.of(0))[0]!, 13);
      return;
    }
    expect(at(k, x, x)).toBe(0);
    const near = [1e-3, 1e-6, 1e-9].map((h) =>
      Math.abs(
        at(
          k,
          zero.map((v, i) => (i === 0 ? h : v)),
          zero,
        ),
      ),
    );
    expect(near[1]! - near[0]!).toBeGreaterThan(0.1);
    expect(near[2]! - near[1]!).toBeGreaterThan(0.1); // grows without end, at least like a logarithm
    if (k.radial) expect(Number.isFinite(row(k.radial.value, Float64Array.of(0))[0]!)).toBe(false);
  });

  test("as a function of the distance: the sums' value, and slope and curvature are derivatives", async () => {
    const k = await c.build(free);
    if (!k.radial) return;
    for (const [x, y] of pairs(d, 40)) {
      const r = Float64Array.of(Math.sqrt(norm2(minus(x, y))));
      expect(Math.abs(at(k, x, y) - row(k.radial.value, r)[0]!)).toBeLessThan(1e-12 * (1 + Math.abs(at(k, x, y))));
    }
    const r = Float64Array.of(0.05, 0.3, 0.9, 1.7, 3.2);
    const h = 1e-5;
    const derivative = (f: (n: number, a: Rows, out: Rows) => void): Float64Array => {
      const [up, down] = [
        row(
          f,
          r.map((v) => v + h),
        ),
        row(
          f,
          r.map((v) => v - h),
        ),
      ];
      return up.map((v, i) => (v - down[i]!) / (2 * h));
    };
    const compare = (a: Rows, b: Rows): void => {
      for (let i = 0; i < r.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(2e-6 * (1 + Math.abs(b[i]!)));
    };
    compare(row(k.radial.slope, r), derivative(k.radial.value));
    if (k.radial.curvature) compare(row(k.radial.curvature, r), derivative(k.radial.slope));
  });

  test("its modulus of convexity holds at midpoints: k(m) <= (k(a) + k(b)) / 2 - lambda |a - b|^2 / 8", async () => {
    const k = await c.build(free);
    if (!k.convex) return;
    const lambda = k.convex.value;
    for (const scale of [1, 0.03])
      for (const [p, q] of pairs(d, 400)) {
        const [a, b] = [p.map((v) => v * scale), q.map((v) => v * scale)];
        const middle = a.map((v, i) => 0.5 * (v + b[i]!));
        const bound = 0.5 * (at(k, a, zero) + at(k, b, zero)) - (lambda * norm2(minus(a, b))) / 8;
        expect(at(k, middle, zero)).toBeLessThanOrEqual(bound + 1e-13 * (1 + Math.abs(bound)));
      }
  });

  test("its bound of the curvature holds at midpoints: k(m) >= (k(a) + k(b)) / 2 - lambda |a - b|^2 / 8", async () => {
    const k = await c.build(free);
    if (!k.concave) return;
    const lambda = k.concave.value;
    for (const scale of [1, 0.03])
      for (const [p, q] of pairs(d, 400)) {
        const [a, b] = [p.map((v) => v * scale), q.map((v) => v * scale)];
        const middle = a.map((v, i) => 0.5 * (v + b[i]!));
        const bound = 0.5 * (at(k, a, zero) + at(k, b, zero)) - (lambda * norm2(minus(a, b))) / 8;
        expect(at(k, middle, zero)).toBeGreaterThanOrEqual(bound - 1e-13 * (1 + Math.abs(bound)));
      }
  });

  test("where it says that it is definite, forms of signed measures are positive: of any, or of those of total mass 0", async () => {
    const k = await c.build(free);
    if (!k.definite) return;
    expect(k.finite).toBe(true);
    const n = 12;
    const out = new Float64Array(n);
    for (let stream = 20; stream < 40; stream++) {
      const x = uniforms(d * n, stream, -1, 1);
      const s = uniforms(n, stream + 100, -1, 1);
      const mean = s.reduce((a, b) => a + b, 0) / n;
      const m = k.definite.value === "conditionally" ? s.map((v) => v - mean) : s;
      k.sum(n, x, n, x, m, out);
      expect(out.reduce((sum, v, i) => sum + v * m[i]!, 0)).toBeGreaterThan(0);
    }
  });

  test("what it says of the half-line holds, and where it denies it a sample shows why", async () => {
    const k = await c.build(free);
    if (!k.convexOnHalfLine || !k.radial) return;
    const r = Float64Array.from({ length: 400 }, (_, i) => 0.02 * (i + 1));
    const v = row(k.radial.value, r);
    let least = Number.POSITIVE_INFINITY;
    for (let i = 1; i < r.length - 1; i++) least = Math.min(least, (v[i - 1]! - 2 * v[i]! + v[i + 1]!) / (1 + Math.abs(v[i]!)));
    if (k.convexOnHalfLine.value) expect(least).toBeGreaterThan(-1e-13);
    else expect(least).toBeLessThan(-1e-9);
  });

  test("closed forms that it claims are the kernel: quadratic, parabola, log gas", async () => {
    const k = await c.build(free);
    for (const [x, y] of pairs(d, 20)) {
      const r2 = norm2(minus(x, y));
      const r = Math.sqrt(r2);
      const near = (v: number): void => expect(Math.abs(at(k, x, y) - v)).toBeLessThan(1e-12 * (1 + Math.abs(v)));
      if (k.quadratic !== undefined) near((k.quadratic * r2) / 2);
      if (k.parabola) near(k.parabola.constant + k.parabola.linear * r + (k.parabola.square * r2) / 2);
      if (!k.logGas) continue;
      const gas = (s2: number): number => (k.logGas!.attraction * s2) / 2 - (k.logGas!.repulsion * Math.log(s2)) / 2;
      const e1 = zero.map((_, i) => (i === 0 ? 1 : 0));
      near(gas(r2) + at(k, e1, zero) - gas(1)); // up to a constant
    }
  });

  test("a factor multiplies all of it, facts included", async () => {
    if (!c.unit.params.factor) return;
    const k = await c.build(free);
    const now = Number(c.params.factor ?? 1);
    const { built } = await new Builder({}).make("kernel", { kind: c.unit.kind, ...c.params, factor: 3 * now }, "kernel", { dim: d, space: free });
    for (const [x, y] of pairs(d, 10)) {
      const [g1, g3] = [new Float64Array(d), new Float64Array(d)];
      k.dx(1, x, 1, y, one, g1);
      built.dx(1, x, 1, y, one, g3);
      expect(Math.abs(at(built, x, y) - 3 * at(k, x, y))).toBeLessThan(1e-13 * (1 + Math.abs(3 * at(k, x, y))));
      for (let i = 0; i < d; i++) expect(Math.abs(g3[i]! - 3 * g1[i]!)).toBeLessThan(1e-13 * (1 + Math.abs(3 * g1[i]!)));
    }
    if (k.convex) expect(built.convex!.value).toBeCloseTo(3 * k.convex.value, 12);
    if (k.quadratic !== undefined) expect(built.quadratic).toBeCloseTo(3 * k.quadratic, 13);
    if (k.parabola) expect(built.parabola!.linear).toBeCloseTo(3 * k.parabola.linear, 13);
    expect([built.finite, built.convexOnHalfLine?.value]).toEqual([k.finite, k.convexOnHalfLine?.value]);
  });
});
