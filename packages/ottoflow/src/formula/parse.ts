/**
 * Text to a whitelisted tree with source offsets, by precedence climbing. Text is never evaluated as code.
 *
 * From loose to tight: comparison (only as a condition of `if` and `piecewise`), + -, * / and unary minus, ^ (right associative), so
 * -x^2 = -(x^2), 2^-x = 2^(-x). A number may stand directly before a name or parenthesis: 2x, 3(x + 1); where that could be read in two
 * ways (1/2x, 2^3x) it is refused.
 */
import { allowedNames, constants, functions, parameterName, type Scope, suggestion, takenAs, takesCondition, type Variables, variablesOf } from "./names.ts";
import { refuse } from "./refuse.ts";
import { type Token, type Tokens, tokens } from "./tokens.ts";

export interface Span {
  readonly at: number;
  readonly end: number;
}
export type Comparison = "<" | "<=" | ">" | ">=";
export type Tree =
  | (Span & { readonly kind: "number"; readonly value: number })
  | (Span & { readonly kind: "name"; readonly name: string })
  | (Span & { readonly kind: "call"; readonly name: string; readonly args: readonly Tree[] })
  | (Span & { readonly kind: "minus"; readonly arg: Tree })
  | (Span & { readonly kind: "binary"; readonly op: "+" | "-" | "*" | "/" | "^"; readonly left: Tree; readonly right: Tree })
  | (Span & { readonly kind: "compare"; readonly op: Comparison; readonly left: Tree; readonly right: Tree });

export const limits = { length: 10_000, nodes: 500, depth: 100 } as const;

const sum = 10;
const product = 20;
const power = 40;

interface Parser {
  readonly text: string;
  readonly tokens: Tokens;
  readonly variables: Variables;
  readonly scope: Scope;
  nodes: number;
  depth: number;
  /** a number that stands alone ended here, so a name may follow it */
  numberEnd: number;
}

/** @throws {FormulaError} with the offset, what came, what is allowed and the nearest suggestion */
export function parse(text: string, scope: Scope): Tree {
  if (typeof text !== "string") refuse(String(text).slice(0, 80), 0, 1, `A formula must be a text, got ${typeof text}.`);
  if (text.length > limits.length)
    refuse(text, limits.length, limits.length + 1, `The formula has ${text.length} characters when at most ${limits.length} are allowed.`);
  const p: Parser = { text, tokens: tokens(text), variables: variablesOf(scope), scope, nodes: 0, depth: 0, numberEnd: -1 };
  if (p.tokens.peek().kind === "end") refuse(text, 0, 1, `The formula is empty. Write an expression in ${allowedNames(p.variables)}.`);
  const tree = expression(p, 0);
  const rest = p.tokens.peek();
  if (rest.kind === "compare") refuse(text, rest.at, rest.end, `A comparison may only be a condition: write if(a ${rest.text} b, value, otherwise).`);
  if (rest.kind !== "end") refuse(text, rest.at, rest.end, after(p, rest));
  return tree;
}

function after(p: Parser, t: Token): string {
  if (t.kind === ")") return "This closing parenthesis has no opening one.";
  if (t.kind === ",") return "A comma may only stand between the arguments of a function.";
  if (t.kind === "=") return "A formula is an expression, not an equation: leave out the =.";
  const before = p.text.slice(Math.max(0, t.at - 12), t.at).trim();
  if (t.kind === "name" || t.kind === "(" || t.kind === "number")
    return `An operator is missing between \`${before}\` and \`${t.text}\`: write ${before.slice(-6)}*${t.text}.`;
  return `Got \`${t.text}\` when an operator or the end was expected.`;
}

function node<T extends Tree>(p: Parser, tree: T): T {
  if (++p.nodes > limits.nodes)
    refuse(p.text, tree.at, tree.at + 1, `The formula has more than ${limits.nodes} operations, the limit. Split it into several energies, or give functions.`);
  return tree;
}

/** inside parentheses, bars, arguments or a sign: these alone nest, so the depth of recursion is bounded by the two limits together */
function inner<T>(p: Parser, read: () => T): T {
  if (++p.depth > limits.depth) {
    const t = p.tokens.peek();
    refuse(p.text, t.at, t.end, `The formula is nested more than ${limits.depth} deep, the limit.`);
  }
  const out = read();
  p.depth--;
  return out;
}

function expression(p: Parser, floor: number): Tree {
  let left = prefix(p, floor);
  for (;;) {
    const t = p.tokens.peek();
    if (t.kind === "operator") {
      const [binds, op] = strength(t.text);
      if (binds < floor) break;
      p.tokens.next();
      const right = expression(p, op === "^" ? binds : binds + 1);
      left = node(p, { kind: "binary", op, left, right, at: left.at, end: right.end });
    } else if (t.kind === "superscript") {
      if (power < floor) break;
      p.tokens.next();
      if (left.kind === "binary" && left.op === "^" && p.text[t.at - 1] !== ")") refuse(p.text, t.at, t.end, "A power of a power needs parentheses.");
      const right = node(p, { kind: "number", value: t.value, at: t.at, end: t.end });
      left = node(p, { kind: "binary", op: "^", left, right, at: left.at, end: t.end });
    } else if ((t.kind === "name" || t.kind === "(") && p.numberEnd === left.end) {
      // a number stands directly before; inside a tighter operand the outer level decides
      if (product < floor) break;
      if (left.kind === "binary" && (left.op === "/" || left.op === "^")) ambiguous(p, left, t);
      const right = expression(p, product + 1);
      left = node(p, { kind: "binary", op: "*", left, right, at: left.at, end: right.end });
    } else break;
  }
  return left;
}

function ambiguous(p: Parser, left: Tree & { kind: "binary" }, t: Token): never {
  const head = p.text.slice(left.at, left.end);
  const [a, b] = [p.text.slice(left.left.at, left.left.end), p.text.slice(left.right.at, left.right.end)];
  refuse(p.text, left.at, t.end, `\`${head}${t.text}\` can be read in two ways: write (${head})*${t.text} or ${a}${left.op}(${b}*${t.text}).`);
}

function strength(op: string): readonly [number, "+" | "-" | "*" | "/" | "^"] {
  if (op === "+" || op === "-") return [sum, op];
  if (op === "*" || op === "/") return [product, op];
  return [power, "^"];
}

function prefix(p: Parser, floor: number): Tree {
  const t = p.tokens.next();
  if (t.kind === "number") {
    p.numberEnd = t.end;
    return node(p, { kind: "number", value: t.value, at: t.at, end: t.end });
  }
  if (t.kind === "name") {
    if (!p.variables.meaning.has(t.text) && !constants.has(t.text) && !functions.has(t.text)) unknown(p, t);
    return p.tokens.peek().kind === "(" ? call(p, t) : name(p, t);
  }
  if (t.kind === "(") {
    const body = inner(p, () => expression(p, 0));
    const close = p.tokens.next();
    if (close.kind !== ")") unclosed(p, t, close);
    return { ...body, at: t.at, end: close.end };
  }
  if (t.kind === "bar") return bars(p, t);
  if (t.kind === "operator" && (t.text === "-" || t.text === "+")) {
    // tighter than + and -, as loose as * unless it stands inside a power
    const arg = inner(p, () => expression(p, Math.max(product, floor)));
    return t.text === "+" ? { ...arg, at: t.at } : node(p, { kind: "minus", arg, at: t.at, end: arg.end });
  }
  if (t.kind === "end") refuse(p.text, t.at, t.end, "The formula ends where a number, a name or a parenthesis was expected.");
  refuse(p.text, t.at, t.end, `Got \`${t.text}\` when a number, a name or a parenthesis was expected.`);
}

function unclosed(p: Parser, open: Token, t: Token): never {
  if (t.kind === "end") refuse(p.text, open.at, open.end, "This parenthesis is never closed.");
  if (t.kind === "compare") refuse(p.text, t.at, t.end, `A comparison may only be a condition: write if(a ${t.text} b, value, otherwise).`);
  if (t.kind === ",") refuse(p.text, t.at, t.end, "A comma may only stand between the arguments of a function.");
  refuse(p.text, t.at, t.end, after(p, t));
}

/** |a| is abs(a) */
function bars(p: Parser, open: Token): Tree {
  const arg = inner(p, () => expression(p, 0));
  const close = p.tokens.next();
  if (close.kind !== "bar") refuse(p.text, open.at, open.end, "This bar is never closed.");
  if (arg.kind === "name" && arg.name === "x" && p.variables.rows.length > 1)
    refuse(p.text, open.at, close.end, "|x| is not clear in several dimensions: write r for the length of x, or abs(x) for its first coordinate.");
  return node(p, { kind: "call", name: "abs", args: [arg], at: open.at, end: close.end });
}

function name(p: Parser, t: Token): Tree {
  if (p.variables.meaning.has(t.text) || constants.has(t.text)) return node(p, { kind: "name", name: t.text, at: t.at, end: t.end });
  refuse(p.text, t.at, t.end, `\`${t.text}\` is a function: write ${t.text}(…).`);
}

function unknown(p: Parser, t: Token): never {
  const near = suggestion(t.text, p.variables);
  const shown = t.text.length > 40 ? `${t.text.slice(0, 40)}…` : t.text;
  const meant = near ? ` Did you mean \`${near}\`?` : "";
  const said = `Unknown name \`${shown}\`. Allowed are ${allowedNames(p.variables)}.`;
  if (p.scope.of === "none" && takenAs(t.text) === "variable")
    refuse(p.text, t.at, t.end, `${said} A number depends on no variable; a formula that does stands without =.`);
  // only a spec has parameters; a name before a parenthesis was meant as a function
  if (p.scope.names === undefined || takenAs(t.text) !== null || !parameterName.test(t.text) || /^\s*\(/.test(p.text.slice(t.end, t.end + 80)))
    refuse(p.text, t.at, t.end, said + meant);
  refuse(p.text, t.at, t.end, `${said}${meant} Or give it a value: "parameters": { "${t.text}": 1 }.`, t.text);
}

function call(p: Parser, t: Token): Tree {
  const arity = functions.get(t.text);
  if (!arity) refuse(p.text, t.at, t.end, `\`${t.text}\` is not a function: write ${t.text}*(…).`);
  const open = p.tokens.next();
  const args: Tree[] = [];
  for (;;) {
    if (args.length === 0 && p.tokens.peek().kind === ")") break;
    args.push(inner(p, () => argument(p)));
    if (p.tokens.peek().kind !== ",") break;
    p.tokens.next();
  }
  const close = p.tokens.next();
  if (close.kind !== ")") unclosed(p, open, close);
  if (args.length < arity.min || args.length > arity.max || (t.text === "piecewise" && args.length % 2 === 0))
    refuse(p.text, t.at, close.end, `${t.text} takes ${wanted(t.text, arity.min, arity.max)}, got ${args.length}.`);
  for (const [k, arg] of args.entries()) checkPlace(p, t.text, arg, takesCondition(t.text, k, args.length));
  return node(p, { kind: "call", name: t.text, args, at: t.at, end: close.end });
}

const wanted = (name: string, min: number, max: number): string =>
  name === "piecewise"
    ? "condition, value, … , otherwise: an odd number of arguments"
    : min === max
      ? `${min} argument${min > 1 ? "s" : ""}`
      : `${min} to ${max} arguments`;

function checkPlace(p: Parser, fn: string, arg: Tree, condition: boolean): void {
  if (condition && arg.kind !== "compare") refuse(p.text, arg.at, arg.end, `This argument of ${fn} must be a comparison, like x < 0.`);
  if (!condition && arg.kind === "compare") refuse(p.text, arg.at, arg.end, "A comparison may only be a condition: write if(a < b, value, otherwise).");
}

function argument(p: Parser): Tree {
  const left = expression(p, 0);
  const t = p.tokens.peek();
  if (t.kind !== "compare") return left;
  p.tokens.next();
  const right = expression(p, 0);
  if (p.tokens.peek().kind === "compare") refuse(p.text, t.at, p.tokens.peek().end, "Comparisons do not chain: nest two if(…), or multiply two step(…).");
  return node(p, { kind: "compare", op: t.text as Comparison, left, right, at: left.at, end: right.end });
}
