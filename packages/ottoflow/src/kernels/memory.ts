/**
 * Kernels run where rows live. `openMemory` lends rows that stand in one WASM memory of fixed size, so no view ever goes stale; a
 * kernel whose rows all share such a memory calls its SIMD twin, any other call runs the TypeScript reference. Same bits.
 */
import type { Host, Rows } from "../contract.ts";
import { limitError } from "../errors.ts";
import { base64, sharedFlag } from "./module.gen.ts";

/** The exports of the SIMD module. Rows are byte offsets, counts are numbers. */
export type Exports = Readonly<Record<string, (...args: number[]) => number>>;
export interface Wasm {
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
  /** byte offset of TAPE_ROOM bytes of this thread that keep the tape it ran last */
  readonly tape: number;
  /** byte offset of the rest of this thread's scratch, for the length of a call */
  readonly scratch: number;
}
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
const PAGE = 65536;
const SCRATCH = 262144;
export const TAPE_ROOM: number = SCRATCH - PAGE;
/** rows begin on cache lines */
const LINE = 64;

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

const opened = new WeakMap<ArrayBufferLike, Wasm>();
/** Instantiates the kernels over a memory, for thread 0 (the owner) or a worker. */
export function attach(memory: WebAssembly.Memory, thread: number): Wasm {
  const shared = !(memory.buffer instanceof ArrayBuffer);
  const instance = new WebAssembly.Instance(kernelModule(shared), { env: { memory } });
  const wasm: Wasm = { exports: instance.exports as unknown as Exports, memory, tape: PAGE + thread * SCRATCH, scratch: PAGE + thread * SCRATCH + TAPE_ROOM };
  adopt(wasm);
  return wasm;
}
/** From now on rows of this memory run on these exports. */
export function adopt(wasm: Wasm): void {
  opened.set(wasm.memory.buffer, wasm);
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
    const next = Math.ceil((at + size) / LINE) * LINE;
    if (at + size > pages * PAGE)
      throw limitError("rows in this memory, in bytes", next - start, bytes, "Open a larger memory: a dry run over measureHost() tells its size.");
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

/** A host for the dry run: ordinary rows, and the bytes that openMemory needs for the same requests. */
export function measureHost(): Host & { readonly bytes: number } {
  let total = 0;
  const count = (size: number): number => {
    total += Math.ceil(size / LINE) * LINE;
    return size;
  };
  let shared = new ArrayBuffer(0);
  const room = (size: number): ArrayBuffer => {
    if (size < PAGE) return new ArrayBuffer(size);
    if (size > shared.byteLength) shared = new ArrayBuffer(size);
    return shared;
  };
  return {
    dry: {
      alloc: (n) => new Float64Array(room(count(8 * n)), 0, n),
      alloc32: (n) => new Float32Array(room(count(4 * n)), 0, n),
    },
    get bytes() {
      return total;
    },
    alloc(n) {
      count(8 * n);
      return new Float64Array(n);
    },
    alloc32(n) {
      count(4 * n);
      return new Float32Array(n);
    },
  };
}

/** rows of ordinary memory are worked on through a window of this many values */
export const WINDOW = 131072;
export interface Window {
  readonly wasm: Wasm;
  readonly rows: Float64Array;
  /** the same place as float32 */
  readonly rows32: Float32Array;
}
let window: Window | null | undefined;
/** A small WASM memory of the engine itself, through which kernels that compute more than they read pass ordinary rows; null without WASM. */
export function openWindow(): Window | null {
  if (window !== undefined) return window;
  if (typeof WebAssembly === "undefined") return (window = null);
  const rows = openMemory({ bytes: 8 * WINDOW }).alloc(WINDOW);
  return (window = { wasm: opened.get(rows.buffer)!, rows, rows32: new Float32Array(rows.buffer, rows.byteOffset, 2 * WINDOW) });
}

/** The SIMD module over the memory in which the float64 rows a, b, c, d all stand, or null. */
export function wasm64(a: Rows, b: Rows = a, c: Rows = a, d: Rows = a): Wasm | null {
  const buffer = a.buffer;
  if (b.buffer !== buffer || c.buffer !== buffer || d.buffer !== buffer) return null;
  if (a.BYTES_PER_ELEMENT + b.BYTES_PER_ELEMENT + c.BYTES_PER_ELEMENT + d.BYTES_PER_ELEMENT !== 32) return null;
  return opened.get(buffer) ?? null;
}
/** The same for any mixture of row types. */
export function wasmOf(...rows: readonly Rows[]): Wasm | null {
  const buffer = rows[0]!.buffer;
  return rows.every((r) => r.buffer === buffer) ? (opened.get(buffer) ?? null) : null;
}
