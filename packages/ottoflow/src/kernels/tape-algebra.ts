/** Multiples and sums of tapes, to the same bits as scaling and adding the rows that they write. */
import type { Tape } from "../contract.ts";
import { opcodes } from "./tape/opcodes.ts";

const MUL: number = /* @__PURE__ */ opcodes.indexOf("mul");
const ADD: number = /* @__PURE__ */ opcodes.indexOf("add");
const POWI: number = /* @__PURE__ */ opcodes.indexOf("powi");

/** factor * (each output) */
export function scaledTape(tape: Tape, factor: number): Tape {
  const constant = -2 - tape.constants.length;
  return ending({ ...tape, constants: Float64Array.of(...tape.constants, factor) }, (k) => [MUL, tape.outputs[k]!, constant]);
}

/** (output k of a) + (output k of b), both of the same inputs */
export function summedTape(a: Tape, b: Tape): Tape {
  const operand = (v: number): number => (v >= b.inputs ? v + a.registers : v <= -2 ? v - a.constants.length : v);
  const ops = b.ops.map((v, p) => (p % 5 === 0 || (p % 5 === 3 && b.ops[p - 3] === POWI) ? v : operand(v)));
  const both: Tape = {
    inputs: a.inputs,
    registers: a.registers + b.registers,
    ops: Int32Array.of(...a.ops, ...ops),
    constants: Float64Array.of(...a.constants, ...b.constants),
    outputs: a.outputs,
  };
  return ending(both, (k) => [ADD, a.outputs[k]!, operand(b.outputs[k]!)]);
}

/** the tape with one more instruction per output, into registers of its own */
function ending(tape: Tape, instruction: (output: number) => readonly [number, number, number]): Tape {
  const first = tape.inputs + tape.registers;
  const outputs = tape.outputs.map((_, k) => first + k);
  const last = Array.from(outputs, (target, k) => {
    const [op, a, b] = instruction(k);
    return [op, target, a, b, 0];
  });
  return { ...tape, registers: tape.registers + outputs.length, ops: Int32Array.of(...tape.ops, ...last.flat()), outputs };
}
