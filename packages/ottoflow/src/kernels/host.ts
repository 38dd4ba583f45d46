import type { Host } from "../contract.ts";

/** Ordinary typed arrays of the engine: rows outside any WASM memory, on which kernels run their TypeScript reference. */
export function plainHost(): Host {
  return { alloc: (n) => new Float64Array(n), alloc32: (n) => new Float32Array(n) };
}
