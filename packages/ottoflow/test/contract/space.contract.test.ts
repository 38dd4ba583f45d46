/** Every space with cells: volumes are positive, edges join different cells with positive conductance, and its Laplacian kills constants. */
import { describe, expect, test } from "vitest";
import { casesOf } from "./units.ts";

describe.each(await casesOf("space"))("$name", (c) => {
  test("has the dimension of its example", async () => {
    expect((await c.build()).dim).toBe(c.dim);
  });
  test("cells and edges are sound", async () => {
    const { cells, dim, grid } = await c.build();
    if (!cells) return;
    expect(cells.volume.length).toBe(cells.n);
    expect(cells.centre.length).toBe(dim * cells.n);
    expect(Math.min(...cells.volume)).toBeGreaterThan(0);
    const { from, to, conductance } = cells.edges();
    const degree = new Int32Array(cells.n);
    for (let e = 0; e < from.length; e++) {
      expect(from[e]).not.toBe(to[e]);
      expect(conductance[e]).toBeGreaterThan(0);
      degree[from[e]!]!++;
      degree[to[e]!]!++;
    }
    expect(Math.min(...degree)).toBeGreaterThan(0);
    if (grid) {
      // the total volume is that of the box
      const volume = grid.shape.reduce((v, n, k) => v * n * grid.h[k]!, 1);
      expect(Float64Array.from(cells.volume).reduce((a, b) => a + b, 0)).toBeCloseTo(volume, 10);
    }
  });
});
