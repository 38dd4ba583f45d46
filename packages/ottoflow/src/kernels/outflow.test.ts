import fc from "fast-check";
import { expect, test } from "vitest";
import { edgeSpread, edgesOfBox } from "./edges.ts";
import { holdOutflow, outflowWork } from "./outflow.ts";

const shapes: readonly (readonly [readonly number[], readonly boolean[]])[] = [
  [[9], [false]],
  [[9], [true]],
  [
    [4, 5],
    [false, true],
  ],
  [
    [3, 2, 4],
    [true, false, false],
  ],
];

test("the edges of a box: every cell reaches its upper neighbour on every axis, around where that is glued", () => {
  for (const [shape, periodic] of shapes) {
    const { runs, first } = edgesOfBox(shape, periodic);
    const n = shape.reduce((a, b) => a * b, 1);
    const seen: [number, number][] = [];
    for (const { blocks, length, pitch, edgePitch, lower, upper, edge } of runs)
      for (let b = 0; b < blocks; b++) for (let j = 0; j < length; j++) seen[edge + b * edgePitch + j] = [lower + b * pitch + j, upper + b * pitch + j];
    expect(seen.length).toBe(first[shape.length]);
    const expected = new Set<string>();
    for (let i = 0; i < n; i++)
      for (let k = 0, span = n; k < shape.length; k++) {
        const stride = span / shape[k]!;
        const c = Math.floor((i % span) / stride);
        if (c + 1 < shape[k]!) expected.add(`${i} ${i + stride}`);
        else if (periodic[k]) expected.add(`${i} ${i - c * stride}`);
        span = stride;
      }
    expect(new Set(seen.map((pair) => pair.join(" ")))).toEqual(expected);
  }
});

test("held outflow: nothing below zero where the start is not, every cell has its start less what the kept flux takes, edges keep 0 to 1", () => {
  fc.assert(
    fc.property(fc.constantFrom(...shapes), fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 120, maxLength: 120 }), ([shape, periodic], u) => {
      const { runs, axes, first } = edgesOfBox(shape, periodic);
      const n = shape.reduce((a, b) => a * b, 1);
      const edges = first[shape.length]!;
      const start = Float64Array.from({ length: n }, (_, i) => u[i]! / 1000);
      const flux = Float64Array.from({ length: edges }, (_, e) => u[119 - (e % 80)]! / 1000 - 0.5);
      const keep = new Float64Array(edges).fill(1);
      const base = start.slice();
      for (const run of runs) edgeSpread(run, flux, 3, base);
      const drained = base.some((v) => v < 0);
      const held = holdOutflow(n, Float64Array.from(axes), start, flux, 3, keep, base, new Float64Array(outflowWork(n)));
      expect(held > 0).toBe(drained);
      expect(Math.min(...base)).toBeGreaterThanOrEqual(0);
      expect(Math.min(...keep)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...keep)).toBeLessThanOrEqual(1);
      const again = start.slice();
      for (const run of runs)
        edgeSpread(
          run,
          flux.map((f, e) => f * keep[e]!),
          3,
          again,
        );
      for (let i = 0; i < n; i++) expect(Math.abs(again[i]! - base[i]!)).toBeLessThan(1e-13);
    }),
    { numRuns: 60 },
  );
});
