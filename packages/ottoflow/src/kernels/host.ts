import type { Host } from "../contract.ts";

/** Ordinary typed arrays of the engine: rows outside any WASM memory, on which kernels run their TypeScript reference. */
export function plainHost(): Host {
  return { alloc: (n) => new Float64Array(n), alloc32: (n) => new Float32Array(n) };
}

/** rows begin on cache lines */
export const LINE = 64;
/** a page and more: rows whose sizes are powers of two would all begin at the same place of a page, and so of the cache */
const LONG = 4096;
const SKEW: number = 3 * LINE;
/** bytes that a row of this many bytes takes in a WASM memory */
export const roomOf = (size: number): number => Math.ceil(size / LINE) * LINE + (size < LONG ? 0 : SKEW);
/** scratch of a dry run that is larger stands in one place */
const LARGE = 65536;

/** A host for the dry run: ordinary rows, and the bytes that openMemory needs for the same requests. */
export function measureHost(): Host & { readonly bytes: number } {
  let total = 0;
  const count = (size: number): number => {
    total += roomOf(size);
    return size;
  };
  let shared = new ArrayBuffer(0);
  const room = (size: number): ArrayBuffer => {
    if (size < LARGE) return new ArrayBuffer(size);
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
