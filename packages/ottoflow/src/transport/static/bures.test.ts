import fc from "fast-check";
import { expect, test } from "vitest";
import { portableNormal, portableUniform } from "../../../test/portable.ts";
import type { As } from "../../contract.ts";
import { isOttoflowError } from "../../errors.ts";
import { solve } from "../../solve.ts";
import { makeFree } from "../../space/euclidean.ts";
import { transportProblem } from "../problem.ts";
import { bures, fidelity2, type Quadratic, transportGaussians } from "./bures.ts";

const S1 = [2, 0.5, 0.5, 1];
const S2 = [1, -0.3, -0.3, 1.5];

test("A12.1: Bures^2 = 0.4634711896065, W2^2 = 2.4634711896065, T and the midpoint's covariance", () => {
  const t = transportGaussians([0, 0], S1, [1, -1], S2);
  expect(t.bures).toBeCloseTo(0.4634711896065, 13);
  expect(t.value).toBeCloseTo(2.4634711896065, 13);
  for (const [e, v] of [0.75354116, -0.2973508, -0.2973508, 1.30853288].entries()) expect(t.T[e]).toBeCloseTo(v, 8);
  for (const [e, v] of [1.42920346, 0.08474615, 0.08474615, 1.20492874].entries()) expect(t.at(0.5).cov[e]).toBeCloseTo(v, 8);
  expect(Array.from(t.at(0.5).mean)).toEqual([0.5, -0.5]);
});
test("A12.1: the closed form of 2 x 2 matrices agrees with the map's value and the dual's", () => {
  const t = transportGaussians([0, 0], S1, [0, 0], S2);
  expect(5.5 - 2 * fidelity2(S1, S2)).toBeCloseTo(t.value, 13);
  expect(t.dual).toBeCloseTo(t.value, 13);
  expect(t.miss).toBeLessThan(1e-14);
});
test("random covariances in d = 1 .. 6: dual = value, f + g <= |x - y|^2 at any points with equality on the map, constant speed", () => {
  const g = portableNormal(8);
  const random = (d: number): number[] => {
    const R = Array.from({ length: d * d }, g);
    return Array.from({ length: d * d }, (_, e) => {
      const [k, l] = [Math.floor(e / d), e % d];
      let s = k === l ? 0.1 : 0;
      for (let q = 0; q < d; q++) s += R[Math.min(k, l) * d + q]! * R[Math.max(k, l) * d + q]!;
      return s;
    });
  };
  const at = (q: Quadratic, x: number[]): number => {
    let s = q.c;
    for (let k = 0; k < x.length; k++) {
      s += 2 * q.b[k]! * x[k]!;
      for (let l = 0; l < x.length; l++) s += x[k]! * q.A[k * x.length + l]! * x[l]!;
    }
    return s;
  };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), (d) => {
      const [A, B] = [random(d), random(d)];
      const [m1, m2] = [Array.from({ length: d }, g), Array.from({ length: d }, g)];
      const t = transportGaussians(m1, A, m2, B);
      const scale = t.value + A.reduce((s, v) => s + Math.abs(v), 0) + B.reduce((s, v) => s + Math.abs(v), 0);
      expect(Math.abs(t.value - t.dual)).toBeLessThan(1e-11 * scale);
      const x = Array.from({ length: d }, g);
      const y = Array.from({ length: d }, g);
      const Tx = m2.map((v, k) => v + x.reduce((s, _, l) => s + t.T[k * d + l]! * (x[l]! - m1[l]!), 0));
      const far = (p: number[], q: number[]): number => p.reduce((s, v, k) => s + (v - q[k]!) ** 2, 0);
      const size = 1 + far(x, y) + Math.abs(at(t.potentials[0], x)) + Math.abs(at(t.potentials[1], y)) + far(x, Tx);
      expect(at(t.potentials[0], x) + at(t.potentials[1], y)).toBeLessThan(far(x, y) + 1e-10 * size);
      expect(Math.abs(at(t.potentials[0], x) + at(t.potentials[1], Tx) - far(x, Tx))).toBeLessThan(1e-9 * (size + Math.abs(at(t.potentials[1], Tx))));
      const [p, q] = [t.at(0.25), t.at(0.7)];
      expect(Math.sqrt(transportGaussians(p.mean, p.cov, q.mean, q.cov).value)).toBeCloseTo(0.45 * Math.sqrt(t.value), 6);
    }),
    { numRuns: 60, seed: 1 },
  );
});
test("the unit: masses scale the value, the map pushes points, the line is (m1 - m2)^2 + (s1 - s2)^2", () => {
  const solver = bures.build({} as never, { dim: 1, space: makeFree(1) });
  const g = (m: number, v: number): As<"gaussian"> => ({ rep: "gaussian", space: makeFree(1), mean: Float64Array.of(m), cov: Float64Array.of(v), mass: 3 });
  const p = transportProblem({ from: g(0, 1), to: g(1, 4) });
  expect(solver.refuses(p)).toBeNull();
  const c = solver.solve(p, {}).next().value as import("../../contract.ts").Coupling;
  expect(c.value).toBeCloseTo(6, 13);
  expect(Math.abs(c.gap)).toBeLessThan(1e-13);
  const y = new Float64Array(2);
  c.map!(2, Float64Array.of(0, 1), y);
  expect(y[0]).toBeCloseTo(1, 14);
  expect(y[1]).toBeCloseTo(3, 14);
  expect(solver.refuses(transportProblem({ from: g(0, 1), to: g(1, 4), p: 1 }))).toContain("squared");
});
test("covariances that are none", () => {
  const message = (S: number[]): string => {
    try {
      transportGaussians([0, 0], S, [0, 0], S2);
    } catch (e) {
      return isOttoflowError(e) ? e.message : String(e);
    }
    return "nothing";
  };
  expect(message([1, 2, 2, 1])).toContain("positive definite");
  expect(message([1, 0.5, 0.4, 1])).toContain("symmetric");
  expect(message([1, 0, 0])).toContain("got 3 values when expected 4");
  expect(message([1, Number.NaN, 0, 1])).toContain("NaN");
});

test("nearly singular covariances: the dual value is no more than the value but for rounding that is told; what it cannot prove is not optimal", async () => {
  const u = portableUniform(5);
  const statuses = new Set<string>();
  for (const narrow of [1, 1e-4, 1e-8, 1e-12, 1e-15])
    for (let k = 0; k < 20; k++) {
      const turned = (): number[] => {
        const [c, s] = [Math.cos(7 * u()), Math.sin(7 * u())];
        const r = Math.sqrt(c * c + s * s);
        const [a, b] = [c / r, s / r];
        return [a * a + narrow * b * b, a * b * (1 - narrow), a * b * (1 - narrow), b * b + narrow * a * a];
      };
      const [A, B] = [turned(), turned()];
      const t = transportGaussians([0, 0], A, [0, 0], B);
      expect(t.dual - t.value).toBeLessThanOrEqual(t.rounding);
      const gaussian = (cov: number[]) => ({ rep: "gaussian" as const, space: makeFree(2), mean: new Float64Array(2), cov: Float64Array.from(cov), mass: 1 });
      const answer = await solve({ from: gaussian(A), to: gaussian(B) });
      statuses.add(answer.status);
      if (answer.status === "optimal") expect(answer.gap).toBeLessThan(1e-5);
      if (narrow >= 1e-4) expect(answer.status).toBe("optimal");
    }
  expect([...statuses].sort()).toEqual(["optimal", "stalled"]);
});
test.each([4 ** -200, 4 ** 170])("in units of %d of variance: the same but for the unit", (unit) => {
  const [A, B] = [
    [2, 0.5, 0.5, 1],
    [1, -0.3, -0.3, 1.5],
  ] as const;
  const known = transportGaussians([0, 0], A, [0, 0], B);
  const found = transportGaussians(
    [0, 0],
    A.map((v) => v * unit),
    [0, 0],
    B.map((v) => v * unit),
  );
  expect(found.value / unit).toBe(known.value);
  expect(found.dual / unit).toBe(known.dual);
  expect(found.T).toEqual(known.T);
});
