/** What every energy must satisfy, whoever wrote it: slopes are derivatives of values, facts are not contradicted, weights scale. */
import { describe, expect, test } from "vitest";
import type { Cells, Field, Local, Measure, Part, Particles, Rep, Rows, Space } from "../../src/contract.ts";
import { scalePart } from "../../src/energy/scale.ts";
import { openFunctional, total } from "../../src/energy/total.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { philoxUniforms } from "../../src/kernels/philox.ts";
import { casesOf } from "./units.ts";

const host = plainHost();
function uniforms(n: number, stream: number, lower: number, upper: number): Float64Array {
  const u = new Float64Array(n);
  philoxUniforms(7, stream, 0, 0, n, u);
  return u.map((v) => lower + (upper - lower) * v);
}
const cellsOf = (space: Space, rho: Rows): Cells => ({ rep: "cells", space, rho });
const particlesOf = (space: Space, x: Rows): Particles => {
  const n = x.length / space.dim;
  return { rep: "particles", space, n, x, weight: new Float64Array(n).map((_, i) => (1 + (i % 3)) / (2 * n)) };
};
const value = (parts: readonly Part[], m: Measure): number | null => total(openFunctional(parts, m.space, host).values(m, 0));

/** every part has code on that storage */
const lives = (parts: readonly Part[], rep: Rep): boolean => parts.every((part) => part.form !== "general" || part.on[rep] !== undefined);

const cases = await casesOf("energy");
describe.each(cases)("$name", (c) => {
  test("says what it is", async () => {
    expect(c.unit.title.length).toBeGreaterThan(3);
    expect(c.unit.tex.length).toBeGreaterThan(3);
    expect(c.unit.summary.length).toBeGreaterThan(60);
    expect(c.unit.refs.length).toBeGreaterThan(0);
    expect((await c.build()).length).toBeGreaterThan(0);
  });

  test("lives on cells or on particles", async () => {
    const parts = await c.build();
    expect(lives(parts, "cells") || lives(parts, "particles")).toBe(true);
  });

  test.skipIf(c.dim > 3)("on cells the slope is the derivative of the value (central differences, error O(h^2))", async ({ skip }) => {
    const space = (await import("./units.ts")).spaceOf(c.dim);
    const parts = await c.build(space);
    skip(!lives(parts, "cells"), "it has no code on cells");
    const n = space.cells!.n;
    const volume = space.cells!.volume;
    const rho = uniforms(n, 1, 0.3, 1.2);
    const phi = uniforms(n, 2, -1, 1);
    const slope = new Float64Array(n);
    openFunctional(parts, space, host).slope(cellsOf(space, rho), 0, slope);
    const along = slope.reduce((s, v, i) => s + v * phi[i]! * volume[i]!, 0);
    const h = 1e-4;
    const at = (s: number): number =>
      value(
        parts,
        cellsOf(
          space,
          rho.map((r, i) => r + s * phi[i]!),
        ),
      )!;
    const difference = (at(h) - at(-h)) / (2 * h);
    expect(Math.abs(along - difference)).toBeLessThan(1e-6 * (1 + Math.abs(along)));
  });

  test("on particles the slope is the gradient of the value per unit weight", async ({ skip }) => {
    const parts = (await c.build()).filter((p) => p.form !== "local");
    if (parts.length === 0) return;
    skip(!lives(parts, "particles"), "it has no code on particles");
    const space = (await import("./units.ts")).spaceOf(c.dim);
    const x = uniforms(9 * c.dim, 3, -1.2, 1.2);
    const m = particlesOf(space, x);
    const slope = new Float64Array(x.length);
    openFunctional(parts, space, host).slope(m, 0, slope);
    for (const j of [0, 4, x.length - 1]) {
      const h = 1e-5;
      const at = (s: number): number => value(parts, { ...m, x: x.map((v, i) => (i === j ? v + s : v)) })!;
      const difference = (at(h) - at(-h)) / (2 * h) / m.weight[j % m.n]!;
      expect(Math.abs(slope[j]! - difference)).toBeLessThan(2e-6 * (1 + Math.abs(difference)));
    }
  });

  test("a weight scales value and slope", async () => {
    const parts = await c.build();
    const space = (await import("./units.ts")).spaceOf(c.dim);
    const m = c.dim > 3 || !lives(parts, "cells") ? particlesOf(space, uniforms(9 * c.dim, 4, -1, 1)) : cellsOf(space, uniforms(space.cells!.n, 4, 0.2, 1));
    const kept = c.dim > 3 || !lives(parts, "cells") ? parts.filter((p) => p.form !== "local") : parts;
    const scaled = kept.map((p) => scalePart(p, 2.5, "weight"));
    expect(value(scaled, m)).toBeCloseTo(2.5 * value(kept, m)!, 9);
  });

  test("a target that is said to be least is: value and slope vanish at the atoms that stand for it, and the value is positive elsewhere", async () => {
    const parts = await c.build();
    const target = parts[0]?.target;
    if (!target?.least || !target.points) return;
    const space = (await import("./units.ts")).spaceOf(c.dim);
    const { n, x, weight } = target.points;
    const at: Particles = { rep: "particles", space, n, x, weight };
    const slope = new Float64Array(x.length);
    openFunctional(parts, space, host).slope(at, 0, slope);
    expect(parts.every((part) => part.target?.law === target.law)).toBe(true);
    expect(Math.abs(value(parts, at)!)).toBeLessThan(1e-13);
    for (const v of slope) expect(Math.abs(v)).toBeLessThan(1e-8);
    for (const stream of [6, 7, 8]) expect(value(parts, particlesOf(space, uniforms(9 * c.dim, stream, -1.2, 1.2)))).toBeGreaterThan(1e-3);
    // a negative weight turns the least place into the greatest
    expect(parts.some((part) => part.form !== "local" && scalePart(part, -1, "weight").target?.least)).toBe(false);
  });

  test("what a state carries from slope to slope changes work and no more: all 0 is nothing, values leave it alone", async () => {
    const parts = (await c.build()).filter((p) => p.form !== "local");
    const space = (await import("./units.ts")).spaceOf(c.dim);
    const functional = openFunctional(parts, space, host);
    const m = particlesOf(space, uniforms(9 * c.dim, 3, -1.2, 1.2));
    const size = functional.warm(m);
    if (size === 0) return;
    const [cold, warm] = [new Float64Array(m.x.length), new Float64Array(m.x.length)];
    functional.slope(m, 0, cold);
    const carried = new Float64Array(size);
    functional.slope(m, 0, warm, carried);
    expect(warm).toEqual(cold);
    const kept = Float64Array.from(carried);
    const near = { ...m, x: m.x.map((v, i) => v + 1e-3 * (i % 5)) };
    expect(total(functional.values(near, 0, carried))).toBeCloseTo(total(functional.values(near, 0))!, 11);
    expect(carried).toEqual(kept);
    functional.slope(near, 0, warm, carried);
    functional.slope(near, 0, cold);
    for (let i = 0; i < warm.length; i++) expect(Math.abs(warm[i]! - cold[i]!)).toBeLessThan(1e-8);
    expect(carried).not.toEqual(kept);
  });

  test("pointwise energies: U' and U'' are derivatives, the inverse inverts, noise and power are what they say", async () => {
    for (const part of (await c.build()).filter((p): p is Local => p.form === "local")) checkLocal(part);
  });

  test("potentials: gradient, Hessian and convexity agree at sample points", async () => {
    for (const part of (await c.build()).filter((p): p is Field => p.form === "field")) checkField(part, c.dim);
  });
});

function checkLocal(part: Local): void {
  const r = Float64Array.of(0.05, 0.3, 1, 2.7, 9);
  const n = r.length;
  const row = (f: (n: number, a: Rows, out: Rows) => void, a: Rows = r): Float64Array => {
    const out = new Float64Array(n);
    f(n, a, out);
    return out;
  };
  const h = 1e-6;
  const shifted = (s: number): Float64Array => r.map((v) => v * (1 + s));
  const dU = row(part.dU);
  const d2U = row(part.d2U);
  const [up, um] = [row(part.U, shifted(h)), row(part.U, shifted(-h))];
  const [dp, dm] = [row(part.dU, shifted(h)), row(part.dU, shifted(-h))];
  const U = row(part.U);
  for (let i = 0; i < n; i++) {
    // rounding of a central difference of U over 2 h r
    const slack = 1e-9 * (1 + Math.abs(dU[i]!)) + (1e-15 * Math.abs(U[i]!)) / (h * r[i]!);
    expect(Math.abs((up[i]! - um[i]!) / (2 * h * r[i]!) - dU[i]!)).toBeLessThan(slack);
    expect(Math.abs((dp[i]! - dm[i]!) / (2 * h * r[i]!) - d2U[i]!)).toBeLessThan(1e-7 * (1 + Math.abs(d2U[i]!)));
    if (part.noise !== undefined) expect(r[i]! * d2U[i]!).toBeCloseTo(part.noise, 12);
    if (part.power) expect(U[i]).toBeCloseTo((part.power.factor * r[i]! ** part.power.m) / (part.power.m - 1), 12);
  }
  if (part.inverse) for (const [i, v] of row(part.inverse, dU).entries()) expect(v).toBeCloseTo(r[i]!, 10);
}

function checkField(part: Field, d: number): void {
  const n = 40;
  const x = uniforms(n * d, 5, -1.5, 1.5);
  const at = (y: Rows): Float64Array => {
    const out = new Float64Array(n);
    part.value(n, y, 0, out);
    return out;
  };
  const gradientAt = (y: Rows): Float64Array => {
    const out = new Float64Array(n * d);
    part.gradient(n, y, 0, out);
    return out;
  };
  const gradient = gradientAt(x);
  const hessian = new Float64Array(n * d * d);
  part.hessian?.(n, x, 0, hessian);
  const h = 1e-5;
  for (let k = 0; k < d; k++) {
    const shift = (s: number): Float64Array => x.map((v, i) => (Math.floor(i / n) === k ? v + s : v));
    const [vp, vm, gp, gm] = [at(shift(h)), at(shift(-h)), gradientAt(shift(h)), gradientAt(shift(-h))];
    for (let i = 0; i < n; i++) {
      const g = gradient[k * n + i]!;
      expect(Math.abs((vp[i]! - vm[i]!) / (2 * h) - g)).toBeLessThan(1e-6 * (1 + Math.abs(g)) + 1e-10 * Math.abs(vp[i]!));
      if (!part.hessian) continue;
      for (let l = 0; l < d; l++) {
        const H = hessian[(l * d + k) * n + i]!;
        expect(Math.abs((gp[l * n + i]! - gm[l * n + i]!) / (2 * h) - H)).toBeLessThan(1e-5 * (1 + Math.abs(H)) + 1e-9 * Math.abs(g));
      }
    }
  }
  if (part.convex && part.hessian)
    for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) expect(hessian[(k * d + k) * n + i]!).toBeGreaterThanOrEqual(part.convex.value - 1e-9);
}
