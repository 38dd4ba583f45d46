import { describe, expect, it } from "vitest";
import type { Gaussian, Law } from "../../src/contract.ts";
import { openFunctional, total } from "../../src/energy/total.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { gaussian } from "../../src/scheme/gaussian.ts";
import { advance, build, entropyPart, fieldOnLine, gaussianAt, orderOf, powerPart, problem, quadraticField, radialPair } from "./motion.ts";

const rk4 = build(gaussian, { time: "rk4", step: 0.01 });
const law = (mean: readonly number[], cov: readonly number[]): Law => ({ tex: "", dim: mean.length, mass: 1, gaussian: { mean, cov } });
const eigen = (A: readonly number[]): readonly [number, number] => [A[0]! + A[1]!, A[0]! - A[1]!]; // [[a, b], [b, a]]

/** e^{-At} for A = [[a, b], [b, a]] */
function decay(A: readonly number[], t: number): readonly number[] {
  const [p, q] = eigen(A).map((l) => Math.exp(-l * t)) as [number, number];
  return [(p + q) / 2, (p - q) / 2, (p - q) / 2, (p + q) / 2];
}
const mul = (a: readonly number[], b: readonly number[]): readonly number[] => [
  a[0]! * b[0]! + a[1]! * b[2]!,
  a[0]! * b[1]! + a[1]! * b[3]!,
  a[2]! * b[0]! + a[3]! * b[2]!,
  a[2]! * b[1]! + a[3]! * b[3]!,
];

const A = [2, 1, 1, 2];
const inverse = [2 / 3, -1 / 3, -1 / 3, 2 / 3];
/** S(t) = A^{-1} + e^{-At} (S0 - A^{-1}) e^{-At} */
function covarianceA2(S0: readonly number[], t: number): readonly number[] {
  const E = decay(A, t);
  const D = mul(
    mul(
      E,
      S0.map((s, i) => s - inverse[i]!),
    ),
    E,
  );
  return D.map((s, i) => s + inverse[i]!);
}

describe("gaussian: exact solutions", () => {
  it("A1.1: heat flow from N(0, I) in the plane: variance 1 + 2t, energy -3.5310242469693 at t = 0.5", () => {
    const p = problem([entropyPart(1)], law([0, 0], [1, 0, 0, 1]));
    const { state, stepper } = advance(rk4, p, 0.5, 10);
    const m = state.measure as Gaussian;
    [2, 0, 0, 2].forEach((v, i) => {
      expect(m.cov[i]).toBeCloseTo(v, 14);
    });
    expect(total(openFunctional(p.parts, p.space, plainHost()).values(m, 0.5))).toBeCloseTo(-3.5310242469693, 12);
    expect(stepper.dissipation!(state, 0.5)).toBeCloseTo(1, 13); // Fisher information d / s^2
  });
  it("A2.1: OU on the line at t = 1", () => {
    const m = gaussianAt(rk4, problem([quadraticField([1], [0]), entropyPart(1)], law([2], [0.25])), 1, 100);
    expect(m.mean[0]).toBeCloseTo(0.73575888234288, 9);
    expect(m.cov[0]).toBeCloseTo(0.89849853757254, 8);
  });
  it("A2.2: OU in the plane with coupled axes at t = 0.5", () => {
    const m = gaussianAt(rk4, problem([quadraticField(A, [1, -1]), entropyPart(1)], law([3, 0], [1, 0.3, 0.3, 0.5])), 0.5, 100);
    expect(m.mean[0]).toBeCloseTo(1.637960570079, 9);
    expect(m.mean[1]).toBeCloseTo(-0.96857008963367, 9);
    [0.61717400731882, -0.21432612084604, -0.21432612084604, 0.54950636570052].forEach((v, i) => {
      expect(m.cov[i]).toBeCloseTo(v, 8);
    });
  });
  it("A2.1: relative Fisher information 0.55280753655657 is the dissipation at t = 1", () => {
    const p = problem([quadraticField([1], [0]), entropyPart(1)], law([2], [0.25]));
    const { state, stepper } = advance(rk4, p, 1, 200);
    expect(stepper.dissipation!(state, 1)).toBeCloseTo(0.55280753655657, 8);
  });
  it("A7.2: mean-field variance 0.1679162980684 and mean 0.4965853037914 with quadratic attraction", () => {
    const spring = radialPair(
      1,
      (r) => r * r,
      (r) => 2 * r,
      { quadratic: 2 },
    );
    const m = gaussianAt(rk4, problem([quadraticField([1], [0]), spring, entropyPart(0.5)], law([1], [0.25])), 0.7, 100);
    expect(m.mean[0]).toBeCloseTo(0.4965853037914, 9);
    expect(m.cov[0]).toBeCloseTo(0.1679162980684, 8);
  });
  it("A17.4: the closure for x^4/4 rests at variance 1/sqrt 3 and says that it is one", () => {
    const V = fieldOnLine(
      (x) => x ** 4 / 4,
      (x) => x ** 3,
      (x) => 3 * x * x,
    );
    const p = problem([V, entropyPart(1)], law([0.7], [0.2]));
    const { state, stepper } = advance(rk4, p, 20, 1000);
    expect((state.measure as Gaussian).mean[0]).toBeCloseTo(0, 10);
    expect((state.measure as Gaussian).cov[0]).toBeCloseTo(0.5773502691896, 10);
    expect(stepper.dissipation!(state, 20)).toBeLessThan(1e-18);
    expect(rk4.closure!(p)).toMatch(/potential does not keep Gaussians/);
    expect(rk4.closure!(problem([quadraticField([1], [0]), entropyPart(1)], law([0], [1])))).toBeNull();
  });
  it("the closure for rho^2 (m = 2, d = 1): s' = 1 / (2 sqrt(pi) s^2), from F = 1/(2 s sqrt pi), so s^3 = s0^3 + 3 t / (2 sqrt pi)", () => {
    const m = gaussianAt(rk4, problem([powerPart(2)], law([0], [1])), 1, 200);
    expect(Math.sqrt(m.cov[0]!)).toBeCloseTo((1 + 3 / (2 * Math.sqrt(Math.PI))) ** (1 / 3), 9);
  });
  it("an atom at the start is no trouble for noise: variance 2t", () => {
    expect(gaussianAt(rk4, problem([entropyPart(1)], law([0], [0])), 1, 10).cov[0]).toBeCloseTo(2, 14);
  });
});

describe("gaussian: order and failure", () => {
  const p = problem([quadraticField(A, [1, -1]), entropyPart(1)], law([3, 0], [1, 0.3, 0.3, 0.5]));
  it.each([
    ["euler", 1, [40, 80, 160, 320]],
    ["rk4", 4, [10, 20, 40, 80]],
    ["adaptive", 5, [32, 48, 64]],
  ] as const)("%s is of order %i on A2.2", (time, order, steps) => {
    const scheme = build(gaussian, { time, step: 0.1 });
    const exact = covarianceA2([1, 0.3, 0.3, 0.5], 1);
    const errors = steps.map((n) => {
      const m = gaussianAt(scheme, p, 1, n);
      return Math.hypot(...Array.from(m.cov, (s, i) => s - exact[i]!));
    });
    expect(scheme.promises.order).toBe(order);
    expect(Math.abs(orderOf(steps, errors) - order)).toBeLessThan(0.25);
  });
  it("dissipation is -dF/dt, by a centred difference of the closed-form energy along A2.2", () => {
    const F = (m: Gaussian): number => {
      const [x, y] = [m.mean[0]! - 1, m.mean[1]! + 1];
      const trace = 2 * m.cov[0]! + 2 * m.cov[3]! + 2 * m.cov[1]!;
      return 0.5 * (trace + 2 * x * x + 2 * y * y + 2 * x * y) - 0.5 * Math.log(m.cov[0]! * m.cov[3]! - m.cov[1]! ** 2);
    };
    const h = 1e-4;
    const { state, stepper } = advance(rk4, p, 0.3, 300);
    const slope = (F(gaussianAt(rk4, p, 0.3 + h, 300)) - F(gaussianAt(rk4, p, 0.3 - h, 300))) / (2 * h);
    expect(stepper.dissipation!(state, 0.3)).toBeCloseTo(-slope, 6);
  });
  it("mass 2 doubles energy and dissipation and moves nothing, for entropy, potential and power", () => {
    const one = problem([entropyPart(1), quadraticField([1], [0]), powerPart(2)], law([2], [0.25]));
    for (const parts of [one.parts.slice(0, 2), one.parts.slice(0, 1)]) {
      const a = advance(rk4, { ...one, parts }, 0.3, 30);
      const b = advance(rk4, { ...one, parts, initial: { ...one.initial, mass: 2 } }, 0.3, 30);
      expect([...(b.state.measure as Gaussian).cov]).toEqual([...(a.state.measure as Gaussian).cov]);
      expect(b.stepper.dissipation!(b.state, 0.3)).toBeCloseTo(2 * a.stepper.dissipation!(a.state, 0.3)!, 12);
    }
    // rho^2 of mass 2: F = 4 / (2 s sqrt pi) and the velocity sees the density, so s' doubles
    const p = problem([powerPart(2)], { ...law([0], [1]), mass: 2 });
    const { state } = advance(rk4, p, 1, 200);
    expect(Math.sqrt((state.measure as Gaussian).cov[0]!)).toBeCloseTo((1 + 6 / (2 * Math.sqrt(Math.PI))) ** (1 / 3), 8);
  });
  it("a step that breaks positivity fails and says so", () => {
    const scheme = build(gaussian, { time: "euler", step: 1 });
    const stepper = scheme.open(problem([quadraticField([10], [0])], law([0], [1])), plainHost());
    const [from, to] = [stepper.start(), stepper.start()];
    expect(stepper.step(from, to, { t: 0, dt: 1, index: 0, count: 1 })).toMatchObject({ ok: false, reason: expect.stringMatching(/positive definite/) });
  });
  it("a closure whose stage leaves the covariances fails too, without an exception", () => {
    const V = fieldOnLine(
      (x) => x ** 4 / 4,
      (x) => x ** 3,
      (x) => 3 * x * x,
    );
    const stepper = rk4.open(problem([V], law([3], [1])), plainHost());
    const [from, to] = [stepper.start(), stepper.start()];
    expect(stepper.step(from, to, { t: 0, dt: 1, index: 0, count: 1 }).ok).toBe(false);
  });
  it("refuses kernels that are not quadratic", () => {
    expect(() =>
      rk4.open(
        problem(
          [
            radialPair(
              1,
              (r) => r ** 4,
              (r) => 4 * r ** 3,
            ),
          ],
          law([0], [1]),
        ),
        plainHost(),
      ),
    ).toThrow(/not quadratic/);
  });
});
