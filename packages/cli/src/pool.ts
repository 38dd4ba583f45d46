/** Starts the workers of the library's pool as threads of this process. */
import { Worker } from "node:worker_threads";
import type { WorkerData } from "ottoflow/kernels/pool";

/** Resolves when the thread runs. It does not keep the process alive. */
export function spawnWorker(data: WorkerData): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./pool-worker.js", import.meta.url), { workerData: data });
    worker.once("online", resolve);
    worker.once("error", reject);
    worker.unref();
  });
}
