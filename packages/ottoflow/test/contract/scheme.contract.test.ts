/** What every scheme must keep of what it declares, on every problem of the zoo that it can carry. */
import { describe, expect, test } from "vitest";
import type { Problem, Scheme, State } from "../../src/contract.ts";
import { cloneState, copyRows, rowsOf } from "../../src/flow/state.ts";
import { type Beat, type Checkpoint, type FlowOptions, flow, type Run } from "../../src/flow.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { allCertificates, knownOf } from "../../src/known.ts";
import { massOf, minimumOf } from "../../src/measure/rows.ts";
import { lacks } from "../../src/spec/lacks.ts";
import { casesOf } from "./units.ts";
import { zoo } from "./zoo.ts";

const specimens = await zoo();
const host = plainHost();

/** A few steps of the declared size, or of the bound where it is smaller. */
async function shortRun(p: Problem, s: Scheme, resume?: Checkpoint): Promise<{ run: Run; beats: Beat[] }> {
  const step = Number.isFinite(s.step) ? s.step : 0.01;
  const options: FlowOptions = {
    until: 6 * step,
    frames: { steps: 2 },
    trace: { steps: 1 },
    certificates: await allCertificates(p),
    known: await knownOf(p),
    maxSteps: 400,
    resume,
  };
  const work = flow(p, s, host, options);
  const beats: Beat[] = [];
  const saved: Checkpoint[] = [];
  let next = work.next();
  while (!next.done) {
    saved.push(next.value.checkpoint());
    beats.push({ ...next.value, checkpoint: () => saved[beats.length - 1]! });
    next = work.next();
  }
  return { run: next.value, beats: saved.map((c, i) => ({ ...beats[i]!, checkpoint: () => c })) };
}

const fitting = (s: Scheme): typeof specimens => specimens.filter(({ problem }) => lacks(problem, s.takes).length === 0);

describe.each(await casesOf("scheme"))("$name", (c) => {
  test("fits at least one problem of the zoo", async () => {
    expect(fitting(await c.build()).length).toBeGreaterThan(0);
  });

  test("keeps what it promises: mass to 1e-12, positivity, energy decay; certificates hold", { timeout: 120_000 }, async () => {
    const s = await c.build();
    for (const { name, problem } of fitting(s)) {
      const { run } = await shortRun(problem, s);
      expect([name, run.status, run.reason]).toEqual([name, expect.stringMatching(/reached-end|max-steps/), expect.anything()]);
      const promised = (what: "mass" | "positivity"): boolean => problem.geometry.promises.includes(what) && s.promises[what];
      for (const f of run.frames) {
        if (promised("mass")) expect(Math.abs(massOf(f.measure) / massOf(run.frames[0]!.measure) - 1), `${name}: mass at t = ${f.t}`).toBeLessThan(1e-12);
        if (promised("positivity")) expect(minimumOf(f.measure), `${name}: least density at t = ${f.t}`).toBeGreaterThanOrEqual(0);
      }
      for (const check of run.checks)
        if (check.hard && check.kind !== "outermost-mass") expect(check.verdict, `${name}: ${check.kind}: ${check.detail}`).not.toBe("fail");
    }
  });

  test("the same problem gives the same bits, and so does a resumed run", { timeout: 120_000 }, async () => {
    const s = await c.build();
    for (const { name, problem } of fitting(s).slice(0, 3)) {
      const first = await shortRun(problem, s);
      const again = await shortRun(problem, s);
      expect(copyRows(again.run.last), name).toEqual(copyRows(first.run.last));
      if (first.beats.length === 0) continue;
      const middle = first.beats[Math.floor(first.beats.length / 2)]!.checkpoint();
      const resumed = await shortRun(problem, s, structuredClone(middle));
      expect(copyRows(resumed.run.last), name).toEqual(copyRows(first.run.last));
      expect(resumed.run.checks, name).toEqual(first.run.checks);
    }
  });

  test("a step reads `from` and writes only `to`; count steps of dt are count single ones", async () => {
    const s = await c.build();
    const { problem } = fitting(s)[0]!;
    const stepper = s.open(problem, host);
    const from = stepper.start();
    if (stepper.inPlace) return;
    const to = cloneState(from, host);
    const before = copyRows(from);
    const dt = 0.5 * Math.min(Number.isFinite(s.step) ? s.step : 0.01, stepper.bound?.(from, 0)[0] ?? Number.POSITIVE_INFINITY);
    expect(stepper.step(from, to, { t: 0, dt, index: 0, count: 1 }).ok).toBe(true);
    expect(copyRows(from)).toEqual(before);
    let [a, b]: State[] = [cloneState(from, host), cloneState(from, host)];
    for (let k = 0; k < 3; k++) {
      stepper.step(a!, b!, { t: k * dt, dt, index: k, count: 1 });
      [a, b] = [b!, a!];
    }
    stepper.step(from, to, { t: 0, dt, index: 0, count: 3 });
    for (const [i, [name, row]] of rowsOf(to).entries()) expect([...rowsOf(a!)[i]![1]], name).toEqual([...row]);
  });
});
