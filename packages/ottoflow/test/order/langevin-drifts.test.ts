import { describe, expect, it } from "vitest";
import type { Particles } from "../../src/contract.ts";
import { consensus } from "../../src/drift/consensus.ts";
import { rotation } from "../../src/drift/rotation.ts";
import type { Formula } from "../../src/params.ts";
import { averaged, euler, moment, normals, within } from "./langevin-fixtures.ts";
import { buildDrift, entropyPart, fieldOnLine, meanOf, particlesAt, points, problem, quadraticField, radialPair } from "./motion.ts";

/** R independent systems of N particles on the line; `run` gives one number of the system of a seed. */
function replicas(R: number, run: (seed: number) => number): { mean: number; se: number } {
  return meanOf(Float64Array.from({ length: R }, (_, r) => run(1000 + r)));
}

describe("langevin: interacting particles, exact in N and in the step", () => {
  // x' = (1 - a tau) x - kap tau (x - mean) + noise: mean and deviations are independent OU chains (A7 in discrete time).
  const chain = (factor: number, v0: number, eps: number, tau: number, k: number): number =>
    factor ** (2 * k) * v0 + (2 * eps * tau * (1 - factor ** (2 * k))) / (1 - factor * factor);
  const spring = (kap: number) =>
    radialPair(
      1,
      (r) => (kap * r * r) / 2,
      (r) => kap * r,
    );
  it.each([
    [10, 0, 1, 1, 1, 4, 0.5],
    [8, 1, 2, 0.5, 1, 0.25, 0.7],
  ])("A7: N = %i, a = %d, kap = %d, eps = %d: deviations and centre of mass", (N, a, kap, eps, m0, v0, until) => {
    const k = 10;
    const tau = until / k;
    const parts = [quadraticField([a], [0]), spring(kap), entropyPart(eps)];
    const runs = new Map<number, Particles>();
    const at = (seed: number): Particles => {
      let m = runs.get(seed);
      if (!m) runs.set(seed, (m = particlesAt(euler, problem(parts, normals(N, m0, Math.sqrt(v0), seed), { seed }), until, k, k)));
      return m;
    };
    const mean = (m: Particles): number => [...m.x].reduce((s, x) => s + x / N, 0);
    const within1 = replicas(4000, (seed) => {
      const m = at(seed);
      return [...m.x].reduce((s, x) => s + (x - mean(m)) ** 2 / N, 0);
    });
    within(within1, (1 - 1 / N) * chain(1 - (a + kap) * tau, v0, eps, tau, k));
    const target = m0 * (1 - a * tau) ** k;
    const centre = a === 0 ? v0 + 2 * eps * until : chain(1 - a * tau, v0, eps, tau, k);
    within(
      replicas(4000, (seed) => (mean(at(seed)) - target) ** 2),
      centre / N,
    );
  });
});

const square: Formula = {
  text: "x^2 + y^2",
  tex: "",
  variables: ["x", "y"],
  moving: false,
  value: (n, x, _t, out) => {
    for (let i = 0; i < n; i++) out[i] = x[i]! ** 2 + (x[n + i] ?? 0) ** 2;
  },
  gradient: () => {},
  hessian: () => {},
  quadratic: () => null,
  convexity: () => 2,
};

describe("langevin with drifts", () => {
  it.each([
    ["isotropic", 2],
    ["anisotropic", 1],
  ] as const)("A22.1: consensus with alpha = 0 and %s noise: E V decays by (1 - lam tau)^2 + d sigma^2 tau (1 - 1/N) a step", (noise, d) => {
    const [N, lambda, sigma, k] = [10, 1, 0.5, 20];
    const tau = 1 / k;
    const drift = [buildDrift(consensus, { objective: square, alpha: 0, lambda, sigma, noise }, 2)];
    const spread = (m: Particles): number => {
      let v = 0;
      for (let c = 0; c < 2; c++) {
        const row = m.x.subarray(c * N, (c + 1) * N);
        const mean = [...row].reduce((s, x) => s + x / N, 0);
        v += [...row].reduce((s, x) => s + (x - mean) ** 2 / N, 0);
      }
      return v;
    };
    const start = normals(N, 0, 1, 4, 2);
    const v0 = spread(particlesAt(euler, problem([], start), tau, 1));
    const got = replicas(3000, (seed) => spread(particlesAt(euler, problem([], start, { drift, seed }), 1, k, k)) / v0);
    within(got, ((1 - lambda * tau) ** 2 + d * sigma * sigma * tau * (1 - 1 / N)) ** k);
  });
  it("A22.2: additive noise instead leaves the floor sigma^2 / (2 lam) (its chain: 2 eps tau / (1 - a^2)), never consensus", () => {
    const N = 4000;
    const [lambda, eps, tau] = [1, 0.125, 0.1];
    const drift = [buildDrift(consensus, { objective: square, alpha: 0, lambda, sigma: 0 }, 1)];
    const m = particlesAt(euler, problem([entropyPart(eps)], points(new Array(N).fill(0)), { drift }), 10, 100, 100);
    const mean = [...m.x].reduce((s, x) => s + x / N, 0);
    const v = (2 * eps * tau) / (1 - (1 - lambda * tau) ** 2);
    expect(Math.abs(meanOf(Float64Array.from(m.x, (x) => (x - mean) ** 2)).mean - v * (1 - 1 / N))).toBeLessThan(4 * v * Math.sqrt(2 / N));
  });
  it("rotation keeps the Gaussian in a round well and turns its mean by omega t", () => {
    const N = 40_000;
    const start = normals(N, 0, 1, 8, 2);
    for (let i = 0; i < N; i++) start.points!.x[i] = start.points!.x[i]! + 2;
    const p = problem([quadraticField([1, 0, 0, 1], [0, 0]), entropyPart(1)], start, { drift: [buildDrift(rotation, { rate: 2 }, 2)] });
    const [k, tau] = [50, 0.01];
    const m = particlesAt(euler, p, k * tau, k, k);
    // mean of the chain: (1 - tau + i omega tau)^k 2
    const r = 2 * Math.hypot(1 - tau, 2 * tau) ** k;
    const angle = k * Math.atan2(2 * tau, 1 - tau);
    within(
      moment(m, (x) => x),
      r * Math.cos(angle),
    );
    within(meanOf(m.x.subarray(N, 2 * N)), r * Math.sin(angle));
  });
  it("leimkuhler-matthews refuses noise that depends on the state; powers are refused as noise", () => {
    const drift = [buildDrift(consensus, { objective: square }, 1)];
    expect(() => particlesAt(averaged, problem([], points([0, 1]), { drift }), 1, 1)).toThrow(/constant strength/);
  });
  it("a step too long for the drift is a failure and not a number", () => {
    const V = fieldOnLine(
      (x) => x ** 4,
      (x) => 4 * x ** 3,
      (x) => 12 * x * x,
    );
    expect(() => particlesAt(euler, problem([V], points([10])), 100, 100, 100)).toThrow(/step is too long/);
  });
});
