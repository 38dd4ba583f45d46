import { describe, expect, it } from "vitest";
import type { Geometry, Kernel, Particles } from "../../src/contract.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { particles } from "../../src/scheme/particles.ts";
import { makeBox } from "../../src/space/box.ts";
import { advance, build, copy, entropyPart, fieldOnLine, momentEntropy, orderOf, particlesAt, points, problem, quadraticField, radialPair } from "./motion.ts";

const cubic = radialPair(
  1,
  (r) => r ** 3 / 3,
  (r) => r * r,
);
const doubleWellPair = radialPair(
  1,
  (r) => r ** 4 / 4 - (r * r) / 2,
  (r) => r ** 3 - r,
);
const logPair = (d: number) =>
  radialPair(
    d,
    (r) => (r * r) / 2 - Math.log(r),
    (r) => r - 1 / r,
    { finite: false },
  );

describe("particles: closed forms", () => {
  const scheme = build(particles, { time: "rk4", step: 0.01 });
  it("A8.1: two atoms under |x|^3/3 stand at r0 / (1 + 2 r0 t)", () => {
    const m = particlesAt(scheme, problem([cubic], points([-1, 1])), 1, 100);
    expect(m.x[1]).toBeCloseTo(1 / 3, 9);
    expect(m.x[0]).toBeCloseTo(-1 / 3, 9);
  });
  it("A8.2: separation under x^4/4 - x^2/2 at t = 1 from 0.2", () => {
    const m = particlesAt(scheme, problem([doubleWellPair], points([-0.1, 0.1])), 1, 100);
    expect(m.x[1]! - m.x[0]!).toBeCloseTo(0.4851827523061, 9);
  });
  it("A8.2: with equal weights the energy settles at -1/16", () => {
    const { state, stepper } = advance(build(particles, { time: "rk4", step: 0.05 }), problem([doubleWellPair], points([-0.3, 0.2])), 20, 400);
    const [a, b] = (state.measure as Particles).x;
    expect(b! - a!).toBeCloseTo(1, 12);
    expect(stepper.dissipation!(state, 20)).toBeLessThan(1e-20);
  });
  it.each([
    [2, [-0.5, 0.5]],
    [3, [-Math.SQRT1_2, 0, Math.SQRT1_2]],
    [5, [-0.9034532450641, -0.4286866384472, 0, 0.4286866384472, 0.9034532450641]],
  ] as const)("A8.3: %i particles under x^2/2 - log|x| come to rest at Hermite zeros / sqrt N", (n, zeros) => {
    const start = Array.from({ length: n }, (_, i) => 0.3 * (i - (n - 1) / 2));
    const m = particlesAt(build(particles, { time: "rk4", step: 0.01 }), problem([logPair(1)], points(start)), 20, 2000);
    zeros.forEach((z, i) => {
      expect(m.x[i]).toBeCloseTo(z, 11);
    });
  });
  it("A8.4: under x^2/2 - |x| sorted data follow 2s - 1 + (X0 - (2s - 1)) e^{-t}", () => {
    const n = 20;
    const s = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    const x0 = s.map((v) => 3 * (v - 0.5) + (v - 0.5) ** 3);
    const m = particlesAt(
      scheme,
      problem(
        [
          radialPair(
            1,
            (r) => (r * r) / 2 - r,
            (r) => r - 1,
          ),
        ],
        points(x0),
      ),
      1,
      100,
    );
    s.forEach((v, i) => {
      expect(m.x[i]).toBeCloseTo(2 * v - 1 + (x0[i]! - (2 * v - 1)) * Math.exp(-1), 9);
    });
  });
  it("A8.5: a ring of 6 under |x|^2/2 - log|x| is an equilibrium at r^2 = (N-1)/(2N)", () => {
    const angle = Array.from({ length: 6 }, (_, i) => (Math.PI * i) / 3);
    const at = (r: number): number[] => [...angle.map((a) => r * Math.cos(a)), ...angle.map((a) => r * Math.sin(a))];
    const m = particlesAt(scheme, problem([logPair(2)], points(at(1.3), 2)), 5, 500);
    for (let i = 0; i < 6; i++) expect(Math.hypot(m.x[i]!, m.x[6 + i]!)).toBeCloseTo(0.6454972243679, 4);
    const rest = particlesAt(scheme, problem([logPair(2)], points(at(0.6454972243679), 2)), 1, 100);
    for (let i = 0; i < 6; i++) expect(rest.x[i]).toBeCloseTo(0.6454972243679 * Math.cos(angle[i]!), 11);
  });
  it("A7.3: quadratic attraction without noise is x̄ + (x - x̄) e^{-t}, weights kept", () => {
    const x0 = [-1, 0.3, 2.5];
    const w = [0.5, 0.3, 0.2];
    const mean = x0.reduce((s, x, i) => s + w[i]! * x, 0);
    const m = particlesAt(
      scheme,
      problem(
        [
          radialPair(
            1,
            (r) => (r * r) / 2,
            (r) => r,
          ),
        ],
        points(x0, 1, w),
      ),
      1,
      100,
    );
    x0.forEach((x, i) => {
      expect(m.x[i]).toBeCloseTo(mean + (x - mean) * Math.exp(-1), 9);
    });
    expect([...m.weight]).toEqual(w);
  });
  it("A17.3: the moment score carries OU particles to m(t) + (x - m0) sqrt(v(t)/v0)", () => {
    const x0 = [-0.4, 0.7, 1.1, 3];
    const m0 = x0.reduce((s, x) => s + x / 4, 0);
    const v0 = x0.reduce((s, x) => s + (x - m0) ** 2 / 4, 0);
    const m = particlesAt(scheme, problem([quadraticField([1], [0]), momentEntropy()], points(x0)), 1, 100);
    const v = 1 + (v0 - 1) * Math.exp(-2);
    x0.forEach((x, i) => {
      expect(m.x[i]).toBeCloseTo(m0 * Math.exp(-1) + (x - m0) * Math.sqrt(v / v0), 8);
    });
  });
});

describe("particles: orders in the step", () => {
  const z = (t: number): number => 1 / Math.sqrt(1 + (1 / 0.04 - 1) * Math.exp(-2 * t));
  it.each([
    ["euler", 1, [40, 80, 160, 320]],
    ["rk4", 4, [10, 20, 40, 80]],
    ["adaptive", 5, [6, 12, 24, 48]],
  ] as const)("%s is of order %i on A17.3 (OU with the moment score)", (time, order, steps) => {
    const scheme = build(particles, { time, step: 0.1 });
    expect(scheme.promises.order).toBe(order);
    const p = problem([quadraticField([1], [0]), momentEntropy()], points([-1, 1, 3])); // m0 = 1, v0 = 8/3
    const exact = Math.exp(-1) + 2 * Math.sqrt((1 + (5 / 3) * Math.exp(-2)) / (8 / 3));
    const errors = steps.map((n) => Math.abs(particlesAt(scheme, p, 1, n).x[2]! - exact));
    expect(Math.abs(orderOf(steps, errors) - order)).toBeLessThan(0.2);
  });
  it("the error estimate of adaptive falls like dt^5 and bounds the local error", () => {
    const scheme = build(particles, { time: "adaptive", step: 0.1, tolerance: 1 });
    const p = problem([doubleWellPair], points([-0.1, 0.1]));
    const stepper = scheme.open(p, plainHost());
    const [from, to] = [copy(stepper.start()), copy(stepper.start())];
    const dts = [0.8, 0.4, 0.2];
    const estimates = dts.map((dt) => stepper.step(from, to, { t: 0, dt, index: 0, count: 1 }).error!);
    expect(
      Math.abs(
        orderOf(
          dts.map((dt) => 1 / dt),
          estimates,
        ) - 5,
      ),
    ).toBeLessThan(0.5);
    stepper.step(from, to, { t: 0, dt: 0.2, index: 0, count: 1 });
    const x = (to.measure as Particles).x;
    expect(Math.abs(x[1]! - x[0]! - z(0.2)) / 2).toBeLessThan(estimates[2]!);
  });
  it("grouping steps into calls does not change a bit, nor does a copy of the state", () => {
    for (const time of ["euler", "rk4", "adaptive"] as const) {
      const scheme = build(particles, { time, step: 0.1 });
      const p = problem([doubleWellPair], points([-0.1, 0.2, 0.7]));
      expect([...particlesAt(scheme, p, 2, 32, 8).x]).toEqual([...particlesAt(scheme, p, 2, 32, 1).x]);
    }
  });
});

describe("particles: ledger, walls, smoothing", () => {
  it("dissipation is -dF/dt, by a centred difference of the energy", () => {
    const V = fieldOnLine(
      (x) => (x * x - 1) ** 2,
      (x) => 4 * x * (x * x - 1),
      (x) => 12 * x * x - 4,
    );
    const p = problem([V, doubleWellPair], points([-0.7, 0.2, 1.4], 1, [0.2, 0.5, 0.3]));
    const scheme = build(particles, { time: "rk4", step: 1e-3 });
    const F = (m: Particles): number => {
      let f = 0;
      for (let i = 0; i < 3; i++) {
        f += m.weight[i]! * (m.x[i]! ** 2 - 1) ** 2;
        for (let j = 0; j < 3; j++) {
          const r = m.x[i]! - m.x[j]!;
          f += 0.5 * m.weight[i]! * m.weight[j]! * (r ** 4 / 4 - (r * r) / 2);
        }
      }
      return f;
    };
    const { state, stepper } = advance(scheme, p, 0.1, 100);
    const h = 2e-5;
    const slope = (F(particlesAt(scheme, p, 0.1 + h, 100)) - F(particlesAt(scheme, p, 0.1 - h, 100))) / (2 * h);
    expect(stepper.dissipation!(state, 0.1)).toBeCloseTo(-slope, 6);
  });
  it("a particle in a tilted box rests on the wall and its dissipation ends", () => {
    const V = fieldOnLine(
      (x) => x,
      () => 1,
      () => 0,
    );
    const p = problem([V], points([0.3, 0.8]), { space: makeBox({ lower: [0], upper: [1], cells: [4] }) });
    const { state, stepper } = advance(build(particles, { time: "rk4", step: 0.05 }), p, 0.5, 10);
    expect((state.measure as Particles).x[0]).toBe(0);
    expect((state.measure as Particles).x[1]).toBeCloseTo(0.3, 12);
    expect(stepper.dissipation!(state, 0.5)).toBeCloseTo(0.5, 12); // only the free half still falls
  });
  it("periodic axes wrap: V = x on the circle carries 0.3 to 0.3 - 1.5 mod 1", () => {
    const V = fieldOnLine(
      (x) => x,
      () => 1,
      () => 0,
    );
    const p = problem([V], points([0.3]), { space: makeBox({ lower: [0], upper: [1], cells: [4], periodic: [true] }) });
    expect(particlesAt(build(particles, { time: "rk4", step: 0.1 }), p, 1.5, 15).x[0]).toBeCloseTo(0.8, 12);
  });
  it("smoothing with k = xy: symmetric data scale by 1 / sqrt(1 + 2 M2 t) under x^2/2", () => {
    const k: Kernel = {
      tex: "xy",
      finite: true,
      sum: (n, x, m, y, w, out) => {
        let s = 0;
        for (let j = 0; j < m; j++) s += w[j]! * y[j]!;
        for (let i = 0; i < n; i++) out[i] = x[i]! * s;
      },
      dx: () => {
        throw new Error("not needed");
      },
    };
    const geometry: Geometry = { label: "stein", tex: "", smoothing: k, promises: ["mass", "positivity"] };
    const x0 = [-1.5, -0.5, 0.5, 1.5];
    const p = problem([quadraticField([1], [0])], points(x0), { geometry });
    const { state, stepper } = advance(build(particles, { time: "rk4", step: 0.01 }), p, 1, 100);
    const M2 = 1.25;
    const s = 1 / Math.sqrt(1 + 2 * M2);
    x0.forEach((x, i) => {
      expect((state.measure as Particles).x[i]).toBeCloseTo(x * s, 9);
    });
    expect(stepper.dissipation!(state, 1)).toBeCloseTo((M2 * s * s) ** 2, 9);
  });
  const rbf = (h: number): Kernel => ({
    ...radialPair(
      1,
      (r) => Math.exp((-r * r) / (2 * h * h)),
      (r) => (-r / (h * h)) * Math.exp((-r * r) / (2 * h * h)),
    ).W,
    radial: { value: () => {}, slope: () => {} },
  });
  const affine: Kernel = {
    tex: "xy + 1",
    finite: true,
    sum: (n, x, m, y, w, out) => {
      for (let i = 0; i < n; i++) {
        out[i] = 0;
        for (let j = 0; j < m; j++) out[i] = out[i]! + w[j]! * (x[i]! * y[j]! + 1);
      }
    },
    dx: (n, _x, m, y, w, out) => {
      for (let i = 0; i < n; i++) {
        out[i] = 0;
        for (let j = 0; j < m; j++) out[i] = out[i]! + w[j]! * y[j]!;
      }
    },
  };
  const stein = (smoothing: Kernel): Geometry => ({ label: "stein", tex: "", smoothing, promises: ["mass", "positivity"] });
  const target = [quadraticField([1], [0]), entropyPart(1)];
  it("A17.1: SVGD with k = xy + 1 keeps the ODE of mean and deviation for any particles: m(1) = 0.4663911241610, s(1) = 0.6338912588808", () => {
    const z = [-1.3, -0.4, 0.2, 1.5];
    const [mean, sd] = [0, Math.sqrt(z.reduce((s, v) => s + v * v, 0) / 4)];
    const m = particlesAt(
      build(particles, { time: "rk4", step: 0.01 }),
      problem(target, points(z.map((v) => 1 + (0.5 * (v - mean)) / sd)), { geometry: stein(affine) }),
      1,
      100,
    );
    const centre = [...m.x].reduce((s, x) => s + x / 4, 0);
    expect(centre).toBeCloseTo(0.466391124161, 9);
    expect(Math.sqrt([...m.x].reduce((s, x) => s + (x - centre) ** 2 / 4, 0))).toBeCloseTo(0.6338912588808, 9);
  });
  it("A17.1: centred, v(1) = 0.7112345942276 from 0.25 and every particle scales", () => {
    const x0 = [-0.7, -0.1, 0.1, 0.7];
    const m = particlesAt(build(particles, { time: "rk4", step: 0.01 }), problem(target, points(x0), { geometry: stein(affine) }), 1, 100);
    x0.forEach((x, i) => {
      expect(m.x[i]).toBeCloseTo(x * Math.sqrt(0.7112345942276 / 0.25), 8);
    });
  });
  it.each([
    [1, 0.7411519036838],
    [2, 0.9005166385005],
  ])("A17.2: two particles under the RBF kernel of width %d rest at ±%d", (h, a) => {
    const { state, stepper } = advance(
      build(particles, { time: "rk4", step: 0.01 }),
      problem(target, points([-0.3, 0.3]), { geometry: stein(rbf(h)) }),
      100,
      1500,
    );
    expect((state.measure as Particles).x[1]).toBeCloseTo(a, 10);
    expect(stepper.dissipation).toBeUndefined(); // the entropy of atoms has no value
  });
  it("A17.2: one particle climbs to the mode", () => {
    expect(particlesAt(build(particles, { time: "rk4", step: 0.01 }), problem(target, points([2]), { geometry: stein(rbf(1)) }), 1, 100).x[0]).toBeCloseTo(
      2 * Math.exp(-1),
      9,
    );
  });
  it("refuses an energy of the density and says what to use", () => {
    expect(() => build(particles, { step: 0.1 }).open(problem([entropyPart(1)], points([0])), plainHost())).toThrow(/blob.*langevin/);
  });
});
