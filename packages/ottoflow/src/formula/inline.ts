/** Texts with the place in the spec in their errors, and with the named numbers of the spec written out in them. */
import { OttoflowError } from "../errors.ts";
import type { Scope } from "./names.ts";
import { parse, type Tree } from "./parse.ts";

/** @throws {FormulaError} with the path in front */
export function readTree(text: string, scope: Scope, path: string | undefined): Tree {
  try {
    return parse(text, scope);
  } catch (error) {
    if (path && error instanceof OttoflowError && error.tag === "FormulaError")
      throw new OttoflowError("FormulaError", `${path}: ${error.message}`, error.fields as OttoflowError<"FormulaError">["fields"]);
    throw error;
  }
}

/** The tree's places where one of the names stands. */
export function usesOf(tree: Tree, names: { has(name: string): boolean }): (Tree & { readonly kind: "name" })[] {
  switch (tree.kind) {
    case "number":
      return [];
    case "name":
      return names.has(tree.name) ? [tree] : [];
    case "minus":
      return usesOf(tree.arg, names);
    case "call":
      return tree.args.flatMap((arg) => usesOf(arg, names));
    case "binary":
    case "compare":
      return [...usesOf(tree.left, names), ...usesOf(tree.right, names)];
  }
}

/** The text with the numbers in parentheses where their names stood in the tree that was read from it: the same formula, to the same bits, without names. */
export function inlined(text: string, tree: Tree, names: ReadonlyMap<string, number> | undefined): string {
  if (names === undefined || names.size === 0) return text;
  let out = "";
  let from = 0;
  for (const { name, at, end } of usesOf(tree, names).sort((a, b) => a.at - b.at)) {
    out += `${text.slice(from, at)}(${writtenNumber(names.get(name)!)})`;
    from = end;
  }
  return out + text.slice(from);
}

/** As JavaScript writes it, which reads back to the same bits; zero keeps its sign. */
export const writtenNumber = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));
