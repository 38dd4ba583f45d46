/** Every drift: finite rows of the right size at any points against any storage, and facts that samples do not contradict. */
import { describe, expect, test } from "vitest";
import type { Measure } from "../../src/contract.ts";
import { philoxUniforms } from "../../src/kernels/philox.ts";
import { casesOf, spaceOf } from "./units.ts";

describe.each(await casesOf("drift"))("$name", (c) => {
  const space = spaceOf(c.dim);
  const n = 30;
  const x = new Float64Array(n * c.dim);
  philoxUniforms(5, 1, 0, 0, x.length, x);
  const m: Measure = { rep: "particles", space, n, x, weight: new Float64Array(n).fill(1 / n) };

  test("moves or shakes, with finite values", async () => {
    const d = await c.build();
    expect(d.velocity ?? d.noise).toBeDefined();
    const out = new Float64Array(x.length);
    for (const f of [d.velocity, d.noise]) {
      out.fill(Number.NaN);
      f?.(m, n, x, 0.3, out);
      if (f) expect(out.every(Number.isFinite)).toBe(true);
      if (f && f === d.noise) expect(Math.min(...out)).toBeGreaterThanOrEqual(0);
    }
  });
  test("a divergence said to vanish vanishes (central differences)", async () => {
    const d = await c.build();
    if (!d.divergenceFree?.value || !d.velocity) return;
    const h = 1e-5;
    let divergence = 0;
    for (let k = 0; k < c.dim; k++)
      for (const s of [h, -h]) {
        const y = x.map((v, i) => (Math.floor(i / n) === k ? v + s : v));
        const out = new Float64Array(x.length);
        d.velocity(m, n, y, 0.3, out);
        divergence += (Math.sign(s) * out[k * n]!) / (2 * h);
      }
    expect(Math.abs(divergence)).toBeLessThan(1e-8);
  });
});
