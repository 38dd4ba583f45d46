import type { Host } from "../contract.ts";
import { measureHost, plainHost } from "./host.ts";
import { type Memory, openMemory } from "./memory.ts";
import { openPool, type WorkerData } from "./pool.ts";

/** beyond this many bytes of rows no WASM memory is opened: the engine may refuse it */
const LARGEST = 3e9;

/**
 * The host of a run: its rows stand in one WASM memory of fixed size, as large as a dry `open` asks for, so that kernels run on SIMD.
 * What is asked for later, or does not fit, is an ordinary row and runs on the reference, with the same bits.
 */
export function openHost(open: (host: Host) => unknown): Host {
  const bytes = measure(open);
  return bytes === null ? plainHost() : lend(openMemory({ bytes }));
}

/** The same over shared memory, with a pool of `threads` threads, this one included; `spawn` starts one that serves (see pool.ts). */
export async function openPooledHost(
  open: (host: Host) => unknown,
  threads: number,
  spawn: (data: WorkerData) => Promise<void>,
): Promise<{ readonly host: Host; close(): void }> {
  const bytes = measure(open);
  if (bytes === null || threads < 2 || typeof SharedArrayBuffer === "undefined") return { host: openHost(open), close: () => {} };
  const memory = openMemory({ bytes, shared: true, threads });
  const pool = await openPool(memory, spawn);
  return { host: { ...lend(memory), pool }, close: pool.close };
}

function measure(open: (host: Host) => unknown): number | null {
  const dry = measureHost();
  open(dry);
  return typeof WebAssembly === "undefined" || dry.bytes > LARGEST ? null : dry.bytes;
}
function lend(memory: Memory): Host {
  const plain = plainHost();
  return {
    alloc: (n) => (memory.free >= 8 * n ? memory.alloc(n) : plain.alloc(n)),
    alloc32: (n) => (memory.free >= 4 * n ? memory.alloc32(n) : plain.alloc32(n)),
  };
}
