/** What an instruction of a tape does. */
import {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cbrt,
  cos,
  cosh,
  erf,
  erfc,
  exp,
  expm1,
  hypot,
  lgamma,
  log,
  log1p,
  pow,
  powi,
  sin,
  sinh,
  tan,
  tanh,
} from "../math.ts";

export type Opcode =
  | "neg"
  | "abs"
  | "sqrt"
  | "floor"
  | "sign"
  | "exp"
  | "expm1"
  | "log"
  | "sin"
  | "cos"
  | "tanh"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "min"
  | "max"
  | "pow"
  | "powi"
  | "less"
  | "lessEqual"
  | "equal"
  | "select"
  | "log1p"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "cbrt"
  | "erf"
  | "erfc"
  | "lgamma"
  | "atan2"
  | "hypot";
/** Operation codes with the scalar they stand for. Comparisons give 1 or 0; select(a, b, c) is b where a is not 0, else c. Append only: the SIMD interpreter counts on the order. */
export const scalars: Readonly<Record<Opcode, (a: number, b: number, c: number) => number>> = {
  neg: (a) => -a,
  abs: (a) => Math.abs(a),
  sqrt: (a) => Math.sqrt(a),
  floor: (a) => Math.floor(a),
  sign: (a) => Math.sign(a),
  exp,
  expm1,
  log,
  sin,
  cos,
  tanh,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  min: (a, b) => Math.min(a, b),
  max: (a, b) => Math.max(a, b),
  pow,
  powi,
  less: (a, b) => (a < b ? 1 : 0),
  lessEqual: (a, b) => (a <= b ? 1 : 0),
  equal: (a, b) => (a === b ? 1 : 0),
  select: (a, b, c) => (a !== 0 ? b : c),
  log1p,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  asinh,
  acosh,
  atanh,
  cbrt,
  erf,
  erfc,
  lgamma,
  atan2,
  hypot,
};
export const opcodes: readonly Opcode[] = /* @__PURE__ */ Object.keys(scalars) as Opcode[];
