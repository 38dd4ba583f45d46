/**
 * 200 random instances over all costs. Referees: the linear program by HiGHS; munkres where points are matched one to one; and the plain
 * shortest paths of test/reference-plan.ts, which also say when there is no plan.
 */
import { munkres } from "munkres";
import { describe, expect, test } from "vitest";
import { linearProgram } from "../../../test/linear-program.ts";
import { portableNormal, portableUniform } from "../../../test/portable.ts";
import { referencePlan } from "../../../test/reference-plan.ts";
import type { Cost, Coupling, Transport } from "../../contract.ts";
import { pace } from "../../pace.ts";
import { transportSolver } from "../../solve.ts";
import { componentsOf } from "../certificate.ts";
import { allowOnly, circleCost, functionCost, powerCost, sphereCost, tableCost } from "../cost.ts";
import { graphCost, makeGraph } from "../graph-cost.ts";
import { marginalsOf } from "../plan.ts";
import { cloud, placeholders, type TransportInput, transportProblem } from "../problem.ts";

type Draw = () => number;
const between = (u: Draw, low: number, high: number): number => low + Math.floor(u() * (high - low + 1));
const rowOf = (n: number, draw: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => draw(i));
const normalised = (w: Float64Array): Float64Array => {
  const s = w.reduce((a, b) => a + b, 0);
  return w.map((v) => v / s);
};
const weightings: Readonly<Record<string, (u: Draw, n: number) => Float64Array | undefined>> = {
  equal: () => undefined,
  unequal: (u, n) => normalised(rowOf(n, () => 0.1 + u())),
  "with zeros": (u, n) => normalised(rowOf(n, (i) => (i > 0 && u() < 0.3 ? 0 : 1 + Math.floor(3 * u())))),
  "from 1e-9 to 1": (u, n) => normalised(rowOf(n, () => 10 ** (-9 * u()))),
};
const points = (u: Draw, n: number, d: number, weights: Float64Array | undefined, integer: boolean) =>
  cloud(
    rowOf(n * d, () => (integer ? between(u, 0, 2) : u())),
    { dim: d, ...(weights && { weights }) },
  );
const onSphere = (seed: number, n: number, weights: Float64Array | undefined) => {
  const g = portableNormal(seed);
  const x = rowOf(3 * n, g);
  for (let i = 0; i < n; i++) {
    const r = Math.hypot(x[i]!, x[n + i]!, x[2 * n + i]!);
    for (let k = 0; k < 3; k++) x[k * n + i] = x[k * n + i]! / r;
  }
  return cloud(x, { dim: 3, ...(weights && { weights }) });
};
const table = (u: Draw, n: number, m: number, forbidden: number): Cost =>
  tableCost(
    n,
    m,
    rowOf(n * m, () => (u() < forbidden ? Number.POSITIVE_INFINITY : Math.floor(20 * u()) / 4 - 1)),
  );
const graphOfPlaces = (u: Draw, n: number): Cost =>
  graphCost(
    makeGraph(
      n,
      Array.from({ length: 2 * n }, (_, e) => [e < n ? e : between(u, 0, n - 1), e < n ? (e + 1) % n : between(u, 0, n - 1), 0.1 + u()]),
    ),
    1 + Math.floor(2 * u()),
  );

const kinds: Readonly<
  Record<string, (u: Draw, n: number, m: number, wa: Float64Array | undefined, wb: Float64Array | undefined, seed: number) => TransportInput>
> = {
  "p = 1": (u, n, m, wa, wb) => ({ from: points(u, n, 2, wa, false), to: points(u, m, 2, wb, false), p: 1 }),
  "p = 1.5": (u, n, m, wa, wb) => ({ from: points(u, n, 2, wa, false), to: points(u, m, 2, wb, false), p: 1.5 }),
  "p = 2": (u, n, m, wa, wb) => ({ from: points(u, n, 3, wa, false), to: points(u, m, 3, wb, false) }),
  "p = 3": (u, n, m, wa, wb) => ({ from: points(u, n, 2, wa, false), to: points(u, m, 2, wb, false), p: 3 }),
  "few places, many points on each": (u, n, m, wa, wb) => ({ from: points(u, n, 2, wa, true), to: points(u, m, 2, wb, true), p: between(u, 1, 2) }),
  table: (u, n, m, wa, wb) => ({ from: placeholders(n, wa), to: placeholders(m, wb), cost: table(u, n, m, 0) }),
  "table with forbidden pairs": (u, n, m, wa, wb) => ({ from: placeholders(n, wa), to: placeholders(m, wb), cost: table(u, n, m, 0.3) }),
  "forbidden pairs between points": (u, n, m, wa, wb) => {
    const open = Array.from({ length: n * m }, () => u() < 0.6);
    return { from: points(u, n, 2, wa, false), to: points(u, m, 2, wb, false), cost: allowOnly(powerCost(2), (i, j) => open[i * m + j]!) };
  },
  circle: (u, n, m, wa, wb) => ({ from: points(u, n, 1, wa, false), to: points(u, m, 1, wb, false), cost: circleCost(between(u, 1, 2), 1) }),
  sphere: (u, n, m, wa, wb, seed) => ({ from: onSphere(seed, n, wa), to: onSphere(seed + 1, m, wb), cost: sphereCost(between(u, 1, 2)) }),
  function: (u, n, m, wa, wb) => ({
    from: points(u, n, 2, wa, false),
    to: points(u, m, 2, wb, false),
    cost: functionCost(2, (x, y) => Math.sqrt(Math.abs(x[0]! - y[0]!)) + Math.abs(x[1]! + y[1]!) - 1),
  }),
  "shortest paths in a graph": (u, n, _, wa, __, seed) => ({
    from: placeholders(n, wa),
    to: placeholders(n, weightings.unequal!(portableUniform(seed + 1), n)),
    cost: graphOfPlaces(u, n),
  }),
};
const solvers = ["assignment", "network-simplex", "shortest-paths", "sparse-simplex"];
const sideOf = (m: Transport["from"]) => {
  if (m.rep !== "particles") throw new Error("points only");
  return m;
};
const matrixOf = (p: Transport): number[][] => {
  const [a, b] = [sideOf(p.from), sideOf(p.to)];
  return Array.from({ length: a.n }, (_, i) => Array.from({ length: b.n }, (__, j) => p.cost.at(i, j, a.n, a.x, b.n, b.x)));
};

/** What holds for every optimal coupling. */
function check(p: Transport, answer: Coupling, best: number): void {
  const [a, b] = [sideOf(p.from), sideOf(p.to)];
  const costs = matrixOf(p);
  const scale = 1 + Math.abs(best);
  expect(Math.abs(answer.value - best)).toBeLessThan(2e-9 * scale);
  expect(Math.abs(answer.gap)).toBeLessThan(1e-13 * scale);
  const marginals = marginalsOf(answer.plan!);
  for (const [k, side] of [a, b].entries()) for (let i = 0; i < side.n; i++) expect(Math.abs(marginals[k]![i]! - side.weight[i]!)).toBeLessThan(1e-14);
  const { from, to, mass } = answer.plan!.sparse!;
  expect(mass.every((v) => v > 0)).toBe(true);
  const { f, g, components } = answer.potentials!;
  expect(components).toBe(componentsOf(answer.plan!) - left(a.weight) - left(b.weight));
  for (let i = 0; i < a.n; i++) for (let j = 0; j < b.n; j++) expect(f[i]! + g[j]! - costs[i]![j]!).toBeLessThan(1e-12 * scale);
  // complementary slackness: what is used is tight
  for (let e = 0; e < from.length; e++) if (mass[e]! > 1e-6) expect(Math.abs(f[from[e]!]! + g[to[e]!]! - costs[from[e]!]![to[e]!]!)).toBeLessThan(1e-8 * scale);
}
const oneToOne = (p: Transport): boolean => {
  const [a, b] = [sideOf(p.from), sideOf(p.to)];
  return a.n === b.n && [...a.weight, ...b.weight].every((w) => w === a.weight[0]);
};
const left = (w: ArrayLike<number>): number => Array.from(w).filter((v) => v === 0).length;

/** Whether a plan exists, by the plain reference. */
function referenceOf(p: Transport): { feasible: boolean; value: number } {
  const [a, b] = [sideOf(p.from), sideOf(p.to)];
  const whole = (w: ArrayLike<number>): Float64Array => Float64Array.from(w, (v) => Math.round(v * 2 ** 45));
  const [supply, demand] = [whole(a.weight), whole(b.weight)];
  const most = demand.indexOf(Math.max(...demand));
  demand[most] = demand[most]! + supply.reduce((s, v) => s + v, 0) - demand.reduce((s, v) => s + v, 0);
  const costs = Float64Array.from(matrixOf(p).flat());
  const { flow, violator } = referencePlan(a.n, b.n, costs, supply, demand);
  let value = 0;
  for (let e = 0; e < flow.length; e++) if (flow[e]! > 0) value += (flow[e]! / 2 ** 45) * costs[e]!;
  return { feasible: violator === null, value };
}

let instance = 0;
const asked = { optimal: 0, infeasible: 0 };
for (const [name, make] of Object.entries(kinds))
  describe(name, () => {
    for (let k = 0; k < 17; k++) {
      const seed = 1000 + 10 * instance++;
      const weighting = Object.keys(weightings)[k % 4]!;
      test(`${weighting}, seed ${seed}`, async () => {
        const u = portableUniform(seed);
        const n = between(u, 1, 9);
        const m = k % 4 === 0 && k % 8 === 0 ? n : between(u, 1, 9);
        const weigh = weightings[weighting]!;
        const p = transportProblem(make(u, n, m, weigh(u, n), weigh(u, m), seed));
        const reference = referenceOf(p);
        const best = await linearProgram(p.cost, sideOf(p.from), sideOf(p.to));
        expect(best !== null).toBe(reference.feasible);
        if (best !== null) expect(Math.abs(reference.value - best)).toBeLessThan(1e-8 * (1 + Math.abs(best)));
        for (const kind of solvers) {
          const solver = await transportSolver(kind);
          if (solver.refuses(p) !== null) continue;
          const answer = await pace(solver.solve(p, {}));
          expect(answer.status, kind).toBe(best === null ? "infeasible" : "optimal");
          if (best === null) {
            asked.infeasible++;
            expect(answer.value).toBe(Number.POSITIVE_INFINITY);
            expect(answer.plan).toBeNull();
            expect(answer.notes[0]).toMatch(/No plan avoids the forbidden pairs: the \d+ points /);
          } else {
            asked.optimal++;
            check(p, answer, reference.value);
          }
        }
        if (best !== null && oneToOne(p)) {
          const costs = matrixOf(p);
          const matched = munkres(costs).reduce((s, [i, j]) => s + costs[i]![j]! / n, 0);
          expect(Math.abs(matched - best)).toBeLessThan(1e-8 * (1 + Math.abs(best)));
        }
      });
    }
  });
test("the instances above were many, and of both sorts", () => {
  expect(instance).toBeGreaterThanOrEqual(200);
  expect(asked.optimal).toBeGreaterThan(250);
  expect(asked.infeasible).toBeGreaterThan(10);
});
