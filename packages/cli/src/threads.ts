/** Workers of this process for the pool of the library: the same bits for any number of them. */
import { Worker } from "node:worker_threads";
import type { Host } from "ottoflow/contract";
import { openRun } from "ottoflow/flow";
import { openHost, openPooledHost } from "ottoflow/kernels/open";
import { declareDead, type WorkerData } from "ottoflow/kernels/pool";
import type { Resolved } from "ottoflow/spec/resolve";

export interface Lent {
  readonly host: Host;
  close(): void;
}

/** Memory of the size that the run asks for, with `threads` threads where that is more than one. */
export async function lendHost({ problem, scheme }: Resolved, threads: number): Promise<Lent> {
  const open = (host: Host): unknown => openRun(problem, scheme, host);
  if (threads < 2) return { host: openHost(open), close: () => {} };
  return openPooledHost(open, threads, spawn);
}

/** A worker that serves until the pool closes; the process does not wait for it. */
function spawn(data: WorkerData): Promise<void> {
  const module = import.meta.resolve("ottoflow/kernels/pool");
  const source = `const { workerData, parentPort } = require("node:worker_threads"); import(${JSON.stringify(module)}).then(({ serve }) => { parentPort.postMessage("ready"); serve(workerData); });`;
  const worker = new Worker(source, { eval: true, workerData: data });
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
    worker.once("exit", () => declareDead(data));
  });
}
