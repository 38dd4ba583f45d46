import { resolveSpec } from "ottoflow/spec/resolve";
import { describe, expect, test } from "vitest";
import { takeApart } from "./step.ts";

const open = async (energy: unknown) =>
  (
    await resolveSpec({
      energy,
      space: { kind: "free", dimension: 1 },
      initial: { kind: "gaussian", mean: [1], deviation: [0.5] },
      scheme: { kind: "jko", proximal: "quantile", step: 0.1 },
      until: 1,
    })
  ).problem;
const gaussian = (space: { dim: number }) => ({ rep: "gaussian", space, mean: Float64Array.of(1), cov: Float64Array.of(0.25), mass: 1 }) as const;

describe("a step taken apart", () => {
  test("entropy in a parabola: the minimiser is the Gaussian with s' = s'' of (s - s0) / tau = 1 / s - s and mean m0 / (1 + tau)", async () => {
    const p = await open(["entropy", { kind: "quadratic", matrix: 1 }]);
    const apart = takeApart(p, gaussian(p.space) as never, 0, 0.1, 401);
    expect(apart.ok).toBe(true);
    const last = apart.iterates.at(-1)!;
    // (s - 0.5) / 0.1 = 1 / s - s
    const s = (5 + Math.sqrt(25 + 4 * 11)) / 22;
    const middle = (last.x.length - 1) / 2;
    expect(last.x[middle]).toBeCloseTo(1 / 1.1, 6);
    const quarter = apart.level.findIndex((l) => l > 0.2);
    const z = (apart.before[quarter]! - 1) / 0.5;
    expect((last.x[quarter]! - last.x[middle]!) / z).toBeCloseTo(s, 4);
    expect(apart.gap!).toBeLessThan(1e-12);
  });
  test("what is minimised falls from iterate to iterate, and the condition flattens by orders of magnitude", async () => {
    const p = await open(["entropy", { kind: "double-well" }]);
    const { iterates } = takeApart(p, gaussian(p.space) as never, 0, 0.05, 401);
    const values = iterates.map((it) => it.energy + it.cost);
    for (let k = 1; k < values.length; k++) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]! + 1e-12);
    expect(iterates.at(-1)!.uneven).toBeLessThan(0.02 * iterates[0]!.uneven);
  });
  test("the condition is that of the continuum: its unevenness falls at second order in the levels", async () => {
    const p = await open(["entropy", { kind: "quadratic", matrix: 1 }]);
    const [a, b] = [101, 201].map((n) => takeApart(p, gaussian(p.space) as never, 0, 0.1, n).iterates.at(-1)!.uneven);
    expect(a! / b!).toBeGreaterThan(2);
    expect(a! / b!).toBeLessThan(6);
  });
  test("particles are refused in words", async () => {
    const p = await open(["entropy"]);
    expect(() => takeApart(p, { rep: "particles", space: p.space, n: 1, x: Float64Array.of(0), weight: Float64Array.of(1) }, 0, 0.1, 11)).toThrow(/no density/);
  });
});
