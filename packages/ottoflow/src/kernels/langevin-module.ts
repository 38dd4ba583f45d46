/**
 * A tape as machine code: writes a small WASM module whose one function takes a block of particles through many steps of kernels/langevin.ts
 * in float32, gradient and step in registers. Possible where every instruction is one of SIMD; the bits are those of the interpreter.
 * A tape is arithmetic without branches or addresses, so the module touches the block, its noise and nothing else.
 *
 * Function "steps": (constants, x, bytes, scratch, index, count, start, dt); x are the block's rows TAPE_BLOCK values apart, `bytes` those
 * of a row that count, dt and amplitude stand as splats at scratch + COEFFICIENTS. Noise comes from the import (scratch, k, step).
 */
import { opcodes } from "./tape/opcodes.ts";
import { TAPE_BLOCK, type Tape } from "./tape.ts";

/** splats of dt and amplitude in the scratch; assembly/langevin.ts counts on it */
const COEFFICIENTS = 208;
/** rows of noise that the scratch has room for */
const MOST_ROWS = 24;
/** instructions up to which two vectors are taken in a turn */
const SHORT = 32;

const I32 = 0x7f;
const F64 = 0x7c;
const V128 = 0x7b;
/** float32 lanes: what follows 0xfd */
const lanes = { load: 0x00, store: 0x0b, splat: 0x13, and: 0x4e, bitselect: 0x52, ne: 0x42, add: 0xe4, sub: 0xe5, mul: 0xe6 } as const;
/** opcodes that are one instruction of their operands */
const plain: Readonly<Record<string, number>> = {
  neg: 0xe1,
  abs: 0xe0,
  sqrt: 0xe3,
  floor: 0x68,
  add: lanes.add,
  sub: lanes.sub,
  mul: lanes.mul,
  div: 0xe7,
  min: 0xe8,
  max: 0xe9,
};
const comparisons: Readonly<Record<string, number>> = { less: 0x43, lessEqual: 0x45, equal: 0x41 };
const unary = new Set(["neg", "abs", "sqrt", "floor"]);

function unsigned(n: number): number[] {
  const out: number[] = [];
  for (let v = n; ; v = Math.floor(v / 128)) {
    if (v < 128) return [...out, v];
    out.push((v % 128) + 128);
  }
}
function signed(n: number): number[] {
  const out: number[] = [];
  for (let v = n; ; v >>= 7) {
    if (v >= -64 && v < 64) return [...out, v & 0x7f];
    out.push((v & 0x7f) | 0x80);
  }
}
const get = (local: number): number[] => [0x20, ...unsigned(local)];
const set = (local: number): number[] => [0x21, ...unsigned(local)];
const whole = (n: number): number[] => [0x41, ...signed(n)];
const simd = (code: number): number[] => [0xfd, ...unsigned(code)];
const load = (offset: number): number[] => [...simd(lanes.load), 4, ...unsigned(offset)];
const store = (offset: number): number[] => [...simd(lanes.store), 4, ...unsigned(offset)];
const [i32Add, i32LessThan, f64Add, f64Mul, toF64, demote] = [0x6a, 0x49, 0xa0, 0xa2, 0xb8, 0xb6];
const loop = (body: readonly number[]): number[] => [0x03, 0x40, ...body, 0x0b];
const again = [0x0d, 0];

/** places of the locals after the eight parameters */
interface Places {
  readonly step: number;
  readonly at: number;
  readonly noise: number;
  readonly time: number;
  readonly tau: number;
  readonly sigma: number;
  readonly constants: number;
  readonly rows: number;
  readonly end: number;
}
const [CONSTANTS, X, BYTES, SCRATCH, INDEX, COUNT, START, DT] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
function placesOf({ inputs: d, constants, registers }: Tape): Places {
  const step = 8;
  const noise = step + 2;
  const time = noise + d;
  const first = time + 3;
  const rows = first + constants.length;
  return { step, at: step + 1, noise, time, tau: time + 1, sigma: time + 2, constants: first, rows, end: rows + d + registers };
}

/** The instruction at p, its result on the stack; null where it is none of SIMD's. */
function instruction(ops: Int32Array, p: number, operand: (v: number) => number[], one: number[]): number[] | null {
  const op = opcodes[ops[p]!]!;
  const [a, b, c] = [ops[p + 2]!, ops[p + 3]!, ops[p + 4]!];
  if (op === "powi") return b === 2 ? [...operand(a), ...operand(a), ...simd(lanes.mul)] : null;
  if (op === "select")
    return [...operand(b), ...operand(c), ...operand(a), ...[0xfd, 0x0c, ...new Array<number>(16).fill(0)], ...simd(lanes.ne), ...simd(lanes.bitselect)];
  const code = plain[op];
  if (code !== undefined) return [...operand(a), ...(unary.has(op) ? [] : operand(b)), ...simd(code)];
  const comparison = comparisons[op];
  return comparison === undefined ? null : [...operand(a), ...operand(b), ...simd(comparison), ...one, ...simd(lanes.and)];
}

/** x <- (x - dt gradient) + amplitude noise for one vector, `offset` bytes into the turn */
function vector(tape: Tape, at: Places, offset: number): number[] | null {
  const { ops, inputs: d, outputs } = tape;
  const operand = (v: number): number[] => get(v === -1 ? at.time : v < 0 ? at.constants - 2 - v : at.rows + v);
  const one = [0x43, 0, 0, 0x80, 0x3f, ...simd(lanes.splat)];
  const here = (k: number): number[] => [...get(X), ...get(at.at), i32Add, ...(k < 0 ? [] : load(4 * TAPE_BLOCK * k + offset))];
  const code: number[] = [];
  for (let k = 0; k < d; k++) code.push(...here(k), ...set(at.rows + k));
  for (let p = 0; p < ops.length; p += 5) {
    const body = instruction(ops, p, operand, one);
    if (body === null) return null;
    code.push(...body, ...set(at.rows + ops[p + 1]!));
  }
  for (let k = 0; k < d; k++) {
    const drifted = [...get(at.rows + k), ...get(at.tau), ...operand(outputs[k]!), ...simd(lanes.mul), ...simd(lanes.sub)];
    const shaken = [...get(at.sigma), ...get(at.noise + k), ...get(at.at), i32Add, ...load(offset), ...simd(lanes.mul), ...simd(lanes.add)];
    code.push(...here(-1), ...drifted, ...shaken, ...store(4 * TAPE_BLOCK * k + offset));
  }
  return code;
}

function stepsBody(tape: Tape): number[] | null {
  const { inputs: d, ops, constants } = tape;
  const at = placesOf(tape);
  const vectors = ops.length / 5 <= SHORT ? 2 : 1;
  const turn: number[] = [];
  for (let u = 0; u < vectors; u++) {
    const code = vector(tape, at, 16 * u);
    if (code === null) return null;
    turn.push(...code);
  }
  const number = [...get(INDEX), ...get(at.step), i32Add];
  const step = [...get(START), ...number, toF64, ...get(DT), f64Mul, f64Add, demote, ...simd(lanes.splat), ...set(at.time)];
  for (let k = 0; k < d; k++) step.push(...get(SCRATCH), ...whole(k), ...number, 0x10, 0, ...set(at.noise + k));
  const next = (local: number, by: number): number[] => [...get(local), ...whole(by), i32Add, 0x22, ...unsigned(local)];
  // after the calls, which leave nothing in registers
  step.push(...get(SCRATCH), ...load(COEFFICIENTS), ...set(at.tau), ...get(SCRATCH), ...load(COEFFICIENTS + 16), ...set(at.sigma));
  for (let j = 0; j < constants.length; j++) step.push(...get(CONSTANTS), ...load(16 * (j + 1)), ...set(at.constants + j));
  step.push(...whole(0), ...set(at.at), ...loop([...turn, ...next(at.at, 16 * vectors), ...get(BYTES), i32LessThan, ...again]));
  const code = [...loop([...step, ...next(at.step, 1), ...get(COUNT), i32LessThan, ...again]), 0x0b];
  const locals = [2, ...unsigned(2 + d), I32, ...unsigned(at.end - at.time), V128];
  return [...locals, ...code];
}

const section = (id: number, body: readonly number[]): number[] => [id, ...unsigned(body.length), ...body];
const named = (text: string): number[] => [text.length, ...Array.from(text, (c) => c.charCodeAt(0))];
/** The module over a memory that is shared or not; null where the tape has instructions of the interpreter's own, or too many rows. */
export function langevinModule(tape: Tape, shared: boolean): Uint8Array<ArrayBuffer> | null {
  if (tape.inputs > MOST_ROWS) return null;
  const body = stepsBody(tape);
  if (body === null) return null;
  const types = [2, 0x60, 3, I32, I32, I32, 1, I32, 0x60, 8, I32, I32, I32, I32, I32, I32, F64, F64, 0];
  const imports = [2, ...named("env"), ...named("noise"), 0, 0, ...named("env"), ...named("memory"), 2, shared ? 3 : 1, 2, ...unsigned(65536)];
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, types),
    ...section(2, imports),
    ...section(3, [1, 1]),
    ...section(7, [1, ...named("steps"), 0, 1]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}
