import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../src/spec/catalogue.gen.ts";
import { pathKeys, specKeys } from "../../src/spec/keys.ts";
import { registry } from "../../src/spec/registry.gen.ts";
import { patched } from "../../src/spec/resolve.ts";

const root = new URL("../../../..", import.meta.url).pathname;
const schema = JSON.parse(readFileSync(join(root, "packages/ottoflow/flow.schema.json"), "utf8"));
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: false });
const validate = ajv.compile(schema);
const inSpecs = ["energy", "geometry", "drift", "scheme", "proximal", "space", "law", "kernel"];
const specs = readdirSync(join(root, "specs")).filter((name) => name.endsWith(".json"));

describe("flow.schema.json", () => {
  test("has the keys that the resolver reads", () => expect(Object.keys(schema.properties).sort()).toEqual([...specKeys].sort()));
  test.each(catalogue.filter((unit) => inSpecs.includes(unit.role)).map((unit) => [`${unit.role} ${unit.kind}`, unit] as const))(
    "accepts the examples of %s and no unknown key",
    (_, unit) => {
      const check = ajv.compile({ $ref: `#/$defs/${unit.role}`, $defs: schema.$defs });
      for (const example of unit.examples) {
        const value = { kind: unit.kind, ...example.params };
        expect(check(value), `${JSON.stringify(value)}: ${ajv.errorsText(check.errors)}`).toBe(true);
        expect(check({ ...value, "no-such-key": 1 })).toBe(false);
      }
    },
  );
  test.each(specs)("accepts specs/%s, its quick form and its variants", (name) => {
    const spec = JSON.parse(readFileSync(join(root, "specs", name), "utf8"));
    for (const form of [{}, { quick: true }, ...Object.keys(spec.variants ?? {}).map((variant) => ({ variant }))])
      expect(validate(patched(spec, form)), `${JSON.stringify(form)}: ${ajv.errorsText(validate.errors)}`).toBe(true);
    expect(validate({ ...spec, untl: 1 })).toBe(false);
  });
});
describe("path.schema.json", () => {
  const pathSchema = JSON.parse(readFileSync(join(root, "packages/ottoflow/path.schema.json"), "utf8"));
  const accepts = ajv.compile(pathSchema);
  test("has the keys that the resolver reads", () => expect(Object.keys(pathSchema.properties).sort()).toEqual([...pathKeys].sort()));
  test.each(catalogue.filter((unit) => unit.role === "path").map((unit) => [unit.kind, unit] as const))(
    "accepts the examples of path %s and no unknown key",
    (_, unit) => {
      const check = ajv.compile({ $ref: "#/$defs/path", $defs: pathSchema.$defs });
      for (const example of unit.examples) {
        const value = { kind: unit.kind, ...example.params };
        expect(check(value), `${JSON.stringify(value)}: ${ajv.errorsText(check.errors)}`).toBe(true);
        expect(check({ ...value, "no-such-key": 1 })).toBe(false);
      }
    },
  );
  test.each(readdirSync(join(root, "specs/paths")).filter((name) => name.endsWith(".json")))(
    "accepts specs/paths/%s, its quick form and its variants",
    (name) => {
      const spec = JSON.parse(readFileSync(join(root, "specs/paths", name), "utf8"));
      for (const form of [{}, { quick: true }, ...Object.keys(spec.variants ?? {}).map((variant) => ({ variant }))])
        expect(accepts(patched(spec, form, pathKeys)), `${JSON.stringify(form)}: ${ajv.errorsText(accepts.errors)}`).toBe(true);
      expect(accepts({ ...spec, frmes: 1 })).toBe(false);
    },
  );
});
test("registry and catalogue list the same units, and each loads as what it says", async () => {
  const listed = Object.entries(registry).flatMap(([role, kinds]) => Object.keys(kinds).map((kind) => `${role} ${kind}`));
  expect(listed).toEqual(catalogue.map((unit) => `${unit.role} ${unit.kind}`));
  for (const [role, kinds] of Object.entries(registry))
    for (const [kind, load] of Object.entries(kinds)) {
      const unit = await load();
      expect([unit.role, unit.kind]).toEqual([role, kind]);
    }
});
