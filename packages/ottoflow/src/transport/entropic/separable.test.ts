import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { portableUniform } from "../../../test/portable.ts";
import { axisCosts, openSeparable, plainSums, VOID } from "./separable.ts";

describe("log-sums on grids agree with the definition", () => {
  it("one axis at a time, wide and narrow kernels, smooth and rough data over hundreds of e-folds, empty cells", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1e-4, 1e-2, 0.3, 4, 100),
        fc.constantFrom(0, 1, 30, 2000),
        fc.integer({ min: 1, max: 1000 }),
        (n, m, kappa, rough, seed) => {
          const u = portableUniform(seed);
          const x = Float64Array.from({ length: n * m }, (_, e) => (u() < 0.1 ? VOID : rough * u() + kappa * 10 * Math.floor(e / m) * u()));
          const c = axisCosts(n, 1, 1 / kappa, (r) => r * r);
          const want = new Float64Array(n * m);
          plainSums(n, m, x, c, want);
          const grid = openSeparable([n, m], [c, new Float64Array(m + 1).fill(0).map((_, r) => (r === 0 ? 0 : 1e300))]);
          const got = new Float64Array(n * m);
          grid.sums(x, got);
          for (let i = 0; i < n; i++)
            for (let j = 0; j < m; j++) {
              const [p, q] = [got[i * m + j]!, want[j * n + i]!];
              if (q <= 0.5 * VOID) expect(p).toBeLessThan(0.5 * VOID);
              else expect(Math.abs(p - q)).toBeLessThan(1e-12 * (1 + Math.abs(q)) + 1e-12);
            }
        },
      ),
      { numRuns: 60 },
    );
  });
  it("three axes: a Gaussian kernel of a point mass, and maxima of the same", () => {
    const shape = [5, 8, 3];
    const c = shape.map((n) => axisCosts(n, 0.7, 0.9, (r) => r * r));
    const grid = openSeparable(shape, c);
    const x = new Float64Array(120).fill(VOID);
    x[2 * 24 + 5 * 3 + 1] = 0.25;
    const [sums, maxima] = [new Float64Array(120), new Float64Array(120)];
    grid.sums(x, sums);
    grid.maxima(x, maxima);
    for (let e = 0; e < 120; e++) {
      const r2 = (Math.floor(e / 24) - 2) ** 2 + ((Math.floor(e / 3) % 8) - 5) ** 2 + ((e % 3) - 1) ** 2;
      expect(sums[e]).toBeCloseTo(0.25 - (0.49 * r2) / 0.9, 12);
      expect(maxima[e]).toBeCloseTo(0.25 - (0.49 * r2) / 0.9, 12);
    }
  });
});
