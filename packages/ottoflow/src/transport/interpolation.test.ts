import { expect, test } from "vitest";
import { makeBox } from "../space/box.ts";
import { deposited, displaced } from "./interpolation.ts";
import { sparsePlan } from "./plan.ts";
import { cloud } from "./problem.ts";

const a = cloud(
  [
    [0, 0],
    [1, 0],
  ],
  { weights: [0.25, 0.75] },
);
const b = cloud(
  [
    [2, 2],
    [0, 1],
  ],
  { weights: [0.5, 0.5] },
);
const plan = sparsePlan(2, 2, [0, 1, 1], [0, 0, 1], [0.25, 0.25, 0.5]);

test("at the ends the interpolation is the two sides; between, entries move on straight lines", () => {
  const mean = (s: number, k: number): number => {
    const m = displaced(a, b, plan, s);
    return Array.from(m.weight).reduce((sum, w, e) => sum + w * m.x[k * m.n + e]!, 0);
  };
  expect(mean(0, 0)).toBeCloseTo(0.75, 15);
  expect(mean(1, 1)).toBeCloseTo(1.5, 15);
  expect(mean(0.5, 0)).toBeCloseTo(0.5 * (0.75 + 1), 15);
});
test("deposits keep mass and centre of mass of points away from the walls", () => {
  const space = makeBox({ lower: [-1, -1], upper: [3, 3], cells: [13, 9] });
  const m = displaced(a, b, plan, 0.37);
  const cells = deposited(m, space);
  const { n, volume, centre } = space.cells!;
  const sum = (f: (i: number) => number): number => Array.from({ length: n }, (_, i) => volume[i]! * cells.rho[i]! * f(i)).reduce((s, v) => s + v, 0);
  expect(sum(() => 1)).toBeCloseTo(1, 13);
  for (let k = 0; k < 2; k++)
    expect(sum((i) => centre[k * n + i]!)).toBeCloseTo(
      Array.from(m.weight).reduce((s, w, e) => s + w * m.x[k * m.n + e]!, 0),
      13,
    );
});
