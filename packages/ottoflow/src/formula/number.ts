/** Numbers written as formulas of other numbers: no variables, only names, constants and functions. */
import { readTree, usesOf } from "./inline.ts";
import { lower } from "./lower.ts";
import { type Scope, variablesOf } from "./names.ts";
import { makePool } from "./pool.ts";

export interface NumberFormula {
  readonly text: string;
  /** the names in it, each once */
  readonly uses: readonly string[];
  /** with these numbers for the names; may be infinite or NaN */
  value(names: ReadonlyMap<string, number>): number;
}

/** @throws {FormulaError} where the text is no formula in these names */
export function readNumberFormula(text: string, known: ReadonlyMap<string, unknown>, path: string): NumberFormula {
  const scope = (names: ReadonlyMap<string, number>): Scope => ({ of: "none", dim: 0, time: false, names });
  const tree = readTree(text, scope(new Map([...known.keys()].map((name) => [name, Number.NaN]))), path);
  return {
    text,
    uses: [...new Set(usesOf(tree, known).map(({ name }) => name))],
    value(names) {
      const root = lower(makePool(), tree, variablesOf(scope(names)));
      if (root.op !== "const") throw new Error("a formula without variables is no constant");
      return root.value;
    },
  };
}
