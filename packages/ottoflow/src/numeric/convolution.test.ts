import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeBox } from "../space/box.ts";
import { openConvolution } from "./convolution.ts";
import { openFft } from "./fft.ts";

describe("fft", () => {
  test.each([1, 2, 4, 8, 32, 128])("size %i: forward is the discrete Fourier sum, inverse undoes it", (size) => {
    const { forward, inverse } = openFft(size);
    const z = Float64Array.from({ length: 2 * size }, (_, i) => Math.sin(3 * i + 1) + (i % 5));
    const out = new Float64Array(2 * size);
    const back = new Float64Array(2 * size);
    forward(z, out);
    inverse(out, back);
    for (let k = 0; k < size; k++) {
      let re = 0;
      let im = 0;
      for (let j = 0; j < size; j++) {
        const a = (-2 * Math.PI * ((j * k) % size)) / size;
        re += z[2 * j]! * Math.cos(a) - z[2 * j + 1]! * Math.sin(a);
        im += z[2 * j]! * Math.sin(a) + z[2 * j + 1]! * Math.cos(a);
      }
      expect(Math.abs(out[2 * k]! - re) + Math.abs(out[2 * k + 1]! - im)).toBeLessThan(1e-12 * size);
    }
    for (let i = 0; i < 2 * size; i++) expect(back[i]).toBeCloseTo(z[i]!, 12);
  });
});

describe("convolution", () => {
  const axis = fc.record({ n: fc.integer({ min: 1, max: 9 }), periodic: fc.boolean() });
  test("equals the direct sum in 1D, 2D, 3D with open and periodic axes (kernel without symmetry)", () => {
    fc.assert(
      fc.property(fc.array(axis, { minLength: 1, maxLength: 3 }), fc.integer({ min: 0, max: 1000 }), (axes, seed) => {
        const space = makeBox({
          lower: axes.map(() => 0),
          upper: axes.map(({ n }, k) => n * (k + 1) * 0.5),
          cells: axes.map(({ n }) => n),
          periodic: axes.map((a) => a.periodic),
        });
        const { n, centre } = space.cells!;
        const d = axes.length;
        const kernel = (z: readonly number[]): number => z.reduce((s, v, k) => s * Math.exp(-((v - 0.3 * (k + 1)) ** 2)), 1);
        const plan = openConvolution(space.grid!, (m, z, out) => {
          for (let i = 0; i < m; i++) out[i] = kernel(axes.map((_, k) => z[k * m + i]!));
        });
        const w = Float64Array.from({ length: n }, (_, i) => Math.sin(seed + 7 * i));
        const out = new Float64Array(n);
        plan.apply(w, out);
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let j = 0; j < n; j++) {
            const z = axes.map((a, k) => {
              const length = a.n * (k + 1) * 0.5;
              let v = centre[k * n + i]! - centre[k * n + j]!;
              if (a.periodic && v > length / 2 + 1e-9) v -= length;
              if (a.periodic && v < -length / 2 + 1e-9) v += length;
              return v;
            });
            sum += kernel(z) * w[j]!;
          }
          expect(Math.abs(out[i]! - sum)).toBeLessThan(1e-12 * n);
        }
        expect(d).toBe(space.dim);
      }),
      { numRuns: 60 },
    );
  });
});
