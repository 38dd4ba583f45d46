/** The formula as TeX, read from the tree of the text, so that it looks like what was written. */
import type { Tree } from "./parse.ts";

const sum = 1;
const product = 2;
const signed = 3;
const power = 4;
const atom = 5;
/** functions that TeX knows under their own name */
const known = new Set(["exp", "log", "ln", "sin", "cos", "tan", "sinh", "cosh", "tanh", "min", "max"]);
const other: ReadonlyMap<string, string> = new Map([
  ["asin", "\\arcsin"],
  ["acos", "\\arccos"],
  ["atan", "\\arctan"],
]);

export const toTex = (tree: Tree): string => write(tree)[0];

/** TeX and how tightly it binds */
function write(tree: Tree): readonly [string, number] {
  switch (tree.kind) {
    case "number":
      return numeral(tree.value);
    case "name":
      return [symbol(tree.name), atom];
    case "minus":
      return [`-${within(tree.arg, product)}`, signed];
    case "compare":
      return [`${toTex(tree.left)} ${comparison.get(tree.op)!} ${toTex(tree.right)}`, 0];
    case "call":
      return call(tree.name, tree.args);
    case "binary":
      return binary(tree);
  }
}
const comparison: ReadonlyMap<string, string> = new Map([
  ["<", "<"],
  [">", ">"],
  ["<=", "\\le"],
  [">=", "\\ge"],
]);

function numeral(value: number): readonly [string, number] {
  const text = String(value);
  const at = text.indexOf("e");
  if (at < 0) return [text, atom];
  const mantissa = text.slice(0, at);
  const ten = `10^{${Number(text.slice(at + 1))}}`;
  return mantissa === "1" ? [ten, power] : [`${mantissa} \\cdot ${ten}`, product];
}

function symbol(name: string): string {
  if (name === "pi") return "\\pi";
  if (name === "e") return "\\mathrm{e}";
  const index = /^([xy])(\d+)$/.exec(name);
  return index ? `${index[1]}_{${index[2]}}` : nameTex(name);
}

const greek =
  /^(?:alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|rho|sigma|tau|upsilon|phi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Upsilon|Phi|Psi|Omega)$/;

/** A name of a spec: one letter as it is, Greek letters by their names, words upright, digits at the end and what follows an underscore as an index. */
export function nameTex(name: string): string {
  const [, head, tail] = /^([A-Za-z]+)_?(.*)$/.exec(name) as unknown as [string, string, string];
  const word = (part: string): string => (part.length === 1 ? part : greek.test(part) ? `\\${part}` : `\\mathrm{${part}}`);
  return tail === "" ? word(head) : `${word(head)}_{${/^\d+$/.test(tail) ? tail : tail.split("_").filter(Boolean).map(word).join("\\,")}}`;
}

/** parentheses where the expression binds more loosely than its place asks */
const within = (tree: Tree, floor: number): string => enclosed(write(tree), floor);
const enclosed = ([text, binds]: readonly [string, number], floor: number): string => (binds < floor ? `\\left(${text}\\right)` : text);
/** the right side of an operator: a leading minus must not follow it. Each subtree is written once, or deep formulas would take exponential time. */
function right(tree: Tree, floor: number): string {
  const [text, binds] = write(tree);
  return enclosed([text, text.startsWith("-") ? 0 : binds], floor);
}

function binary(tree: Tree & { kind: "binary" }): readonly [string, number] {
  switch (tree.op) {
    case "+":
      return [`${within(tree.left, sum)} + ${right(tree.right, sum)}`, sum];
    case "-":
      return [`${within(tree.left, sum)} - ${right(tree.right, product)}`, sum];
    case "*":
      return [times(tree.left, tree.right), product];
    case "/":
      return [`\\frac{${toTex(tree.left)}}{${toTex(tree.right)}}`, atom - 0.5];
    case "^":
      return [raised(tree.left, toTex(tree.right)), power];
  }
}

function times(left: Tree, second: Tree): string {
  const a = within(left, product);
  const b = right(second, product);
  return /^[\d.]/.test(b) ? `${a} \\cdot ${b}` : `${a} \\, ${b}`;
}

function raised(base: Tree, exponent: string): string {
  // \sin(x)^2 would read as \sin(x^2) to some: the whole takes parentheses
  if (base.kind === "call" && known.has(base.name) && base.name !== "exp") return `${bracketed(write(base)[0])}^{${exponent}}`;
  return `${within(base, atom)}^{${exponent}}`;
}
const bracketed = (text: string): string => `\\left(${text}\\right)`;

function call(name: string, args: readonly Tree[]): readonly [string, number] {
  const [a, b] = args as [Tree, Tree];
  switch (name) {
    case "sqrt":
      return [`\\sqrt{${toTex(a)}}`, atom];
    case "abs":
      return [`\\left|${toTex(a)}\\right|`, atom];
    case "norm":
    case "hypot":
      return [`\\left|\\left(${args.map(toTex).join(", ")}\\right)\\right|`, atom];
    case "floor":
      return [`\\left\\lfloor ${toTex(a)} \\right\\rfloor`, atom];
    case "pow":
      return [raised(a, toTex(b)), power];
    case "step":
    case "heaviside":
      return [`\\mathbf{1}_{${toTex(a)} \\ge 0}`, power];
    case "if":
    case "piecewise":
      return [cases(args), atom];
  }
  const head = known.has(name) ? `\\${name}` : (other.get(name) ?? `\\operatorname{${name}}`);
  return [`${head}\\left(${args.map(toTex).join(", ")}\\right)`, atom - 0.5];
}

function cases(args: readonly Tree[]): string {
  const rows: string[] = [];
  for (let k = 0; k + 1 < args.length; k += 2) rows.push(`${toTex(args[k + 1]!)} & ${toTex(args[k]!)}`);
  rows.push(`${toTex(args.at(-1)!)} & \\text{otherwise}`);
  return `\\begin{cases} ${rows.join(" \\\\ ")} \\end{cases}`;
}
