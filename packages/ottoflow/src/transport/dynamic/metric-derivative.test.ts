import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { As, Measure } from "../../contract.ts";
import { makeBox } from "../../space/box.ts";
import { makeFree } from "../../space/free.ts";
import { benamouBrenierPath } from "./benamou-brenier.ts";
import { hodge, leastMotion, metricDerivative } from "./metric-derivative.ts";

const line = (n: number, lower: number, upper: number, periodic = false) => makeBox({ lower: [lower], upper: [upper], cells: [n], periodic: [periodic] });
const square = (n: number, half: number) => makeBox({ lower: [-half, -half], upper: [half, half], cells: [n, n] });
const normal = (x: number, m: number, s: number) => Math.exp(-((x - m) ** 2) / (2 * s * s)) / (s * Math.sqrt(2 * Math.PI));
const cells = (space: ReturnType<typeof makeBox>, rho: Float64Array): As<"cells"> => ({ rep: "cells", space, rho });
const onLine = (space: ReturnType<typeof makeBox>, f: (x: number) => number) =>
  cells(
    space,
    Float64Array.from(space.cells!.centre, (x) => f(x)),
  );
const onSquare = (space: ReturnType<typeof makeBox>, f: (x: number, y: number) => number) => {
  const { n, centre } = space.cells!;
  return Float64Array.from({ length: n }, (_, i) => f(centre[i]!, centre[n + i]!));
};

describe("metric derivative of known curves", () => {
  const order = (curve: (x: number, t: number) => number, speed: number, [few, many]: readonly [number, number]) => {
    const error = (n: number) => {
      const space = line(n, -6, 6);
      const dt = 20 / n;
      return Math.abs(metricDerivative([-dt / 2, dt / 2].map((t) => ({ t, measure: onLine(space, (x) => curve(x, t)) }))).speed[0]! - speed);
    };
    return Math.log2(error(few) / error(many));
  };
  test("N(0, (1 + t)^2) goes at speed 1, with order 2 in the step and the cell", () => {
    const found = order((x, t) => normal(x, 0, 0.7 * (1 + t)), 0.7, [200, 400]);
    expect(found).toBeGreaterThan(1.8);
    expect(found).toBeLessThan(2.3);
  });
  test("translation at speed 2 has |rho'| = 2, with order 4, since int rho'' = 0", () => {
    const found = order((x, t) => normal(x, 2 * t, 0.6), 2, [100, 200]);
    expect(found).toBeGreaterThan(3.5);
    expect(found).toBeLessThan(4.4);
  });
  test("along the heat flow |rho'|^2 is the Fisher information, 1 / s^2 for N(0, s^2)", () => {
    const space = line(300, -9, 9);
    const { speed } = metricDerivative([0.499, 0.501].map((t) => ({ t, measure: onLine(space, (x) => normal(x, 0, Math.sqrt(2 * t))) })));
    expect(speed[0]! ** 2).toBeCloseTo(1, 2);
  });
  test("the driving velocity of a scaling curve is x s' / s", () => {
    const space = line(160, -5, 5);
    const { motions } = metricDerivative([0.995, 1.005].map((s) => ({ t: s, measure: onLine(space, (x) => normal(x, 0, s)) })));
    const { velocity } = motions![0]!;
    space.cells!.centre.forEach((x, i) => {
      const face = x + 10 / 320;
      if (Math.abs(face) < 2.5) expect(velocity[0]![i]).toBeCloseTo(face, 1);
    });
  });
  test("on a circle a wave 1 + cos(x - t) / 2 is driven by less than rotation: |rho'|^2 = 1 - 2 pi / int dx / rho = 1 - sqrt(3) / 2 of the mass", () => {
    const space = line(200, 0, 2 * Math.PI, true);
    const dt = 1e-3;
    const { speed } = metricDerivative([-dt / 2, dt / 2].map((t) => ({ t, measure: onLine(space, (x) => (1 + Math.cos(x - t) / 2) / (2 * Math.PI)) })));
    // flux rho - c with int (rho - c) / rho = 0: int (rho - c)^2 / rho = 1 - (2 pi)^2 / int 1 / rho, int 1 / rho = (2 pi)^2 / sqrt(3 / 4)
    expect(speed[0]! ** 2).toBeCloseTo(1 - Math.sqrt(3) / 2, 3);
  });
  test("a path of Benamou and Brenier has length W2, and its metric derivative is the speed of its frames", () => {
    const space = line(40, 0, 1);
    const [a, b] = [0.35, 0.65].map((m) => onLine(space, (x) => normal(x, m, 0.08)));
    const total = (r: ArrayLike<number>) => Array.from(r).reduce((x, y) => x + y, 0);
    const s = total(a!.rho) / total(b!.rho);
    const path = benamouBrenierPath(
      a!,
      cells(
        space,
        Float64Array.from(b!.rho, (v) => v * s),
      ),
      { steps: 10, times: [0, 0.25, 0.5, 0.75, 1], tolerance: 1e-3 },
    );
    const { length, action } = metricDerivative(path.frames);
    expect(Math.abs(length - 0.3)).toBeLessThan(6e-3);
    expect(action).toBeGreaterThanOrEqual(length ** 2 * (1 - 1e-12));
    expect(action).toBeLessThan(length ** 2 * 1.02);
  });
});

describe("quantiles and Gaussians", () => {
  test("quantile functions: sqrt(int |X'|^2)", () => {
    const level = Float64Array.from([0, 0.5, 1]);
    const at = (t: number): Measure => ({ rep: "quantiles", space: makeFree(1), x: Float64Array.of(t, t + 1, t + 2), level, mass: 4 });
    expect(metricDerivative([0, 0.5, 2].map((t) => ({ t, measure: at(t) }))).length).toBeCloseTo(2 * Math.sqrt(4), 12);
  });
  test("Gaussians: means and Bures", () => {
    const at = (t: number): Measure => ({
      rep: "gaussian",
      space: makeFree(2),
      mean: Float64Array.of(3 * t, 0),
      cov: Float64Array.of((1 + 4 * t) ** 2, 0, 0, 1),
      mass: 1,
    });
    expect([...metricDerivative([0, 1].map((t) => ({ t, measure: at(t) }))).speed]).toEqual([expect.closeTo(5, 12)]);
  });
});

describe("Hodge: what changes the density and what leaves it in place", () => {
  const half = 4;
  const n = 48;
  const space = square(n, half);
  const rho = onSquare(space, (x, y) => normal(x, 0, 0.8) * normal(y, 0, 0.8));
  const rotation = (omega: number) => new Float64Array([...onSquare(space, (_, y) => -omega * y), ...onSquare(space, (x) => omega * x)]);
  test("rotation of a round Gaussian is all circulation: int |x|^2 rho = 2 s^2", () => {
    const { energy, gradient } = hodge(space, rho, rotation(1));
    expect(energy.circulation).toBeCloseTo(2 * 0.64, 2);
    expect(energy.gradient).toBeLessThan(1e-3);
    expect(gradient.defect).toBe(0);
  });
  test("translation and rotation: the energies add up, and the gradient is the translation", () => {
    const v = rotation(0.7).map((u, q) => u + (q < n * n ? 1.5 : -0.5));
    const { energy, gradient } = hodge(space, rho, v);
    expect(energy.given).toBeCloseTo(energy.gradient + energy.circulation, 10);
    expect(energy.gradient).toBeCloseTo(2.5, 2);
    expect(energy.circulation).toBeCloseTo(2 * 0.64 * 0.49, 2);
    const middle = (n / 2) * n + n / 2;
    expect(gradient.velocity[0]![middle]).toBeCloseTo(1.5, 1);
    expect(gradient.velocity[1]![middle]).toBeCloseTo(-0.5, 1);
  });
  test("a gradient has no circulation, also around an obstacle where it does not push against it", () => {
    const obstacle = Uint8Array.from({ length: n * n }, (_, i) => (Math.floor(i / n) === 20 && i % n < 30 ? 1 : 0));
    const open = Float64Array.from(rho, (r, i) => (obstacle[i] ? 0 : r));
    const first = hodge(space, open, rotation(1), obstacle);
    const again = hodge(space, open, first.gradient.velocity, obstacle);
    expect(again.energy.circulation).toBeLessThan(1e-12);
    expect(again.energy.gradient).toBeCloseTo(first.energy.gradient, 9);
    expect(first.energy.gradient).toBeGreaterThan(0.01); // the wall is in the way of turning
  });
});

test("property: the motion explains the change exactly, and its energy is the least", () => {
  const density = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 20, maxLength: 20 });
  const space = makeBox({ lower: [0, 0], upper: [1, 1.25], cells: [4, 5] });
  fc.assert(
    fc.property(density, density, density, (rho, change, curl) => {
      const mean = change.reduce((s, v) => s + v, 0) / 20;
      const rate = change.map((v) => v - mean);
      const least = leastMotion(space, rho, rate);
      expect(least.unexplained).toBeLessThan(1e-10);
      // <v, m> = <phi, rate> by parts
      expect(least.energy).toBeCloseTo(
        least.potential.reduce((s, p, i) => s + p * rate[i]! * (1.25 / 20), 0),
        9,
      );
      // a rotation of flux around each corner adds energy
      const flux = least.flux.map((row) => row.slice());
      for (let i = 0; i < 3; i++)
        for (let j = 0; j < 4; j++) {
          const w = curl[i * 5 + j]!;
          flux[0]![i * 5 + j]! += w / 0.25;
          flux[0]![i * 5 + j + 1]! -= w / 0.25;
          flux[1]![i * 5 + j]! -= w / 0.25;
          flux[1]![(i + 1) * 5 + j]! += w / 0.25;
        }
      let more = 0;
      for (const [k, stride] of [5, 1].entries())
        for (let i = 0; i < 20; i++) if (least.flux[k]![i] !== 0) more += (flux[k]![i]! ** 2 / ((rho[i]! + rho[i + stride]!) / 2)) * (1.25 / 20);
      expect(more).toBeGreaterThanOrEqual(least.energy * (1 - 1e-9));
    }),
    { numRuns: 20, seed: 5 },
  );
});

describe("emptiness", () => {
  const space = line(9, 0, 9);
  test("mass that jumps over emptiness has no velocity: the metric derivative is infinite, and what jumped is said", () => {
    const { energy, defect } = leastMotion(space, [1, 1, 0, 0, 0, 0, 0, 1, 1], [-0.5, 0, 0, 0, 0, 0, 0, 0, 0.5]);
    expect(energy).toBe(Number.POSITIVE_INFINITY);
    expect(defect).toBeCloseTo(1, 12);
  });
  test("each island may move by itself", () => {
    const { energy, defect, velocity } = leastMotion(space, [1, 1, 0, 0, 0, 0, 0, 1, 1], [-0.5, 0.5, 0, 0, 0, 0, 0, 0.25, -0.25]);
    expect(defect).toBe(0);
    expect(energy).toBeCloseTo(0.25 + 0.0625, 12);
    expect([velocity[0]![0], velocity[0]![7]]).toEqual([expect.closeTo(0.5, 12), expect.closeTo(-0.25, 12)]);
  });
  test("mass out of nothing is no motion", () =>
    expect(leastMotion(space, new Float64Array(9).fill(1), [1, 0, 0, 0, 0, 0, 0, 0, 0]).energy).toBe(Number.POSITIVE_INFINITY));
});

test.each([
  ["one frame", () => metricDerivative([{ t: 0, measure: onLine(line(4, 0, 1), () => 1) }]), "at least 2"],
  ["times that stand still", () => metricDerivative([0, 0].map((t) => ({ t, measure: onLine(line(4, 0, 1), () => 1) }))), "rising"],
  [
    "particles",
    () =>
      metricDerivative(
        [0, 1].map((t) => ({ t, measure: { rep: "particles", space: makeFree(1), n: 1, x: Float64Array.of(t), weight: Float64Array.of(1) } as Measure })),
      ),
    "plan",
  ],
  ["a negative density", () => leastMotion(line(2, 0, 1), [1, -1], [0, 0]), "cell 1 has the density -1"],
  ["a rate of another size", () => leastMotion(line(2, 0, 1), [1, 1], [0, 0, 0]), "expected 2"],
])("%s is refused", (_, act, words) => {
  expect(act).toThrow(words);
});
