import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** `contract.ts` is the table of contents of `contract/`: complete, and in an order that can be read from top to bottom. */
const src = new URL("../../src/", import.meta.url).pathname;
const door = readFileSync(`${src}contract.ts`, "utf8");
const families = [...door.matchAll(/\/\*\* [^\n]+ \*\/\nexport type \{([^}]*)\} from "\.\/contract\/(\w+)\.ts";/g)].map(([, names, file]) => ({
  file: file!,
  names: names!.split(",").flatMap((name) => name.trim() || []),
  text: readFileSync(`${src}contract/${file}.ts`, "utf8"),
}));

test("every file of the folder has its line and its sentence", () => {
  expect(families.map(({ file }) => `${file}.ts`).sort()).toEqual(readdirSync(`${src}contract`).sort());
  expect(families).toHaveLength([...door.matchAll(/^export/gm)].length);
});
describe.each(families.map((family, i) => ({ ...family, above: families.slice(0, i).map(({ file }) => file) })))("$file", ({ names, text, above }) => {
  test("all that it exports goes through the door", () =>
    expect([...text.matchAll(/^export (?:type|interface) (\w+)/gm)].map(([, name]) => name).sort()).toEqual([...names].sort()));
  test("types only, from families further up", () => {
    const imports = [...text.matchAll(/^import type [^\n]* from "\.\/(\w+)\.ts";$/gm)].map(([, file]) => file);
    expect(imports).toHaveLength([...text.matchAll(/\bimport\b/g)].length);
    expect(above).toEqual(expect.arrayContaining(imports));
  });
  test("may be read at one go", () => expect(text.split("\n").length).toBeLessThan(200));
});
