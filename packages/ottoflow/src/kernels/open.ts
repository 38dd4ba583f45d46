import type { Host } from "../contract.ts";
import { plainHost } from "./host.ts";
import { measureHost, openMemory } from "./memory.ts";

/** beyond this many bytes of rows no WASM memory is opened: the engine may refuse it */
const LARGEST = 3e9;

/**
 * The host of a run: its rows stand in one WASM memory of fixed size, as large as a dry `open` asks for, so that kernels run on SIMD.
 * What is asked for later, or does not fit, is an ordinary row and runs on the reference, with the same bits.
 */
export function openHost(open: (host: Host) => unknown): Host {
  const dry = measureHost();
  open(dry);
  const plain = plainHost();
  if (typeof WebAssembly === "undefined" || dry.bytes > LARGEST) return plain;
  const memory = openMemory({ bytes: dry.bytes });
  return {
    alloc: (n) => (memory.free >= 8 * n ? memory.alloc(n) : plain.alloc(n)),
    alloc32: (n) => (memory.free >= 4 * n ? memory.alloc32(n) : plain.alloc32(n)),
  };
}
