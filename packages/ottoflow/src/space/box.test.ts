import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOttoflowError } from "../errors.ts";
import { box, makeBox } from "./box.ts";
import { makeFree } from "./euclidean.ts";
import { free } from "./free.ts";

const tagOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    return isOttoflowError(error) ? error.tag : "other";
  }
  return "none";
};

describe("box", () => {
  test("first axis is slowest: centres of a 2 x 3 box by hand", () => {
    const space = makeBox({ lower: [0, 10], upper: [2, 13], cells: [2, 3] });
    expect([...space.cells!.centre]).toEqual([0.5, 0.5, 0.5, 1.5, 1.5, 1.5, 10.5, 11.5, 12.5, 10.5, 11.5, 12.5]);
    expect(space.bounded).toBe(true);
  });
  test("volumes sum to the volume of the box; edges count and are memoised", () => {
    const space = makeBox({ lower: [0, 0, 0], upper: [1, 2, 3], cells: [2, 4, 5], periodic: [false, true, false] });
    const cells = space.cells!;
    expect(Float64Array.from(cells.volume).reduce((a, b) => a + b, 0)).toBeCloseTo(6, 12);
    expect(cells.edges().from.length).toBe(1 * 4 * 5 + 2 * 4 * 5 + 2 * 4 * 4);
    expect(cells.edges()).toBe(cells.edges());
    expect(cells.volume).toBe(cells.volume);
  });
  test("the edge Laplacian has eigenvalue lambda_k = 4/h^2 sin^2(k pi h / 2) on cos(k pi x) (Neumann)", () => {
    const n = 16;
    const { centre, volume, edges } = makeBox({ lower: [0], upper: [1], cells: [n] }).cells!;
    const { from, to, conductance } = edges();
    const k = 3;
    const u = Float64Array.from(centre, (x) => Math.cos(k * Math.PI * x));
    const out = new Float64Array(n);
    for (let e = 0; e < from.length; e++) {
      const f = conductance[e]! * (u[from[e]!]! - u[to[e]!]!);
      out[from[e]!]! += f;
      out[to[e]!]! -= f;
    }
    const lambda = 4 * n * n * Math.sin((k * Math.PI) / (2 * n)) ** 2;
    for (let i = 0; i < n; i++) expect(out[i]! / volume[i]!).toBeCloseTo(lambda * u[i]!, 9);
  });
  test("every edge joins cells one spacing apart, modulo the period", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.boolean()), { minLength: 1, maxLength: 3 }), (axes) => {
        const space = makeBox({ lower: axes.map(() => 0), upper: axes.map(([n]) => n), cells: axes.map(([n]) => n), periodic: axes.map(([, p]) => p) });
        const { n, centre, edges } = space.cells!;
        const { from, to } = edges();
        for (let e = 0; e < from.length; e++) {
          let moved = 0;
          for (let k = 0; k < axes.length; k++) {
            const gap = Math.abs(centre[k * n + to[e]!]! - centre[k * n + from[e]!]!);
            moved += axes[k]![1] ? Math.min(gap, axes[k]![0] - gap) : gap;
          }
          // two cells on a periodic axis are joined twice, one spacing apart both ways
          expect(moved).toBe(1);
        }
      }),
    );
  });
  test("mistakes are told before memory is taken", () => {
    expect(tagOf(() => makeBox({ lower: [0, 0], upper: [1, 1], cells: [2 ** 13, 2 ** 12] }))).toBe("LimitError");
    expect(tagOf(() => makeBox({ lower: [1], upper: [1], cells: [4] }))).toBe("SpecError");
    expect(tagOf(() => makeBox({ lower: [0], upper: [1], cells: [2.5] }))).toBe("SpecError");
    expect(tagOf(() => makeBox({ lower: [0], upper: [1, 2], cells: [2] }))).toBe("ShapeError");
    expect(tagOf(() => makeBox({ lower: [0, 0, 0, 0], upper: [1, 1, 1, 1], cells: [2, 2, 2, 2] }))).toBe("SpecError");
  });
  test("the unit broadcasts one value over the axes", () => {
    const values = { lower: [-1], upper: [1], cells: [4, 5], boundary: ["periodic"], "stands-for": "whole-space" } as never;
    const space = box.build(values, { dim: 2, space: makeFree(2) });
    expect(space.grid).toEqual({ shape: [4, 5], lower: [-1, -1], h: [0.5, 0.4], periodic: [true, true] });
    expect(space.bounded).toBe(false);
  });
});

describe("free", () => {
  test("has a dimension and no cells", () => {
    expect(free.build({ dimension: 3 } as never, { dim: 3, space: makeFree(3) })).toEqual({ kind: "free", dim: 3 });
    expect(tagOf(() => makeFree(0))).toBe("SpecError");
  });
});
