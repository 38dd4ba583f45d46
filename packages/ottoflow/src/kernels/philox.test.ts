import { describe, expect, test } from "vitest";
import { normalCdf } from "./math.ts";
import { philox, philoxNormals, philoxNormals32, philoxUniforms } from "./philox.ts";

const hex = (w: Uint32Array) => [...w].map((v) => v.toString(16).padStart(8, "0")).join(" ");

test("known answers of the Random123 distribution", () => {
  const w = new Uint32Array(4);
  philox(0, 0, 0, 0, 0, 0, w);
  expect(hex(w)).toBe("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
  philox(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, w);
  expect(hex(w)).toBe("408f276d 41c83b0e a20bc7c6 6d5451fd");
  philox(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, w);
  expect(hex(w)).toBe("d16cfe09 94fdcceb 5001e420 24126ea1");
});

test("value i does not depend on where the row starts", () => {
  for (const fill of [philoxUniforms, philoxNormals, philoxNormals32]) {
    const whole = new Float64Array(100);
    fill(7, 3, 11, 5, 100, whole);
    for (const [first, n] of [
      [5, 1],
      [6, 13],
      [17, 40],
      [90, 15],
    ] as const) {
      const part = new Float64Array(n);
      fill(7, 3, 11, first, n, part);
      expect([...part]).toEqual([...whole.subarray(first - 5, first - 5 + n)]);
    }
  }
});

test("seeds beyond 32 bits, streams and steps differ", () => {
  const seen = new Set<number>();
  for (const [seed, stream, step] of [
    [1, 0, 0],
    [1 + 2 ** 32, 0, 0],
    [1, 1, 0],
    [1, 0, 1],
  ] as const) {
    const u = new Float64Array(1);
    philoxUniforms(seed, stream, step, 0, 1, u);
    seen.add(u[0]!);
  }
  expect(seen.size).toBe(4);
});

describe.each([
  ["philoxNormals", philoxNormals],
  ["philoxNormals32", philoxNormals32],
] as const)("%s", (_, fill) => {
  const n = 400_000;
  const z = new Float64Array(n);
  fill(42, 0, 0, 0, n, z);
  const mean = (f: (i: number) => number): number => z.reduce((s, _, i) => s + f(i), 0) / n;

  test("moments within five standard errors", () => {
    // Var z = 1, Var z^2 = 2, Var z^3 = 15, Var z^4 = 96
    for (const [p, value, variance] of [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ] as const)
      expect(Math.abs(mean((i) => z[i]! ** p) - value)).toBeLessThan(5 * Math.sqrt(variance / n));
  });
  test("neighbours, both coordinates of a pair and their squares are uncorrelated", () => {
    for (const lag of [1, 2, 3, 4, 8, 16]) {
      expect(Math.abs(mean((i) => z[i]! * z[(i + lag) % n]!))).toBeLessThan(5 / Math.sqrt(n));
      // Var (z^2 - 1)(w^2 - 1) = 4
      expect(Math.abs(mean((i) => (z[i]! ** 2 - 1) * (z[(i + lag) % n]! ** 2 - 1)))).toBeLessThan(10 / Math.sqrt(n));
    }
  });
  test("the distribution function within the Kolmogorov bound at one in a million, and its tails", () => {
    const sorted = z.slice().sort();
    let distance = 0;
    for (let i = 0; i < n; i++) distance = Math.max(distance, Math.abs(normalCdf(sorted[i]!) - (i + 0.5) / n));
    expect(distance * Math.sqrt(n)).toBeLessThan(2.7);
    for (const level of [2, 3, 4]) {
      const expected = 2 * normalCdf(-level);
      const share = mean((i) => (Math.abs(z[i]!) > level ? 1 : 0));
      expect(Math.abs(share - expected)).toBeLessThan(5 * Math.sqrt(expected / n));
    }
  });
});
