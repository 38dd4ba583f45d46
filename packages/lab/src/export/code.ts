/** The same flow elsewhere: a dozen lines of TypeScript, and the command for the shell. */
import { filesOf } from "../gallery/files.ts";

/** A word that no shell reads anything into. */
export function shellWord(word: string): string {
  return /^[\w./@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
/** File name of a title: "A wave, broken" is a-wave-broken. */
export function fileName(title: string): string {
  const name = title
    .normalize("NFKD")
    .replace(/\p{Pd}/gu, "-")
    .replace(/[^\w\s-]/g, "")
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, "-")
    .slice(0, 60)
    .replace(/^-|-$/g, "");
  return name || "flow";
}

export const specText = (spec: unknown): string => `${JSON.stringify(spec, null, 2)}\n`;

/** A script for Node beside the spec. */
export function typescriptOf(spec: Readonly<Record<string, unknown>>, name: string): string {
  const path = spec.job === "path";
  const reads = filesOf(spec).size > 0;
  const load = `const spec = JSON.parse(await readFile(${JSON.stringify(`${name}.json`)}, "utf8"));`;
  const options = reads ? `, { read: (path) => readFile(path) }` : "";
  return `${[
    `import { readFile } from "node:fs/promises";`,
    `import { ${path ? "runPath" : "run"} } from "ottoflow";`,
    "",
    `// the spec that the lab saved beside this file${reads ? ", and the data files that it names" : ""}`,
    load,
    `const result = await ${path ? "runPath" : "run"}(spec${options});`,
    "",
    `console.log(result.status, result.holds ? "certified" : "not certified");`,
    "for (const check of result.checks) console.log(check.verdict, check.title, check.value);",
    ...(path ? [] : ['console.log(result.times.length, "frames until t =", result.time);']),
  ].join("\n")}\n`;
}

export const shellOf = (name: string): string => `npx ottoflow run ${shellWord(`${name}.json`)} --out ${shellWord(`runs/${name}`)} --export npz --export svg`;
