import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** The house's lint rules on a small tree with the offences planted in it: rules that never fire are no rules. */
const root = new URL("../../../..", import.meta.url).pathname;
const elementary = "exp expm1 log log2 log10 log1p sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh pow cbrt hypot".split(" ");
const arithmetic = [
  ...elementary.map((name) => `Math.${name}(x)`),
  "[x].map(Math.exp)",
  "Math.random()",
  "Math[name](x)",
  "(() => { const { exp } = Math; return exp(x); })()",
  "(() => { const M = Math; return M.exp(x); })()",
  "globalThis.Math.exp(x)",
  "x ** 2",
  "2 ** x",
  "(x **= 2)",
  'new Function("return 1")',
  'eval("1")',
];
const clocks = ["Date.now()", "performance.now()", "new Date()", "Date()"];
const fine = ["Math.sqrt(x)", "Math.abs(x) + Math.max(x, 1) + Math.PI", "Math.expand", "2 ** 24", "new Date(0)", "Date.parse(name)", "evaluate(x)"];

const files: Record<string, string[]> = {
  "packages/ottoflow/src/kernels/offence.ts": [...arithmetic, ...clocks, ...fine],
  "packages/ottoflow/src/kernels/offence.test.ts": [...arithmetic, ...clocks],
  "packages/cli/src/offence.ts": [...arithmetic, ...clocks],
  "scripts/offence.mjs": [...arithmetic, ...clocks],
};
let tree = "";
let flagged: Record<string, string[]> = {};

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), "lint-"));
  for (const name of ["biome.json", ".gitignore", "scripts/lint"]) cpSync(join(root, name), join(tree, name), { recursive: true });
  for (const [file, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), lines.map((line, i) => `export const v${i} = (x, name) => ${line};\n`).join(""));
  }
  flagged = Object.fromEntries(Object.keys(files).map((file) => [file, []]));
  for (const d of diagnostics()) if (d.category === "plugin") flagged[d.location.path]!.push(files[d.location.path]![d.location.start.line - 1]!);
});
afterAll(() => rmSync(tree, { recursive: true, force: true }));

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}
function diagnostics(): readonly Diagnostic[] {
  try {
    execFileSync(
      process.execPath,
      [join(root, "node_modules/@biomejs/biome/bin/biome"), "lint", "--reporter=json", "--max-diagnostics=1000", "packages", "scripts"],
      { cwd: tree, encoding: "utf8", stdio: "pipe" },
    );
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout).diagnostics;
  }
  throw new Error("Lint found nothing in a tree full of offences.");
}
const unique = (list: readonly string[] | undefined): string[] => [...new Set(list)].sort();

describe("portable arithmetic", () => {
  test("the library: every offence is found, and nothing else", () =>
    expect(unique(flagged["packages/ottoflow/src/kernels/offence.ts"])).toEqual(unique([...arithmetic, ...clocks])));
  test("the command line may read a clock, but computes by the same rules", () =>
    expect(unique(flagged["packages/cli/src/offence.ts"])).toEqual(unique(arithmetic)));
  test("tests may use Math as an independent oracle", () => expect(flagged["packages/ottoflow/src/kernels/offence.test.ts"]).toEqual([]));
  test("scripts are free", () => expect(flagged["scripts/offence.mjs"]).toEqual([]));
});
