import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../src/spec/catalogue.gen.ts";
import { pathKeys } from "../../src/spec/keys.ts";
import { patched } from "../../src/spec/resolve.ts";

/** What the compiler says of specs written as literals, one list of messages each. */
function judged(claims: readonly { readonly value: unknown; readonly type: string }[]): string[][] {
  const file = join(import.meta.dirname, "specs-in-code.ts");
  const lines = claims.map(({ value, type }, k) => `export const c${k} = ${JSON.stringify(value)} satisfies types.${type};`);
  const text = ['import type * as types from "../../src/spec/types.gen.ts";', ...lines].join("\n");
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    types: [],
    allowImportingTsExtensions: true,
    exactOptionalPropertyTypes: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023) : read(name, ...rest));
  const program = ts.createProgram([file], options, host);
  const out = claims.map((): string[] => []);
  const said = (d: ts.Diagnostic): string => ts.flattenDiagnosticMessageText(d.messageText, " ");
  for (const found of [...program.getGlobalDiagnostics(), ...program.getOptionsDiagnostics()]) throw new Error(said(found));
  for (const source of program.getSourceFiles().filter(({ fileName }) => fileName === file || fileName.endsWith("types.gen.ts")))
    for (const found of [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]) {
      const line = source.getLineAndCharacterOfPosition(found.start ?? 0).line;
      if (source.fileName !== file || line === 0) throw new Error(said(found));
      out[line - 1]!.push(said(found));
    }
  return out;
}

const root = new URL("../../../..", import.meta.url).pathname;
const nouns: Readonly<Record<string, string>> = { path: "PathSolver" };
const pascal = (role: string): string => role[0]!.toUpperCase() + role.slice(1);
const sound = ["specs", "specs/paths"].flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith(".json"))
    .flatMap((name) => {
      const spec = JSON.parse(readFileSync(join(root, folder, name), "utf8"));
      const [type, keys] = spec.job === "path" ? (["PathSpec", pathKeys] as const) : (["FlowSpec", undefined] as const);
      return [{}, { quick: true }, ...Object.keys(spec.variants ?? {}).map((variant) => ({ variant }))].map((form) => ({
        title: `${folder}/${name} ${JSON.stringify(form)}`,
        type,
        value: patched(spec, form, keys) as unknown,
      }));
    }),
);
const examples = catalogue
  .filter((unit) => ["energy", "geometry", "drift", "scheme", "proximal", "space", "law", "kernel", "path"].includes(unit.role))
  .flatMap((unit) =>
    unit.examples.map((example) => ({
      title: `${unit.role} ${unit.kind}`,
      type: `${nouns[unit.role] ?? pascal(unit.role)}Spec`,
      value: { kind: unit.kind, ...example.params } as unknown,
    })),
  );
const flow = sound.find(({ title }) => title.startsWith("specs/heat-gaussian.json"))!.value as Record<string, unknown>;
const { until: _, ...endless } = flow;
const faulty: readonly (readonly [string, unknown])[] = [
  ["a misspelt key", { ...flow, untl: 1 }],
  ["no end", endless],
  ["a kind that there is not", { ...flow, energy: { kind: "entropie" } }],
  ["a parameter of another kind", { ...flow, energy: { kind: "entropy", formula: "x^2" } }],
  ["a parameter left out", { ...flow, energy: { kind: "potential" } }],
  ["a text for a number", { ...flow, until: "soon" }],
  ["a choice that there is not", { ...flow, scheme: { kind: "finite-volume", time: "rk45", step: 0.1 } }],
  ["another version", { ...flow, version: 2 }],
  ["a patch of a key that there is not", { ...flow, quick: { cels: 10 } }],
];

describe("types of specs", () => {
  const claims = [...sound, ...examples, ...faulty.map(([title, value]) => ({ title, value, type: "FlowSpec" }))];
  const messages = judged(claims);
  test.each(sound.map(({ title }, k) => [title, k] as const))("take %s", (_, k) => expect(messages[k]).toEqual([]));
  test.each(examples.map(({ title }, k) => [title, sound.length + k] as const))("take the example of %s", (_, k) => expect(messages[k]).toEqual([]));
  test.each(faulty.map(([title], k) => [title, sound.length + examples.length + k] as const))("refuse %s", (_, k) => expect(messages[k]).not.toEqual([]));
});
