/** Every law: its capabilities tell one story about one measure. */
import { describe, expect, test } from "vitest";
import { storeCells, storeParticles } from "../../src/measure/store.ts";
import { casesOf } from "./units.ts";

describe.each(await casesOf("law"))("$name", (c) => {
  test("has the dimension and the mass of its example", async () => {
    const law = await c.build();
    expect(law.dim).toBe(c.dim);
    expect(law.mass).toBeGreaterThan(0);
    expect(law.density ?? law.boxMass ?? law.points ?? law.draw).toBeDefined();
  });
  test("stored on cells it has its mass", async () => {
    const law = await c.build();
    const space = await c.space();
    const rho = new Float64Array(space.cells!.n);
    const stored = storeCells({ ...law, cut: 0.2 } as typeof law, space, rho);
    const mass = rho.reduce((s, r, i) => s + r * space.cells!.volume[i]!, 0);
    // what lies outside the box is reported, never scaled away; quadrature of rough densities may miss 1e-4
    expect(Math.abs(mass + stored.lost * law.mass - law.mass) / law.mass).toBeLessThan(1e-3);
  });
  test("boxes and density agree on a small box at smooth points (second-order midpoint rule)", async () => {
    const law = await c.build();
    if (!law.boxMass || !law.density) return;
    const h = 1e-6;
    const x = new Float64Array(c.dim).fill(0.1234);
    const [m, r] = [new Float64Array(1), new Float64Array(1)];
    law.boxMass(
      1,
      x.map((v) => v - h),
      x.map((v) => v + h),
      m,
    );
    law.density(1, x, r);
    expect(Math.abs(m[0]! / (2 * h) ** c.dim - r[0]!)).toBeLessThan(1e-4 * (1 + r[0]!));
  });
  test("a product law: shares along the axes multiply to the masses of boxes", async () => {
    const law = await c.build();
    if (!law.sideMass) return;
    const n = 7;
    const lo = Float64Array.from({ length: n * c.dim }, (_, i) => 0.7 * Math.sin(2.3 * i) - 0.2);
    const hi = lo.map((v, i) => v + 0.1 + (0.3 * i) / n);
    const [mass, share] = [new Float64Array(n), new Float64Array(n)];
    law.boxMass!(n, lo, hi, mass);
    const product = new Float64Array(n).fill(law.mass);
    for (let k = 0; k < c.dim; k++) {
      law.sideMass(k, n, lo.subarray(k * n, (k + 1) * n), hi.subarray(k * n, (k + 1) * n), share);
      for (let i = 0; i < n; i++) product[i] = product[i]! * share[i]!;
    }
    expect(product).toEqual(mass);
  });
  test("the score is the gradient of the log density (central differences)", async () => {
    const law = await c.build();
    if (!law.score || !(law.logDensity ?? law.density)) return;
    const n = 5;
    const x = Float64Array.from({ length: n * c.dim }, (_, i) => 0.3 * Math.sin(1.7 * i) + 0.05);
    const score = new Float64Array(n * c.dim);
    law.score(n, x, score);
    const logAt = (y: Float64Array): Float64Array => {
      const out = new Float64Array(n);
      if (law.logDensity) law.logDensity(n, y, out);
      else law.density!(n, y, out);
      return law.logDensity ? out : out.map(Math.log);
    };
    const h = 1e-6;
    for (let k = 0; k < c.dim; k++) {
      const shift = (s: number): Float64Array => x.map((v, i) => (Math.floor(i / n) === k ? v + s : v));
      const [up, down] = [logAt(shift(h)), logAt(shift(-h))];
      for (let i = 0; i < n; i++) expect(Math.abs((up[i]! - down[i]!) / (2 * h) - score[k * n + i]!)).toBeLessThan(1e-6 * (1 + Math.abs(score[k * n + i]!)));
    }
  });
  test("quantiles invert the mass below", async () => {
    const law = await c.build();
    if (!law.quantile || !law.boxMass || law.points) return;
    const s = Float64Array.of(0.01, 0.2, 0.5, 0.77, 0.99);
    const q = new Float64Array(5);
    law.quantile(5, s, q);
    const m = new Float64Array(5);
    law.boxMass(5, new Float64Array(5).fill(-1e6), q, m);
    for (let i = 0; i < 5; i++) expect(m[i]! / law.mass).toBeCloseTo(s[i]!, 8);
  });
  test("draws have its moments within five standard errors", async () => {
    const law = await c.build();
    if (!law.draw || !law.moments) return;
    const n = 20_000;
    const x = new Float64Array(c.dim * n);
    const w = new Float64Array(n);
    storeParticles({ ...law, placement: "random" }, n, 5, x, w);
    for (let k = 0; k < c.dim; k++) {
      const variance = law.moments.cov[k * c.dim + k]!;
      const mean = x.subarray(k * n, (k + 1) * n).reduce((a, b) => a + b, 0) / n;
      expect(Math.abs(mean - law.moments.mean[k]!)).toBeLessThan(5 * Math.sqrt(variance / n));
    }
    expect(w.reduce((a, b) => a + b, 0)).toBeCloseTo(law.mass, 10);
  });
});
