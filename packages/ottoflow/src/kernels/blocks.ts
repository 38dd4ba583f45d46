/**
 * Kernels that a pool may run block by block. A block is a range [first, first + size) of the work whose result depends on nothing
 * but the arguments, and its size is fixed here: so the bits are the same for any number of workers, and without a pool.
 */
import type { Rows } from "../contract.ts";
import { langevinSteps } from "./langevin.ts";
import { readTape, runTapeRange } from "./tape.ts";

export interface BlockKernel {
  /** size of a block */
  readonly size: number;
  run(first: number, size: number, n: number, args: readonly (Rows | number)[]): void;
}

export const blockKernels: Readonly<Record<string, BlockKernel>> = {
  /** args: tape (see writeTape), x [d * n], seed, stream, first step, steps, start, dt, amplitude; n particles */
  langevin: {
    size: 4096,
    run(first, size, n, args) {
      const [tape, x, seed, stream, index, count, start, dt, amplitude] = args as unknown as [
        Rows,
        Rows,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      langevinSteps({ tape: readTape(tape), n, seed, stream, start, dt, amplitude }, first, size, x, index, count);
    },
  },
  /** args: tape, x [inputs * n], out [outputs * n], t; n points */
  tape: {
    size: 8192,
    run(first, size, n, args) {
      const [tape, x, out, t] = args as unknown as [Rows, Rows, Rows, number];
      runTapeRange(readTape(tape), first, size, n, x, t, out);
    },
  },
};

/** Runs all blocks on this thread: what a pool does with more of them. */
export function runBlocks(kernel: string, n: number, args: readonly (Rows | number)[]): void {
  const { size, run } = blockKernels[kernel]!;
  for (let first = 0; first < n; first += size) run(first, Math.min(size, n - first), n, args);
}
