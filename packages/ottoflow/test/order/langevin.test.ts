import { describe, expect, it } from "vitest";
import type { Particles, Space } from "../../src/contract.ts";
import { makeBox } from "../../src/space/box.ts";
import { averaged, euler, formula, moment, normals, onSimd, within } from "./langevin-fixtures.ts";
import { entropyPart, fieldOnLine, orderOf, particlesAt, points, problem, quadraticField } from "./motion.ts";

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
