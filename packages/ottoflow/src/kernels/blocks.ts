/**
 * Kernels that a pool may run block by block. A block is a range [first, first + size) of the work whose result depends on nothing
 * but the arguments, and its size is fixed here: so the bits are the same for any number of workers, and without a pool.
 */
import type { Rows } from "../contract.ts";
import { langevinSteps } from "./langevin.ts";
import { type PairLaw, pairGradient, pairGradient32, pairSum } from "./pairs.ts";
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
  /** args: x [d * n], y [d * m], w [m], out [n]; law (see lawNumbers), its parameter, factor, d, m; n targets */
  pairSum: { size: 256, run: (first, size, n, args) => pairs(pairSum, first, size, n, args) },
  /** the same with out [d * n] */
  pairGradient: { size: 256, run: (first, size, n, args) => pairs(pairGradient, first, size, n, args) },
  /** the same in float32 lanes */
  pairGradient32: { size: 256, run: (first, size, n, args) => pairs(pairGradient32, first, size, n, args) },
};

function pairs(run: typeof pairSum, first: number, size: number, n: number, args: readonly (Rows | number)[]): void {
  const [x, y, w, out, law, parameter, factor, d, m] = args as unknown as [Rows, Rows, Rows, Rows, number, number, number, number, number];
  run(lawOf(law, parameter), factor, d, n, x, m, y, w, out, first, size);
}
/** A pair law as two numbers, for the arguments of a block kernel. */
export function lawNumbers(k: PairLaw): readonly [number, number] {
  switch (k.law) {
    case "power":
      return [0, k.exponent];
    case "logarithm":
      return [1, 0];
    case "gaussian":
      return [2, k.rate];
    case "exponential":
      return [3, k.rate];
  }
}
function lawOf(law: number, parameter: number): PairLaw {
  if (law === 0) return { law: "power", exponent: parameter };
  if (law === 1) return { law: "logarithm" };
  return { law: law === 2 ? "gaussian" : "exponential", rate: parameter };
}

/** Runs all blocks on this thread: what a pool does with more of them. */
export function runBlocks(kernel: string, n: number, args: readonly (Rows | number)[]): void {
  const { size, run } = blockKernels[kernel]!;
  for (let first = 0; first < n; first += size) run(first, Math.min(size, n - first), n, args);
}
