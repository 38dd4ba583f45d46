/** Error bars of a member on runs whose errors are known: one atom at the distance e(level) from where it should be. */
import type { Run } from "ottoflow/flow";
import { makeFree } from "ottoflow/space/euclidean";
import { resolveSpec } from "ottoflow/spec/resolve";
import { describe, expect, test } from "vitest";
import { isSampled, knobsOf } from "../src/knobs.ts";
import { errorOf, errorParts } from "../src/members.ts";

const blob = (placement: string, time: string): unknown => ({
  energy: [{ kind: "entropy" }],
  space: { kind: "free", dimension: 2 },
  initial: { kind: "gaussian", mean: [0, 0], deviation: [1], count: 100, placement },
  scheme: { kind: "blob", width: 0.2, time, step: 0.01 },
  until: 1,
});
const runAt = (x: number): Run =>
  ({
    time: 1,
    steps: 10,
    rejected: 0,
    reason: "",
    frames: [{ t: 1, index: 1, measure: { rep: "particles", space: makeFree(1), n: 1, x: Float64Array.of(x), weight: Float64Array.of(1) } }],
  }) as unknown as Run;

describe("knobs follow from the parameters", () => {
  test("half the width takes 2^(3/2) times the particles per axis; adaptive schemes refine the tolerance, others the step", async () => {
    const adaptive = knobsOf(await resolveSpec(blob("low-discrepancy", "adaptive")));
    expect(adaptive.map((k) => [k.label, k.order])).toEqual([
      ["width", null],
      ["tolerance", 1],
    ]);
    expect([adaptive[0].at(1), adaptive[0].also?.(1)]).toEqual([0.1, { "initial.count": 800 }]);
    expect([0, 1, 2].map((level) => adaptive[1].at(level))).toEqual([1e-6, 1e-7, 1e-8]); // a tolerance halved would hardly show
    expect(knobsOf(await resolveSpec(blob("low-discrepancy", "rk4"))).map((k) => [k.label, k.order])).toEqual([
      ["width", null],
      ["step", 4],
    ]);
  });
  test("random placement is sampled, low-discrepancy is not", async () => {
    expect(isSampled(await resolveSpec(blob("random", "rk4")))).toBe(true);
    expect(isSampled(await resolveSpec(blob("low-discrepancy", "rk4")))).toBe(false);
  });
});

describe("error parts", () => {
  const parts = async (error: (width: number, tolerance: number) => number): Promise<Awaited<ReturnType<typeof errorParts>>> =>
    errorParts(await resolveSpec(blob("low-discrepancy", "adaptive")), runAt(error(0.2, 1e-6)), async (settings) =>
      runAt(error(Number(settings["scheme.width"] ?? 0.2), Number(settings["scheme.tolerance"] ?? 1e-6))),
    );
  test("a width error c w^0.66 is found whole, though no theorem gives its order; one linear in the tolerance by Richardson", async () => {
    const found = await parts((w, tolerance) => w ** 0.66 + 1e3 * tolerance);
    expect(found[0].value).toBeCloseTo(1.25 * 0.2 ** 0.66, 10);
    expect(found[0].how).toMatch(/order seen is 0\.66/);
    expect(found[1].value).toBeCloseTo(1.25e-3, 10);
    expect(errorOf(found)).toBeCloseTo(1.25 * (0.2 ** 0.66 + 1e-3), 10);
  });
  test("differences that grow under refinement give no bar at all", async () => {
    const found = await parts((w) => w ** -1);
    expect(found[0].value).toBeNull();
    expect(errorOf(found)).toBeNull();
  });
});
