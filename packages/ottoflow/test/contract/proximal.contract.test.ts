/** Every proximal: a step beats standing still, keeps mass, and vanishes with tau at the rate of the slope. */
import { describe, expect, test } from "vitest";
import { openFunctional, total } from "../../src/energy/total.ts";
import { cloneState, copyRows } from "../../src/flow/state.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { massOf } from "../../src/measure/rows.ts";
import { lacks } from "../../src/spec/lacks.ts";
import { casesOf } from "./units.ts";
import { zoo } from "./zoo.ts";

const specimens = await zoo();
const host = plainHost();

describe.each(await casesOf("proximal"))("$name", (c) => {
  test("JKO inequality F(rho') + d^2/2tau <= F(rho) up to its certified gap, mass kept, input untouched", { timeout: 60_000 }, async () => {
    const prox = await c.build();
    const fitting = specimens.filter(({ problem }) => lacks(problem, prox.takes).length === 0);
    expect(fitting.length).toBeGreaterThan(0);
    for (const { name, problem } of fitting) {
      const stepper = prox.open(problem, host);
      const from = stepper.start();
      const to = cloneState(from, host);
      const before = copyRows(from);
      const functional = openFunctional(problem.parts, problem.space, host);
      const energy = (s: typeof from): number => total(stepper.energy?.(s, 0) ?? functional.values(s.measure, 0))!;
      for (const tau of [0.02, 0.2]) {
        const info = stepper.prox(from, to, tau, 0);
        expect([name, tau, info.ok, info.reason]).toEqual([name, tau, true, undefined]);
        expect(energy(to) + info.cost! - energy(from), `${name} tau ${tau}`).toBeLessThanOrEqual((info.gap ?? 0) + 1e-11 * (1 + Math.abs(energy(from))));
        expect(info.cost).toBeGreaterThanOrEqual(0);
        expect(Math.abs(massOf(to.measure) / massOf(from.measure) - 1)).toBeLessThan(1e-12);
        expect(copyRows(from)).toEqual(before);
      }
    }
  });
  test("the cost d^2/2tau of shrinking tau falls at least like tau to the first order", async () => {
    const prox = await c.build();
    const { problem } = specimens.find(({ problem: p }) => lacks(p, prox.takes).length === 0)!;
    const stepper = prox.open(problem, host);
    const from = stepper.start();
    const to = cloneState(from, host);
    const cost = (tau: number): number => stepper.prox(from, to, tau, 0).cost!;
    // d^2 <= tau^2 |dF|^2 where the slope is finite: halving tau halves the cost, up to second order
    expect(cost(0.001) / cost(0.002)).toBeLessThan(0.55);
  });
});
