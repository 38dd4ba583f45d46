/** From the tree of the text to the graph. */
import { constants, type Variables } from "./names.ts";
import { type Node, radius, time, type Unary } from "./node.ts";
import type { Tree } from "./parse.ts";
import type { Pool } from "./pool.ts";

export function lower(pool: Pool, tree: Tree, variables: Variables): Node {
  const go = (t: Tree): Node => lower(pool, t, variables);
  switch (tree.kind) {
    case "number":
      return pool.num(tree.value);
    case "name":
      return named(pool, tree.name, variables);
    case "minus":
      return pool.neg(go(tree.arg));
    case "binary": {
      const [a, b] = [go(tree.left), go(tree.right)];
      if (tree.op === "+") return pool.add(a, b);
      if (tree.op === "-") return pool.sub(a, b);
      if (tree.op === "*") return pool.mul(a, b);
      return tree.op === "/" ? pool.div(a, b) : pool.pow(a, b);
    }
    case "call":
      return called(pool, tree.name, tree.args, go);
    case "compare":
      throw new Error("a comparison outside a condition passed the parser");
  }
}

function named(pool: Pool, name: string, variables: Variables): Node {
  const meaning = variables.meaning.get(name);
  if (meaning === "t") return pool.variable(time);
  if (meaning === "radius") return pool.variable(radius);
  if (meaning === undefined) return pool.num(constants.get(name)!);
  return "named" in meaning ? pool.num(meaning.named) : pool.variable(meaning.row);
}

const synonyms: ReadonlyMap<string, Unary> = new Map([
  ["ln", "log"],
  ["heaviside", "step"],
]);

function called(pool: Pool, name: string, args: readonly Tree[], go: (t: Tree) => Node): Node {
  if (name === "if" || name === "piecewise") {
    let value = go(args.at(-1)!);
    for (let k = args.length - 3; k >= 0; k -= 2) value = condition(pool, args[k]!, go(args[k + 1]!), value, go);
    return value;
  }
  const nodes = args.map(go);
  if (name === "min" || name === "max") return nodes.reduce(pool[name]);
  if (name === "pow" || name === "atan2") return pool[name](nodes[0]!, nodes[1]!);
  if (name === "norm" || name === "hypot") return pool.norm(nodes);
  return pool.apply(synonyms.get(name) ?? (name as Unary), nodes[0]!);
}

function condition(pool: Pool, test: Tree, yes: Node, no: Node, go: (t: Tree) => Node): Node {
  if (test.kind !== "compare") throw new Error("a condition that is no comparison passed the parser");
  const [l, r] = [go(test.left), go(test.right)];
  if (test.op === "<" || test.op === "<=") return pool.choose(test.op === "<", l, r, yes, no);
  return pool.choose(test.op === ">", r, l, yes, no);
}
