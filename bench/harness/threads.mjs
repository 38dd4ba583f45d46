/** Threads of this process for the library's pool. */
import { Worker } from "node:worker_threads";
import { openPooledHost } from "ottoflow/kernels/open";

/** A host with that many threads, this one included, as large as a dry `open` asks for. */
export const openThreads = (open, threads) => openPooledHost(open, threads, spawn);

const source = `const { workerData, parentPort } = require("node:worker_threads");
import(${JSON.stringify(import.meta.resolve("ottoflow/kernels/pool"))}).then(({ serve }) => { parentPort.postMessage("ready"); serve(workerData); });`;

function spawn(workerData) {
  const worker = new Worker(source, { eval: true, workerData });
  worker.unref();
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
}
