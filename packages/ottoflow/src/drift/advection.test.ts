import { expect, it } from "vitest";
import type { Drift, Measure } from "../contract.ts";
import { makeFree } from "../space/free.ts";
import { advection } from "./advection.ts";
import { rotation } from "./rotation.ts";

const flow = (velocity: readonly string[], dim: number): Drift => advection.build({ velocity } as never, { dim, space: makeFree(dim) });
const nothing: Measure = { rep: "particles", space: makeFree(2), n: 0, x: new Float64Array(0), weight: new Float64Array(0) };
const at = (drift: Drift, x: readonly number[], t = 0): number[] => {
  const out = new Float64Array(x.length);
  drift.velocity!(nothing, x.length / 2, Float64Array.from(x), t, out);
  return [...out];
};

it("evaluates one formula per axis at any points and times", () => {
  expect(at(flow(["2", "x*t"], 2), [1, 3, 5, 7], 4)).toEqual([2, 2, 4, 12]);
});
it("rotation is advection by (-omega (y - b), omega (x - a)), and both know that they are free of divergence", () => {
  const turn = rotation.build({ rate: 2, centre: [0.5, -1] } as never, { dim: 2, space: makeFree(2) });
  const same = flow(["-2*(y + 1)", "2*(x - 0.5)"], 2);
  const x = [0.3, -1.2, 4, 0.7, 2, -3];
  at(same, x).forEach((v, i) => {
    expect(at(turn, x)[i]).toBeCloseTo(v, 14);
  });
  expect(turn.divergenceFree?.value).toBe(true);
  expect(same.divergenceFree?.value).toBe(true);
});
it("claims nothing where the divergence is not zero or not known", () => {
  expect(flow(["x", "y"], 2).divergenceFree).toBeUndefined();
  expect(flow(["y^2", "0"], 2).divergenceFree).toBeUndefined();
  expect(flow(["x", "-y"], 2).divergenceFree?.value).toBe(true);
});
it("says what is wrong with the number of formulas, the formula and the dimension", () => {
  expect(() => flow(["1"], 2)).toThrow(/got 1 formulas when expected 2/);
  expect(() => flow(["1", "x +"], 2)).toThrow(/velocity\[1\]/);
  expect(() => rotation.build({ rate: 1 } as never, { dim: 3, space: makeFree(3) })).toThrow(/needs 2/);
});
