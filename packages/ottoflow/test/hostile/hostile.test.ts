/** Bad input of every kind gets one clear error or an honest status; nothing crashes, hangs or is half done. */
import { expect, test } from "vitest";
import { isOttoflowError, OttoflowError } from "../../src/errors.ts";
import { runFlow } from "../../src/run.ts";
import { mergePatch } from "../../src/spec/check.ts";
import { parseSpec, resolveSpec } from "../../src/spec/resolve.ts";
import { type Hostile, hostile, sound } from "./cases.ts";

const said: [string, string, string][] = [];

async function answer(h: Hostile): Promise<[string, string]> {
  const read = async (path: string): Promise<Uint8Array> => {
    const bytes = h.files?.[path];
    if (!bytes) throw new OttoflowError("DataError", `${path}: there is no such file.`, { file: path });
    return bytes;
  };
  try {
    const raw = h.text !== undefined ? parseSpec(h.text) : "raw" in h ? h.raw : mergePatch(sound, h.patch ?? {});
    const resolved = await resolveSpec(raw, { read, set: h.set, variant: h.variant });
    const run = await runFlow(resolved);
    return [run.status, run.reason];
  } catch (error) {
    if (!isOttoflowError(error)) throw error;
    return [error.tag, error.message];
  }
}

test.each(hostile)("$name", { timeout: 10_000 }, async (h) => {
  const [tag, message] = await answer(h);
  expect(message).toMatch(h.says);
  // a message is for a person: short enough to read, and it never shows the inside of the program
  expect(message.length).toBeLessThan(700);
  expect(message).not.toMatch(/undefined|\[object|TypeError|Cannot read/);
  said.push([h.name, tag, message]);
});

test("there are at least sixty of them", () => expect(hostile.length).toBeGreaterThanOrEqual(60));

test("docs/bad-input.md shows what every row gets", async ({ skip }) => {
  skip(said.length < hostile.length, "only some of the rows ran");
  const cell = (text: string): string => text.replace(/\s+/g, " ").replaceAll("|", "\\|").replaceAll("<", "&lt;");
  const rows = said.map(([name, tag, message]) => `| ${cell(name)} | \`${tag}\` | ${cell(message)} |`);
  const head = ["# Bad input and what it gets", "", "Written by `packages/ottoflow/test/hostile/hostile.test.ts`, which runs every row.", ""];
  const page = [...head, "| input | error or status | what it says |", "| --- | --- | --- |", ...rows, ""].join("\n");
  await expect(page).toMatchFileSnapshot("../../../../docs/bad-input.md");
});
