import fc from "fast-check";
import { expect, test } from "vitest";
import { distanceGradient, distanceSum } from "./line-distances.ts";

test("sums of distances and their slopes against all pairs: any places, many of them equal, weights of any sign and size", () => {
  const place = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 1e6, max: 1e6 + 1, noNaN: true }));
  const source = fc.tuple(place, fc.double({ min: -1, max: 1, noNaN: true }), fc.constantFrom(1, 1e-8, 1e4));
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), fc.array(source, { minLength: 1, maxLength: 60 }), (targets, sources) => {
      const x = Float64Array.from([...targets, sources[0]![0]]);
      const y = Float64Array.from(sources, ([v]) => v);
      const w = Float64Array.from(sources, ([, a, b]) => a * b);
      const [sum, slope] = [new Float64Array(x.length), new Float64Array(x.length)];
      distanceSum(x.length, x, y.length, y, w, sum);
      distanceGradient(x.length, x, y.length, y, w, slope);
      for (let i = 0; i < x.length; i++) {
        let [a, b, sizeA, sizeB] = [0, 0, 0, 0];
        for (let j = 0; j < y.length; j++) {
          const z = x[i]! - y[j]!;
          a += w[j]! * Math.abs(z);
          sizeA += Math.abs(w[j]! * z);
          b += w[j]! * Math.sign(z);
          sizeB += Math.abs(w[j]!);
        }
        // rounding of the sums here, of c and of x - c: a few units of what is summed
        expect(Math.abs(sum[i]! - a)).toBeLessThanOrEqual(3e-15 * y.length * sizeA + 1e-9 * Number.EPSILON * sizeB);
        expect(Math.abs(slope[i]! - b)).toBeLessThanOrEqual(3e-16 * y.length * sizeB);
      }
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("a hundred thousand equally spaced points of equal weight: (i^2 + (n - 1 - i)^2 + n - 1) / 2 of the spacing, to rounding", () => {
  const n = 100_001;
  const x = Float64Array.from({ length: n }, (_, i) => i / 1024);
  const w = new Float64Array(n).fill(1);
  const [sum, slope] = [new Float64Array(n), new Float64Array(n)];
  distanceSum(n, x, n, x, w, sum);
  distanceGradient(n, x, n, x, w, slope);
  for (const i of [0, 1, 777, 50_000, n - 1]) {
    const exact = (i * (i + 1) + (n - 1 - i) * (n - i)) / 2 / 1024;
    expect(Math.abs(sum[i]! - exact)).toBeLessThan(1e-15 * exact);
    expect(slope[i]).toBe(2 * i - (n - 1));
  }
});
