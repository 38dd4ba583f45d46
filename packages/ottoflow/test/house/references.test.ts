import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseBib, readBib } from "../../../../scripts/gen/bib.mjs";
import { catalogue } from "../../src/spec/catalogue.gen.ts";

const src = new URL("../../src", import.meta.url).pathname;
const bib = readBib();

describe("references.bib", () => {
  test("has every source that a unit names", () => {
    const missing = catalogue.flatMap((unit) => unit.refs.filter((key) => !bib.has(key)).map((key) => `${unit.file}: ${key}`));
    expect(missing).toEqual([]);
  });
  test("has every source that a comment names in [brackets]", () => {
    const files = (readdirSync(src, { recursive: true }) as string[]).filter((name) => name.endsWith(".ts") && !name.endsWith(".gen.ts"));
    const missing = files.flatMap((file) => {
      const comments = readFileSync(join(src, file), "utf8").match(/\/\*[\s\S]*?\*\/|\/\/.*/g) ?? [];
      const keys = comments.flatMap((comment) => [...comment.matchAll(/\[([a-z-]+(?:1[89]|20)\d{2}[a-z]*)\b/g)].map((match) => match[1]!));
      return keys.filter((key) => !bib.has(key)).map((key) => `${file}: ${key}`);
    });
    expect(missing).toEqual([]);
  });
  test.each([
    ["@book{a2000,\n  author = {A, B},\n  year = {2000},\n}\n", "has no title"],
    ["@book{a2000,\n  author = {A, B},\n  title = {T},\n  year = {soon},\n}\n", 'has the year "soon"'],
    ["@book{a2000,\n  author = {A, B},\n  title = {T},\n  year = {2000},\n}\n".repeat(2), "is there twice"],
    ["@book{a2000, author = {A}}\n", "cannot read"],
  ])("an entry that is not whole is refused: %#", (text, why) => expect(() => parseBib(text)).toThrow(why));
});
