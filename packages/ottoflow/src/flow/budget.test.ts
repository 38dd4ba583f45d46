import { expect, test } from "vitest";
import type { Law, Problem } from "../contract.ts";
import { isOttoflowError } from "../errors.ts";
import { makeBox } from "../space/box.ts";
import { makeFree } from "../space/free.ts";
import { frameBudget, frameBytes, MOST_FRAME_BYTES } from "./budget.ts";

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

test("two GiB fit exactly, one byte more does not, and the interval it names does", () => {
  frameBudget(2, MOST_FRAME_BYTES / 2, "observe.frames.every", 0.1);
  try {
    frameBudget(20_000, MOST_FRAME_BYTES / 2000, "observe.frames.every", 0.1);
    expect.unreachable();
  } catch (error) {
    if (!isOttoflowError(error, "LimitError")) throw error;
    expect(error.fields).toEqual({ got: 10 * MOST_FRAME_BYTES, limit: MOST_FRAME_BYTES });
    const every = Number(/every of ([\d.]+) would/.exec(error.message)?.[1]);
    expect(() => frameBudget((20_000 * 0.1) / every, MOST_FRAME_BYTES / 2000, "observe.frames.every", every)).not.toThrow();
    expect(every).toBeLessThan(1.25); // ten times as long is enough
  }
});
