/** Memory for a run: ordinary rows for a small first one, else the kernels' own, over several threads where the page may share memory and the scheme asks for them. */
import type { Host } from "ottoflow/contract";
import { measureHost, plainHost } from "ottoflow/kernels/host";
import type { WorkerData } from "ottoflow/kernels/pool";

export interface Lent {
  readonly host: Host;
  /** threads that compute */
  readonly threads: number;
  close(): void;
}
const alone = (host: Host): Lent => ({ host, threads: 1, close: () => {} });

/** A first flow whose rows take this many bytes at most starts before the kernels have come: they compute the same, only faster. */
const LITTLE = 2 ** 18;
let first = true;

/** @param threads at most; one in a page that may not share memory */
export async function lendHost(open: (host: Host) => unknown, threads: number): Promise<Lent> {
  const shared = threads > 1 && globalThis.crossOriginIsolated;
  const { bytes, pooled } = first || shared ? wishes(open) : { bytes: Number.POSITIVE_INFINITY, pooled: false };
  const little = first && bytes <= LITTLE;
  first = false;
  if (little) return alone(plainHost());
  // asked for each time: what could not be loaded once may come now
  const { openHost, openPooledHost } = await import("ottoflow/kernels/open");
  if (!pooled || !shared) return alone(openHost(open));
  const { declareDead } = await import("ottoflow/kernels/pool");
  const team = threadsOf(declareDead);
  try {
    const { host, close } = await openPooledHost(open, threads, team.spawn);
    return {
      host,
      threads: host.pool?.size ?? 1,
      close() {
        close();
        team.end();
      },
    };
  } catch (error) {
    team.end();
    if (!team.failed()) throw error;
    // the numbers are the same for any number of threads
    return alone(openHost(open));
  }
}
/** Threads as workers of this one: whether one of them could not be loaded is told, so that nobody waits for it. */
function threadsOf(lost: (data: WorkerData) => void): { spawn(data: WorkerData): Promise<void>; failed(): boolean; end(): void } {
  const workers: Worker[] = [];
  let failed = false;
  return {
    spawn: (data) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(new URL("./thread.ts", import.meta.url), { type: "module" });
        workers.push(worker);
        worker.onmessage = () => resolve();
        worker.onerror = (event) => {
          event.preventDefault();
          failed = true;
          lost(data);
          reject(new Error(event.message || "a thread could not be loaded"));
        };
        worker.postMessage(data);
      }),
    failed: () => failed,
    end() {
      for (const worker of workers) worker.terminate();
    },
  };
}
/** What opening would take, and whether it looked for a pool of threads. */
function wishes(open: (host: Host) => unknown): { readonly bytes: number; readonly pooled: boolean } {
  const dry = measureHost();
  let pooled = false;
  open(
    Object.defineProperty(dry, "pool", {
      get: () => {
        pooled = true;
        return undefined;
      },
    }),
  );
  return { bytes: dry.bytes, pooled };
}
