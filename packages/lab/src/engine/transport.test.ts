import { describe, expect, test } from "vitest";
import { directions } from "./directions.ts";
import { parting } from "./parting.ts";

describe("two masses part", () => {
  test("three distances agree with their closed forms to what 480 cells can do; W2 goes on, the others have a ceiling", async () => {
    const { separation, curves } = await parting(0.3, 3, 7);
    const [w, l, f] = curves as [(typeof curves)[0], (typeof curves)[0], (typeof curves)[0]];
    expect(w.apart).toBeLessThan(2e-4);
    expect(l.apart).toBeLessThan(2e-3);
    expect(f.apart).toBeLessThan(2e-3);
    expect(w.formula.at(-1)).toBe(separation.at(-1));
    expect(l.solver.at(-1)! - l.solver.at(-2)!).toBeLessThan(1e-4);
    expect(f.formula.at(-1)!).toBeLessThanOrEqual(Math.PI);
  });
});
describe("directions of transport", () => {
  test("as epsilon falls the slope of the Sinkhorn divergence turns into the straight displacement", async () => {
    const [coarse, fine] = [await directions(24, 1, 1), await directions(24, 1, 1e-3)];
    expect(fine.exact.gap).toBeLessThan(1e-9);
    expect(fine.apart).toBeLessThan(0.25 * coarse.apart);
    expect(fine.entropic.value / fine.exact.value).toBeCloseTo(1, 1);
  });
});
