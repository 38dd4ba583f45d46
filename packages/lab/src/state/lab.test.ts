/// <reference lib="dom" />
/// <reference types="svelte" />
/** The state of the page without the page: what the engine says is said by the test. Runes are plain values here. */
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { FromEngine, Opening, ToEngine } from "../engine/messages.ts";
import type { Lab as Page } from "./lab.svelte.ts";

let Lab: typeof Page;
beforeAll(async () => {
  const plain = <T>(value: T): T => value;
  vi.stubGlobal("$state", Object.assign(plain, { raw: plain, snapshot: plain }));
  vi.stubGlobal("navigator", { hardwareConcurrency: 2 });
  ({ Lab } = await import("./lab.svelte.ts"));
  return () => vi.unstubAllGlobals();
});
beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function quiet() {
  const told: ToEngine[] = [];
  const worker = { postMessage: (message: ToEngine) => void told.push(message), terminate: () => undefined } as unknown as Worker;
  const lab = new Lab(worker);
  const says = (data: FromEngine): void => void worker.onmessage?.({ data } as MessageEvent);
  const runs = (): number => told.filter(({ type }) => type === "run").length;
  return { lab, told, says, runs };
}
const opening = { start: 0, until: 1, job: "flow" } as Opening;

describe("a run and what comes in between", () => {
  test("stopped while it opens, it stays stopped, whatever was on its way", () => {
    const { lab, says } = quiet();
    lab.open({});
    lab.stop();
    says({ type: "opened", id: 1, opening });
    says({ type: "progress", id: 1, frames: [], trace: [], t: 0.5, step: 3 });
    expect(lab.phase).toBe("idle");
    expect(lab.opening).toBeNull();
  });
  test("stopped while a change waits for the controls to be still, nothing is begun", () => {
    const { lab, says, runs } = quiet();
    lab.open({ until: 1 });
    says({ type: "opened", id: 1, opening });
    lab.change(["until"], 2);
    lab.stop();
    vi.runAllTimers();
    expect(runs()).toBe(1);
    expect([lab.phase, lab.waiting]).toEqual(["idle", false]);
    // what was changed is run when it is asked for
    lab.run();
    expect(runs()).toBe(2);
  });
  test("closed while a change waits, it asks for nothing", () => {
    const { lab, runs } = quiet();
    lab.open({ until: 1 });
    lab.change(["until"], 2);
    lab.close();
    vi.runAllTimers();
    expect(runs()).toBe(1);
  });
  test("hidden while it opens, it is held when it has, and goes on once it is seen", () => {
    const { lab, told, says } = quiet();
    lab.open({});
    lab.rest(true);
    says({ type: "opened", id: 1, opening });
    expect(lab.phase).toBe("held");
    lab.rest(false);
    expect(lab.phase).toBe("running");
    expect(told.filter(({ type }) => type === "hold").map((m) => (m as { held: boolean }).held)).toEqual([true, false]);
  });
  test("the end that was on its way when it was held is the end", () => {
    const { lab, says } = quiet();
    lab.open({});
    says({ type: "opened", id: 1, opening });
    lab.rest(true);
    says({ type: "ended", id: 1, ending: { time: 1, steps: 4 } as never, frames: [], trace: [] });
    lab.rest(false);
    expect(lab.phase).toBe("ended");
  });
  test("a slider that still moves when another flow opens does not take the place of that flow", () => {
    const { lab } = quiet();
    lab.open({ until: 1 });
    lab.change(["until"], 2);
    lab.change(["until"], 3, true);
    lab.open({ until: 10 });
    lab.change(["until"], 11, true);
    lab.undo();
    expect(lab.spec).toEqual({ until: 10 });
  });
});
