/// <reference types="vite/client" />
import { describe, expect, test } from "vitest";
import type { Host } from "../../src/contract.ts";
import { openRun } from "../../src/flow.ts";
import { openPooledHost } from "../../src/kernels/open.ts";
import type { WorkerData } from "../../src/kernels/pool.ts";
import { runFlow } from "../../src/run.ts";
import { resolveSpec } from "../../src/spec/resolve.ts";
import { type Digest, digestOf } from "./digest.ts";

/** What a page does to compute with several threads: kernels/worker.ts is the worker, the WorkerData its first message. */
const workers: Worker[] = [];
async function spawn(data: WorkerData): Promise<void> {
  const worker = new Worker(new URL("../../src/kernels/worker.ts", import.meta.url), { type: "module" });
  workers.push(worker);
  worker.postMessage(data);
}
const spec = {
  energy: [{ kind: "entropy" }, { kind: "double-well" }],
  space: { kind: "free", dimension: 2 },
  initial: { kind: "gaussian", deviation: [0.3], count: 20_000 },
  scheme: { kind: "langevin", step: 0.01 },
  until: 0.2,
};
async function withThreads(threads: number): Promise<{ digest: Digest; pool: Host["pool"] }> {
  const resolved = await resolveSpec(spec);
  const { host, close } = await openPooledHost((h) => openRun(resolved.problem, resolved.scheme, h), threads, spawn);
  try {
    return { digest: digestOf(await runFlow(resolved, { host })), pool: host.pool };
  } finally {
    close();
  }
}

describe("threads of a page", () => {
  test("this page is isolated, or the next test would say nothing", () => expect(globalThis.crossOriginIsolated).toBe(true));
  test.each([2, 3])("%d threads give the bits of one", async (threads) => {
    const [one, many] = [await withThreads(1), await withThreads(threads)];
    expect([one.pool, many.pool?.size]).toEqual([undefined, threads]);
    expect(many.digest).toEqual(one.digest);
    expect(workers.length).toBeGreaterThanOrEqual(threads - 1);
  });
  test("a page that is not isolated has no shared memory: it computes with one thread, to the same bits", async () => {
    const shared = globalThis.SharedArrayBuffer;
    const before = workers.length;
    Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    try {
      const { digest, pool } = await withThreads(2);
      expect([pool, workers.length]).toEqual([undefined, before]);
      expect(digest).toEqual((await withThreads(1)).digest);
    } finally {
      globalThis.SharedArrayBuffer = shared;
    }
  });
});
