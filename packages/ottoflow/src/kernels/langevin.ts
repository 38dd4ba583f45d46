/**
 * Independent diffusions, fused: a block of particles stays in the cache while it takes many steps
 *   x <- x - dt grad(x, t) + amplitude normal,
 * where the gradient is a tape (d inputs, d outputs) and the normal of coordinate k of particle i at step s is number k n + i of
 * (seed, stream, s), so blocks, their order and workers do not change a bit. Time of step s is start + s dt.
 * Float64 rows take `philoxNormals`; float32 rows take `philoxNormals32`, and every operation is rounded to float32.
 */
import type { Rows } from "../contract.ts";
import { normals32Reference, normalsReference } from "./philox.ts";
import { loadTape, runTapeReference, runTapeReference32, TAPE_BLOCK, type Tape } from "./tape.ts";
import { TAPE_ROOM, type Wasm, wasmOf } from "./wasm.ts";

export interface Langevin {
  /** gradient of the potential: d rows in, d rows out */
  readonly tape: Tape;
  /** particles in the rows */
  readonly n: number;
  readonly seed: number;
  readonly stream: number;
  readonly start: number;
  readonly dt: number;
  /** sqrt(2 eps dt) */
  readonly amplitude: number;
}

/** Advances particles [first, first + size) of x [d * n] in place by `count` steps, the first of which is number `index`. */
export function langevinSteps(o: Langevin, first: number, size: number, x: Rows, index: number, count: number): void {
  const wasm = wasmOf(x);
  if (wasm === null || !runWasm(wasm, o, first, size, x, index, count)) langevinReference(o, first, size, x, index, count);
}

function runWasm(wasm: Wasm, o: Langevin, first: number, size: number, x: Rows, index: number, count: number): boolean {
  const { tape, n, seed, stream } = o;
  const single = x.BYTES_PER_ELEMENT === 4;
  const at = loadTape(wasm, tape, o.start, single);
  // normals of a block: behind the tape in float64, in float32 with what they are made from in the rest of the scratch
  if (at === null || (!single && at.end + 8 * (TAPE_BLOCK + 16) > wasm.tape + TAPE_ROOM)) return false;
  const run = wasm.exports[single ? "langevin32" : "langevin"]!;
  const [key0, key1] = [seed >>> 0, Math.floor(seed / 4294967296)];
  // one call per block: a call that runs for seconds would never reach the engine's optimised code
  for (let from = first; from < first + size; from += TAPE_BLOCK) {
    const m = Math.min(TAPE_BLOCK, first + size - from);
    run(
      at.ops,
      at.opsEnd,
      at.constants,
      at.registers,
      tape.inputs,
      at.outputs,
      single ? wasm.scratch : at.end,
      n,
      x.byteOffset,
      from,
      m,
      key0,
      key1,
      stream,
      index,
      count,
      o.start,
      o.dt,
      o.amplitude,
    );
  }
  return true;
}

const room = new Float64Array(TAPE_BLOCK);
export function langevinReference(o: Langevin, first: number, size: number, x: Rows, index: number, count: number): void {
  const d = o.tape.inputs;
  const single = x.BYTES_PER_ELEMENT === 4;
  const round = single ? Math.fround : (v: number): number => v;
  const run = single ? runTapeReference32 : runTapeReference;
  const normals = single ? normals32Reference : normalsReference;
  const [dt, amplitude] = [round(o.dt), round(o.amplitude)];
  const z = room;
  for (let at = first; at < first + size; at += TAPE_BLOCK) {
    const m = Math.min(TAPE_BLOCK, first + size - at);
    const y = new Float64Array(d * m);
    const slope = new Float64Array(d * m);
    for (let k = 0; k < d; k++) for (let i = 0; i < m; i++) y[k * m + i] = x[k * o.n + at + i]!;
    for (let s = index; s < index + count; s++) {
      run(o.tape, m, y, o.start + s * o.dt, slope);
      for (let k = 0; k < d; k++) {
        const number = k * o.n + at;
        normals(o.seed, o.stream, s, number, number + m, number, z);
        for (let i = 0; i < m; i++) y[k * m + i] = round(round(y[k * m + i]! - round(dt * slope[k * m + i]!)) + round(amplitude * z[i]!));
      }
    }
    for (let k = 0; k < d; k++) for (let i = 0; i < m; i++) x[k * o.n + at + i] = y[k * m + i]!;
  }
}
