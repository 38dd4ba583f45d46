import { refuse } from "./refuse.ts";

export interface Token {
  readonly kind: "number" | "name" | "operator" | "superscript" | "compare" | "(" | ")" | "," | "bar" | "=" | "end";
  readonly text: string;
  readonly value: number;
  readonly at: number;
  readonly end: number;
}
export interface Tokens {
  peek(): Token;
  next(): Token;
}

const space = /[\s\u00a0]*/y;
const number = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const word = /[A-Za-z_$][A-Za-z0-9_$]*/y;
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** other spellings of the operators */
const spelling: ReadonlyMap<string, string> = new Map([
  ["−", "-"],
  ["·", "*"],
  ["⋅", "*"],
  ["×", "*"],
  ["∗", "*"],
  ["÷", "/"],
  ["≤", "<="],
  ["≥", ">="],
]);

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

/** Reads tokens one at a time, so that a text which breaks a limit is left at once. */
export function tokens(text: string): Tokens {
  let at = 0;
  let ahead: Token | null = null;
  const next = (): Token => {
    if (ahead) {
      const t = ahead;
      ahead = null;
      return t;
    }
    at += match(space, text, at).length;
    const t = read(text, at);
    at = t.end;
    return t;
  };
  return {
    next,
    peek: () => {
      ahead ??= next();
      return ahead;
    },
  };
}

function read(text: string, at: number): Token {
  const token = (kind: Token["kind"], length: number, shown: string = text.slice(at, at + length), value = Number.NaN): Token => ({
    kind,
    text: shown,
    value,
    at,
    end: at + length,
  });
  if (at >= text.length) return token("end", 0);
  const digits = match(number, text, at);
  if (digits) return numeral(text, at, digits);
  const name = match(word, text, at);
  if (name) return token("name", name.length);
  const c = text[at]!;
  if (c === "π") return token("name", 1, "pi");
  if (superscripts.includes(c)) {
    let length = 1;
    while (at + length < text.length && superscripts.includes(text[at + length]!)) length++;
    const value = Number([...text.slice(at, at + length)].map((s) => superscripts.indexOf(s)).join(""));
    return token("superscript", length, undefined, value);
  }
  const pair = text.slice(at, at + 2);
  if (pair === "**") return token("operator", 2, "^");
  if (pair === "<=" || pair === ">=") return token("compare", 2);
  if (pair === "==" || pair === "!=") refuse(text, at, at + 2, "Equality of real numbers is not a condition: use <, <=, > or >=.");
  const plain = spelling.get(c) ?? c;
  if (plain === "<=" || plain === ">=" || plain === "<" || plain === ">") return token("compare", 1, plain);
  if (plain.length === 1 && "+-*/^".includes(plain)) return token("operator", 1, plain);
  if (c === "(" || c === ")" || c === "," || c === "=") return token(c, 1);
  if (c === "|") return token("bar", 1);
  const whole = String.fromCodePoint(text.codePointAt(at)!);
  const code = whole.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0");
  refuse(
    text,
    at,
    at + whole.length,
    `The character \`${whole}\` (U+${code}) has no meaning in a formula. Allowed are numbers, names, + - * / ^, < <= > >=, parentheses, commas and |…|.`,
  );
}

function numeral(text: string, at: number, digits: string): Token {
  const end = at + digits.length;
  const follow = text[end];
  if (follow === "." || (follow !== undefined && follow >= "0" && follow <= "9")) refuse(text, at, end + 1, `\`${digits}${follow}\` is not a number.`);
  const value = Number(digits);
  if (!Number.isFinite(value)) refuse(text, at, end, `\`${digits}\` is too large: the largest number is about 1.8e308.`);
  return { kind: "number", text: digits, value, at, end };
}
