/**
 * Workers over one shared memory. The owner posts a job (a kernel's name and where its rows stand), all threads take blocks from one
 * counter, and the owner waits for the last. Synchronous on the owner's side, so a scheme calls it like any kernel. The platform
 * starts the workers: `spawn` is handed in by the command line or the lab.
 */
import type { Rows } from "../contract.ts";
import { OttoflowError } from "../errors.ts";
import { blockKernels, runBlocks } from "./blocks.ts";
import { attach, type Memory } from "./memory.ts";

/** What a worker is started with; it crosses threads by structured clone and shares all it holds. */
export interface WorkerData {
  readonly memory: WebAssembly.Memory;
  /** whole numbers, see `at` */
  readonly control: Int32Array;
  /** arguments of the job: three numbers each */
  readonly args: Float64Array;
  /** 1, 2, …: picks the scratch of the thread; 0 is the owner */
  readonly thread: number;
}
/** places in `control` */
const at = { job: 0, next: 1, done: 2, ready: 3, kernel: 4, n: 5, args: 6, failed: 7, stop: 8, dead: 9, taken: 16 } as const;
const MOST_ARGS = 32;
const SPINS = 2000;
/** Seconds without a block from anyone after which a worker counts as dead; a block takes a second at the very most. */
const PATIENCE = 60;
/** about a second of looking, where a thread may not sleep */
const LOOKS = 5e8;
const names: readonly string[] = /* @__PURE__ */ Object.keys(blockKernels).sort();

export interface Pool {
  /** threads that compute, the owner included */
  readonly size: number;
  blocks(kernel: string, n: number, args: readonly (Rows | number)[]): void;
  /** how many blocks each thread has taken so far, the owner first */
  taken(): readonly number[];
  /** lets the workers return */
  close(): void;
}

/**
 * Starts memory.threads - 1 workers and resolves when all are ready. `spawn` starts one that calls `serve` of worker.ts with the data,
 * and rejects if it cannot. Whoever sees a worker end calls `declareDead`; one that ends while this thread waits for it is found by its silence.
 * @param patience seconds of silence
 */
export async function openPool(memory: Memory, spawn: (data: WorkerData) => Promise<void>, patience: number = PATIENCE): Promise<Pool> {
  if (memory.memory.buffer instanceof ArrayBuffer)
    throw new OttoflowError("UnsupportedError", "A pool needs shared memory: openMemory({ shared: true, threads }).", { missing: ["shared-memory"] });
  const workers = memory.threads - 1;
  const control = new Int32Array(new SharedArrayBuffer(4 * (at.taken + memory.threads)));
  const args = new Float64Array(new SharedArrayBuffer(24 * MOST_ARGS));
  const spawned = Promise.all(Array.from({ length: workers }, (_, k) => spawn({ memory: memory.memory, control, args, thread: k + 1 })));
  let failed = false;
  spawned.catch(() => {
    failed = true;
  });
  // the timer also keeps a process alive that waits for nothing but threads it does not count
  while (Atomics.load(control, at.ready) < workers && !failed) await new Promise((resolve) => setTimeout(resolve, 1));
  const close = (): void => {
    Atomics.store(control, at.stop, 1);
    Atomics.add(control, at.job, 1);
    Atomics.notify(control, at.job);
  };
  // those that have started, or will, are not left waiting for work
  await spawned.catch((error: unknown) => {
    close();
    throw error;
  });
  return {
    size: memory.threads,
    blocks(kernel, n, given) {
      if (Atomics.load(control, at.dead) !== 0) throw dead(kernel);
      const one = n <= blockKernels[kernel]!.size;
      if (one || workers === 0 || !post(memory.memory.buffer, control, args, kernel, n, given)) {
        runBlocks(kernel, n, given);
        return;
      }
      takeBlocks(control, 0, kernel, n, given);
      if (!wait(control, workers, patience)) {
        declareDead({ control });
        throw dead(kernel);
      }
      if (Atomics.load(control, at.failed) !== 0) throw new OttoflowError("RunError", `A worker failed in the kernel "${kernel}".`, { path: kernel });
    },
    taken: () => Array.from(control.subarray(at.taken)),
    close,
  };
}

/** Writes the job and wakes the workers; false where a row does not stand in the shared memory. */
function post(buffer: ArrayBufferLike, control: Int32Array, args: Float64Array, kernel: string, n: number, given: readonly (Rows | number)[]): boolean {
  if (given.some((a) => typeof a !== "number" && a.buffer !== buffer)) return false;
  given.forEach((a, k) => {
    args[3 * k] = typeof a === "number" ? 0 : a.BYTES_PER_ELEMENT;
    args[3 * k + 1] = typeof a === "number" ? a : a.byteOffset;
    args[3 * k + 2] = typeof a === "number" ? 0 : a.length;
  });
  Atomics.store(control, at.kernel, names.indexOf(kernel));
  Atomics.store(control, at.n, n);
  Atomics.store(control, at.args, given.length);
  Atomics.store(control, at.next, 0);
  Atomics.store(control, at.done, 0);
  Atomics.store(control, at.failed, 0);
  Atomics.add(control, at.job, 1);
  Atomics.notify(control, at.job);
  return true;
}

function takeBlocks(control: Int32Array, thread: number, kernel: string, n: number, args: readonly (Rows | number)[]): void {
  const { size, run } = blockKernels[kernel]!;
  for (;;) {
    const first = Atomics.add(control, at.next, 1) * size;
    if (first >= n) return;
    run(first, Math.min(size, n - first), n, args);
    Atomics.add(control, at.taken + thread, 1);
  }
}

/** A worker has ended or fallen silent: the pool computes no more, as its rows may be half done. */
export function declareDead({ control }: Pick<WorkerData, "control">): void {
  Atomics.store(control, at.dead, 1);
  Atomics.notify(control, at.done);
}
function dead(kernel: string): OttoflowError<"RunError"> {
  return new OttoflowError("RunError", `A worker ended in the middle of its work (kernel "${kernel}"). Run again with one thread, or resume.`, {
    path: kernel,
  });
}

/** True when all workers are done; false when one of them died. */
function wait(control: Int32Array, workers: number, patience: number): boolean {
  let [silence, heard] = [0, -1];
  for (let spin = 0; ; spin++) {
    const done = Atomics.load(control, at.done);
    if (done === workers) return true;
    if (spin <= SPINS) continue; // short jobs end while we look
    if (!sleep(control, at.done, done)) continue;
    if (Atomics.load(control, at.dead) !== 0) return false;
    const now = control.subarray(at.taken).reduce((sum, blocks) => sum + blocks, done);
    silence = now === heard ? silence + 1 : 0;
    heard = now;
    if (silence >= patience) return false;
  }
}
/** Waits for a change; true when a second has passed without one. */
function sleep(control: Int32Array, place: number, value: number): boolean {
  try {
    return Atomics.wait(control, place, value, 1000) === "timed-out";
  } catch {
    // a page's own thread may not sleep: it looks on
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(control, place) !== value) return false;
    return true;
  }
}

/** The life of a worker: waits for jobs, takes blocks, until the pool closes. Blocks its thread. */
export function serve({ memory, control, args, thread }: WorkerData): void {
  attach(memory, thread);
  let job = Atomics.load(control, at.job);
  Atomics.add(control, at.ready, 1);
  for (;;) {
    // one that begins after the pool has closed has no other job to hear of
    for (let spin = 0; Atomics.load(control, at.job) === job && Atomics.load(control, at.stop) === 0; spin++)
      if (spin > SPINS) Atomics.wait(control, at.job, job);
    job = Atomics.load(control, at.job);
    if (Atomics.load(control, at.stop) === 1) return;
    try {
      takeBlocks(control, thread, names[Atomics.load(control, at.kernel)]!, Atomics.load(control, at.n), readArgs(memory, control, args));
    } catch {
      Atomics.store(control, at.failed, 1);
    }
    Atomics.add(control, at.done, 1);
    Atomics.notify(control, at.done);
  }
}
function readArgs(memory: WebAssembly.Memory, control: Int32Array, args: Float64Array): (Rows | number)[] {
  return Array.from({ length: Atomics.load(control, at.args) }, (_, k) => {
    const [bytes, value, length] = [args[3 * k]!, args[3 * k + 1]!, args[3 * k + 2]!];
    return bytes === 0 ? value : bytes === 4 ? new Float32Array(memory.buffer, value, length) : new Float64Array(memory.buffer, value, length);
  });
}
