import { describe, expect, it } from "vitest";
import type { Host, Part, Particles, Problem, Scheme } from "../../src/contract.ts";
import { doubleWell } from "../../src/energy/double-well.ts";
import { scalePart } from "../../src/energy/scale.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { openHost } from "../../src/kernels/open.ts";
import { langevin } from "../../src/scheme/langevin.ts";
import { runsFused } from "../../src/scheme/ode/langevin-fused.ts";
import { makeBox } from "../../src/space/box.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { euler, formula, moment, normals, onSimd, within } from "./langevin-fixtures.ts";
import { build, entropyPart, problem, quadraticField, radialPair } from "./motion.ts";

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
