import { describe, expect, it } from "vitest";
import { portableCloud } from "../../../test/portable.ts";
import type { Coupling, Transport } from "../../contract.ts";
import { functionCost, powerCost, tableCost } from "../cost.ts";
import { relaxed } from "../entropic/accelerate.ts";
import { ordered } from "../entropic/order.ts";
import { openPairs, type Pairs } from "../entropic/pairs.ts";
import { entriesOf, marginalsOf } from "../plan.ts";
import { cloud, placeholders, transportProblem } from "../problem.ts";
import { sinkhorn } from "./sinkhorn.ts";

const solver = (params: Record<string, unknown> = {}) =>
  (sinkhorn.build as (v: unknown, c: unknown) => ReturnType<typeof sinkhorn.build>)(
    { ...Object.fromEntries(Object.entries(sinkhorn.params).map(([k, p]) => [k, (p as { default: unknown }).default])), ...params },
    {},
  );
function run(p: Transport, options = {}, params = {}): Coupling {
  const work = solver(params).solve(p, options);
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
const uniform = (n: number, epsilon: number, d = 2): Transport =>
  transportProblem({ from: cloud(portableCloud(1, n, d), { dim: d }), to: cloud(portableCloud(2, n, d), { dim: d }), epsilon });

describe("A28.2: uniform clouds U(1), U(2) in the unit square", () => {
  for (const { n, epsilon, value, linear } of [
    { n: 256, epsilon: 0.05, value: 0.1100238291618, linear: 0.0441172701537 },
    { n: 256, epsilon: 0.01, value: 0.0385431528161, linear: 0.0124537716885 },
    { n: 2000, epsilon: 0.01, value: 0.03615893074, linear: 0.009590198746 },
    { n: 2000, epsilon: 0.001, value: 0.00620685185, linear: Number.NaN },
  ])
    it(`A28.2: OT = ${value} at N = ${n}, epsilon = ${epsilon}`, () => {
      const found = run(uniform(n, epsilon), { defect: 1e-11 });
      expect(found.status).toBe("optimal");
      expect(found.defect[0] + found.defect[1]).toBeLessThan(2e-11);
      expect(Math.abs(found.regularised - value)).toBeLessThan(1e-11);
      expect(Math.abs(found.dual - value)).toBeLessThan(1e-11);
      expect(found.gap).toBeGreaterThanOrEqual(-1e-15);
      expect(found.gap).toBeLessThan(1e-10);
      if (!Number.isNaN(linear)) expect(Math.abs(found.value - linear)).toBeLessThan(1e-11);
    });
  it("A28.1: bounds of the problem without entropy enclose W2^2 = 0.00178471164497 at N = 1000, epsilon = 1e-4", () => {
    const found = run(uniform(1000, 1e-4), {});
    expect(found.status).toBe("optimal");
    expect(found.unregularised!.lower).toBeLessThan(0.00178471164497);
    expect(found.unregularised!.upper).toBeGreaterThan(0.00178471164497);
    expect(found.unregularised!.upper - found.unregularised!.lower).toBeLessThan(3e-4);
  });
});

describe("the answer", () => {
  it("bounds hold, plan has the stated marginals, whatever the stop", () => {
    const exact = 0.0385431528161;
    for (const passes of [8, 10, 12]) {
      const found = run(uniform(256, 0.01), { defect: 1e-13, maxIterations: passes });
      expect(found.dual).toBeLessThan(exact + 1e-12);
      expect(found.regularised).toBeGreaterThan(exact - 1e-12);
      const [p, q] = marginalsOf(found.plan!);
      const off = (r: Float64Array): number => r.reduce((s, v) => s + Math.abs(v - 1 / 256), 0);
      expect(Math.abs(off(p) - found.defect[0])).toBeLessThan(1e-12);
      expect(Math.abs(off(q) - found.defect[1])).toBeLessThan(1e-12);
    }
  });
  it("where nothing, or only part, of the kernel may be stored: the same answer, by blocks and with the largest entries", () => {
    for (const store of [0, 9000, 20_000]) {
      const found = run(uniform(256, 0.01), { defect: 1e-11 }, { store });
      expect(found.status, `${store} entries`).toBe("optimal");
      expect(Math.abs(found.dual - 0.0385431528161), `${store} entries`).toBeLessThan(1e-11);
    }
  });
  it("stops on the gap alone", () => {
    const found = run(uniform(256, 0.01), { tolerance: 1e-3 });
    expect(found.status).toBe("optimal");
    expect(found.gap).toBeLessThan(2e-3);
  });
  it("all iterations agree", () => {
    for (const iteration of ["newton", "relaxed", "anderson", "plain"]) {
      const found = run(uniform(256, 0.01), { defect: 1e-9 }, { iteration });
      expect(found.status, iteration).toBe("optimal");
      expect(Math.abs(found.value - 0.0124537716885), iteration).toBeLessThan(1e-9);
    }
  });
  it("tables, other powers, unequal masses, zero weights, repeated points", () => {
    const x = portableCloud(3, 40, 2);
    const y = portableCloud(4, 30, 2);
    const w = Array.from({ length: 40 }, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3)));
    const v = Array.from({ length: 30 }, () => w.reduce((s, t) => s + t, 0) / 30);
    x[1] = x[2]!;
    x[41] = x[42]!;
    for (const p of [1, 1.5, 3]) {
      const from = cloud(x, { dim: 2, weights: w });
      const to = cloud(y, { dim: 2, weights: v });
      const points = run(transportProblem({ from, to, p, epsilon: 0.01 }), { defect: 1e-10 });
      const c = powerCost(p);
      const values = Float64Array.from({ length: 1200 }, (_, e) => c.at(Math.floor(e / 30), e % 30, 40, x, 30, y));
      const table = run(transportProblem({ from: placeholders(40, w), to: placeholders(30, v), cost: tableCost(40, 30, values), epsilon: 0.01 }), {
        defect: 1e-10,
      });
      expect(points.status, `p = ${p}: ${points.notes}`).toBe("optimal");
      expect(Math.abs(points.value / table.value - 1)).toBeLessThan(1e-9);
      expect(Math.abs(points.dual - table.dual)).toBeLessThan(1e-9);
      const [r] = marginalsOf(points.plan!);
      for (let i = 0; i < 40; i++) expect(Math.abs(r[i]! - w[i]!)).toBeLessThan(1e-9);
    }
  });
  it("forbidden pairs are never used, and parts without a common pair are told", () => {
    const cost = functionCost(1, (x, y) => (x[0]! < 0.5 === y[0]! < 0.5 ? Math.abs(x[0]! - y[0]!) : Number.POSITIVE_INFINITY));
    const at = [0.1, 0.2, 0.3, 0.7, 0.8, 0.9];
    const found = run(transportProblem({ from: cloud(at), to: cloud([0.15, 0.25, 0.4, 0.6, 0.75, 0.95]), cost, epsilon: 0.05 }), { defect: 1e-12 });
    expect(found.status).toBe("optimal");
    expect(found.potentials!.components).toBe(2);
    for (const [e, i] of entriesOf(found.plan!).from.entries()) expect(i < 3).toBe(entriesOf(found.plan!).to[e]! < 3);
  });
  it("no plan avoids the forbidden pairs: the points that cannot be served are named", () => {
    const forbid = (allowed: (i: number, j: number) => boolean): Coupling => {
      const values = Array.from({ length: 16 }, (_, e) => (allowed(Math.floor(e / 4), e % 4) ? 1 + (e % 3) : Number.POSITIVE_INFINITY));
      return run(transportProblem({ from: placeholders(4), to: placeholders(4), cost: tableCost(4, 4, values), epsilon: 0.1 }), {});
    };
    // three points that may only go to two
    const found = forbid((i, j) => i === 3 || j < 2);
    expect(found.status).toBe("infeasible");
    expect(found.value).toBe(Number.POSITIVE_INFINITY);
    expect(found.notes[0]).toMatch(/0, 1, 2 .*0, 1 /);
    expect(forbid((i) => i !== 1).status).toBe("infeasible");
    expect(forbid((i, j) => i >= j || j === 3).status).toBe("optimal");
  });
  it("epsilon to 1e-6 of the largest cost, N = 1000: no NaN, and the gap is certified", () => {
    const found = run(uniform(1000, 2e-6), { tolerance: 1e-5 });
    expect(found.status).toBe("optimal");
    expect(found.dual).toBeLessThanOrEqual(found.regularised);
    expect(found.gap).toBeLessThan(2e-5);
    expect(found.unregularised!.lower).toBeLessThan(0.00178471164497);
    expect(found.unregularised!.upper).toBeGreaterThan(0.00178471164497);
  }, 60_000);
});

describe("A13.4: exact rates between N(0, 1) and N(1, 4) on the line", () => {
  const cells = 240;
  const gaussian = (mean: number, variance: number): { x: Float64Array; w: Float64Array } => {
    const x = Float64Array.from({ length: cells }, (_, i) => mean + Math.sqrt(variance) * (-7 + (14 * (i + 0.5)) / cells));
    const w = x.map((v) => Math.exp(-((v - mean) * (v - mean)) / (2 * variance)));
    const s = w.reduce((t, v) => t + v, 0);
    return { x, w: w.map((v) => v / s) };
  };
  const open = (mean = 1): Pairs => {
    const [p, q] = [gaussian(0, 1), gaussian(mean, 4)];
    return openPairs(powerCost(2), ordered(cells, 1, p.x, p.w, 8, true), ordered(cells, 1, q.x, q.w, 8, true), { block: 8 });
  };
  /** iterations from one defect to another */
  const count = (epsilon: number, omega: number | undefined, from: number, to: number, most = 6000, mean = 1): number => {
    const work = relaxed(open(mean), { epsilon, enough: (v) => v <= to, passes: most, theta: 0 }, omega);
    let first = 0;
    for (;;) {
      const next = work.next();
      const state = next.value;
      if (first === 0 && state.defect <= from) first = state.passes;
      if (next.done) return state.passes - first;
    }
  };
  it("same means, from f = g = 0: the rate is r^4 = 0.882568597329^2 = 0.77893 at sigma^2 = .25, only even modes are off", () => {
    const n = count(0.5, 1, 1e-3, 1e-8, 6000, 0) / 5;
    expect(Math.abs(n / (-1 / Math.log10(0.77893)) - 1)).toBeLessThan(0.03);
  });
  for (const { s2, digits, r2 } of [
    { s2: 0.25, digits: 18.43, r2: 0.882568597329 },
    { s2: 0.05, digits: 92.11, r2: 0.975310546951 },
    { s2: 0.01, digits: 460.5, r2: 0.995012484375 },
  ]) {
    it(`plain: ${digits} iterations per digit at sigma^2 = ${s2}`, () => {
      const over = s2 > 0.1 ? 3 : 1;
      const n = count(2 * s2, 1, 1e-3, 1e-3 * 10 ** -over) / over;
      expect(Math.abs(n / digits - 1)).toBeLessThan(0.03);
    });
    const omega = 2 / (1 + Math.sqrt(1 - r2));
    it(`over-relaxed by the optimum ${omega.toFixed(6)}: rate omega - 1`, () => {
      const n = count(2 * s2, omega, 1e-6, 1e-11);
      // the transient k (omega - 1)^k costs a few more than 5 digits do
      const exact = (5 * Math.log(10)) / -Math.log(omega - 1);
      expect(n / exact).toBeGreaterThan(0.9);
      expect(n / exact).toBeLessThan(1.4);
    });
    it(`over-relaxed by the rate it sees at sigma^2 = ${s2}: from the start to 1e-9 in less than twice the optimum and a third of plain`, () => {
      const seen = count(2 * s2, undefined, 2, 1e-9);
      const best = count(2 * s2, omega, 2, 1e-9);
      expect(seen).toBeLessThan(2 * best + 10);
      expect(seen).toBeLessThan((9 * digits) / 3);
    });
  }
});
