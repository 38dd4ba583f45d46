import { describe, expect, it } from "vitest";
import type { Host, Law, Part, Particles, Problem, Scheme, Space } from "../../src/contract.ts";
import { consensus } from "../../src/drift/consensus.ts";
import { rotation } from "../../src/drift/rotation.ts";
import { doubleWell } from "../../src/energy/double-well.ts";
import { fieldOfFormula } from "../../src/energy/forms/potential.ts";
import { scalePart } from "../../src/energy/scale.ts";
import { makeFormula } from "../../src/formula/formula.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { openHost } from "../../src/kernels/open.ts";
import { philoxNormals } from "../../src/kernels/philox.ts";
import type { Formula } from "../../src/params.ts";
import { langevin } from "../../src/scheme/langevin.ts";
import { runsFused } from "../../src/scheme/ode/langevin-fused.ts";
import { makeBox } from "../../src/space/box.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { build, buildDrift, entropyPart, fieldOnLine, meanOf, orderOf, particlesAt, points, problem, quadraticField, radialPair } from "./motion.ts";

const euler = build(langevin, { step: 0.1 });
const averaged = build(langevin, { step: 0.1, method: "leimkuhler-matthews" });

/** n independent draws of N(mean, deviation^2 I), from a stream that no scheme uses. */
function normals(n: number, mean: number, deviation: number, seed: number, dim = 1): Law {
  const x = new Float64Array(dim * n);
  philoxNormals(seed, 77, 0, 0, dim * n, x);
  return points(
    Array.from(x, (z) => mean + deviation * z),
    dim,
  );
}
function moment(m: Particles, f: (x: number) => number): { mean: number; se: number } {
  return meanOf(Float64Array.from(m.x.subarray(0, m.n), f));
}
function within(got: { mean: number; se: number }, want: number): void {
  expect(Math.abs(got.mean - want)).toBeLessThan(4 * got.se);
}

const formula = (text: string, dim: number): Part => fieldOfFormula(makeFormula(text, { of: "x", dim, time: true }), makeFree(dim), "potential");
/** `steps` steps to `until` in one call, on SIMD where the scheme has it. */
function onSimd(scheme: Scheme, p: Problem, until: number, steps: number): Particles {
  const stepper = scheme.open(
    p,
    openHost((host) => scheme.open(p, host)),
  );
  const state = stepper.start();
  expect(stepper.step(state, state, { t: 0, dt: until / steps, index: 0, count: steps }).ok).toBe(true);
  return state.measure as Particles;
}

describe("langevin: exact discrete laws", () => {
  const ou = [quadraticField([1], [0]), entropyPart(1)];
  it("A18: Euler–Maruyama for OU after 20 steps of 0.1 has mean 0.2431533091811 and variance 1.040767975534", () => {
    const M = 100_000;
    const m = particlesAt(euler, problem(ou, normals(M, 2, 0.5, 3)), 2, 20, 5);
    within(
      moment(m, (x) => x),
      0.2431533091811,
    );
    const v = 1.040767975534;
    expect(Math.abs(moment(m, (x) => (x - 0.2431533091811) ** 2).mean - v)).toBeLessThan(4 * v * Math.sqrt(2 / M));
    // the exact flow is 5 standard errors away in variance: the test sees the order-one bias
    expect(Math.abs(v - (1 + (0.25 - 1) * Math.exp(-4)))).toBeGreaterThan(5 * v * Math.sqrt(2 / M));
  });
  it("A18: stationary variance 1/(1 - tau/2) of Euler–Maruyama, exactly 1 with averaged noise", () => {
    const M = 60_000;
    const tau = 0.4;
    const start = normals(M, 0, 1, 5);
    const plain = moment(particlesAt(euler, problem(ou, start), 40 * tau, 40, 40), (x) => x * x);
    expect(Math.abs(plain.mean - 1.25)).toBeLessThan(4 * 1.25 * Math.sqrt(2 / M));
    const lm = moment(particlesAt(averaged, problem(ou, start), 40 * tau, 40, 40), (x) => x * x);
    expect(Math.abs(lm.mean - 1)).toBeLessThan(4 * Math.sqrt(2 / M));
  });
  it("A3.7: the double-well chain at n = 20 and 100 (dt = 0.005, 1e5 particles)", () => {
    const V = fieldOnLine(
      (x) => (x * x - 1) ** 2,
      (x) => 4 * x * (x * x - 1),
      (x) => 12 * x * x - 4,
    );
    const p = problem([V, entropyPart(1)], normals(100_000, 0, 0.05, 11));
    const at20 = particlesAt(euler, p, 0.1, 20, 20);
    within(
      moment(at20, (x) => x * x),
      0.25427019397,
    );
    within(
      moment(at20, (x) => x ** 4),
      0.16815846266,
    );
    const at100 = particlesAt(euler, p, 0.5, 100, 100);
    within(
      moment(at100, (x) => x * x),
      0.77259014007,
    );
    within(
      moment(at100, (x) => x ** 4),
      0.9838263608,
    );
  });
  it("A1.3: noise alone in a box with walls damps cos(pi x) by exactly e^{-eps pi^2 t} (reflection)", () => {
    const space: Space = makeBox({ lower: [0], upper: [1], cells: [4] });
    const p = problem([entropyPart(0.5)], points(new Array(40_000).fill(0.1)), { space });
    const m = particlesAt(euler, p, 0.2, 4, 4);
    within(
      moment(m, (x) => Math.cos(Math.PI * x)),
      Math.cos(0.1 * Math.PI) * Math.exp(-0.5 * Math.PI ** 2 * 0.2),
    );
    expect(Math.min(...m.x)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...m.x)).toBeLessThanOrEqual(1);
  });
  it("A1.3: on the circle cos(2 pi x) decays by e^{-4 pi^2 eps t} (wrapping)", () => {
    const space: Space = makeBox({ lower: [0], upper: [1], cells: [4], periodic: [true] });
    const p = problem([entropyPart(0.1)], points(new Array(40_000).fill(0.1)), { space });
    const m = particlesAt(euler, p, 0.2, 4, 2);
    within(
      moment(m, (x) => Math.cos(2 * Math.PI * x)),
      Math.cos(0.2 * Math.PI) * Math.exp(-4 * Math.PI ** 2 * 0.1 * 0.2),
    );
  });
});

describe("langevin: orders", () => {
  /** Variance of the chain for V = x^2/2 at temperature 1: sum of the squared weights of its normals. */
  const chainVariance = (v0: number, tau: number, k: number, average: boolean): number => {
    const a = 1 - tau;
    const s = Math.sqrt(2 * tau);
    const weight = (j: number): number => {
      const own = j < k ? s * a ** (k - 1 - j) : 0;
      const before = j > 0 ? s * a ** (k - j) : 0;
      return average ? (own + before) / 2 : own;
    };
    let v = a ** (2 * k) * v0;
    for (let j = 0; j <= k; j++) v += weight(j) ** 2;
    return v;
  };
  it.each([
    ["Euler–Maruyama", 0.5, euler, false],
    ["averaged noise", 5, averaged, true], // exact at rest: its bias is in how fast it forgets
  ] as const)(
    "%s from N(0, %f^2): the sampled second moment of OU at t = 1 is the chain's, and its distance to the flow is resolved and of weak order 1",
    (_name, deviation, scheme, average) => {
      const M = 1_000_000;
      const start = normals(M, 0, deviation, 31);
      const v0 = moment({ n: M, x: start.points!.x } as Particles, (x) => x * x).mean;
      const ks = [5, 10, 20];
      const seen = ks.map((k) => {
        const got = moment(onSimd(scheme, problem([formula("x^2/2", 1), entropyPart(1)], start), 1, k), (x) => x * x);
        within(got, chainVariance(v0, 1 / k, k, average));
        // against the flow from the same sampled start: E x^2 = 1 + (v0 - 1) e^{-2t}
        return { error: Math.abs(got.mean - 1 - (v0 - 1) * Math.exp(-2)), se: got.se };
      });
      for (const { error, se } of seen) expect(error).toBeGreaterThan(8 * se); // what is fitted is bias and not chance
      const order = orderOf(
        ks,
        seen.map(({ error }) => error),
      );
      // standard error of the slope through three points a factor 2 apart: the outer two count
      const se = Math.hypot(seen[0]!.se / seen[0]!.error, seen[2]!.se / seen[2]!.error) / (2 * Math.LN2);
      expect(4 * se).toBeLessThan(0.16);
      expect(Math.abs(order - scheme.promises.order)).toBeLessThan(0.1 + 4 * se); // 0.1: curvature of the exact biases over these steps
    },
  );
  it("the stationary bias of Euler–Maruyama on the quartic well halves with the step, that of averaged noise quarters", () => {
    // V = x^4/4: E x^4 = 1 exactly by the virial identity E[x V'] = eps.
    const V = fieldOnLine(
      (x) => x ** 4 / 4,
      (x) => x ** 3,
      (x) => 3 * x * x,
    );
    const bias = (scheme: typeof euler, tau: number): { mean: number; se: number } => {
      const m = particlesAt(scheme, problem([V, entropyPart(1)], normals(60_000, 0, 0.8, 21)), 40 * tau, 40, 40);
      const e = moment(m, (x) => x ** 4);
      return { mean: e.mean - 1, se: e.se };
    };
    const [coarse, fine] = [bias(euler, 0.1), bias(euler, 0.05)];
    expect(coarse.mean / fine.mean).toBeGreaterThan(1.6);
    expect(coarse.mean / fine.mean).toBeLessThan(3);
    const lm = bias(averaged, 0.1);
    expect(Math.abs(lm.mean)).toBeLessThan(0.25 * coarse.mean);
  });
});

describe("langevin: bits", () => {
  const space: Space = makeBox({ lower: [-2, -2], upper: [2, 2], cells: [4, 4] });
  const V = quadraticField([1, 0.2, 0.2, 2], [0, 0.1]);
  const start = points(
    Array.from({ length: 2 * 5000 }, (_, i) => Math.sin(i)),
    2,
  );
  const p = problem([V, entropyPart(0.3)], start, { space });
  it.each([
    ["euler-maruyama", euler],
    ["leimkuhler-matthews", averaged],
  ] as const)("%s: grouping steps into calls does not change a bit", (_name, scheme) => {
    expect([...particlesAt(scheme, p, 1, 12, 12).x]).toEqual([...particlesAt(scheme, p, 1, 12, 1).x]);
  });
  it.each([
    ["euler-maruyama", euler],
    ["leimkuhler-matthews", averaged],
  ] as const)("%s: blocks of independent particles and the whole interacting ensemble move alike", (_name, scheme) => {
    const nothing = {
      label: "none",
      tex: "",
      velocity: (_m: unknown, n: number, _x: unknown, _t: number, out: Float64Array | Float32Array) => out.fill(0, 0, 2 * n),
    };
    const whole = particlesAt(scheme, { ...p, drift: [nothing as never] }, 1, 12, 3);
    const blocks = particlesAt(scheme, p, 1, 12, 4);
    let gap = 0;
    for (let i = 0; i < whole.x.length; i++) gap = Math.max(gap, Math.abs(whole.x[i]! - blocks.x[i]!));
    expect(gap).toBeLessThan(1e-13); // same noise, sums in another order
  });
});

describe("langevin: one kernel for gradient, noise and step", () => {
  const well = (dim: number): Part => doubleWell.build({ depth: 0.7, distance: 1.3, stiffness: 2 } as never, { dim, space: makeFree(dim) })[0]!;
  const run = (scheme: Scheme, p: Problem, host: Host): Particles => {
    const stepper = scheme.open(p, host);
    const state = stepper.start();
    for (let k = 0; k < 3; k++) expect(stepper.step(state, state, { t: 0.4 * k, dt: 0.1, index: 4 * k, count: 4 }).ok).toBe(true);
    return state.measure as Particles;
  };
  it.each([
    ["a double well", 1, [well(1)]],
    [
      "a scaled double well, a moving formula and a power that is a literal of the program",
      2,
      [scalePart(well(2), 0.3, ""), formula("0.1*(x-t)^4 + y^6/50 + x*y^3/20", 2)],
    ],
    ["no potential", 2, []],
  ])("%s: the same bits as block by block", (_name, d, fields) => {
    const n = 5001;
    const p = problem([...fields, entropyPart(0.4)], normals(n, 0.1, 0.5, 3, d));
    const blocks = run(euler, p, plainHost());
    const fused = run(
      euler,
      p,
      openHost((host) => euler.open(p, host)),
    );
    expect(runsFused(fused.x)).toBe(true);
    expect(runsFused(blocks.x)).toBe(false);
    for (let i = 0; i < d * n; i++) if (!Object.is(fused.x[i], blocks.x[i])) throw new Error(`value ${i}: ${fused.x[i]} and ${blocks.x[i]}`);
  });
  it("A3.7 in double precision: E x^2 and E x^4 of the double-well chain at n = 500 (2e5 particles: 4 SE = 5.6e-3, which does not tell it from the flow)", () => {
    const m = onSimd(euler, problem([formula("(x^2-1)^2", 1), entropyPart(1)], normals(200_000, 0, 0.05, 11)), 2.5, 500);
    within(
      moment(m, (x) => x * x),
      0.82934594489,
    );
    within(
      moment(m, (x) => x ** 4),
      1.08321563105,
    );
  });
  it("A3.7 in single precision at n = 2000 (1e6 particles): E x^2 is the chain's within 4 SE = 2.6e-3 and not the flow's, which is 3.4e-3 off", () => {
    const single = build(langevin, { step: 0.005, precision: "single" });
    const m = onSimd(single, problem([formula("(x^2-1)^2", 1), entropyPart(1)], normals(1_000_000, 0, 0.05, 11)), 10, 2000);
    expect(m.x).toBeInstanceOf(Float32Array);
    const got = moment(m, (x) => x * x);
    expect(4 * got.se).toBeLessThan(2.6e-3);
    within(got, 0.82934625856);
    expect(Math.abs(got.mean - 0.83274548712838)).toBeGreaterThan(4 * got.se);
  });
  it.each([
    ["a circle", { space: makeBox({ lower: [0], upper: [1], cells: [4], periodic: [true] }) }, "without walls"],
    ["a potential without a program", { parts: [quadraticField([1], [0]), entropyPart(1)] }, "formulas or double wells"],
    [
      "an interaction",
      {
        parts: [
          radialPair(
            1,
            (r) => r,
            () => 1,
          ),
          entropyPart(1),
        ],
      },
      "do not feel each other",
    ],
  ])("single precision refuses %s and says why", (_name, change, why) => {
    const single = build(langevin, { step: 0.005, precision: "single" });
    const p = { ...problem([formula("x^4", 1), entropyPart(1)], normals(10, 0.5, 0.01, 1)), ...change };
    expect(() => single.open(p as Problem, plainHost())).toThrow(why);
  });
});

/** R independent systems of N particles on the line; `each` returns one number per system. */
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
