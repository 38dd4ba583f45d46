/**
 * Expressions as a graph: equal subexpressions are one node, so that derivatives stay small and are computed once.
 * The constructors simplify as they build: constants fold, 0 and 1 vanish, powers and multiples collect.
 */
import * as math from "../kernels/math.ts";
import { base, exponent, isConst, isOne, isZero, multiple, type Node, neverNegative, type Op, type Unary, unaryValue, without } from "./node.ts";

export interface Pool {
  num(value: number): Node;
  variable(row: number): Node;
  add(a: Node, b: Node): Node;
  sub(a: Node, b: Node): Node;
  mul(a: Node, b: Node): Node;
  div(a: Node, b: Node): Node;
  neg(a: Node): Node;
  pow(a: Node, b: Node): Node;
  powi(a: Node, n: number): Node;
  apply(op: Unary, a: Node): Node;
  min(a: Node, b: Node): Node;
  max(a: Node, b: Node): Node;
  atan2(a: Node, b: Node): Node;
  norm(args: readonly Node[]): Node;
  over(a: Node, b: Node): Node;
  choose(strict: boolean, l: Node, r: Node, a: Node, b: Node): Node;
  mark(op: "side" | "gate" | "spike" | "jump", a: Node): Node;
  cut(a: Node, b: Node): Node;
}

export function makePool(): Pool {
  const known = new Map<string, Node>();
  let count = 0;
  const node = (op: Op, args: readonly Node[], value = 0): Node => {
    const key = `${op}:${Object.is(value, -0) ? "-0" : value}:${args.map((a) => a.id).join(",")}`;
    const old = known.get(key);
    if (old) return old;
    const made: Node = { id: count++, op, args, value };
    known.set(key, made);
    return made;
  };
  const num = (value: number): Node => node("const", [], value);
  const sorted = (a: Node, b: Node): [Node, Node] => (a.id <= b.id ? [a, b] : [b, a]);
  const times = (c: number, a: Node): Node => mul(num(c), a);

  function neg(a: Node): Node {
    if (isConst(a)) return num(-a.value);
    if (a.op === "neg") return a.args[0]!;
    if (a.op === "sub") return sub(a.args[1]!, a.args[0]!);
    if (a.op === "mul" && isConst(a.args[0]!)) return times(-a.args[0]!.value, a.args[1]!);
    return node("neg", [a]);
  }
  function add(a: Node, b: Node): Node {
    if (isConst(a) && isConst(b)) return num(a.value + b.value);
    if (isZero(a)) return b;
    if (isZero(b)) return a;
    if (isConst(a)) return add(b, a);
    if (b.op === "neg") return sub(a, b.args[0]!);
    if (a.op === "neg") return sub(b, a.args[0]!);
    if (isConst(b) && a.op === "add" && isConst(a.args[1]!)) return add(a.args[0]!, num(a.args[1]!.value + b.value));
    if (without(a) === without(b)) return times(multiple(a) + multiple(b), without(a));
    if (isConst(b)) return node("add", [a, b]);
    return node("add", sorted(a, b));
  }
  function sub(a: Node, b: Node): Node {
    if (isConst(a) && isConst(b)) return num(a.value - b.value);
    if (isZero(b)) return a;
    if (isZero(a)) return neg(b);
    if (isConst(b)) return add(a, num(-b.value));
    if (b.op === "neg") return add(a, b.args[0]!);
    if (without(a) === without(b)) return times(multiple(a) - multiple(b), without(a));
    if (b.op === "mul" && isConst(b.args[0]!) && b.args[0]!.value < 0) return add(a, neg(b));
    return node("sub", [a, b]);
  }
  function mul(a: Node, b: Node): Node {
    if (isConst(a) && isConst(b)) return num(a.value * b.value);
    if (isConst(b)) return mul(b, a);
    if (isConst(a)) {
      if (a.value === 0) return num(0);
      if (a.value === 1) return b;
      if (a.value === -1) return neg(b);
      if (b.op === "neg") return times(-a.value, b.args[0]!);
      if (b.op === "mul" && isConst(b.args[0]!)) return times(a.value * b.args[0]!.value, b.args[1]!);
      if (b.op === "div" && isConst(b.args[0]!)) return div(num(a.value * b.args[0]!.value), b.args[1]!);
      return node("mul", [a, b]);
    }
    const c = multiple(a) * multiple(b);
    if (without(a) !== a || without(b) !== b) return times(c, mul(without(a), without(b)));
    return product(a, b);
  }
  /** a b where neither carries a constant factor */
  function product(a: Node, b: Node): Node {
    if (base(a) === base(b) && exponent(a) > 0 && exponent(b) > 0) return powi(base(a), exponent(a) + exponent(b));
    const whole = timesSide(a, b) ?? timesSide(b, a);
    if (whole) return whole;
    // u appears in a product already: side(u)^2 = 1 except at the kink, and spike u' u' is a square
    for (const [p, q] of [
      [a, b],
      [b, a],
    ] as const) {
      if (p.op !== "mul") continue;
      const [l, r] = [p.args[0]!, p.args[1]!];
      if (joins(r, q)) return mul(l, product(r, q));
      if (joins(l, q)) return mul(product(l, q), r);
    }
    return node("mul", sorted(a, b));
  }
  const joins = (a: Node, b: Node): boolean =>
    (base(a) === base(b) && exponent(a) > 0 && exponent(b) > 0) || timesSide(a, b) !== null || timesSide(b, a) !== null;
  /** side(u) |u| = u, side(u) u^n = |u|^n for odd n */
  function timesSide(s: Node, a: Node): Node | null {
    if (s.op !== "side") return null;
    const u = s.args[0]!;
    if (a.op === "abs" && a.args[0] === u) return u;
    return base(a) === u && exponent(a) > 0 && exponent(a) % 2 === 1 ? powi(apply("abs", u), exponent(a)) : null;
  }
  function div(a: Node, b: Node): Node {
    if (isConst(a) && isConst(b)) return num(a.value / b.value);
    if (isOne(b)) return a;
    if (isZero(a) && !isZero(b)) return a;
    if (a.op === "neg") return neg(div(a.args[0]!, b));
    if (b.op === "neg") return neg(div(a, b.args[0]!));
    if (isConst(b) && b.value !== 0 && a.op === "mul" && isConst(a.args[0]!)) return times(a.args[0]!.value / b.value, a.args[1]!);
    if (a.op === "div") return div(a.args[0]!, mul(a.args[1]!, b));
    return node("div", [a, b]);
  }
  function powi(a: Node, n: number): Node {
    if (n === 0) return num(1);
    if (n === 1) return a;
    if (isConst(a)) return num(math.powi(a.value, n));
    if (a.op === "powi") return powi(a.args[0]!, a.value * n);
    if (a.op === "neg") return n % 2 === 0 ? powi(a.args[0]!, n) : neg(powi(a.args[0]!, n));
    if (a.op === "abs" && n % 2 === 0) return powi(a.args[0]!, n);
    if (a.op === "side") return n % 2 === 0 ? num(1) : a;
    if (a.op === "norm" && n % 2 === 0) return powi(a.args.map((u) => powi(u, 2)).reduce(add), n / 2);
    if (a.op === "mul" && isConst(a.args[0]!)) return times(math.powi(a.args[0]!.value, n), powi(a.args[1]!, n));
    return node("powi", [a], n);
  }
  function pow(a: Node, b: Node): Node {
    if (isConst(a) && isConst(b)) return num(Number.isInteger(b.value) && Math.abs(b.value) <= 64 ? math.powi(a.value, b.value) : math.pow(a.value, b.value));
    if (isConst(b)) {
      const p = b.value;
      if (Number.isInteger(p) && Math.abs(p) <= 64) return powi(a, p);
      if (p === 0.5) return apply("sqrt", a);
      // (u^2k)^p = |u|^2kp and (|u|^q)^p = |u|^pq for every real u
      if (a.op === "powi" && a.value % 2 === 0) return pow(apply("abs", a.args[0]!), num(a.value * p));
      if (a.op === "pow" && isConst(a.args[1]!) && neverNegative(a.args[0]!)) return pow(a.args[0]!, num(a.args[1]!.value * p));
    }
    if (isConst(a) && a.value === Math.E) return apply("exp", b);
    return node("pow", [a, b]);
  }
  function apply(op: Unary, a: Node): Node {
    if (isConst(a)) return num(unaryValue[op](a.value));
    if (op === "abs") {
      if (neverNegative(a)) return a;
      if (a.op === "neg") return apply("abs", a.args[0]!);
      if (multiple(a) !== 1) return times(Math.abs(multiple(a)), apply("abs", without(a)));
    }
    if (op === "log" && a.op === "exp") return a.args[0]!;
    if (op === "sqrt") {
      if (a.op === "powi" && a.value % 2 === 0) return powi(apply("abs", a.args[0]!), a.value / 2);
      const legs = squares(a);
      if (legs) return norm(legs);
    }
    return node(op, [a]);
  }
  /** u, v, … if a = u^2 + v^2 + …, as in sqrt(x^2 + y^2), which then has a gradient at its zero too */
  function squares(a: Node): Node[] | null {
    if (a.op === "powi" && a.value === 2) return [a.args[0]!];
    if (a.op !== "add") return null;
    const left = squares(a.args[0]!);
    const right = left && squares(a.args[1]!);
    return left && right && [...left, ...right];
  }
  function norm(args: readonly Node[]): Node {
    const legs = args.filter((a) => !isZero(a)).sort((a, b) => a.id - b.id);
    if (legs.length === 0) return num(0);
    if (legs.length === 1) return apply("abs", legs[0]!);
    if (legs.every(isConst)) return num(Math.sqrt(legs.reduce((s, a) => s + a.value * a.value, 0)));
    return node("norm", legs);
  }
  function over(a: Node, b: Node): Node {
    if (isZero(a)) return a;
    if (isConst(b)) return b.value === 0 ? num(0) : div(a, b);
    if (a.op === "neg") return neg(over(a.args[0]!, b));
    if (multiple(a) !== 1) return times(multiple(a), over(without(a), b));
    return node("over", [a, b]);
  }
  const extreme = (op: "min" | "max", a: Node, b: Node): Node => {
    if (a === b) return a;
    if (isConst(a) && isConst(b)) return num(op === "min" ? Math.min(a.value, b.value) : Math.max(a.value, b.value));
    return node(op, [a, b]);
  };
  function choose(strict: boolean, l: Node, r: Node, a: Node, b: Node): Node {
    if (a === b) return a;
    if (isConst(l) && isConst(r)) return (strict ? l.value < r.value : l.value <= r.value) ? a : b;
    return node(strict ? "iflt" : "ifle", [l, r, a, b]);
  }
  const mark = (op: "side" | "gate" | "spike" | "jump", a: Node): Node => {
    if (!isConst(a)) return node(op, [a]);
    if (op === "side") return num(Math.sign(a.value));
    if (op === "gate") return num(a.value >= 0 ? 1 : 0);
    // a constant never crosses zero
    return num(0);
  };
  return {
    num,
    variable: (row) => node("var", [], row),
    add,
    sub,
    mul,
    div,
    neg,
    pow,
    powi,
    apply,
    min: (a, b) => extreme("min", a, b),
    max: (a, b) => extreme("max", a, b),
    atan2: (a, b) => (isConst(a) && isConst(b) ? num(math.atan2(a.value, b.value)) : node("atan2", [a, b])),
    norm,
    over,
    choose,
    mark,
    cut: (a, b) => node("cut", [a, b]),
  };
}
