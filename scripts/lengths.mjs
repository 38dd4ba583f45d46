// Source files over 300 lines, longest first. A report and no gate: hot loops (kernels/, assembly/) may need more, others should be split.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, started } from "./shell.mjs";

const limit = 300;

export function lengths() {
  const files = execFileSync("git", ["ls-files", "*.ts", "*.mjs", "*.svelte"], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter((name) => name !== "" && !/\.gen\.ts$/.test(name));
  return files
    .map((name) => [readFileSync(join(root, name), "utf8").split("\n").length - 1, name])
    .filter(([lines]) => lines > limit)
    .sort(([a], [b]) => b - a)
    .map(([lines, name]) => `${lines} lines: ${name}`);
}

if (started(import.meta)) console.log(lengths().join("\n") || `No source file is longer than ${limit} lines.`);
