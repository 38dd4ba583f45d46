import type { Rows } from "./rows.ts";

/** What the platform lends: memory of fixed size per run, workers, files. The library has no Node and no DOM. Kernels run where rows live: rows of `alloc` may stand in WASM memory. */
export interface Host {
  /** in a dry open, which only counts: a host on the same count whose long rows stand on each other, for schemes that read no row while they open */
  readonly dry?: Host;
  alloc(n: number): Float64Array;
  alloc32(n: number): Float32Array;
  read?(path: string): Promise<Uint8Array>;
  /** runs `kernel` over [0, n) in fixed blocks on the workers; the same bits for any number of them */
  pool?: { readonly size: number; blocks(kernel: string, n: number, args: readonly (Rows | number)[]): void };
}
/** Every job is synchronous work that yields where its driver may wait, draw, save, stop. */
export type Work<P, R> = Generator<P, R, "stop" | undefined>;
