import { describe, expect, test } from "vitest";
import { linearProgram } from "../../../test/linear-program.ts";
import { portableCloud } from "../../../test/portable.ts";
import { solve } from "../../solve.ts";
import { unmatched } from "../balanced.ts";
import { allowOnly, powerCost, tableCost } from "../cost.ts";
import { marginalsOf } from "../plan.ts";
import { cloud, placeholders, transportProblem } from "../problem.ts";

const published: readonly (readonly [number, number, number, number])[] = [
  [64, 2, 0.01905371331677, 0.11969889623403],
  [256, 2, 0.00512523826639, 0.06136383463666],
  [1000, 2, 0.00178471164497, 0.03637756223318],
  [1000, 3, 0.00743267039755, 0.07816609909473],
  [2000, 2, 0.00070939052973, 0.02278060316592],
  [4096, 2, 0.00039597462358, 0.01708705464181],
];
const pair = (n: number, d: number) => ({ from: cloud(portableCloud(1, n, d), { dim: d }), to: cloud(portableCloud(2, n, d), { dim: d }) });

describe("A28.1: U(1) and U(2) in [0, 1]^d, equal weights", () => {
  for (const [n, d, w2, w1] of published)
    for (const [p, value] of [
      [2, w2],
      [1, w1],
    ] as const)
      for (const solver of ["shortest-paths", "sparse-simplex", "assignment", "network-simplex"])
        if (solver.startsWith("s") || n <= 1000)
          test(`${solver}: n = ${n}, d = ${d}, p = ${p}`, async () => {
            const answer = await solve({ ...pair(n, d), p }, { solver });
            expect(answer.status).toBe("optimal");
            expect(Math.abs(answer.value - value)).toBeLessThan(6e-15);
            expect(Math.abs(answer.dual - value)).toBeLessThan(6e-15);
            expect(Math.max(...answer.defect)).toBeLessThan(1e-12);
          });
});

describe("Gaussian clouds G(11), G(12) + 1, n = 1000", () => {
  for (const [d, value] of [
    [2, 2.07813333399885],
    [10, 13.76116762191607],
  ] as const)
    test.each(["assignment", "network-simplex", "shortest-paths", "sparse-simplex"])(`%s: d = ${d}`, async (solver) => {
      const from = cloud(portableCloud(11, 1000, d, "normal"), { dim: d });
      const to = cloud(
        portableCloud(12, 1000, d, "normal").map((v) => v + 1),
        { dim: d },
      );
      const answer = await solve({ from, to }, { solver });
      expect(answer.status).toBe("optimal");
      expect(Math.abs(answer.value - value)).toBeLessThan(2e-14 * value);
      expect(Math.abs(answer.gap)).toBeLessThan(2e-14 * value);
    });
});

describe("forbidden pairs", () => {
  const open = Number.POSITIVE_INFINITY;
  test("parts that should balance do, though their weights are rounded: 1/10 + 2/10 goes to 3/10 alone", async () => {
    const cost = tableCost(3, 2, [1, open, 2, open, open, 3]);
    const [from, to] = [placeholders(3, [0.1, 0.2, 0.7]), placeholders(2, [0.3, 0.7])];
    const answer = await solve({ from, to, cost }, { solver: "network-simplex" });
    expect(answer.status).toBe("optimal");
    expect(answer.value).toBeCloseTo(0.1 + 0.4 + 2.1, 14);
    expect(Math.max(...answer.defect)).toBeLessThan(1e-15);
    expect(Math.abs(answer.gap)).toBeLessThan(1e-14);
    expect(answer.potentials!.components).toBe(2);
  });
  test("the note names points that cannot be served (Hall): rows 1 and 2 may only go to column 0", async () => {
    const cost = tableCost(3, 3, [0, 1, 2, 3, open, open, 4, open, open]);
    for (const solver of ["assignment", "network-simplex"]) {
      const answer = await solve({ from: placeholders(3), to: placeholders(3), cost }, { solver });
      expect(answer.status).toBe("infeasible");
      expect(answer.plan).toBeNull();
      expect(answer.value).toBe(open);
      expect(answer.notes[0]).toMatch(/the 2 points (1, 2|2, 1) of the first side may only go to the 1 points 0 of the second/);
    }
  });
  test("a far forbidden pair costs no digits: 200 points, tight to rounding", async () => {
    const [from, to] = [cloud(portableCloud(1, 200, 2), { dim: 2 }), cloud(portableCloud(2, 200, 2), { dim: 2 })];
    const cost = allowOnly(powerCost(2), (i, j) => (i * 7 + j * 3) % 5 !== 0);
    const [one, other] = await Promise.all(["assignment", "network-simplex"].map((solver) => solve({ from, to, cost }, { solver })));
    expect(Math.abs(one!.value - other!.value)).toBeLessThan(1e-16);
    expect(Math.abs(one!.gap) + Math.abs(other!.gap)).toBeLessThan(1e-16);
  });
});

describe("partial transport", () => {
  const weigh = (seed: number, n: number, total: number): Float64Array => {
    const w = portableCloud(seed, n, 1).map((v) => v + 0.1);
    const s = w.reduce((x, y) => x + y, 0);
    return w.map((v) => (v * total) / s);
  };
  const from = cloud(portableCloud(1, 12, 2), { dim: 2, weights: weigh(3, 12, 1) });
  const to = cloud(portableCloud(2, 9, 2), { dim: 2, weights: weigh(4, 9, 1.5) });
  test.each([0.2, 0.6, 0.95, 1])("moves the mass %d at the least cost, as HiGHS finds", async (mass) => {
    const p = transportProblem({ from, to, marginals: { kind: "at-most" }, mass });
    const answer = await solve(p);
    const best = (await linearProgram(p.cost, from, to, mass))!;
    expect(answer.status).toBe("optimal");
    expect(Math.abs(answer.value - best)).toBeLessThan(1e-9);
    expect(Math.abs(answer.gap)).toBeLessThan(1e-14);
    expect(answer.figures.moved).toBeCloseTo(mass, 14);
    expect(Math.max(...answer.defect)).toBeLessThan(1e-15);
    const [rows, columns] = marginalsOf(answer.plan!);
    const [left, free] = unmatched(p, answer.plan!);
    expect(left!.mass.reduce((s, v) => s + v, 0)).toBeCloseTo(1 - mass, 14);
    expect(free!.mass.reduce((s, v) => s + v, 0)).toBeCloseTo(1.5 - mass, 14);
    for (const [k, i] of left!.index.entries()) expect(rows![i]! + left!.mass[k]!).toBeCloseTo(from.weight[i]!, 15);
    for (const [k, j] of free!.index.entries()) expect(columns![j]! + free!.mass[k]!).toBeCloseTo(to.weight[j]!, 15);
  });
  test("one side equal, the other at most: all of the first mass moves; the other way round there is too little room", async () => {
    const p = transportProblem({ from, to, marginals: [{ kind: "equal" }, { kind: "at-most" }] });
    const answer = await solve(p);
    expect(answer.figures.moved).toBeCloseTo(1, 14);
    expect(answer.value).toBeCloseTo((await linearProgram(p.cost, from, to, 1))!, 9);
    expect(Math.abs(answer.gap)).toBeLessThan(1e-14);
    const short = await solve({ from, to, marginals: [{ kind: "at-most" }, { kind: "equal" }] });
    expect(short.status).toBe("infeasible");
  });
  test("no mass: nothing moves but what rounding of the sums is", async () => {
    const answer = await solve({ from, to, marginals: { kind: "at-most" }, mass: 0 });
    expect(answer.value).toBeLessThan(1e-17);
    expect(answer.figures.moved).toBeLessThan(1e-16);
  });
});
