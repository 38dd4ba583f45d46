/** Entry of a browser worker: `postMessage` it the WorkerData and it serves until the pool closes. Other platforms call `serve` themselves. */
import { serve, type WorkerData } from "./pool.ts";

globalThis.addEventListener("message", (event: MessageEvent<WorkerData>) => serve(event.data), { once: true });
