import fc from "fast-check";
import { expect, test } from "vitest";
import { portableUniform } from "../../../test/portable.ts";
import { makeFree } from "../../space/euclidean.ts";
import { graphCost, makeGraph } from "../graph-cost.ts";
import { marginalsOf } from "../plan.ts";
import { cloud, placeholders, transportProblem } from "../problem.ts";
import { graph, transportOnGraph } from "./graph.ts";
import { transportOnLine } from "./line.ts";

const path = (x: readonly number[]) =>
  makeGraph(
    x.length,
    x.slice(1).map((v, i) => [i, i + 1, v - x[i]!] as const),
  );
/** W_1 by successive shortest paths on the residual network of all pairs of edges: slow and independent */
function oracle(n: number, edges: readonly (readonly [number, number, number])[], supply: number[]): number {
  const s = supply.slice();
  const flow = new Map<string, number>();
  let value = 0;
  for (;;) {
    const source = s.findIndex((v) => v > 1e-9);
    if (source < 0) return value;
    const d = new Array<number>(n).fill(Infinity);
    const by: (readonly [number, number, number, boolean])[] = [];
    d[source] = 0;
    for (let round = 0; round < n; round++)
      for (const [e, [x, y, l]] of edges.entries())
        for (const [u, v] of [
          [x, y],
          [y, x],
        ] as const) {
          const back = (flow.get(`${e}:${v}`) ?? 0) > 1e-9;
          const c = back ? -l : l;
          if (d[u]! + c < d[v]! - 1e-12) {
            d[v] = d[u]! + c;
            by[v] = [u, e, c, back];
          }
        }
    const sink = s
      .map((v, i) => [v, i] as const)
      .filter(([v, i]) => v < -1e-9 && d[i]! < Infinity)
      .sort((p, q) => d[p[1]]! - d[q[1]]!)[0]![1];
    let amount = Math.min(s[source]!, -s[sink]!);
    for (let v = sink; v !== source; v = by[v]![0]) if (by[v]![3]) amount = Math.min(amount, flow.get(`${by[v]![1]}:${v}`)!);
    for (let v = sink; v !== source; v = by[v]![0]) {
      const [u, e, c, back] = by[v]!;
      value += amount * c;
      const key = back ? `${e}:${v}` : `${e}:${u}`;
      flow.set(key, (flow.get(key) ?? 0) + (back ? -amount : amount));
    }
    s[source] = s[source]! - amount;
    s[sink] = s[sink]! + amount;
  }
}

test("a path is the line: W_1 equals int |F - G|, no pivot", () => {
  const u = portableUniform(3);
  const x = Array.from({ length: 40 }, u).sort((s, t) => s - t);
  const [a, b] = [x.map(() => u()), x.map(() => u())];
  const [sa, sb] = [a.reduce((s, v) => s + v, 0), b.reduce((s, v) => s + v, 0)];
  const [p, q] = [a.map((v) => v / sa), b.map((v) => v / sb)];
  const c = transportOnGraph(path(x), p, q);
  expect(c.value).toBeCloseTo(transportOnLine(x, x, { p: 1, weights: [p, q] }).value, 14);
  expect(c.gap).toBeCloseTo(0, 14);
  expect(c.figures.pivots).toBe(0);
});
test("star with arms 1, 2, 3: two atoms at different leaves are the sum of their arms apart", () => {
  const g = makeGraph(4, [
    [0, 1, 1],
    [0, 2, 2],
    [0, 3, 3],
  ]);
  const c = transportOnGraph(g, [0, 0.5, 0.5, 0], [0, 0, 0, 1]);
  expect(c.value).toBe(0.5 * 4 + 0.5 * 5);
  expect(Array.from(c.flow)).toEqual([-0.5, -0.5, 1]);
  expect(Array.from(c.plan!.sparse!.to)).toEqual([3, 3]);
});
test("cycle of 4 unit edges, antipodal atoms: W_1 = 2 whichever way the mass goes", () => {
  const g = makeGraph(4, [
    [0, 1, 1],
    [1, 2, 1],
    [2, 3, 1],
    [3, 0, 1],
  ]);
  expect(transportOnGraph(g, [1, 0, 0, 0], [0, 0, 1, 0]).value).toBe(2);
});
test("random graphs with ties and parallel edges: value of an independent method, zero gap, f is 1-Lipschitz on all edges, the plan costs the flow's value", () => {
  const u = portableUniform(11);
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 14 }), fc.integer({ min: 0, max: 25 }), fc.boolean(), (n, extra, whole) => {
      const length = (): number => (whole ? Math.floor(u() * 3) : u());
      const edges = [
        ...Array.from({ length: n - 1 }, (_, i) => [i + 1, Math.floor(u() * (i + 1)), length()] as const),
        ...Array.from({ length: extra }, () => [Math.floor(u() * n), Math.floor(u() * n), length()] as const),
      ];
      const mass = (): number[] => {
        const w = Array.from({ length: n }, () => Math.floor(u() * 6));
        w[0] = w[0]! + 1;
        return w;
      };
      const [p, q] = [mass(), mass()];
      const [sp, sq] = [p.reduce((s, v) => s + v, 0), q.reduce((s, v) => s + v, 0)];
      const [a, b] = [p.map((v) => v * sq), q.map((v) => v * sp)];
      const g = makeGraph(n, edges);
      const c = transportOnGraph(g, a, b);
      expect(c.status).toBe("optimal");
      expect(c.value).toBeCloseTo(
        oracle(
          n,
          edges,
          a.map((v, i) => v - b[i]!),
        ),
        8,
      );
      expect(Math.abs(c.gap)).toBeLessThan(1e-12 * (1 + c.value));
      for (const [x, y, l] of edges) expect(Math.abs(c.potentials!.f[x]! - c.potentials!.f[y]!)).toBeLessThanOrEqual(l + 1e-14 * n);
      const cost = graphCost(g);
      const { from, to, mass: moved } = c.plan!.sparse!;
      const none = new Float64Array(0);
      expect(moved.reduce((s, v, e) => s + v * cost.at(from[e]!, to[e]!, n, none, n, none), 0)).toBeCloseTo(c.value, 9);
      const [r, t] = marginalsOf(c.plan!);
      for (let v = 0; v < n; v++) {
        expect(r[v]).toBeCloseTo(a[v]!, 10);
        expect(t[v]).toBeCloseTo(b[v]!, 10);
      }
    }),
    { numRuns: 150, seed: 2 },
  );
});
test("a 40 x 40 lattice: W_1 for the Manhattan distance, the gap closes by the Lipschitz potential", () => {
  const n = 40;
  const edges: [number, number, number][] = [];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      if (i + 1 < n) edges.push([i * n + j, (i + 1) * n + j, 1]);
      if (j + 1 < n) edges.push([i * n + j, i * n + j + 1, 1]);
    }
  const u = portableUniform(1);
  const draw = (): Float64Array => {
    const w = Float64Array.from({ length: n * n }, u);
    const s = w.reduce((t, v) => t + v, 0);
    return w.map((v) => v / s);
  };
  const c = transportOnGraph(makeGraph(n * n, edges), draw(), draw());
  expect(Math.abs(c.gap)).toBeLessThan(1e-12);
  expect(Math.max(...c.defect)).toBeLessThan(1e-13);
});
test("parts that cannot be balanced: infeasible, and it says where", () => {
  const g = makeGraph(4, [
    [0, 1, 1],
    [2, 3, 1],
  ]);
  const c = transportOnGraph(g, [1, 0, 1, 0], [0, 0.5, 0, 1.5]);
  expect(c.status).toBe("infeasible");
  expect(c.notes[0]).toContain("vertex 0, 0.5 more mass leaves");
  expect(transportOnGraph(g, [1, 0, 1, 0], [0, 1, 0, 1]).value).toBe(2);
});
test("the unit and what it refuses; squared path lengths are a cost for others", () => {
  const solver = graph.build({} as never, { dim: 1, space: makeFree(1) });
  const g = path([0, 1, 3]);
  const problem = (p: number) => transportProblem({ from: placeholders(3, [1, 0, 0]), to: placeholders(3, [0, 0, 1]), cost: graphCost(g, p) });
  expect(solver.refuses(problem(1))).toBeNull();
  expect(solver.refuses(problem(2))).toContain("shortest paths");
  expect(graphCost(g, 2).at(0, 2, 3, new Float64Array(0), 3, new Float64Array(0))).toBe(9);
  expect(solver.refuses(transportProblem({ from: cloud([0]), to: cloud([1]) }))).toContain("shortest paths");
  expect(() => makeGraph(2, [[0, 2, 1]])).toThrow(/joins vertex 2 when there are 2/);
  expect(() => makeGraph(2, [[0, 1, -1]])).toThrow(/length -1/);
  expect(() => transportOnGraph(g, [1, 0], [0, 1])).toThrow(/got 2/);
});
