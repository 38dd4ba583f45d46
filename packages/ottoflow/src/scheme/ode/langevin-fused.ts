/**
 * Independent diffusions whose drift is a program: gradient, noise and step are one kernel, and blocks of particles go to the workers
 * of the host where it has any. In float64 it gives the same bits as langevin-block.ts.
 */
import type { At, Field, Host, Rows, Tape } from "../../contract.ts";
import { runBlocks } from "../../kernels/blocks.ts";
import { makeTape, writeTape } from "../../kernels/tape.ts";
import { summedTape } from "../../kernels/tape-algebra.ts";
import { wasmOf } from "../../kernels/wasm.ts";

export interface FusedStep {
  readonly tape: Tape;
  readonly n: number;
  readonly eps: number;
  readonly seed: number;
  readonly stream: number;
  readonly host: Host;
}

/** The gradient of the sum of the fields in d dimensions, or null where one of them is no program. */
export function tapeOf(fields: readonly Field[], d: number): Tape | null {
  if (!fields.every((field) => field.gradientTape)) return null;
  if (fields.length === 0)
    return makeTape(
      d,
      [],
      Array.from({ length: d }, () => ({ constant: 0 })),
    );
  return fields.map((field) => field.gradientTape!()).reduce(summedTape);
}

/** Whether the kernel has a SIMD twin for these rows; without one it runs, but the block path is faster. */
export const runsFused = (x: Rows): boolean => wasmOf(x) !== null;

/** Advances x [d * n] in place by `at.count` steps; time is `start` + index dt. */
export function openFusedStep({ tape, n, eps, seed, stream, host }: FusedStep): (x: Rows, start: number, at: At) => void {
  const row = writeTape(tape, host.alloc);
  const blocks = host.pool ? host.pool.blocks.bind(host.pool) : runBlocks;
  return (x, start, at) => blocks("langevin", n, [row, x, seed, stream, at.index, at.count, start, at.dt, Math.sqrt(2 * eps * at.dt)]);
}
