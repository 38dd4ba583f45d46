import { describe, expect, test } from "vitest";
import type { Law } from "../contract.ts";
import { makeBox } from "../space/box.ts";
import { resolveSpec } from "../spec/resolve.ts";
import { equilibriumOf } from "./equilibrium.ts";

const base = {
  geometry: "wasserstein",
  space: { kind: "free", dimension: 1 },
  initial: { kind: "gaussian", mean: [0], deviation: [1], count: 10 },
  scheme: { kind: "langevin", step: 0.01 },
  until: 1,
};
const of = async (spec: object) => equilibriumOf((await resolveSpec({ ...base, ...spec })).problem);
const at = (law: Law, ...x: number[]): number => {
  const out = new Float64Array(1);
  law.density!(1, Float64Array.from(x), out);
  return out[0]!;
};

describe("equilibrium in closed form", () => {
  test("temperature 1/2 in a parabola of stiffness 2 around 30: the Gaussian of variance 1/4 there, its window not much wider", async () => {
    const found = (await of({
      energy: [
        { kind: "entropy", temperature: 0.5 },
        { kind: "quadratic", matrix: 2, centre: [30] },
      ],
    }))!;
    for (const x of [30, 30.4, 31]) expect(at(found.law, x)).toBeCloseTo(Math.sqrt(2 / Math.PI) * Math.exp(-2 * (x - 30) ** 2), 10);
    expect(found.upper[0]! - found.lower[0]!).toBeLessThan(12);
  });
  test("double well at temperature 1: E x^2 of exp(-(x^2 - 1)^2) by an independent midpoint sum", async () => {
    const found = (await of({ energy: ["entropy", { kind: "double-well" }] }))!;
    const space = makeBox({ lower: found.lower, upper: found.upper, cells: [400] });
    const { centre } = space.cells!;
    const h = space.grid!.h[0]!;
    let [second, z, s] = [0, 0, 0];
    for (const x of centre) second += x * x * at(found.law, x) * h;
    for (let x = -5 + 5e-4; x < 5; x += 1e-3) {
      const w = Math.exp(-((x * x - 1) ** 2));
      z += w;
      s += x * x * w;
    }
    expect(second).toBeCloseTo(s / z, 8);
  });
  test("none where nothing confines, where mass interacts, where a drift drives", async () => {
    expect(await of({ energy: ["entropy"] })).toBeNull();
    expect(await of({ energy: ["entropy", { kind: "interaction", kernel: { kind: "gaussian" } }], scheme: { kind: "langevin", step: 0.01 } })).toBeNull();
  });
});
