import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Part, Problem, Proximal } from "../../src/contract.ts";
import { entropyPart } from "../../src/energy/entropy.ts";
import { powerPart } from "../../src/energy/power.ts";
import { gaussianLaw } from "../../src/measure/gaussian.ts";
import { gaussian } from "../../src/proximal/gaussian.ts";
import { particles } from "../../src/proximal/particles.ts";
import { quantile } from "../../src/proximal/quantile.ts";
import { atoms, logRepulsion, march, problemOf, radialPair, springs } from "./jko-fixtures.ts";

/** A proximal that stops where its gap is below `tolerance` of the energy scale: loose ones stop early and must still tell the truth. */
const makers = {
  quantile: (tolerance: number) => quantile.build({ levels: 120, grading: "tails", tolerance, iterations: 200 } as never, {} as never) as Proximal,
  gaussian: (tolerance: number) => gaussian.build({ tolerance, nodes: undefined } as never, {} as never) as Proximal,
  particles: (tolerance: number) => particles.build({ tolerance, iterations: 200 } as never, {} as never) as Proximal,
};
const objective = (maker: (tolerance: number) => Proximal, p: Problem, tau: number, tolerance: number) => {
  const run = march(maker(tolerance), p, tau, 1);
  const info = run.infos[0]!;
  expect(info.ok, info.reason).toBe(true);
  return { value: run.energies[1]! + info.cost!, gap: info.gap!, iterations: info.iterations! };
};

describe("the gap bounds how far the step is from its minimiser", () => {
  test.each(["quantile", "gaussian", "particles"] as const)("%s: V = 3 x^2/2, mass 2, where the bound is an equality", (kind) => {
    const initial = kind === "particles" ? { ...atoms([-1, 0.5, 2]), mass: 2 } : gaussianLaw([0.4], [1.3], { mass: 2 });
    const p = problemOf([springs([3], [0])], initial);
    const stopped = objective(makers[kind], p, 0.1, 0.99);
    const solved = objective(makers[kind], p, 0.1, 1e-22);
    expect(stopped.iterations).toBe(0);
    expect(stopped.gap).toBeGreaterThan(0.1);
    // J(x_k) - min J = lambda^2 m2 / (2 (1/tau + lambda)) = F(x_k) lambda / (1/tau + lambda)
    expect(stopped.gap).toBeCloseTo((stopped.value * 3) / 13, 10);
    expect(stopped.value - solved.value).toBeCloseTo(stopped.gap, 10);
    expect(solved.iterations).toBeLessThanOrEqual(2);
  });
  const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
  test("any problem, any moment of stopping", () => {
    const kinds: readonly (readonly [keyof typeof makers, readonly Part[]])[] = [
      ["quantile", [entropyPart(0.5), springs([1], [0.3])]],
      ["quantile", [powerPart(2), springs([0.2], [0.3])]],
      ["quantile", [logRepulsion()]],
      ["gaussian", [entropyPart(1), springs([2], [-1])]],
      ["particles", [logRepulsion(), springs([1], [0])]],
    ];
    fc.assert(
      fc.property(fc.constantFrom(...kinds), number(0.05, 3), number(0.3, 2), number(-14, -0.1), ([kind, parts], tau, deviation, digits) => {
        const initial = kind === "particles" ? atoms([-2, -0.3, 0.1, 0.9, 1].map((x) => x * deviation)) : gaussianLaw([0.7], [deviation ** 2]);
        const p = problemOf(parts, initial);
        const loose = objective(makers[kind], p, tau, 10 ** digits);
        const tight = objective(makers[kind], p, tau, 1e-24);
        expect(loose.value - tight.value).toBeLessThanOrEqual(loose.gap * (1 + 1e-9) + 1e-12 * (1 + Math.abs(tight.value)));
      }),
      { numRuns: 60, seed: 21 },
    );
  });
  test("quadratic pairs and potentials are solved in one Newton step", () => {
    const pair = radialPair(
      "3 r^2 / 2",
      (r) => 1.5 * r * r,
      (r) => 3 * r,
      () => 3,
      { quadratic: 3 },
    );
    for (const kind of ["quantile", "gaussian", "particles"] as const) {
      const p = problemOf([pair, springs([1], [0.5])], kind === "particles" ? atoms([-1, 0.2, 2]) : gaussianLaw([1], [2]));
      expect(objective(makers[kind], p, 0.7, 1e-18).iterations).toBe(1);
    }
  });
});

test("a proximal that does not report tau^2 E_n gets it from its energies, the same number", () => {
  const plain = makers.particles(1e-24);
  const silent: Proximal = {
    ...plain,
    open(p, host) {
      const s = plain.open(p, host);
      return { ...s, prox: (from, to, tau, t) => ({ ...s.prox(from, to, tau, t), posterior: undefined }) };
    },
  };
  const p = problemOf([logRepulsion(), springs([1], [0])], atoms([-1, 0.2, 2]));
  const [a, b] = [plain, silent].map((prox) => march(prox, p, 0.3, 3));
  expect(a!.infos[0]!.posterior).toBeGreaterThan(0);
  for (let k = 0; k < 3; k++) {
    expect(b!.infos[k]!.posterior).toBeCloseTo(a!.infos[k]!.posterior!, 13);
    expect(a!.infos[k]!.posterior).toBeCloseTo(0.3 * (a!.energies[k]! - a!.energies[k + 1]!) - 0.6 * a!.infos[k]!.cost!, 13);
  }
  expect(b!.state.memory.jko![3]).toBeCloseTo(a!.state.memory.jko![3]!, 13);
});
