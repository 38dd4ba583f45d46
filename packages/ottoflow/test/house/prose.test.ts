import temml from "temml";
import { describe, expect, test } from "vitest";
import type { Param } from "../../src/params.ts";
import { catalogue } from "../../src/spec/catalogue.gen.ts";

/** What lists, help, pages and controls show of each unit: they have nothing else to show. */
describe.each(catalogue.map((unit) => [`${unit.role} ${unit.kind}`, unit] as const))("%s", (_, unit) => {
  test("its formula can be set", () => expect(temml.renderToString(unit.tex, { throwOnError: true, strict: true })).toContain("<math"));
  test("its title is a few words and its summary whole sentences", () => {
    expect(unit.title).toMatch(/^\S.{0,60}\S$/);
    expect(unit.summary).toMatch(/^(?:[A-ZÀ-Ý\d]|[a-z]+\.[a-z]+ )[\s\S]{30,1200}[.)]$/);
  });
  test("every parameter says what it is, and its default is within its limits", () => {
    for (const [name, p] of Object.entries<Param>(unit.params)) {
      expect(name).toMatch(/^[a-z][a-zA-Z0-9]*(?:-[a-z0-9]+)*$/);
      expect(p.doc, name).toMatch(/^\S.{4,}[^\s.]$/s);
      if ((p.type === "number" || p.type === "integer") && p.default !== undefined) {
        expect(
          p.default >= (p.min ?? -Infinity) &&
            p.default > (p.above ?? -Infinity) &&
            p.default <= (p.max ?? Infinity) &&
            p.default < (p.below ?? Infinity) &&
            p.default !== p.not,
          name,
        ).toBe(true);
        if (p.type === "integer") expect(Number.isInteger(p.default), name).toBe(true);
      }
      if (p.type === "choice" && p.default !== undefined) expect(p.of, name).toContain(p.default);
    }
  });
  test("each source is named once", () => expect(new Set(unit.refs).size).toBe(unit.refs.length));
});
