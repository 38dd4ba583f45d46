/**
 * What every transport solver must satisfy on every problem it does not refuse: the judge's gap is a gap, marginals hold, and the optimum of an
 * independent linear program (HiGHS) lies between its bounds. Solvers of another distance state only their own.
 */
import { describe, expect, test } from "vitest";
import type { Measure, Transport } from "../../src/contract.ts";
import { pace } from "../../src/pace.ts";
import { makeBox } from "../../src/space/box.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { conventionOf } from "../../src/transport/certificate.ts";
import { allowOnly, circleCost, powerCost, sphereCost, tableCost } from "../../src/transport/cost.ts";
import { marginalsOf } from "../../src/transport/plan.ts";
import { cloud, placeholders, type TransportInput, transportProblem } from "../../src/transport/problem.ts";
import { linearProgram, type Side } from "../linear-program.ts";
import { portableCloud, portableUniform } from "../portable.ts";
import { casesOf } from "./units.ts";

const weights = (seed: number, n: number): Float64Array => {
  const u = portableUniform(seed);
  const w = Float64Array.from({ length: n }, () => 0.2 + u());
  const s = w.reduce((a, b) => a + b, 0);
  return w.map((v) => v / s);
};
const points = (seed: number, n: number, d: number, w?: Float64Array) => cloud(portableCloud(seed, n, d), { dim: d, ...(w && { weights: w }) });
function sphere(seed: number, n: number) {
  const x = portableCloud(seed, n, 3, "normal");
  for (let i = 0; i < n; i++) {
    const r = Math.hypot(x[i]!, x[n + i]!, x[2 * n + i]!);
    for (let k = 0; k < 3; k++) x[k * n + i] = x[k * n + i]! / r;
  }
  return cloud(x, { dim: 3 });
}
const box = makeBox({ lower: [0, 0], upper: [1, 1], cells: [5, 5] });
const image = (seed: number) => ({ rep: "cells" as const, space: box, rho: weights(seed, 25).map((v) => 25 * v) });
const zeros = (w: Float64Array): Float64Array => {
  const out = w.slice();
  const lost = out[1]! + out[4]!;
  out[1] = 0;
  out[4] = 0;
  return out.map((v) => v / (1 - lost));
};

const zoo: Readonly<Record<string, TransportInput>> = {
  "equal weights in the plane, p = 2": { from: points(1, 8, 2), to: points(2, 8, 2) },
  "weights in the plane, p = 2": { from: points(1, 9, 2, weights(3, 9)), to: points(2, 6, 2, weights(4, 6)) },
  "weights in the plane, p = 1": { from: points(1, 9, 2, weights(3, 9)), to: points(2, 6, 2, weights(4, 6)), p: 1 },
  "weights in space, p = 3": { from: points(1, 7, 3, weights(3, 7)), to: points(2, 6, 3, weights(4, 6)), p: 3 },
  "on the line, p = 2": { from: points(1, 9, 1, weights(3, 9)), to: points(2, 6, 1, weights(4, 6)) },
  "on the line, p = 1": { from: points(1, 9, 1), to: points(2, 6, 1), p: 1 },
  "points without mass": { from: points(1, 9, 2, zeros(weights(3, 9))), to: points(2, 6, 2, zeros(weights(4, 6))) },
  "repeated points": {
    from: cloud([
      [0, 0],
      [0, 0],
      [1, 1],
    ]),
    to: cloud([
      [1, 1],
      [0, 0],
      [1, 1],
      [1, 1],
    ]),
  },
  "one point": { from: cloud([[0.3, 0.4]]), to: points(2, 5, 2) },
  "a table": { from: placeholders(4), to: placeholders(5), cost: tableCost(4, 5, portableCloud(5, 20, 1)) },
  "a table with forbidden pairs": {
    from: placeholders(4),
    to: placeholders(4),
    cost: tableCost(
      4,
      4,
      [0, 1, Infinity, Infinity, 1, 0, 1, Infinity, Infinity, 1, 0, 1, Infinity, Infinity, 1, 0].map((v, e) => v + (e % 3) / 7),
    ),
  },
  "forbidden pairs in the plane": { from: points(1, 6, 2), to: points(2, 6, 2), cost: allowOnly(powerCost(2), (i, j) => (i + j) % 3 !== 0) },
  "a circle": { from: points(1, 7, 1, weights(3, 7)), to: points(2, 5, 1, weights(4, 5)), cost: circleCost(2, 1) },
  "a sphere": { from: sphere(1, 6), to: sphere(2, 6), cost: sphereCost(2) },
  images: { from: image(6), to: image(7) },
  "entropy, equal marginals": { from: points(1, 9, 2, weights(3, 9)), to: points(2, 6, 2, weights(4, 6)), epsilon: 0.05 },
  "entropy, small epsilon": { from: points(1, 9, 2, weights(3, 9)), to: points(2, 6, 2, weights(4, 6)), epsilon: 1e-3 },
  "entropy between images": { from: image(6), to: image(7), epsilon: 0.05 },
};

/** The optimal value of the linear program without entropy. */
const sideOf = (m: Measure): Side =>
  m.rep === "particles"
    ? { n: m.n, x: m.x, weight: m.weight }
    : m.rep === "cells"
      ? { n: 25, x: m.space.cells!.centre, weight: m.rho.map((r) => r / 25) }
      : none;
const none: Side = { n: 0, x: new Float64Array(0), weight: [] };
const optima = new Map<string, Promise<number | null>>();
const optimumOf = (name: string, p: Transport): Promise<number | null> => {
  if (!optima.has(name)) optima.set(name, linearProgram(p.cost, sideOf(p.from), sideOf(p.to)));
  return optima.get(name)!;
};

describe.each(await casesOf("transport"))("$name", (c) => {
  test.each(Object.keys(zoo))("%s", async (name) => {
    const solver = await c.build(makeFree(1));
    const p = transportProblem(zoo[name]!);
    const refuses = solver.refuses(p);
    if (refuses !== null) {
      expect(refuses).toMatch(/^[a-z].*[^.]$/);
      return;
    }
    const { work, bytes } = solver.estimate(p);
    expect(work).toBeGreaterThan(0);
    expect(bytes).toBeGreaterThanOrEqual(0);
    const answer = await pace(solver.solve(p, {}));
    expect(answer.solver).toBe(solver.label);
    expect(answer.convention.length).toBeGreaterThan(10);
    if (solver.answer === "other-distance") return;
    expect(answer.status).toBe("optimal");
    const best = (await optimumOf(name, p))!;
    const scale = 1 + Math.abs(best);
    expect(answer.gap).toBeCloseTo(answer.regularised - answer.dual, 12);
    expect(answer.gap).toBeGreaterThan(-1e-12 * scale);
    // what float64 may do to the gap is bounded by the judge, not guessed
    if (answer.rounding !== undefined) {
      expect(answer.rounding).toBeLessThan(1e-13 * scale);
      expect(answer.gap).toBeGreaterThanOrEqual(-answer.rounding);
      if (solver.answer === "exact") expect(answer.gap).toBeLessThanOrEqual(answer.rounding);
    }
    // HiGHS reads its numbers with 15 digits after the point
    if (p.epsilon === 0 && answer.certifies === "discrete") {
      expect(answer.dual).toBeLessThan(best + 1e-9 * scale);
      expect(answer.value).toBeGreaterThan(best - 1e-9 * scale);
      expect(answer.value - best).toBeLessThan((solver.answer === "exact" ? 1e-9 : 1e-5) * scale);
      expect(answer.convention).toBe(conventionOf(p.cost, 0));
    }
    if (answer.unregularised) {
      expect(answer.unregularised.lower).toBeLessThan(best + 1e-9 * scale);
      expect(answer.unregularised.upper).toBeGreaterThan(best - 1e-9 * scale);
    }
    if (!answer.plan) return;
    const from = p.from.rep === "particles" ? p.from.weight : p.from.rep === "cells" ? p.from.rho.map((r) => r / 25) : null;
    const to = p.to.rep === "particles" ? p.to.weight : p.to.rep === "cells" ? p.to.rho.map((r) => r / 25) : null;
    if (!from || !to || answer.certifies === "continuous") return;
    const marginals = marginalsOf(answer.plan);
    for (const [k, side] of [from, to].entries()) {
      const off = Array.from(side).reduce((s, w, i) => s + Math.abs(w - marginals[k]![i]!), 0);
      expect(Math.abs(off - answer.defect[k]!)).toBeLessThan(1e-12);
      expect(off).toBeLessThan(solver.answer === "exact" ? 1e-12 : 1e-6);
    }
  });
});
