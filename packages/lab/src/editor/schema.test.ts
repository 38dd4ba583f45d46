import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { faultPath, isFormulaPlace, keysAt, mistakesOf, namesIn, placeOf, pretty, type Schema, schemasAt, valuesAt } from "./schema.ts";

const root = JSON.parse(readFileSync(new URL("../../../ottoflow/flow.schema.json", import.meta.url), "utf8")) as Schema;
const folder = new URL("../../../../specs/", import.meta.url);
const flows = readdirSync(folder).filter((name) => name.endsWith(".json"));
const read = (name: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const good = read("double-well-grid.json");
const messages = (change: object): string[] => mistakesOf(root, { ...good, ...change }).map((m) => `${m.path.join(".")}: ${m.message}`);

describe("specs of the gallery", () => {
  test.each(flows)("%s follows the schema, and stays what it is when it is written again", (name) => {
    expect(mistakesOf(root, read(name))).toEqual([]);
    expect(JSON.parse(pretty(read(name)))).toEqual(read(name));
  });
});
describe("mistakes are found at their place", () => {
  test.each([
    [{ untill: 1 }, /^untill: there is no "untill"/],
    [{ until: "1" }, /^until: string when number or a text like "=2\*noise" is expected$/],
    [{ energy: [{ kind: "entropie" }] }, /^energy\.0\.kind: there is no kind "entropie" here; there are .*entropy/],
    [{ energy: [{ kind: "entropy", temprature: 1 }] }, /^energy\.0\.temprature: .*temperature/],
    [{ energy: ["entropie"] }, /^energy\.0: "entropie" is none of/],
    [{ scheme: { kind: "finite-volume", step: -1 } }, /^scheme\.step: must be greater than 0/],
    [{ scheme: { kind: "finite-volume", time: "later", step: 1 } }, /^scheme\.time: "later" is none of/],
    [{ space: { kind: "box", lower: [0], upper: [1], cells: [2.5] } }, /^space\.cells\.0: number when integer/],
    [{ seed: 1.5 }, /^seed: /],
    [{ parameters: { noise: { valu: 1 } } }, /^parameters\.noise\.valu: there is no "valu" here; there are value, min/],
    [{ initial: { kind: "gaussian", deviation: ["noise"] } }, /^initial\.deviation\.0: string when number or a text like/],
  ])("%j", (change, message) => {
    expect(messages(change)).toHaveLength(1);
    expect(messages(change)[0]).toMatch(message);
  });
  test("what is needed and missing", () => {
    const { scheme: _, ...without } = good;
    expect(mistakesOf(root, without)).toEqual([{ path: [], message: '"scheme" is missing' }]);
  });
});
describe("what may stand at a place", () => {
  test("keys of a kind, without those that are there", () => {
    const labels = keysAt(root, good, ["energy", 0], { kind: "entropy" }).map((offer) => offer.label);
    expect(labels).toContain("temperature");
    expect(labels).not.toContain("kind");
    expect(labels).not.toContain("formula");
  });
  test("kinds, words and names", () => {
    expect(valuesAt(root, good, ["energy", 0, "kind"]).map((o) => o.text)).toContain('"entropy"');
    expect(valuesAt(root, good, ["scheme", "time"]).map((o) => o.text)).toEqual(['"explicit"', '"implicit"', '"sdirk2"']);
    expect(valuesAt(root, good, ["energy", 2]).map((o) => o.text)).toContain('{"kind":"potential"}');
  });
  test("parameters, wherever a number or a formula stands", () => {
    expect(valuesAt(root, good, ["scheme", "step"]).map((o) => o.text)).toContain('"=noise"');
    expect(valuesAt(root, good, ["initial", "deviation", 0]).map((o) => o.text)).toContain('"=noise"');
    expect(valuesAt(root, good, ["energy", 0, "kind"]).map((o) => o.text)).not.toContain('"=noise"');
    expect(namesIn(good)).toEqual([{ label: "noise", info: "noise = 1", text: "noise" }]);
    expect(isFormulaPlace(root, good, ["energy", 1, "formula"], '"(x^2 - 1)^2"')).toBe(true);
    expect(isFormulaPlace(root, good, ["scheme", "step"], '"=nois')).toBe(true);
    expect(isFormulaPlace(root, good, ["title"], '"The double well')).toBe(false);
    expect(keysAt(root, good, ["parameters", "noise"], { value: 1 }).map((o) => o.label)).toEqual(["min", "max", "step", "title", "summary"]);
  });
  test("every place of a spec has a schema", () => {
    expect(schemasAt(root, good, ["initial", "deviation", 0]).map((s) => s.type)).toContain("number");
    expect(schemasAt(root, good, ["nowhere"])).toEqual([]);
  });
});
test("places as the engine writes them", () => {
  expect(placeOf("energy[1].formula")).toEqual(["energy", 1, "formula"]);
  expect(placeOf("")).toEqual([]);
  expect(faultPath(null, "energy[1].formula: Unknown name `foo`.")).toBe("energy[1].formula");
  expect(faultPath("until", "energy: no")).toBe("until");
  expect(faultPath(null, "The spec is not valid: no")).toBe("");
});
