/**
 * Symbolic derivatives on the graph.
 *
 * At kinks, where no derivative exists, a fixed choice is made: abs and norm have derivative 0 at their zero (the mean of both sides),
 * min and max that of their first argument at a tie, `if` that of the branch taken, and step, sign and floor have derivative 0 everywhere.
 *
 * With `kinks`, second derivatives also carry the mass that sits on the kinks, for bounds (interval.ts): `spike` is a nonnegative measure
 * (|x|'' = 2 delta_0), `jump` and `cut` stand for a discontinuity, whose derivative has no bound. At points all three are 0, so values do not need them.
 */
import { ordered } from "./graph.ts";
import type { Node } from "./node.ts";
import type { Pool } from "./pool.ts";

const twoOverRootPi = 1.1283791670955126;

/** d root / d (variable of that row); `row` may be `time` or `radius`. */
export function derivative(pool: Pool, root: Node, row: number, kinks = false): Node {
  const slope = new Map<Node, Node>();
  const zero = pool.num(0);
  for (const n of ordered([root]))
    slope.set(n, n.op !== "var" && n.args.every((a) => slope.get(a) === zero) ? zero : rule(pool, n, row, (a) => slope.get(a)!, kinks));
  return slope.get(root)!;
}

function rule(pool: Pool, n: Node, row: number, d: (a: Node) => Node, kinks: boolean): Node {
  const { num, add, sub, mul, div, neg, powi, pow, apply, choose, mark, over } = pool;
  const [a, b] = n.args as [Node, Node];
  switch (n.op) {
    case "const":
      return num(0);
    case "var":
      return num(n.value === row ? 1 : 0);
    case "add":
      return add(d(a), d(b));
    case "sub":
      return sub(d(a), d(b));
    case "neg":
      return neg(d(a));
    case "mul":
      return add(mul(d(a), b), mul(a, d(b)));
    case "div":
      return sub(div(d(a), b), div(mul(a, d(b)), powi(b, 2)));
    case "powi":
      return mul(mul(num(n.value), powi(a, n.value - 1)), d(a));
    case "pow":
      if (b.op === "const") return mul(mul(b, pow(a, num(b.value - 1))), d(a));
      return mul(n, add(mul(d(b), apply("log", a)), isConstant(d(a), 0) ? num(0) : div(mul(b, d(a)), a)));
    case "exp":
      return mul(n, d(a));
    case "log":
      return a.op === "abs" ? div(d(a.args[0]!), a.args[0]!) : div(d(a), a);
    case "sqrt":
      return kinks ? mul(mul(num(0.5), pow(a, num(-0.5))), d(a)) : div(d(a), mul(num(2), n));
    case "abs":
      return mul(mark("side", a), d(a));
    case "sin":
      return mul(apply("cos", a), d(a));
    case "cos":
      return neg(mul(apply("sin", a), d(a)));
    case "tan":
      return mul(add(powi(n, 2), num(1)), d(a));
    case "asin":
      return div(d(a), apply("sqrt", sub(num(1), powi(a, 2))));
    case "acos":
      return neg(div(d(a), apply("sqrt", sub(num(1), powi(a, 2)))));
    case "atan":
      return div(d(a), add(powi(a, 2), num(1)));
    case "sinh":
      return mul(apply("cosh", a), d(a));
    case "cosh":
      return mul(apply("sinh", a), d(a));
    case "tanh":
      return mul(sub(num(1), powi(n, 2)), d(a));
    case "erf":
      return mul(mul(num(twoOverRootPi), apply("exp", neg(powi(a, 2)))), d(a));
    case "atan2": {
      const turn = div(sub(mul(d(a), b), mul(a, d(b))), add(powi(a, 2), powi(b, 2)));
      return kinks ? add(turn, pool.cut(a, b)) : turn;
    }
    case "min":
      return kinks ? sub(d(b), mul(mark("gate", sub(b, a)), sub(d(b), d(a)))) : choose(false, a, b, d(a), d(b));
    case "max":
      return kinks ? add(d(b), mul(mark("gate", sub(a, b)), sub(d(a), d(b)))) : choose(false, b, a, d(a), d(b));
    case "iflt":
    case "ifle": {
      const branch = choose(n.op === "iflt", a, b, d(n.args[2]!), d(n.args[3]!));
      return kinks ? add(branch, mark("jump", sub(a, b))) : branch;
    }
    case "over":
      return over(sub(d(a), mul(n, d(b))), b);
    case "norm":
      return n.args.map((u) => mul(over(u, n), d(u))).reduce(add);
    case "sign":
    case "step":
      return kinks ? mark("jump", a) : num(0);
    case "floor":
      return kinks ? mark("jump", apply("sin", mul(num(Math.PI), a))) : num(0);
    case "side":
    case "gate":
      return kinks ? mul(mark("spike", a), d(a)) : num(0);
    case "spike":
    case "jump":
    case "cut":
      // a derivative of a point mass has no bound on either side
      return mark("jump", a);
  }
}
const isConstant = (a: Node, value: number): boolean => a.op === "const" && a.value === value;
