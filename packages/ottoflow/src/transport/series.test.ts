import { describe, expect, test } from "vitest";
import { portableCloud } from "../../test/portable.ts";
import type { As, Coupling } from "../contract.ts";
import { certified } from "./certificate.ts";
import { powerCost } from "./cost.ts";
import { sparsePlan } from "./plan.ts";
import { atomsOf, cloud } from "./problem.ts";
import { type Couple, couplingSeries, type Snapshot } from "./series.ts";

/** W_2 on the line between clouds of any weights, by sorting: independent of any solver of the library. */
const sorting: Couple = async (from, to) => {
  const [a, b] = [atomsOf(from, "from"), atomsOf(to, "to")];
  const order = (m: typeof a): number[] => Array.from({ length: m.n }, (_, i) => i).sort((i, j) => m.x[i]! - m.x[j]!);
  const [p, q] = [order(a), order(b)];
  const entries: [number, number, number][] = [];
  let [i, j, left, right] = [0, 0, a.weight[p[0]!]!, b.weight[q[0]!]!];
  while (i < a.n && j < b.n) {
    const m = Math.min(left, right);
    entries.push([p[i]!, q[j]!, m]);
    left -= m;
    right -= m;
    if (left <= right) left = ++i < a.n ? a.weight[p[i]!]! : 0;
    else right = ++j < b.n ? b.weight[q[j]!]! : 0;
  }
  const plan = sparsePlan(
    a.n,
    b.n,
    entries.map((e) => e[0]),
    entries.map((e) => e[1]),
    entries.map((e) => e[2]),
  );
  return certified(powerCost(2), a, b, { solver: "sorting", status: "optimal", plan, f: new Float64Array(a.n), iterations: 1 });
};
const moved = (x: Float64Array, by: number): As<"particles"> => cloud(x.map((v) => v + by));

describe("a cloud that moves with unit speed, seen at times 0, 1, 3", () => {
  const x = portableCloud(1, 20, 1);
  const group = Int32Array.from(x, (v) => (v > 0.5 ? 1 : 0));
  const snapshots: Snapshot[] = [0, 1, 3].map((t) => ({ t, cloud: moved(x, t), group }));

  test("the displacement interpolation meets the held-out time; mixing is off by the root of s (1 - s) times the distance of its parts, or more", async () => {
    const { heldOut } = await couplingSeries(snapshots, sorting, sorting);
    expect(heldOut).toHaveLength(1);
    expect(heldOut[0]!.transport).toBeLessThan(1e-12);
    expect(heldOut[0]!.before).toBeCloseTo(1, 12);
    expect(heldOut[0]!.after).toBeCloseTo(2, 12);
    // two thirds of the mass at distance 1 and one third at distance 2 in total: W_1 of the mixture is at least |mean| = 0, W_2 is near sqrt(2)
    expect(heldOut[0]!.mixing).toBeGreaterThan(1);
  });
  test("nothing grows and everybody keeps to its group", async () => {
    const { legs, fates } = await couplingSeries(snapshots, sorting);
    for (const leg of legs) for (const g of leg.growth) expect(Math.abs(g)).toBeLessThan(1e-12);
    expect(fates!.groups).toBe(2);
    group.forEach((g, i) => {
      expect(fates!.share[g * 20 + i]).toBeCloseTo(1, 12);
    });
  });
});

test("growth is the logarithm of the mass that leaves a point over its mass, per time", async () => {
  const from = cloud([0, 1], { weights: [0.5, 0.5] });
  const to = cloud([0, 1], { weights: [1, 0.25] });
  const doubling: Couple = async () => ({ plan: sparsePlan(2, 2, [0, 1], [0, 1], [1, 0.25]) }) as unknown as Coupling;
  const { legs } = await couplingSeries(
    [
      { t: 0, cloud: from },
      { t: 2, cloud: to },
    ],
    doubling,
  );
  expect(legs[0]!.growth[0]).toBeCloseTo(Math.log(2) / 2, 15);
  expect(legs[0]!.growth[1]).toBeCloseTo(-Math.log(2) / 2, 15);
});
test("one time, or times out of order, is an error", async () => {
  const one = { t: 0, cloud: cloud([0]) };
  await expect(couplingSeries([one], sorting)).rejects.toThrow("at least two");
  await expect(couplingSeries([one, one], sorting)).rejects.toThrow("must increase");
});
