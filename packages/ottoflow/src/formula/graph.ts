import { type Node, radius } from "./node.ts";
import type { Pool } from "./pool.ts";

/** All nodes under the roots, arguments before those who use them. Iterative, so that long sums cannot exhaust the stack. */
export function ordered(roots: readonly Node[]): Node[] {
  const seen = new Set<Node>();
  const todo = [...roots];
  while (todo.length > 0) {
    const n = todo.pop()!;
    if (seen.has(n)) continue;
    seen.add(n);
    todo.push(...n.args);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** Does the expression contain this variable (a row, `time` or `radius`)? */
export const dependsOn = (root: Node, row: number): boolean => ordered([root]).some((n) => n.op === "var" && n.value === row);

/** Rebuilds a node on other arguments, simplifying again. */
export function rebuild(pool: Pool, n: Node, args: readonly Node[]): Node {
  const [a, b] = args as [Node, Node];
  switch (n.op) {
    case "const":
    case "var":
      return n;
    case "add":
    case "sub":
    case "mul":
    case "div":
    case "pow":
    case "min":
    case "max":
    case "atan2":
    case "over":
    case "cut":
      return pool[n.op](a, b);
    case "neg":
      return pool.neg(a);
    case "powi":
      return pool.powi(a, n.value);
    case "norm":
      return pool.norm(args);
    case "iflt":
    case "ifle":
      return pool.choose(n.op === "iflt", a, b, args[2]!, args[3]!);
    case "side":
    case "gate":
    case "spike":
    case "jump":
      return pool.mark(n.op, a);
    default:
      return pool.apply(n.op, a);
  }
}

/** Writes `by` for the radius. */
export const substituteRadius = (pool: Pool, root: Node, by: Node): Node => substitute(pool, root, pool.variable(radius), by);

/** Writes `by` for every occurrence of `part`. */
export function substitute(pool: Pool, root: Node, part: Node, by: Node): Node {
  const image = new Map<Node, Node>();
  for (const n of ordered([root])) {
    const args = n.args.map((a) => image.get(a)!);
    image.set(n, n === part ? by : args.every((a, k) => a === n.args[k]) ? n : rebuild(pool, n, args));
  }
  return image.get(root)!;
}
