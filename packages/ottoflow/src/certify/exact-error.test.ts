import { describe, expect, test } from "vitest";
import type { Check } from "../contract.ts";
import { run } from "../run.ts";

const spec = {
  energy: [{ kind: "entropy" }, { kind: "quadratic", matrix: 1 }],
  space: { kind: "free", dimension: 2 },
  initial: { kind: "gaussian", mean: [2, 0], deviation: [0.5], count: 20_000 },
  scheme: { kind: "langevin", step: 0.01 },
  until: 0.5,
};
const exactError = async (more: object): Promise<Check> => {
  const { checks } = await run({ ...spec, ...more });
  return checks.find((check) => check.kind === "exact-error")!;
};
/** What as many independent draws of the exact law have. */
const floorOf = (check: Check): number => Number(/independent draws of the exact law have ([\d.e+-]+)/.exec(check.detail)?.[1]);

describe("large samples in the plane", () => {
  test("Ornstein–Uhlenbeck: particles are as far from the exact law as independent draws of it are", async () => {
    const check = await exactError({});
    expect(check.detail).toMatch(/^sliced W2 at t = 0.5, itself known to .*\(50 directions, as many independent draws/);
    // E W2^2 of n draws of N(0, 1) on the line is about log log n / n: 0.01 here
    expect(floorOf(check)).toBeGreaterThan(0.003);
    expect(floorOf(check)).toBeLessThan(0.03);
    expect(check.value! / floorOf(check)).toBeGreaterThan(0.4);
    expect(check.value! / floorOf(check)).toBeLessThan(2.5);
  });
  test("a step whose bias shows lies above that: for Euler–Maruyama the variance at rest is 1 / (1 - step / 2)", async () => {
    const check = await exactError({ scheme: { kind: "langevin", step: 0.5 }, until: 10 });
    // sliced W2 between N(0, s^2 I) and N(0, I) is |s - 1|, whatever the direction
    const bias = 1 / Math.sqrt(1 - 0.25) - 1;
    expect(Math.abs(check.value! - bias)).toBeLessThan(0.02);
    expect(check.value!).toBeGreaterThan(5 * floorOf(check));
  });
  test("a mixture under heat has no projections in closed form: its sample stands for it", async () => {
    const mixture = {
      kind: "mixture",
      components: [
        { kind: "gaussian", mean: [-1, 0], deviation: [0.4] },
        { kind: "gaussian", mean: [1, 0], deviation: [0.4] },
      ],
      count: 4000,
    };
    const check = await exactError({ energy: [{ kind: "entropy" }], initial: mixture });
    expect(check.verdict).toBe("reported");
    expect(check.value! / floorOf(check)).toBeGreaterThan(0.3);
    expect(check.value! / floorOf(check)).toBeLessThan(3);
  });
});
test("a solution on the whole space is no reference for particles that meet walls", async () => {
  const box = { kind: "box", lower: [-1, -1], upper: [3, 3], cells: [40, 40], "stands-for": "whole-space" };
  const check = await exactError({ space: box, initial: { ...spec.initial, mean: [1, 1], deviation: [0.2] }, until: 1 });
  expect([check.verdict, check.detail]).toEqual([
    "reported",
    expect.stringMatching(/; later: space: [\d.]+ % of the closed-form solution lies outside the box, whose walls it does not know/),
  ]);
});
describe("references on the line from starts with jumps", () => {
  const well = (cells: number, initial: object): object => ({
    energy: [{ kind: "entropy" }, { kind: "double-well" }],
    space: { kind: "box", lower: [-3.5], upper: [3.5], cells: [cells] },
    initial,
    scheme: { kind: "finite-volume", step: 0.001 },
    until: 0.1,
  });
  test.each([
    ["a uniform law", { kind: "uniform", lower: [-1.5], upper: [0.25] }],
    ["a hard brush", { kind: "strokes", strokes: ["paint disc 0.3 1: -0.5"], lower: [-2], upper: [2] }],
  ])("the distance of finite volumes to it falls like h^2 from %s", async (_, initial) => {
    const [coarse, fine] = [await exactError(well(100, initial)), await exactError(well(400, initial))];
    expect(coarse.value! / fine.value!).toBeGreaterThan(10);
    expect(coarse.value! / fine.value!).toBeLessThan(22);
    expect(fine.value!).toBeLessThan(3e-4);
    expect(fine.detail).not.toMatch(/so soon after a start/);
  });
});
test("a potential with a kink has no spectral reference: the atom of V'' is not among its values", async () => {
  const check = await exactError({
    energy: [{ kind: "entropy" }, { kind: "potential", formula: "abs(x) + x^2 / 2" }],
    space: { kind: "box", lower: [-9], upper: [9], cells: [60] },
    initial: { kind: "gaussian", mean: [0.5], deviation: [0.5] },
    scheme: { kind: "finite-volume", step: 0.1 },
  });
  expect(check.verdict).toBe("not-applicable");
});
