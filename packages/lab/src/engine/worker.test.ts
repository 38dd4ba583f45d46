/** The worker itself, in this process: its messages come when the test says so. */
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { FromEngine, Question, ToEngine } from "./messages.ts";

/** what a run waits for between being read and being open, and how many have come there */
let gate: Promise<void> = Promise.resolve();
let there = 0;
vi.mock("ottoflow/known", async (original) => {
  const known = await original<typeof import("ottoflow/known")>();
  return {
    ...known,
    knownOf: async (...args: Parameters<typeof known.knownOf>) => {
      there++;
      await gate;
      return known.knownOf(...args);
    },
  };
});
const said: FromEngine[] = [];
/** who waits for what is said; not by timers, which a run that computes leaves behind */
const waiting: (() => void)[] = [];
const page = {
  onmessage: null as ((event: { data: ToEngine }) => void) | null,
  postMessage(message: FromEngine): void {
    said.push(message);
    for (const look of waiting.splice(0)) look();
  },
};
const tell = (data: ToEngine): void => page.onmessage?.({ data });
const heard = (type: FromEngine["type"], id: number): FromEngine | undefined => said.find((m) => m.type === type && m.id === id);
async function come(type: FromEngine["type"], id: number): Promise<void> {
  while (!heard(type, id)) await new Promise<void>((resolve) => waiting.push(resolve));
}

beforeAll(async () => {
  Object.assign(globalThis, { self: page });
  await import("./worker.ts");
});
beforeEach(() => {
  said.splice(0);
  gate = Promise.resolve();
});

const spec = (mean: number, more: object = {}): object => ({
  version: 1,
  energy: [{ kind: "entropy" }, { kind: "potential", formula: `(x - ${mean})^2 / 2` }],
  space: { kind: "box", lower: [-8], upper: [8], cells: [64] },
  initial: { kind: "gaussian", deviation: [0.5] },
  scheme: { kind: "finite-volume", step: 0.01 },
  until: 0.05,
  ...more,
});
let runs = 0;
function run(of: object): number {
  const id = ++runs;
  tell({ type: "run", id, spec: of, files: {}, frames: 20, bytes: 1e8, threads: 1 });
  return id;
}
let questions = 0;
function ask(of: number, question: Question): number {
  const id = ++questions;
  tell({ type: "ask", id, of, question });
  return id;
}
/** Holds back every run that comes to be opened. Returns how to let them go. */
function shut(): () => void {
  let open = (): void => {};
  there = 0;
  gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}
const atGate = (): Promise<void> => vi.waitFor(() => expect(there).toBe(1), { timeout: 15_000 });
/** mean of a field on cells */
const meanOf = ({ rho, lower, h }: { rho: Float64Array; lower: readonly number[]; h: readonly number[] }): number => {
  const mass = rho.reduce((s, v) => s + v, 0);
  return rho.reduce((s, v, i) => s + v * (lower[0]! + (i + 0.5) * h[0]!), 0) / mass;
};

/** mean of the measure at which the flow of this run comes to rest */
async function restOf(of: number): Promise<number> {
  const about = ask(of, { about: "equilibrium" });
  await come("answer", about);
  return meanOf((heard("answer", about) as { answer: Parameters<typeof meanOf>[0] }).answer);
}

describe("the engine and what it is told in between", { timeout: 60_000 }, () => {
  test("a run that is stopped while it is looked at says nothing more", async () => {
    const open = shut();
    const stopped = run(spec(0));
    await atGate();
    tell({ type: "stop", id: stopped });
    open();
    const next = run(spec(1));
    await come("ended", next);
    expect(said.filter((m) => m.id === stopped)).toEqual([]);
  });

  test("a question about the flow that is open is answered about it, though another is on its way", async () => {
    const first = run(spec(-1));
    await come("ended", first);
    const open = shut();
    const second = run(spec(1));
    await atGate();
    expect(await restOf(first)).toBeCloseTo(-1, 6);
    open();
    await come("ended", second);
    // who asks of the first one now has not heard yet, or stopped the second before it had
    expect(await restOf(first)).toBeCloseTo(-1, 6);
    expect(await restOf(second)).toBeCloseTo(1, 6);
    await come("ended", run(spec(0)));
    const old = ask(first, { about: "equilibrium" });
    await come("no-answer", old);
  });

  test("a run that is left for another while it waits to go on ends, and the other goes on", async () => {
    const long = run(spec(0, { until: 1000 }));
    await come("opened", long);
    tell({ type: "hold", id: long, held: true });
    const next = run(spec(1));
    await come("ended", next);
    expect(heard("ended", long)).toBeUndefined();
  });

  test("of runs that follow each other at once, the last one alone is heard to end, however many there are", async () => {
    const left = [0, 0.2, 0.4, 0.6].map((mean) => run(spec(mean, { until: 1000 })));
    const last = run(spec(1));
    await come("ended", last);
    for (const id of left) expect(said.filter((m) => m.id === id)).toEqual([]);
  });
});
