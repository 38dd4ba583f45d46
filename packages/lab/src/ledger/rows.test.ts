import { flow } from "ottoflow/flow";
import { plainHost } from "ottoflow/kernels/host";
import { resolveSpec } from "ottoflow/spec/resolve";
import { describe, expect, test } from "vitest";
import type { TraceRow } from "../engine/messages.ts";
import { restOf } from "../engine/rest.ts";
import { aboveRest, decayRate, marks, powerOfTen, rowAt, short } from "./rows.ts";

const row = (t: number, energy: number | null = 1, dissipation: number | null = 1): TraceRow => ({
  t,
  step: 0,
  energy,
  parts: [energy],
  dissipation,
  mass: 1,
  minimum: 0,
});

describe("rows of the ledger", () => {
  test("the row that is shown is the last at the playhead or before it", () => {
    const trace = [0, 0.1, 0.1 + 0.2, 0.5].map((t) => row(t));
    expect(rowAt(trace, 0.29)!.t).toBe(0.1);
    // 0.3 is the row at 0.1 + 0.2
    expect(rowAt(trace, 0.3)!.t).toBe(0.1 + 0.2);
    expect([rowAt(trace, -1)!.t, rowAt(trace, 9)!.t, rowAt([], 1)]).toEqual([0, 0.5, null]);
  });
  test("distance and rate are numbers above rounding only", () => {
    expect(aboveRest(row(0, 3), 1)).toBe(2);
    expect(decayRate(row(0, 3, 8), 1)).toBe(4);
    for (const [energy, rest] of [
      [1 + 1e-13, 1],
      [1, 2],
      [null, 1],
      [1, null],
    ] as const)
      expect(decayRate(row(0, energy), rest)).toBeNull();
    expect(decayRate(row(0, 3, Number.POSITIVE_INFINITY), 1)).toBeNull();
  });
  test("marks of axes tell values apart that are near, far, or nearly none", () => {
    expect(marks([0, 2e-4, 4e-4])).toEqual(["0", "2e-4", "4e-4"]);
    expect(marks([-0.1, 0, 0.1 + 0.2])).toEqual(["−0.1", "0", "0.3"]);
    expect(marks([1e6, 2e6])).toEqual(["1e6", "2e6"]);
    expect([0, 1 / 3, -1 / 12, 2000, 1e6, -7.93747e-11, 1.35148e-28, 0.001234567].map(short)).toEqual([
      "0",
      "0.333333",
      "-0.083333",
      "2000",
      "1.000e6",
      "-7.937e-11",
      "1.351e-28",
      "0.001235",
    ]);
    expect([1e-9, 1e-3, 1, 10, 1e12].map(powerOfTen)).toEqual(["10⁻⁹", "10⁻³", "1", "10", "10¹²"]);
  });
});

const quadratic = {
  energy: [
    "entropy",
    {
      kind: "quadratic",
      matrix: [
        [2, 1],
        [1, 2],
      ],
    },
  ],
  geometry: "wasserstein",
  space: { kind: "box", lower: [-5, -5], upper: [5, 5], cells: [40, 40] },
  initial: {
    kind: "gaussian",
    mean: [1, 0],
    covariance: [
      [0.4, 0],
      [0, 0.8],
    ],
  },
  scheme: { kind: "finite-volume", time: "implicit", step: 0.05 },
  until: 4,
} as const;

describe("the energy at rest", () => {
  test("is -log of the sum of exp(-V) over the cells, from which the run does not fall", async () => {
    const { problem, scheme, until } = await resolveSpec(quadratic);
    const rest = restOf(problem, "cells")!;
    const centre = problem.space.cells!.centre;
    const n = centre.length / 2;
    let z = 0;
    for (let i = 0; i < n; i++) z += Math.exp(-(centre[i]! ** 2 + centre[i]! * centre[n + i]! + centre[n + i]! ** 2)) / 16;
    // one half of <x, A x> with A = [[2, 1], [1, 2]] is x^2 + x y + y^2
    expect(rest.energy).toBeCloseTo(-Math.log(z), 12);
    const rows: TraceRow[] = [];
    const watcher = {
      every: { steps: 1 },
      begin: () => null,
      see: (_: null, tick: { t: number; energy(): { total: number | null; parts: readonly (number | null)[] }; dissipation(): number | null }) =>
        void rows.push({ ...row(tick.t, tick.energy().total, tick.dissipation()), parts: tick.energy().parts }),
    };
    const work = flow(problem, scheme, plainHost(), {
      until,
      frames: { time: until },
      trace: { steps: 1 },
      certificates: [],
      watchers: [watcher as never],
      known: { exact: null, modulus: null },
      maxSteps: 1000,
    });
    for (let next = work.next(); !next.done; next = work.next());
    for (const { energy } of rows) expect(energy!).toBeGreaterThan(rest.energy - 1e-9);
    // the smallest eigenvalue is 1: the distance falls at least at rate 2, and in the end just so; the grid's own rate differs at second order
    const rates = rows.flatMap((r) => decayRate(r, rest.energy) ?? []);
    expect(Math.min(...rates)).toBeGreaterThan(1.9);
    expect(decayRate(rowAt(rows, 3), rest.energy)!).toBeGreaterThan(1.9);
    expect(decayRate(rowAt(rows, 3), rest.energy)!).toBeLessThan(2.1);
  });
  test("relative entropy and a discrepancy are zero at their target; nothing is known of storages whose energy is another, or of flows that nothing holds", async () => {
    const { problem } = await resolveSpec(quadratic);
    expect(restOf(problem, "quantiles")).toBeNull();
    expect(restOf((await resolveSpec({ ...quadratic, energy: [{ kind: "power", m: 2 }] })).problem, "cells")).toBeNull();
    // the target is of mass one on the box but for its tails, and sums over cells of a Gaussian have the accuracy of its transform
    const to = { kind: "gaussian", mean: [0, 0], deviation: [1, 1] };
    const divergence = await resolveSpec({ ...quadratic, energy: [{ kind: "relative-entropy", to }] });
    expect(restOf(divergence.problem, "cells")!.energy).toBeCloseTo(0, 5);
    const distance = await resolveSpec({
      ...quadratic,
      energy: [{ kind: "mmd", to: { ...to, count: 50 } }],
      space: { kind: "free", dimension: 2 },
      initial: { ...quadratic.initial, count: 20 },
      scheme: { kind: "particles", step: 0.05 },
    });
    expect(restOf(distance.problem, "particles")!.energy).toBe(0);
  });
});
