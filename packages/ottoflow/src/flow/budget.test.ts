import { expect, test } from "vitest";
import type { Law, Problem } from "../contract.ts";
import { isOttoflowError } from "../errors.ts";
import { run } from "../run.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/euclidean.ts";
import { resolveSpec } from "../spec/resolve.ts";
import { expectFramesFit, frameBytes, MOST_FRAME_BYTES, measureBytes } from "./budget.ts";

const problem = (more: Partial<Problem>): Problem => ({
  space: makeFree(2),
  parts: [],
  geometry: { label: "none", tex: "", promises: [] },
  drift: [],
  initial: { tex: "", dim: 2, mass: 1, count: 1000 } as Law,
  seed: 1,
  start: 0,
  ...more,
});

test("bytes of a frame: one double per cell; d coordinates and a weight per particle; one per node; d + d^2 for a Gaussian", () => {
  const grid = makeBox({ lower: [0, 0], upper: [1, 1], cells: [8, 4] });
  expect(frameBytes(problem({ space: grid }), "cells")).toBe(8 * 32);
  expect(frameBytes(problem({}), "particles")).toBe(8 * 3 * 1000);
  expect(frameBytes(problem({ space: makeFree(1) }), "quantiles")).toBe(8 * 1000);
  expect(frameBytes(problem({}), "gaussian")).toBe(8 * 6);
});

test("bytes of a stored measure: every row of it, in its own precision", () => {
  const space = makeFree(2);
  expect(measureBytes({ rep: "particles", space, n: 5, x: new Float32Array(10), weight: new Float64Array(5) })).toBe(80);
  expect(measureBytes({ rep: "gaussian", space, mean: new Float64Array(2), cov: new Float64Array(4), mass: 1 })).toBe(48);
});

const span = { time: 10, step: 0.1, maxSteps: 1e7 };
test("two GiB fit exactly, the first frame counted; one byte more does not", () => {
  expectFramesFit({ time: 1 }, span, Math.floor(MOST_FRAME_BYTES / 11));
  expect(() => expectFramesFit({ time: 1 }, span, Math.floor(MOST_FRAME_BYTES / 11) + 1)).toThrow(/bytes of all frames/);
  expectFramesFit({ steps: 10 }, span, Math.floor(MOST_FRAME_BYTES / 11));
  expect(() => expectFramesFit({ steps: 10 }, { ...span, time: 10.1 }, Math.floor(MOST_FRAME_BYTES / 11))).toThrow(/12 frames/);
});
test("the interval it names fits, and is no wider than it must be", () => {
  for (const every of [{ time: 0.001 }, { steps: 1 }]) {
    try {
      expectFramesFit(every, { ...span, step: 0.001 }, MOST_FRAME_BYTES / 500);
      expect.unreachable();
    } catch (error) {
      if (!isOttoflowError(error, "LimitError")) throw error;
      expect(error.fields).toEqual({ got: 10_001 * (MOST_FRAME_BYTES / 500), limit: MOST_FRAME_BYTES });
      const named = Number(/observe.frames.(?:every|steps) of ([\d.]+) would/.exec(error.message)?.[1]);
      const fitting = "time" in every ? { time: named } : { steps: named };
      expect(() => expectFramesFit(fitting, { ...span, step: 0.001 }, MOST_FRAME_BYTES / 500)).not.toThrow();
      expect(named).toBeLessThan("time" in every ? 0.023 : 23); // 10 / 499 = 0.02
    }
  }
});
test("one measure that fills memory leaves nothing to look less often at", () => {
  expect(() => expectFramesFit({ time: 10 }, span, MOST_FRAME_BYTES)).toThrow(/asked for: store smaller measures/);
});
test("frames that nobody asked for count too: refused by the spec, and by the loop where only the scheme knows their size", async () => {
  const spec = {
    energy: ["entropy"],
    space: { kind: "free", dimension: 2 },
    initial: { kind: "gaussian", count: 5_000_000 },
    scheme: { kind: "langevin", step: 0.1 },
    until: 1,
  };
  await expect(resolveSpec(spec)).rejects.toThrow(/About 21 frames of 120000000 bytes/);
  const chosen = { ...spec, space: { kind: "free", dimension: 1 }, initial: { kind: "gaussian" } };
  const nodes = { kind: "jko", step: 1e-4, proximal: { kind: "quantile", levels: 100_000 } };
  await expect(run({ ...chosen, scheme: nodes, observe: { frames: { steps: 1 } } })).rejects.toThrow(/About 10001 frames of 1600000 bytes/);
});
