import { describe, expect, test } from "vitest";
import { linearProgram } from "../../../test/linear-program.ts";
import { portableCloud, portableUniform } from "../../../test/portable.ts";
import { solve } from "../../solve.ts";
import { unmatched } from "../balanced.ts";
import { allowOnly, powerCost, tableCost } from "../cost.ts";
import { allowPairs, pairCost } from "../pair-list.ts";
import { marginalsOf } from "../plan.ts";
import { cloud, placeholders, type TransportInput, transportProblem } from "../problem.ts";

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
  test.each([
    ["shortest-paths", 2],
    ["shortest-paths", 1],
    ["shortest-paths", 3],
  ])("%s, p = %d: every share of the mass at the dense network simplex's cost, gap closed among all pairs and both prices of staying", async (solver, p) => {
    const n = 150;
    const [x, y] = [portableCloud(1, n, 2), portableCloud(2, 130, 2)];
    for (const [a, b] of [
      [undefined, undefined],
      [weigh(3, n, 1), weigh(4, 130, 1.7)],
    ])
      for (const mass of [0.05, 0.5, 0.99]) {
        const input = { from: cloud(x, { dim: 2, ...(a && { weights: a }) }), to: cloud(y, { dim: 2, ...(b && { weights: b }) }), p, mass };
        const problem = transportProblem({ ...input, marginals: { kind: "at-most" } });
        const [near, dense] = await Promise.all([solver, "network-simplex"].map((name) => solve(problem, { solver: name })));
        expect(near!.status).toBe("optimal");
        expect(Math.abs(near!.value - dense!.value)).toBeLessThan(1e-13);
        expect(Math.abs(near!.gap)).toBeLessThan(1e-13);
        for (const answer of [near!, dense!]) expect(answer.gap).toBeGreaterThanOrEqual(-answer.rounding!);
        expect(near!.rounding).toBeLessThan(1e-13);
        expect(near!.figures.moved).toBeCloseTo(mass, 13);
        expect(Math.max(...near!.defect)).toBeLessThan(1e-14);
      }
  });
  test("one side equal between many points: what is left over of the other costs nothing", async () => {
    const [few, many] = [cloud(portableCloud(1, 100, 2), { dim: 2 }), cloud(portableCloud(2, 400, 2), { dim: 2, weights: new Float64Array(400).fill(0.01) })];
    for (const marginals of [
      [{ kind: "equal" }, { kind: "at-most" }],
      [{ kind: "at-most" }, { kind: "equal" }],
    ] as const) {
      const sides = marginals[0].kind === "equal" ? { from: few, to: many } : { from: many, to: few };
      const [near, dense] = await Promise.all(["shortest-paths", "network-simplex"].map((solver) => solve({ ...sides, marginals }, { solver })));
      expect(near!.value).toBeCloseTo(dense!.value, 15);
      expect(Math.abs(near!.gap)).toBeLessThan(1e-15);
    }
  });
  test("2000 points of which half move: the plan is certified, nearest ones move, and no table is made", async () => {
    const answer = await solve({
      from: cloud(portableCloud(1, 2000, 2), { dim: 2 }),
      to: cloud(portableCloud(2, 2000, 2), { dim: 2 }),
      marginals: { kind: "at-most" },
      mass: 0.5,
    });
    expect(answer.solver).toBe("shortest-paths");
    expect(answer.status).toBe("optimal");
    expect(Math.abs(answer.gap)).toBeLessThan(1e-16);
    expect(answer.figures.bytes).toBeLessThan(8 * 2000 * 2000);
  });
  test("no mass: nothing moves but what rounding of the sums is", async () => {
    const answer = await solve({ from, to, marginals: { kind: "at-most" }, mass: 0 });
    expect(answer.value).toBeLessThan(1e-17);
    expect(answer.figures.moved).toBeLessThan(1e-16);
  });
});

describe("few allowed pairs, in a list", () => {
  const places = (seed: number, n: number, m: number, each: number): readonly [number[], number[]] => {
    const u = portableUniform(seed);
    const pairs = new Set<number>();
    // a partner of its own for everybody, so that a plan exists
    for (let i = 0; i < Math.max(n, m); i++) pairs.add((i % n) * m + (i % m));
    for (let i = 0; i < n; i++) for (let k = 0; k < each; k++) pairs.add(i * m + Math.floor(m * u()));
    return [[...pairs].map((e) => Math.floor(e / m)), [...pairs].map((e) => e % m)];
  };
  const integers = (seed: number, n: number): Float64Array => portableCloud(seed, n, 1).map((v) => 1 + Math.floor(9 * v));
  test.each([
    [60, 60, false],
    [80, 50, true],
    [40, 90, true],
  ] as const)("%d x %d, weights %s: the value of the dense network simplex, and of HiGHS", async (n, m, weighted) => {
    const [rows, columns] = places(n + m, n, m, 4);
    const cost = allowPairs(powerCost(2), n, m, rows, columns);
    // supplies follow the partners that exist for certain, so that there is a plan
    const [a, b] = [new Float64Array(n), new Float64Array(m)];
    const mass = integers(7, Math.max(n, m));
    for (let i = 0; i < Math.max(n, m); i++) {
      a[i % n] = a[i % n]! + (weighted ? mass[i]! : 1);
      b[i % m] = b[i % m]! + (weighted ? mass[i]! : 1);
    }
    const input = { from: cloud(portableCloud(1, n, 2), { dim: 2, weights: a }), to: cloud(portableCloud(2, m, 2), { dim: 2, weights: b }), cost };
    const [list, dense] = await Promise.all(["shortest-paths", "network-simplex"].map((solver) => solve(input, { solver })));
    expect(list!.status).toBe("optimal");
    expect(Math.abs(list!.value - dense!.value)).toBeLessThan(1e-13 * dense!.value);
    expect(Math.abs(list!.gap)).toBeLessThan(1e-13 * dense!.value);
    expect(Math.max(...list!.defect)).toBeLessThan(1e-12);
    expect(list!.value).toBeCloseTo((await linearProgram(cost, input.from, input.to))!, 9);
    // the same as a sparse table
    const values = rows.map((i, e) => cost.at(i, columns[e]!, n, input.from.x, m, input.to.x));
    const table = await solve({ from: placeholders(n, a), to: placeholders(m, b), cost: pairCost(n, m, rows, columns, values) }, { solver: "shortest-paths" });
    expect(Math.abs(table.value - dense!.value)).toBeLessThan(1e-13 * dense!.value);
  });
  test("without a plan the points that cannot be served are named: rows 1 and 2 may only go to column 0", async () => {
    const cost = pairCost(3, 3, [0, 0, 0, 1, 2], [0, 1, 2, 0, 0], [0, 1, 2, 3, 4]);
    const answer = await solve({ from: placeholders(3), to: placeholders(3), cost }, { solver: "shortest-paths" });
    expect(answer.status).toBe("infeasible");
    expect(answer.notes[0]).toMatch(/the 2 points (1, 2|2, 1) of the first side may only go to the 1 points 0 of the second/);
  });
  test("parts that should balance do, though their weights are rounded: 1/10 + 2/10 goes to 3/10 alone", async () => {
    const cost = pairCost(3, 2, [0, 1, 2], [0, 0, 1], [1, 2, 3]);
    const answer = await solve({ from: placeholders(3, [0.1, 0.2, 0.7]), to: placeholders(2, [0.3, 0.7]), cost }, { solver: "shortest-paths" });
    expect(answer.status).toBe("optimal");
    expect(answer.value).toBeCloseTo(0.1 + 0.4 + 2.1, 14);
    expect(Math.max(...answer.defect)).toBeLessThan(1e-15);
    expect(answer.potentials!.components).toBe(2);
  });
  test("8000 points with twelve near partners each: certified, in less memory than a fortieth of all pairs takes", async () => {
    const n = 8000;
    const [rows, columns]: number[][] = [[], []];
    const x = Float64Array.from({ length: n }, (_, i) => i / n);
    const y = portableCloud(3, n, 1).map((v, i) => (i + 3 * v) / n);
    for (let i = 0; i < n; i++)
      for (let k = -6; k < 6; k++)
        if (i + k >= 0 && i + k < n) {
          rows!.push(i);
          columns!.push(i + k);
        }
    const cost = allowPairs(powerCost(2), n, n, rows!, columns!);
    const answer = await solve({ from: cloud(x), to: cloud(y), cost });
    expect(answer.solver).toBe("shortest-paths");
    expect(answer.status).toBe("optimal");
    expect(Math.abs(answer.gap)).toBeLessThan(1e-15);
    expect(answer.figures.bytes).toBeLessThan(0.2 * n * n);
    // on the line sorting is optimal, and far pairs are not needed: three neighbours may change places
    expect(answer.value).toBeCloseTo((await solve({ from: cloud(x), to: cloud(y) }, { solver: "line" })).value, 14);
  });
});

describe("stopped early, the network simplex method has a plan and a bound", () => {
  const [from, to] = [cloud(portableCloud(1, 200, 2), { dim: 2 }), cloud(portableCloud(2, 150, 2), { dim: 2 })];
  test.each([
    ["max-iterations", { maxIterations: 100 }],
    ["aborted", { signal: { aborted: true } }],
  ] as const)("%s", async (status, options) => {
    const best = await solve({ from, to });
    const answer = await solve({ from, to }, { solver: "network-simplex", ...options });
    expect(answer.status).toBe(status);
    expect(answer.value).toBeGreaterThan(best.value * (1 + 1e-9));
    expect(answer.dual).toBeLessThanOrEqual(best.value);
    expect(answer.gap).toBeGreaterThanOrEqual(answer.value - best.value);
    expect(Math.max(...answer.defect)).toBeLessThan(1e-14);
  });
});

/** Clouds that trees and lists dislike; the dense network simplex is the referee. */
describe("hard clouds", () => {
  const clusters = (seed: number, n: number): Float64Array => {
    const x = portableCloud(seed, n, 3);
    return Float64Array.from({ length: 2 * n }, (_, k) => 10 * Math.sin(1 + Math.floor(6 * x[2 * n + (k % n)]!) * (k < n ? 2 : 3)) + 0.01 * x[k]!);
  };
  const powers = (seed: number, n: number): Float64Array => portableCloud(seed, n, 1).map((v) => 10 ** (-6 * v));
  const normalised = (w: Float64Array): Float64Array => {
    const s = w.reduce((x, y) => x + y, 0);
    return w.map((v) => v / s);
  };
  const cases: Readonly<Record<string, readonly [x: Float64Array, y: Float64Array, weighted: boolean, p: number]>> = {
    "clusters far apart": [clusters(1, 400), clusters(2, 300), true, 2],
    "clusters, p = 1": [clusters(1, 300), clusters(2, 300), false, 1],
    "places of a lattice, each taken many times": [
      portableCloud(1, 400, 2).map((v) => Math.floor(6 * v)),
      portableCloud(2, 400, 2).map((v) => Math.floor(6 * v)),
      false,
      2,
    ],
    "far from each other": [portableCloud(1, 300, 2), portableCloud(2, 280, 2).map((v) => v + 1000), true, 2],
    "few to many": [portableCloud(1, 3, 2), portableCloud(2, 600, 2), true, 2],
    "many to few": [portableCloud(1, 600, 2), portableCloud(2, 3, 2), false, 2],
    "all from one place": [new Float64Array(500), portableCloud(2, 250, 2), false, 2],
    "all from one place to one place": [new Float64Array(300), new Float64Array(300).fill(1), true, 3],
    "very small": [portableCloud(1, 300, 2).map((v) => 1e-8 * v), portableCloud(2, 300, 2).map((v) => 1e-8 * v), true, 2],
    "a high power": [portableCloud(1, 300, 2), portableCloud(2, 300, 2), true, 8],
  };
  test.each(Object.keys(cases))("%s", async (name) => {
    const [x, y, weighted, p] = cases[name]!;
    const [n, m] = [x.length / 2, y.length / 2];
    const from = cloud(x, { dim: 2, ...(weighted && { weights: normalised(powers(3, n)) }) });
    const to = cloud(y, { dim: 2, ...(weighted && { weights: normalised(powers(4, m)) }) });
    const referee = await solve({ from, to, p }, { solver: "network-simplex" });
    expect(Math.abs(referee.gap)).toBeLessThan(1e-12 * referee.value);
    for (const solver of ["shortest-paths", "sparse-simplex"]) {
      const answer = await solve({ from, to, p }, { solver });
      expect(answer.status, solver).toBe("optimal");
      expect(Math.abs(answer.value - referee.value)).toBeLessThan(1e-12 * referee.value);
      expect(Math.abs(answer.gap)).toBeLessThan(1e-12 * referee.value);
      expect(Math.max(...answer.defect)).toBeLessThan(1e-14);
    }
  });
});

/** The unit of length is nobody's business: costs of 1e-24 and 1e+24 have the same plans. */
describe.each([1e-8, 1, 1e8])("lengths of %d", (length) => {
  const points = (seed: number, n: number) =>
    cloud(
      portableCloud(seed, n, 2).map((v) => v * length),
      { dim: 2 },
    );
  const [from, to] = [points(1, 12), points(2, 10)];
  const pattern = portableCloud(3, 120, 1);
  const asked: Readonly<Record<string, TransportInput>> = {
    "a part of the mass": { from, to, p: 3, marginals: { kind: "at-most" }, mass: 0.4 },
    "forbidden pairs": { from, to, cost: allowOnly(powerCost(3), (i, j) => pattern[10 * i + j]! < 0.8) },
  };
  test.each(Object.keys(asked))("W_p scales with them: %s", async (name) => {
    const unit = (c: ReturnType<typeof cloud>) =>
      cloud(
        c.x.map((v) => v / length),
        { dim: 2 },
      );
    const known = await solve({ ...asked[name]!, from: unit(from), to: unit(to) }, { solver: "network-simplex" });
    const answer = await solve(asked[name]!, { solver: "network-simplex" });
    expect(answer.status).toBe("optimal");
    expect(Math.abs(answer.value / length ** 3 - known.value)).toBeLessThan(1e-13 * known.value);
  });
});
