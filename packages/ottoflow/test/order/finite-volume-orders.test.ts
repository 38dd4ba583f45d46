import { describe, expect, test } from "vitest";
import type { Space } from "../../src/contract.ts";
import { fisherRao } from "../../src/geometry/fisher-rao.ts";
import { wassersteinFisherRao } from "../../src/geometry/wasserstein-fisher-rao.ts";
import { finiteVolumePromises } from "../../src/scheme/finite-volume.ts";
import { makeBox } from "../../src/space/box.ts";
import { attraction, entropy, field, l1, power, run, type Setup, slope } from "./finite-volume.fixtures.ts";

const harmonic = field(([x]) => (x! * x!) / 2);

/** exact cell averages of N(mean, variance) by the error of Simpson's rule, h^5: far below what is measured */
function normal(space: Space, mean: number, variance: number): Float64Array {
  const h = space.grid!.h[0]!;
  const at = (x: number): number => Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
  return Float64Array.from(space.cells!.centre, (x) => (at(x - h / 2) + 4 * at(x) + at(x + h / 2)) / 6);
}
function wave(space: Space, k: number, amplitude: number): Float64Array {
  const h = space.grid!.h[0]!;
  const damp = Math.sin((k * h) / 2) / ((k * h) / 2);
  return Float64Array.from(space.cells!.centre, (x) => 1 + amplitude * damp * Math.cos(k * x));
}

describe("order in the cell width on smooth data", () => {
  test.each([
    ["explicit", "scharfetter-gummel", 1],
    ["sdirk2", "scharfetter-gummel", 0.002],
    ["sdirk2", "square-root", 0.002],
  ] as const)("Ornstein–Uhlenbeck against A2, %s, %s", (time, flux, dt) => {
    const cells = [40, 80, 160];
    const errors = cells.map((count) => {
      const space = makeBox({ lower: [-5], upper: [5], cells: [count] });
      const { rho } = run({ space, parts: [entropy(), harmonic], time, flux }, normal(space, 1, 0.25), 0.5, dt);
      return l1(space, rho, normal(space, Math.exp(-0.5), 1 - 0.75 * Math.exp(-1)));
    });
    expect(Math.abs(-slope(cells, errors) - finiteVolumePromises[time].spaceOrder!)).toBeLessThan(0.2);
  });
  test.each([
    ["explicit", 1, false],
    ["explicit", 1, true],
    ["sdirk2", 5e-4, false],
    ["sdirk2", 5e-4, true],
  ] as const)("heat, %s (step at most %f), periodic %s: mode against e^{-k^2 t}", (time, dt, periodic) => {
    const k = periodic ? 2 * Math.PI : Math.PI;
    const cells = [16, 32, 64];
    const errors = cells.map((count) => {
      const space = makeBox({ lower: [0], upper: [1], cells: [count], periodic: [periodic] });
      const { rho } = run({ space, parts: [entropy()], time }, wave(space, k, 0.5), 0.02, dt);
      return l1(space, rho, wave(space, k, 0.5 * Math.exp(-k * k * 0.02)));
    });
    expect(Math.abs(-slope(cells, errors) - 2)).toBeLessThan(0.2);
  });
  test.each(["implicit", "sdirk2"] as const)("nonlinear diffusion without noise, smooth data, %s: slopes on the faces give order 2", (time) => {
    // self-convergence: a periodic porous medium wave has no closed form
    const cells = [24, 48, 96, 192];
    const results = cells.map((count) => {
      const space = makeBox({ lower: [0], upper: [1], cells: [count], periodic: [true] });
      return run(
        { space, parts: [power(2), field(([x]) => 0.3 * Math.sin(2 * Math.PI * x!))], time },
        wave(space, 2 * Math.PI, 0.5),
        0.01,
        time === "implicit" ? 5e-5 : 2.5e-4,
      ).rho;
    });
    const errors = [0, 1, 2].map((k) => {
      const coarse = results[k]!;
      const fine = results[k + 1]!;
      let sum = 0;
      for (let i = 0; i < coarse.length; i++) sum += Math.abs(coarse[i]! - (fine[2 * i]! + fine[2 * i + 1]!) / 2) / coarse.length;
      return sum;
    });
    expect(Math.abs(-slope(cells.slice(0, 3), errors) - 2)).toBeLessThan(0.2);
  });
});

describe("order in the step, against the same grid with a fine step", () => {
  const space = makeBox({ lower: [-4], upper: [4], cells: [64] });
  const circle = makeBox({ lower: [0], upper: [1], cells: [32], periodic: [true] });
  const growing = wassersteinFisherRao.build({ rate: 1, "keeps-mass": false } as never, { dim: 1, space });
  const moving = field(([x], t) => (x! - Math.sin(4 * t)) ** 2 / 2, true);
  const cases: readonly (readonly [string, Omit<Setup, "time">, Float64Array, number])[] = [
    ["Ornstein–Uhlenbeck", { space, parts: [entropy(), harmonic] }, normal(space, 1, 0.5), 0.5],
    ["moving well", { space, parts: [entropy(), moving] }, normal(space, 1, 0.5), 0.5],
    ["McKean–Vlasov", { space, parts: [entropy(0.5), harmonic, attraction(2)] }, normal(space, 1, 0.5), 0.5],
    ["porous medium and noise", { space: circle, parts: [entropy(0.3), power(2)] }, wave(circle, 2 * Math.PI, 0.5), 0.02],
    ["Wasserstein–Fisher–Rao", { space, parts: [entropy(), harmonic], geometry: growing }, normal(space, 1, 0.5), 0.5],
  ];
  test("Fisher–Rao with an interaction and a moving well, in the logarithm", () => {
    const geometry = fisherRao.build({ "keeps-mass": true } as never, { dim: 1, space });
    const setup: Setup = { space, parts: [entropy(0.5), moving, attraction(1)], geometry, time: "explicit" };
    const start = normal(space, 1, 0.5);
    const reference = run(setup, start, 0.5, 0.5 / 640).rho;
    const counts = [20, 40, 80];
    const errors = counts.map((n) => l1(space, run(setup, start, 0.5, 0.5 / n).rho, reference));
    expect(Math.abs(-slope(counts, errors) - 2)).toBeLessThan(0.2);
  });
  const variants = cases.flatMap((c) => (["implicit", "sdirk2", "explicit"] as const).map((time) => [c[0], time, c] as const));
  test.each(variants)("%s, %s", (_, time, [, setup, start, until]) => {
    // explicit steps must stay below the bound, which is (h^2 / 2) here
    const counts = time === "explicit" ? [160, 320, 640] : [10, 20, 40];
    const tight: Setup = { ...setup, time, tolerance: 1e-13 };
    const reference = run(tight, start, until, until / (counts[2]! * (time === "implicit" ? 64 : 8))).rho;
    const errors = counts.map((n) => {
      const ended = run(tight, start, until, until / n);
      expect(ended.steps).toBe(n);
      return l1(setup.space, ended.rho, reference);
    });
    expect(Math.abs(-slope(counts, errors) - finiteVolumePromises[time].order)).toBeLessThan(0.2);
  });
});

describe("A4 Barenblatt, t = 1 to 2, L1 error under joint refinement", () => {
  const constant: Record<string, number> = { "2,1": 0.3605623925769, "3,1": 0.1837762984739, "2,2": 0.1994711402007 };
  function profile(space: Space, m: number, t: number): Float64Array {
    const d = space.dim;
    const alpha = d / (d * (m - 1) + 2);
    const beta = alpha / d;
    const k = (beta * (m - 1)) / (2 * m);
    const { n, centre } = space.cells!;
    const parts = d === 1 ? 16 : 6;
    return Float64Array.from({ length: n }, (_, i) => {
      let sum = 0;
      for (let p = 0; p < parts ** d; p++) {
        let s = 0;
        for (let axis = 0; axis < d; axis++)
          s += (centre[axis * n + i]! + space.grid!.h[axis]! * (((Math.floor(p / parts ** axis) % parts) + 0.5) / parts - 0.5)) ** 2;
        sum += t ** -alpha * Math.max(0, constant[`${m},${d}`]! - k * s * t ** (-2 * beta)) ** (1 / (m - 1));
      }
      return sum / parts ** d;
    });
  }
  // step 2/n with h: backward Euler is of order one in the step, and hides what the cells do; the kink of the front costs the others up to half an order
  test.each([
    [2, "explicit", 1.82, 1e-4],
    [2, "implicit", 1, 1.3e-3],
    [2, "sdirk2", 1.41, 2e-4],
    [3, "explicit", 1.75, 8e-4],
    [3, "implicit", 1.3, 1.7e-3],
    [3, "sdirk2", 1.86, 8e-4],
  ] as const)("m = %i, d = 1, %s: order %f within 0.1, error at 100 cells below %f", (m, time, order, most) => {
    const cells = [50, 100, 200];
    const errors = cells.map((count) => {
      const space = makeBox({ lower: [-4], upper: [4], cells: [count] });
      return l1(space, run({ space, parts: [power(m)], time }, profile(space, m, 1), 2, 2 / count, 1).rho, profile(space, m, 2));
    });
    expect(Math.abs(-slope(cells, errors) - order)).toBeLessThan(0.1);
    expect(errors[1]).toBeLessThan(most);
  });
  test.each([
    ["explicit", 1.72, 1.1e-3],
    ["implicit", 1.02, 5e-3],
    ["sdirk2", 1.41, 1.8e-3],
  ] as const)("m = 2, d = 2, %s: order %f within 0.1 and at least 1, error at 40 x 40 cells below %f", (time, order, most) => {
    const cells = [20, 40];
    const errors = cells.map((count) => {
      const space = makeBox({ lower: [-3, -3], upper: [3, 3], cells: [count, count] });
      return l1(space, run({ space, parts: [power(2)], time }, profile(space, 2, 1), 2, 2 / count, 1).rho, profile(space, 2, 2));
    });
    const seen = Math.log2(errors[0]! / errors[1]!);
    expect(Math.abs(seen - order)).toBeLessThan(0.1);
    expect(seen).toBeGreaterThanOrEqual(1);
    expect(errors[1]).toBeLessThan(most);
  });
});

describe("A5 fast diffusion", () => {
  test("m = 2/3, d = 1, sdirk2: L1 error at t = 2, and vacuum-free data stay positive", () => {
    const profile = (space: Space, t: number): Float64Array =>
      Float64Array.from(space.cells!.centre, (x) => t ** -0.6 * (1.560465618481 + (0.6 / 4) * x * x * t ** -1.2) ** -3);
    const space = makeBox({ lower: [-20], upper: [20], cells: [400] });
    const ended = run({ space, parts: [power(2 / 3)], time: "sdirk2" }, profile(space, 1), 2, 0.01, 1);
    expect(l1(space, ended.rho, profile(space, 2))).toBeLessThan(5e-4);
    expect(ended.minimum).toBeGreaterThan(0);
  });
});
