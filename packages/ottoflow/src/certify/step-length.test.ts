import { describe, expect, test } from "vitest";
import type { Check } from "../contract.ts";
import type { Beat, Checkpoint, Run } from "../flow.ts";
import { covOf } from "../measure/rows.ts";
import { run } from "../run.ts";
import { stepLength } from "./step-length.ts";

const line = { kind: "free", dimension: 1 };
const plane = { kind: "free", dimension: 2 };
const start = { kind: "gaussian", mean: [0.3], deviation: [1], count: 500 };
const checkOf = (r: Run): Check => r.checks.find((check) => check.kind === "step-length")!;
const stepOf = async (spec: object): Promise<Check> => checkOf(await run(spec));

/** Explicit steps of x' = -stiffness x. */
const parabola = (stiffness: number, scheme: object): object => ({
  energy: [{ kind: "quadratic", matrix: stiffness }],
  space: line,
  initial: start,
  scheme: { kind: "particles", ...scheme },
  until: 2,
});
/** Sampled from exp(-stiffness x^2 / 2) at rest. */
const sampled = (stiffness: number, scheme: object, until = 40): object => ({
  energy: ["entropy", { kind: "quadratic", matrix: stiffness }],
  space: line,
  initial: { kind: "gaussian", mean: [0], deviation: [1 / Math.sqrt(stiffness)], count: 8000 },
  scheme: { kind: "langevin", ...scheme },
  until,
});
const attraction = (scheme: object, count: number, until: number): object => ({
  energy: [{ kind: "interaction", kernel: { kind: "logarithmic", factor: -1 } }],
  space: plane,
  initial: { kind: "gaussian", mean: [0, 0], deviation: [1], count },
  scheme: { kind: "particles", ...scheme },
  until,
});

describe("a parabola of curvature L: kappa is step * L, whatever the method", () => {
  test.each([
    ["euler", 0.05, 1],
    ["euler", 0.05, 30],
    ["rk4", 0.05, 30],
    ["rk4", 0.1, 25],
  ])("%s, step %d, L = %d", async (time, step, L) => {
    expect((await stepOf(parabola(L, { time, step }))).value).toBeCloseTo(step * L, 9);
  });
  test.each([
    ["euler-maruyama", 0.1, 4],
    ["leimkuhler-matthews", 0.25, 4],
    ["euler-maruyama", 0.02, 1],
  ])("sampled by %s, step %d, L = %d", async (method, step, L) => {
    expect((await stepOf(sampled(L, { method, step }, 2))).value).toBeCloseTo(step * L, 9);
  });
  test("sampled by particles that feel each other: attraction by |x - y|^2 / 2 is a parabola of curvature 1 round the mean", async () => {
    const spec = { ...sampled(1, { step: 0.05 }, 2), energy: ["entropy", { kind: "interaction", kernel: { kind: "power", p: 2 } }] };
    const { value, verdict } = await stepOf({ ...spec, initial: { ...start, count: 400 } });
    // the mean itself is not pulled back: a share 1 / count of the way
    expect(value! / 0.05).toBeGreaterThan(0.99);
    expect(value! / 0.05).toBeLessThan(1 + 1e-12);
    expect(verdict).toBe("pass");
  });
});

describe("verdicts are those of the closed forms", () => {
  test.each([
    ["euler", 0.1, 1, "pass", false], // 1 - 0.1 for e^{-0.1}: rate 5 % too large
    ["euler", 0.1, 5, "reported", false], // 1/2 for e^{-1/2}
    ["euler", 0.1, 15, "fail", false], // -1/2 a step: overshoots, and comes to rest
    ["euler", 0.1, 30, "fail", true], // -2 a step
    ["rk4", 0.1, 13, "pass", false],
    ["rk4", 0.1, 20, "fail", false], // 1/3 for e^{-2}
    ["rk4", 0.1, 30, "fail", true], // 11/8 a step
  ])("%s, step %d, L = %d: %s, hard %s", async (time, step, L, verdict, hard) => {
    const r = await run(parabola(L, { time, step }));
    const check = checkOf(r);
    expect([check.verdict, check.hard, r.holds]).toEqual([verdict, hard, !hard]);
    if (verdict !== "pass") expect(check.detail).toMatch(/Take a step below .* a method that adapts its steps, or an implicit scheme/);
  });
  test("the error it tells is the one of the rate: -log(1 - kappa) / kappa - 1 for Euler", async () => {
    const { detail } = await stepOf(parabola(1, { time: "euler", step: 0.1 }));
    const told = Number(/off by about ([\d.]+) %/.exec(detail)![1]) / 100;
    expect(told / (-Math.log(1 - 0.1) / 0.1 - 1)).toBeGreaterThan(0.9);
    expect(told / (-Math.log(1 - 0.1) / 0.1 - 1)).toBeLessThan(1.1);
  });
  test("the step it asks for passes", async () => {
    const { detail } = await stepOf(parabola(30, { time: "euler", step: 0.1 }));
    const step = Number(/Take a step below ([\d.]+) if/.exec(detail)![1]);
    expect((await stepOf(parabola(30, { time: "euler", step }))).verdict).toBe("pass");
  });
  test("a drift has no energy to climb: a linear one that pulls too hard is told by its last steps", async () => {
    const spec = { ...parabola(1, { time: "euler", step: 0.1 }), energy: [], drift: [{ kind: "advection", velocity: ["-30*x"] }] };
    const check = await stepOf(spec);
    expect([check.verdict, check.hard]).toEqual(["fail", true]);
    expect(check.detail).toContain("the last 20 looks lie beyond 2");
  });
  test("one step beyond the reach at the end, where hardly anything moves, is told with its time", async () => {
    const drift = [{ kind: "advection", velocity: ["-(15.5 + 14.5*tanh(1000*(t - 4.95)))*x"] }];
    const check = await stepOf({ ...parabola(1, { time: "euler", step: 0.1 }), energy: [], drift, until: 5 });
    // the force becomes 30 times as strong: from v = -x to -30 * 0.9 x over a way of 0.1 x
    expect(check.detail).toContain("largest 26.0 at t = 5, where 100 % of the mass is above 1; at its worst the step was beyond 2,");
    expect(check.value!).toBeLessThan(0.2);
    expect([check.verdict, check.hard]).toEqual(["reported", false]);
  });
  test("looks that are further apart than steps see the steps they look at", async () => {
    const drift = [{ kind: "advection", velocity: ["-x"] }];
    const spec = { ...parabola(1, { time: "euler", step: 0.1 }), energy: [], drift, observe: { trace: { steps: 2 } } };
    const check = await stepOf(spec);
    expect(check.value).toBeCloseTo(0.1, 9);
    expect(check.detail).toContain("over 10 looks");
  });
  test("steps that are chosen by their error are left alone", async () => {
    expect((await stepOf(parabola(30, { time: "adaptive", step: 0.1 }))).verdict).toBe("not-applicable");
  });
});

describe("Euler–Maruyama in a parabola comes to rest at the variance 1 / (L (1 - step L / 2))", () => {
  test.each([
    [0.1, "pass"],
    [0.5, "reported"],
    [1.2, "fail"],
  ] as const)("step L = %d: %s", async (kappa, verdict) => {
    const r = await run(sampled(4, { step: kappa / 4 }, 15));
    const check = checkOf(r);
    expect([check.verdict, check.hard]).toEqual([verdict, false]);
    const excess = 4 * covOf(r.last.measure)[0]! - 1;
    const bias = check.value! / (2 - check.value!);
    // five standard errors of a variance over 8000 particles
    expect(Math.abs(excess - bias)).toBeLessThan(5 * (1 + bias) * Math.sqrt(2 / 8000));
  });
  test("beyond 2 it has none, and the failure is hard", async () => {
    const r = await run(sampled(4, { step: 0.55 }, 110));
    expect([checkOf(r).verdict, checkOf(r).hard, r.holds]).toEqual(["fail", true, false]);
  });
});

describe("forces that no parabola bounds", () => {
  // sum_i w_i x_i . v_i = -(1 - 1 / n) / 2 whatever the places: all meet in the centre at E|x|^2 / (1 - 1 / n), about t = 2
  test.each([
    ["euler", 0.1],
    ["euler", 0.02],
    ["rk4", 0.1],
    ["rk4", 0.02],
  ])("attraction by log r until all is one point: %s with step %d is told, as proved wrong", async (time, step) => {
    const r = await run(attraction({ time, step }, 400, 2.5));
    expect([checkOf(r).verdict, checkOf(r).hard, r.holds]).toEqual(["fail", true, false]);
    expect(checkOf(r).detail).toContain("a gradient flow never climbs");
  });
  test("before that, where only few are near each other, it says at which time and for how many", async () => {
    const check = await stepOf(attraction({ time: "rk4", step: 0.01 }, 400, 0.3));
    expect(check.verdict).not.toBe("pass");
    expect(check.hard).toBe(false);
    expect(check.detail).toMatch(/largest [\d.]+ at t = 0\.\d+, where \d[\d.]* % of the mass is above 1/);
  });
  // the stiffest modes hardly move until the step is too long for them
  test.each([
    ["euler", 0.05, "pass"],
    ["euler", 0.1, "reported"],
    ["euler", 0.5, "fail"],
    ["rk4", 0.05, "pass"],
    ["rk4", 0.1, "fail"],
  ] as const)("50 particles that repel each other by log r in a parabola, %s with step %d: %s", async (time, step, verdict) => {
    const gas = (scheme: object): object => ({
      energy: [
        { kind: "interaction", kernel: "logarithmic" },
        { kind: "quadratic", matrix: 1 },
      ],
      space: line,
      initial: { kind: "semicircle", radius: 1, count: 50, placement: "low-discrepancy" },
      scheme: { kind: "particles", ...scheme },
      until: 1,
    });
    const [r, fine] = [await run(gas({ time, step })), await run(gas({ time: "rk4", step: 0.002 }))];
    expect(checkOf(r).verdict).toBe(verdict);
    const energy = (one: Run): number => one.trace.energy!.at(-1)!;
    const off = Math.abs(energy(r) - energy(fine)) / (fine.trace.energy![0]! - energy(fine));
    if (verdict === "pass") expect(off).toBeLessThan(0.01);
    if (time === "rk4" && verdict === "fail") expect(off).toBeGreaterThan(0.3);
  });
  test("a steep quartic, sampled: where particles still hold together the step is told to be too long", async () => {
    const quartic = (step: number): object => ({
      energy: ["entropy", { kind: "potential", formula: "50*x^4" }],
      space: line,
      initial: { kind: "gaussian", mean: [0], deviation: [0.1], count: 1000 },
      scheme: { kind: "langevin", step },
      until: 0.5,
    });
    expect((await stepOf(quartic(0.0005))).verdict).toBe("pass");
    expect((await stepOf(quartic(0.01))).verdict).toBe("reported");
    const wild = await run(quartic(0.02));
    expect([checkOf(wild).verdict, wild.status, wild.holds]).toEqual(["fail", "not-finite", false]);
    expect(checkOf(wild).detail).toContain("Take a step that is much shorter if");
  });
  test("trembling about the kink of |x| in steps that are small beside the way there is no proof of anything", async () => {
    const kink = (step: number): object => ({
      energy: [{ kind: "potential", formula: "abs(x)" }],
      space: line,
      initial: { kind: "gaussian", mean: [3], deviation: [0.3], count: 100 },
      scheme: { kind: "particles", time: "euler", step },
      until: 4,
    });
    for (const step of [0.03, 0.1]) {
      const r = await run(kink(step));
      expect([checkOf(r).hard, r.holds]).toEqual([false, true]);
    }
  });
});

test("looking changes no number, and a run that goes on from a checkpoint says the same", async () => {
  const { flow } = await import("../flow.ts");
  const { plainHost } = await import("../kernels/host.ts");
  const { resolveSpec } = await import("../spec/resolve.ts");
  for (const spec of [parabola(5, { time: "rk4", step: 0.1 }), sampled(4, { step: 0.02 }, 4)]) {
    const { problem, scheme, until } = await resolveSpec(spec);
    const certificate = stepLength.build({} as never, { dim: 1, space: problem.space });
    const common = { until, frames: { time: until }, trace: { steps: 1 }, known: { exact: null, modulus: null }, maxSteps: 1000 } as const;
    const whole = flow(problem, scheme, plainHost(), { ...common, certificates: [certificate] });
    const bare = flow(problem, scheme, plainHost(), { ...common, certificates: [] });
    let half: Checkpoint | undefined;
    const end = <R>(work: Generator<Beat, R>, see?: (beat: Beat) => void): R => {
      for (let next = work.next(); ; next = work.next()) {
        if (next.done) return next.value;
        see?.(next.value);
      }
    };
    const seen = end(whole, (beat) => {
      if (beat.index === 11) half = structuredClone(beat.checkpoint());
    });
    expect(end(bare).last.measure).toEqual(seen.last.measure);
    const resumed = end(flow(problem, scheme, plainHost(), { ...common, certificates: [certificate], resume: half! }));
    expect(resumed.checks).toEqual(seen.checks);
    expect(seen.checks[0]!.value).not.toBeNull();
  }
});
