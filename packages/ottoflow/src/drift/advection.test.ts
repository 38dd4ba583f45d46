import { expect, it } from "vitest";
import type { Cells, Drift, Measure, Particles } from "../contract.ts";
import { run } from "../run.ts";
import { makeFree } from "../space/euclidean.ts";
import { resolveSpec } from "../spec/resolve.ts";
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

const quarter = {
  energy: [],
  drift: { kind: "rotation", rate: Math.PI / 2 },
  space: { kind: "free", dimension: 2 },
  initial: { kind: "points", points: [[1, 0]] },
  scheme: { kind: "particles", time: "rk4", step: 0.02 },
  until: 1,
};
it("without an energy a run is pure transport: a quarter turn takes (1, 0) to (0, 1)", async () => {
  const { last, trace, checks, status, holds } = await run(quarter);
  const { x } = last.measure as Particles;
  expect([status, holds]).toEqual(["reached-end", true]);
  // RK4 of order 4: (pi/2)^5 / 120 * step^4 = 1.3e-8
  expect(Math.hypot(x[0]!, x[1]! - 1)).toBeLessThan(2e-8);
  expect(new Set(trace.energy)).toEqual(new Set([0]));
  expect(new Set(trace.dissipation)).toEqual(new Set([0]));
  for (const kind of ["dissipation-ledger", "energy-decay"]) expect(checks.find((check) => check.kind === kind)?.verdict).toBe("not-applicable");
});
it.each(["explicit", "implicit", "sdirk2"])("pure transport on cells, %s: mass is kept and the mean moves by v t", async (time) => {
  const { last, holds, trace } = await run({
    energy: [],
    drift: { kind: "advection", velocity: ["1"] },
    space: { kind: "box", lower: [-4], upper: [4], cells: [200], "stands-for": "whole-space" },
    initial: { kind: "gaussian", mean: [-1], deviation: [0.3] },
    scheme: { kind: "finite-volume", time, step: 0.01 },
    until: 1,
  });
  const { rho, space } = last.measure as Cells;
  const { centre, volume } = space.cells!;
  const mean = Array.from(rho).reduce((sum, r, i) => sum + r * volume[i]! * centre[i]!, 0);
  expect(holds).toBe(true);
  // slopes are limited, so a face may carry a little more or less than the mean of its sides: a tenth of a cell over a way of twenty-five
  expect(Math.abs(mean)).toBeLessThan(0.1 * 0.04);
  expect(new Set([...trace.energy!, ...trace.dissipation!])).toEqual(new Set([0]));
});
it("the resolved spec of a pure transport resolves again, and one without anything that moves is refused", async () => {
  const { spec } = await resolveSpec(quarter);
  expect(spec.energy).toEqual([]);
  expect((await resolveSpec(spec)).spec).toEqual(spec);
  await expect(resolveSpec({ ...quarter, drift: undefined })).rejects.toThrow(/energy: got no parts and there is no drift/);
  await expect(resolveSpec({ ...quarter, stop: { dissipation: 1e-3 } })).rejects.toThrow(/stop.dissipation: waits for a dissipation/);
});
