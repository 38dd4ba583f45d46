import { describe, expect, it } from "vitest";
import { portableCloud } from "../../test/portable.ts";
import type { Coupling, Transport } from "../contract.ts";
import { sinkhornMany } from "./batch.ts";
import { entropicGradient, potentialDerivative } from "./entropic-gradient.ts";
import { cloud, transportProblem } from "./problem.ts";

const [n, m] = [14, 11];
const [x, y] = [portableCloud(8, n, 2), portableCloud(9, m, 2)];
const w = Float64Array.from({ length: n }, (_, i) => (1 + (i % 3)) / 27);
const total = w.reduce((s, v) => s + v, 0);
const problem = (X: Float64Array = x, Y: Float64Array = y, W: Float64Array = w, p = 2): Transport =>
  transportProblem({ from: cloud(X, { dim: 2, weights: W }), to: cloud(Y, { dim: 2, weights: new Float64Array(m).fill(total / m) }), p, epsilon: 0.04 });
const solve = (p: Transport): Coupling => sinkhornMany([p], { defect: 1e-14 })[0]!;
const nudge = (a: Float64Array, d: Float64Array, h: number): Float64Array => a.map((v, k) => v + h * d[k]!);
const h = 1e-5;

describe("the value, by the envelope theorem, against finite differences", () => {
  for (const p of [2, 1.5])
    it(`|x - y|^${p}`, () => {
      const base = entropicGradient(problem(x, y, w, p), solve(problem(x, y, w, p)));
      for (const k of [0, 9, 20]) {
        const e = new Float64Array(2 * n);
        e[k] = 1;
        const value = (s: number): number => solve(problem(nudge(x, e, s), y, w, p)).dual;
        expect((value(h) - value(-h)) / (2 * h)).toBeCloseTo(base.positions[0][k]!, 7);
      }
      const e = new Float64Array(2 * m);
      e[15] = 1;
      const value = (s: number): number => solve(problem(x, nudge(y, e, s), w, p)).dual;
      expect((value(h) - value(-h)) / (2 * h)).toBeCloseTo(base.positions[1][15]!, 7);
      const d = new Float64Array(n);
      [d[2], d[6]] = [1, -1];
      const weighed = (s: number): number => solve(problem(x, y, nudge(w, d, s), p)).dual;
      expect((weighed(h) - weighed(-h)) / (2 * h)).toBeCloseTo(base.weights[0][2]! - base.weights[0][6]!, 7);
    });
});
describe("potentials and plan, by implicit differentiation, against finite differences", () => {
  const from = portableCloud(10, n, 2, "normal");
  const to = portableCloud(11, m, 2, "normal");
  const fromWeight = Float64Array.from({ length: n }, (_, i) => 0.01 * ((i % 2) * 2 - 1));
  it("points of both sides and weights move at once", () => {
    const base = solve(problem());
    const found = potentialDerivative(problem(), base, { from, to, fromWeight });
    expect(found.residual).toBeLessThan(1e-10);
    const at = (s: number): Coupling => solve(problem(nudge(x, from, s), nudge(y, to, s), nudge(w, fromWeight, s)));
    const [up, down] = [at(h), at(-h)];
    const centre = (g: Float64Array): number => g.reduce((s, v) => s + v, 0) / m;
    for (let j = 0; j < m; j++) {
      const shift = (centre(up.potentials!.g) - centre(down.potentials!.g)) / (2 * h);
      expect((up.potentials!.g[j]! - down.potentials!.g[j]!) / (2 * h) - shift).toBeCloseTo(found.g[j]!, 5);
    }
    for (let i = 0; i < n; i++) {
      const shift = (centre(up.potentials!.g) - centre(down.potentials!.g)) / (2 * h);
      expect((up.potentials!.f[i]! - down.potentials!.f[i]!) / (2 * h) + shift).toBeCloseTo(found.f[i]!, 5);
    }
    const [p, q, r] = [new Float64Array(m), new Float64Array(m), new Float64Array(m)];
    for (const i of [0, 5, 13]) {
      up.plan!.row(i, p);
      down.plan!.row(i, q);
      found.plan.row(i, r);
      for (let j = 0; j < m; j++) expect((p[j]! - q[j]!) / (2 * h)).toBeCloseTo(r[j]!, 6);
    }
  });
  it("a translation of both sides changes nothing", () => {
    const found = potentialDerivative(problem(), solve(problem()), { from: new Float64Array(2 * n).fill(1), to: new Float64Array(2 * m).fill(1) });
    for (const v of [...found.f, ...found.g]) expect(Math.abs(v)).toBeLessThan(1e-10);
  });
  it("masses that would no longer agree are refused", () => {
    expect(() => potentialDerivative(problem(), solve(problem()), { fromWeight: new Float64Array(n).fill(1) })).toThrow(/masses/);
  });
});
it("a batch gives what its problems give one by one", () => {
  const problems = Array.from({ length: 12 }, (_, k) => {
    const size = 5 + k;
    return transportProblem({
      from: cloud(portableCloud(20 + k, size, 2), { dim: 2 }),
      to: cloud(portableCloud(40 + k, 9, 2), { dim: 2 }),
      epsilon: 0.02 + 0.01 * k,
    });
  });
  const all = sinkhornMany(problems, { defect: 1e-11 });
  for (const [k, p] of problems.entries()) {
    expect(all[k]!.status).toBe("optimal");
    expect(all[k]!.value).toBe(solveOne(p).value);
  }
});
const solveOne = (p: Transport): Coupling => sinkhornMany([p], { defect: 1e-11 })[0]!;
