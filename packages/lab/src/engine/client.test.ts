import { beforeAll, describe, expect, test, vi } from "vitest";
import { Engine, type Heard } from "./client.ts";
import type { FromEngine, Opening, ToEngine } from "./messages.ts";

beforeAll(() => {
  vi.stubGlobal("navigator", { hardwareConcurrency: 2 });
  return () => vi.unstubAllGlobals();
});

/** A worker that does nothing by itself: the test says what it says, and when. */
function quietWorker() {
  const told: ToEngine[] = [];
  const worker = { postMessage: (message: ToEngine) => void told.push(message), terminate: () => undefined } as unknown as Worker;
  return {
    worker,
    told,
    says: (data: FromEngine) => worker.onmessage?.({ data } as MessageEvent),
    fails: (message: string) => worker.onerror?.({ message } as ErrorEvent),
  };
}
const request = { spec: {}, files: {}, frames: 10, bytes: 1000 };
function listener(): { readonly heard: Heard; readonly words: string[] } {
  const words: string[] = [];
  const note = (name: string) => () => void words.push(name);
  return {
    words,
    heard: {
      opened: note("opened"),
      progress: note("progress"),
      nearing: note("nearing"),
      ended: note("ended"),
      fault: ({ message }) => void words.push(message),
    },
  };
}
const opening = {} as Opening;

describe("the page's side of the engine", () => {
  test("a run that was stopped while it opened does not open, though it had said so before it heard of it", () => {
    const { worker, says } = quietWorker();
    const engine = new Engine(worker);
    const { heard, words } = listener();
    engine.run(request, heard);
    engine.stop();
    says({ type: "opened", id: 1, opening });
    says({ type: "fault", id: 1, fault: { tag: "", message: "late", path: null } });
    expect(words).toEqual([]);
    engine.run(request, heard);
    says({ type: "opened", id: 2, opening });
    expect(words).toEqual(["opened"]);
  });

  test("a question is about the run that is open, not about the one that is coming", () => {
    const { worker, told, says } = quietWorker();
    const engine = new Engine(worker);
    const { heard } = listener();
    const of = (): number => {
      void engine.ask({ about: "equilibrium" });
      return (told.at(-1) as { of: number }).of;
    };
    engine.run(request, heard);
    expect(of()).toBe(-1);
    says({ type: "opened", id: 1, opening });
    engine.run(request, heard);
    expect(of()).toBe(1);
    says({ type: "opened", id: 2, opening });
    expect(of()).toBe(2);
  });

  test("where the worker cannot be loaded, who waits is told, and so is who asks later", async () => {
    const { worker, fails } = quietWorker();
    const engine = new Engine(worker);
    const { heard, words } = listener();
    engine.run(request, heard);
    const asked = engine.ask({ about: "equilibrium" });
    fails("");
    await expect(asked).rejects.toThrow("could not be loaded");
    await expect(engine.ask({ about: "equilibrium" })).rejects.toThrow("could not be loaded");
    engine.run(request, heard);
    expect(words).toHaveLength(2);
    expect(words[1]).toContain("could not be loaded");
  });

  test("a worker that has spoken answers on after an error of its own", async () => {
    const { worker, says, fails } = quietWorker();
    const engine = new Engine(worker);
    const { heard, words } = listener();
    engine.run(request, heard);
    says({ type: "opened", id: 1, opening });
    const lost = engine.ask({ about: "equilibrium" });
    fails("out of memory");
    await expect(lost).rejects.toThrow("out of memory");
    expect(words).toEqual(["opened", "out of memory"]);
    const next = engine.ask({ about: "equilibrium" });
    says({ type: "answer", id: 1, answer: null });
    await expect(next).resolves.toBeNull();
  });

  test("questions to a run that is closed, before and after, are refused", async () => {
    const { worker } = quietWorker();
    const engine = new Engine(worker);
    const before = engine.ask({ about: "equilibrium" });
    engine.close();
    await expect(before).rejects.toThrow("closed");
    await expect(engine.ask({ about: "equilibrium" })).rejects.toThrow("closed");
  });
});
