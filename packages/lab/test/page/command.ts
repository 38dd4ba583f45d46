/** What `ottoflow run` makes of a spec with its files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { main } from "../../../cli/src/main.ts";
import { testTerminal } from "../../../cli/test/terminal.ts";

/** @param files the spec as `spec.json`, and what it names */
export async function command(files: Readonly<Record<string, string | Uint8Array>>): Promise<{ energy: number; mass: number; steps: number }> {
  const cwd = mkdtempSync(join(tmpdir(), "ottoflow-exchange-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  const terminal = testTerminal(cwd);
  await main(["run", "spec.json", "--json", "--quiet"], terminal);
  rmSync(cwd, { recursive: true, force: true });
  const { energy, mass, steps } = JSON.parse(terminal.said());
  return { energy, mass, steps };
}
