/** A thread of the engine's pool: computes blocks in the shared memory until the run ends. */
import { serve, type WorkerData } from "ottoflow/kernels/pool";

globalThis.addEventListener("message", (event: MessageEvent<WorkerData>) => serve(event.data), { once: true });
