/** Every row of the table of bad input through the command line: exit code, one block of words, no stack, nothing left behind. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mergePatch } from "ottoflow/spec/check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Hostile, hostile, sound } from "../../ottoflow/test/hostile/cases.ts";
import { main } from "../src/main.ts";
import { testTerminal } from "./terminal.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ottoflow-hostile-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const rows = hostile.filter((h) => !h.unwritable);
function textOf(h: Hostile): string {
  return h.text ?? JSON.stringify("raw" in h ? h.raw : mergePatch(sound, h.patch ?? {}));
}
async function call(h: Hostile, index: number, ...more: string[]): Promise<{ code: number; folder: string; terminal: ReturnType<typeof testTerminal> }> {
  const folder = join(root, `${index}${more.join("")}`);
  mkdirSync(folder);
  writeFileSync(join(folder, "flow.json"), textOf(h));
  for (const [name, bytes] of Object.entries(h.files ?? {})) writeFileSync(join(folder, name), bytes);
  const terminal = testTerminal(folder);
  const set = Object.entries(h.set ?? {}).flatMap(([path, value]) => ["--set", `${path}=${JSON.stringify(value)}`]);
  const variant = h.variant === undefined ? [] : ["--variant", h.variant];
  return { code: await main(["run", "flow.json", ...set, ...variant, ...more], terminal), folder, terminal };
}

test.each(rows.map((h, i) => [h.name, h, i] as const))("%s", { timeout: 10_000 }, async (_name, h, i) => {
  const { code, folder, terminal } = await call(h, i);
  const logged = terminal.logged();
  expect(logged).toMatch(h.says);
  expect(logged).not.toMatch(/\n\s+at |internal error|undefined|\[object/);
  if (h.runs) {
    // it ran, and says how it ended; what it left is whole
    expect([0, 1, 3]).toContain(code);
    expect(readdirSync(join(folder, "runs"))).toEqual(["flow"]);
    expect(readdirSync(join(folder, "runs/flow"))).toContain("certificate.json");
    return;
  }
  expect(code).toBe(2);
  expect(terminal.said()).toBe("");
  expect(logged.match(/^error: /gm)?.length).toBe(1);
  expect(readdirSync(folder).sort()).toEqual(["flow.json", ...Object.keys(h.files ?? {})].sort());
});

test("numerical failures are 3, not 2", async () => {
  const failing = rows.filter((h) => h.runs && /left the numbers|unbounded|confine/.test(h.says.source));
  expect(failing.length).toBeGreaterThanOrEqual(3);
  for (const [i, h] of failing.entries()) expect((await call(h, i, "--json")).code).toBe(3);
});
