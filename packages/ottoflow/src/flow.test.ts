import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Certificate, Law, Problem, Scheme, State, Watcher } from "./contract.ts";
import { type Checkpoint, type FlowOptions, flow, type Run } from "./flow.ts";
import { plainHost } from "./kernels/host.ts";
import { makeFree } from "./space/euclidean.ts";

/** x' = -x by explicit Euler on one particle: after k steps of dt exactly (1 - dt)^k, the known answer of every test here. */
function decayScheme(over: Partial<Scheme> = {}, stepper: { fail?: (x: number, dt: number) => boolean; bound?: number } = {}): Scheme {
  return {
    label: "toy",
    tex: "",
    promises: { order: 1, mass: true, positivity: true, decay: "toy", stepBound: false },
    clock: "free",
    step: 0.1,
    takes: { rep: "particles", carries: ["field", "transport"], needs: [] },
    open: (p, host) => {
      const x = host.alloc(1).fill(1);
      const weight = host.alloc(1).fill(1);
      return {
        start: (): State => ({ measure: { rep: "particles", space: p.space, n: 1, x, weight }, memory: { calls: host.alloc(1) } }),
        step(from, to, { dt, count }) {
          const [a, b] = [from.measure as { x: Float64Array }, to.measure as { x: Float64Array; weight: Float64Array }];
          let v = a.x[0]!;
          if (stepper.fail?.(v, dt)) return { ok: false, reason: "toy failure" };
          for (let k = 0; k < count; k++) v -= dt * v;
          b.x[0] = v;
          b.weight[0] = 1;
          to.memory.calls![0] = from.memory.calls![0]! + count;
          return { ok: true };
        },
        ...(stepper.bound ? { bound: () => [stepper.bound!, "toy rule"] as const } : {}),
        dissipation: (s) => (s.measure as { x: Float64Array }).x[0]! ** 2,
      };
    },
    ...over,
  };
}
const law: Law = { tex: "", dim: 1, mass: 1 };
const problem: Problem = {
  space: makeFree(1),
  parts: [
    {
      form: "field",
      label: "well",
      tex: "",
      value: (n, x, _t, out) => {
        for (let i = 0; i < n; i++) out[i] = 0.5 * x[i]! * x[i]!;
      },
      gradient: (n, x, _t, out) => {
        for (let i = 0; i < n; i++) out[i] = x[i]!;
      },
    },
  ],
  geometry: { label: "wasserstein", tex: "", transport: { linear: true, mobility: () => {} }, promises: ["mass"] },
  drift: [],
  initial: law,
  seed: 1,
  start: 0,
};
const options = (over: Partial<FlowOptions> = {}): FlowOptions => ({
  until: 1,
  frames: { time: 0.25 },
  trace: { steps: 1 },
  certificates: [],
  known: { exact: null, modulus: null },
  maxSteps: 1000,
  ...over,
});

function drive(scheme: Scheme, o: FlowOptions, stopAt = Number.POSITIVE_INFINITY, saving = true): { run: Run; beats: Checkpoint[] } {
  const work = flow(problem, scheme, plainHost(), o);
  const beats: Checkpoint[] = [];
  let next = work.next();
  while (!next.done) {
    if (saving) beats.push(next.value.checkpoint());
    next = work.next(beats.length >= stopAt ? "stop" : undefined);
  }
  return { run: next.value, beats };
}
const x = (run: Run): number => (run.last.measure as { x: Float64Array }).x[0]!;

describe("the loop", () => {
  test("a free clock lands on scheduled times with equal steps: (1 - dt)^k", () => {
    const { run } = drive(decayScheme(), options());
    // 0.25 is reached in three steps of 1/12
    expect(run.steps).toBe(12);
    expect(x(run)).toBeCloseTo((1 - 1 / 12) ** 12, 14);
    expect(run.frames.map((f) => f.t)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(run.status).toBe("reached-end");
  });
  test("a fixed clock keeps t = k dt and frames carry their true time", () => {
    const { run } = drive(decayScheme({ clock: "fixed" }), options());
    expect(x(run)).toBeCloseTo(0.9 ** 10, 14);
    expect(run.frames.map((f) => f.index)).toEqual([0, 3, 5, 8, 10]);
    for (const f of run.frames) expect(f.t).toBe(f.index * 0.1);
  });
  test("batches of a fixed clock stop where somebody looks, and change no bits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.double({ min: 0.05, max: 0.5, noNaN: true }), (steps, time) => {
        const seen = drive(decayScheme({ clock: "fixed", step: 1 / 128 }), options({ trace: { steps }, frames: { time } })).run;
        const unseen = drive(decayScheme({ clock: "fixed", step: 1 / 128 }), options({ trace: { steps: 128 }, frames: { steps: 128 } })).run;
        return x(seen) === x(unseen) && seen.steps === 128;
      }),
    );
  });
  test("watchers never change numbers on a fixed clock; a returned word stops the run", () => {
    const stop: Watcher<number[]> = {
      every: { steps: 1 },
      begin: () => [],
      see: (m, tick) => {
        m.push(tick.index);
        return tick.index >= 4 ? "enough" : undefined;
      },
    };
    const { run } = drive(decayScheme({ clock: "fixed" }), options({ watchers: [stop as Watcher] }));
    expect([run.status, run.steps, run.reason]).toEqual(["stopped", 4, "enough"]);
    expect(x(run)).toBeCloseTo(0.9 ** 4, 15);
  });
  test("resuming any checkpoint gives the same bits, frames, trace and certificates", () => {
    const summing: Certificate<{ sum: number }> = {
      label: "sum",
      title: "sum",
      applies: () => null,
      watcher: () => ({ every: { steps: 1 }, begin: () => ({ sum: 0 }), see: (m, tick) => void (m.sum += tick.energy().total!) }),
      judge: (m) => [{ kind: "sum", title: "", verdict: "reported", hard: false, value: m.sum, bound: null, source: "", detail: "" }],
    };
    for (const clock of ["fixed", "free"] as const) {
      const o = options({ certificates: [summing as Certificate] });
      const whole = drive(decayScheme({ clock }), o);
      for (const resume of whole.beats) {
        const again = drive(decayScheme({ clock }), { ...o, resume: structuredClone(resume) }).run;
        expect(x(again)).toBe(x(whole.run));
        expect(again.trace).toEqual(whole.run.trace);
        expect(again.checks).toEqual(whole.run.checks);
        expect(again.frames.map((f) => [f.t, f.index])).toEqual(whole.run.frames.map((f) => [f.t, f.index]));
      }
    }
  });
  test("a checkpoint shares the rows of the frames instead of copying them", () => {
    const { run, beats } = drive(decayScheme(), options());
    const rowOf = (measure: unknown): Float64Array => (measure as { x: Float64Array }).x;
    const { frames } = beats.at(-1)!;
    expect(frames.map((frame, i) => rowOf(frame.measure) === rowOf(run.frames[i]!.measure))).toEqual([true, true, true, true]);
    expect(frames[0]!.measure).not.toHaveProperty("space");
  });
  test("a long trace is thinned evenly and still ends at the end", () => {
    const { run } = drive(
      decayScheme({ clock: "fixed", step: 1e-4 }),
      options({ until: 0.9999, frames: { time: 1 }, maxSteps: 20_000 }),
      Number.POSITIVE_INFINITY,
      false,
    );
    const t = run.trace.t!;
    expect(run.steps).toBe(9999);
    expect(t.length).toBeLessThanOrEqual(4096);
    expect([t[0], t[1]! - t[0]!, t.at(-1)]).toEqual([0, expect.closeTo(4e-4, 12), run.time]);
  });
  test("a checkpoint of another layout is refused", () => {
    const { beats } = drive(decayScheme(), options());
    const broken = { ...beats[0]!, rows: { ...beats[0]!.rows, "measure.x": new Float64Array(2) } };
    expect(() => drive(decayScheme(), options({ resume: broken }))).toThrow(/row measure.x has 2 values when expected 1/);
  });
});

describe("failures are statuses with the last good state", () => {
  test("a step beyond stability raises the energy: a free clock shortens it until it does not", () => {
    const { run } = drive(decayScheme({ step: 1 }, {}), options({ until: 1, frames: { steps: 1 } }));
    expect(run.status).toBe("reached-end");
    const unstable = drive(decayScheme({ step: 3 }), options({ until: 3, frames: { steps: 1 } })).run;
    expect([unstable.status, unstable.rejected]).toEqual(["reached-end", 1]);
    // rejected once: 3 -> 1.5, factor (1 - 1.5)
    expect(unstable.steps).toBe(2);
  });
  test("a fixed clock ends with energy-rose and keeps the state before the step", () => {
    const { run } = drive(decayScheme({ clock: "fixed", step: 3 }), options({ until: 6 }));
    expect([run.status, run.steps, x(run), run.holds]).toEqual(["energy-rose", 0, 1, false]);
  });
  test("a fixed step above the bound is refused with both numbers", () => {
    const { run } = drive(decayScheme({ clock: "fixed" }, { bound: 0.05 }), options());
    expect(run.reason).toMatch(/step 0.1 exceeds 0.05.*toy rule/);
  });
  test("a free step obeys the bound", () => {
    const { run } = drive(decayScheme({}, { bound: 0.05 }), options({ frames: { time: 1 } }));
    expect(x(run)).toBeCloseTo(0.95 ** 20, 14);
  });
  test("steps that always fail underflow; steps that produce NaN end as not-finite", () => {
    expect(drive(decayScheme({}, { fail: () => true }), options()).run.status).toBe("step-underflow");
    const nan = decayScheme();
    const run = drive(
      {
        ...nan,
        promises: { ...nan.promises, decay: false },
        open: (p, h) => ({
          ...nan.open(p, h),
          step: (_f, to) => {
            (to.measure as { x: Float64Array }).x.fill(Number.NaN);
            return { ok: true };
          },
        }),
      },
      options(),
    ).run;
    expect([run.status, x(run)]).toEqual(["not-finite", 1]);
  });
  test("abort, step limit, stationarity", () => {
    expect(drive(decayScheme(), options(), 3).run.status).toBe("aborted");
    expect(drive(decayScheme(), options({ maxSteps: 5 })).run.status).toBe("max-steps");
    const run = drive(decayScheme({ clock: "fixed" }), options({ until: 100, dissipation: 0.5 })).run;
    // x^2 = 0.9^{2k} < 1/2 first at k = 4
    expect([run.status, run.steps, run.holds]).toEqual(["stationary", 4, true]);
  });
});
