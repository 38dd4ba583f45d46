/**
 * Kernels run where rows live. Rows that stand in one WASM memory (see memory.ts) run on the SIMD twin of a kernel, all others on the TypeScript reference.
 * Same bits. The module itself comes with memory.ts: who never opens a memory never loads it.
 */
import type { Rows } from "../contract.ts";

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
export const PAGE = 65536;
export const SCRATCH = 262144;
export const TAPE_ROOM: number = SCRATCH - PAGE;

const opened = new WeakMap<ArrayBufferLike, Wasm>();
/** From now on rows of this memory run on these exports. */
export function adopt(wasm: Wasm): void {
  opened.set(wasm.memory.buffer, wasm);
}

/** rows of ordinary memory are worked on through a window of this many values */
export const WINDOW = 131072;
export interface Window {
  readonly wasm: Wasm;
  readonly rows: Float64Array;
  /** the same place as float32 */
  readonly rows32: Float32Array;
}
let window: Window | null = null;
let open: (() => Rows) | null = null;
/** What opens WINDOW rows in a memory of their own, from memory.ts once that is loaded. */
export function offerWindow(opener: () => Rows): void {
  if (typeof WebAssembly !== "undefined") open = opener;
}
/** A small WASM memory of the engine itself, through which kernels that compute more than they read pass ordinary rows; null without WASM. */
export function openWindow(): Window | null {
  if (window !== null || open === null) return window;
  const rows = open() as Float64Array;
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
