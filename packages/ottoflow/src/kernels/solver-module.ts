/**
 * WASM modules of one solver each (assembly/NAME/index.ts, written to kernels/NAME.gen.ts): loaded by who needs them, over a memory of
 * their own that is as large as the problem asks for. It only grows where its owner says so.
 */
import { limitError } from "../errors.ts";
import type { Exports } from "./wasm.ts";

/** What scripts/kernels.mjs writes. */
export interface Generated {
  readonly base64: string;
  readonly sharedFlag: number;
}
/** Rows of one memory, and the module that works on them. A row's address is its `byteOffset`. */
export interface SolverModule {
  readonly exports: Exports;
  readonly memory: WebAssembly.Memory;
  f64(n: number): Float64Array;
  f32(n: number): Float32Array;
  i32(n: number): Int32Array;
  u8(n: number): Uint8Array;
  /** bytes lent so far */
  readonly used: number;
  /**
   * The same module and contents over `bytes` of rows. All views of before are gone: rows are lent anew from the start, and stand where they stood when they are
   * asked for in the same order.
   */
  grown(bytes: number): SolverModule;
}

const PAGE = 65536;
const LINE = 64;
const compiled = new WeakMap<Generated, WebAssembly.Module>();

function compile(generated: Generated): WebAssembly.Module {
  const known = compiled.get(generated);
  if (known) return known;
  const text = atob(generated.base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  bytes[generated.sharedFlag] = 1;
  const module = new WebAssembly.Module(bytes);
  compiled.set(generated, module);
  return module;
}

/** Bytes that rows of these sizes take, each begun on a cache line. */
export const roomFor = (...bytes: readonly number[]): number => bytes.reduce((s, b) => s + Math.ceil(b / LINE) * LINE, 0);

const pagesFor = (bytes: number): number => {
  const pages = Math.ceil((PAGE + bytes) / PAGE) + 1;
  if (pages > 65536) throw limitError("WASM memory in bytes", bytes, 65534 * PAGE, "Use a solver that stores less, or fewer points.");
  return pages;
};

/**
 * Opens the module over `bytes` of rows, which may grow to `most`. The first page is the module's own (constants, small scratch).
 * @throws {LimitError} beyond 4 GiB
 */
export function openModule(generated: Generated, bytes: number, most: number = bytes): SolverModule {
  const memory = new WebAssembly.Memory({ initial: pagesFor(bytes), maximum: pagesFor(most) });
  const instance = new WebAssembly.Instance(compile(generated), { env: { memory } });
  return lend(instance.exports as unknown as Exports, memory, bytes);
}
function lend(exports: Exports, memory: WebAssembly.Memory, bytes: number): SolverModule {
  let top = PAGE;
  const take = (size: number): number => {
    const at = top;
    if (at + size > memory.buffer.byteLength) throw limitError("rows in this memory, in bytes", at + size - PAGE, bytes, "Open a larger module.");
    top = Math.ceil((at + size) / LINE) * LINE;
    return at;
  };
  return {
    exports,
    memory,
    f64: (n) => new Float64Array(memory.buffer, take(8 * n), n),
    f32: (n) => new Float32Array(memory.buffer, take(4 * n), n),
    i32: (n) => new Int32Array(memory.buffer, take(4 * n), n),
    u8: (n) => new Uint8Array(memory.buffer, take(n), n),
    get used() {
      return top - PAGE;
    },
    grown(larger) {
      const missing = pagesFor(larger) - memory.buffer.byteLength / PAGE;
      if (missing > 0) memory.grow(missing);
      return lend(exports, memory, larger);
    },
  };
}
