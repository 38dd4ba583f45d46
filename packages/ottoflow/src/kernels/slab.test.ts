import { expect, test } from "vitest";
import { openMemory } from "./memory.ts";
import { philoxUniforms } from "./philox.ts";
import { explicitSlab, explicitSlabReference, type Slab, slabRate, slabRateReference, slabWork } from "./slab.ts";

const shapes = [
  [1, 1],
  [1, 2],
  [1, 3],
  [1, 4],
  [1, 37],
  [2, 2],
  [3, 3],
  [2, 5],
  [5, 1],
  [4, 1],
  [7, 12],
  [6, 13],
] as const;
const cases = shapes.flatMap(([n0, n1]) =>
  [0, 1, 2, 3].map((wraps) => ({ n0, n1, wrap0: (wraps & 1) === 1, wrap1: (wraps & 2) === 2, noise: wraps === 2 ? 0 : 0.7, theta: 1 + wraps / 3 })),
);

test.each(cases)("$n0 x $n1, wraps $wrap0 $wrap1: SIMD and reference give the same bits, and mass is kept", (shape) => {
  const slab: Slab = { ...shape, g0: 3, g1: 5 };
  const n = shape.n0 * shape.n1;
  const memory = openMemory({ bytes: 8 * (4 * n + 3 * slabWork(shape.n1)) + 1024 });
  const [rho, phi, source, out] = [memory.alloc(n), memory.alloc(n), memory.alloc(n), memory.alloc(n)];
  philoxUniforms(1, n, 0, 0, n, rho);
  philoxUniforms(2, n, 0, 0, n, phi);
  philoxUniforms(3, n, 0, 0, n, source);
  // plateaus and empty cells: slopes of 0 and ties
  for (let i = 0; i < n; i++) if (i % 5 === 0) rho[i] = i % 2;
  const expected = new Float64Array(n);
  for (const [factor, potential] of [
    [0.01, phi],
    [0.5, phi],
    [0.02, rho],
  ] as const) {
    const good = explicitSlabReference(slab, factor, rho.slice(), potential.slice(), 0.5, source.slice(), 0.25, expected);
    expect(explicitSlab(slab, factor, rho, potential, 0.5, source, 0.25, out, memory.alloc(slabWork(shape.n1)))).toBe(good);
    expect(Array.from(out).findIndex((v, i) => !Object.is(v, expected[i]))).toBe(-1);
    const mass = out.reduce((s, v, i) => s + v - 0.5 * source[i]! - 0.25 * rho[i]!, 0);
    expect(Math.abs(mass)).toBeLessThan(1e-13 * n);
  }
  for (const stiff of [0.7, source])
    expect(slabRate(slab, 1.3, rho, phi, stiff)).toBe(
      slabRateReference(slab, 1.3, rho.slice(), phi.slice(), typeof stiff === "number" ? stiff : stiff.slice()),
    );
});
