/**
 * `openMemory` lends rows that stand in one WASM memory of fixed size, so no view ever goes stale; a kernel whose rows all share such a
 * memory calls its SIMD twin, any other call runs the TypeScript reference. Same bits.
 */
import type { Host } from "../contract.ts";
import { limitError } from "../errors.ts";
import { roomOf } from "./host.ts";
import { base64, sharedFlag } from "./module.gen.ts";
import { adopt, type Exports, offerWindow, PAGE, SCRATCH, TAPE_ROOM, type Wasm, WINDOW } from "./wasm.ts";

export interface Memory extends Host {
  readonly memory: WebAssembly.Memory;
  /** bytes lent so far, and how many there are */
  readonly used: number;
  readonly bytes: number;
  /** a row of at most this many bytes still fits */
  readonly free: number;
  /** threads with scratch of their own; a pool of more workers does not fit */
  readonly threads: number;
}

const modules: [WebAssembly.Module?, WebAssembly.Module?] = [];
/** The module is compiled on first use; for unshared memory one byte of its import differs. */
export function kernelModule(shared: boolean): WebAssembly.Module {
  return (modules[shared ? 1 : 0] ??= new WebAssembly.Module(moduleBytes(shared)));
}
function moduleBytes(shared: boolean): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  if (!shared) bytes[sharedFlag] = 1;
  return bytes;
}

/** Instantiates the kernels over a memory, for thread 0 (the owner) or a worker. */
export function attach(memory: WebAssembly.Memory, thread: number): Wasm {
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const instance = new WebAssembly.Instance(kernelModule(shared), { env: { memory } });
  const wasm: Wasm = { exports: instance.exports as unknown as Exports, memory, tape: PAGE + thread * SCRATCH, scratch: PAGE + thread * SCRATCH + TAPE_ROOM };
  adopt(wasm);
  return wasm;
}
/** Opens `bytes` of row memory once and for all. `shared` lets workers see it; `threads` counts the owner and its workers. */
export function openMemory(options: { readonly bytes: number; readonly shared?: boolean; readonly threads?: number }): Memory {
  const { bytes, shared = false, threads = 1 } = options;
  const start = PAGE + threads * SCRATCH;
  const pages = Math.ceil((start + bytes) / PAGE);
  if (pages > 65536) throw limitError("WASM memory in bytes", bytes, 65536 * PAGE - start, "Use fewer cells or particles, or ordinary rows.");
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  attach(memory, 0);
  let top = start;
  const take = (size: number): number => {
    const at = top;
    const next = at + roomOf(size);
    if (at + size > pages * PAGE)
      throw limitError("rows in this memory, in bytes", at + size - start, bytes, "Open a larger memory: a dry run over measureHost() tells its size.");
    top = next;
    return at;
  };
  return {
    memory,
    bytes,
    threads,
    get used() {
      return top - start;
    },
    get free() {
      return pages * PAGE - top;
    },
    alloc: (n) => new Float64Array(memory.buffer, take(8 * n), n),
    alloc32: (n) => new Float32Array(memory.buffer, take(4 * n), n),
  };
}

offerWindow(() => openMemory({ bytes: 8 * WINDOW }).alloc(WINDOW));
