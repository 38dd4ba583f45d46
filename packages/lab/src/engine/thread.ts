/** A thread of the engine's pool: says that it has come, then computes blocks in the shared memory until the run ends. */
import { serve, type WorkerData } from "ottoflow/kernels/pool";

globalThis.addEventListener(
  "message",
  ({ data }: MessageEvent<WorkerData>) => {
    globalThis.postMessage(null);
    serve(data);
  },
  { once: true },
);
