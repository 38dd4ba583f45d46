/** Every geometry: K is symmetric positive semi-definite, so energy falls; promised mass is kept by the operator itself. */
import { describe, expect, test } from "vitest";
import type { Cells } from "../../src/contract.ts";
import { philoxUniforms } from "../../src/kernels/philox.ts";
import { casesOf, spaceOf } from "./units.ts";

function uniforms(n: number, stream: number): Float64Array {
  const u = new Float64Array(n);
  philoxUniforms(11, stream, 0, 0, n, u);
  return u;
}
const cases = await casesOf("geometry");
describe.each(cases)("$name", (c) => {
  test("acts through at least one of transport, reaction, smoothing or its own operator", async () => {
    const g = await c.build();
    expect(g.transport ?? g.reaction ?? g.smoothing ?? g.apply).toBeDefined();
    expect(c.unit.refs.length).toBeGreaterThan(0);
  });
  test("mobility is never negative and takes the upwind density where it is linear", async () => {
    const { transport } = await c.build();
    if (!transport) return;
    const [a, b, out] = [uniforms(50, 1), uniforms(50, 2), new Float64Array(50)];
    const drop = uniforms(50, 3).map((v) => v - 0.5);
    transport.mobility(50, a, b, drop, out);
    for (let i = 0; i < 50; i++) {
      expect(out[i]).toBeGreaterThanOrEqual(0);
      if (transport.linear) expect(out[i]).toBe(drop[i]! > 0 ? a[i]! : b[i]!);
    }
  });
  test("its own operator dissipates <xi, K xi> >= 0 and keeps promised mass", async () => {
    const g = await c.build();
    const space = spaceOf(c.dim);
    const apply = g.apply?.cells;
    if (!apply) return;
    const n = space.cells!.n;
    const rho = uniforms(n, 4);
    const xi = uniforms(n, 5);
    const out = new Float64Array(n);
    apply({ rep: "cells", space, rho } as Cells, xi, out);
    const v = space.cells!.volume;
    expect(out.reduce((s, o, i) => s + o * xi[i]! * v[i]!, 0)).toBeGreaterThanOrEqual(0);
    if (g.promises.includes("mass")) expect(Math.abs(out.reduce((s, o, i) => s + o * v[i]!, 0))).toBeLessThan(1e-13);
  });
});
