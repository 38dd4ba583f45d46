/**
 * A tape is a straight-line program over rows: what a formula compiles to. It runs block by block, so that its registers stay in
 * cache, and the same tape runs on the TypeScript reference and on the SIMD interpreter with the same bits.
 *
 * Instruction i is `ops[5 i … 5 i + 4] = (opcode, target, a, b, c)`. `target` is a register in [inputs, inputs + registers). An operand is
 *   0 … inputs - 1                      an input row
 *   inputs … inputs + registers - 1     a register
 *   -1                                  the time t
 *   -2 - j                              constants[j]
 * An instruction may write a register that it reads. Unused operands are 0. `powi` takes its whole exponent in b as a literal.
 * Row k of the result is operand `outputs[k]`.
 */
import type { Rows, Tape } from "../contract.ts";
import { type Opcode, opcodes, scalars } from "./tape/opcodes.ts";
import { openWindow, TAPE_ROOM, type Wasm, WINDOW, wasm64 } from "./wasm.ts";

export type { Tape };

const codes: ReadonlyMap<Opcode, number> = /* @__PURE__ */ new Map(opcodes.map((name, code) => [name, code]));
const functions: readonly ((a: number, b: number, c: number) => number)[] = /* @__PURE__ */ Object.values(scalars) as never;

/** One instruction before registers are shared: its value is referred to by its place in the list. */
export interface Instruction {
  readonly op: Opcode;
  readonly args: readonly Argument[];
}
/** `value`: the result of an earlier instruction; `whole`: the literal exponent of powi */
export type Argument = { readonly input: number } | { readonly value: number } | { readonly constant: number } | { readonly whole: number } | "t";

/** Lays a list of instructions, each value used any number of times, on as few registers as their lifetimes allow. */
export function makeTape(inputs: number, program: readonly Instruction[], answers: readonly Argument[]): Tape {
  const { list, results } = withoutOnes(program, answers);
  const last = lifetimes(list, results);
  const constants: number[] = [];
  const place = new Map<number, number>();
  const free: number[] = [];
  let registers = 0;
  const operand = (a: Argument): number => {
    if (a === "t") return -1;
    if ("input" in a) return a.input;
    if ("whole" in a) return a.whole;
    if ("value" in a) return place.get(a.value)!;
    // Object.is keeps 0 and -0 apart
    let j = constants.findIndex((c) => Object.is(c, a.constant));
    if (j < 0) j = constants.push(a.constant) - 1;
    return -2 - j;
  };
  const ops = new Int32Array(5 * list.length);
  list.forEach(({ op, args }, i) => {
    const operands = args.map(operand);
    for (const a of new Set(args.map((a) => (typeof a === "object" && "value" in a ? a.value : -1)))) if (a >= 0 && last[a] === i) free.push(place.get(a)!);
    const target = free.pop() ?? inputs + registers++;
    place.set(i, target);
    if (last[i] === i) free.push(target);
    ops.set([codes.get(op)!, target, ...operands], 5 * i);
  });
  const outputs = Int32Array.from(results, operand);
  return { ops, constants: Float64Array.from(constants), inputs, registers, outputs };
}
/** The program without products by one, which leave every bit as it is. */
function withoutOnes(
  program: readonly Instruction[],
  answers: readonly Argument[],
): { readonly list: readonly Instruction[]; readonly results: readonly Argument[] } {
  const list: Instruction[] = [];
  const now: Argument[] = [];
  const follow = (a: Argument): Argument => (typeof a === "object" && "value" in a ? now[a.value]! : a);
  for (const { op, args } of program) {
    const own = args.map(follow);
    const one = op === "mul" ? own.findIndex((a) => typeof a === "object" && "constant" in a && a.constant === 1) : -1;
    now.push(one < 0 ? { value: list.push({ op, args: own }) - 1 } : own[1 - one]!);
  }
  return { list, results: answers.map(follow) };
}
/** the last instruction that reads each value; list.length for results */
function lifetimes(list: readonly Instruction[], results: readonly Argument[]): number[] {
  const last = list.map((_, i) => i);
  const read = (a: Argument, at: number): void => {
    if (typeof a === "object" && "value" in a) last[a.value] = at;
  };
  list.forEach(({ args }, i) => {
    for (const a of args) read(a, i);
  });
  for (const a of results) read(a, list.length);
  return last;
}

/** rows of this many values are worked on at a time */
export const TAPE_BLOCK = 256;
let registerRows = new Float64Array(16 * TAPE_BLOCK);

/** Runs the tape at n points: x [inputs * n], out [outputs * n], both coordinate-major; out must not overlap x. */
export function runTape(tape: Tape, n: number, x: Rows, t: number, out: Rows): void {
  const wasm = wasm64(x, out);
  const at = wasm === null ? null : loadTape(wasm, tape, t);
  if (wasm !== null && at !== null) runLoaded(wasm, at, n, n, x.byteOffset, out.byteOffset);
  else if (n < FEW || !throughWindow(tape, n, x, t, out)) runTapeReference(tape, n, x, t, out);
}
/** fewer points are not worth a call */
const FEW = 8;

function runLoaded(wasm: Wasm, at: LoadedTape, n: number, stride: number, x: number, out: number): void {
  const { inputs, outputs } = at.tape;
  wasm.exports.runTape!(at.ops, at.opsEnd, at.constants, at.registers, inputs, at.outputs, outputs.length, n, x, out, stride, 0);
}
/** Ordinary rows pass through the window chunk by chunk; false where there is no window or the tape is too wide for it. */
function throughWindow(tape: Tape, n: number, x: Rows, t: number, out: Rows): boolean {
  const { inputs } = tape;
  const results = tape.outputs.length;
  const chunk = Math.min(1024, TAPE_BLOCK * Math.floor(WINDOW / (TAPE_BLOCK * (inputs + results))));
  const window = chunk === 0 ? null : openWindow();
  const at = window === null ? null : loadTape(window.wasm, tape, t);
  if (window === null || at === null) return false;
  const { wasm, rows } = window;
  const after = inputs * chunk;
  for (let first = 0; first < n; first += chunk) {
    const m = Math.min(chunk, n - first);
    for (let k = 0; k < inputs; k++) rows.set(x.subarray(k * n + first, k * n + first + m), k * chunk);
    runLoaded(wasm, at, m, chunk, rows.byteOffset, rows.byteOffset + 8 * after);
    for (let k = 0; k < results; k++) out.set(rows.subarray(after + k * chunk, after + k * chunk + m), k * n + first);
  }
  return true;
}

/** Points [first, first + size) of the rows of n points, both in one WASM memory or both ordinary. */
export function runTapeRange(tape: Tape, first: number, size: number, n: number, x: Rows, t: number, out: Rows): void {
  const wasm = wasm64(x, out);
  const at = wasm === null ? null : loadTape(wasm, tape, t);
  if (wasm !== null && at !== null) runLoaded(wasm, at, size, n, x.byteOffset + 8 * first, out.byteOffset + 8 * first);
  else runTapeReference(tape, size, x, t, out, first, n);
}

/** Bytes cross threads, objects do not: a tape as one row. */
export function writeTape(tape: Tape, alloc: (n: number) => Float64Array): Float64Array {
  const { ops, constants, outputs } = tape;
  const row = alloc(5 + ops.length + constants.length + outputs.length);
  row.set([tape.inputs, tape.registers, ops.length, constants.length, outputs.length]);
  row.set(ops, 5);
  row.set(constants, 5 + ops.length);
  row.set(outputs, 5 + ops.length + constants.length);
  return row;
}
const read = new WeakMap<Rows, Tape>();
export function readTape(row: Rows): Tape {
  const known = read.get(row);
  if (known) return known;
  const [inputs, registers, ops, constants, outputs] = [row[0]!, row[1]!, row[2]!, row[3]!, row[4]!];
  const tape: Tape = {
    inputs,
    registers,
    ops: Int32Array.from(row.subarray(5, 5 + ops)),
    constants: Float64Array.from(row.subarray(5 + ops, 5 + ops + constants)),
    outputs: Int32Array.from(row.subarray(5 + ops + constants, 5 + ops + constants + outputs)),
  };
  read.set(row, tape);
  return tape;
}

/** Where a tape stands in the scratch of a thread, as byte offsets. */
export interface LoadedTape {
  readonly tape: Tape;
  /** float32 registers and constants */
  readonly single: boolean;
  readonly ops: number;
  readonly opsEnd: number;
  readonly outputs: number;
  /** splats: the time, then the constants */
  readonly constants: number;
  /** rows of TAPE_BLOCK values, inputs included */
  readonly registers: number;
  readonly end: number;
}
const loaded = new WeakMap<Wasm, LoadedTape>();
/** Copies a tape to the scratch of this thread, unless it is there already; null where it does not fit. */
export function loadTape(wasm: Wasm, tape: Tape, t: number, single = false): LoadedTape | null {
  let at = loaded.get(wasm);
  const FloatRows = single ? Float32Array : Float64Array;
  const lanes = single ? 4 : 2;
  if (at?.tape !== tape || at.single !== single) {
    const ops = wasm.tape;
    const opsEnd = ops + 4 * tape.ops.length;
    const constants = Math.ceil((opsEnd + 4 * tape.outputs.length) / 16) * 16;
    const registers = Math.ceil((constants + 16 * (tape.constants.length + 1)) / 64) * 64;
    const end = registers + (single ? 4 : 8) * TAPE_BLOCK * (tape.inputs + tape.registers);
    if (end > wasm.tape + TAPE_ROOM) return null;
    at = { tape, single, ops, opsEnd, outputs: opsEnd, constants, registers, end };
    const buffer = wasm.memory.buffer;
    new Int32Array(buffer, ops, tape.ops.length).set(tape.ops);
    new Int32Array(buffer, opsEnd, tape.outputs.length).set(tape.outputs);
    new FloatRows(buffer, constants + 16, lanes * tape.constants.length).set(splats(tape.constants, lanes));
    loaded.set(wasm, at);
  }
  new FloatRows(wasm.memory.buffer, at.constants, lanes).fill(t);
  return at;
}
const splats = (c: Float64Array, lanes: number): Float64Array => Float64Array.from({ length: lanes * c.length }, (_, i) => c[Math.floor(i / lanes)]!);

/** the readable twin of the SIMD interpreter */
export function runTapeReference(tape: Tape, n: number, x: Rows, t: number, out: Rows, from = 0, stride: number = n): void {
  interpret(tape, n, x, t, out, identity, from, stride);
}
/** The same with constants, time and the result of every instruction rounded to float32. */
export function runTapeReference32(tape: Tape, n: number, x: Rows, t: number, out: Rows): void {
  interpret(tape, n, x, t, out, Math.fround, 0, n);
}
const identity = (v: number): number => v;

function interpret(tape: Tape, n: number, x: Rows, t: number, out: Rows, round: (v: number) => number, from: number, stride: number): void {
  const { ops, inputs, outputs } = tape;
  const size = (inputs + tape.registers) * TAPE_BLOCK;
  if (registerRows.length < size) registerRows = new Float64Array(size);
  const rows = registerRows;
  const constant = (v: number): number => round(v === -1 ? t : tape.constants[-2 - v]!);
  for (let first = 0; first < n; first += TAPE_BLOCK) {
    const m = Math.min(TAPE_BLOCK, n - first);
    for (let k = 0; k < inputs; k++) for (let i = 0; i < m; i++) rows[k * TAPE_BLOCK + i] = x[k * stride + from + first + i]!;
    for (let p = 0; p < ops.length; p += 5) runInstruction(ops, p, m, rows, constant, round);
    outputs.forEach((v, k) => {
      for (let i = 0; i < m; i++) out[k * stride + from + first + i] = v < 0 ? constant(v) : rows[v * TAPE_BLOCK + i]!;
    });
  }
}
const POWI = codes.get("powi")!;
function runInstruction(ops: Int32Array, p: number, m: number, rows: Float64Array, constant: (v: number) => number, round: (v: number) => number): void {
  const f = functions[ops[p]!]!;
  const target = ops[p + 1]! * TAPE_BLOCK;
  const [a, b, c] = [ops[p + 2]!, ops[p + 3]!, ops[p + 4]!];
  const literal = ops[p] === POWI;
  const ca = a < 0 ? constant(a) : 0;
  const cb = literal ? b : b < 0 ? constant(b) : 0;
  const cc = c < 0 ? constant(c) : 0;
  for (let i = 0; i < m; i++)
    rows[target + i] = round(
      f(a < 0 ? ca : rows[a * TAPE_BLOCK + i]!, literal || b < 0 ? cb : rows[b * TAPE_BLOCK + i]!, c < 0 ? cc : rows[c * TAPE_BLOCK + i]!),
    );
}
