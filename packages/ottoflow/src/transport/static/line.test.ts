import fc from "fast-check";
import { expect, test } from "vitest";
import { portableCloud, portableUniform } from "../../../test/portable.ts";
import type { As, Coupling, Measure } from "../../contract.ts";
import { isOttoflowError } from "../../errors.ts";
import { makeBox } from "../../space/box.ts";
import { makeFree } from "../../space/euclidean.ts";
import { lineCost, powerCost } from "../cost.ts";
import { cloud, transportProblem } from "../problem.ts";
import { line, transportOnLine } from "./line.ts";

const solver = line.build({} as never, { dim: 1, space: makeFree(1) });
function run(input: Parameters<typeof transportProblem>[0]): Coupling {
  const p = transportProblem(input);
  expect(solver.refuses(p)).toBeNull();
  const work = solver.solve(p, {});
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
const box = (lower: number, upper: number, n: number): ReturnType<typeof makeBox> => makeBox({ lower: [lower], upper: [upper], cells: [n], periodic: [false] });
function cells(lower: number, upper: number, n: number, density: (x: number) => number): As<"cells"> {
  const space = box(lower, upper, n);
  return { rep: "cells", space, rho: Float64Array.from({ length: n }, (_, i) => density(space.cells!.centre[i]!)) };
}

test("two atoms moved by 1: W_p^p = 1 for every p, plan, potentials and map", () => {
  for (const p of [1, 1.5, 2, 3, Number.POSITIVE_INFINITY]) {
    const c = transportOnLine([0, 4], [5, 1], { p });
    expect(c.value).toBe(1);
    expect(c.gap).toBeCloseTo(0, 14);
    expect(Array.from(c.plan!.sparse!.to)).toEqual([1, 0]);
    const y = new Float64Array(2);
    c.map!(2, Float64Array.of(0, 4), y);
    expect(Array.from(y)).toEqual([1, 5]);
  }
});
test("book shifting: W_1 of {0,1,2} and {1,2,3} is 1 and W_2^2 is 1; a concave-looking plan {0 -> 3} costs W_2^2 = 3", () => {
  expect(transportOnLine([0, 1, 2], [1, 2, 3], { p: 1 }).value).toBeCloseTo(1, 15);
  expect(transportOnLine([0, 1, 2], [1, 2, 3], { p: 2 }).value).toBeCloseTo(1, 15);
});
test("a Dirac at 0 split to -1 and 2 with weights 1/3, 2/3: W_2^2 = 3, no map", () => {
  const c = transportOnLine([0], [2, -1], { weights: [[1], [2 / 3, 1 / 3]] });
  expect(c.value).toBeCloseTo(3, 14);
  expect(c.map).toBeUndefined();
});
test("unequal weights: zero gap, marginals to rounding, dual feasible on all pairs, W_1 = int |F - G|", () => {
  const u = portableUniform(5);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.constantFrom(1, 1.3, 2, 4), (n, m, p) => {
      const x = Float64Array.from({ length: n }, () => Math.floor(u() * 20) / 7);
      const y = Float64Array.from({ length: m }, () => u() * 3);
      const a = Float64Array.from({ length: n }, () => Math.floor(u() * 5));
      const b = Float64Array.from({ length: m }, u);
      a[0] = a[0]! + 1;
      const total = a.reduce((s, v) => s + v, 0) / b.reduce((s, v) => s + v, 0);
      for (let j = 0; j < m; j++) b[j] = b[j]! * total;
      const c = transportOnLine(x, y, { p, weights: [a, b] });
      expect(Math.abs(c.gap)).toBeLessThan(1e-12 * (1 + c.value));
      expect(Math.max(...c.defect)).toBeLessThan(1e-12 * n);
      const cost = powerCost(p);
      for (let i = 0; i < n; i++)
        for (let j = 0; j < m; j++) expect(c.potentials!.f[i]! + c.potentials!.g[j]!).toBeLessThanOrEqual(cost.at(i, j, n, x, m, y) + 1e-12);
      if (p === 1) {
        const at = [...x, ...y].sort((s, t) => s - t);
        let w = 0;
        for (let k = 1; k < at.length; k++) {
          const F = a.reduce((s, v, i) => s + (x[i]! <= at[k - 1]! ? v : 0), 0);
          const G = b.reduce((s, v, j) => s + (y[j]! <= at[k - 1]! ? v : 0), 0);
          w += Math.abs(F - G) * (at[k]! - at[k - 1]!);
        }
        expect(c.value).toBeCloseTo(w, 10);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});
test("bottleneck: W_inf of weighted atoms meets Hall's bound", () => {
  const c = transportOnLine([0, 10], [1, 2, 12], {
    p: Number.POSITIVE_INFINITY,
    weights: [
      [2, 1],
      [1, 1, 1],
    ],
  });
  expect([c.value, c.dual]).toEqual([2, 2]);
  const thirds = transportOnLine([0, 1, 5], [0, 0, 1, 1, 5, 5], { p: Number.POSITIVE_INFINITY });
  expect([thirds.value, thirds.gap]).toEqual([0, 0]);
});
test("10^5 points, p = 2: W_2^2 against the sorted difference; the dual from O(n log n) costs closes the gap", () => {
  const n = 100000;
  const [x, y] = [portableCloud(1, n, 1), portableCloud(2, n, 1)];
  const c = transportOnLine(x, y);
  const [s, t] = [x.slice().sort(), y.slice().sort()];
  expect(c.value).toBeCloseTo(s.reduce((w, v, i) => w + (v - t[i]!) ** 2, 0) / n, 14);
  expect(Math.abs(c.gap)).toBeLessThan(1e-10);
});
test("any convex cost: h(r) = cosh(r) - 1 + r, asymmetric, gap closed", () => {
  const c = transportOnLine(portableCloud(3, 40, 1), portableCloud(4, 60, 1), { cost: lineCost((r) => Math.cosh(r) - 1 + r, "h") });
  expect(Math.abs(c.gap)).toBeLessThan(1e-14);
});
test("A27: W_2^2(U[0,1], Dirac at 1/2) = 1/12 and W_p^p = 2^-p / (p + 1) between cells and one atom", () => {
  for (const p of [1, 1.5, 2, 3, 4.2]) {
    const c = run({ from: cells(0, 1, 7, () => 1), to: cloud([0.5]), p });
    expect(c.value).toBeCloseTo(0.5 ** p / (p + 1), 14);
    expect(c.certifies).toBe("continuous");
  }
  expect(run({ from: cells(0, 1, 7, () => 1), to: cloud([0.5]), p: Number.POSITIVE_INFINITY }).value).toBe(0.5);
});
test("A1.3: W_2^2(1 + a cos(pi x), 1) = a^2 / 2 pi^2 and W_1 = 2a / pi^2 at order 2 in the cells, a = 1/2", () => {
  const at = (n: number, p: number): number => run({ from: cells(0, 1, n, (x) => 1 + 0.5 * Math.cos(Math.PI * x)), to: cells(0, 1, n, () => 1), p }).value;
  expect(Math.abs(at(400, 2) - 0.012665147955292)).toBeLessThan(1e-6);
  expect(Math.abs(at(400, 1) - 0.10132118364234)).toBeLessThan(1e-6);
  const order = Math.log2(Math.abs(at(50, 1) - 0.10132118364234) / Math.abs(at(100, 1) - 0.10132118364234));
  expect(order).toBeGreaterThan(1.9);
  expect(order).toBeLessThan(2.1);
});
test("A27: W_1(N(0,1), N(1,4)) = 1.166630941152", () => {
  const g = (m: number, v: number): As<"gaussian"> => ({ rep: "gaussian", space: makeFree(1), mean: Float64Array.of(m), cov: Float64Array.of(v), mass: 1 });
  const c = run({ from: g(0, 1), to: g(1, 4), p: 1 });
  expect(c.value).toBeCloseTo(1.166630941152, 10);
  // sqrt(2/pi) e^{-1/2} + erf(1/sqrt 2) to all digits
  expect(c.value).toBeCloseTo(1.166630941175373, 14);
  expect(run({ from: g(0, 1), to: g(1, 4), p: 2 }).value).toBeCloseTo(2, 13);
});
/** Exp(1) by its quantile function -log(1 - s): n linear pieces between 0 and `end`, and one behind it with the mean of the rest. */
function exponential(n: number, end = 36): Measure {
  const x = Float64Array.from({ length: n + 2 }, (_, k) => (k <= n ? (end * k) / n : end + 2));
  return { rep: "quantiles", space: makeFree(1), x, level: Float64Array.from(x, (t, k) => (k <= n ? -Math.expm1(-t) : 1)), mass: 1 };
}
test("A27: W_2^2(U[0,1], Exp(1)) = 5/6 at order 2 in the pieces of the quantile function", () => {
  const error = (n: number): number => run({ from: cells(0, 1, 3, () => 1), to: exponential(n) }).value - 5 / 6;
  // Q is convex: between nodes the pieces lie above it by at most h^2 / 8, h = 36 / n
  expect(Math.abs(error(4000))).toBeLessThan((2 * (36 / 4000) ** 2) / 8);
  expect(Math.log2(error(1000) / error(2000))).toBeGreaterThan(1.95);
  expect(Math.log2(error(1000) / error(2000))).toBeLessThan(2.05);
});
test("A27: W_1(U[0,1], Exp(1)) = 1/2: the quantile functions do not cross, so only the means of the pieces are off", () => {
  const error = (n: number): number => run({ from: cells(0, 1, 3, () => 1), to: exponential(n), p: 1 }).value - 1 / 2;
  expect(Math.abs(error(4000))).toBeLessThan((36 / 4000) ** 2 / 8);
  expect(Math.log2(error(1000) / error(2000))).toBeGreaterThan(1.95);
  expect(Math.log2(error(1000) / error(2000))).toBeLessThan(2.05);
});
test("A27: W_2^2(U[0,1], N(1/2, 1/12)) = 1/6 - 1/sqrt(12 pi) = 0.003799162699027, by quadrature against the Gaussian, from cells and to quantile nodes", () => {
  const normal: As<"gaussian"> = { rep: "gaussian", space: makeFree(1), mean: Float64Array.of(0.5), cov: Float64Array.of(1 / 12), mass: 1 };
  const c = run({ from: cells(0, 1, 5, () => 1), to: normal });
  expect(c.value).toBeCloseTo(0.003799162699027, 12);
  expect(c.gap).toBeGreaterThanOrEqual(0);
  expect(c.gap).toBeLessThan(1e-9);
  const q: Measure = { rep: "quantiles", space: makeFree(1), x: Float64Array.of(0, 1), level: Float64Array.of(0, 1), mass: 1 };
  expect(run({ from: normal, to: q }).value).toBeCloseTo(0.003799162699027, 12);
});
test("quantile nodes: U[0,1] to U[2,5] is x -> 2 + 3x, W_2^2 = int (2 + 2x)^2 = 28/3", () => {
  const q = (lo: number, hi: number): Measure => ({ rep: "quantiles", space: makeFree(1), x: Float64Array.of(lo, hi), level: Float64Array.of(0, 1), mass: 1 });
  const c = run({ from: q(0, 1), to: q(2, 5) });
  expect(c.value).toBeCloseTo(28 / 3, 14);
  const y = new Float64Array(3);
  c.map!(3, Float64Array.of(0, 0.25, 1), y);
  expect(Array.from(y)).toEqual([2, 2.75, 5]);
});
test("densities: potentials at centres are feasible, f + g <= |x - y|^p, and their integrals reach the value at order 2 in the cells", () => {
  for (const p of [1, 1.5, 2, 3]) {
    const gap = (n: number): number => {
      const [a, b] = [cells(-1, 1, n, (x) => 1 + 0.5 * Math.sin(4 * x)), cells(0, 3, n + 3, (x) => 0.2 + (x > 1 && x < 1.5 ? 0 : x))];
      const scale = (m: As<"cells">): As<"cells"> => {
        const mass = Float64Array.from(m.rho).reduce((s, r, i) => s + r * m.space.cells!.volume[i]!, 0);
        return { ...m, rho: m.rho.map((r) => r / mass) as Float64Array };
      };
      const [from, to] = [scale(a), scale(b)];
      const c = run({ from, to, p });
      const { f, g } = c.potentials!;
      const [x, y] = [from.space.cells!.centre, to.space.cells!.centre];
      let excess = -1;
      for (let i = 0; i < n; i++) for (let j = 0; j < n + 3; j++) excess = Math.max(excess, f[i]! + g[j]! - Math.abs(x[i]! - y[j]!) ** p);
      expect(excess).toBeLessThan(1e-13);
      const integral = (m: As<"cells">, v: Float64Array): number => v.reduce((s, u, i) => s + u * m.rho[i]! * m.space.cells!.volume[i]!, 0);
      return Math.abs(c.value - integral(from, f) - integral(to, g));
    };
    expect(gap(160)).toBeLessThan(2e-3);
    // linear on each side of the cost's kink, so midpoints integrate p = 1 exactly
    if (p === 1) expect(gap(40)).toBeLessThan(1e-14);
    else expect(Math.log2(gap(40) / gap(160)) / 2).toBeGreaterThan(1.8);
  }
});
test("a density with a hole to a Dirac: f is c(x, y0) up to a constant, also in the hole", () => {
  const from = cells(0, 4, 4, (x) => (x < 1 || x > 3 ? 0.5 : 0));
  const c = run({ from, to: cloud([10]), p: 3 });
  for (const [i, x] of [0.5, 1.5, 2.5, 3.5].entries()) expect(c.potentials!.f[i]! - c.potentials!.f[0]!).toBeCloseTo((10 - x) ** 3 - 9.5 ** 3, 10);
});
test("zero weights and repeated points are carried back to the points as they came", () => {
  const c = transportOnLine([3, 0, 0, 9], [1, 1, 4], {
    weights: [
      [1, 1, 1, 0],
      [1, 1, 1],
    ],
  });
  expect(c.value).toBeCloseTo(3, 14);
  expect(c.plan!.n).toBe(4);
  expect(c.potentials!.f).toHaveLength(4);
  expect(Math.max(...c.defect)).toBeLessThan(1e-15);
});
test("what it refuses, and what is the caller's mistake", () => {
  const plane = cloud([[0, 0]]);
  expect(solver.refuses(transportProblem({ from: plane, to: plane }))).toContain("on the line");
  expect(solver.refuses(transportProblem({ from: cloud([0]), to: cloud([1]), epsilon: 1 }))).toContain("entropy");
  expect(solver.refuses(transportProblem({ from: cells(0, 1, 4, () => 1), to: cloud([1]), cost: lineCost((r) => r * r, "h") }))).toContain("particles");
  const tag = (f: () => unknown): string => {
    try {
      f();
    } catch (e) {
      return isOttoflowError(e) ? `${e.tag}: ${e.message}` : String(e);
    }
    return "nothing";
  };
  expect(tag(() => transportOnLine([], [1]))).toMatch(/SpecError: x: got no points/);
  expect(tag(() => transportOnLine([Number.NaN], [1]))).toMatch(/SpecError: x\[0\]/);
  expect(tag(() => transportOnLine([0], [1], { weights: [[1], [2]] }))).toMatch(/SpecError: to: has the mass 2/);
  expect(tag(() => transportOnLine([0], [1], { weights: [[-1], [1]] }))).toMatch(/got -1 when expected/);
  expect(tag(() => transportOnLine([0], [1], { p: 0.5 }))).toMatch(/SpecError: p/);
});
