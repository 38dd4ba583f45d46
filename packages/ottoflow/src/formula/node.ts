/** What an expression is made of: one node for each operation, which knows its arguments. */
import * as math from "../kernels/math.ts";

export type Unary =
  | "exp"
  | "log"
  | "sqrt"
  | "abs"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "tanh"
  | "erf"
  | "sign"
  | "step"
  | "floor";
/**
 * Beyond the functions a user may write:
 * `powi` a^value with an integer; `over` a / b, and 0 where b = 0; `norm` the length of its arguments; `iflt`, `ifle` (l, r, a, b): a where l < r (l <= r), else b;
 * `side` the derivative of abs, 0 at 0; `gate` 1 from 0 on. Only for bounds on kinks (see derive.ts): `spike`, `jump`, `cut`, which are 0 at points.
 */
export type Op =
  | Unary
  | "const"
  | "var"
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "neg"
  | "powi"
  | "pow"
  | "min"
  | "max"
  | "atan2"
  | "over"
  | "norm"
  | "iflt"
  | "ifle"
  | "side"
  | "gate"
  | "spike"
  | "jump"
  | "cut";
export interface Node {
  /** arguments have smaller ids than the node itself */
  readonly id: number;
  readonly op: Op;
  readonly args: readonly Node[];
  /** const: its value; var: its row, or `time`, `radius`; powi: the exponent */
  readonly value: number;
}
export const time = -1;
export const radius = -2;

export const unaryValue: Readonly<Record<Unary, (a: number) => number>> = {
  exp: math.exp,
  log: math.log,
  sqrt: Math.sqrt,
  abs: Math.abs,
  sin: math.sin,
  cos: math.cos,
  tan: math.tan,
  asin: math.asin,
  acos: math.acos,
  atan: math.atan,
  sinh: math.sinh,
  cosh: math.cosh,
  tanh: math.tanh,
  erf: math.erf,
  sign: Math.sign,
  step: (a) => (a >= 0 ? 1 : 0),
  floor: Math.floor,
};

export const isConst = (a: Node): boolean => a.op === "const";
export const isZero = (a: Node): boolean => a.op === "const" && a.value === 0;
export const isOne = (a: Node): boolean => a.op === "const" && a.value === 1;
/** c of c * x, 1 if there is none */
export const multiple = (a: Node): number => (a.op === "mul" && isConst(a.args[0]!) ? a.args[0]!.value : a.op === "neg" ? -1 : 1);
export const without = (a: Node): Node => (a.op === "mul" && isConst(a.args[0]!) ? a.args[1]! : a.op === "neg" ? a.args[0]! : a);
export const base = (a: Node): Node => (a.op === "powi" ? a.args[0]! : a);
export const exponent = (a: Node): number => (a.op === "powi" ? a.value : 1);
export const neverNegative = (a: Node): boolean =>
  a.op === "exp" || a.op === "sqrt" || a.op === "norm" || a.op === "abs" || a.op === "cosh" || (a.op === "powi" && a.value % 2 === 0);
