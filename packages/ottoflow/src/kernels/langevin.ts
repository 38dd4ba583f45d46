/**
 * Independent diffusions, fused: a block of particles stays in the cache while it takes many steps
 *   x <- x - dt grad(x, t) + amplitude normal,
 * where the gradient is a tape (d inputs, d outputs) and the normal of coordinate k of particle i at step s is number k n + i of
 * (seed, stream, s), so blocks, their order and workers do not change a bit. Time of step s is start + s dt.
 * Float64 rows take `philoxNormals`; float32 rows take `philoxNormals32`, and every operation is rounded to float32.
 */
import type { Rows } from "../contract.ts";
import { langevinModule } from "./langevin-module.ts";
import { normals32Reference, normalsReference } from "./philox.ts";
import { type LoadedTape, loadTape, runTapeReference, runTapeReference32, TAPE_BLOCK, type Tape } from "./tape.ts";
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
  const single = x.BYTES_PER_ELEMENT === 4;
  const at = loadTape(wasm, o.tape, o.start, single);
  if (at === null) return false;
  if (single) runSingle(wasm, at, o, first, size, x as Float32Array, index, count);
  else return runDouble(wasm, at, o, first, size, x, index, count);
  return true;
}
function runDouble(wasm: Wasm, at: LoadedTape, o: Langevin, first: number, size: number, x: Rows, index: number, count: number): boolean {
  const { tape, n, seed, stream } = o;
  if (at.end + 8 * (TAPE_BLOCK + 16) > wasm.tape + TAPE_ROOM) return false;
  const run = wasm.exports.langevin!;
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
      at.end,
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

/** steps in a call from which machine code for the tape pays */
const MANY = 8;
function runSingle(wasm: Wasm, at: LoadedTape, o: Langevin, first: number, size: number, x: Float32Array, index: number, count: number): void {
  const { tape, n, seed, stream, start, dt } = o;
  const { scratch, exports } = wasm;
  const d = tape.inputs;
  const [key0, key1] = [seed >>> 0, Math.floor(seed / 4294967296)];
  const own = count < MANY ? null : ownSteps(wasm, tape);
  const rows = new Float32Array(wasm.memory.buffer);
  const [block, home] = [at.registers / 4, x.byteOffset / 4];
  for (let from = first; from < first + size; from += TAPE_BLOCK) {
    const m = Math.min(TAPE_BLOCK, first + size - from);
    exports.openNoise32!(scratch, key0, key1, stream, d, n, from, m, dt, o.amplitude);
    for (let k = 0; k < d; k++) rows.copyWithin(block + k * TAPE_BLOCK, home + k * n + from, home + k * n + from + m);
    if (own !== null) own(at.constants, at.registers, 4 * m, scratch, index, count, start, dt);
    else exports.steps32!(at.ops, at.opsEnd, at.constants, at.registers, d, at.outputs, scratch, m, index, count, start, dt);
    for (let k = 0; k < d; k++) rows.copyWithin(home + k * n + from, block + k * TAPE_BLOCK, block + k * TAPE_BLOCK + m);
  }
}
type Steps = (...args: number[]) => void;
const made = new WeakMap<Wasm, WeakMap<Tape, Steps | null>>();
/** The tape's own module over this memory, made on first use; null where it has to be interpreted. */
function ownSteps(wasm: Wasm, tape: Tape): Steps | null {
  let known = made.get(wasm);
  if (known === undefined) made.set(wasm, (known = new WeakMap()));
  let steps = known.get(tape);
  if (steps === undefined) {
    const bytes = langevinModule(tape, !(wasm.memory.buffer instanceof ArrayBuffer));
    const imports = { env: { memory: wasm.memory, noise: wasm.exports.noise32! } };
    steps = bytes && (new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports.steps as Steps);
    known.set(tape, steps);
  }
  return steps;
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
