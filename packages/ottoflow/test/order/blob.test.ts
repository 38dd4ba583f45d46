import { describe, expect, it } from "vitest";
import type { Law, Particles, Problem, Space } from "../../src/contract.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { normalQuantile } from "../../src/kernels/math.ts";
import { blob, defaultWidth } from "../../src/scheme/blob.ts";
import { openMollifier } from "../../src/scheme/ode/mollifier.ts";
import { makeBox } from "../../src/space/box.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { advance, build, copy, entropyPart, orderOf, particlesAt, points, powerPart, problem, quadraticField } from "./motion.ts";

/** The n means of N(0, deviation^2) at mid-levels, whose spacing is smooth. */
function gaussianLine(n: number, deviation = 1): Law {
  return points(Array.from({ length: n }, (_, i) => deviation * normalQuantile((i + 0.5) / n)));
}
const secondMoment = (m: Particles): number => [...m.x].reduce((s, x, i) => s + m.weight[i % m.n]! * x * x, 0);
const cloud = (n: number, d: number, width: number): number[] => Array.from({ length: n * d }, (_, i) => width * Math.sin(12.9898 * (i + 1) + 0.1 * i * i));

/** n mid-level quantiles of the Barenblatt profile m = 2, d = 1 at t = 1: (3 z - z^3)/4 + 1/2 = s for z = x / R. */
function barenblatt(n: number): Law {
  return points(Array.from({ length: n }, (_, i) => 2 * 2.080083823052 * Math.sin(Math.asin((2 * i + 1) / n - 1) / 3)));
}
/** Adaptive steps with the error per step below one. */
function adapted(unit: typeof blob, q: Problem, until: number, values: Record<string, unknown> = {}): Particles {
  const stepper = build(unit, { step: 1, time: "adaptive", ...values }).open(q, plainHost());
  let a = copy(stepper.start());
  let b = copy(a);
  for (let t = 0, dt = 1e-4, k = 0; t < until - 1e-12; k++) {
    const h = Math.min(dt, until - t);
    const info = stepper.step(a, b, { t, dt: h, index: k, count: 1 });
    const error = info.ok ? info.error! : 1000;
    if (error <= 1) {
      t += h;
      [a, b] = [b, a];
    }
    dt = h * Math.min(4, Math.max(0.2, 0.9 * (error + 1e-12) ** -0.2));
  }
  return a.measure as Particles;
}

/** Plain double sums, for the fast ones to agree with. */
function plainDensity(here: readonly number[], x: ArrayLike<number>, w: ArrayLike<number>, width: number, images: (x: number[]) => number[][]): number {
  const n = w.length;
  const d = here.length;
  let s = 0;
  for (let j = 0; j < n; j++)
    for (const y of images(Array.from({ length: d }, (_, k) => x[k * n + j]!))) {
      const r2 = here.reduce((a, v, k) => a + (v - y[k]!) ** 2, 0);
      s += (w[j]! * Math.exp(-r2 / (2 * width * width))) / (2 * Math.PI * width * width) ** (d / 2);
    }
  return s;
}

describe("mollifier", () => {
  const walls: Space = makeBox({ lower: [0, 0], upper: [1, 2], cells: [2, 2] });
  const circle: Space = makeBox({ lower: [0, 0], upper: [1, 2], cells: [2, 2], periodic: [true, false] });
  const mirror = (v: number, hi: number): number[] => [v, -v, 2 * hi - v];
  const cases: readonly [string, Space, (y: number[]) => number[][]][] = [
    ["free plane", makeFree(2), (y) => [y]],
    ["free space of dimension 4", makeFree(4), (y) => [y]],
    ["box with walls", walls, ([a, b]) => mirror(a!, 1).flatMap((u) => mirror(b!, 2).map((v) => [u, v]))],
    ["box with a periodic axis", circle, ([a, b]) => [a! - 1, a!, a! + 1].flatMap((u) => mirror(b!, 2).map((v) => [u, v]))],
  ];
  it.each(cases)("density and gradient agree with plain sums over images: %s", (_name, space, images) => {
    const n = 120;
    const d = space.dim;
    const width = 0.04;
    const x = Float64Array.from(cloud(n, d, 1), (v, i) => (space.grid ? 0.5 * (v + 1) * (i < n ? 1 : 2) : 0.2 * v));
    const w = Float64Array.from({ length: n }, (_, i) => (1 + (i % 3)) / (2 * n));
    const rho = new Float64Array(n);
    const moll = openMollifier(space, n, width, plainHost());
    moll.density(x, w, rho);
    const at = (i: number): number[] => Array.from({ length: d }, (_, k) => x[k * n + i]!);
    for (let i = 0; i < n; i++) {
      const plain = plainDensity(at(i), x, w, width, images);
      expect(Math.abs(rho[i]! - plain)).toBeLessThan(1e-12 * plain);
    }
    // gradient of rho_i in its own point, the others fixed, by a centred difference of the plain sum
    const out = new Float64Array(d * n);
    moll.gradient(w, new Float64Array(n).fill(1), new Float64Array(n), out);
    const h = 1e-5;
    for (const i of [0, 17, 113])
      for (let k = 0; k < d; k++) {
        const shifted = [-1, 1].map((side) =>
          plainDensity(
            at(i).map((v, c) => v + (c === k ? side * h : 0)),
            x,
            w,
            width,
            images,
          ),
        );
        const slope = (shifted[1]! - shifted[0]!) / (2 * h);
        expect(Math.abs(out[k * n + i]! - slope)).toBeLessThan(2e-6 * (Math.abs(slope) + rho[i]! / width));
      }
  });
});

describe("blob: gradient flow of the regularised energy", () => {
  const spaces: readonly [string, Space, number][] = [
    ["free line", makeFree(1), 1],
    ["free plane", makeFree(2), 2],
    ["box with walls", makeBox({ lower: [-1, -1], upper: [1, 1], cells: [2, 2] }), 2],
  ];
  it.each(spaces)("the velocity is -grad F_phi / w_i by centred differences, entropy plus power plus potential: %s", (_name, space, d) => {
    const n = 12;
    const w = Array.from({ length: n }, (_, i) => (1 + (i % 4)) / 30);
    const field = quadraticField(d === 1 ? [1] : [1, 0.2, 0.2, 2], d === 1 ? [0.3] : [0.3, 0]);
    const p = problem([entropyPart(0.7), field, powerPart(2)], points(cloud(n, d, 0.9), d, w), { space });
    const scheme = build(blob, { step: 1, width: 0.15, time: "euler" });
    const stepper = scheme.open(p, plainHost());
    const s = copy(stepper.start());
    const to = copy(s);
    const dt = 1e-7;
    stepper.step(s, to, { t: 0, dt, index: 0, count: 1 });
    const [x, y] = [(s.measure as Particles).x, (to.measure as Particles).x];
    const F = (): number => stepper.energy!(s, 0).reduce<number>((a, v) => a + v!, 0);
    for (let i = 0; i < n * d; i += 5) {
      const v = (y[i]! - x[i]!) / dt;
      const keep = x[i]!;
      const h = 1e-5;
      x[i] = keep + h;
      const up = F();
      x[i] = keep - h;
      const down = F();
      x[i] = keep;
      expect(Math.abs(v + (up - down) / (2 * h) / w[i % n]!)).toBeLessThan(1e-5 * (1 + Math.abs(v)));
    }
    expect(stepper.energy!(s, 0).length).toBe(3);
  });
  it("the ledger closes: F_phi(0) - F_phi(t) is the time integral of the dissipation (Simpson)", () => {
    const p = problem([entropyPart(1)], gaussianLine(40));
    const scheme = build(blob, { step: 1e-3, width: 0.3, time: "rk4" });
    const stepper = scheme.open(p, plainHost());
    let a = copy(stepper.start());
    let b = copy(a);
    const dt = 2e-3;
    const before = stepper.energy!(a, 0)[0]!;
    let integral = 0;
    for (let k = 0; k <= 100; k++) {
      integral += (dt / 3) * (k === 0 || k === 100 ? 1 : k % 2 ? 4 : 2) * stepper.dissipation!(a, 0)!;
      if (k === 100) break;
      stepper.step(a, b, { t: k * dt, dt, index: k, count: 1 });
      [a, b] = [b, a];
    }
    const drop = before - stepper.energy!(a, 0)[0]!;
    expect(drop).toBeGreaterThan(0.1);
    expect(Math.abs(drop - integral)).toBeLessThan(1e-9);
  });
  it("centre of mass and weights are kept", () => {
    const w = Array.from({ length: 30 }, (_, i) => (i + 1) / 465);
    const p = problem([entropyPart(1), powerPart(3)], points(cloud(30, 2, 1), 2, w));
    const { state } = advance(build(blob, { step: 1, width: 0.2, time: "rk4" }), p, 0.05, 50);
    const m = state.measure as Particles;
    expect([...m.weight]).toEqual(w);
    for (let k = 0; k < 2; k++) {
      const centre = (x: ArrayLike<number>): number => w.reduce((s, v, i) => s + v * x[k * 30 + i]!, 0);
      expect(Math.abs(centre(m.x) - centre(p.initial.points!.x))).toBeLessThan(1e-13);
    }
  });
  it("uniform particles in a box with walls stay at rest at the mollified centre: the mirrored bump makes no force at the ends", () => {
    const n = 40;
    const x0 = Array.from({ length: n }, (_, i) => (i + 0.5) / n);
    const p = problem([entropyPart(1)], points(x0), { space: makeBox({ lower: [0], upper: [1], cells: [4] }) });
    const m = particlesAt(build(blob, { step: 1, width: 0.05, time: "rk4" }), p, 0.01, 20);
    x0.forEach((x, i) => {
      expect(m.x[i]).toBeCloseTo(x, 12);
    });
  });
  it("a step far too long ends as a failure, never as stale numbers", () => {
    const stepper = build(blob, { step: 1, width: 0.2, time: "rk4" }).open(problem([entropyPart(1), quadraticField([1], [0])], gaussianLine(20)), plainHost());
    const [from, to] = [copy(stepper.start()), copy(stepper.start())];
    expect(stepper.step(from, to, { t: 0, dt: 1e200, index: 0, count: 3 })).toMatchObject({ ok: false });
  });
  it("grouping steps into calls does not change a bit", () => {
    const p = problem([entropyPart(1)], points(cloud(50, 2, 1), 2));
    for (const time of ["rk4", "adaptive"]) {
      const scheme = build(blob, { step: 1, width: 0.2, time });
      expect([...particlesAt(scheme, p, 0.02, 16, 4).x]).toEqual([...particlesAt(scheme, p, 0.02, 16, 1).x]);
    }
  });
});

describe("blob: towards the flow", () => {
  const p = (n: number): Problem => problem([entropyPart(1)], gaussianLine(n));
  it("order 4 in the step at fixed width", () => {
    const scheme = build(blob, { step: 1, width: 0.4, time: "rk4" });
    const fine = secondMoment(particlesAt(scheme, p(30), 0.5, 640));
    const steps = [10, 20, 40];
    const errors = steps.map((k) => Math.abs(secondMoment(particlesAt(scheme, p(30), 0.5, k)) - fine));
    expect(Math.abs(orderOf(steps, errors) - 4)).toBeLessThan(0.4);
  });
  it("A1.1: heat flow from N(0, 1): the variance tends to 1 + 2t as width and spacing go to zero together", () => {
    const ns = [50, 100, 200, 400];
    const errors = ns.map((n) => Math.abs(secondMoment(adapted(blob, p(n), 0.25)) - secondMoment(adapted(blob, p(n), 0)) - 0.5));
    // the tails are thinner than the width wherever that stands: observed order 0.44 in n, falling
    expect(Math.abs(orderOf(ns, errors) - 0.44)).toBeLessThan(0.08);
    expect(errors[3]!).toBeLessThan(5e-3);
  });
  it("A4: Barenblatt m = 2, d = 1 from t = 1 to 2: second moment 0.8653497421844 * 2^{2/3}, order 1.32 in n: the square of the width n^{-2/3}", () => {
    const ns = [50, 100, 200, 400];
    const errors = ns.map((n) => Math.abs(secondMoment(adapted(blob, problem([powerPart(2)], barenblatt(n)), 1)) - 0.8653497421844 * 2 ** (2 / 3)));
    expect(Math.abs(orderOf(ns, errors) - 4 / 3)).toBeLessThan(0.1);
    expect(errors[3]!).toBeLessThan(1.4e-3);
  });
  it("kernel score: heat flow too, less closely; no energy and a reason why", () => {
    const scheme = build(blob, { step: 1, variant: "kernel-score", time: "rk4" });
    expect(scheme.noLedger).toMatch(/not the gradient/);
    const stepper = scheme.open(p(10), plainHost());
    expect(stepper.energy).toBeUndefined();
    expect(stepper.dissipation).toBeUndefined();
    const ns = [50, 100, 200, 400];
    const errors = ns.map((n) => Math.abs(secondMoment(adapted(blob, p(n), 0.25, { variant: "kernel-score" })) - secondMoment(adapted(blob, p(n), 0)) - 0.5));
    expect(Math.abs(orderOf(ns, errors) - 0.41)).toBeLessThan(0.08);
    expect(errors[3]!).toBeLessThan(0.033);
  });
  it("A2.1: OU rests near N(0, 1) with the energy F_phi falling all the way", () => {
    const q = problem([entropyPart(1), quadraticField([1], [0])], gaussianLine(50, 0.5));
    const scheme = build(blob, { step: 1, time: "rk4" });
    const stepper = scheme.open(q, plainHost());
    let a = copy(stepper.start());
    let b = copy(a);
    let last = Number.POSITIVE_INFINITY;
    for (let k = 0; k < 500; k++) {
      const F = stepper.energy!(a, 0).reduce<number>((s, v) => s + v!, 0);
      expect(F).toBeLessThan(last + 1e-13);
      last = F;
      stepper.step(a, b, { t: 0.005 * k, dt: 0.005, index: k, count: 1 });
      [a, b] = [b, a];
    }
    expect(Math.abs(secondMoment(a.measure as Particles) - 1)).toBeLessThan(0.05);
  });
  it("the default width is sqrt(12) sigma n^{-2/3} on the line, and needs spread", () => {
    const start = copy(build(blob, { step: 1 }).open(p(100), plainHost()).start()).measure as Particles;
    expect(defaultWidth(start)).toBeCloseTo(Math.sqrt(12 * secondMoment(start)) * 100 ** (-2 / 3), 12);
    expect(() => build(blob, { step: 1 }).open(problem([entropyPart(1)], points([1, 1])), plainHost())).toThrow(/width/);
    expect(() =>
      build(blob, { step: 1, width: 0.5 }).open(
        problem([entropyPart(1)], points([0.2, 0.3]), { space: makeBox({ lower: [0], upper: [1], cells: [4] }) }),
        plainHost(),
      ),
    ).toThrow(/holds widths up to/);
  });
});
