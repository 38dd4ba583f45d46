import { describe, expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../../test/portable.ts";
import { referencePlan } from "../../../test/reference-plan.ts";
import type { Coupling } from "../../contract.ts";
import { solve } from "../../solve.ts";
import { marginalsOf } from "../plan.ts";
import { cloud } from "../problem.ts";

type Cloud = ReturnType<typeof cloud>;
const between = (a: Cloud, b: Cloud, i: number, j: number): number => {
  let s = 0;
  for (let k = 0; k < a.space.dim; k++) s += (a.x[k * a.n + i]! - b.x[k * b.n + j]!) ** 2;
  return Math.sqrt(s);
};
/** The least of all distances below which a plan exists, by trying each from below with the plain reference. */
function byTrying(a: Cloud, b: Cloud, counts: readonly [Float64Array, Float64Array]): number {
  const all = Array.from({ length: a.n * b.n }, (_, e) => between(a, b, Math.floor(e / b.n), e % b.n));
  const [total, other] = counts.map((w) => w.reduce((x, y) => x + y, 0)) as [number, number];
  const [supply, demand] = [counts[0].map((v) => v * other), counts[1].map((v) => v * total)];
  const sorted = [...new Set(all)].sort((x, y) => x - y);
  let [lo, hi] = [0, sorted.length - 1];
  while (lo < hi) {
    const k = (lo + hi) >> 1;
    const costs = Float64Array.from(all, (r) => (r <= sorted[k]! ? 0 : Number.POSITIVE_INFINITY));
    if (referencePlan(a.n, b.n, costs, supply, demand).violator) lo = k + 1;
    else hi = k;
  }
  return sorted[lo]!;
}
function check(a: Cloud, b: Cloud, answer: Coupling): void {
  expect(answer.status).toBe("optimal");
  expect(answer.gap).toBe(0);
  const { from, to } = answer.plan!.sparse!;
  let longest = 0;
  for (let e = 0; e < from.length; e++) longest = Math.max(longest, between(a, b, from[e]!, to[e]!));
  expect(longest).toBe(answer.value);
  const marginals = marginalsOf(answer.plan!);
  for (const [k, side] of [a, b].entries())
    for (let i = 0; i < side.n; i++) expect(Math.abs(marginals[k]![i]! - side.weight[i]!)).toBeLessThan((a.n + b.n) * 4e-16);
}
/** small whole numbers, so that many parts of both sides have the same mass to the digit */
const countsOf = (seed: number, n: number): Float64Array => {
  const u = portableUniform(seed);
  const w = Float64Array.from({ length: n }, () => Math.floor(4 * u()));
  w[0] = 1;
  return w;
};
const normalised = (w: Float64Array): Float64Array => {
  const s = w.reduce((p, q) => p + q, 0);
  return w.map((v) => v / s);
};
const weights = (seed: number, n: number): Float64Array => normalised(countsOf(seed, n));

describe("the largest distance", () => {
  for (let seed = 1; seed <= 24; seed++)
    test(`is the least of all distances below which a plan exists: seed ${seed}`, async () => {
      const d = 1 + (seed % 3);
      const [n, m] = [5 + (seed % 7), seed % 4 === 0 ? 5 + (seed % 7) : 4 + (seed % 9)];
      const even = seed % 4 === 0;
      const counts = [even ? new Float64Array(n).fill(1) : countsOf(seed + 50, n), even ? new Float64Array(m).fill(1) : countsOf(seed + 70, m)] as const;
      const a = cloud(portableCloud(seed, n, d), { dim: d, weights: normalised(counts[0]) });
      const b = cloud(portableCloud(seed + 100, m, d), { dim: d, weights: normalised(counts[1]) });
      const answer = await solve({ from: a, to: b, p: Number.POSITIVE_INFINITY }, { solver: "bottleneck" });
      check(a, b, answer);
      expect(answer.value).toBe(byTrying(a, b, counts));
      expect(answer.figures.held!).toBeGreaterThan(answer.figures.taken!);
    });
  test("on the line is that of the monotone coupling", async () => {
    const [from, to] = [cloud(portableCloud(1, 40, 1), { weights: weights(3, 40) }), cloud(portableCloud(2, 30, 1), { weights: weights(4, 30) })];
    const p = Number.POSITIVE_INFINITY;
    const line = await solve({ from, to, p }, { solver: "line" });
    const answer = await solve({ from, to, p }, { solver: "bottleneck" });
    check(from, to, answer);
    expect(answer.value).toBe(line.value);
  });
  test("between 1000 points is bounded by any matching's, and by W_2", async () => {
    const [from, to] = [1, 2].map((seed) => cloud(portableCloud(seed, 1000, 2), { dim: 2 }));
    const answer = await solve({ from: from!, to: to!, p: Number.POSITIVE_INFINITY });
    check(from!, to!, answer);
    const square = await solve({ from: from!, to: to! });
    const { from: rows, to: columns } = square.plan!.sparse!;
    const longest = Math.max(...Array.from(rows, (i, e) => between(from!, to!, i, columns[e]!)));
    expect(answer.value).toBeLessThanOrEqual(longest);
    expect(answer.value).toBeGreaterThan(Math.sqrt(square.value));
  });
  test("is zero between a cloud and itself, repeated points and all", async () => {
    const same = cloud([
      [0, 0],
      [0, 0],
      [3, 1],
    ]);
    expect((await solve({ from: same, to: same, p: Number.POSITIVE_INFINITY })).value).toBe(0);
  });
  test.each([
    ["a point of mass 1e-300, however far, when float64 cannot count it", [1, 1e-300], [1]],
    ["the same on the other side", [1], [1, 1e-300]],
    ["a point of a mass that counts", [1 - 1e-6, 1e-6], [1]],
  ])("%s", async (_, wa, wb) => {
    const side = (w: readonly number[]) =>
      cloud(
        w.length === 1
          ? [[0, 1]]
          : [
              [0, 0],
              [100, 0],
            ],
        { weights: w },
      );
    const answer = await solve({ from: side(wa), to: side(wb), p: Number.POSITIVE_INFINITY });
    expect(answer.status).toBe("optimal");
    expect(answer.value).toBe(Math.min(...wa, ...wb) === 1e-300 ? 1 : Math.sqrt(10001));
    expect(answer.gap).toBe(0);
    expect(Math.max(...answer.defect)).toBeLessThan(1e-14);
  });
});
